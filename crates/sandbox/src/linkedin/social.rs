//! Comments: marketing/community-management/shares/comments-api.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use serde_json::{Value, json};

use super::{Net, refusal, state};
use crate::kit::{Actor, Answer, Params, Trouble, comments::Comment};

/// The post and the number of a comment in `urn:li:comment:(urn:li:share:1,2)`; or a post alone.
fn target(urn: &str) -> (&str, Option<&str>) {
    let inner = urn
        .strip_prefix("urn:li:comment:(")
        .and_then(|inner| inner.strip_suffix(')'))
        .and_then(|inner| inner.rsplit_once(','));
    inner.map_or((urn, None), |(post, id)| (post, Some(id)))
}

fn urn_of(comment: &Comment) -> String {
    format!("urn:li:comment:({},{})", comment.post, comment.id)
}

fn entity(comment: &Comment) -> Value {
    let actor = state::urn(&comment.author.username);
    let millis = comment.at.as_micros() / 1_000;
    let mut entity = json!({
        "id": comment.id,
        "$URN": urn_of(comment),
        "actor": actor,
        "object": comment.post,
        "message": { "text": comment.text, "attributes": [] },
        "content": [],
        "created": { "actor": actor, "time": millis },
        "lastModified": { "actor": actor, "time": millis },
        "likesSummary": { "totalLikes": comment.likes },
    });
    if let Some(parent) = &comment.parent {
        entity["parentComment"] = json!(format!("urn:li:comment:({},{parent})", comment.post));
    }
    entity
}

/// `GET /rest/socialActions/{urn}/comments`.
pub(super) async fn list(
    State(net): State<Net>,
    actor: Actor,
    Path(urn): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    let (post, _) = target(&urn);
    let memory = net.memory();
    let Some(post) = memory.posts.get(post) else {
        return Err(net.refuse(&Trouble::NotFound));
    };
    let page = state::urn(&post.account).starts_with("urn:li:organization:");
    if !(page && actor.may("r_organization_social_feed")) {
        return Err(refusal::denied("socialActions.GET_ALL.20260901"));
    }
    let number = |name: &str, default: usize| {
        params
            .get(name)
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let (start, count) = (number("start", 0), number("count", 10).min(100));
    let all = memory.below(post, &net);
    let elements: Vec<_> = all.iter().skip(start).take(count).map(entity).collect();
    Ok(Json(json!({
        "paging": { "start": start, "count": elements.len(), "total": all.len(), "links": [] },
        "elements": elements,
    })))
}

/// `POST /rest/socialActions/{urn}/comments`: on a post, or below a comment.
pub(super) async fn create(
    State(net): State<Net>,
    actor: Actor,
    Path(urn): Path<String>,
    params: Params,
) -> Answer<impl IntoResponse> {
    let body = params.json.unwrap_or_default();
    let who = state::author(
        &actor,
        body["actor"].as_str().unwrap_or_default(),
        "social_feed",
    )?;
    let (post, parent) = target(&urn);
    let text = body["message"]["text"].as_str().unwrap_or_default();
    if text.is_empty() || text.chars().count() > 1_250 {
        return Err(refusal::bad("INVALID_VALUE_FOR_FIELD", "/message/text"));
    }
    if body["object"].as_str() != Some(post) {
        return Err(refusal::bad(
            "INVALID_VALUE_FOR_FIELD",
            "/object must be the thread",
        ));
    }
    if parent.is_some() && body["parentComment"].as_str() != Some(urn.as_str()) {
        return Err(refusal::bad("MISSING_FIELD", "/parentComment"));
    }
    let mut memory = net.memory();
    if !memory.posts.contains_key(post) {
        return Err(net.refuse(&Trouble::NotFound));
    }
    let id = (7_000_000_000_000_000_000 + net.next_number()).to_string();
    let parent = parent.map(str::to_owned);
    let comment = memory
        .comments
        .write(id, post, parent, &who, text, net.now());
    drop(memory);
    net.count_published();
    Ok((
        StatusCode::CREATED,
        [("x-restli-id", urn_of(&comment))],
        Json(entity(&comment)),
    ))
}
