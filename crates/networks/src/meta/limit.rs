//! How many posts an account may still publish by programs: `content_publishing_limit` of Instagram
//! (*IG User Content Publishing Limit*) and `threads_publishing_limit` of Threads (*Overview*,
//! "Posts"), which answer alike.
//!
//! It is asked before anything is uploaded, for it knows what AllIN does not: posts of other
//! programs, and the limit that holds for this account.

use std::time::Duration;

use kernel::Timestamp;
use serde::Deserialize;
use serde_json::json;

use crate::{
    connector::{StepAnswer, StepWork},
    error::{ErrorKind, NetworkError},
};

/// When it is worth trying again: the limit is of a moving day, and nobody tells when its oldest
/// post leaves it. With all tries, a day has passed.
pub(crate) const PAUSE: Duration = Duration::from_hours(3);
/// What is read.
pub(crate) const FIELDS: [(&str, &str); 1] = [("fields", "quota_usage,config")];
/// Longer before a post is due than this, what is used up says little about the room at its time.
const EARLY: Duration = Duration::from_mins(5);

/// What the limit endpoint answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Limits {
    data: Vec<Limit>,
}

#[derive(Debug, Deserialize)]
struct Limit {
    quota_usage: u64,
    config: Config,
}

#[derive(Debug, Deserialize)]
struct Config {
    quota_total: u64,
}

/// Whether the limit says anything about a post that is being published `now`.
pub(crate) fn matters(work: &StepWork<'_>, now: Timestamp) -> bool {
    work.request.due_at.since(now) <= EARLY
}

/// What asking means for the post: it waits if the limit is used up, told by `sentence`. If nobody
/// knows, it goes on, and the network will say so itself.
pub(crate) fn answer(
    asked: Result<Limits, NetworkError>,
    sentence: &str,
) -> Result<StepAnswer, NetworkError> {
    let limits = match asked {
        Ok(limits) => limits.data,
        Err(error) if matches!(error.kind, ErrorKind::TokenExpired | ErrorKind::Reconnect) => {
            return Err(error);
        }
        Err(_) => Vec::new(),
    };
    let full = limits
        .iter()
        .find(|limit| limit.quota_usage >= limit.config.quota_total);
    let Some(full) = full else {
        return Ok(StepAnswer::Done(json!({})));
    };
    let detail = format!("{} of {} posts", full.quota_usage, full.config.quota_total);
    Err(
        NetworkError::not_sent(ErrorKind::RateLimited, sentence, detail)
            .with_retry_after(Some(PAUSE)),
    )
}
