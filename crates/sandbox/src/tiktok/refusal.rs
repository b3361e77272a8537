//! TikTok's refusals: /doc/tiktok-api-v2-error-handling and the tables of the Content Posting API; those of the token
//! endpoint are flat: /doc/oauth-error-handling.

use axum::{Json, http::StatusCode};
use serde_json::{Value, json};

use crate::kit::{Refusal, Site, Trouble, oauth, seed};

/// An answer that says yes.
pub(super) fn ok(site: &Site, data: &Value) -> Json<Value> {
    Json(json!({ "data": data, "error": { "code": "ok", "message": "", "log_id": log_id(site) } }))
}

/// What TikTok's support asks for.
fn log_id(site: &Site) -> String {
    let now = site.now().to_jiff();
    let number = seed(&site.next_number().to_string());
    format!("{}{number:016X}", now.strftime("%Y%m%d%H%M%S"))
}

/// A refusal with TikTok's code.
pub(super) fn new(site: &Site, status: u16, code: &str, message: &str) -> Refusal {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let error = json!({ "code": code, "message": message, "log_id": log_id(site) });
    Refusal::new(status, Json(json!({ "data": {}, "error": error })))
}

/// 400: the request breaks a rule.
pub(super) fn invalid(site: &Site, message: &str) -> Refusal {
    new(site, 400, "invalid_param", message)
}

/// What goes wrong on any network, in TikTok's words.
pub(super) fn refuse(site: &Site, trouble: &Trouble) -> Refusal {
    match trouble {
        Trouble::Status(status) => new(
            site,
            *status,
            "internal_error",
            "Something went wrong. Please try again later.",
        ),
        Trouble::RateLimited { .. } => new(
            site,
            429,
            "rate_limit_exceeded",
            "The API rate limit was exceeded. Please try again later.",
        ),
        Trouble::TokenUnknown | Trouble::TokenExpired | Trouble::TokenRevoked => new(
            site,
            401,
            "access_token_invalid",
            "The access token is invalid or not found in the request.",
        ),
        Trouble::PermissionMissing { .. } => new(
            site,
            401,
            "scope_not_authorized",
            "The user did not authorize the scope required for completing this request.",
        ),
        Trouble::MediaRejected => new(
            site,
            400,
            "invalid_file_upload",
            "The uploaded file does not meet API specifications.",
        ),
        // TikTok's nearest to it.
        Trouble::Duplicate => new(site, 403, "spam_risk", "The post was detected as spam."),
        Trouble::NotFound => new(site, 404, "invalid_params", "Unsupported path."),
        Trouble::Invalid(words) => invalid(site, words),
    }
}

/// An address that no method has.
pub(super) async fn nothing_here() -> Refusal {
    let error =
        json!({ "code": "invalid_params", "message": "Unsupported path(Janus).", "log_id": "" });
    Refusal::new(StatusCode::NOT_FOUND, Json(json!({ "error": error })))
}

/// The token endpoint's. It answers a refused grant with 200, as was seen of TikTok's.
pub(super) fn oauth(site: &Site, error: oauth::Error) -> Refusal {
    let (status, code, words) = match error {
        oauth::Error::InvalidClient => (
            401,
            "invalid_client",
            "Client key or secret is incorrect.".to_owned(),
        ),
        oauth::Error::InvalidCode => (
            200,
            "invalid_grant",
            "Authorization code is expired.".to_owned(),
        ),
        oauth::Error::RedirectMismatch => (
            200,
            "invalid_request",
            "Redirect_uri is not matched with the uri when requesting code.".to_owned(),
        ),
        oauth::Error::ProofFailed => (
            200,
            "invalid_request",
            "Code verifier or code challenge is invalid.".to_owned(),
        ),
        oauth::Error::InvalidRefreshToken => (
            200,
            "invalid_grant",
            "Refresh token is invalid or expired.".to_owned(),
        ),
        oauth::Error::UnsupportedGrantType => (
            400,
            "unsupported_grant_type",
            "Grant type is not supported.".to_owned(),
        ),
        oauth::Error::Missing(name) => (
            400,
            "invalid_request",
            format!("The request parameters are malformed: {name}."),
        ),
        _ => (
            400,
            "invalid_request",
            "The request parameters are malformed.".to_owned(),
        ),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let body = json!({ "error": code, "error_description": words, "log_id": log_id(site) });
    Refusal::new(status, Json(body))
}
