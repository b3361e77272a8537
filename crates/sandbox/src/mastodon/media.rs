//! Uploads, as docs.joinmastodon.org/methods/media describes them.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};

use super::{
    Net, refusal,
    state::{self, Media, Memory},
};
use crate::kit::{Actor, Answer, Here, Params, Trouble};

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

/// Videos and sounds that can be uploaded.
pub(super) const OTHER_TYPES: [&str; 8] = [
    "video/webm",
    "video/mp4",
    "video/quicktime",
    "audio/wave",
    "audio/ogg",
    "audio/mpeg",
    "audio/flac",
    "audio/mp4",
];

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
    net.accept_media()?;
    let processing = net.process(if is_image { 0 } else { VIDEO_SECONDS });
    let polls = net.hub.config.media_polls;
    let media = Media {
        id: state::next_id(&net),
        account: actor.account().to_owned(),
        blob,
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

/// `PUT /api/v1/media/:id`: another description.
pub(super) async fn update(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Path(id): Path<String>,
    params: Params,
) -> Answer {
    actor.require("write:media")?;
    let description = check_description(params.get("description"))?;
    let mut state = net.memory();
    let media = own(&mut state, &id, &actor)?;
    media.description = description;
    Ok(Json(Memory::media_entity(media, net.now(), &here)).into_response())
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
