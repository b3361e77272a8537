//! thumbnails.set and captions: developers.google.com/youtube/data/reference/rest/v3/thumbnails/set and
//! …/captions.

use axum::{
    Json,
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Net, quota,
    refusal::{self, bad, forbidden, not_found},
    request::{self, Query, etag, page, permit},
    resource, scope,
    state::{Captions, instant},
};
use crate::kit::{Actor, Answer, Here, Refusal};

/// Bytes of a thumbnail: 50 MB since September 2026.
const MOST_THUMBNAIL: u64 = 50 << 20;
/// Characters of a track's name.
const MOST_NAME: usize = 150;

fn no_video(resource: &str) -> Refusal {
    not_found(
        resource,
        "videoNotFound",
        "The video that you are trying to use cannot be found.",
    )
}

/// Refuses unless the video is the actor's.
fn owned(net: &Net, actor: &Actor, video: &str, resource: &str) -> Answer<()> {
    let memory = net.memory();
    let video = memory.video(video).ok_or_else(|| no_video(resource))?;
    if video.account == actor.account() {
        Ok(())
    } else {
        Err(forbidden(
            resource,
            "forbidden",
            "The request might not be properly authorized.",
        ))
    }
}

/// `POST /thumbnails/set`.
pub(super) async fn set_thumbnail(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    query: Query,
    headers: HeaderMap,
    body: Body,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::INSERT, quota::WRITE)?;
    let video = query.need("videoId")?;
    owned(&net, &actor, video, "thumbnail")?;
    let mime_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("application/octet-stream");
    let blob = if mime_type.starts_with("multipart/related") {
        let (_, mime_type, bytes) = related(mime_type, body).await?;
        net.hub.blobs.add(&mime_type, &bytes).await
    } else {
        let upload = net.hub.blobs.begin(mime_type);
        let ended = upload.append(body).await;
        ended.map_err(|_| {
            bad(
                "thumbnail",
                "mediaBodyRequired",
                "The request does not include the image content.",
            )
        })?;
        upload.finish().await
    };
    if blob.len() == 0 {
        return Err(bad(
            "thumbnail",
            "mediaBodyRequired",
            "The request does not include the image content.",
        ));
    }
    if blob.len() > MOST_THUMBNAIL {
        return Err(refusal::new(
            413,
            "global",
            "uploadTooLarge",
            "Media larger than 52428800",
        ));
    }
    net.accept_media()?;
    if !matches!(
        blob.sniffed(),
        Some("image/jpeg" | "image/png" | "image/gif")
    ) {
        return Err(bad(
            "thumbnail",
            "invalidImage",
            "The provided image content is invalid.",
        ));
    }
    let mut memory = net.memory();
    let video = memory
        .video_mut(video)
        .ok_or_else(|| no_video("thumbnail"))?;
    video.thumbnail = Some(blob);
    let items = json!([resource::thumbnails(video, &here)]);
    Ok(Json(json!({
        "kind": "youtube#thumbnailSetResponse",
        "etag": etag(&items),
        "items": items,
    })))
}

#[derive(Deserialize)]
struct Track {
    snippet: Snippet,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snippet {
    #[serde(default)]
    video_id: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    is_draft: bool,
}

/// `POST /captions`, with `uploadType=multipart`.
pub(super) async fn insert_captions(
    State(net): State<Net>,
    actor: Actor,
    query: Query,
    headers: HeaderMap,
    body: Body,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::SSL, quota::CAPTIONS_INSERT)?;
    query.parts(&["id", "snippet"])?;
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (meta, mime_type, bytes) = related(content_type, body).await?;
    let Track { snippet } = request::json(&meta)?;
    let is_language = !snippet.language.is_empty()
        && snippet
            .language
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !is_language || snippet.video_id.is_empty() {
        return Err(bad(
            "caption",
            "invalidMetadata",
            "The request contains invalid metadata values.",
        ));
    }
    if snippet.name.chars().count() > MOST_NAME {
        return Err(bad(
            "caption",
            "nameTooLong",
            "The snippet.name is too long.",
        ));
    }
    if bytes.is_empty() {
        return Err(bad(
            "caption",
            "contentRequired",
            "The request does not include the caption track's contents.",
        ));
    }
    owned(&net, &actor, &snippet.video_id, "caption")?;
    let blob = net
        .hub
        .blobs
        .add(caption_type(&mime_type, &bytes), &bytes)
        .await;
    let mut memory = net.memory();
    let same = |track: &Captions| {
        track.video == snippet.video_id
            && track.language == snippet.language
            && track.name == snippet.name
    };
    if memory.captions.iter().any(same) {
        return Err(refusal::new(
            409,
            "youtube.caption",
            "captionExists",
            "The specified video already has a caption track with the given snippet.language and snippet.name.",
        ));
    }
    let track = Captions {
        id: net.short_id(32),
        video: snippet.video_id,
        language: snippet.language,
        name: snippet.name,
        is_draft: snippet.is_draft,
        updated_at: net.now(),
        blob,
    };
    let shown = show(&track);
    memory.captions.push(track);
    Ok(Json(shown))
}

/// What a browser can show as captions is told by its first line.
fn caption_type<'t>(said: &'t str, bytes: &[u8]) -> &'t str {
    if bytes.starts_with(b"WEBVTT") {
        "text/vtt"
    } else {
        said
    }
}

fn show(track: &Captions) -> Value {
    let snippet = json!({
        "videoId": track.video,
        "lastUpdated": instant(track.updated_at),
        "trackKind": "standard",
        "language": track.language,
        "name": track.name,
        "audioTrackType": "unknown",
        "isCC": false,
        "isLarge": false,
        "isEasyReader": false,
        "isDraft": track.is_draft,
        "isAutoSynced": false,
        "status": "serving",
    });
    json!({ "kind": "youtube#caption", "etag": etag(&snippet), "id": track.id, "snippet": snippet })
}

/// `GET /captions`.
pub(super) async fn list_captions(
    State(net): State<Net>,
    actor: Actor,
    query: Query,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::SSL, quota::CAPTIONS_LIST)?;
    query.parts(&["id", "snippet"])?;
    let video = query.need("videoId")?;
    owned(&net, &actor, video, "caption")?;
    let memory = net.memory();
    let items: Vec<Value> = memory
        .captions
        .iter()
        .filter(|track| track.video == video)
        .map(show)
        .collect();
    let mut list = page("youtube#captionListResponse", items, (usize::MAX, 0));
    if let Some(list) = list.as_object_mut() {
        list.remove("pageInfo");
    }
    Ok(Json(list))
}

/// `DELETE /captions`.
pub(super) async fn delete_captions(State(net): State<Net>, actor: Actor, query: Query) -> Answer {
    permit(&net, &actor, scope::SSL, quota::WRITE)?;
    let id = query.need("id")?;
    let missing = || {
        not_found(
            "caption",
            "captionNotFound",
            "The caption track could not be found.",
        )
    };
    let video = {
        let memory = net.memory();
        let track = memory.captions.iter().find(|track| track.id == id);
        track.ok_or_else(missing)?.video.clone()
    };
    owned(&net, &actor, &video, "caption")?;
    net.memory().captions.retain(|track| track.id != id);
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The two parts of a `multipart/related` body (RFC 2387): metadata, then a file with its type.
pub(super) async fn related(content_type: &str, body: Body) -> Answer<(Bytes, String, Bytes)> {
    let broken = || refusal::new(400, "global", "badRequest", "Malformed multipart body.");
    let boundary = content_type
        .strip_prefix("multipart/related")
        .and_then(|rest| rest.split("boundary=").nth(1))
        .map(|boundary| {
            boundary
                .split(';')
                .next()
                .unwrap_or(boundary)
                .trim()
                .trim_matches(['"', '\''])
        })
        .ok_or_else(broken)?;
    let bytes = to_bytes(body, crate::READ_WHOLE)
        .await
        .map_err(|_| broken())?;
    let mark = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut rest = after(&bytes, mark.as_bytes()).ok_or_else(broken)?;
    while let Some(end) = find(rest, mark.as_bytes()) {
        let part = &rest[..end];
        let part = part
            .strip_suffix(b"\r\n")
            .or_else(|| part.strip_suffix(b"\n"))
            .unwrap_or(part);
        let (head, content) = split(part).ok_or_else(broken)?;
        let kind = String::from_utf8_lossy(head)
            .lines()
            .find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.trim()
                    .eq_ignore_ascii_case("content-type")
                    .then(|| value.trim().to_owned())
            })
            .unwrap_or_else(|| "application/octet-stream".to_owned());
        parts.push((kind, bytes.slice_ref(content)));
        rest = &rest[end + mark.len()..];
    }
    let mut parts = parts.into_iter();
    let (Some((_, meta)), Some((kind, file)), None) = (parts.next(), parts.next(), parts.next())
    else {
        return Err(broken());
    };
    Ok((meta, kind, file))
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

fn after<'a>(bytes: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    find(bytes, wanted).map(|at| &bytes[at + wanted.len()..])
}

/// Headers and content of a part.
fn split(part: &[u8]) -> Option<(&[u8], &[u8])> {
    let (at, length) = find(part, b"\r\n\r\n")
        .map(|at| (at, 4))
        .or_else(|| find(part, b"\n\n").map(|at| (at, 2)))?;
    Some((&part[..at], &part[at + length..]))
}
