//! Posts: *Pages API: posts*, *Page Feed*, *Page Post*, *Facebook Stories API: get stories*.

use serde_json::{Value, json};

use super::{
    Call,
    state::{Kind, Memory, Photo, Post, Video},
};
use crate::{
    kit::{people, processing::Progress},
    meta::{self, GraphError, Result, list, login},
};

const DEFAULTS: [&str; 3] = ["created_time", "message", "id"];

/// A post's id: that of the Page and a number.
pub(super) fn new_id(call: &Call, account: &people::Account) -> String {
    format!(
        "{}_1221{:012}",
        login::page_id(account),
        call.net.next_number()
    )
}

/// `POST /{page}/feed`. With `published=false` nobody sees it yet.
pub(super) fn create(call: &Call, page: &str) -> Result {
    let account = call.page(page, "post")?;
    call.actor.require("pages_manage_posts")?;
    let photos = call
        .list("attached_media")
        .iter()
        .map(|item| media_id(item))
        .collect::<Result<Vec<_>>>()?;
    let (message, link) = (call.params.get("message"), call.params.get("link"));
    if message.is_none() && link.is_none() && photos.is_empty() {
        return Err(GraphError::parameter(
            "Either message, link or attached_media must be supplied",
        )
        .into());
    }
    if link.is_some() && !photos.is_empty() {
        return Err(GraphError::parameter("link and attached_media can't be used together").into());
    }
    if link.is_some_and(|link| !link.starts_with("http://") && !link.starts_with("https://")) {
        return Err(GraphError::new(1_609_005, "Error posting link")
            .said("Posting link failed", "There was a problem scraping data from the provided link. Check the URL and try again.")
            .into());
    }
    let id = new_id(call, account);
    let now = call.net.now();
    let published = call
        .params
        .get("published")
        .is_none_or(|value| matches!(value, "true" | "1"));
    let mut memory = call.net.memory();
    for photo in &photos {
        let free = |photo: &&mut Photo| photo.account == account.username && photo.post.is_none();
        let Some(photo) = memory.photos.get_mut(photo).filter(free) else {
            return Err(GraphError::parameter(format!(
                "Invalid parameter: attached_media {photo}"
            ))
            .into());
        };
        photo.post = Some(id.clone());
    }
    let post = Post {
        account: account.username.to_owned(),
        kind: Kind::Post,
        message: message.unwrap_or_default().to_owned(),
        title: None,
        link: link.map(str::to_owned),
        photos,
        video: None,
        place: call.params.get("place").map(str::to_owned),
        created_at: now,
        published_at: published.then_some(now),
    };
    memory.posts.insert(id.clone(), post);
    drop(memory);
    if published {
        call.net.count_published();
    }
    Ok(json!({ "id": id, "post_supports_client_mutation_id": true }))
}

/// `{"media_fbid": "…"}`
fn media_id(item: &str) -> Result<String> {
    let value: Value = serde_json::from_str(item).unwrap_or_default();
    let id = &value["media_fbid"];
    let text = id
        .as_str()
        .map(str::to_owned)
        .or_else(|| id.as_u64().map(|id| id.to_string()));
    text.ok_or_else(|| GraphError::parameter("attached_media needs media_fbid").into())
}

/// `POST /{post}`: published, or with another text. To publish what is published changes nothing.
pub(super) fn change(call: &Call, id: &str) -> Result {
    call.actor.require("pages_manage_posts")?;
    let now = call.net.now();
    let mut memory = call.net.memory();
    let post = memory
        .posts
        .get_mut(id)
        .filter(|post| call.owns(&post.account))
        .ok_or_else(|| GraphError::no_object("post", id))?;
    if let Some(message) = call.params.get("message") {
        message.clone_into(&mut post.message);
    }
    if call.params.get("is_published") == Some("true") && post.published_at.is_none() {
        post.published_at = Some(now);
        call.net.count_published();
    }
    Ok(json!({ "success": true }))
}

/// The post of this id, if the actor may act for its Page.
pub(super) fn find(call: &Call, id: &str, verb: &str) -> Result<Post> {
    let found = call.net.memory().posts.get(id).cloned();
    found
        .filter(|post| call.owns(&post.account))
        .ok_or_else(|| GraphError::no_object(verb, id).into())
}

fn entity(call: &Call, memory: &Memory, id: &str, post: &Post) -> Value {
    let now = call.net.now();
    let exposure = memory.exposure(id, post);
    let numbers = exposure.insights(now);
    let url = |path: String| format!("{}{path}", call.here.origin);
    let permalink = format!("{}/feed/{id}", call.here.base);
    let photo = |id: &String| {
        let photo = memory.photos.get(id)?;
        Some(json!({
            "type": "photo",
            "media_type": "photo",
            "media": { "image": { "src": url(photo.blob.path()) } },
            "target": { "id": id, "url": permalink },
        }))
    };
    let attachment = match (&post.photos[..], &post.video, &post.link) {
        ([one], _, _) => photo(one),
        ([_, ..], _, _) => Some(json!({
            "type": "album",
            "media_type": "album",
            "subattachments": { "data": post.photos.iter().filter_map(photo).collect::<Vec<_>>() },
        })),
        (_, Some(video), _) => Some(json!({
            "type": "video_inline",
            "media_type": "video",
            "target": { "id": video, "url": permalink },
        })),
        (_, _, Some(link)) => Some(json!({ "type": "share", "media_type": "link", "url": link })),
        _ => None,
    };
    let comments = memory.comments.below(id, &exposure, now);
    let page = people::find(&post.account);
    json!({
        "id": id,
        "message": (!post.message.is_empty()).then_some(&post.message),
        "created_time": meta::time(post.published_at.unwrap_or(post.created_at)),
        "updated_time": meta::time(post.created_at),
        "permalink_url": permalink,
        "is_published": post.published_at.is_some(),
        "is_hidden": false,
        "status_type": match post.kind {
            Kind::Post if !post.photos.is_empty() => "added_photos",
            Kind::Post => "mobile_status_update",
            _ => "added_video",
        },
        "from": page.map(|page| json!({ "id": login::page_id(page), "name": page.name })),
        "full_picture": post.photos.first().and_then(|id| memory.photos.get(id)).map(|photo| url(photo.blob.path())),
        "place": post.place.as_ref().map(|place| json!({ "id": place })),
        "attachments": attachment.map(|attachment| json!({ "data": [attachment] })),
        "shares": (numbers.shares > 0).then(|| json!({ "count": numbers.shares })),
        "reactions": { "data": [], "summary": { "total_count": numbers.likes } },
        "likes": { "data": [], "summary": { "total_count": numbers.likes } },
        "comments": {
            "data": comments.iter().map(|comment| json!({ "id": comment.id, "message": comment.text })).collect::<Vec<_>>(),
            "summary": { "total_count": comments.len(), "order": "chronological", "can_comment": true },
        },
    })
}

/// `GET /{post}`.
pub(super) fn show(call: &Call, id: &str) -> Result {
    let post = find(call, id, "get")?;
    let entity = entity(call, &call.net.memory(), id, &post);
    call.select(&entity, &DEFAULTS)
}

/// `GET /{page}/feed`, with what is not published; `GET /{page}/published_posts`, without.
/// Neither has stories, and neither has reels.
pub(super) fn list(call: &Call, page: &str, all: bool) -> Result {
    call.actor.require("pages_read_engagement")?;
    let account = call.page(page, "get")?;
    let now = call.net.now();
    let memory = call.net.memory();
    let items: Vec<Value> = memory
        .posts
        .iter()
        .rev()
        .filter(|(_, post)| {
            post.account == account.username
                && matches!(post.kind, Kind::Post | Kind::Video)
                && (all || memory.stands(post, now))
        })
        .map(|(id, post)| entity(call, &memory, id, post))
        .collect();
    drop(memory);
    Ok(list::page(
        &call.here,
        &call.path,
        &call.params,
        &items,
        &DEFAULTS,
    )?)
}

/// `GET /{page}/stories`.
pub(super) fn stories(call: &Call, page: &str) -> Result {
    call.actor.require("pages_read_engagement")?;
    let account = call.page(page, "get")?;
    let now = call.net.now();
    let memory = call.net.memory();
    let wanted = call.list("status");
    let items: Vec<Value> = memory
        .posts
        .iter()
        .rev()
        .filter(|(_, post)| post.account == account.username && post.kind == Kind::Story)
        .map(|(id, post)| {
            json!({
                "post_id": number(id),
                "status": if memory.stands(post, now) { "PUBLISHED" } else { "ARCHIVED" },
                "creation_time": post.created_at.as_seconds().to_string(),
                "media_type": if post.video.is_some() { "video" } else { "photo" },
                "media_id": post.video.as_ref().or(post.photos.first()),
                "url": format!("{}/feed/{id}", call.here.base),
            })
        })
        .filter(|story| {
            wanted.is_empty() || wanted.iter().any(|status| story["status"] == **status)
        })
        .collect();
    drop(memory);
    let defaults = [
        "post_id",
        "status",
        "creation_time",
        "media_type",
        "media_id",
        "url",
    ];
    Ok(list::page(
        &call.here,
        &call.path,
        &call.params,
        &items,
        &defaults,
    )?)
}

/// The number behind the Page's id: what stories are known by.
pub(super) fn number(id: &str) -> &str {
    id.rsplit('_').next().unwrap_or(id)
}

/// `DELETE /{post}` or `DELETE /{video}`, and what it is made of.
pub(super) fn delete(call: &Call, id: &str) -> Result {
    call.actor.require("pages_manage_posts")?;
    let video = call.net.memory().videos.get(id).cloned();
    let post_id = video.as_ref().and_then(|video| video.post.clone());
    let id = post_id.as_deref().unwrap_or(id);
    if let (Some(video), None) = (&video, &post_id) {
        if !call.owns(&video.account) {
            return Err(GraphError::no_object("delete", id).into());
        }
        call.net.memory().videos.remove(id);
        return Ok(json!({ "success": true }));
    }
    let post = find(call, id, "delete")?;
    let mut memory = call.net.memory();
    memory.posts.remove(id);
    for photo in &post.photos {
        memory.photos.remove(photo);
    }
    if let Some(video) = &post.video {
        memory.videos.remove(video);
    }
    Ok(json!({ "success": true }))
}

/// Whether a video's post is seen: `publishing_phase` of its status.
pub(super) fn is_live(call: &Call, video: &Video) -> bool {
    let memory = call.net.memory();
    let post = video.post.as_ref().and_then(|id| memory.posts.get(id));
    let ready = video.progress(call.net.now()) == Some(Progress::Ready);
    ready && post.is_some_and(|post| post.published_at.is_some())
}
