//! `POST /{ig-user}/media_publish`: *IG User Media Publish*; how much is left: *IG User Content
//! Publishing Limit*.

use serde_json::json;

use super::{
    Call,
    containers::not_ready,
    state::{Container, Kind, Media, Status},
};
use crate::{
    kit::quota::{Quota, Window},
    meta::{self, GraphError, Result},
};

/// 100 posts within a day; a carousel counts once.
static POSTS: Quota = Quota {
    name: "posts",
    limit: 100,
    window: Window::Rolling(86_400),
};

pub(super) fn publish(call: &Call, user: &str) -> Result {
    call.actor.require("instagram_content_publish")?;
    let account = call.account(user, "post")?;
    let now = call.net.now();
    let id = call
        .params
        .get("creation_id")
        .ok_or_else(|| GraphError::parameter("The parameter creation_id is required"))?;
    let found = call.net.memory().containers.get(id).cloned();
    let gone = || {
        GraphError::new(24, "The requested resource does not exist")
            .subcode(2_207_008)
            .said(
                "Media not found",
                &format!(
                    "The media builder with creation id = {id} does not exist or has been expired."
                ),
            )
    };
    let container = found
        .filter(|container| container.account == account.username && !container.carousel_item)
        .ok_or_else(gone)?;
    match container.status(now) {
        Status::Finished => {}
        Status::InProgress => return Err(not_ready().into()),
        Status::Expired | Status::Published => return Err(gone().into()),
        Status::Error(subcode) => {
            return Err(GraphError::new(352, "The video format is not supported.")
                .subcode(subcode)
                .said(
                    "Unsupported format",
                    "The video format is not supported. Please check spec for supported video format.",
                )
                .into());
        }
    }
    if call.net.spend(&POSTS, account.username, 1).is_err() {
        return Err(GraphError::new(9, "Application request limit reached")
            .subcode(2_207_042)
            .said(
                "Limit reached",
                "You reached maximum number of posts that is allowed to be published by Content Publishing API.",
            )
            .into());
    }
    let media = become_media(call, id, &container);
    call.net.count_published();
    call.net.notify(&json!({
        "object": "instagram",
        "entry": [{ "id": user, "time": now.as_seconds(),
            "changes": [{ "field": "media", "value": { "media_id": media, "at": meta::time(now) } }] }],
    }));
    Ok(json!({ "id": media }))
}

/// Makes the media of a container, and those of its children.
fn become_media(call: &Call, container_id: &str, container: &Container) -> String {
    let new_id = || format!("1790{:013}", call.net.next_number());
    let id = new_id();
    let mut memory = call.net.memory();
    let items: Vec<_> = container
        .children
        .iter()
        .filter_map(|child| memory.containers.get(child).cloned())
        .map(|child| (new_id(), child))
        .collect();
    let of = |container: &Container, children: Vec<String>, parent: Option<&String>| Media {
        account: container.account.clone(),
        kind: match container.kind {
            Kind::Video if parent.is_none() => Kind::Reel,
            kind => kind,
        },
        caption: container.caption.clone(),
        published_at: call.net.now(),
        shortcode: format!("C{}", call.net.short_id(10)),
        blob: container.blob().cloned(),
        cover: container.cover.clone(),
        alt_text: container.alt_text.clone(),
        children,
        parent: parent.cloned(),
        share_to_feed: container.share_to_feed,
        ai_generated: container.ai_generated,
        comments_enabled: true,
        details: container.details.clone(),
    };
    let children = items.iter().map(|(id, _)| id.clone()).collect();
    for (item_id, item) in &items {
        memory
            .media
            .insert(item_id.clone(), of(item, Vec::new(), Some(&id)));
    }
    memory
        .media
        .insert(id.clone(), of(container, children, None));
    for used in container
        .children
        .iter()
        .map(String::as_str)
        .chain([container_id])
    {
        if let Some(container) = memory.containers.get_mut(used) {
            container.media = Some(id.clone());
        }
    }
    id
}

/// `GET /{ig-user}/content_publishing_limit`.
pub(super) fn limit(call: &Call, user: &str) -> Result {
    call.actor.require("instagram_content_publish")?;
    let account = call.account(user, "get")?;
    let usage = call.net.usage(&POSTS, account.username);
    let object = json!({
        "quota_usage": usage.used,
        "config": { "quota_total": usage.limit, "quota_duration": 86_400 },
    });
    Ok(json!({ "data": [call.select(&object, &["quota_usage"])?] }))
}
