//! How requests are read: parameters in any form, who asks, the address that is spoken to.

use axum::{
    Json,
    extract::{DefaultBodyLimit, FromRef, FromRequest, FromRequestParts, Multipart, Request},
    http::{
        Method,
        header::{AUTHORIZATION, CONTENT_TYPE, HOST},
        request::Parts,
    },
};
use bytes::Bytes;
use serde_json::Value;

use super::{
    Answer, Refusal, Site, Trouble,
    blobs::Blob,
    oauth::Token,
    recorder::{Part, Record},
};

/// A file of a multipart form, already kept.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// The name of the field.
    pub(crate) field: String,
    /// Its bytes, with the type that the client says.
    pub(crate) blob: Blob,
}

/// The parameters of a request: those of the query, then those of the body, be it JSON, a form or
/// a multipart form. Files of a multipart form may be of any size.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
    /// The body, where it is JSON.
    pub(crate) json: Option<Value>,
    /// The files of a multipart form.
    pub(crate) files: Vec<File>,
}

/// Whether a part of a multipart form that has no file's name is text. Some clients send the bytes
/// of a file without a name, and say what they are.
fn is_text(mime_type: &str) -> bool {
    mime_type.is_empty() || mime_type.starts_with("text/") || mime_type == "application/json"
}

impl Params {
    /// The parameter, if it was given and is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.pairs.iter().find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// All values of an array parameter: `name`, `name[]`, or an array of JSON.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let array = format!("{name}[]");
        self.pairs
            .iter()
            .filter(|(key, _)| key == name || *key == array)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// Every parameter in its order.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The file of this field.
    pub(crate) fn file(&self, field: &str) -> Option<&File> {
        self.files.iter().find(|file| file.field == field)
    }

    fn add_json(&mut self, name: &str, value: &Value) {
        match value {
            Value::Null => {}
            Value::Array(values) => values.iter().for_each(|value| self.add_json(name, value)),
            Value::String(text) => self.pairs.push((name.to_owned(), text.clone())),
            other => self.pairs.push((name.to_owned(), other.to_string())),
        }
    }

    async fn multipart(&mut self, request: Request, site: &Site) -> Result<(), String> {
        let mut request = request;
        DefaultBodyLimit::disable().apply(&mut request);
        let record = request.extensions().get::<Record>().cloned();
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|error| error.body_text())?;
        while let Some(mut field) = form.next_field().await.map_err(|error| error.body_text())? {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let mime_type = field.content_type().unwrap_or_default().to_owned();
            if file_name.is_none() && is_text(&mime_type) {
                let text = field.text().await.map_err(|error| error.body_text())?;
                if let Some(record) = &record {
                    record.add_part(Part::text(&name, &text));
                }
                self.pairs.push((name, text));
                continue;
            }
            let upload = site.hub.blobs.begin(&mime_type);
            while let Some(bytes) = field.chunk().await.map_err(|error| error.body_text())? {
                upload.push(&bytes).await;
            }
            let blob = upload.finish().await;
            if let Some(record) = &record {
                record.add_part(Part::file(&name, file_name, &blob));
            }
            self.files.push(File { field: name, blob });
        }
        Ok(())
    }

    async fn read(request: Request, site: &Site) -> Result<Self, String> {
        let query = request.uri().query().unwrap_or_default().as_bytes();
        let mut params = Self {
            pairs: url::form_urlencoded::parse(query).into_owned().collect(),
            ..Self::default()
        };
        let content_type = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        if content_type.starts_with("multipart/form-data") {
            params.multipart(request, site).await?;
        } else if content_type.starts_with("application/json") {
            // Some clients say that a request without a body is JSON.
            let bodiless = matches!(*request.method(), Method::GET | Method::DELETE);
            let bytes = Bytes::from_request(request, &())
                .await
                .map_err(|error| error.body_text())?;
            if bytes.is_empty() && bodiless {
                return Ok(params);
            }
            let Json(body) =
                Json::<Value>::from_bytes(&bytes).map_err(|error| error.body_text())?;
            for (name, value) in body.as_object().into_iter().flatten() {
                params.add_json(name, value);
            }
            params.json = Some(body);
        } else {
            let body = Bytes::from_request(request, &())
                .await
                .map_err(|error| error.body_text())?;
            params
                .pairs
                .extend(url::form_urlencoded::parse(&body).into_owned());
        }
        Ok(params)
    }
}

impl<S> FromRequest<S> for Params
where
    Site: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        let site = Site::from_ref(state);
        Self::read(request, &site)
            .await
            .map_err(|words| site.refuse(&Trouble::Invalid(words)))
    }
}

/// The addresses that the sandbox is spoken to at.
#[derive(Clone, Debug)]
pub(crate) struct Here {
    /// Scheme, host and port, such as `http://127.0.0.1:8090`.
    pub(crate) origin: String,
    /// The network's base: the origin and, but for Mastodon, its name: `http://127.0.0.1:8090/x`.
    pub(crate) base: String,
}

impl Here {
    /// Host and port.
    pub(crate) fn domain(&self) -> &str {
        self.origin
            .split_once("://")
            .map_or(self.origin.as_str(), |(_, domain)| domain)
    }
}

impl<S> FromRequestParts<S> for Here
where
    Site: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let site = Site::from_ref(state);
        let header = |name: &str| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let host = header(HOST.as_str())
            .or_else(|| {
                parts
                    .uri
                    .authority()
                    .map(axum::http::uri::Authority::as_str)
            })
            .ok_or_else(|| {
                site.refuse(&Trouble::Invalid("The Host header is missing".to_owned()))
            })?;
        let scheme = header("x-forwarded-proto").unwrap_or("http");
        let origin = format!("{scheme}://{host}");
        Ok(Self {
            base: format!("{origin}{}", site.profile.prefix()),
            origin,
        })
    }
}

/// Who asks, by his access token: that of the header `Authorization`, or the parameter
/// `access_token` of the query. Refuses in the network's words where there is none that works.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    /// What the token stands for.
    pub(crate) token: Token,
    site: Site,
}

impl Actor {
    /// The actor of a token that was found elsewhere, such as in a form.
    pub(crate) fn of(site: &Site, token: &str) -> Answer<Self> {
        let found = site.oauth().token(token, site.now()).cloned();
        match found {
            Ok(token) => Ok(Self {
                token,
                site: site.clone(),
            }),
            Err(trouble) => Err(site.refuse(&trouble)),
        }
    }

    /// The username of the account that acts.
    pub(crate) fn account(&self) -> &str {
        &self.token.account
    }

    /// Whether the token has this scope.
    pub(crate) fn may(&self, scope: &str) -> bool {
        self.site.profile.oauth.covers(&self.token.scopes, scope)
    }

    /// Refuses in the network's words unless the token has this scope.
    pub(crate) fn require(&self, scope: &str) -> Answer<()> {
        if self.may(scope) {
            return Ok(());
        }
        Err(self.site.refuse(&Trouble::PermissionMissing {
            scope: scope.to_owned(),
        }))
    }
}

impl<S> FromRequestParts<S> for Actor
where
    Site: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let site = Site::from_ref(state);
        let header = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| {
                scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth")
            })
            .map(|(_, token)| token.trim().to_owned());
        let query = || {
            url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
                .find(|(name, _)| name == "access_token")
                .map(|(_, token)| token.into_owned())
        };
        match header.or_else(query) {
            Some(token) => Self::of(&site, &token),
            None => Err(site.refuse(&Trouble::TokenUnknown)),
        }
    }
}
