//! The refusals of X: docs.x.com/x-api/fundamentals/response-codes-and-errors, the `…Problem`
//! schemas of the OpenAPI 2.167, and the words of answers that people published in 2026.

use axum::{Json, http::StatusCode};
use serde_json::{Value, json};

use crate::kit::{
    Refusal, Site, Trouble,
    oauth::{self, Issued},
};

const KIND: &str = "https://api.x.com/2/problems/";

/// A problem of RFC 7807 that has no type of its own.
pub(super) fn blank(status: StatusCode, detail: &str) -> Refusal {
    let title = status.canonical_reason().unwrap_or("Error");
    problem(
        status,
        &json!({ "title": title, "type": "about:blank", "status": status.as_u16(), "detail": detail }),
    )
}

/// 403 with the words that tell why.
pub(super) fn forbidden(detail: &str) -> Refusal {
    blank(StatusCode::FORBIDDEN, detail)
}

/// 400 with the parameter that is wrong: `InvalidRequestProblem`.
pub(super) fn invalid(parameter: &str, value: &Value, message: &str) -> Refusal {
    problem(
        StatusCode::BAD_REQUEST,
        &json!({
            "errors": [{ "parameters": { parameter: [value] }, "message": message }],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": format!("{KIND}invalid-request"),
        }),
    )
}

fn problem(status: StatusCode, body: &Value) -> Refusal {
    Refusal::new(status, Json(body)).header("content-type", "application/problem+json")
}

/// What is told of something that is not there, inside an answer: `ResourceNotFoundProblem`.
pub(super) fn missing(kind: &str, parameter: &str, id: &str) -> Value {
    json!({
        "value": id,
        "detail": format!("Could not find {kind} with {parameter}: [{id}]."),
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": id,
        "type": format!("{KIND}resource-not-found"),
    })
}

/// What goes wrong on any network, in X's words.
pub(super) fn refuse(site: &Site, trouble: &Trouble) -> Refusal {
    match trouble {
        Trouble::Status(402) => problem(
            StatusCode::PAYMENT_REQUIRED,
            &json!({
                "account_id": 2_051_096_097_834_344_448_u64,
                "title": "CreditsDepleted",
                "detail": "Your enrolled account [2051096097834344448] does not have any credits to fulfill this request.",
                "type": "https://api.twitter.com/2/problems/credits",
            }),
        ),
        Trouble::Status(status) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            blank(status, status.canonical_reason().unwrap_or("Error"))
        }
        Trouble::RateLimited { reset } => blank(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests")
            .header("x-rate-limit-limit", "100")
            .header("x-rate-limit-remaining", "0")
            .header("x-rate-limit-reset", &reset.as_seconds().to_string()),
        Trouble::TokenUnknown | Trouble::TokenExpired | Trouble::TokenRevoked => {
            blank(StatusCode::UNAUTHORIZED, "Unauthorized")
        }
        Trouble::PermissionMissing { .. } => forbidden("Forbidden"),
        Trouble::MediaRejected => invalid(
            "media.media_ids",
            &json!("the media"),
            "Your media IDs are invalid.",
        ),
        Trouble::Duplicate => {
            forbidden("You are not allowed to create a Tweet with duplicate content.")
        }
        Trouble::NotFound => {
            let _ = site;
            blank(StatusCode::NOT_FOUND, "Not Found")
        }
        Trouble::Invalid(words) => invalid("body", &Value::Null, words),
    }
}

/// The refusals of the token endpoint.
pub(super) fn oauth(site: &Site, error: oauth::Error) -> Refusal {
    let (status, code, words) = match error {
        oauth::Error::InvalidClient => (
            StatusCode::UNAUTHORIZED,
            "unauthorized_client",
            "Missing valid authorization header",
        ),
        oauth::Error::InvalidCode | oauth::Error::RedirectMismatch | oauth::Error::ProofFailed => (
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Value passed for the authorization code was invalid.",
        ),
        oauth::Error::InvalidRefreshToken | oauth::Error::InvalidAccessToken => (
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Value passed for the token was invalid.",
        ),
        other => return oauth::rfc_refusal(site, other),
    };
    Refusal::new(
        status,
        Json(json!({ "error": code, "error_description": words })),
    )
}

/// The answer of the token endpoint: `bearer` in small letters.
pub(super) fn token_answer(site: &Site, issued: &Issued) -> Value {
    let mut answer = oauth::rfc_answer(site, issued);
    answer["token_type"] = json!("bearer");
    answer
}
