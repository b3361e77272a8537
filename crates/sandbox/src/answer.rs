//! The refusals of a Mastodon instance.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// A refusal: a status and Mastodon's JSON for it.
#[derive(Debug)]
pub(crate) struct Refusal(StatusCode, Value);

impl Refusal {
    /// `{"error": …}` with the given status.
    pub(crate) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self(status, json!({ "error": error.into() }))
    }

    /// 422, as for a record that breaks a validation.
    pub(crate) fn invalid(what: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("Validation failed: {what}"),
        )
    }

    /// 404.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Record not found")
    }

    /// An error of RFC 6749 §5.2.
    pub(crate) fn oauth(status: StatusCode, error: &str, description: &str) -> Self {
        Self(
            status,
            json!({ "error": error, "error_description": description }),
        )
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}
