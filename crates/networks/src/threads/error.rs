//! What refusals of Threads mean: the body is that of the Graph API
//! (developers.facebook.com/docs/graph-api/guides/error-handling, state of November 2026); codes
//! of its own are in the pages of the Threads documentation that name them.

use kernel::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;

use super::NAME;
use crate::{
    descriptor::{KnownError, known},
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError, shorten},
    http::Answer,
    meta::limit,
};

const RECONNECT: &str =
    "Threads no longer lets AllIN act for this account. Please connect the account again.";
const PERMISSION: &str = "AllIN lacks a permission that it needs on Threads. Please connect the account again and allow everything that is asked for.";
pub(super) const LIMITED: &str =
    "Threads allows no more of this for now. AllIN tries again when it does.";
const BUSY: &str = "Threads has a problem of its own at the moment.";

/// By code, or by code and subcode, which goes before.
pub(super) static TABLE: &[KnownError] = &[
    known("1", ErrorKind::Temporary, BUSY),
    known("2", ErrorKind::Temporary, BUSY),
    known("4", ErrorKind::RateLimited, LIMITED),
    known("9", ErrorKind::RateLimited, LIMITED).after(limit::PAUSE),
    known("10", ErrorKind::Reconnect, PERMISSION),
    known("17", ErrorKind::RateLimited, LIMITED),
    known(
        "24/4279009",
        ErrorKind::Temporary,
        "Threads is not done with the post yet. AllIN tries again shortly.",
    ),
    known("32", ErrorKind::RateLimited, LIMITED),
    known(
        "100/33",
        ErrorKind::Refused,
        "A post that this one refers to does not exist any more. Please look at what it quotes or answers.",
    ),
    known("102", ErrorKind::Reconnect, RECONNECT),
    known("190", ErrorKind::Reconnect, RECONNECT),
    known("190/463", ErrorKind::TokenExpired, RECONNECT),
    known("190/467", ErrorKind::TokenExpired, RECONNECT),
    known("200", ErrorKind::Reconnect, PERMISSION),
    known("341", ErrorKind::RateLimited, LIMITED),
    known(
        "368",
        ErrorKind::Refused,
        "Threads blocks this account from posting for now, or took the post for abuse. Please look at the account in the Threads app.",
    ),
    known(
        "506",
        ErrorKind::Refused,
        "Threads took this for a repetition of an earlier post. Please change the text and try again.",
    ),
    known("613", ErrorKind::RateLimited, LIMITED),
    known(
        "THREADS_API__LINK_LIMIT_EXCEEDED",
        ErrorKind::Refused,
        "Threads takes five different links in a post. Please remove some.",
    ),
    known(
        "FAILED_DOWNLOADING_VIDEO",
        ErrorKind::Refused,
        "Threads could not fetch the video from this installation. Its public address must be reachable from the internet; please ask your administrator.",
    ),
    known(
        "FAILED_PROCESSING_AUDIO",
        ErrorKind::Refused,
        "Threads could not process the sound of the video. Please attach one with AAC sound.",
    ),
    known(
        "FAILED_PROCESSING_VIDEO",
        ErrorKind::Refused,
        "Threads could not process the file. Please check that it plays from beginning to end, or attach another one.",
    ),
    known(
        "INVALID_ASPEC_RATIO",
        ErrorKind::Refused,
        "Threads does not take a video of this shape. Please attach one between 1:100 and 10:1.",
    ),
    known(
        "INVALID_BIT_RATE",
        ErrorKind::Refused,
        "The video has too many bits a second for Threads. Please attach a smaller one.",
    ),
    known(
        "INVALID_DURATION",
        ErrorKind::Refused,
        "The video is too long for Threads. Please attach one of at most five minutes.",
    ),
    known(
        "INVALID_FRAME_RATE",
        ErrorKind::Refused,
        "Threads takes videos of 23 to 60 pictures a second. Please attach another one.",
    ),
    known(
        "INVALID_AUDIO_CHANNELS",
        ErrorKind::Refused,
        "Threads takes sound in mono or stereo. Please attach another video.",
    ),
    known(
        "INVALID_AUDIO_CHANNEL_LAYOUT",
        ErrorKind::Refused,
        "Threads takes sound in mono or stereo. Please attach another video.",
    ),
];

#[derive(Deserialize)]
struct Body {
    error: Words,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Words {
    message: String,
    code: i64,
    error_subcode: Option<i64>,
    is_transient: bool,
    error_user_msg: Option<String>,
    fbtrace_id: Option<String>,
}

/// "Sample rejected response" of get-access-tokens-and-permissions.
#[derive(Deserialize)]
struct OauthWords {
    error_message: String,
}

fn words(answer: &Answer) -> Option<Words> {
    let body: Body = answer.json().ok()?;
    Some(body.error)
}

/// The code, joined with its subcode where it has one.
pub(super) fn code(answer: &Answer) -> Option<String> {
    let words = words(answer)?;
    Some(match words.error_subcode {
        Some(subcode) => format!("{}/{subcode}", words.code),
        None => words.code.to_string(),
    })
}

fn detail(answer: &Answer) -> String {
    let status = answer.status.as_u16();
    match words(answer) {
        Some(words) => format!(
            "HTTP {status}, code {}: {} (trace {})",
            code(answer).unwrap_or_default(),
            shorten(&words.message),
            shorten(words.fbtrace_id.as_deref().unwrap_or("none"))
        ),
        None => format!("HTTP {status}"),
    }
}

/// What an answer that is no success means.
pub(super) fn parse_error(answer: &Answer, now: Timestamp) -> NetworkError {
    let detail = detail(answer);
    let Some(words) = words(answer) else {
        if answer.status.is_client_error() {
            return NetworkError::refused(
                ErrorKind::Refused,
                "Threads refused this and gave no reason. Please change the post and try again.",
                detail,
            );
        }
        return NetworkError::unknown(BUSY, detail).with_retry_after(answer.retry_after(now));
    };
    let plain = words.code.to_string();
    let full = code(answer).unwrap_or_default();
    // Threads writes some codes of its own into the words.
    let named = TABLE
        .iter()
        .find(|known| known.code.starts_with("THREADS_") && words.message.contains(known.code));
    let known = named
        .or_else(|| KnownError::find(TABLE, &full))
        .or_else(|| KnownError::find(TABLE, &plain));
    let permission = (201..=299).contains(&words.code);
    let (kind, message) = match known {
        Some(known) => (known.kind, known.sentence.to_owned()),
        None if permission => (ErrorKind::Reconnect, PERMISSION.to_owned()),
        None if words.is_transient => (ErrorKind::Temporary, BUSY.to_owned()),
        None if answer.status.is_server_error() => (ErrorKind::Temporary, BUSY.to_owned()),
        None => {
            let said = words.error_user_msg.unwrap_or(words.message);
            (
                ErrorKind::Refused,
                format!(
                    "Threads refused the post: {}. Please change it and try again.",
                    shorten(said.trim_end_matches('.'))
                ),
            )
        }
    };
    if answer.status.is_server_error() {
        // It may have taken place nevertheless.
        return NetworkError::unknown(message, detail).with_retry_after(answer.retry_after(now));
    }
    let wait = answer
        .retry_after(now)
        .or(known.and_then(|known| known.wait));
    NetworkError::refused(kind, message, detail).with_retry_after(wait)
}

/// What the `error_message` of a container means.
pub(super) fn container_error(message: &str) -> NetworkError {
    let known = KnownError::find(TABLE, message)
        // The documentation spells it wrongly; the API may learn.
        .or_else(|| {
            message
                .starts_with("INVALID_ASPEC")
                .then(|| KnownError::find(TABLE, "INVALID_ASPEC_RATIO"))
                .flatten()
        });
    let sentence = known.map_or_else(
        || {
            format!(
                "Threads could not prepare the post: {}. Please try again, or attach another file.",
                shorten(message)
            )
        },
        |known| known.sentence.to_owned(),
    );
    NetworkError::refused(
        ErrorKind::Refused,
        sentence,
        format!("container: {}", shorten(message)),
    )
}

/// An answer that says yes and can't be read: nobody knows what happened.
pub(super) fn unreadable(answer: &Answer, error: &serde_json::Error) -> NetworkError {
    NetworkError::unknown(
        "Threads answered something that AllIN does not understand.",
        format!("HTTP {}, no valid JSON: {error}", answer.status.as_u16()),
    )
}

/// What an answer that is no success means while connecting.
pub(super) fn parse_connect_error(answer: &Answer) -> ConnectError {
    let said = answer
        .json()
        .ok()
        .map(|words: OauthWords| words.error_message)
        .or_else(|| words(answer).map(|words| words.message));
    let detail = detail(answer);
    match answer.status {
        status if status.is_server_error() => ConnectError::new(
            ConnectReason::BadAnswer,
            "Threads has a problem of its own at the moment. Please try again later.",
            detail,
        ),
        StatusCode::TOO_MANY_REQUESTS => ConnectError::new(
            ConnectReason::Denied,
            "Threads allows no more requests for now. Please try again in a few minutes.",
            detail,
        ),
        status if status.is_client_error() => ConnectError::new(
            ConnectReason::Denied,
            match &said {
                Some(said) => format!(
                    "Threads refused to connect: {}. Please try again.",
                    shorten(said.trim_end_matches('.'))
                ),
                None => {
                    "Threads refused to connect, without a reason. Please try again.".to_owned()
                }
            },
            match said {
                Some(said) => format!("{detail}: {}", shorten(&said)),
                None => detail,
            },
        ),
        _ => bad_answer(detail),
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
