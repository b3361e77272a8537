//! The refusals of a Mastodon instance.

use axum::{Json, http::StatusCode};
use serde_json::json;

use crate::kit::{Refusal, Site, Trouble, oauth};

/// `{"error": …}` with the given status.
pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Refusal {
    Refusal::new(status, Json(json!({ "error": error.into() })))
}

/// 422, as for a record that breaks a validation.
pub(super) fn invalid(what: impl std::fmt::Display) -> Refusal {
    new(
        StatusCode::UNPROCESSABLE_ENTITY,
        format!("Validation failed: {what}"),
    )
}

/// 404.
pub(super) fn not_found() -> Refusal {
    new(StatusCode::NOT_FOUND, "Record not found")
}

/// What goes wrong on any network, in Mastodon's words.
pub(super) fn refuse(site: &Site, trouble: &Trouble) -> Refusal {
    match trouble {
        Trouble::Status(status) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let words = match status {
                StatusCode::SERVICE_UNAVAILABLE => "Remote SSL certificate could not be verified",
                _ => "An unexpected error occurred",
            };
            new(status, words)
        }
        Trouble::RateLimited { reset } => new(StatusCode::TOO_MANY_REQUESTS, "Too many requests")
            .header("x-ratelimit-limit", "300")
            .header("x-ratelimit-remaining", "0")
            .header("x-ratelimit-reset", &reset.to_string()),
        Trouble::TokenUnknown | Trouble::TokenExpired => {
            new(StatusCode::UNAUTHORIZED, "The access token is invalid")
        }
        Trouble::TokenRevoked => new(StatusCode::UNAUTHORIZED, "The access token was revoked"),
        Trouble::PermissionMissing { .. } => new(
            StatusCode::FORBIDDEN,
            "This action is outside the authorized scopes",
        ),
        Trouble::MediaRejected => invalid("File content type is invalid, File is invalid"),
        // Mastodon has no such rule; this is what one says of an instance's own.
        Trouble::Duplicate => new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Validation failed: this was posted already",
        ),
        Trouble::NotFound => {
            let _ = site;
            not_found()
        }
        Trouble::Invalid(words) => new(StatusCode::BAD_REQUEST, words.as_str()),
    }
}

/// RFC 6749 §5.2 in Doorkeeper's words.
pub(super) fn oauth(site: &Site, error: oauth::Error) -> Refusal {
    let words = match error {
        oauth::Error::InvalidCode | oauth::Error::RedirectMismatch | oauth::Error::ProofFailed => {
            "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI \
             used in the authorization request, or was issued to another client."
        }
        oauth::Error::InvalidClient => {
            "Client authentication failed due to unknown client, no client authentication included, or \
             unsupported authentication method."
        }
        other => return oauth::rfc_refusal(site, other),
    };
    let (status, code, _) = error.rfc();
    Refusal::new(
        status,
        Json(json!({ "error": code, "error_description": words })),
    )
}
