//! commentThreads and comments: developers.google.com/youtube/data/reference/rest/v3/commentThreads and …/comments.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Net, channels,
    details::Privacy,
    quota,
    refusal::{self, bad, forbidden, not_found},
    request::{self, Query, etag, page, permit},
    scope,
    state::{Memory, Video, instant},
};
use crate::kit::{Actor, Answer, Here, Refusal, comments::Comment, people};
use kernel::Timestamp;

/// What everybody sees, and what waits for the channel to look at it.
const PUBLISHED: &str = "published";
const HELD: &str = "heldForReview";
const REJECTED: &str = "rejected";
/// Characters of a comment.
const MOST_CHARACTERS: usize = 10_000;

fn gone(resource: &str, reason: &str) -> Refusal {
    not_found(
        resource,
        reason,
        "The specified comment could not be found.",
    )
}

fn show(owner: &str, comment: &Comment, here: &Here, plain: bool) -> Value {
    let text = if plain {
        comment.text.clone()
    } else {
        crate::kit::html::escape(&comment.text).replace('\n', "<br>")
    };
    let author = &comment.author.username;
    let mut snippet = json!({
        "channelId": channels::id(owner),
        "videoId": comment.post,
        "textDisplay": text,
        "textOriginal": comment.text,
        "authorDisplayName": format!("@{author}"),
        "authorProfileImageUrl": format!("{}{}", here.origin, people::avatar_path(author)),
        "authorChannelUrl": format!("http://www.youtube.com/@{author}"),
        "authorChannelId": { "value": channels::id(author) },
        "canRate": true,
        "viewerRating": "none",
        "likeCount": comment.likes,
        "publishedAt": instant(comment.at),
        "updatedAt": instant(comment.at),
    });
    if let Some(parent) = &comment.parent {
        snippet["parentId"] = json!(parent);
    }
    if comment.hidden {
        snippet["moderationStatus"] = json!(HELD);
    }
    json!({ "kind": "youtube#comment", "etag": etag(&snippet), "id": comment.id, "snippet": snippet })
}

fn show_thread(owner: &str, top: &Comment, replies: &[Value], here: &Here, plain: bool) -> Value {
    let snippet = json!({
        "channelId": channels::id(owner),
        "videoId": top.post,
        "topLevelComment": show(owner, top, here, plain),
        "canReply": true,
        "totalReplyCount": replies.len(),
        "isPublic": !top.hidden,
    });
    let mut thread = json!({ "kind": "youtube#commentThread", "etag": etag(&snippet), "id": top.id, "snippet": snippet });
    if !replies.is_empty() {
        thread["replies"] = json!({ "comments": replies });
    }
    thread
}

/// The comment of this id, with its video.
fn find<'m>(memory: &'m Memory, id: &str, now: Timestamp) -> Option<(&'m Video, Comment)> {
    memory.videos.iter().find_map(|video| {
        let below = memory.comments_below(video, now);
        let comment = below.into_iter().find(|comment| comment.id == id)?;
        Some((video, comment))
    })
}

/// `GET /commentThreads`.
pub(super) async fn threads(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    query: Query,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::SSL, quota::LIST)?;
    let parts = query.parts(&["id", "replies", "snippet"])?;
    let at = query.page(20, 100)?;
    let moderation = query.get("moderationStatus").unwrap_or(PUBLISHED);
    if !["published", HELD, "likelySpam", REJECTED].contains(&moderation) {
        return Err(bad(
            "parameter",
            "invalidParameter",
            "Invalid value for moderationStatus.",
        ));
    }
    let id = query
        .get("videoId")
        .ok_or_else(|| refusal::missing("videoId"))?;
    let now = net.now();
    let memory = net.memory();
    let video = memory.video(id).ok_or_else(|| {
        not_found(
            "commentThread",
            "videoNotFound",
            "The video identified by the videoId parameter could not be found.",
        )
    })?;
    let own = video.account == actor.account();
    if video.details.made_for_kids {
        return Err(disabled());
    }
    if !own && (moderation != PUBLISHED || video.privacy(now) == Privacy::Private) {
        return Err(forbidden(
            "commentThread",
            "forbidden",
            "One or more of the requested comment threads cannot be retrieved due to insufficient permissions.",
        ));
    }
    let plain = query.get("textFormat") == Some("plainText");
    let with_replies = parts.contains(&"replies");
    let below = memory.comments_below(video, now);
    let items: Vec<Value> = below
        .iter()
        .rev()
        .filter(|one| match moderation {
            PUBLISHED => one.parent.is_none() && !one.hidden,
            // Hidden replies wait for review beside hidden threads.
            HELD => one.hidden,
            _ => false,
        })
        .map(|top| {
            let replies: Vec<Value> = below
                .iter()
                .filter(|one| with_replies && one.parent.as_ref() == Some(&top.id) && !one.hidden)
                .map(|one| show(&video.account, one, &here, plain))
                .collect();
            show_thread(&video.account, top, &replies, &here, plain)
        })
        .collect();
    Ok(Json(page("youtube#commentThreadListResponse", items, at)))
}

fn disabled() -> Refusal {
    forbidden(
        "commentThread",
        "commentsDisabled",
        "The video identified by the videoId parameter has disabled comments.",
    )
}

#[derive(Deserialize)]
struct NewThread {
    snippet: NewThreadSnippet,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewThreadSnippet {
    #[serde(default)]
    video_id: String,
    top_level_comment: Option<NewComment>,
}

#[derive(Deserialize)]
struct NewComment {
    snippet: NewSnippet,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewSnippet {
    #[serde(default)]
    parent_id: String,
    #[serde(default)]
    text_original: String,
}

/// A text that can be a comment.
fn text(resource: &str, text: String) -> Answer<String> {
    if text.trim().is_empty() {
        return Err(bad(
            resource,
            "commentTextRequired",
            "The comment resource that is being inserted must specify a value for the snippet.textOriginal property.",
        ));
    }
    if text.chars().count() > MOST_CHARACTERS {
        return Err(bad(
            resource,
            "commentTextTooLong",
            "The comment resource that is being inserted contains too many characters.",
        ));
    }
    Ok(text)
}

/// `POST /commentThreads`.
pub(super) async fn insert_thread(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    query: Query,
    body: Bytes,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::SSL, quota::WRITE)?;
    channels::need(&actor)?;
    query.parts(&["id", "replies", "snippet"])?;
    let NewThread { snippet } = request::json(&body)?;
    if snippet.video_id.is_empty() {
        return Err(bad(
            "commentThread",
            "channelOrVideoIdMissing",
            "The snippet.channelId and snippet.videoId properties are missing.",
        ));
    }
    let said = snippet
        .top_level_comment
        .map(|comment| comment.snippet.text_original);
    let said = text("commentThread", said.unwrap_or_default())?;
    let now = net.now();
    let mut memory = net.memory();
    let video = memory.video(&snippet.video_id).ok_or_else(|| {
        not_found(
            "commentThread",
            "videoNotFound",
            "The video identified by the videoId parameter could not be found.",
        )
    })?;
    if video.privacy(now) == Privacy::Private {
        return Err(forbidden(
            "commentThread",
            "forbidden",
            "The comment thread cannot be created due to insufficient permissions. The request might not be properly authorized.",
        ));
    }
    if video.details.made_for_kids {
        return Err(disabled());
    }
    let owner = video.account.clone();
    let id = format!("Ug{}", net.short_id(24));
    let comment = memory
        .comments
        .write(id, &snippet.video_id, None, actor.account(), &said, now);
    Ok(Json(show_thread(&owner, &comment, &[], &here, false)))
}

/// `GET /comments`: the replies to a comment, or comments by id.
pub(super) async fn replies(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    query: Query,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::SSL, quota::LIST)?;
    query.parts(&["id", "snippet"])?;
    let at = query.page(20, 100)?;
    let ids = query.list("id");
    let parent = query.get("parentId");
    if ids.is_empty() && parent.is_none() {
        return Err(refusal::missing("id, parentId"));
    }
    let plain = query.get("textFormat") == Some("plainText");
    let now = net.now();
    let memory = net.memory();
    let mut items = Vec::new();
    for video in &memory.videos {
        let below = memory.comments_below(video, now);
        let wanted = below
            .iter()
            .filter(|one| ids.is_empty() || ids.contains(&one.id.as_str()))
            .filter(|one| parent.is_none_or(|parent| one.parent.as_deref() == Some(parent)))
            .filter(|one| !one.hidden || one.author.username == actor.account());
        items.extend(wanted.map(|one| show(&video.account, one, &here, plain)));
    }
    Ok(Json(page("youtube#commentListResponse", items, at)))
}

/// `POST /comments`: a reply.
pub(super) async fn reply(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    query: Query,
    body: Bytes,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::SSL, quota::WRITE)?;
    query.parts(&["id", "snippet"])?;
    let NewComment { snippet } = request::json(&body)?;
    if snippet.parent_id.is_empty() {
        return Err(bad(
            "comment",
            "parentIdMissing",
            "The parent ID is missing.",
        ));
    }
    let said = text("comment", snippet.text_original)?;
    let now = net.now();
    let mut memory = net.memory();
    let (video, parent) = find(&memory, &snippet.parent_id, now)
        .filter(|(_, parent)| parent.parent.is_none())
        .ok_or_else(|| gone("comment", "parentCommentNotFound"))?;
    if parent.hidden {
        return Err(bad(
            "comment",
            "parentCommentIsPrivate",
            "The specified parent comment is private.",
        ));
    }
    let owner = video.account.clone();
    let id = format!("{}.{}", parent.id, net.short_id(22));
    let parent_id = Some(parent.id);
    let comment = memory
        .comments
        .write(id, &parent.post, parent_id, actor.account(), &said, now);
    Ok(Json(show(&owner, &comment, &here, false)))
}

/// `POST /comments/setModerationStatus`: by the owner of the video.
pub(super) async fn moderate(State(net): State<Net>, actor: Actor, query: Query) -> Answer {
    permit(&net, &actor, scope::SSL, quota::WRITE)?;
    let status = query.need("moderationStatus")?;
    if ![PUBLISHED, HELD, REJECTED].contains(&status) {
        return Err(bad(
            "comment",
            "invalidParameter",
            "Invalid value for moderationStatus.",
        ));
    }
    if query.is_true("banAuthor") && status != REJECTED {
        return Err(bad(
            "comment",
            "banWithoutReject",
            "The banAuthor parameter can only be used if the moderationStatus parameter value is rejected.",
        ));
    }
    let ids = query.list("id");
    if ids.is_empty() {
        return Err(refusal::missing("id"));
    }
    let now = net.now();
    let mut memory = net.memory();
    for id in &ids {
        let found = find(&memory, id, now);
        let (video, _) = found.ok_or_else(|| gone("comment", "commentNotFound"))?;
        if video.account != actor.account() {
            return Err(forbidden(
                "comment",
                "forbidden",
                "The moderation status of one or more comments cannot be set due to insufficient permissions.",
            ));
        }
    }
    for id in ids {
        match status {
            REJECTED => memory.comments.remove(id),
            _ => memory.comments.hide(id, status == HELD),
        }
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `DELETE /comments`: by its author.
pub(super) async fn delete(State(net): State<Net>, actor: Actor, query: Query) -> Answer {
    permit(&net, &actor, scope::SSL, quota::WRITE)?;
    let id = query.need("id")?;
    let now = net.now();
    let mut memory = net.memory();
    let found = find(&memory, id, now);
    let (_, comment) = found.ok_or_else(|| gone("comment", "commentNotFound"))?;
    if comment.author.username != actor.account() {
        return Err(forbidden(
            "comment",
            "forbidden",
            "The comment cannot be deleted because of insufficient permissions.",
        ));
    }
    memory.comments.remove(id);
    Ok(StatusCode::NO_CONTENT.into_response())
}
