//! What is published: *IG Media*, the lists of *IG User*, and the account itself.

use serde_json::{Value, json};

use super::{
    Call,
    state::{Kind, Media},
};
use crate::{
    kit::{blobs::Blob, insights, people},
    meta::{self, GraphError, Result, list, login},
};

/// The account, as *IG User* shows it.
pub(super) fn account_entity(call: &Call, account: &people::Account) -> Value {
    let memory = call.net.memory();
    let mine = |media: &&Media| {
        media.account == account.username && media.parent.is_none() && media.kind != Kind::Story
    };
    json!({
        "id": login::instagram_id(account),
        "username": account.username,
        "name": account.name,
        "biography": account.bio,
        "website": null,
        "followers_count": insights::followers(account.username, call.net.now()),
        "follows_count": 180,
        "media_count": memory.media.values().filter(mine).count(),
        "profile_picture_url": format!("{}{}", call.here.origin, people::avatar_path(account.username)),
    })
}

fn entity(call: &Call, id: &str, media: &Media) -> Value {
    let memory = call.net.memory();
    let now = call.net.now();
    let url = |blob: &Blob| format!("{}{}", call.here.origin, blob.path());
    let exposure = media.exposure(id);
    let numbers = exposure.insights(now);
    let comments = memory.comments.below(id, &exposure, now).len();
    let children: Vec<Value> = media
        .children
        .iter()
        .map(|child| {
            json!({
                "id": child,
                "media_type": memory.media.get(child).map(media_type),
            })
        })
        .collect();
    let top = media.parent.is_none();
    json!({
        "id": id,
        "ig_id": id,
        "caption": (top && !media.caption.is_empty()).then_some(&media.caption),
        "media_type": media_type(media),
        "media_product_type": match media.kind {
            Kind::Story => "STORY",
            Kind::Reel => "REELS",
            _ => "FEED",
        },
        "media_url": media.blob.as_ref().map(url),
        "thumbnail_url": media.is_video().then(|| media.cover.as_ref().or(media.blob.as_ref()).map(url)),
        "alt_text": media.alt_text,
        "owner": { "id": people::find(&media.account).map(login::instagram_id) },
        "username": media.account,
        "permalink": top.then(|| format!("{}/feed/{id}", call.here.base)),
        "shortcode": media.shortcode,
        "timestamp": meta::time(media.published_at),
        "like_count": numbers.likes,
        "comments_count": comments,
        "is_comment_enabled": media.comments_enabled,
        "is_shared_to_feed": (media.kind == Kind::Reel).then_some(media.share_to_feed),
        "is_ai_generated": media.ai_generated,
        "children": (!children.is_empty()).then(|| json!({ "data": children })),
    })
}

fn media_type(media: &Media) -> &'static str {
    match media.kind {
        Kind::Carousel => "CAROUSEL_ALBUM",
        _ if media.is_video() => "VIDEO",
        _ => "IMAGE",
    }
}

/// The media of this id, if it stands and the actor may act for its account.
pub(super) fn find(call: &Call, id: &str, verb: &str) -> Result<Media> {
    let now = call.net.now();
    let found = call.net.memory().media.get(id).cloned();
    found
        .filter(|media| media.stands(now) && call.owns(&media.account))
        .ok_or_else(|| GraphError::no_object(verb, id).into())
}

/// `GET /{media}`.
pub(super) fn show(call: &Call, id: &str) -> Result {
    let media = find(call, id, "get")?;
    call.select(&entity(call, id, &media), &["id"])
}

/// `GET /{ig-user}/media`, the newest first and without stories, or `GET /{ig-user}/stories`.
pub(super) fn list(call: &Call, user: &str, stories: bool) -> Result {
    call.actor.require("instagram_basic")?;
    let account = call.account(user, "get")?;
    let now = call.net.now();
    let number = |name| {
        call.params
            .get(name)
            .and_then(|value| value.parse::<i64>().ok())
    };
    let (since, until) = (number("since"), number("until"));
    let wanted = |media: &Media| {
        let at = media.published_at.as_seconds();
        media.account == account.username
            && media.parent.is_none()
            && (media.kind == Kind::Story) == stories
            && media.stands(now)
            && since.is_none_or(|since| at >= since)
            && until.is_none_or(|until| at <= until)
    };
    let found: Vec<(String, Media)> = call
        .net
        .memory()
        .media
        .iter()
        .rev()
        .filter(|(_, media)| wanted(media))
        .map(|(id, media)| (id.clone(), media.clone()))
        .collect();
    let items: Vec<Value> = found
        .iter()
        .map(|(id, media)| entity(call, id, media))
        .collect();
    Ok(list::page(
        &call.here,
        &call.path,
        &call.params,
        &items,
        &["id"],
    )?)
}

/// `GET /{media}/children`.
pub(super) fn children(call: &Call, id: &str) -> Result {
    let media = find(call, id, "get")?;
    let items = media
        .children
        .iter()
        .map(|child| Ok(entity(call, child, &find(call, child, "get")?)))
        .collect::<Result<Vec<_>>>()?;
    Ok(list::page(
        &call.here,
        &call.path,
        &call.params,
        &items,
        &["id"],
    )?)
}

/// `POST /{media}?comment_enabled=…`. Whether the id is a media's.
pub(super) fn switch_comments(call: &Call, id: &str) -> Result<bool> {
    if !call.net.memory().media.contains_key(id) {
        return Ok(false);
    }
    find(call, id, "post")?;
    let wanted = call
        .params
        .get("comment_enabled")
        .ok_or_else(|| GraphError::parameter("The parameter comment_enabled is required"))?;
    if let Some(media) = call.net.memory().media.get_mut(id) {
        media.comments_enabled = wanted == "true";
    }
    Ok(true)
}

/// `DELETE /{media}`, since December 2025: whole posts, not the items of a carousel.
pub(super) fn delete(call: &Call, id: &str) -> Result {
    call.actor.require("instagram_manage_contents")?;
    let media = find(call, id, "delete")?;
    if media.parent.is_some() {
        return Err(GraphError::new(-1, "Fatal")
            .subcode(2_207_073)
            .said(
                "Media Type Not Supported",
                "The media type is not supported for this endpoint",
            )
            .into());
    }
    let mut memory = call.net.memory();
    for gone in media.children.iter().map(String::as_str).chain([id]) {
        memory.media.remove(gone);
    }
    Ok(json!({ "success": true, "deleted_id": id }))
}
