//! What an XRPC refusal means: atproto.com/specs/xrpc#error-responses (state of August 2026),
//! and docs.bsky.app/docs/advanced-guides/rate-limits.

use std::time::Duration;

use kernel::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;

use crate::{
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError, shorten},
    http::Answer,
};

/// The body of a refusal.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    error: String,
    message: String,
}

fn refusal(answer: &Answer) -> Refusal {
    answer.json().unwrap_or_default()
}

/// The error's name, such as `RecordNotFound`; empty where there is none.
pub(super) fn name(answer: &Answer) -> String {
    refusal(answer).error
}

fn detail(answer: &Answer, refusal: &Refusal) -> String {
    let Refusal { error, message } = refusal;
    format!(
        "HTTP {} {}",
        answer.status.as_u16(),
        shorten(&format!("{error}: {message}"))
    )
}

/// How long until the limit resets: `RateLimit-Reset` is in seconds since 1970.
fn reset(answer: &Answer, now: Timestamp) -> Option<Duration> {
    answer
        .header("ratelimit-reset")
        .and_then(|text| text.parse::<i64>().ok())
        .map(|seconds| Timestamp::from_micros(seconds.saturating_mul(1_000_000)).since(now))
        .or_else(|| answer.retry_after(now))
}

/// What an answer that is no success means. `server` is what the person knows it by.
pub(super) fn parse_error(server: &str, answer: &Answer, now: Timestamp) -> NetworkError {
    let refusal = refusal(answer);
    let detail = detail(answer, &refusal);
    let words = shorten(&refusal.message);
    let (kind, message) = match (answer.status, refusal.error.as_str()) {
        (_, "ExpiredToken" | "InvalidToken") | (StatusCode::UNAUTHORIZED, "AuthMissing") => (
            ErrorKind::TokenExpired,
            format!("{server} wants AllIN to log in again."),
        ),
        (_, "AccountTakedown" | "AccountSuspended" | "AccountDeactivated") => (
            ErrorKind::Refused,
            format!(
                "{server} has suspended or deactivated this account, so nothing can be published with it."
            ),
        ),
        (StatusCode::UNAUTHORIZED, _) => (
            ErrorKind::Reconnect,
            format!(
                "{server} no longer accepts this app password. Please connect the account again."
            ),
        ),
        (StatusCode::TOO_MANY_REQUESTS, _) => (
            ErrorKind::RateLimited,
            format!("{server} allows no more requests for now. AllIN tries again when it does."),
        ),
        // The server forgets files that no post uses for a while.
        (_, "BlobNotFound") => (
            ErrorKind::Temporary,
            format!("{server} no longer has an image of this post. AllIN sends it again."),
        ),
        // Not in today's lexicon, which answers 500 (issue 3718 of bluesky-social/atproto).
        (_, error) if error.contains("Exists") => {
            return NetworkError::unknown(
                format!("{server} says that the post is there already."),
                detail,
            );
        }
        (status, _) if status.is_redirection() => (
            ErrorKind::Refused,
            format!(
                "{server} has moved to another address. Please connect the account again with its new one."
            ),
        ),
        (status, _) if status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT => (
            ErrorKind::Refused,
            format!(
                "{server} refused this: {}. Please change the post and try again.",
                if words.is_empty() {
                    "it gave no reason"
                } else {
                    &words
                }
            ),
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

/// What an answer that is no success means while logging in.
pub(super) fn parse_connect_error(server: &str, answer: &Answer) -> ConnectError {
    let refusal = refusal(answer);
    let detail = detail(answer, &refusal);
    let (reason, message) = match (answer.status, refusal.error.as_str()) {
        (status, "") if !status.is_server_error() => (
            ConnectReason::NotAServer,
            format!("{server} is not a Bluesky server. Please check the address, or leave it empty for bsky.social."),
        ),
        (_, "AuthFactorTokenRequired") => (
            ConnectReason::WrongCredentials,
            "This is the account's main password, which needs a code sent by e-mail. Please create an app password in Bluesky under Settings → Privacy and security → App passwords, and use that.".to_owned(),
        ),
        (_, "AccountTakedown" | "AccountSuspended" | "AccountDeactivated") => (
            ConnectReason::Denied,
            format!("{server} has suspended or deactivated this account."),
        ),
        (StatusCode::TOO_MANY_REQUESTS, _) => (
            ConnectReason::Denied,
            format!("{server} saw too many log-ins and allows no more for now. Please try again in a few minutes."),
        ),
        (StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST, _) => (
            ConnectReason::WrongCredentials,
            format!("{server} knows no account with this handle and app password. Please check both; app passwords are made in Bluesky under Settings → Privacy and security → App passwords."),
        ),
        (status, _) if status.is_server_error() => (
            ConnectReason::BadAnswer,
            format!("{server} has a problem of its own at the moment. Please try again later."),
        ),
        _ => (
            ConnectReason::Denied,
            format!("{server} refused to connect: {}", shorten(&refusal.message)),
        ),
    };
    ConnectError::new(reason, message, detail)
}
