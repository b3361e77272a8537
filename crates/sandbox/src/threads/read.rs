//! Posts, replies and profiles; deleting and hiding: reference/user, reference/media-retrieval,
//! retrieve-and-manage-replies, posts/delete-posts.

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
};
use serde_json::{Value, json};

use super::{
    Net, actor, containers, is_self, publish, refusal,
    state::{Memory, Post, only, time},
    user_id,
};
use crate::kit::{
    Actor, Answer, Here, Params, Trouble,
    comments::Comment,
    paging::{Cursor, page},
    people,
};

/// The post at the beginning of the conversation that this post or reply is in.
pub(super) fn root_of(net: &Net, id: &str) -> Option<String> {
    let state = net.memory();
    if let Some(post) = state.posts.get(id) {
        return Some(post.root.clone().unwrap_or_else(|| id.to_owned()));
    }
    state
        .posts
        .values()
        .find(|post| strangers(net, &state, post).iter().any(|one| one.id == id))
        .map(|post| post.id.clone())
}

/// What others wrote below a post.
fn strangers(net: &Net, state: &Memory, post: &Post) -> Vec<Comment> {
    let exposure = post.feed().exposure("threads", 0);
    state.comments.below(&post.id, &exposure, net.now())
}

/// `GET /{node}`: a profile, a container or a post.
pub(super) async fn node(
    State(net): State<Net>,
    here: Here,
    headers: HeaderMap,
    Path(node): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    let actor = actor(&net, &headers, &params)?;
    let fields = params.get("fields");
    if is_self(&actor, &node) {
        return Ok(Json(only(profile(&actor, &here)?, fields)));
    }
    let state = net.memory();
    if let Some(container) = state
        .containers
        .get(&node)
        .filter(|one| one.account == actor.account())
    {
        let (status, error) = containers::status(&net, container);
        let entity = json!({ "id": node, "status": status, "error_message": error });
        return Ok(Json(only(entity, fields)));
    }
    let post = state
        .posts
        .get(&node)
        .ok_or_else(|| refusal::missing(&node))?;
    Ok(Json(only(post.entity(&here, actor.account()), fields)))
}

fn profile(actor: &Actor, here: &Here) -> Answer<Value> {
    let person = people::find(actor.account()).ok_or_else(|| refusal::missing(actor.account()))?;
    Ok(json!({
        "id": user_id(person.username),
        "username": person.username,
        "name": person.name,
        "threads_profile_picture_url": format!("{}{}", here.origin, people::avatar_path(person.username)),
        "threads_biography": person.bio,
        "is_verified": false,
    }))
}

/// A list in pages: `limit` 25, at most 100; `before` and `after`.
fn listed(entities: &[Value], params: &Params) -> Answer<Json<Value>> {
    let limit = params
        .get("limit")
        .map_or(Ok(25), str::parse::<usize>)
        .ok()
        .filter(|limit| *limit <= 100)
        .ok_or_else(|| refusal::invalid("Param limit must be a number of at most 100"))?;
    let cursor = Cursor::new(params.get("after"), params.get("before"));
    let key = |entity: &Value| entity["id"].as_str().unwrap_or_default().to_owned();
    let page =
        page(entities, key, cursor, limit).ok_or_else(|| refusal::invalid("Invalid cursor"))?;
    let items: Vec<_> = page
        .items
        .into_iter()
        .map(|entity| only(entity, params.get("fields")))
        .collect();
    let mut cursors = json!({});
    for (name, cursor) in [("before", page.previous), ("after", page.next)] {
        if let Some(cursor) = cursor {
            cursors[name] = json!(cursor);
        }
    }
    let mut body = json!({ "data": items });
    if cursors != json!({}) {
        body["paging"] = json!({ "cursors": cursors });
    }
    Ok(Json(body))
}

/// The account's own posts, or its replies, the newest first.
fn own(
    net: &Net,
    here: &Here,
    actor: &Actor,
    params: &Params,
    replies: bool,
) -> Answer<Json<Value>> {
    let bound = |name: &str| params.get(name).and_then(|at| at.parse::<i64>().ok());
    let (since, until) = (bound("since"), bound("until"));
    let entities: Vec<_> = net
        .memory()
        .posts
        .values()
        .rev()
        .filter(|post| post.account == actor.account())
        .filter(|post| post.content.reply_to.is_some() == replies)
        .filter(|post| since.is_none_or(|since| post.created_at.as_seconds() >= since))
        .filter(|post| until.is_none_or(|until| post.created_at.as_seconds() <= until))
        .map(|post| post.entity(here, actor.account()))
        .collect();
    listed(&entities, params)
}

/// `GET /{threads-user-id}/threads`
pub(super) async fn threads(
    State(net): State<Net>,
    here: Here,
    headers: HeaderMap,
    Path(node): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    let actor = actor(&net, &headers, &params)?;
    if !is_self(&actor, &node) {
        return Err(refusal::missing(&node));
    }
    own(&net, &here, &actor, &params, false)
}

/// `GET /{threads-user-id}/replies`, or `GET /{threads-media-id}/replies`.
pub(super) async fn replies(
    State(net): State<Net>,
    here: Here,
    headers: HeaderMap,
    Path(node): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    let actor = actor(&net, &headers, &params)?;
    actor.require("threads_read_replies")?;
    if is_self(&actor, &node) {
        return own(&net, &here, &actor, &params, true);
    }
    below(&net, &here, &actor, &node, &params, true)
}

/// `GET /{threads-media-id}/conversation`: all depths, flattened.
pub(super) async fn conversation(
    State(net): State<Net>,
    here: Here,
    headers: HeaderMap,
    Path(node): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    let actor = actor(&net, &headers, &params)?;
    actor.require("threads_read_replies")?;
    below(&net, &here, &actor, &node, &params, false)
}

fn below(
    net: &Net,
    here: &Here,
    actor: &Actor,
    node: &str,
    params: &Params,
    top_only: bool,
) -> Answer<Json<Value>> {
    let state = net.memory();
    let root = state
        .posts
        .get(node)
        .filter(|post| post.account == actor.account())
        .ok_or_else(|| refusal::missing(node))?;
    let mut all: Vec<Value> = strangers(net, &state, root)
        .iter()
        .map(|comment| stranger(comment, node, here))
        .collect();
    all.extend(
        state
            .posts
            .values()
            .filter(|post| post.root.as_deref() == Some(node))
            .map(|post| post.entity(here, actor.account())),
    );
    if top_only {
        all.retain(|one| one["replied_to"]["id"] == node);
    }
    all.sort_by_key(|one| one["timestamp"].to_string());
    // "true (default): Replies should be sorted in reverse chronological order."
    if params.get("reverse") != Some("false") {
        all.reverse();
    }
    listed(&all, params)
}

/// A reply by somebody else.
fn stranger(comment: &Comment, root: &str, here: &Here) -> Value {
    json!({
        "id": comment.id,
        "text": comment.text,
        "username": comment.author.username,
        "permalink": format!("{}/feed/{root}", here.base),
        "timestamp": time(comment.at),
        "media_product_type": "THREADS",
        "media_type": "TEXT_POST",
        "has_replies": false,
        "is_reply": true,
        "is_reply_owned_by_me": false,
        "root_post": { "id": root },
        "replied_to": { "id": comment.parent.as_deref().unwrap_or(root) },
        "hide_status": if comment.hidden { "HIDDEN" } else { "NOT_HUSHED" },
    })
}

/// `POST /{threads-reply-id}/manage_reply`: of top-level replies only.
pub(super) async fn manage_reply(
    State(net): State<Net>,
    headers: HeaderMap,
    Path(node): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    let actor = actor(&net, &headers, &params)?;
    actor.require("threads_manage_replies")?;
    let hide = match params.get("hide") {
        Some("true") => true,
        Some("false") => false,
        _ => return Err(refusal::invalid("Param hide must be a boolean")),
    };
    let root = root_of(&net, &node).ok_or_else(|| refusal::missing(&node))?;
    let mut state = net.memory();
    let is_own = state
        .posts
        .get(&root)
        .is_some_and(|post| post.account == actor.account());
    if !is_own || root == node {
        return Err(refusal::missing(&node));
    }
    state.comments.hide(&node, hide);
    Ok(Json(json!({ "success": true })))
}

/// `DELETE /{threads-media-id}`
pub(super) async fn delete(
    State(net): State<Net>,
    headers: HeaderMap,
    Path(node): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    let actor = actor(&net, &headers, &params)?;
    actor.require("threads_delete")?;
    let is_own = net
        .memory()
        .posts
        .get(&node)
        .is_some_and(|post| post.account == actor.account());
    if !is_own {
        return Err(refusal::missing(&node));
    }
    net.spend(&publish::DELETIONS, actor.account(), 1)
        .map_err(|usage| net.refuse(&Trouble::RateLimited { reset: usage.reset }))?;
    net.memory().posts.remove(&node);
    Ok(Json(json!({ "success": true, "deleted_id": node })))
}
