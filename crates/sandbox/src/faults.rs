//! Faults on demand.
//!
//! A test queues faults; each request to the API takes the first one that is meant for it.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::state::Sandbox;

/// What shall go wrong with the next request that it fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: Kind,
    /// Only for requests with this method, such as `POST`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only for paths that begin so, such as `/api/v1/statuses`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// The ways to go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// Waits before it does what it is asked.
    Delay {
        /// For how long.
        ms: u64,
    },
    /// Takes the request and never answers.
    Hang,
    /// Closes the connection and does nothing.
    DropBefore,
    /// Does what it is asked and closes the connection instead of answering.
    DropAfterAccept,
    /// Answers with a status and does nothing. 429 carries the headers of a reached rate limit.
    Status {
        /// The status.
        status: u16,
        /// For 429: how long until the limit resets. 300 where it is missing.
        reset_seconds: Option<u64>,
    },
    /// Does what it is asked and answers something that is no JSON.
    Garbage,
    /// Answers with more bytes than any client should read.
    Flood,
    /// Answers with a redirect.
    Redirect {
        /// To where.
        location: String,
    },
    /// The person withdraws the app's access just before the request.
    RevokeToken,
}

impl Fault {
    fn fits(&self, request: &Request) -> bool {
        self.method
            .as_ref()
            .is_none_or(|method| request.method() == method.as_str())
            && self
                .path
                .as_ref()
                .is_none_or(|path| request.uri().path().starts_with(path))
    }
}

/// The body of `POST /sandbox/faults`.
#[derive(Debug, Deserialize)]
pub struct Faults {
    next: Vec<Fault>,
}

pub(crate) async fn set(
    State(sandbox): State<Arc<Sandbox>>,
    Json(faults): Json<Faults>,
) -> StatusCode {
    sandbox.state().faults.extend(faults.next);
    StatusCode::NO_CONTENT
}

pub(crate) async fn list(State(sandbox): State<Arc<Sandbox>>) -> Json<Vec<Fault>> {
    Json(sandbox.state().faults.iter().cloned().collect())
}

pub(crate) async fn clear(State(sandbox): State<Arc<Sandbox>>) -> StatusCode {
    sandbox.state().faults.clear();
    StatusCode::NO_CONTENT
}

/// Lets the request through, unless a fault waits for it.
pub(crate) async fn apply(
    State(sandbox): State<Arc<Sandbox>>,
    request: Request,
    next: Next,
) -> Response {
    let fault = {
        let faults = &mut sandbox.state().faults;
        let position = faults.iter().position(|fault| fault.fits(&request));
        position.and_then(|position| faults.remove(position))
    };
    let Some(fault) = fault else {
        return next.run(request).await;
    };
    match fault.kind {
        Kind::Delay { ms } => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            next.run(request).await
        }
        Kind::Hang => std::future::pending().await,
        Kind::DropBefore => drop_connection(),
        Kind::DropAfterAccept => {
            next.run(request).await;
            drop_connection()
        }
        Kind::Status {
            status,
            reset_seconds,
        } => refuse(&sandbox, status, reset_seconds),
        Kind::Garbage => {
            next.run(request).await;
            ([(CONTENT_TYPE, "text/html")], "<html><h1>It works!</h1>").into_response()
        }
        Kind::Flood => {
            ([(CONTENT_TYPE, "application/json")], "[0,".repeat(4 << 20)).into_response()
        }
        Kind::Redirect { location } => {
            (StatusCode::FOUND, [("location", location)]).into_response()
        }
        Kind::RevokeToken => {
            sandbox.state().tokens.clear();
            next.run(request).await
        }
    }
}

fn refuse(sandbox: &Sandbox, status: u16, reset_seconds: Option<u64>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let error = match status {
        StatusCode::TOO_MANY_REQUESTS => "Too many requests",
        StatusCode::SERVICE_UNAVAILABLE => "Remote SSL certificate could not be verified",
        _ => "An unexpected error occurred",
    };
    let mut response = (status, Json(json!({ "error": error }))).into_response();
    if status == StatusCode::TOO_MANY_REQUESTS {
        let reset = sandbox.now() + Duration::from_secs(reset_seconds.unwrap_or(300));
        let headers = [
            ("limit", "300".to_owned()),
            ("remaining", "0".to_owned()),
            ("reset", reset.to_string()),
        ];
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) = (
                axum::http::HeaderName::try_from(format!("x-ratelimit-{name}")),
                HeaderValue::from_str(&value),
            ) {
                response.headers_mut().insert(name, value);
            }
        }
    }
    response
}

/// Ends the task that serves the connection, and thereby the connection. It unwinds without a
/// panic's message, for nothing is wrong.
fn drop_connection() -> Response {
    std::panic::resume_unwind(Box::new("the connection is dropped on purpose"))
}
