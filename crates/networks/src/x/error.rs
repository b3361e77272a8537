//! What X's refusals mean: docs.x.com/x-api/fundamentals/response-codes-and-errors and the
//! `…Problem` schemas of the OpenAPI 2.167, state of November 2026. A body is a problem of
//! RFC 7807, `{"title", "detail", "type", "status"}`. Much is told by the words of `detail`
//! alone; those below were seen in answers of 2026. The token endpoint answers by RFC 6749.

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
    "X no longer lets AllIN act for this account. Please connect the account again.";
const PERMISSION: &str = "AllIN lacks a permission that it needs on X. Please connect the account again, and check with your administrator that the developer app may read and write.";
const LIMITED: &str = "X allows no more requests for now. AllIN tries again when it does.";
const MEDIA: &str = "X does not accept one of the files: it breaks X's rules for media, or it is too old by now. Please save the file in another form and attach it again.";

/// The code of a refusal of the same text.
pub(super) const DUPLICATE: &str = "duplicate-content";
/// The code of what is gone, or never was there.
const NOT_FOUND: &str = "resource-not-found";

/// By the last word of `type`; where that is `about:blank`, by a word of ours for what `detail`
/// says.
pub(super) const TABLE: &[KnownError] = &[
    known("unauthorized", ErrorKind::TokenExpired, RECONNECT),
    known(
        "unsupported-authentication",
        ErrorKind::Reconnect,
        PERMISSION,
    ),
    known(
        "client-forbidden",
        ErrorKind::Refused,
        "X does not let AllIN's developer app do this. Please ask your administrator to look at the app at console.x.com.",
    ),
    known("forbidden", ErrorKind::Reconnect, PERMISSION),
    known(
        "not-authorized-for-resource",
        ErrorKind::Refused,
        "X does not let this account see or do that: the other post or account is protected.",
    ),
    known(
        "credits",
        ErrorKind::Refused,
        "X publishes nothing because the credit of AllIN's developer app is used up. Please ask your administrator to buy credit at console.x.com, then publish again.",
    ),
    known(
        "credits-depleted",
        ErrorKind::Refused,
        "X publishes nothing because the credit of AllIN's developer app is used up. Please ask your administrator to buy credit at console.x.com, then publish again.",
    ),
    known(
        "usage-capped",
        ErrorKind::RateLimited,
        "AllIN's developer app has reached its limit on X. AllIN tries again when it resets; your administrator can raise it at console.x.com.",
    ),
    known("rate-limit-exceeded", ErrorKind::RateLimited, LIMITED),
    known("too-many-requests", ErrorKind::RateLimited, LIMITED),
    known(
        DUPLICATE,
        ErrorKind::Refused,
        "X does not accept the same text twice within a short time. Please change the text and publish again.",
    ),
    known(
        "reply-not-allowed",
        ErrorKind::Refused,
        "X lets apps answer a post only if its author mentioned or quoted this account. Please answer it on X itself.",
    ),
    known(
        "quote-not-allowed",
        ErrorKind::Refused,
        "X does not let AllIN's developer app quote posts; that needs an enterprise plan. Please quote it on X itself.",
    ),
    known(
        "suspended",
        ErrorKind::Refused,
        "X has locked or suspended this account. Please log in on X and follow what it says there.",
    ),
    known("invalid-media", ErrorKind::Refused, MEDIA),
    known(
        "too-long",
        ErrorKind::Refused,
        "X finds the text too long for this account. Please shorten it.",
    ),
    known(
        NOT_FOUND,
        ErrorKind::Refused,
        "X can't find the post or account that this one refers to; it may be deleted.",
    ),
];

/// What `detail` says where `type` says nothing, by a piece of it in small letters.
const DETAILS: &[(&str, &str)] = &[
    ("duplicate content", DUPLICATE),
    (
        "have not been mentioned or otherwise engaged",
        "reply-not-allowed",
    ),
    ("permitted to reply", "reply-not-allowed"),
    ("restricted who can reply", "reply-not-allowed"),
    ("quot", "quote-not-allowed"),
    ("media ids are invalid", "invalid-media"),
    ("media id is invalid", "invalid-media"),
    ("video longer than", "invalid-media"),
    ("does not have any credits", "credits"),
    ("suspended", "suspended"),
    ("temporarily locked", "suspended"),
    ("too long", "too-long"),
];

#[derive(Default, Deserialize)]
struct Words {
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    errors: Vec<Inner>,
    /// RFC 6749 §5.2.
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

/// One of the problems inside a problem.
#[derive(Default, Deserialize)]
struct Inner {
    #[serde(default)]
    message: String,
}

impl Words {
    fn of(answer: &Answer) -> Self {
        answer.json().unwrap_or_default()
    }

    /// What X says, the most exact words first.
    fn said(&self) -> &str {
        let inner = self.errors.first().map_or("", |inner| &inner.message);
        [inner, &self.detail, &self.error_description, &self.title]
            .into_iter()
            .find(|words| !words.is_empty())
            .unwrap_or_default()
    }

    /// The code in [`TABLE`].
    fn code(&self, status: StatusCode) -> String {
        let said = format!("{} {}", self.said(), self.detail).to_lowercase();
        let by_detail = DETAILS.iter().find(|(piece, _)| said.contains(piece));
        if let Some((_, code)) = by_detail {
            return (*code).to_owned();
        }
        match self.kind.rsplit('/').next().unwrap_or_default() {
            "" | "about:blank" => match status {
                StatusCode::UNAUTHORIZED => "unauthorized",
                StatusCode::TOO_MANY_REQUESTS => "too-many-requests",
                StatusCode::PAYMENT_REQUIRED => "credits",
                StatusCode::NOT_FOUND => NOT_FOUND,
                // A missing scope has no words but these.
                StatusCode::FORBIDDEN if matches!(self.said(), "" | "Forbidden") => "forbidden",
                _ => "",
            },
            kind => kind,
        }
        .to_owned()
    }
}

/// The code of a refusal, as [`TABLE`] has it.
pub(super) fn code(answer: &Answer) -> String {
    Words::of(answer).code(answer.status)
}

fn detail(answer: &Answer) -> String {
    let words = Words::of(answer);
    format!(
        "HTTP {}, {} {}: {} (transaction {})",
        answer.status.as_u16(),
        shorten(&words.kind),
        shorten(&words.error),
        shorten(words.said()),
        shorten(answer.header("x-transaction-id").unwrap_or("none")),
    )
}

/// How long until the limit resets. Of the day's limits only one that is used up counts:
/// docs.x.com/x-api/fundamentals/rate-limits.
fn reset(answer: &Answer, now: Timestamp) -> Option<Duration> {
    let used_up = |name: &str| answer.header(&format!("{name}-remaining")) == Some("0");
    let names = ["x-user-limit-24hour", "x-app-limit-24hour"];
    let name = names
        .into_iter()
        .find(|name| used_up(name))
        .unwrap_or("x-rate-limit");
    answer
        .header(&format!("{name}-reset"))
        .and_then(|text| text.trim().parse::<i64>().ok())
        .map(|seconds| Timestamp::from_micros(seconds.saturating_mul(1_000_000)).since(now))
        .or_else(|| answer.retry_after(now))
}

/// What an answer that is no success means.
pub(super) fn parse_error(answer: &Answer, now: Timestamp) -> NetworkError {
    let words = Words::of(answer);
    let detail = detail(answer);
    if answer.status.is_server_error() || answer.status == StatusCode::REQUEST_TIMEOUT {
        return NetworkError::unknown("X has a problem of its own at the moment.", detail)
            .with_retry_after(answer.retry_after(now));
    }
    if let Some(known) = KnownError::find(TABLE, &words.code(answer.status)) {
        let wait = (known.kind == ErrorKind::RateLimited)
            .then(|| reset(answer, now))
            .flatten();
        return NetworkError::refused(known.kind, known.sentence, detail).with_retry_after(wait);
    }
    if !answer.status.is_client_error() {
        return NetworkError::unknown(
            "X answered something that AllIN does not understand.",
            detail,
        );
    }
    let message = match words.said() {
        "" => "X refused this and gave no reason. Please change the post and try again.".to_owned(),
        said => format!(
            "X refused this: {} Please change the post and try again.",
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

/// What a refusal of a new token means. X says `invalid_request` to a refresh token that was used
/// or withdrawn.
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
        "X answered something that AllIN does not understand.",
        format!("HTTP {}, no valid JSON: {error}", answer.status.as_u16()),
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
            "X allows no more requests for now. Please try again in a few minutes.",
            detail(answer),
        ),
        _ if answer.status == StatusCode::UNAUTHORIZED
            || matches!(
                words.error.as_str(),
                "invalid_client" | "unauthorized_client"
            ) =>
        {
            ConnectError::new(
                ConnectReason::AppNotAccepted,
                "X does not know AllIN's developer app. Please ask your administrator to check its id and secret under Settings → Networks.",
                detail(answer),
            )
        }
        status if status.is_client_error() => ConnectError::new(
            ConnectReason::Denied,
            match KnownError::find(TABLE, &words.code(status)) {
                Some(known) if known.kind == ErrorKind::Refused => known.sentence.to_owned(),
                _ => "X refused to connect. The consent may have grown too old: please try again."
                    .to_owned(),
            },
            detail(answer),
        ),
        status if status.is_server_error() => ConnectError::new(
            ConnectReason::BadAnswer,
            "X has a problem of its own at the moment. Please try again later.",
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
