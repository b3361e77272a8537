//! The requests that came, so that tests can hold them against the networks' published schemas.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{StatusCode, header::CONTENT_TYPE},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::StreamExt;
use kernel::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::{Site, blobs::Blob, html::escape};

/// Requests that are remembered.
const REMEMBERED: usize = 1_000;
/// Bytes of JSON or a form that are read whole.
const READ_WHOLE: usize = 8 << 20;
/// Parameters and headers of which nobody shall see the value.
const SECRETS: [&str; 9] = [
    "authorization",
    "access_token",
    "appsecret_proof",
    "client_secret",
    "refresh_token",
    "code",
    "code_verifier",
    "fb_exchange_token",
    "token",
];

/// A request as it came.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Recorded {
    pub(crate) network: &'static str,
    at: Timestamp,
    method: String,
    /// Under the network's base.
    path: String,
    query: Vec<(String, String)>,
    /// Without the values of secret ones.
    headers: BTreeMap<String, String>,
    /// Bytes of the body.
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    form: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Part>,
    /// Of the answer; missing where the connection was dropped or the answer is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
}

/// A part of a multipart form.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Part {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

impl Part {
    pub(crate) fn text(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: Some(hidden(name, text)),
            file_name: None,
            content_type: None,
            bytes: text.len() as u64,
            sha256: None,
        }
    }

    pub(crate) fn file(name: &str, file_name: Option<String>, blob: &Blob) -> Self {
        Self {
            name: name.to_owned(),
            text: None,
            file_name,
            content_type: Some(blob.mime_type().to_owned()),
            bytes: blob.len(),
            sha256: Some(blob.sha256().to_owned()),
        }
    }
}

impl Recorded {
    /// The request as a row of the panel's table.
    pub(crate) fn row(&self) -> String {
        let answer = self
            .status
            .map_or_else(|| "none".to_owned(), |status| status.to_string());
        format!(
            "<tr><td>{}</td><td>{}</td><td><code>{} {}</code></td><td>{}</td><td>{answer}</td></tr>",
            self.at.to_jiff().strftime("%H:%M:%S"),
            self.network,
            escape(&self.method),
            escape(&self.path),
            self.bytes,
        )
    }
}

/// A request that is being handled, to note more about it. Among the request's extensions.
#[derive(Clone, Debug)]
pub(crate) struct Record(Arc<Mutex<Recorded>>);

impl Record {
    fn edit(&self) -> MutexGuard<'_, Recorded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add_part(&self, part: Part) {
        self.edit().parts.push(part);
    }
}

/// The last requests.
#[derive(Debug, Default)]
pub(crate) struct Recorder(Mutex<VecDeque<Record>>);

impl Recorder {
    fn add(&self, record: Record) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() == REMEMBERED {
            all.pop_front();
        }
        all.push_back(record);
    }

    /// The last requests to this network, or to all, the oldest first.
    pub(crate) fn list(&self, network: Option<&str>) -> Vec<Recorded> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .map(|record| record.edit().clone())
            .filter(|one| network.is_none_or(|network| one.network == network))
            .collect()
    }

    pub(crate) fn clear(&self) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.clear();
    }
}

fn hidden(name: &str, value: &str) -> String {
    if SECRETS.contains(&name) {
        "…".to_owned()
    } else {
        value.to_owned()
    }
}

fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(encoded)
        .map(|(name, value)| (name.to_string(), hidden(&name, &value)))
        .collect()
}

/// Remembers the request and passes it on as it is.
pub(crate) async fn record(State(site): State<Site>, request: Request, next: Next) -> Response {
    let headers = request.headers().iter().map(|(name, value)| {
        let value = value.to_str().unwrap_or("(binary)");
        (name.to_string(), hidden(name.as_str(), value))
    });
    let record = Record(Arc::new(Mutex::new(Recorded {
        network: site.profile.id,
        at: site.now(),
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        query: pairs(request.uri().query().unwrap_or_default().as_bytes()),
        headers: headers.collect(),
        bytes: 0,
        json: None,
        form: Vec::new(),
        parts: Vec::new(),
        status: None,
    })));
    site.hub.recorder.add(record.clone());
    let mut request = match read(&record, request).await {
        Ok(request) => request,
        Err(refusal) => return refusal,
    };
    request.extensions_mut().insert(record.clone());
    let response = next.run(request).await;
    record.edit().status = Some(response.status().as_u16());
    response
}

async fn read(record: &Record, request: Request) -> Result<Request, Response> {
    let content_type = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let is_json = content_type.contains("json");
    let is_form = content_type.starts_with("application/x-www-form-urlencoded");
    let (head, body) = request.into_parts();
    if is_json || is_form {
        let bytes = to_bytes(body, READ_WHOLE).await.map_err(|_| {
            (
                StatusCode::PAYLOAD_TOO_LARGE,
                "JSON and forms may have 8 MiB.",
            )
                .into_response()
        })?;
        let mut recorded = record.edit();
        recorded.bytes = bytes.len() as u64;
        if is_json {
            recorded.json = serde_json::from_slice(&bytes).ok();
        } else {
            recorded.form = pairs(&bytes);
        }
        return Ok(Request::from_parts(head, Body::from(bytes)));
    }
    let record = record.clone();
    let counted = body.into_data_stream().inspect(move |bytes| {
        if let Ok(bytes) = bytes {
            record.edit().bytes += bytes.len() as u64;
        }
    });
    Ok(Request::from_parts(head, Body::from_stream(counted)))
}
