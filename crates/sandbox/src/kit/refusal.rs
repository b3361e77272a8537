//! What can go wrong on any network, and how a network says it.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use kernel::Timestamp;

/// What every network has an answer for. Its words, codes and headers come from
/// [`super::Profile::refuse`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// A broken server or a proxy answers, with this status.
    Status(u16),
    /// Too many requests until then.
    RateLimited {
        /// When the next one is let through.
        reset: Timestamp,
    },
    /// No access token, or one that was never issued.
    TokenUnknown,
    /// The access token is too old; it may be renewed.
    TokenExpired,
    /// The person withdrew the app's access.
    TokenRevoked,
    /// The token lacks a permission.
    PermissionMissing {
        /// Which one: a scope's name. Empty where a fault did not say.
        scope: String,
    },
    /// The file is refused: wrong codec, too long, unreadable.
    MediaRejected,
    /// The same was published a short while ago.
    Duplicate,
    /// There is nothing under this address or id.
    NotFound,
    /// The request can't be read, or breaks a rule that has no case of its own.
    Invalid(String),
}

/// An answer that ends a request early. Boxed, so that a `Result` stays small.
#[derive(Debug)]
pub(crate) struct Refusal(Box<Response>);

/// What handlers give.
pub(crate) type Answer<T = Response> = Result<T, Refusal>;

impl Refusal {
    /// The status, and a body such as `Json(json!({…}))`.
    pub(crate) fn new(status: StatusCode, body: impl IntoResponse) -> Self {
        (status, body).into_response().into()
    }

    /// With one header more. A value that no header can have is left out.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
        self
    }
}

impl From<Response> for Refusal {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        *self.0
    }
}
