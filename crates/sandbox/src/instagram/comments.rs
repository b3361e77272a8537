//! Comments: *Comment moderation*, *IG Comment*, *IG Media Comments*.

use serde_json::{Value, json};

use super::{Call, media, state::Kind};
use crate::{
    kit::{comments::Comment, people},
    meta::{self, GraphError, Result, list, login},
};

/// What is shown where nothing is asked for.
const DEFAULTS: [&str; 3] = ["timestamp", "text", "id"];

/// The comment of this id, wherever it stands, if the actor may act for the post's account.
fn find(call: &Call, id: &str) -> Option<Comment> {
    let now = call.net.now();
    let memory = call.net.memory();
    memory
        .media
        .iter()
        .filter(|(_, media)| media.parent.is_none() && call.owns(&media.account))
        .find_map(|(post, media)| {
            let below = memory.comments.below(post, &media.exposure(post), now);
            below.into_iter().find(|comment| comment.id == id)
        })
}

/// All comments below a post, the newest first.
fn below(call: &Call, post: &str) -> Result<Vec<Comment>> {
    let media = media::find(call, post, "get")?;
    let now = call.net.now();
    let mut all = call
        .net
        .memory()
        .comments
        .below(post, &media.exposure(post), now);
    all.reverse();
    Ok(all)
}

fn entity(call: &Call, comment: &Comment, all: &[Comment]) -> Value {
    let own = people::find(&comment.author.username);
    let number = people::number(&comment.author.username, 16);
    let replies: Vec<Value> = all
        .iter()
        .filter(|other| other.parent.as_deref() == Some(&comment.id))
        .map(|reply| entity(call, reply, &[]))
        .collect();
    json!({
        "id": comment.id,
        "text": comment.text,
        "timestamp": meta::time(comment.at),
        "username": call.actor.may("instagram_manage_comments").then_some(&comment.author.username),
        "from": {
            "id": own.map_or_else(|| number.to_string(), login::instagram_id),
            "username": comment.author.username,
        },
        "like_count": comment.likes,
        "hidden": comment.hidden,
        "parent_id": comment.parent,
        "media": { "id": comment.post },
        "user": own.map(|account| json!({ "id": login::instagram_id(account) })),
        "replies": (!replies.is_empty()).then(|| json!({ "data": replies })),
    })
}

/// `GET /{comment}`; `None` where the id is not one.
pub(super) fn show(call: &Call, id: &str) -> Result<Option<Value>> {
    let Some(comment) = find(call, id) else {
        return Ok(None);
    };
    let all = below(call, &comment.post)?;
    call.select(&entity(call, &comment, &all), &DEFAULTS)
        .map(Some)
}

/// `GET /{media}/comments`: those that answer none. `GET /{comment}/replies`.
pub(super) fn list(call: &Call, id: &str) -> Result {
    call.actor.require("instagram_manage_comments")?;
    let parent = find(call, id);
    let post = parent.as_ref().map_or(id, |comment| comment.post.as_str());
    let all = below(call, post)?;
    let wanted = parent.as_ref().map(|comment| comment.id.as_str());
    let items: Vec<Value> = all
        .iter()
        .filter(|comment| comment.parent.as_deref() == wanted)
        .map(|comment| entity(call, comment, &all))
        .collect();
    Ok(list::page(
        &call.here,
        &call.path,
        &call.params,
        &items,
        &DEFAULTS,
    )?)
}

/// `POST /{media}/comments`, `POST /{comment}/replies`.
pub(super) fn create(call: &Call, id: &str) -> Result {
    call.actor.require("instagram_manage_comments")?;
    let text = call
        .params
        .get("message")
        .ok_or_else(|| GraphError::parameter("The parameter message is required"))?;
    let answered = find(call, id);
    let post = answered
        .as_ref()
        .map_or(id, |comment| comment.post.as_str());
    let media = media::find(call, post, "post")?;
    if !media.comments_enabled || media.kind == Kind::Story {
        return Err(GraphError::new(10, "(#10) Comments are disabled for this media").into());
    }
    // A reply to a reply stands below the comment that began the thread.
    let parent = answered
        .as_ref()
        .map(|comment| comment.parent.as_ref().unwrap_or(&comment.id).clone());
    let new_id = format!("1787{:013}", call.net.next_number());
    let now = call.net.now();
    call.net
        .memory()
        .comments
        .write(new_id.clone(), post, parent, &media.account, text, now);
    Ok(json!({ "id": new_id }))
}

/// `POST /{comment}?hide=…`. Whether the id is a comment's. The account's own stay to be seen.
pub(super) fn hide(call: &Call, id: &str) -> Result<bool> {
    let Some(comment) = find(call, id) else {
        return Ok(false);
    };
    let wanted = call
        .params
        .get("hide")
        .ok_or_else(|| GraphError::parameter("The parameter hide is required"))?;
    if people::find(&comment.author.username).is_none() {
        call.net.memory().comments.hide(id, wanted == "true");
    }
    Ok(true)
}

/// `DELETE /{comment}`. Whether the id is a comment's.
pub(super) fn delete(call: &Call, id: &str) -> bool {
    let found = call.actor.may("instagram_manage_comments") && find(call, id).is_some();
    if found {
        call.net.memory().comments.remove(id);
    }
    found
}
