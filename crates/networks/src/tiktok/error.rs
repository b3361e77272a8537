//! What TikTok's refusals mean: developers.tiktok.com/doc/tiktok-api-v2-error-handling,
//! /doc/content-posting-api-reference-direct-post and /doc/content-posting-api-reference-get-video-status
//! (state of November 2026).

use std::time::Duration;

use kernel::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;

use crate::{
    descriptor::{KnownError, known},
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError, shorten},
    http::Answer,
};

use ErrorKind::{RateLimited, Reconnect, Refused, Temporary, TokenExpired};

const PERMISSION: &str = "AllIN lacks a permission that it needs on TikTok. Please connect the account again and leave every permission ticked.";
const BROKEN: &str = "TikTok has a problem of its own at the moment.";
const SPAM: &str =
    "TikTok takes this post for spam and refuses it. Please publish it in the TikTok app.";
const FORMAT: &str = "TikTok can't read the file. Please use MP4 with H.264, or JPEG for photos.";
const PULL: &str = "TikTok could not fetch the file from this server. AllIN tries again.";
const MANY_POSTS: &str = "This account has published as much through apps as TikTok allows in a day. AllIN tries again later.";
const BANNED: &str =
    "TikTok does not let this account publish at the moment. Please look into the TikTok app.";

/// Limits of 24 hours, of which nobody tells when they began.
const DAY_LIMIT: Duration = Duration::from_hours(6);

/// What TikTok's codes mean: those of answers, and the `fail_reason`s of posts.
pub(super) static TABLE: &[KnownError] = &[
    known(
        "access_token_invalid",
        TokenExpired,
        "TikTok's access for this account has expired.",
    ),
    known("scope_not_authorized", Reconnect, PERMISSION),
    known("scope_permission_missed", Reconnect, PERMISSION),
    known(
        "auth_removed",
        Reconnect,
        "Somebody withdrew AllIN's access in the TikTok app while it was publishing. Please connect the account again.",
    ),
    known(
        "rate_limit_exceeded",
        RateLimited,
        "TikTok takes no more requests for the moment. AllIN tries again soon.",
    )
    .after(Duration::from_mins(1)),
    known("spam_risk_too_many_posts", RateLimited, MANY_POSTS).after(DAY_LIMIT),
    known(
        "reached_active_user_cap",
        RateLimited,
        "The app has published for as many accounts today as TikTok allows it. AllIN tries again later; after TikTok's audit of the app the number grows.",
    )
    .after(DAY_LIMIT),
    known(
        "spam_risk_too_many_pending_share",
        Refused,
        "Five drafts wait in this account's TikTok inbox already. Please finish or discard them in the TikTok app first.",
    ),
    known("spam_risk_user_banned_from_posting", Refused, BANNED),
    known(
        "spam_risk_text",
        Refused,
        "TikTok takes the text for spam. Please change it.",
    ),
    known("spam_risk", Refused, SPAM),
    known(
        "unaudited_client_can_only_post_to_private_accounts",
        Refused,
        "TikTok has not audited the app yet. Until then it publishes only on accounts that are set to private in the TikTok app, and only for “Only me”.",
    ),
    known(
        "url_ownership_unverified",
        Refused,
        "TikTok fetches files only from addresses that belong to the app. Please ask your administrator to verify this server's address under “URL properties” in the TikTok developer portal.",
    ),
    known(
        "privacy_level_option_mismatch",
        Refused,
        "This account may not use that visibility any more. Please choose again who can see the post.",
    ),
    known(
        "invalid_param",
        Refused,
        "TikTok does not accept something that is said of the post. Please check its text and its options.",
    ),
    known(
        "invalid_params",
        Refused,
        "TikTok does not accept something that is said of the post. Please check its text and its options.",
    ),
    known("invalid_file_upload", Refused, FORMAT),
    known(
        "app_version_check_failed",
        Refused,
        "The TikTok app of this account is too old. Please update it.",
    ),
    known(
        "invalid_publish_id",
        Refused,
        "TikTok does not know this post any more. Please look into the TikTok app.",
    ),
    known(
        "token_not_authorized_for_specified_publish_id",
        Refused,
        "TikTok says that another account began this post. Please publish it anew.",
    ),
    known("internal_error", Temporary, BROKEN),
    known("internal", Temporary, BROKEN),
    known("file_format_check_failed", Refused, FORMAT),
    known(
        "duration_check_failed",
        Refused,
        "The video is longer or shorter than this account may publish on TikTok.",
    ),
    known(
        "frame_rate_check_failed",
        Refused,
        "TikTok takes videos of 23 to 60 pictures a second.",
    ),
    known(
        "picture_size_check_failed",
        Refused,
        "TikTok takes pictures of 360 to 4096 pixels on each side; photos up to 1080p.",
    ),
    known("video_pull_failed", Temporary, PULL),
    known("photo_pull_failed", Temporary, PULL),
    known(
        "publish_cancelled",
        Refused,
        "Somebody cancelled the post in the TikTok app.",
    ),
];

#[derive(Deserialize)]
struct Body {
    error: Failure,
}

#[derive(Default, Deserialize)]
struct Failure {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
    /// TikTok's support asks for it.
    #[serde(default)]
    log_id: String,
}

/// What an answer means unless it says `ok`.
pub(super) fn parse_error(answer: &Answer, now: Timestamp) -> Option<NetworkError> {
    let failure = answer
        .json()
        .map_or_else(|_| Failure::default(), |body: Body| body.error);
    if failure.code == "ok" && answer.status.is_success() {
        return None;
    }
    let detail = format!(
        "HTTP {} {}: {} (log {})",
        answer.status.as_u16(),
        failure.code,
        shorten(&failure.message),
        shorten(&failure.log_id)
    );
    if let Some(known) = KnownError::find(TABLE, &failure.code) {
        return Some(of_known(known, detail, answer.retry_after(now)));
    }
    Some(match answer.status {
        StatusCode::UNAUTHORIZED => NetworkError::refused(
            TokenExpired,
            "TikTok's access for this account has expired.",
            detail,
        ),
        StatusCode::TOO_MANY_REQUESTS => NetworkError::refused(
            RateLimited,
            "TikTok takes no more requests for the moment. AllIN tries again soon.",
            detail,
        )
        .with_retry_after(answer.retry_after(now).or(Some(Duration::from_mins(1)))),
        status if status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT => {
            let words = shorten(&failure.message);
            NetworkError::refused(
                Refused,
                format!("TikTok refused this: {words} ({})", shorten(&failure.code)),
                detail,
            )
        }
        status if status.is_success() && !failure.code.is_empty() => NetworkError::refused(
            Refused,
            format!(
                "TikTok refused this: {} ({})",
                shorten(&failure.message),
                shorten(&failure.code)
            ),
            detail,
        ),
        _ => NetworkError::unknown(BROKEN, detail).with_retry_after(answer.retry_after(now)),
    })
}

fn of_known(known: &KnownError, detail: String, retry_after: Option<Duration>) -> NetworkError {
    if known.kind == Temporary {
        return NetworkError::unknown(known.sentence, detail).with_retry_after(retry_after);
    }
    NetworkError::refused(known.kind, known.sentence, detail)
        .with_retry_after(retry_after.or(known.wait))
}

/// Why a post that TikTok had accepted was not published: `fail_reason`. Nothing is public.
pub(super) fn failed(reason: &str) -> NetworkError {
    let detail = format!("status FAILED, fail_reason {}", shorten(reason));
    match KnownError::find(TABLE, reason) {
        Some(known) => NetworkError::refused(known.kind, known.sentence, detail),
        None => NetworkError::refused(
            Refused,
            format!("TikTok did not publish the post: {}.", shorten(reason)),
            detail,
        ),
    }
}

/// An answer that says yes and can't be read: nobody knows what happened.
pub(super) fn unreadable(answer: &Answer, why: &str) -> NetworkError {
    NetworkError::unknown(
        "TikTok answered something that AllIN does not understand.",
        format!("HTTP {}: {why}", answer.status.as_u16()),
    )
}

#[derive(Default, Deserialize)]
struct TokenFailure {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
    #[serde(default)]
    log_id: String,
}

/// Why TikTok gives no token; `None` if it does. It may say no with HTTP 200:
/// developers.tiktok.com/doc/oauth-error-handling.
pub(super) fn parse_token_error(answer: &Answer, now: Timestamp) -> Option<NetworkError> {
    let failure: TokenFailure = answer.json().unwrap_or_default();
    if failure.error.is_empty() && answer.status.is_success() {
        return None;
    }
    let detail = format!(
        "HTTP {} {}: {} (log {})",
        answer.status.as_u16(),
        failure.error,
        shorten(&failure.error_description),
        shorten(&failure.log_id)
    );
    Some(match failure.error.as_str() {
        "invalid_grant" | "invalid_request" | "access_denied" => NetworkError::refused(
            Reconnect,
            "TikTok no longer lets AllIN act for this account. Please connect the account again.",
            detail,
        ),
        "invalid_client" | "unauthorized_client" => NetworkError::refused(
            Reconnect,
            "TikTok does not accept the app that AllIN connects with. Please ask your administrator to check its client key and secret.",
            detail,
        ),
        _ if answer.status.is_client_error() && answer.status != StatusCode::TOO_MANY_REQUESTS => {
            NetworkError::refused(
                Reconnect,
                "TikTok gave no access. Please connect the account again.",
                detail,
            )
        }
        _ => NetworkError::unknown(BROKEN, detail).with_retry_after(answer.retry_after(now)),
    })
}

/// A failure while connecting.
pub(super) fn connecting(error: NetworkError) -> ConnectError {
    let reason = match error.kind {
        Temporary => ConnectReason::BadAnswer,
        _ if error.detail.contains("_client:") => ConnectReason::AppNotAccepted,
        _ => ConnectReason::Denied,
    };
    ConnectError::new(reason, error.message, error.detail)
}
