//! The refusals of LinkedIn: shared/api-guide/concepts/error-handling, the error tables of the
//! Posts, Images and Videos APIs, and answers that people published in 2026.

use axum::{Json, http::StatusCode};
use serde_json::{Value, json};

use crate::kit::{
    Refusal, Site, Trouble,
    oauth::{self, Issued},
};

/// `{"status", "code", "message"}`, with the number of the service's error where it has one.
pub(super) fn new(status: StatusCode, code: &str, service: Option<u32>, message: &str) -> Refusal {
    let mut body = json!({ "status": status.as_u16(), "code": code, "message": message });
    if let Some(service) = service {
        body["serviceErrorCode"] = json!(service);
    }
    Refusal::new(status, Json(body)).header("x-li-uuid", "sandbox")
}

/// 400 with a code.
pub(super) fn bad(code: &str, message: &str) -> Refusal {
    new(StatusCode::BAD_REQUEST, code, None, message)
}

/// 403.
pub(super) fn denied(what: &str) -> Refusal {
    new(
        StatusCode::FORBIDDEN,
        "ACCESS_DENIED",
        Some(100),
        &format!("Not enough permissions to access: {what}"),
    )
}

/// 422 that names the post that was there before.
pub(super) fn duplicate(urn: &str) -> Refusal {
    new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "DUPLICATE_POST",
        None,
        &format!("Content is a duplicate of {urn}"),
    )
}

/// What goes wrong on any network, in LinkedIn's words.
pub(super) fn refuse(site: &Site, trouble: &Trouble) -> Refusal {
    match trouble {
        Trouble::Status(status) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let code = match status {
                StatusCode::UPGRADE_REQUIRED => "NONEXISTENT_VERSION",
                StatusCode::GATEWAY_TIMEOUT => "GATEWAY_TIMEOUT",
                _ => "INTERNAL_SERVER_ERROR",
            };
            new(status, code, None, "Internal Server Error")
        }
        Trouble::RateLimited { reset } => {
            let wait = reset.since(site.now()).as_secs();
            new(
                StatusCode::TOO_MANY_REQUESTS,
                "TOO_MANY_REQUESTS",
                Some(101),
                "Resource level throttle limit for calls to this resource is reached.",
            )
            .header("retry-after", &wait.to_string())
        }
        Trouble::TokenUnknown => new(
            StatusCode::UNAUTHORIZED,
            "INVALID_ACCESS_TOKEN",
            Some(65_600),
            "Invalid access token",
        ),
        Trouble::TokenExpired => new(
            StatusCode::UNAUTHORIZED,
            "EXPIRED_ACCESS_TOKEN",
            Some(65_602),
            "The token used in the request has expired",
        ),
        Trouble::TokenRevoked => new(
            StatusCode::UNAUTHORIZED,
            "REVOKED_ACCESS_TOKEN",
            Some(65_601),
            "The token used in the request has been revoked by the user",
        ),
        Trouble::PermissionMissing { .. } => denied("partnerApiPostsExternal.CREATE.20260901"),
        Trouble::MediaRejected => bad(
            "MEDIA_ASSET_PROCESSING_FAILED",
            "Media asset failed processing",
        ),
        Trouble::Duplicate => duplicate("urn:li:share:6844785523593134080"),
        Trouble::NotFound => new(StatusCode::NOT_FOUND, "NOT_FOUND", None, "Not Found"),
        Trouble::Invalid(words) => bad("BAD_REQUEST", words),
    }
}

/// The refusals of the token endpoint.
pub(super) fn oauth(site: &Site, error: oauth::Error) -> Refusal {
    let (status, code, words) = match error {
        oauth::Error::InvalidClient => (
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "Client authentication failed",
        ),
        oauth::Error::InvalidCode | oauth::Error::RedirectMismatch => (
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. Or authorization code expired. Or external member binding exists",
        ),
        oauth::Error::InvalidRefreshToken => (
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "The provided authorization grant or refresh token is invalid, expired or revoked.",
        ),
        other => return oauth::rfc_refusal(site, other),
    };
    Refusal::new(
        status,
        Json(json!({ "error": code, "error_description": words })),
    )
}

/// The answer of the token endpoint: scopes with commas, and how long the refresh token works.
pub(super) fn token_answer(_: &Site, issued: &Issued) -> Value {
    let mut answer = json!({
        "access_token": issued.access_token,
        "expires_in": issued.expires_in,
        "scope": issued.token.scopes.join(","),
        "token_type": "Bearer",
    });
    if let Some(refresh_token) = &issued.refresh_token {
        answer["refresh_token"] = json!(refresh_token);
        answer["refresh_token_expires_in"] = json!(issued.refresh_expires_in);
    }
    answer
}
