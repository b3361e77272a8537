//! What Graph's refusals mean: *Handling errors* and *Rate limits* (v26.0, September 2026).

use std::{collections::BTreeMap, time::Duration};

use kernel::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::Graph;
use crate::{
    descriptor::{KnownError, known},
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError, shorten},
    http::Answer,
};

const RECONNECT: &str =
    "Meta no longer lets AllIN act for this account. Please connect the account again.";
const PERMISSION: &str = "AllIN lacks a permission that it needs for this account. Please connect the account again and allow everything that is asked for.";
const LIMITED: &str =
    "Meta allows no more requests for this account for now. AllIN tries again when it does.";

/// By code, or by code and subcode: `190/460`.
pub(crate) static TABLE: &[KnownError] = &[
    known(
        "1",
        ErrorKind::Temporary,
        "Meta has a problem of its own at the moment.",
    ),
    known(
        "2",
        ErrorKind::Temporary,
        "Meta has a problem of its own at the moment.",
    ),
    known("3", ErrorKind::Reconnect, PERMISSION),
    known("4", ErrorKind::RateLimited, LIMITED),
    known("10", ErrorKind::Reconnect, PERMISSION),
    known("17", ErrorKind::RateLimited, LIMITED),
    known("32", ErrorKind::RateLimited, LIMITED),
    known(
        "100/33",
        ErrorKind::Refused,
        "What this is about does not exist any more, or AllIN may not see it. Please check the account, or connect it again.",
    ),
    known("102", ErrorKind::Reconnect, RECONNECT),
    known("190", ErrorKind::Reconnect, RECONNECT),
    known(
        "190/458",
        ErrorKind::Reconnect,
        "Somebody removed AllIN from the business integrations of this account. Please connect the account again.",
    ),
    known(
        "190/459",
        ErrorKind::Reconnect,
        "Facebook wants the person who connected this account to log in at facebook.com first. Please do so, and connect the account again.",
    ),
    known(
        "190/460",
        ErrorKind::Reconnect,
        "The password of the person who connected this account was changed. Please connect the account again.",
    ),
    known("190/463", ErrorKind::TokenExpired, RECONNECT),
    known("190/464", ErrorKind::Reconnect, RECONNECT),
    known("190/467", ErrorKind::Reconnect, RECONNECT),
    known(
        "190/492",
        ErrorKind::Reconnect,
        "The person who connected this account no longer has a role on its Page. Please let somebody who has one connect it again.",
    ),
    known("341", ErrorKind::RateLimited, LIMITED),
    known(
        "368",
        ErrorKind::Refused,
        "Meta blocks this account from posting for the moment, because of its rules. Please look into the account on Facebook, and try again later.",
    ),
    known("613", ErrorKind::RateLimited, LIMITED),
];

/// The body of a refusal.
#[derive(Default, Deserialize)]
struct Body {
    #[serde(default)]
    error: Words,
}

/// What it says.
#[derive(Default, Deserialize)]
pub(crate) struct Words {
    #[serde(default)]
    message: String,
    #[serde(default)]
    code: i64,
    error_subcode: Option<i64>,
    error_user_msg: Option<String>,
    #[serde(default)]
    is_transient: bool,
    fbtrace_id: Option<String>,
    /// Where an upload goes on, for example.
    #[serde(default)]
    pub(crate) error_data: Value,
}

impl Words {
    pub(crate) fn of(answer: &Answer) -> Self {
        let body: Body = answer.json().unwrap_or_default();
        body.error
    }

    /// `190/460`, or `190` without a subcode.
    pub(crate) fn key(&self) -> String {
        match self.error_subcode {
            Some(subcode) => format!("{}/{subcode}", self.code),
            None => self.code.to_string(),
        }
    }

    fn detail(&self, answer: &Answer) -> String {
        format!(
            "HTTP {}, code {}: {} (trace {})",
            answer.status.as_u16(),
            self.key(),
            shorten(&self.message),
            shorten(self.fbtrace_id.as_deref().unwrap_or("none")),
        )
    }

    /// The words for the person where there are any, or those for the program.
    fn own(&self) -> String {
        let words = self.error_user_msg.as_deref().unwrap_or(&self.message);
        let words = shorten(words.trim().trim_end_matches('.'));
        // `(#100) …`
        words
            .split_once(") ")
            .filter(|(code, _)| code.starts_with("(#"))
            .map_or_else(|| words.clone(), |(_, rest)| rest.to_owned())
    }
}

/// Whether the answer says that there is no such object.
pub(crate) fn is_gone(answer: &Answer) -> bool {
    Words::of(answer).key() == "100/33" || answer.status == StatusCode::NOT_FOUND
}

/// How long until requests are let through: minutes of `X-Business-Use-Case-Usage`.
fn regained(answer: &Answer) -> Option<Duration> {
    #[derive(Deserialize)]
    struct Usage {
        #[serde(default)]
        estimated_time_to_regain_access: u64,
    }
    let usage: BTreeMap<String, Vec<Usage>> =
        serde_json::from_str(answer.header("x-business-use-case-usage")?).ok()?;
    let minutes = usage
        .values()
        .flatten()
        .map(|usage| usage.estimated_time_to_regain_access)
        .max()?;
    (minutes > 0).then(|| Duration::from_secs(minutes * 60))
}

impl Graph {
    /// What an answer that is no success means.
    pub(crate) fn parse_error(&self, answer: &Answer, now: Timestamp) -> NetworkError {
        let words = Words::of(answer);
        let detail = words.detail(answer);
        let (kind, message) = self.meaning(answer, &words);
        if kind == ErrorKind::Temporary && words.code != 0 && answer.status.is_client_error() {
            // It says what is wrong: surely nothing was done.
            return NetworkError::refused(kind, message, detail)
                .with_retry_after(answer.retry_after(now));
        }
        if kind == ErrorKind::Temporary {
            return NetworkError::unknown(message, detail)
                .with_retry_after(answer.retry_after(now));
        }
        let wait = (kind == ErrorKind::RateLimited)
            .then(|| regained(answer).or_else(|| answer.retry_after(now)))
            .flatten()
            .or_else(|| self.known(&words)?.wait);
        NetworkError::refused(kind, message, detail).with_retry_after(wait)
    }

    fn known(&self, words: &Words) -> Option<&'static KnownError> {
        let keys = [words.key(), words.code.to_string()];
        keys.iter().find_map(|key| {
            KnownError::find(self.errors, key).or_else(|| KnownError::find(TABLE, key))
        })
    }

    fn meaning(&self, answer: &Answer, words: &Words) -> (ErrorKind, String) {
        if let Some(known) = self.known(words) {
            return (known.kind, known.sentence.to_owned());
        }
        match words.code {
            200..=299 => (ErrorKind::Reconnect, PERMISSION.to_owned()),
            // Business use case limits: 80001 of Pages, 80002 of Instagram.
            80_000..=80_099 => (ErrorKind::RateLimited, LIMITED.to_owned()),
            _ if answer.status == StatusCode::TOO_MANY_REQUESTS => {
                (ErrorKind::RateLimited, LIMITED.to_owned())
            }
            _ if words.is_transient
                || answer.status.is_server_error()
                || answer.status == StatusCode::REQUEST_TIMEOUT
                || words.code == 0 && !answer.status.is_client_error() =>
            {
                (
                    ErrorKind::Temporary,
                    format!("{} has a problem of its own at the moment.", self.name),
                )
            }
            _ if words.own().is_empty() => (
                ErrorKind::Refused,
                format!(
                    "{} refused this and gave no reason. Please change the post and try again.",
                    self.name
                ),
            ),
            _ => (
                ErrorKind::Refused,
                format!(
                    "{} refused this: {}. Please change the post and try again.",
                    self.name,
                    words.own()
                ),
            ),
        }
    }

    /// What an answer that is no success means while connecting.
    pub(crate) fn parse_connect_error(&self, answer: &Answer) -> ConnectError {
        let words = Words::of(answer);
        let detail = words.detail(answer);
        let name = self.name;
        // 36007, 36009: the code is too old, or was used.
        let (reason, message) = if matches!(words.error_subcode, Some(36_007 | 36_009)) {
            (
                ConnectReason::Denied,
                format!("{name}'s answer was too old or was used already. Please connect again."),
            )
        } else if words.message.contains("client secret") || matches!(words.code, 101) {
            (
                ConnectReason::AppNotAccepted,
                "Meta does not know this app id and secret. Please compare both with your app at developers.facebook.com/apps, under App settings → Basic.".to_owned(),
            )
        } else if words.message.contains("redirect_uri") {
            (
                ConnectReason::AppNotAccepted,
                "Meta does not accept AllIN's address for coming back. Please add it to the app, under Facebook Login → Settings → Valid OAuth Redirect URIs.".to_owned(),
            )
        } else if answer.status.is_server_error() || words.is_transient {
            (
                ConnectReason::BadAnswer,
                format!("{name} has a problem of its own at the moment. Please try again later."),
            )
        } else {
            (
                ConnectReason::Denied,
                format!("{name} refused to connect: {}.", words.own()),
            )
        };
        ConnectError::new(reason, message, detail)
    }
}

/// An answer that says yes and can't be read: nobody knows what happened.
pub(crate) fn unreadable(name: &str, answer: &Answer, error: &serde_json::Error) -> NetworkError {
    NetworkError::unknown(
        format!("{name} answered something that AllIN does not understand."),
        format!("HTTP {}, no valid JSON: {error}", answer.status.as_u16()),
    )
}
