//! Statuses, as docs.joinmastodon.org/methods/statuses describes them.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use serde_json::{Value, json};

use crate::{
    answer::Refusal,
    params::{Actor, Origin, Params},
    state::{Memory, Sandbox, Status},
    text,
};

/// Files of one status.
pub(crate) const MAX_MEDIA: usize = 4;
/// "Idempotency keys are stored for up to 1 hour."
const IDEMPOTENCY_LIFETIME: Duration = Duration::from_hours(1);

/// `POST /api/v1/statuses`.
pub(crate) async fn create(
    State(sandbox): State<Arc<Sandbox>>,
    origin: Origin,
    actor: Actor,
    headers: HeaderMap,
    params: Params,
) -> Result<Json<Value>, Refusal> {
    actor.require("write:statuses")?;
    let now = sandbox.now();
    let key = headers
        .get("idempotency-key")
        .and_then(|key| key.to_str().ok())
        .map(|key| (actor.account.clone(), key.to_owned()));
    let mut state = sandbox.state();
    if let Some(key) = &key
        && let Some((id, at)) = state.idempotency.get(key)
        && now.since(*at) < IDEMPOTENCY_LIFETIME
    {
        let status = state.statuses.get(id).ok_or_else(Refusal::not_found)?;
        return Ok(Json(state.status_entity(status, &origin)));
    }
    let text = params.get("status").unwrap_or_default().trim().to_owned();
    let media = params.all("media_ids");
    check(&sandbox, &state, &actor, &text, &media)?;
    let in_reply_to = params.get("in_reply_to_id").map(str::to_owned);
    if in_reply_to
        .as_ref()
        .is_some_and(|id| !state.statuses.contains_key(id))
    {
        return Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "The post you are trying to reply to does not appear to exist.",
        ));
    }
    let status = Status {
        id: state.next_id(),
        account: actor.account,
        app_name: actor.app_name,
        text,
        media: media.clone(),
        in_reply_to,
        created_at: now,
        visibility: params.get("visibility").unwrap_or("public").to_owned(),
        language: params.get("language").map(str::to_owned),
    };
    let entity_id = status.id.clone();
    for id in media {
        if let Some(media) = state.media.get_mut(&id) {
            media.status = Some(entity_id.clone());
        }
    }
    if let Some(key) = key {
        state.idempotency.insert(key, (entity_id.clone(), now));
    }
    let entity = state.status_entity(&status, &origin);
    state.statuses.insert(entity_id, status);
    Ok(Json(entity))
}

fn check(
    sandbox: &Sandbox,
    state: &Memory,
    actor: &Actor,
    text: &str,
    media: &[String],
) -> Result<(), Refusal> {
    if text.is_empty() && media.is_empty() {
        return Err(Refusal::invalid("Text can't be blank"));
    }
    let most = sandbox.config.max_characters;
    if text::length(text) > most {
        return Err(Refusal::invalid(format!(
            "Text character limit of {most} exceeded"
        )));
    }
    if media.len() > MAX_MEDIA {
        return Err(Refusal::invalid("Cannot attach more than 4 files"));
    }
    for id in media {
        let found = state
            .media
            .get(id)
            .filter(|media| media.account == actor.account && media.status.is_none())
            .ok_or_else(|| {
                Refusal::invalid(format!(
                    "Media {id} not found or already attached to another post"
                ))
            })?;
        if found.polls_left > 0 {
            return Err(Refusal::invalid(
                "Cannot attach files that have not finished processing. Try again in a moment!",
            ));
        }
    }
    Ok(())
}

/// `GET /api/v1/statuses/:id`.
pub(crate) async fn show(
    State(sandbox): State<Arc<Sandbox>>,
    origin: Origin,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let state = sandbox.state();
    let status = state.statuses.get(&id).ok_or_else(Refusal::not_found)?;
    Ok(Json(state.status_entity(status, &origin)))
}

/// `DELETE /api/v1/statuses/:id`.
pub(crate) async fn delete(
    State(sandbox): State<Arc<Sandbox>>,
    origin: Origin,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    actor.require("write:statuses")?;
    let mut state = sandbox.state();
    let status = state
        .statuses
        .get(&id)
        .filter(|status| status.account == actor.account)
        .ok_or_else(Refusal::not_found)?
        .clone();
    let mut entity = state.status_entity(&status, &origin);
    entity["text"] = json!(status.text);
    state.statuses.remove(&id);
    for id in &status.media {
        state.media.remove(id);
    }
    // Replies stay and lose their parent.
    for other in state.statuses.values_mut() {
        if other.in_reply_to.as_ref() == Some(&id) {
            other.in_reply_to = None;
        }
    }
    Ok(Json(entity))
}

/// `GET /api/v1/statuses/:id/context`.
pub(crate) async fn context(
    State(sandbox): State<Arc<Sandbox>>,
    origin: Origin,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let state = sandbox.state();
    let mut ancestors = Vec::new();
    let mut next = state
        .statuses
        .get(&id)
        .ok_or_else(Refusal::not_found)?
        .in_reply_to
        .as_ref();
    while let Some(parent) = next.and_then(|id| state.statuses.get(id)) {
        ancestors.insert(0, state.status_entity(parent, &origin));
        next = parent.in_reply_to.as_ref();
    }
    let mut thread = vec![&id];
    let mut descendants = Vec::new();
    // Replies have greater ids than what they reply to, so one pass finds them all.
    for status in state.statuses.values() {
        if status
            .in_reply_to
            .as_ref()
            .is_some_and(|parent| thread.contains(&parent))
        {
            thread.push(&status.id);
            descendants.push(state.status_entity(status, &origin));
        }
    }
    Ok(Json(
        json!({ "ancestors": ancestors, "descendants": descendants }),
    ))
}

/// `GET /api/v1/statuses/:id/source`, since 3.5.
pub(crate) async fn source(
    State(sandbox): State<Arc<Sandbox>>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    actor.require("read:statuses")?;
    if sandbox.config.old {
        return Err(Refusal::not_found());
    }
    let state = sandbox.state();
    let status = state
        .statuses
        .get(&id)
        .filter(|status| status.account == actor.account)
        .ok_or_else(Refusal::not_found)?;
    Ok(Json(
        json!({ "id": id, "text": status.text, "spoiler_text": "" }),
    ))
}
