//! Requests to a capability's routes, as the gateway passes them on.

use std::{fmt::Debug, str::FromStr};

use axum::{
    Extension, Router,
    body::Body,
    http::{HeaderMap, Method, Request, header::CONTENT_TYPE},
    middleware,
};
use bytes::Bytes;
use http_body_util::BodyExt;
use http_kit::{RequestId, render_problems};
use kernel::{Caller, Env};
use serde_json::Value;
use tower::ServiceExt;

/// An answer of the API.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub bytes: Bytes,
    /// The body where it is JSON, else null.
    pub body: Value,
}

impl Answer {
    /// The text at this JSON pointer.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> &str {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no text at {pointer} in {self:?}"))
    }

    /// The header of this name.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        let value = value.unwrap_or_else(|| panic!("no {name} in {self:?}"));
        value.to_str().unwrap()
    }

    /// The `id` of what was answered.
    #[track_caller]
    pub fn id<T: FromStr<Err: Debug>>(&self) -> T {
        self.text("/id").parse().unwrap()
    }

    /// Fails unless this is the status.
    #[track_caller]
    #[expect(
        clippy::return_self_not_must_use,
        reason = "what is answered may be all that a test asks"
    )]
    pub fn assert_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Fails unless this is the problem `code` whose message contains `words`.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, code: &str, words: &str) {
        assert_eq!(
            (self.status, self.text("/error/code")),
            (status, code),
            "{self:?}"
        );
        assert!(self.text("/error/message").contains(words), "{self:?}");
    }
}

/// A request with a body of JSON; with none where `body` is null.
pub fn json_request(method: Method, path: &str, body: &Value) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    if body.is_null() {
        return request.body(Body::empty()).unwrap();
    }
    request
        .header(CONTENT_TYPE, "application/json")
        .body(body.to_string().into())
        .unwrap()
}

/// Sends a request of `caller`, or of nobody, to `routes`.
pub async fn send(
    routes: Router,
    env: &Env,
    caller: Option<&Caller>,
    mut request: Request<Body>,
) -> Answer {
    if let Some(caller) = caller {
        request.extensions_mut().insert(caller.clone());
    }
    let app = routes
        .layer(middleware::from_fn_with_state(env.clone(), render_problems))
        .layer(Extension(RequestId("test".to_owned())));
    let (parts, body) = app.oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        bytes,
    }
}
