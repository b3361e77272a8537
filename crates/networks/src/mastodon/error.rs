//! What Mastodon's refusals mean: docs.joinmastodon.org/entities/Error and /api/rate-limits.

use std::time::Duration;

use kernel::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;

use crate::{
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError, shorten},
    http::Answer,
};

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
    let own_words = words(answer).unwrap_or_else(|| "it gave no reason".to_owned());
    let (kind, message) = match answer.status {
        StatusCode::UNAUTHORIZED => (
            ErrorKind::Reconnect,
            format!(
                "{server} no longer lets AllIN act for this account. Please connect the account again."
            ),
        ),
        StatusCode::FORBIDDEN if own_words.contains("scopes") => (
            ErrorKind::Reconnect,
            format!(
                "AllIN lacks a right that it needs on {server}. Please connect the account again."
            ),
        ),
        StatusCode::TOO_MANY_REQUESTS => (
            ErrorKind::RateLimited,
            format!("{server} allows no more requests for now. AllIN tries again when it does."),
        ),
        status if status.is_redirection() => (
            ErrorKind::Refused,
            format!(
                "{server} has moved to another address. Please connect the account again with its new one."
            ),
        ),
        status if status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT => (
            ErrorKind::Refused,
            format!("{server} refused this: {own_words}. Please change the post and try again."),
        ),
        _ => {
            return NetworkError::unknown(
                format!("{server} has a problem of its own at the moment."),
                detail,
            )
            .with_retry_after(answer.retry_after(now));
        }
    };
    // The header comes with every answer, but tells something only here.
    let wait = (kind == ErrorKind::RateLimited)
        .then(|| reset(answer, now))
        .flatten();
    NetworkError::refused(kind, message, detail).with_retry_after(wait)
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
