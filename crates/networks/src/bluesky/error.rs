//! What refusals mean: atproto.com/specs/xrpc#error-responses, the errors that the lexicons of
//! com.atproto.repo, com.atproto.server and app.bsky.video name, `ResponseType` of
//! @atproto/xrpc (bluesky-social/atproto, 2026-08-20), and
//! docs.bsky.app/docs/advanced-guides/rate-limits.

use std::time::Duration;

use kernel::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;

use crate::{
    descriptor::{KnownError, known},
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError, shorten},
    http::Answer,
};

const LOGIN: &str = "The account's server wants AllIN to log in again.";
const SUSPENDED: &str = "The account's server has suspended or deactivated this account, so nothing can be published with it.";
const VIDEO: &str = "Bluesky can't process this video. Please save it in another form, such as MP4 with H.264, and attach it again.";
const TOO_LARGE: &str =
    "The account's server takes no file as large as this. Please attach a smaller one.";
const VIDEOS: &str =
    "This account may publish no more videos for now. AllIN tries again when it may.";

/// By the error's name. The last ones are those of the video service.
pub(super) const TABLE: &[KnownError] = &[
    known("ExpiredToken", ErrorKind::TokenExpired, LOGIN),
    known("InvalidToken", ErrorKind::TokenExpired, LOGIN),
    known("AuthMissing", ErrorKind::TokenExpired, LOGIN),
    known(
        "AuthenticationRequired",
        ErrorKind::Reconnect,
        "The account's server no longer accepts this app password. Please connect the account again.",
    ),
    known("AccountTakedown", ErrorKind::Refused, SUSPENDED),
    known("AccountSuspended", ErrorKind::Refused, SUSPENDED),
    known("AccountDeactivated", ErrorKind::Refused, SUSPENDED),
    known(
        "RateLimitExceeded",
        ErrorKind::RateLimited,
        "The account's server allows no more requests for now. AllIN tries again when it does.",
    ),
    known("PayloadTooLarge", ErrorKind::Refused, TOO_LARGE),
    known(
        "BlobNotFound",
        ErrorKind::Temporary,
        "The account's server no longer has a file of this post. AllIN sends it again.",
    ),
    known(
        "InvalidSwap",
        ErrorKind::Temporary,
        "Somebody else changed this at the same moment. Please try again.",
    ),
    known(
        "RecordNotFound",
        ErrorKind::Refused,
        "The account's server can't find this post any more; it may be deleted.",
    ),
    known(
        "NotFound",
        ErrorKind::Refused,
        "Bluesky can't find this post; it may be deleted, or so new that Bluesky does not show it yet.",
    ),
    known(
        "RepoNotFound",
        ErrorKind::Reconnect,
        "The account is not on this server any more. Please connect it again.",
    ),
    known(
        "BadExpiration",
        ErrorKind::Temporary,
        "The account's server and AllIN do not agree what time it is. Please ask your administrator to check the clock of AllIN's machine.",
    ),
    known(
        "ServiceOverloaded",
        ErrorKind::Temporary,
        "Bluesky's video service has too much to do at the moment. AllIN tries again.",
    ),
    known("DailyLimitExceeded", ErrorKind::RateLimited, VIDEOS),
    known("TooManyOpenUploads", ErrorKind::RateLimited, VIDEOS),
    known(
        "UploadForbidden",
        ErrorKind::Refused,
        "Bluesky does not let this account publish videos. Please look in Bluesky's app why.",
    ),
    known(
        "unconfirmed_email",
        ErrorKind::Refused,
        "Bluesky takes videos only from accounts whose e-mail address is confirmed. Please confirm it in Bluesky under Settings → Account, then publish again.",
    ),
    known(
        "VideoTooLarge",
        ErrorKind::Refused,
        "The video is larger than Bluesky lets this account publish today. Please attach a smaller one.",
    ),
    known(
        "VideoTooLong",
        ErrorKind::Refused,
        "The video is longer than Bluesky allows. Please attach a shorter one.",
    ),
    known(
        "BadAspectRatio",
        ErrorKind::Refused,
        "Bluesky does not take videos of this shape. Please attach one that is less wide or less tall.",
    ),
    known("UnsupportedContentType", ErrorKind::Refused, VIDEO),
    known("validation_failure", ErrorKind::Refused, VIDEO),
    known("encoding_failure", ErrorKind::Refused, VIDEO),
    known(
        "pds_upload_unsupported_blob_size",
        ErrorKind::Refused,
        TOO_LARGE,
    ),
];

/// The body of a refusal.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    error: String,
    message: String,
    /// Where the video service puts it.
    #[serde(rename = "jobStatus")]
    job_status: Option<Box<Refusal>>,
}

fn refusal(answer: &Answer) -> Refusal {
    let mut refusal: Refusal = answer.json().unwrap_or_default();
    match refusal.job_status.take() {
        Some(inner) => *inner,
        None => refusal,
    }
}

/// The error's name, such as `RecordNotFound`; empty where there is none.
pub(super) fn name(answer: &Answer) -> String {
    refusal(answer).error
}

fn detail(answer: &Answer, refusal: &Refusal) -> String {
    let Refusal { error, message, .. } = refusal;
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

/// The name that stands for a status whose answer names nothing that is known.
const fn by_status(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::UNAUTHORIZED => Some("AuthenticationRequired"),
        StatusCode::PAYLOAD_TOO_LARGE => Some("PayloadTooLarge"),
        StatusCode::TOO_MANY_REQUESTS => Some("RateLimitExceeded"),
        _ => None,
    }
}

/// What an answer that is no success means. `server` is what the person knows it by.
pub(super) fn parse_error(server: &str, answer: &Answer, now: Timestamp) -> NetworkError {
    let refusal = refusal(answer);
    let detail = detail(answer, &refusal);
    let known = KnownError::find(TABLE, &refusal.error)
        .or_else(|| KnownError::find(TABLE, by_status(answer.status)?));
    if let Some(known) = known {
        // The header comes with every answer, but tells something only here.
        let wait = (known.kind == ErrorKind::RateLimited)
            .then(|| reset(answer, now))
            .flatten();
        return NetworkError::refused(known.kind, known.sentence, detail).with_retry_after(wait);
    }
    // Not in today's lexicon, which answers 500 (issue 3718 of bluesky-social/atproto).
    if refusal.error.contains("Exists") {
        return NetworkError::unknown(
            format!("{server} says that the post is there already."),
            detail,
        );
    }
    if answer.status.is_redirection() {
        return NetworkError::refused(
            ErrorKind::Refused,
            format!(
                "{server} has moved to another address. Please connect the account again with its new one."
            ),
            detail,
        );
    }
    if answer.status.is_client_error() && answer.status != StatusCode::REQUEST_TIMEOUT {
        let words = shorten(&refusal.message);
        let words = if words.is_empty() {
            "it gave no reason"
        } else {
            &words
        };
        return NetworkError::refused(
            ErrorKind::Refused,
            format!("{server} refused this: {words}. Please change the post and try again."),
            detail,
        );
    }
    NetworkError::unknown(
        format!("{server} has a problem of its own at the moment."),
        detail,
    )
    .with_retry_after(answer.retry_after(now))
}

/// What it means that the video service gave up on a video. `code` is a `failureCode` of
/// app.bsky.video.defs#jobStatus, or its `error`.
pub(super) fn job_failed(code: &str, words: &str) -> NetworkError {
    let detail = shorten(&format!("JOB_STATE_FAILED {code}: {words}"));
    match KnownError::find(TABLE, code) {
        Some(known) => NetworkError::refused(known.kind, known.sentence, detail),
        None => NetworkError::refused(ErrorKind::Refused, VIDEO, detail),
    }
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
