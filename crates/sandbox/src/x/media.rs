//! Uploads: docs.x.com/x-api/media/introduction and /quickstart/media-upload-chunked.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    Json,
    extract::{Path, State},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{Net, refusal::invalid, state::Media};
use crate::kit::{Actor, Answer, Params, Trouble, blobs::Blob, processing::Progress};

/// `media_type` of `InitializeMediaUploadRequest`, as far as posts take them.
const TYPES: [&str; 9] = [
    "video/mp4",
    "video/webm",
    "video/mp2t",
    "video/quicktime",
    "image/jpeg",
    "image/gif",
    "image/bmp",
    "image/png",
    "image/webp",
];
const CATEGORIES: [&str; 4] = ["amplify_video", "tweet_gif", "tweet_image", "tweet_video"];
/// Bytes: docs.x.com/x-api/media/introduction.
const IMAGE: u64 = 5 << 20;
const GIF: u64 = 15 << 20;
const VIDEO: u64 = 512 << 20;
/// How long an upload may take, and how long a file can be used: `expires_after_secs` of the guide.
const SESSION: u64 = 1_295_999;
const USABLE: u64 = 86_400;

/// The most bytes of a file of this category.
fn most(category: &str) -> u64 {
    match category {
        "tweet_image" => IMAGE,
        "tweet_gif" => GIF,
        _ => VIDEO,
    }
}

fn number(net: &Net) -> u64 {
    1_880_000_000_000_000_000 + net.next_number()
}

/// `initializeMediaUpload`.
pub(super) async fn initialize(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    actor.require("media.write")?;
    let body = params.json.unwrap_or_default();
    let known = [
        "additional_owners",
        "media_category",
        "media_type",
        "shared",
        "total_bytes",
    ];
    if let Some(key) = body
        .as_object()
        .into_iter()
        .flat_map(|body| body.keys())
        .find(|key| !known.contains(&key.as_str()))
    {
        return Err(invalid(key, &body[key], "object has unallowed field"));
    }
    let of = |name: &str, list: &[&str]| {
        body[name]
            .as_str()
            .filter(|value| list.contains(value))
            .map(str::to_owned)
            .ok_or_else(|| invalid(name, &body[name], "is not one of the allowed values"))
    };
    let mime_type = of("media_type", &TYPES)?;
    let category = of("media_category", &CATEGORIES)?;
    let total_bytes = body["total_bytes"]
        .as_u64()
        .filter(|bytes| (1..=most(&category)).contains(bytes))
        .ok_or_else(|| {
            invalid(
                "total_bytes",
                &body["total_bytes"],
                "File size exceeds the maximum allowed.",
            )
        })?;
    let media = Media {
        id: number(&net),
        account: actor.account().to_owned(),
        mime_type,
        category,
        total_bytes,
        pieces: BTreeMap::new(),
        blob: None,
        processing: None,
        alt_text: None,
        expires_at: net.now() + Duration::from_secs(SESSION),
    };
    let data = json!({
        "id": media.id.to_string(),
        "media_key": media.key(),
        "expires_after_secs": SESSION,
    });
    net.memory().media.insert(media.id, media);
    Ok(Json(json!({ "data": data })))
}

/// The media of this id that the account may change.
fn own(net: &Net, actor: &Actor, id: &str) -> Answer<Media> {
    actor.require("media.write")?;
    let number: u64 = id.parse().unwrap_or_default();
    net.memory()
        .media
        .get(&number)
        .filter(|media| media.account == actor.account() && media.expires_at > net.now())
        .cloned()
        .ok_or_else(|| net.refuse(&Trouble::NotFound))
}

/// The bytes of the field `media`: a file of a multipart form, or Base64 in JSON.
async fn bytes(net: &Net, params: &Params) -> Answer<Blob> {
    if let Some(file) = params.file("media") {
        return Ok(file.blob.clone());
    }
    let text = params.get("media").unwrap_or_default();
    match BASE64_STANDARD.decode(text) {
        Ok(bytes) if !bytes.is_empty() => Ok(net.hub.blobs.add("", &bytes).await),
        _ => Err(invalid("media", &Value::Null, "media is required")),
    }
}

/// `appendMediaUpload`. A piece that comes again takes the place of the one that was there.
pub(super) async fn append(
    State(net): State<Net>,
    actor: Actor,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    let media = own(&net, &actor, &id)?;
    let piece = bytes(&net, &params).await?;
    let index = params
        .get("segment_index")
        .and_then(|index| index.parse::<u32>().ok())
        .filter(|index| *index <= 999)
        .ok_or_else(|| invalid("segment_index", &Value::Null, "must be between 0 and 999"))?;
    if let Some(media) = net.memory().media.get_mut(&media.id)
        && let Some(before) = media.pieces.insert(index, piece)
    {
        net.hub.blobs.remove(before.id());
    }
    Ok(Json(json!({
        "data": { "expires_at": media.expires_at.as_seconds() }
    })))
}

/// `finalizeMediaUpload`.
pub(super) async fn finalize(
    State(net): State<Net>,
    actor: Actor,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let mut media = own(&net, &actor, &id)?;
    if media.blob.is_none() {
        let whole = net.hub.blobs.begin(&media.mime_type);
        for (expected, (index, piece)) in (0..).zip(&media.pieces) {
            if expected != *index {
                return Err(invalid("id", &json!(id), "Segments do not add up."));
            }
            whole.push(&piece.bytes().await.unwrap_or_default()).await;
            net.hub.blobs.remove(piece.id());
        }
        if whole.len().await != media.total_bytes {
            return Err(invalid(
                "id",
                &json!(id),
                "Segments do not add up to provided total file size.",
            ));
        }
        media.blob = Some(whole.finish().await);
        media.pieces.clear();
        media.expires_at = net.now() + Duration::from_secs(USABLE);
        if media.category == "tweet_image" {
            net.accept_media()?;
        } else {
            media.processing = Some(net.process(4));
        }
        net.memory().media.insert(media.id, media.clone());
    }
    Ok(Json(json!({ "data": entity(&net, &media) })))
}

/// `mediaUpload`: an image in one request.
pub(super) async fn whole(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    actor.require("media.write")?;
    let category = params.get("media_category").unwrap_or_default().to_owned();
    if !CATEGORIES.contains(&category.as_str()) {
        return Err(invalid(
            "media_category",
            &json!(category),
            "is not one of the allowed values",
        ));
    }
    let blob = bytes(&net, &params).await?;
    if blob.len() > most(&category) {
        return Err(invalid(
            "media",
            &Value::Null,
            "File size exceeds the maximum allowed.",
        ));
    }
    net.accept_media()?;
    let media = Media {
        id: number(&net),
        account: actor.account().to_owned(),
        mime_type: blob.mime_type().to_owned(),
        total_bytes: blob.len(),
        processing: (category != "tweet_image").then(|| net.process(4)),
        category,
        pieces: BTreeMap::new(),
        blob: Some(blob),
        alt_text: None,
        expires_at: net.now() + Duration::from_secs(USABLE),
    };
    let data = entity(&net, &media);
    net.memory().media.insert(media.id, media);
    Ok(Json(json!({ "data": data })))
}

/// `getMediaUploadStatus`.
pub(super) async fn status(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    let id = params.get("media_id").unwrap_or_default();
    let media = own(&net, &actor, id)?;
    Ok(Json(json!({ "data": entity(&net, &media) })))
}

/// A file as the operations answer it.
fn entity(net: &Net, media: &Media) -> Value {
    let now = net.now();
    let mut entity = json!({
        "id": media.id.to_string(),
        "media_key": media.key(),
        "size": media.total_bytes,
        "expires_after_secs": media.expires_at.since(now).as_secs(),
    });
    if let Some(processing) = media.processing {
        entity["processing_info"] = match processing.progress(now) {
            Progress::Working {
                percent,
                seconds_left,
            } => json!({
                "state": if percent == 0 { "pending" } else { "in_progress" },
                "progress_percent": percent,
                "check_after_secs": seconds_left.clamp(1, 5),
            }),
            Progress::Ready => json!({ "state": "succeeded", "progress_percent": 100 }),
            Progress::Rejected => json!({
                "state": "failed",
                "progress_percent": 12,
                "error": { "code": 1, "name": "InvalidMedia", "message": "Unsupported video format" },
            }),
        };
    }
    entity
}

/// `createMediaMetadata`.
pub(super) async fn describe(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    let body = params.json.unwrap_or_default();
    let media = own(&net, &actor, body["id"].as_str().unwrap_or_default())?;
    let text = body["metadata"]["alt_text"]["text"].as_str();
    let Some(text) = text.filter(|text| text.chars().count() <= 1_000) else {
        return Err(invalid(
            "metadata.alt_text.text",
            &body["metadata"],
            "at most 1000 characters",
        ));
    };
    if let Some(media) = net.memory().media.get_mut(&media.id) {
        media.alt_text = Some(text.to_owned());
    }
    Ok(Json(json!({
        "data": { "id": media.id.to_string(), "associated_metadata": body["metadata"] }
    })))
}
