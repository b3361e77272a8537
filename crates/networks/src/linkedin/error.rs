//! What LinkedIn's refusals mean: learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling
//! and the error tables of the Posts, Images, Videos and Documents APIs, version 202609. A body is
//! `{"status", "code", "message", "serviceErrorCode"}`; the OAuth endpoints answer by RFC 6749.

use std::{sync::LazyLock, time::Duration};

use kernel::Timestamp;
use regex::Regex;
use reqwest::StatusCode;
use serde::Deserialize;

use super::NAME;
use crate::{
    descriptor::{KnownError, known},
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError, shorten},
    http::Answer,
};

const RECONNECT: &str =
    "LinkedIn no longer lets AllIN act for this account. Please connect the account again.";
const PERMISSION: &str = "LinkedIn does not permit this: AllIN's app lacks a permission, or you are no administrator of the page any more. Please connect the account again, and check your role on the page.";
const MEDIA: &str = "LinkedIn could not process one of the files. Please save it in another form and attach it again.";
const VERSION: &str = "LinkedIn no longer serves the version of its interface that this AllIN speaks. Please ask your administrator to update AllIN.";
const CONTENT: &str = "LinkedIn found something in the post that it does not take. Please change the post and try again.";

/// The code of a refusal of the same text.
pub(super) const DUPLICATE: &str = "DUPLICATE_POST";

/// By `code`; for OAuth, by `error`.
pub(super) const TABLE: &[KnownError] = &[
    known("EXPIRED_ACCESS_TOKEN", ErrorKind::TokenExpired, RECONNECT),
    known("REVOKED_ACCESS_TOKEN", ErrorKind::Reconnect, RECONNECT),
    known("INVALID_ACCESS_TOKEN", ErrorKind::Reconnect, RECONNECT),
    known("EMPTY_ACCESS_TOKEN", ErrorKind::Reconnect, RECONNECT),
    known("ACCESS_DENIED", ErrorKind::Reconnect, PERMISSION),
    known("NONEXISTENT_VERSION", ErrorKind::Refused, VERSION),
    known("VERSION_MISSING", ErrorKind::Refused, VERSION),
    known(
        DUPLICATE,
        ErrorKind::Refused,
        "LinkedIn does not accept the same text twice within ten minutes. Please change the text, or publish it later.",
    ),
    known(
        "FIELD_LENGTH_TOO_LONG",
        ErrorKind::Refused,
        "A text is too long for LinkedIn. Please shorten it.",
    ),
    known(
        "MEDIA_ASSET_WAITING_UPLOAD",
        ErrorKind::Temporary,
        "LinkedIn is still receiving the file. AllIN tries again shortly.",
    ),
    known("MEDIA_ASSET_PROCESSING_FAILED", ErrorKind::Refused, MEDIA),
    known(
        "UPDATING_ASSET_FAILED",
        ErrorKind::Temporary,
        "LinkedIn could not put the file together. AllIN tries again shortly.",
    ),
    known(
        "EXPIRED_UPLOAD_URL",
        ErrorKind::Temporary,
        "The upload to LinkedIn took too long. AllIN tries again shortly.",
    ),
    known("INVALID_URN_ID", ErrorKind::Refused, CONTENT),
    known("INVALID_URN_TYPE", ErrorKind::Refused, CONTENT),
    known("INVALID_VALUE_FOR_FIELD", ErrorKind::Refused, CONTENT),
    known(
        "TOO_MANY_REQUESTS",
        ErrorKind::RateLimited,
        "LinkedIn allows no more requests for now. AllIN tries again when it does.",
    ),
    known(
        "CONFLICT",
        ErrorKind::Temporary,
        "LinkedIn was busy with another change of this account. AllIN tries again shortly.",
    ),
];

/// The post that a refusal of the same text names.
#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant, and the tests compile it"
)]
static EARLIER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"urn:li:(?:share|ugcPost):\d+").expect("a valid pattern"));

#[derive(Default, Deserialize)]
#[serde(default)]
struct Words {
    code: String,
    message: String,
    /// RFC 6749 §5.2.
    error: String,
    error_description: String,
}

impl Words {
    fn of(answer: &Answer) -> Self {
        answer.json().unwrap_or_default()
    }

    fn said(&self) -> &str {
        if self.message.is_empty() {
            &self.error_description
        } else {
            &self.message
        }
    }

    /// The code in [`TABLE`].
    fn code(&self, status: StatusCode) -> &str {
        if self.message.to_lowercase().contains("duplicate") {
            return DUPLICATE;
        }
        if KnownError::find(TABLE, &self.code).is_some() {
            return &self.code;
        }
        match status {
            StatusCode::UNAUTHORIZED => "EXPIRED_ACCESS_TOKEN",
            StatusCode::FORBIDDEN => "ACCESS_DENIED",
            StatusCode::CONFLICT => "CONFLICT",
            StatusCode::UPGRADE_REQUIRED => "NONEXISTENT_VERSION",
            StatusCode::TOO_MANY_REQUESTS => "TOO_MANY_REQUESTS",
            _ => &self.code,
        }
    }
}

/// The URN of the post that was there before, where the answer refuses the same text and says so.
pub(super) fn duplicate_of(answer: &Answer) -> Option<String> {
    let words = Words::of(answer);
    (answer.status.is_client_error() && words.code(answer.status) == DUPLICATE)
        .then(|| EARLIER.find(&words.message))
        .flatten()
        .map(|urn| urn.as_str().to_owned())
}

fn detail(answer: &Answer) -> String {
    let words = Words::of(answer);
    format!(
        "HTTP {}, {}{}: {} (request {})",
        answer.status.as_u16(),
        shorten(&words.code),
        shorten(&words.error),
        shorten(words.said()),
        shorten(answer.header("x-li-uuid").unwrap_or("none")),
    )
}

/// How long to wait: LinkedIn's limits are by day and end at midnight UTC
/// (learn.microsoft.com/linkedin/shared/api-guide/concepts/rate-limits).
fn reset(answer: &Answer, now: Timestamp) -> Duration {
    const DAY: i64 = 86_400;
    answer.retry_after(now).unwrap_or_else(|| {
        let left = DAY - now.as_seconds().rem_euclid(DAY);
        Duration::from_secs(left.unsigned_abs())
    })
}

/// What an answer that is no success means.
pub(super) fn parse_error(answer: &Answer, now: Timestamp) -> NetworkError {
    let words = Words::of(answer);
    let detail = detail(answer);
    if answer.status.is_server_error() || answer.status == StatusCode::REQUEST_TIMEOUT {
        return NetworkError::unknown("LinkedIn has a problem of its own at the moment.", detail)
            .with_retry_after(answer.retry_after(now));
    }
    if let Some(known) = KnownError::find(TABLE, words.code(answer.status)) {
        let wait = match known.kind {
            ErrorKind::RateLimited => Some(reset(answer, now)),
            ErrorKind::Temporary => Some(Duration::from_mins(1)),
            _ => None,
        };
        return NetworkError::refused(known.kind, known.sentence, detail).with_retry_after(wait);
    }
    if !answer.status.is_client_error() {
        return NetworkError::unknown(
            "LinkedIn answered something that AllIN does not understand.",
            detail,
        );
    }
    let message = match words.said() {
        "" => "LinkedIn refused this and gave no reason. Please change the post and try again."
            .to_owned(),
        said => format!(
            "LinkedIn refused this: {} Please change the post and try again.",
            sentence(&shorten(said))
        ),
    };
    NetworkError::refused(ErrorKind::Refused, message, detail)
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
    if answer.status.is_client_error() && answer.status != StatusCode::TOO_MANY_REQUESTS {
        return NetworkError::refused(ErrorKind::Reconnect, RECONNECT, detail(answer));
    }
    parse_error(answer, now)
}

/// There is nothing to renew the access with.
pub(super) fn not_renewable() -> NetworkError {
    NetworkError::not_sent(
        ErrorKind::Reconnect,
        "LinkedIn's permission for this account has ended, as it does every 60 days. Please connect the account again.",
        "LinkedIn gave no refresh token",
    )
}

/// An answer that says yes and can't be read: nobody knows what happened.
pub(super) fn unreadable(answer: &Answer, error: impl std::fmt::Display) -> NetworkError {
    NetworkError::unknown(
        "LinkedIn answered something that AllIN does not understand.",
        format!("HTTP {}: {error}", answer.status.as_u16()),
    )
}

/// The processing of a file failed.
pub(super) fn media_failed(words: &str) -> NetworkError {
    NetworkError::refused(
        ErrorKind::Refused,
        MEDIA,
        format!("processing failed: {}", shorten(words)),
    )
}

/// What an answer that is no success means while connecting.
pub(super) fn parse_connect_error(answer: &Answer) -> ConnectError {
    let words = Words::of(answer);
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => ConnectError::new(
            ConnectReason::Denied,
            "LinkedIn allows no more requests for now. Please try again tomorrow.",
            detail(answer),
        ),
        _ if words.error == "invalid_client" => ConnectError::new(
            ConnectReason::AppNotAccepted,
            "LinkedIn does not know AllIN's developer app. Please ask your administrator to check its id and secret under Settings → Networks.",
            detail(answer),
        ),
        status if status.is_client_error() => ConnectError::new(
            ConnectReason::Denied,
            "LinkedIn refused to connect. The consent may have grown too old: please try again.",
            detail(answer),
        ),
        status if status.is_server_error() => ConnectError::new(
            ConnectReason::BadAnswer,
            "LinkedIn has a problem of its own at the moment. Please try again later.",
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
