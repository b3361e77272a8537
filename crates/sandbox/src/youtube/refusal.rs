//! YouTube's refusals: developers.google.com/youtube/data/reference/rest/v3/errors and
//! /youtube/v3/docs/core_errors; those of the token endpoint by
//! developers.google.com/identity/protocols/oauth2/web-server.

use axum::{Json, http::StatusCode};
use serde_json::json;

use crate::kit::{Refusal, Site, Trouble, oauth};

/// A refusal with Google's `domain` and `reason`.
pub(super) fn new(status: u16, domain: &str, reason: &str, message: &str) -> Refusal {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = json!({
        "error": {
            "code": status.as_u16(),
            "message": message,
            "errors": [{ "message": message, "domain": domain, "reason": reason }],
        }
    });
    Refusal::new(status, Json(body))
}

/// 400 of a method's own table.
pub(super) fn bad(resource: &str, reason: &str, message: &str) -> Refusal {
    new(400, &format!("youtube.{resource}"), reason, message)
}

/// 403 of a method's own table.
pub(super) fn forbidden(resource: &str, reason: &str, message: &str) -> Refusal {
    new(403, &format!("youtube.{resource}"), reason, message)
}

/// 404 of a method's own table.
pub(super) fn not_found(resource: &str, reason: &str, message: &str) -> Refusal {
    new(404, &format!("youtube.{resource}"), reason, message)
}

/// A parameter that is missing.
pub(super) fn missing(parameter: &str) -> Refusal {
    let message = format!("No filter selected. Expected one of: {parameter}");
    bad("parameter", "missingRequiredParameter", &message)
}

/// What goes wrong on any network, in YouTube's words.
pub(super) fn refuse(site: &Site, trouble: &Trouble) -> Refusal {
    match trouble {
        Trouble::Status(status) => {
            let (reason, words) = match status {
                503 => ("backendError", "Backend Error"),
                _ => ("internalError", "Internal error encountered."),
            };
            new(*status, "global", reason, words)
        }
        Trouble::RateLimited { reset } => {
            let seconds = reset.since(site.now()).as_secs().max(1);
            new(429, "global", "rateLimitExceeded", "Rate Limit Exceeded")
                .header("retry-after", &seconds.to_string())
        }
        Trouble::TokenUnknown | Trouble::TokenExpired | Trouble::TokenRevoked => {
            new(401, "global", "authError", "Invalid Credentials").header(
                "www-authenticate",
                "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
            )
        }
        Trouble::PermissionMissing { .. } => new(
            403,
            "global",
            "insufficientPermissions",
            "Request had insufficient authentication scopes.",
        ),
        Trouble::MediaRejected => bad(
            "thumbnail",
            "invalidImage",
            "The provided image content is invalid.",
        ),
        Trouble::Duplicate => new(409, "global", "duplicate", "The entity already exists."),
        Trouble::NotFound => new(404, "global", "notFound", "Not Found"),
        Trouble::Invalid(words) => new(400, "global", "badRequest", words),
    }
}

/// An address that no method has.
pub(super) async fn nothing_here() -> Refusal {
    new(404, "global", "notFound", "Not Found")
}

/// The token endpoint's.
pub(super) fn oauth(site: &Site, error: oauth::Error) -> Refusal {
    let (status, code, words) = match error {
        oauth::Error::InvalidClient => (401, "invalid_client", "The OAuth client was not found."),
        oauth::Error::InvalidCode => (400, "invalid_grant", "Malformed auth code."),
        oauth::Error::RedirectMismatch => (400, "redirect_uri_mismatch", "Bad Request"),
        oauth::Error::ProofFailed => (400, "invalid_grant", "Invalid code verifier."),
        oauth::Error::InvalidRefreshToken => {
            (400, "invalid_grant", "Token has been expired or revoked.")
        }
        other => return oauth::rfc_refusal(site, other),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    Refusal::new(
        status,
        Json(json!({ "error": code, "error_description": words })),
    )
}
