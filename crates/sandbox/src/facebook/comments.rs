//! Comments: *Comment*, *Pages API: comments*.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Call, posts, state::Kind};
use crate::{
    kit::{comments::Comment, people},
    meta::{self, GraphError, Result, list, login},
};

const DEFAULTS: [&str; 4] = ["created_time", "from", "message", "id"];

/// The comment of this id, wherever it stands, if the actor may act for the post's Page. Ids are
/// `{post}_{comment}`.
fn find(call: &Call, id: &str) -> Option<Comment> {
    let now = call.net.now();
    let memory = call.net.memory();
    memory
        .posts
        .iter()
        .filter(|(_, post)| call.owns(&post.account))
        .find_map(|(post_id, post)| {
            let below = memory
                .comments
                .below(post_id, &memory.exposure(post_id, post), now);
            below.into_iter().find(|comment| shown_id(comment) == id)
        })
}

fn shown_id(comment: &Comment) -> String {
    format!("{}_{}", posts::number(&comment.post), comment.id)
}

/// All comments below a post, the oldest first.
fn below(call: &Call, post_id: &str) -> Result<Vec<Comment>> {
    let post = posts::find(call, post_id, "get")?;
    let memory = call.net.memory();
    Ok(memory
        .comments
        .below(post_id, &memory.exposure(post_id, &post), call.net.now()))
}

fn entity(comment: &Comment, all: &[Comment]) -> Value {
    let own = people::find(&comment.author.username);
    let id = own.map_or_else(
        || people::number(&comment.author.username, 17).to_string(),
        login::page_id,
    );
    let replies = all
        .iter()
        .filter(|other| other.parent.as_ref() == Some(&comment.id))
        .count();
    let parent = comment
        .parent
        .as_ref()
        .and_then(|id| all.iter().find(|other| other.id == *id));
    json!({
        "id": shown_id(comment),
        "message": comment.text,
        "created_time": meta::time(comment.at),
        "from": { "id": id, "name": comment.author.name },
        "like_count": comment.likes,
        "comment_count": replies,
        // A Page can't hide what it wrote itself.
        "can_hide": own.is_none(),
        "is_hidden": comment.hidden,
        "parent": parent.map(|parent| json!({ "id": shown_id(parent), "message": parent.text })),
    })
}

/// `GET /{comment}`; `None` where the id is not one.
pub(super) fn show(call: &Call, id: &str) -> Result<Option<Value>> {
    let Some(comment) = find(call, id) else {
        return Ok(None);
    };
    let all = below(call, &comment.post)?;
    call.select(&entity(&comment, &all), &DEFAULTS).map(Some)
}

/// `GET /{post}/comments`, `GET /{comment}/comments`: one level; with `filter=stream` of a post,
/// all of them.
pub(super) fn list(call: &Call, id: &str) -> Result {
    call.actor.require("pages_read_engagement")?;
    let parent = find(call, id);
    let post = parent.as_ref().map_or(id, |comment| comment.post.as_str());
    let mut all = below(call, post)?;
    if call.params.get("order") == Some("reverse_chronological") {
        all.reverse();
    }
    let stream = parent.is_none() && call.params.get("filter") == Some("stream");
    let wanted = parent.as_ref().map(|comment| &comment.id);
    let items: Vec<Value> = all
        .iter()
        .filter(|comment| stream || comment.parent.as_ref() == wanted)
        .map(|comment| entity(comment, &all))
        .collect();
    Ok(list::page(
        &call.here,
        &call.path,
        &call.params,
        &items,
        &DEFAULTS,
    )?)
}

/// `POST /{post}/comments`, `POST /{comment}/comments`.
pub(super) fn create(call: &Call, id: &str) -> Result {
    call.actor.require("pages_manage_engagement")?;
    let text = call.required("message")?;
    let answered = find(call, id);
    let post_id = answered
        .as_ref()
        .map_or(id, |comment| comment.post.as_str());
    let post = posts::find(call, post_id, "post")?;
    if post.kind == Kind::Story {
        return Err(GraphError::no_object("post", id).into());
    }
    let parent = answered
        .as_ref()
        .map(|comment| comment.parent.as_ref().unwrap_or(&comment.id).clone());
    let new_id = format!("1386{:012}", call.net.next_number());
    let now = call.net.now();
    let comment =
        call.net
            .memory()
            .comments
            .write(new_id, post_id, parent, &post.account, text, now);
    Ok(json!({ "id": shown_id(&comment) }))
}

/// `POST /{comment}?is_hidden=…`. Whether the id is a comment's.
pub(super) fn change(call: &Call, id: &str) -> Result<bool> {
    let Some(comment) = find(call, id) else {
        return Ok(false);
    };
    call.actor.require("pages_manage_engagement")?;
    let wanted = call.required("is_hidden")?;
    if people::find(&comment.author.username).is_some() {
        return Err(
            GraphError::new(200, "(#200) Can not hide or unhide this comment")
                .status(StatusCode::FORBIDDEN)
                .into(),
        );
    }
    call.net
        .memory()
        .comments
        .hide(&comment.id, wanted == "true");
    Ok(true)
}

/// `DELETE /{comment}`. Whether the id is a comment's.
pub(super) fn delete(call: &Call, id: &str) -> bool {
    let found = find(call, id).filter(|_| call.actor.may("pages_manage_engagement"));
    if let Some(comment) = &found {
        call.net.memory().comments.remove(&comment.id);
    }
    found.is_some()
}
