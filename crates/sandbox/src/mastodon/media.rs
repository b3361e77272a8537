//! Uploads, as docs.joinmastodon.org/methods/media describes them.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use serde_json::{Value, json};

use super::{
    Net, refusal,
    state::{self, Media, Memory},
};
use crate::kit::{Actor, Answer, Here, Params, Trouble, blobs::Blob};

/// Bytes of an image: 16 MiB.
pub(super) const IMAGE_SIZE_LIMIT: u64 = 16 * 1024 * 1024;
/// Bytes of a video or a sound: 99 MiB.
pub(super) const VIDEO_SIZE_LIMIT: u64 = 99 * 1024 * 1024;
/// Seconds that a video or a sound is processed.
const VIDEO_SECONDS: u64 = 6;
/// Characters of a description.
pub(super) const DESCRIPTION_LIMIT: usize = 1_500;
/// Images that can be uploaded.
pub(super) const IMAGE_TYPES: [&str; 7] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/heic",
    "image/heif",
    "image/webp",
    "image/avif",
];

/// Videos and sounds that can be uploaded: the list of entities/Instance.
pub(super) const OTHER_TYPES: [&str; 21] = [
    "video/webm",
    "video/mp4",
    "video/quicktime",
    "video/ogg",
    "audio/wave",
    "audio/wav",
    "audio/x-wav",
    "audio/x-pn-wave",
    "audio/vnd.wave",
    "audio/ogg",
    "audio/vorbis",
    "audio/mpeg",
    "audio/mp3",
    "audio/webm",
    "audio/flac",
    "audio/aac",
    "audio/m4a",
    "audio/x-m4a",
    "audio/mp4",
    "audio/3gpp",
    "video/x-ms-asf",
];
/// Pixels of a GIF: "must be less than 1MP (1280x720)" (user/posting#media).
const GIF_PIXELS: u64 = 1_280 * 720;
/// Pixels of any other image.
pub(super) const IMAGE_PIXELS: u64 = 33_177_600;

/// Width and height of a GIF or a PNG, whose first bytes tell them.
fn dimensions(head: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
    let short = |at: usize| {
        Some(u32::from(u16::from_le_bytes(
            head.get(at..at + 2)?.try_into().ok()?,
        )))
    };
    if head.starts_with(b"GIF8") {
        Some((short(6)?, short(8)?))
    } else if head.starts_with(b"\x89PNG") {
        Some((number(16)?, number(20)?))
    } else {
        None
    }
}

/// Whether a GIF has several pictures: each of them follows a graphic control extension.
fn moves(gif: &[u8]) -> bool {
    let pictures = gif.windows(3).filter(|bytes| *bytes == b"\x21\xf9\x04");
    pictures.count() > 1
}

fn check_pixels(blob: &Blob) -> Answer<()> {
    let Some((width, height)) = dimensions(blob.head()) else {
        return Ok(());
    };
    let pixels = u64::from(width) * u64::from(height);
    let limit = if blob.mime_type() == "image/gif" {
        GIF_PIXELS
    } else {
        IMAGE_PIXELS
    };
    if pixels > limit {
        return Err(refusal::invalid(format!(
            "File {width}x{height} images are not supported"
        )));
    }
    Ok(())
}

/// Two numbers from -1 to 1: api/guidelines#focal-points.
fn read_focus(params: &Params) -> Answer<Option<(f64, f64)>> {
    let Some(text) = params.get("focus") else {
        return Ok(None);
    };
    let number = |text: &str| {
        let number = text.trim().parse().ok();
        number.filter(|number: &f64| (-1.0..=1.0).contains(number))
    };
    let point = text.split_once(',');
    let point = point.and_then(|(x, y)| Some((number(x)?, number(y)?)));
    match point {
        Some(point) => Ok(Some(point)),
        None => Err(refusal::invalid("Focus is invalid")),
    }
}

fn read_thumbnail(params: &Params) -> Answer<Option<Blob>> {
    let thumbnail = params.file("thumbnail").map(|file| file.blob.clone());
    match thumbnail {
        Some(blob) if !IMAGE_TYPES.contains(&blob.mime_type()) => Err(refusal::invalid(
            "Thumbnail content type is invalid, Thumbnail is invalid",
        )),
        thumbnail => Ok(thumbnail),
    }
}

fn check_description(description: Option<&str>) -> Answer<Option<String>> {
    match description {
        Some(text) if text.chars().count() > DESCRIPTION_LIMIT => Err(refusal::invalid(format!(
            "Description is too long (maximum is {DESCRIPTION_LIMIT} characters)"
        ))),
        other => Ok(other.map(str::to_owned)),
    }
}

/// `POST /api/v2/media`.
pub(super) async fn upload(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    params: Params,
) -> Answer {
    actor.require("write:media")?;
    let description = check_description(params.get("description"))?;
    let file = params
        .file("file")
        .ok_or_else(|| refusal::invalid("File can't be blank"))?;
    let blob = file.blob.clone();
    let is_image = IMAGE_TYPES.contains(&blob.mime_type());
    // The instance looks at the bytes, but for sounds, of which there are too many kinds.
    let looks_so = blob.mime_type().starts_with("audio/")
        || blob
            .sniffed()
            .is_some_and(|mime| mime.split('/').next() == blob.mime_type().split('/').next());
    if !(is_image || OTHER_TYPES.contains(&blob.mime_type())) || !looks_so {
        return Err(net.refuse(&Trouble::MediaRejected));
    }
    let (limit, shown) = if is_image {
        (IMAGE_SIZE_LIMIT, "16 MB")
    } else {
        (VIDEO_SIZE_LIMIT, "99 MB")
    };
    if blob.len() > limit {
        return Err(refusal::invalid(format!(
            "File file size must be less than {shown}"
        )));
    }
    check_pixels(&blob)?;
    let bytes = blob.bytes().await;
    let moves = blob.mime_type() == "image/gif" && bytes.is_some_and(|bytes| moves(&bytes));
    let (focus, thumbnail) = (read_focus(&params)?, read_thumbnail(&params)?);
    net.accept_media()?;
    let is_quick = is_image && !moves;
    let processing = net.process(if is_quick { 0 } else { VIDEO_SECONDS });
    let polls = net.hub.config.media_polls;
    let media = Media {
        id: state::next_id(&net),
        account: actor.account().to_owned(),
        blob,
        moves,
        thumbnail,
        focus,
        processing,
        description,
        polls_left: polls,
        status: None,
    };
    let status = if media.is_ready(net.now()) {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    let entity = Memory::media_entity(&media, net.now(), &here);
    net.memory().media.insert(media.id.clone(), media);
    Ok((status, Json(entity)).into_response())
}

/// `GET /api/v1/media/:id`: whether the file is ready. Each question brings it nearer.
pub(super) async fn show(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Path(id): Path<String>,
) -> Answer {
    actor.require("write:media")?;
    let mut state = net.memory();
    let media = own(&mut state, &id, &actor)?;
    let status = if media.is_ready(net.now()) {
        StatusCode::OK
    } else {
        StatusCode::PARTIAL_CONTENT
    };
    let entity = Memory::media_entity(media, net.now(), &here);
    media.polls_left = media.polls_left.saturating_sub(1);
    Ok((status, Json(entity)).into_response())
}

/// `PUT /api/v1/media/:id`: another description, focus or thumbnail.
pub(super) async fn update(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    actor.require("write:media")?;
    let description = check_description(params.get("description"))?;
    let (focus, thumbnail) = (read_focus(&params)?, read_thumbnail(&params)?);
    let mut state = net.memory();
    let media = own(&mut state, &id, &actor)?;
    media.description = description.or(media.description.take());
    media.focus = focus.or(media.focus);
    media.thumbnail = thumbnail.or(media.thumbnail.take());
    Ok(Json(Memory::media_entity(media, net.now(), &here)).into_response())
}

/// `DELETE /api/v1/media/:id`, since 4.4: a file that no status has.
pub(super) async fn delete(
    State(net): State<Net>,
    actor: Actor,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    actor.require("write:media")?;
    let mut state = net.memory();
    let blob = own(&mut state, &id, &actor)?.blob.clone();
    state.media.remove(&id);
    net.hub.blobs.remove(blob.id());
    Ok(Json(json!({})))
}

fn own<'m>(state: &'m mut Memory, id: &str, actor: &Actor) -> Answer<&'m mut Media> {
    state
        .media
        .get_mut(id)
        .filter(|media| media.account == actor.account() && media.status.is_none())
        .ok_or_else(refusal::not_found)
}

/// `GET /media/:id/original`: the file.
pub(super) async fn file(
    State(net): State<Net>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let blob = net.memory().media.get(&id).map(|media| media.blob.clone());
    Ok(blob.ok_or_else(refusal::not_found)?.serve(&headers).await)
}
