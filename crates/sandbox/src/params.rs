//! How a request is read: parameters in any of the forms that Mastodon takes, who asks, and the
//! address that the instance is reached at.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Multipart, Request},
    http::{
        StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE, HOST},
        request::Parts,
    },
};
use bytes::Bytes;
use serde_json::Value;

use crate::{answer::Refusal, state::Sandbox};

/// A file of a multipart form.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) mime_type: String,
    pub(crate) bytes: Bytes,
}

/// The parameters of a body: JSON, a form or a multipart form.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
    pub(crate) file: Option<Upload>,
}

impl Params {
    /// The parameter, if it was given and is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.pairs.iter().find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// The parameter, or the refusal that names it.
    pub(crate) fn require(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name)
            .ok_or_else(|| Refusal::invalid(format!("{name} can't be blank")))
    }

    /// All values of an array parameter.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let array = format!("{name}[]");
        self.pairs
            .iter()
            .filter(|(key, _)| key == name || *key == array)
            .map(|(_, value)| value.clone())
            .collect()
    }

    fn add_json(&mut self, name: &str, value: &Value) {
        match value {
            Value::Null => {}
            Value::Array(values) => values.iter().for_each(|value| self.add_json(name, value)),
            Value::String(text) => self.pairs.push((name.to_owned(), text.clone())),
            other => self.pairs.push((name.to_owned(), other.to_string())),
        }
    }

    async fn multipart(request: Request) -> Result<Self, Refusal> {
        let broken = |_| Refusal::new(StatusCode::BAD_REQUEST, "The form could not be read");
        let mut params = Self::default();
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "The form could not be read"))?;
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_some() {
                let mime_type = field.content_type().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(|_| {
                    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "The file is too large")
                })?;
                params.file = Some(Upload { mime_type, bytes });
            } else {
                params
                    .pairs
                    .push((name, field.text().await.map_err(broken)?));
            }
        }
        Ok(params)
    }
}

impl<S: Send + Sync> FromRequest<S> for Params {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let content_type = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        if content_type.starts_with("multipart/form-data") {
            return Self::multipart(request).await;
        }
        let mut params = Self::default();
        if content_type.starts_with("application/json") {
            let Json(body) = Json::<serde_json::Map<String, Value>>::from_request(request, state)
                .await
                .map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "The JSON could not be read"))?;
            for (name, value) in &body {
                params.add_json(name, value);
            }
        } else {
            let body = Bytes::from_request(request, state).await.map_err(|_| {
                Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large")
            })?;
            params.pairs = url::form_urlencoded::parse(&body).into_owned().collect();
        }
        Ok(params)
    }
}

/// The address that the instance is reached at, such as `http://127.0.0.1:3000`.
#[derive(Clone, Debug)]
pub(crate) struct Origin(pub(crate) String);

impl Origin {
    /// Its host and port: what the part after the second `@` of a handle is.
    pub(crate) fn domain(&self) -> &str {
        self.0
            .split_once("://")
            .map_or(self.0.as_str(), |(_, domain)| domain)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let host = parts
            .headers
            .get(HOST)
            .and_then(|host| host.to_str().ok())
            .ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "The Host header is missing"))?;
        let scheme = parts
            .headers
            .get("x-forwarded-proto")
            .and_then(|scheme| scheme.to_str().ok())
            .unwrap_or("http");
        Ok(Self(format!("{scheme}://{host}")))
    }
}

/// Who asks, by his access token.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    pub(crate) account: String,
    pub(crate) app_name: String,
    scopes: BTreeSet<String>,
}

impl Actor {
    /// Fails unless the token has `scope`, or the whole scope it is a part of.
    pub(crate) fn require(&self, scope: &str) -> Result<(), Refusal> {
        let whole = scope.split(':').next().unwrap_or(scope);
        if self.scopes.contains(scope) || self.scopes.contains(whole) {
            return Ok(());
        }
        Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "This action is outside the authorized scopes",
        ))
    }
}

impl FromRequestParts<Arc<Sandbox>> for Actor {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        sandbox: &Arc<Sandbox>,
    ) -> Result<Self, Refusal> {
        let state = sandbox.state();
        parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .and_then(|token| state.tokens.get(token))
            .map(|token| Self {
                account: token.account.clone(),
                app_name: token.app_name.clone(),
                scopes: token.scopes.clone(),
            })
            .ok_or_else(|| Refusal::new(StatusCode::UNAUTHORIZED, "The access token is invalid"))
    }
}
