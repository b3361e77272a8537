//! What Mastodon's refusals mean: docs.joinmastodon.org/entities/Error, the answers shown in
//! /methods/*, and /api/rate-limits, state of July 2026 (compared on 2026-11-21).
//!
//! "The most important part of an error response is the HTTP status code": there are no other
//! codes. What the status leaves open is told by the words of `error`, in English unless the
//! account's language is another; then the server's own words are shown.

use std::time::Duration;

use kernel::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;

use crate::{
    descriptor::{KnownError, known},
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError, shorten},
    http::Answer,
};

const LOCKED: &str = "The server does not let this account publish at the moment. Please log in there and follow what it says.";
const FILE: &str =
    "The server can't use one of the files. Please save it in another form, or attach another one.";

/// By status, and where that is followed by words, by the beginning of those in the answer.
pub(super) const TABLE: &[KnownError] = &[
    // /entities/Error#401, and the answers of /methods/statuses#create.
    known(
        "401",
        ErrorKind::Reconnect,
        "The server no longer lets AllIN act for this account. Please connect the account again.",
    ),
    // /entities/Error#403
    known(
        "403 This action is outside the authorized scopes",
        ErrorKind::Reconnect,
        "AllIN lacks a right that it needs on this server. Please connect the account again.",
    ),
    known("403 Your login is", ErrorKind::Refused, LOCKED),
    known(
        "403 This action is not allowed",
        ErrorKind::Refused,
        "The server does not let this account do that: somebody may have blocked it, or does not want to be quoted.",
    ),
    // /entities/Error#404, and `in_reply_to_id`, `quoted_status_id` of /methods/statuses#create.
    known(
        "404",
        ErrorKind::Refused,
        "The server can't find the post or account that this one refers to; it may be deleted, or not visible to this account.",
    ),
    // /entities/Error#422
    known(
        "422 This method requires an authenticated user",
        ErrorKind::Reconnect,
        "The server no longer lets AllIN act for this account. Please connect the account again.",
    ),
    known(
        "422 Cannot attach files that have not finished processing",
        ErrorKind::Temporary,
        "The server is still busy with a file. AllIN tries again.",
    ),
    // /methods/media#v2
    known("422 File ", ErrorKind::Refused, FILE),
    known("413", ErrorKind::Refused, FILE),
    // /entities/Error#429, /api/rate-limits
    known(
        "429",
        ErrorKind::RateLimited,
        "The server allows no more requests for now. AllIN tries again when it does.",
    ),
];

#[derive(Deserialize)]
struct Words {
    error: String,
    error_description: Option<String>,
}

/// The server's own words, if it found any.
fn words(answer: &Answer) -> Option<String> {
    let words: Words = answer.json().ok()?;
    let text = words.error_description.unwrap_or(words.error);
    Some(shorten(text.trim_start_matches("Validation failed: ")))
}

fn detail(answer: &Answer) -> String {
    match words(answer) {
        Some(words) => format!("HTTP {}: {words}", answer.status.as_u16()),
        None => format!("HTTP {}", answer.status.as_u16()),
    }
}

/// The entry of [`TABLE`] for an answer: the one with words first, which stands for less.
fn find(answer: &Answer) -> Option<&'static KnownError> {
    let status = answer.status.as_u16().to_string();
    let said = format!("{status} {}", words(answer).unwrap_or_default());
    TABLE
        .iter()
        .filter(|known| known.code.len() > status.len())
        .find(|known| said.starts_with(known.code))
        .or_else(|| KnownError::find(TABLE, &status))
}

/// How long until the limit resets: `X-RateLimit-Reset` is a time.
fn reset(answer: &Answer, now: Timestamp) -> Option<Duration> {
    answer
        .header("x-ratelimit-reset")
        .and_then(|text| text.parse::<Timestamp>().ok())
        .map(|reset| reset.since(now))
        .or_else(|| answer.retry_after(now))
}

/// What an answer that is no success means. `server` is what the person knows it by.
pub(super) fn parse_error(server: &str, answer: &Answer, now: Timestamp) -> NetworkError {
    let detail = detail(answer);
    if let Some(known) = find(answer) {
        // The header comes with every answer, but tells something only here.
        let wait = (known.kind == ErrorKind::RateLimited)
            .then(|| reset(answer, now))
            .flatten();
        let message =
            known
                .sentence
                .replacen("The server", server, 1)
                .replacen("this server", server, 1);
        return NetworkError::refused(known.kind, message, detail).with_retry_after(wait);
    }
    let message = match answer.status {
        status if status.is_redirection() => format!(
            "{server} has moved to another address. Please connect the account again with its new one."
        ),
        status if status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT => {
            let reason = words(answer).unwrap_or_else(|| "it gave no reason".to_owned());
            let reason = reason.trim_end_matches(['.', '!']);
            format!("{server} refused this: {reason}. Please change the post and try again.")
        }
        _ => {
            return NetworkError::unknown(
                format!("{server} has a problem of its own at the moment."),
                detail,
            )
            .with_retry_after(answer.retry_after(now));
        }
    };
    NetworkError::refused(ErrorKind::Refused, message, detail)
}

/// An answer that says yes and can't be read: nobody knows what happened.
pub(super) fn unreadable(server: &str, answer: &Answer, error: &serde_json::Error) -> NetworkError {
    NetworkError::unknown(
        format!("{server} answered something that AllIN does not understand."),
        format!("HTTP {}, no valid JSON: {error}", answer.status.as_u16()),
    )
}

/// What an answer that is no success means while connecting.
pub(super) fn parse_connect_error(server: &str, answer: &Answer) -> ConnectError {
    let detail = detail(answer);
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => ConnectError::new(
            ConnectReason::Denied,
            format!("{server} allows no more requests for now. Please try again in a few minutes."),
            detail,
        ),
        status if status.is_client_error() => ConnectError::new(
            ConnectReason::Denied,
            match words(answer) {
                Some(words) => format!("{server} refused to connect: {words}"),
                None => format!("{server} refused to connect, without a reason."),
            },
            detail,
        ),
        status if status.is_server_error() => ConnectError::new(
            ConnectReason::BadAnswer,
            format!("{server} has a problem of its own at the moment. Please try again later."),
            detail,
        ),
        _ => bad_answer(server, detail),
    }
}

/// An answer that can't be understood while connecting.
pub(super) fn bad_answer(server: &str, detail: impl Into<String>) -> ConnectError {
    ConnectError::new(
        ConnectReason::BadAnswer,
        format!(
            "{server} answered something that AllIN does not understand. Please check the address; it must be a Mastodon server's."
        ),
        detail,
    )
}
