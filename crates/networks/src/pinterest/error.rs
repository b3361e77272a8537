//! What Pinterest's refusals mean. Every one has the body `{"code": number, "message": string}`
//! (OpenAPI 5.23.0, schema `Error`). The codes are not listed anywhere; those below are in the
//! examples of the OpenAPI and in answers that were seen.

use std::time::Duration;

use kernel::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;

use super::NAME;
use crate::{
    descriptor::{KnownError, known},
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError, shorten},
    http::Answer,
};

const RECONNECT: &str =
    "Pinterest no longer lets AllIN act for this account. Please connect the account again.";
const PERMISSION: &str = "AllIN lacks a permission that it needs on Pinterest. Please connect the account again and allow everything that is asked for.";
const LIMITED: &str = "Pinterest allows no more requests for now. AllIN tries again when it does.";
pub(super) const NO_BOARD: &str = "The board does not exist any more. Please choose another one.";
const SPAM: &str = "Pinterest blocked this Pin because its link or text looks like spam to it. Please check the link; if it is your own site, you can appeal in Pinterest's Help Center.";

/// By HTTP status and code: `429/9`.
pub(super) static TABLE: &[KnownError] = &[
    known("401/2", ErrorKind::TokenExpired, RECONNECT),
    known("403/29", ErrorKind::Reconnect, PERMISSION),
    known("404/40", ErrorKind::Refused, NO_BOARD),
    known(
        "404/50",
        ErrorKind::Refused,
        "The Pin does not exist any more.",
    ),
    known("429/8", ErrorKind::RateLimited, LIMITED),
    known("429/9", ErrorKind::Refused, SPAM),
];

#[derive(Default, Deserialize)]
struct Words {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    message: String,
}

fn words(answer: &Answer) -> Words {
    answer.json().unwrap_or_default()
}

pub(super) fn detail(answer: &Answer) -> String {
    let words = words(answer);
    let id = answer.header("x-pinterest-rid").unwrap_or("none");
    format!(
        "HTTP {}, code {}: {} (request {})",
        answer.status.as_u16(),
        words.code,
        shorten(&words.message),
        shorten(id)
    )
}

/// How long until the limit resets: `x-ratelimit-reset` is in seconds
/// (developers.pinterest.com/docs/reference/rate-limits).
fn reset(answer: &Answer, now: Timestamp) -> Option<Duration> {
    answer
        .header("x-ratelimit-reset")
        .and_then(|text| text.trim().parse().ok())
        .map(Duration::from_secs)
        .or_else(|| answer.retry_after(now))
}

/// What an answer that is no success means.
pub(super) fn parse_error(answer: &Answer, now: Timestamp) -> NetworkError {
    let detail = detail(answer);
    let words = words(answer);
    let code = format!("{}/{}", answer.status.as_u16(), words.code);
    let known = KnownError::find(TABLE, &code)
        .map(|known| (known.kind, known.sentence.to_owned()))
        // Pinterest's own samples tell spam from a limit by the words.
        .or_else(|| {
            words
                .message
                .to_lowercase()
                .contains("spam")
                .then(|| (ErrorKind::Refused, SPAM.to_owned()))
        });
    let (kind, message) = known.unwrap_or_else(|| match answer.status {
        StatusCode::UNAUTHORIZED => (ErrorKind::TokenExpired, RECONNECT.to_owned()),
        StatusCode::FORBIDDEN => (ErrorKind::Reconnect, PERMISSION.to_owned()),
        StatusCode::TOO_MANY_REQUESTS => (ErrorKind::RateLimited, LIMITED.to_owned()),
        status if status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT => (
            ErrorKind::Refused,
            if words.message.is_empty() {
                "Pinterest refused this and gave no reason. Please change the post and try again."
                    .to_owned()
            } else {
                format!(
                    "Pinterest refused this: {} Please change the post and try again.",
                    sentence(&shorten(&words.message))
                )
            },
        ),
        _ => (ErrorKind::Temporary, String::new()),
    });
    if kind == ErrorKind::Temporary {
        return NetworkError::unknown("Pinterest has a problem of its own at the moment.", detail)
            .with_retry_after(answer.retry_after(now));
    }
    let wait = (kind == ErrorKind::RateLimited)
        .then(|| reset(answer, now))
        .flatten();
    NetworkError::refused(kind, message, detail).with_retry_after(wait)
}

/// Words that end like a sentence.
fn sentence(words: &str) -> String {
    if words.ends_with(['.', '!', '?', '…']) {
        words.to_owned()
    } else {
        format!("{words}.")
    }
}

/// What a refusal of a new token means: the old one can't be used either.
pub(super) fn parse_refresh_error(answer: &Answer, now: Timestamp) -> NetworkError {
    if matches!(
        answer.status,
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
    ) {
        return NetworkError::refused(ErrorKind::Reconnect, RECONNECT, detail(answer));
    }
    parse_error(answer, now)
}

/// An answer that says yes and can't be read: nobody knows what happened.
pub(super) fn unreadable(answer: &Answer, error: &serde_json::Error) -> NetworkError {
    NetworkError::unknown(
        "Pinterest answered something that AllIN does not understand.",
        format!("HTTP {}, no valid JSON: {error}", answer.status.as_u16()),
    )
}

/// What an answer that is no success means while connecting.
pub(super) fn parse_connect_error(answer: &Answer) -> ConnectError {
    let words = words(answer);
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => ConnectError::new(
            ConnectReason::Denied,
            "Pinterest allows no more requests for now. Please try again in a few minutes.",
            detail(answer),
        ),
        status if status.is_client_error() && !words.message.is_empty() => ConnectError::new(
            ConnectReason::Denied,
            format!(
                "Pinterest refused to connect: {} Please try again.",
                sentence(&shorten(&words.message))
            ),
            detail(answer),
        ),
        status if status.is_client_error() => ConnectError::new(
            ConnectReason::Denied,
            "Pinterest refused to connect, without a reason. Please try again.",
            detail(answer),
        ),
        status if status.is_server_error() => ConnectError::new(
            ConnectReason::BadAnswer,
            "Pinterest has a problem of its own at the moment. Please try again later.",
            detail(answer),
        ),
        _ => bad_answer(detail(answer)),
    }
}

/// An answer that can't be understood while connecting.
pub(super) fn bad_answer(detail: impl Into<String>) -> ConnectError {
    ConnectError::new(
        ConnectReason::BadAnswer,
        format!("{NAME} answered something that AllIN does not understand. Please try again."),
        detail,
    )
}
