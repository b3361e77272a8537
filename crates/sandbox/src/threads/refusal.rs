//! Refusals, as developers.facebook.com/documentation/graph-api/guides/error-handling has them.

use axum::{Json, http::StatusCode};
use serde_json::json;

use crate::kit::{Refusal, Site, Trouble, oauth};

/// A code, its subcode (0: none) and the words.
pub(super) fn new(status: StatusCode, code: u32, subcode: u32, message: &str) -> Refusal {
    let mut error = json!({
        "message": message,
        "type": "OAuthException",
        "code": code,
        "is_transient": code == 2,
        "fbtrace_id": "AbCdEfGhIjKlMnOpQrStUvW",
    });
    if subcode != 0 {
        error["error_subcode"] = json!(subcode);
    }
    Refusal::new(status, Json(json!({ "error": error })))
}

/// A parameter that is missing or breaks a rule.
pub(super) fn invalid(message: &str) -> Refusal {
    new(StatusCode::BAD_REQUEST, 100, 0, message)
}

/// There is no such object, or it may not be seen.
pub(super) fn missing(node: &str) -> Refusal {
    new(
        StatusCode::BAD_REQUEST,
        100,
        33,
        &format!(
            "Unsupported get request. Object with ID '{node}' does not exist, cannot be loaded due to missing permissions, or does not support this operation."
        ),
    )
}

/// The container is not there, or not yet.
pub(super) fn media_not_found() -> Refusal {
    new(
        StatusCode::BAD_REQUEST,
        24,
        4_279_009,
        "The requested resource does not exist",
    )
}

/// What goes wrong on any network, in Meta's words.
pub(super) fn refuse(_: &Site, trouble: &Trouble) -> Refusal {
    let bad = StatusCode::BAD_REQUEST;
    match trouble {
        Trouble::Status(status) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            if status.is_client_error() {
                new(status, 100, 0, "Invalid parameter")
            } else {
                new(
                    status,
                    2,
                    0,
                    "An unexpected error has occurred. Please retry your request later.",
                )
            }
        }
        Trouble::RateLimited { .. } => new(bad, 4, 0, "Application request limit reached"),
        Trouble::TokenUnknown => new(
            StatusCode::UNAUTHORIZED,
            190,
            0,
            "Invalid OAuth access token - Cannot parse access token",
        ),
        Trouble::TokenExpired => new(
            StatusCode::UNAUTHORIZED,
            190,
            463,
            "Error validating access token: Session has expired",
        ),
        Trouble::TokenRevoked => new(
            StatusCode::UNAUTHORIZED,
            190,
            458,
            "Error validating access token: The user has not authorized application",
        ),
        Trouble::PermissionMissing { scope } => new(
            StatusCode::FORBIDDEN,
            10,
            0,
            &format!("Application does not have permission for this action: {scope}"),
        ),
        Trouble::MediaRejected => invalid("The media could not be processed"),
        Trouble::Duplicate => new(bad, 506, 1_455_006, "Duplicate status message"),
        Trouble::NotFound => new(
            StatusCode::NOT_FOUND,
            803,
            0,
            "Some of the aliases you requested do not exist",
        ),
        Trouble::Invalid(words) => invalid(words),
    }
}

/// "Sample rejected response" of get-access-tokens-and-permissions; the swaps refuse as the rest
/// of the API does.
pub(super) fn oauth(_: &Site, error: oauth::Error) -> Refusal {
    let words = match error {
        oauth::Error::InvalidCode => "Matching code was not found or was already used",
        oauth::Error::InvalidClient => "Invalid client_id or client_secret",
        oauth::Error::RedirectMismatch => "Invalid redirect_uri",
        oauth::Error::InvalidAccessToken => {
            return new(
                StatusCode::BAD_REQUEST,
                190,
                463,
                "Error validating access token: Session has expired",
            );
        }
        other => other.rfc().2,
    };
    let body = json!({ "error_type": "OAuthException", "code": 400, "error_message": words });
    Refusal::new(StatusCode::BAD_REQUEST, Json(body))
}
