//! Polls, as docs.joinmastodon.org/methods/statuses and /methods/polls describe them.

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
};
use kernel::Timestamp;
use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

use super::{Net, entity::poll_entity, is_true, refusal, state::Poll};
use crate::kit::{Answer, Params};

/// Choices of one poll.
pub(super) const MAX_OPTIONS: usize = 4;
/// Characters of one choice.
pub(super) const OPTION_CHARACTERS: usize = 50;
/// Seconds that a poll is open at least.
pub(super) const MIN_SECONDS: u64 = 300;
/// Seconds that a poll is open at most.
pub(super) const MAX_SECONDS: u64 = 2_629_746;

/// The poll that a status is asked to have: `poll[options][]=…` in a form, `{"poll": {…}}` in
/// JSON.
pub(super) fn read(params: &Params, now: Timestamp) -> Answer<Option<Poll>> {
    let json = params.json.as_ref().and_then(|body| body.get("poll"));
    let field = |name: &str| {
        let in_json = json
            .and_then(|poll| poll.get(name))
            .map(|value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
        in_json.or_else(|| params.get(&format!("poll[{name}]")).map(str::to_owned))
    };
    let mut options = params.all("poll[options]");
    if let Some(list) = json.and_then(|poll| poll["options"].as_array()) {
        options.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
    }
    if options.is_empty() && json.is_none_or(Value::is_null) {
        return Ok(None);
    }
    let seconds = field("expires_in").and_then(|text| text.parse().ok());
    let poll = Poll {
        expires_at: now + Duration::from_secs(seconds.unwrap_or(0)),
        multiple: is_true(field("multiple").as_deref()),
        hide_totals: is_true(field("hide_totals").as_deref()),
        options,
    };
    match problem(&poll, seconds.unwrap_or(0)) {
        Some(words) => Err(refusal::invalid(words)),
        None => Ok(Some(poll)),
    }
}

/// By Mastodon's poll validator.
fn problem(poll: &Poll, seconds: u64) -> Option<String> {
    let too_long = |option: &String| option.graphemes(true).count() > OPTION_CHARACTERS;
    let mut distinct = poll.options.clone();
    distinct.sort();
    distinct.dedup();
    if poll.options.len() < 2 {
        Some("Options must have more than one item".to_owned())
    } else if poll.options.len() > MAX_OPTIONS {
        Some(format!(
            "Options can't contain more than {MAX_OPTIONS} items"
        ))
    } else if poll.options.iter().any(too_long) {
        Some(format!(
            "Options can't be longer than {OPTION_CHARACTERS} characters each"
        ))
    } else if distinct.len() < poll.options.len() {
        Some("Options contain duplicate items".to_owned())
    } else if seconds < MIN_SECONDS {
        Some("Expires at is too soon".to_owned())
    } else if seconds > MAX_SECONDS {
        Some("Expires at is too far into the future".to_owned())
    } else {
        None
    }
}

/// `GET /api/v1/polls/:id`.
pub(super) async fn show(State(net): State<Net>, Path(id): Path<String>) -> Answer<Json<Value>> {
    let state = net.memory();
    let poll = state
        .statuses
        .get(&id)
        .and_then(|status| status.poll.as_ref());
    let poll = poll.ok_or_else(refusal::not_found)?;
    Ok(Json(poll_entity(&id, poll, net.now())))
}
