//! Statuses, as docs.joinmastodon.org/methods/statuses describes them.

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use serde_json::{Value, json};

use super::{
    Net,
    entity::View,
    is_true, poll, quotes, refusal,
    state::{self, Memory, Status},
    text,
};
use crate::kit::{Actor, Answer, Here, Params, Refusal};

/// Files of one status.
pub(super) const MAX_MEDIA: usize = 4;
const VISIBILITIES: [&str; 4] = ["public", "unlisted", "private", "direct"];
/// "Idempotency keys are stored for up to 1 hour."
const IDEMPOTENCY_LIFETIME: Duration = Duration::from_hours(1);

/// `POST /api/v1/statuses`.
pub(super) async fn create(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    headers: HeaderMap,
    params: Params,
) -> Answer<Json<Value>> {
    actor.require("write:statuses")?;
    let now = net.now();
    let key = headers
        .get("idempotency-key")
        .and_then(|key| key.to_str().ok())
        .map(|key| (actor.account().to_owned(), key.to_owned()));
    let mut state = net.memory();
    if let Some(key) = &key
        && let Some((id, at)) = state.idempotency.get(key)
        && now.since(*at) < IDEMPOTENCY_LIFETIME
    {
        let status = state.statuses.get(id).ok_or_else(refusal::not_found)?;
        return Ok(Json(
            state.status_entity(status, &View::of(&net, &here, &actor)),
        ));
    }
    let text = params.get("status").unwrap_or_default().trim().to_owned();
    let media = params.all("media_ids");
    let spoiler_text = params.get("spoiler_text").unwrap_or_default().trim();
    // A warning alone is a text.
    let text = if text.is_empty() && media.is_empty() {
        spoiler_text.to_owned()
    } else {
        text
    };
    let poll = poll::read(&params, now)?;
    check(&net, &state, &actor, (&text, spoiler_text), &media)?;
    if poll.is_some() && !media.is_empty() {
        return Err(refusal::invalid("Cannot attach more than 4 files"));
    }
    let visibility = params.get("visibility").unwrap_or("public").to_owned();
    if !VISIBILITIES.contains(&visibility.as_str()) {
        return Err(refusal::invalid("Visibility is not included in the list"));
    }
    let in_reply_to = params.get("in_reply_to_id").map(str::to_owned);
    if in_reply_to
        .as_ref()
        .is_some_and(|id| !state.knows(id, actor.account(), now))
    {
        return Err(refusal::new(
            StatusCode::NOT_FOUND,
            "The post you are trying to reply to does not appear to exist.",
        ));
    }
    let mut status = Status {
        id: state::next_id(&net),
        account: actor.account().to_owned(),
        app_name: actor.token.app_name.clone(),
        text,
        media: media.clone(),
        in_reply_to,
        created_at: now,
        quote_policy: quotes::policy(params.get("quote_approval_policy"), &visibility)?,
        visibility,
        language: params.get("language").map(str::to_owned),
        sensitive: is_true(params.get("sensitive")) || !spoiler_text.is_empty(),
        spoiler_text: spoiler_text.to_owned(),
        poll,
        quoted: params.get("quoted_status_id").map(str::to_owned),
    };
    quotes::check(&net, &state, &mut status)?;
    let entity_id = status.id.clone();
    for id in media {
        if let Some(media) = state.media.get_mut(&id) {
            media.status = Some(entity_id.clone());
        }
    }
    if let Some(key) = key {
        state.idempotency.insert(key, (entity_id.clone(), now));
    }
    let entity = state.status_entity(&status, &View::of(&net, &here, &actor));
    state.statuses.insert(entity_id, status);
    net.count_published();
    Ok(Json(entity))
}

fn check(
    net: &Net,
    state: &Memory,
    actor: &Actor,
    (text, spoiler_text): (&str, &str),
    media: &[String],
) -> Answer<()> {
    if text.is_empty() && media.is_empty() {
        return Err(refusal::invalid("Text can't be blank"));
    }
    let most = net.hub.config.max_characters;
    // The warning counts too, as long as it is not the text itself.
    let warning = if text == spoiler_text {
        ""
    } else {
        spoiler_text
    };
    if text::length(text) + text::length(warning) > most {
        return Err(refusal::invalid(format!(
            "Text character limit of {most} exceeded"
        )));
    }
    if media.len() > MAX_MEDIA {
        return Err(refusal::invalid("Cannot attach more than 4 files"));
    }
    let is_image = |id: &&String| {
        let found = state.media.get(*id);
        found.is_none_or(|media| media.blob.mime_type().starts_with("image/"))
    };
    if media.len() > 1 && !media.iter().all(|id| is_image(&id)) {
        return Err(refusal::invalid(
            "Cannot attach a video to a post that already contains images",
        ));
    }
    for id in media {
        let found = state
            .media
            .get(id)
            .filter(|media| media.account == actor.account() && media.status.is_none())
            .ok_or_else(|| {
                refusal::invalid(format!(
                    "Media {id} not found or already attached to another post"
                ))
            })?;
        if !found.is_ready(net.now()) {
            return Err(refusal::invalid(
                "Cannot attach files that have not finished processing. Try again in a moment!",
            ));
        }
    }
    Ok(())
}

/// What a request sees that may come without a token.
fn view<'a>(net: &Net, here: &'a Here, actor: Option<&'a Actor>) -> View<'a> {
    match actor.filter(|actor| actor.may("read:statuses")) {
        Some(actor) => View::of(net, here, actor),
        None => View::of_anybody(net, here),
    }
}

/// `GET /api/v1/statuses/:id`, a stranger's too.
pub(super) async fn show(
    State(net): State<Net>,
    here: Here,
    actor: Result<Actor, Refusal>,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let state = net.memory();
    if let Some((below, answer)) = state.stranger(&id, net.now()) {
        return Ok(Json(Memory::stranger_entity(below, &answer)));
    }
    let view = view(&net, &here, actor.as_ref().ok());
    let status = state.seen(&id, &view)?;
    Ok(Json(state.status_entity(status, &view)))
}

/// `GET /api/v1/statuses`: those that there are of `id[]`, since 4.3.
pub(super) async fn index(
    State(net): State<Net>,
    here: Here,
    actor: Result<Actor, Refusal>,
    params: Params,
) -> Json<Value> {
    let state = net.memory();
    let view = view(&net, &here, actor.as_ref().ok());
    let ids = params.all("id");
    let found = ids.iter().filter_map(|id| state.seen(id, &view).ok());
    let statuses: Vec<_> = found
        .map(|status| state.status_entity(status, &view))
        .collect();
    Json(json!(statuses))
}

/// `DELETE /api/v1/statuses/:id`.
pub(super) async fn delete(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    actor.require("write:statuses")?;
    let mut state = net.memory();
    let status = state
        .statuses
        .get(&id)
        .filter(|status| status.account == actor.account())
        .ok_or_else(refusal::not_found)?
        .clone();
    let mut entity = state.status_entity(&status, &View::of(&net, &here, &actor));
    entity["text"] = json!(status.text);
    state.statuses.remove(&id);
    for id in &status.media {
        if let Some(media) = state.media.remove(id) {
            net.hub.blobs.remove(media.blob.id());
        }
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
pub(super) async fn context(
    State(net): State<Net>,
    here: Here,
    actor: Result<Actor, Refusal>,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let state = net.memory();
    let view = view(&net, &here, actor.as_ref().ok());
    let mut ancestors = Vec::new();
    let mut next = state.seen(&id, &view)?.in_reply_to.as_ref();
    while let Some(parent) = next.and_then(|id| state.seen(id, &view).ok()) {
        ancestors.insert(0, state.status_entity(parent, &view));
        next = parent.in_reply_to.as_ref();
    }
    let (now, mut thread) = (net.now(), vec![&id]);
    let mut descendants = Vec::new();
    // Replies have greater ids than what they reply to, so one pass finds them all.
    for status in state.statuses.values() {
        let parent = status.in_reply_to.as_deref();
        let below = parent.is_some_and(|parent| {
            let answered = state.stranger(parent, now).map(|(status, _)| &status.id);
            thread
                .iter()
                .any(|id| *id == parent || answered == Some(*id))
        });
        if below && status.is_seen_by(view.who) {
            thread.push(&status.id);
            descendants.push(state.status_entity(status, &view));
        }
    }
    for status in thread.iter().filter_map(|id| state.statuses.get(*id)) {
        let answers = state.strangers(status, now);
        descendants.extend(
            answers
                .iter()
                .map(|one| Memory::stranger_entity(status, one)),
        );
    }
    Ok(Json(
        json!({ "ancestors": ancestors, "descendants": descendants }),
    ))
}

/// `GET /api/v1/statuses/:id/source`, since 3.5.
pub(super) async fn source(
    State(net): State<Net>,
    actor: Actor,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    actor.require("read:statuses")?;
    if net.hub.config.old {
        return Err(refusal::not_found());
    }
    let state = net.memory();
    let status = state
        .statuses
        .get(&id)
        .filter(|status| status.account == actor.account())
        .ok_or_else(refusal::not_found)?;
    Ok(Json(
        json!({ "id": id, "text": status.text, "spoiler_text": status.spoiler_text }),
    ))
}
