//! Refusals: `{"code": number, "message": string}`, schemas `Error` and `Pinterest.Lib.Error`.

use axum::{Json, http::StatusCode};
use serde_json::json;

use crate::kit::{Refusal, Site, Trouble, oauth};

/// The body of every refusal. Every answer names its request, for Pinterest's support.
pub(super) fn new(status: StatusCode, code: u32, message: &str) -> Refusal {
    Refusal::new(status, Json(json!({ "code": code, "message": message })))
        .header("x-pinterest-rid", "1000000000000000")
}

/// 400: the request breaks a rule.
pub(super) fn invalid(message: &str) -> Refusal {
    new(StatusCode::BAD_REQUEST, 1, message)
}

/// 404, in the words of the operation's example.
pub(super) fn no_board() -> Refusal {
    new(StatusCode::NOT_FOUND, 40, "Board not found.")
}

/// 404, in the words of the operation's example.
pub(super) fn no_pin() -> Refusal {
    new(StatusCode::NOT_FOUND, 50, "Pin not found.")
}

/// What goes wrong on any network, in Pinterest's words.
pub(super) fn refuse(site: &Site, trouble: &Trouble) -> Refusal {
    match trouble {
        Trouble::Status(status) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            new(
                status,
                11,
                "An unexpected error has occurred. Please try again.",
            )
        }
        // developers.pinterest.com/docs/reference/rate-limits: the reset is in seconds from now.
        Trouble::RateLimited { reset } => new(
            StatusCode::TOO_MANY_REQUESTS,
            8,
            "You have exceeded your rate limit. Try again later.",
        )
        .header("x-ratelimit-limit", "100, 100;w=60")
        .header("x-ratelimit-remaining", "0")
        .header(
            "x-ratelimit-reset",
            &reset
                .since(site.now())
                .as_millis()
                .div_ceil(1_000)
                .to_string(),
        ),
        Trouble::TokenUnknown | Trouble::TokenExpired | Trouble::TokenRevoked => {
            new(StatusCode::UNAUTHORIZED, 2, "Authentication failed.")
        }
        Trouble::PermissionMissing { .. } => new(
            StatusCode::FORBIDDEN,
            29,
            "You are not permitted to access that resource.",
        ),
        Trouble::MediaRejected => invalid("The image could not be processed."),
        // Pinterest meets repetition as spam, with the status of a rate limit.
        Trouble::Duplicate => new(
            StatusCode::TOO_MANY_REQUESTS,
            9,
            "Sorry! We blocked this link because it may lead to spam.",
        ),
        Trouble::NotFound => new(StatusCode::NOT_FOUND, 404, "Not found."),
        Trouble::Invalid(words) => invalid(words),
    }
}

/// The refusals of the token endpoint have the same body.
pub(super) fn oauth(_: &Site, error: oauth::Error) -> Refusal {
    let (status, _, words) = error.rfc();
    match error {
        oauth::Error::InvalidClient => new(status, 2, "Authentication failed."),
        oauth::Error::Missing(name) => {
            new(status, 1, &format!("Missing required parameter {name}."))
        }
        _ => new(status, 283, words),
    }
}
