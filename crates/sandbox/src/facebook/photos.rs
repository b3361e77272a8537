//! Photos: *Page Photos*, *Photo*, *Facebook Stories API: photo stories*.

use serde_json::{Value, json};

use super::{
    Call, posts,
    state::{Kind, Photo, Post},
};
use crate::{
    kit::{blobs::Blob, people},
    meta::{self, GraphError, Result},
};

/// "A photo must be less than 10 MB."
const MOST_BYTES: u64 = 10 << 20;

/// `POST /{page}/photos`: `source` or `url`; with `published=false` it waits for a post.
pub(super) async fn create(call: &Call, page: &str) -> Result {
    let account = call.page(page, "post")?;
    call.actor.require("pages_manage_posts")?;
    let blob = match (call.params.file("source"), call.params.get("url")) {
        (Some(file), _) => file.blob.clone(),
        (None, Some(url)) => call.net.fetch(url).await.map_err(|_| unusable())?,
        (None, None) => return Err(GraphError::new(324, "(#324) Requires upload file").into()),
    };
    check(call, &blob)?;
    let id = format!("1220{:012}", call.net.next_number());
    let alt_text = call.params.get("alt_text_custom").map(str::to_owned);
    let photo = Photo {
        account: account.username.to_owned(),
        blob,
        alt_text,
        created_at: call.net.now(),
        post: None,
    };
    call.net.memory().photos.insert(id.clone(), photo);
    if call
        .params
        .get("published")
        .is_some_and(|value| matches!(value, "false" | "0"))
    {
        return Ok(json!({ "id": id }));
    }
    let caption = call
        .params
        .get("caption")
        .or_else(|| call.params.get("message"));
    let post = publish(call, account, &id, Kind::Post, caption.unwrap_or_default());
    Ok(json!({ "id": id, "post_id": post }))
}

fn unusable() -> GraphError {
    GraphError::new(324, "(#324) Missing or invalid image file")
}

fn check(call: &Call, blob: &Blob) -> Result<()> {
    call.net.accept_media()?;
    let head = blob.head();
    let known = matches!(
        blob.sniffed(),
        Some("image/jpeg" | "image/png" | "image/gif")
    ) || head.starts_with(b"BM")
        || head.starts_with(b"II*\0")
        || head.starts_with(b"MM\0*");
    if known && blob.len() < MOST_BYTES {
        Ok(())
    } else {
        Err(unusable().into())
    }
}

/// Makes a post of one photo.
fn publish(call: &Call, account: &people::Account, photo: &str, kind: Kind, text: &str) -> String {
    let id = posts::new_id(call, account);
    let now = call.net.now();
    let mut memory = call.net.memory();
    if let Some(photo) = memory.photos.get_mut(photo) {
        photo.post = Some(id.clone());
    }
    let post = Post {
        account: account.username.to_owned(),
        kind,
        message: text.to_owned(),
        title: None,
        link: None,
        photos: vec![photo.to_owned()],
        video: None,
        place: None,
        created_at: now,
        published_at: Some(now),
    };
    memory.posts.insert(id.clone(), post);
    call.net.count_published();
    id
}

/// `POST /{page}/photo_stories`: of a photo that was in no post before.
pub(super) fn story(call: &Call, page: &str) -> Result {
    let account = call.page(page, "post")?;
    call.actor.require("pages_manage_posts")?;
    let id = call.required("photo_id")?;
    let photo = call.net.memory().photos.get(id).cloned();
    let free = photo.is_some_and(|photo| photo.account == account.username && photo.post.is_none());
    if !free {
        return Err(GraphError::parameter("Invalid parameter: photo_id").into());
    }
    let post = publish(call, account, id, Kind::Story, "");
    Ok(json!({ "success": true, "post_id": posts::number(&post) }))
}

/// `GET /{photo}`; `None` where the id is not one.
pub(super) fn show(call: &Call, id: &str) -> Result<Option<Value>> {
    let found = call.net.memory().photos.get(id).cloned();
    let Some(photo) = found.filter(|photo| call.owns(&photo.account)) else {
        return Ok(None);
    };
    let url = format!("{}{}", call.here.origin, photo.blob.path());
    let object = json!({
        "id": id,
        "created_time": meta::time(photo.created_at),
        "name": null,
        "alt_text": photo.alt_text,
        "alt_text_custom": photo.alt_text,
        "images": [{ "source": url }],
        "source": url,
        "link": url,
        // Given before there is a post, too.
        "page_story_id": photo.post,
    });
    call.select(&object, &["created_time", "name", "id"])
        .map(Some)
}
