//! What YouTube's refusals mean: developers.google.com/youtube/data/reference/rest/v3/errors and
//! the tables of each method, state of November 2026. Google's APIs put the word that counts into
//! `error.errors[0].reason`; its sentences may change at any time.

use std::time::Duration;

use jiff::{civil::Time, tz::TimeZone};
use kernel::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;

use super::api::NAME;
use crate::{
    descriptor::{KnownError, known},
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError, shorten},
    http::Answer,
};

use ErrorKind::{RateLimited, Reconnect, Refused, Temporary, TokenExpired};

const NO_CHANNEL: &str = "This Google account has no YouTube channel. Please create one on youtube.com, and connect the account again.";
const EXPIRED: &str = "YouTube's access for this account has expired.";
const CLOSED: &str =
    "YouTube has closed or suspended this channel, so nothing can be published on it.";
const DAILY_QUOTA: &str = "The app's daily quota at YouTube is used up. It begins anew at midnight in California, and AllIN tries again then.";
const BUSY: &str = "YouTube takes no more requests for the moment. AllIN tries again soon.";
const GONE: &str = "The video is not on YouTube any more.";
const BROKEN: &str = "YouTube has a problem of its own at the moment.";

/// What YouTube's reasons mean.
pub(super) static TABLE: &[KnownError] = &[
    known("authError", TokenExpired, EXPIRED),
    known("authorizationRequired", TokenExpired, EXPIRED),
    known("expired", TokenExpired, EXPIRED),
    known("required", TokenExpired, EXPIRED),
    known("youtubeSignupRequired", Reconnect, NO_CHANNEL),
    known("authenticatedUserNotChannel", Reconnect, NO_CHANNEL),
    known(
        "insufficientPermissions",
        Reconnect,
        "AllIN lacks a permission that it needs on YouTube. Please connect the account again and leave every box ticked.",
    ),
    known("authenticatedUserAccountClosed", Refused, CLOSED),
    known("authenticatedUserAccountSuspended", Refused, CLOSED),
    known("channelClosed", Refused, CLOSED),
    known("channelSuspended", Refused, CLOSED),
    known("quotaExceeded", RateLimited, DAILY_QUOTA),
    known("dailyLimitExceeded", RateLimited, DAILY_QUOTA),
    known("rateLimitExceeded", RateLimited, BUSY),
    known("userRateLimitExceeded", RateLimited, BUSY),
    known("servingLimitExceeded", RateLimited, BUSY),
    known(
        "uploadRateLimitExceeded",
        RateLimited,
        "This channel has set too many thumbnails lately. AllIN tries again later.",
    ),
    known(
        "uploadLimitExceeded",
        RateLimited,
        "This channel has uploaded as many videos as YouTube allows in a day. AllIN tries again tomorrow.",
    ),
    known(
        "accessNotConfigured",
        Refused,
        "The YouTube Data API is not switched on for the app in the Google Cloud console. Please ask your administrator to enable it.",
    ),
    known(
        "forbiddenPrivacySetting",
        Refused,
        "YouTube does not let this channel use that visibility. Please choose another one.",
    ),
    known(
        "forbiddenLicenseSetting",
        Refused,
        "YouTube does not let this channel use that licence. Please choose the other one.",
    ),
    known(
        "forbiddenEmbedSetting",
        Refused,
        "YouTube does not let this channel change whether its videos can be embedded. Please leave embedding on.",
    ),
    known(
        "invalidTitle",
        Refused,
        "YouTube does not accept the title. It may have 100 characters and no < or >.",
    ),
    known(
        "invalidDescription",
        Refused,
        "YouTube does not accept the text. It may have 5000 bytes and no < or >.",
    ),
    known(
        "invalidTags",
        Refused,
        "YouTube does not accept the tags. Together they may have 500 characters.",
    ),
    known(
        "invalidCategoryId",
        Refused,
        "YouTube does not know that category. Please choose another one.",
    ),
    known(
        "invalidPublishAt",
        Refused,
        "YouTube does not accept the time at which the video is to become public. Please choose one in the future.",
    ),
    known(
        "invalidVideoMetadata",
        Refused,
        "YouTube does not accept what is said of the video. Please check title and category.",
    ),
    known(
        "invalidRecordingDetails",
        Refused,
        "YouTube does not accept what is said of the recording.",
    ),
    known(
        "defaultLanguageNotSet",
        Refused,
        "Please choose the language of the title and the text.",
    ),
    known(
        "mediaBodyRequired",
        Refused,
        "The file did not reach YouTube.",
    ),
    known(
        "invalidImage",
        Refused,
        "YouTube can't read the thumbnail. Please choose another image.",
    ),
    known(
        "invalidMetadata",
        Refused,
        "YouTube does not accept the captions. Please check their language.",
    ),
    known(
        "nameTooLong",
        Refused,
        "The name of the captions is too long.",
    ),
    known("contentRequired", Refused, "The file of captions is empty."),
    known(
        "commentsDisabled",
        Refused,
        "Comments are turned off for this video.",
    ),
    known(
        "commentTextTooLong",
        Refused,
        "The comment is too long for YouTube.",
    ),
    known("commentTextRequired", Refused, "The comment is empty."),
    known(
        "parentCommentIsPrivate",
        Refused,
        "That comment is not public, so it can't be answered.",
    ),
    known(
        "operationNotSupported",
        Refused,
        "YouTube lets nobody answer that comment.",
    ),
    known("videoNotFound", Refused, GONE),
    known(
        "playlistNotFound",
        Refused,
        "That playlist is not on YouTube any more. Please choose another one.",
    ),
    known(
        "playlistContainsMaximumNumberOfVideos",
        Refused,
        "That playlist is full. Please choose another one.",
    ),
    known(
        "playlistItemsNotAccessible",
        Refused,
        "This channel can't add to that playlist. Please choose another one.",
    ),
    known(
        "commentNotFound",
        Refused,
        "That comment is not on YouTube any more.",
    ),
    known(
        "parentCommentNotFound",
        Refused,
        "That comment is not on YouTube any more.",
    ),
    known(
        "uploadTooLarge",
        Refused,
        "The file is larger than YouTube takes.",
    ),
    known("internalError", Temporary, BROKEN),
    known("backendError", Temporary, BROKEN),
    known("notReady", Temporary, BROKEN),
];

#[derive(Deserialize)]
struct Body {
    error: Failure,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(default)]
    message: String,
    #[serde(default)]
    errors: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    reason: String,
}

impl Failure {
    fn of(answer: &Answer) -> Option<Self> {
        answer.json().ok().map(|body: Body| body.error)
    }

    fn reason(&self) -> &str {
        self.errors.first().map_or("", |item| item.reason.as_str())
    }
}

/// The word that says why YouTube refused; empty where it said nothing that can be read.
pub(super) fn reason(answer: &Answer) -> String {
    Failure::of(answer).map_or_else(String::new, |failure| failure.reason().to_owned())
}

/// What an answer that is no success means.
pub(super) fn parse_error(answer: &Answer, now: Timestamp) -> NetworkError {
    let failure = Failure::of(answer);
    let reason = failure.as_ref().map_or("", Failure::reason);
    let words = failure
        .as_ref()
        .map(|failure| shorten(&failure.message))
        .filter(|words| !words.is_empty());
    let detail = format!(
        "HTTP {} {reason}: {}",
        answer.status.as_u16(),
        words.as_deref().unwrap_or("no words")
    );
    if let Some(known) = KnownError::find(TABLE, reason) {
        if known.kind == Temporary {
            return NetworkError::unknown(known.sentence, detail)
                .with_retry_after(answer.retry_after(now));
        }
        return NetworkError::refused(known.kind, known.sentence, detail)
            .with_retry_after(wait(reason, answer, now));
    }
    let words = words.unwrap_or_else(|| "it gave no reason".to_owned());
    match answer.status {
        StatusCode::UNAUTHORIZED => NetworkError::refused(TokenExpired, EXPIRED, detail),
        StatusCode::TOO_MANY_REQUESTS => NetworkError::refused(RateLimited, BUSY, detail)
            .with_retry_after(answer.retry_after(now)),
        status if status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT => {
            NetworkError::refused(
                Refused,
                format!("YouTube refused this: {words}. Please change the post and try again."),
                detail,
            )
        }
        _ => NetworkError::unknown(BROKEN, detail).with_retry_after(answer.retry_after(now)),
    }
}

/// When a limit is lifted, as the documentation says; YouTube's answers do not tell.
fn wait(reason: &str, answer: &Answer, now: Timestamp) -> Option<Duration> {
    match reason {
        "quotaExceeded" | "dailyLimitExceeded" => Some(until_midnight_in_california(now)),
        "uploadLimitExceeded" => Some(Duration::from_hours(24)),
        _ => answer.retry_after(now),
    }
}

/// Daily quotas begin anew at midnight Pacific Time.
fn until_midnight_in_california(now: Timestamp) -> Duration {
    // Without a time zone database: standard time, which is an hour late in summer.
    let zone = TimeZone::get("America/Los_Angeles")
        .unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(-8)));
    let day = now.to_jiff().to_zoned(zone.clone()).date();
    day.tomorrow()
        .ok()
        .and_then(|tomorrow| tomorrow.to_datetime(Time::midnight()).to_zoned(zone).ok())
        .map_or(Duration::from_hours(24), |midnight| {
            Timestamp::from(midnight.timestamp()).since(now)
        })
}

/// An answer that says yes and can't be read: nobody knows what happened.
pub(super) fn unreadable(answer: &Answer, error: &serde_json::Error) -> NetworkError {
    NetworkError::unknown(
        "YouTube answered something that AllIN does not understand.",
        format!("HTTP {}, no valid JSON: {error}", answer.status.as_u16()),
    )
}

/// An address that can't be spoken to.
pub(super) fn address(error: url::ParseError) -> NetworkError {
    NetworkError::not_sent(
        Refused,
        "YouTube's address in the settings can't be used. Please ask your administrator.",
        error.to_string(),
    )
}

#[derive(Deserialize)]
struct TokenFailure {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// Why Google gives no token: developers.google.com/identity/protocols/oauth2/web-server.
pub(super) fn parse_token_error(answer: &Answer, now: Timestamp) -> NetworkError {
    let failure: Option<TokenFailure> = answer.json().ok();
    let code = failure.as_ref().map_or("", |failure| &failure.error);
    let detail = format!(
        "HTTP {} {code}: {}",
        answer.status.as_u16(),
        failure
            .as_ref()
            .map_or_else(String::new, |failure| shorten(&failure.error_description))
    );
    match code {
        "invalid_grant" => NetworkError::refused(
            Reconnect,
            "Google no longer lets AllIN act for this account. Please connect the account again.",
            detail,
        ),
        "invalid_client" | "unauthorized_client" | "deleted_client" => NetworkError::refused(
            Reconnect,
            "Google does not accept the app that AllIN connects with. Please ask your administrator to check its client id and secret.",
            detail,
        ),
        _ if answer.status == StatusCode::TOO_MANY_REQUESTS => {
            NetworkError::refused(RateLimited, BUSY, detail)
                .with_retry_after(answer.retry_after(now))
        }
        _ => NetworkError::unknown(BROKEN, detail).with_retry_after(answer.retry_after(now)),
    }
}

/// The word of a token endpoint's refusal; empty where it is none.
pub(super) fn token_code(answer: &Answer) -> String {
    answer
        .json()
        .map_or_else(|_| String::new(), |failure: TokenFailure| failure.error)
}

/// A failure while connecting.
pub(super) fn connecting(error: NetworkError) -> ConnectError {
    let reason = match error.kind {
        Temporary => ConnectReason::BadAnswer,
        _ if error.detail.contains("_client") => ConnectReason::AppNotAccepted,
        _ if error.message == NO_CHANNEL => ConnectReason::NothingToConnect,
        _ => ConnectReason::Denied,
    };
    ConnectError::new(reason, error.message, error.detail)
}

/// An answer that can't be understood while connecting.
pub(super) fn bad_answer(detail: impl Into<String>) -> ConnectError {
    ConnectError::new(
        ConnectReason::BadAnswer,
        format!(
            "{NAME} answered something that AllIN does not understand. Please try again in a few minutes."
        ),
        detail,
    )
}
