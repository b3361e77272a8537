//! Publishing, deleting, hiding: docs.x.com/x-api/posts/manage-tweets and /hide-replies.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use serde_json::{Value, json};

use super::{
    Net,
    refusal::{forbidden, invalid},
    rules, text,
};
use crate::kit::{
    Actor, Answer, Params, Trouble,
    quota::{Quota, Window},
};

/// docs.x.com/x-api/fundamentals/rate-limits: `POST /2/tweets`, per user.
const POSTS: Quota = Quota {
    name: "posts",
    limit: 100,
    window: Window::Fixed {
        seconds: 900,
        offset: 0,
    },
};

/// `createPosts`.
pub(super) async fn create(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<impl IntoResponse> {
    for scope in ["tweet.write", "tweet.read", "users.read"] {
        actor.require(scope)?;
    }
    let usage = net
        .spend(&POSTS, actor.account(), 1)
        .map_err(|usage| net.refuse(&Trouble::RateLimited { reset: usage.reset }))?;
    let Some(body) = params.json else {
        return Err(net.refuse(&Trouble::Invalid(
            "Request body is not valid JSON.".to_owned(),
        )));
    };
    let id = 1_990_000_000_000_000_000 + net.next_number();
    let post = rules::read(&net, &actor, &body, id)?;
    let kept = text::keep(&post.text, id, !post.media.is_empty());
    net.memory().posts.insert(id, post);
    net.count_published();
    let data = json!({
        "id": id.to_string(),
        "text": kept.text,
        "edit_history_post_ids": [id.to_string()],
    });
    let limits = [
        ("x-rate-limit-limit", usage.limit.to_string()),
        ("x-rate-limit-remaining", usage.remaining.to_string()),
        ("x-rate-limit-reset", usage.reset.as_seconds().to_string()),
    ];
    Ok((
        StatusCode::CREATED,
        axum::response::AppendHeaders(limits),
        Json(json!({ "data": data })),
    ))
}

/// `deletePosts`. What is gone already counts as deleted.
pub(super) async fn delete(
    State(net): State<Net>,
    actor: Actor,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    for scope in ["tweet.write", "tweet.read", "users.read"] {
        actor.require(scope)?;
    }
    let mut memory = net.memory();
    let owner = memory.post(&id).map(|post| post.account.clone());
    if owner.is_some_and(|owner| owner != actor.account()) {
        return Err(forbidden("You are not authorized to delete this Tweet."));
    }
    if let Ok(id) = id.parse::<u64>() {
        memory.posts.remove(&id);
    }
    memory.comments.remove(&id);
    Ok(Json(json!({ "data": { "deleted": true } })))
}

/// `hidePostsReply`: in a conversation that the account began.
pub(super) async fn hide(
    State(net): State<Net>,
    actor: Actor,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    for scope in ["tweet.moderate.write", "tweet.read", "users.read"] {
        actor.require(scope)?;
    }
    let body = params.json.unwrap_or_default();
    let Some(hidden) = body["hidden"].as_bool() else {
        return Err(invalid("hidden", &body, "hidden is required"));
    };
    let now = net.now();
    let mut memory = net.memory();
    let owner = memory.reply(&id, now).map(|(_, post)| post.account.clone());
    match owner {
        Some(owner) if owner == actor.account() => {
            memory.comments.hide(&id, hidden);
            Ok(Json(json!({ "data": { "hidden": hidden } })))
        }
        Some(_) => Err(forbidden("You are not allowed to hide this reply.")),
        None => Err(net.refuse(&Trouble::NotFound)),
    }
}
