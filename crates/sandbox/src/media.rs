//! Uploads, as docs.joinmastodon.org/methods/media describes them.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{
        StatusCode,
        header::{CONTENT_TYPE, HeaderName},
    },
    response::{IntoResponse, Response},
};

use crate::{
    answer::Refusal,
    params::{Actor, Origin, Params},
    state::{Media, Memory, Sandbox},
};

/// Bytes of an image: 16 MiB.
pub(crate) const IMAGE_SIZE_LIMIT: usize = 16 * 1024 * 1024;
/// Characters of a description.
pub(crate) const DESCRIPTION_LIMIT: usize = 1_500;
/// What can be uploaded.
pub(crate) const IMAGE_TYPES: [&str; 7] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/heic",
    "image/heif",
    "image/webp",
    "image/avif",
];

/// The type that the bytes themselves show: the instance looks, as ours should.
fn is_image(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xd8\xff")
        || bytes.starts_with(b"\x89PNG\r\n\x1a\n")
        || bytes.starts_with(b"GIF8")
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
        || bytes.get(4..8) == Some(b"ftyp")
}

fn check_description(description: Option<&str>) -> Result<Option<String>, Refusal> {
    match description {
        Some(text) if text.chars().count() > DESCRIPTION_LIMIT => Err(Refusal::invalid(format!(
            "Description is too long (maximum is {DESCRIPTION_LIMIT} characters)"
        ))),
        other => Ok(other.map(str::to_owned)),
    }
}

/// `POST /api/v2/media`.
pub(crate) async fn upload(
    State(sandbox): State<Arc<Sandbox>>,
    origin: Origin,
    actor: Actor,
    params: Params,
) -> Result<Response, Refusal> {
    actor.require("write:media")?;
    let description = check_description(params.get("description"))?;
    let file = params
        .file
        .ok_or_else(|| Refusal::invalid("File can't be blank"))?;
    if !IMAGE_TYPES.contains(&file.mime_type.as_str()) || !is_image(&file.bytes) {
        return Err(Refusal::invalid(
            "File content type is invalid, File is invalid",
        ));
    }
    if file.bytes.len() > IMAGE_SIZE_LIMIT {
        return Err(Refusal::invalid("File file size must be less than 16 MB"));
    }
    let polls = sandbox.config.media_polls;
    let mut state = sandbox.state();
    let media = Media {
        id: state.next_id(),
        account: actor.account,
        mime_type: file.mime_type,
        bytes: file.bytes,
        description,
        polls_left: polls,
        status: None,
    };
    let entity = Memory::media_entity(&media, &origin);
    state.media.insert(media.id.clone(), media);
    let status = if polls == 0 {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    Ok((status, Json(entity)).into_response())
}

/// `GET /api/v1/media/:id`: whether the file is ready. Each question brings it nearer.
pub(crate) async fn show(
    State(sandbox): State<Arc<Sandbox>>,
    origin: Origin,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    actor.require("write:media")?;
    let mut state = sandbox.state();
    let media = own(&mut state, &id, &actor)?;
    let status = if media.polls_left > 0 {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    let entity = Memory::media_entity(media, &origin);
    media.polls_left = media.polls_left.saturating_sub(1);
    Ok((status, Json(entity)).into_response())
}

/// `PUT /api/v1/media/:id`: another description.
pub(crate) async fn update(
    State(sandbox): State<Arc<Sandbox>>,
    origin: Origin,
    actor: Actor,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, Refusal> {
    actor.require("write:media")?;
    let description = check_description(params.get("description"))?;
    let mut state = sandbox.state();
    let media = own(&mut state, &id, &actor)?;
    media.description = description;
    Ok(Json(Memory::media_entity(media, &origin)).into_response())
}

fn own<'m>(state: &'m mut Memory, id: &str, actor: &Actor) -> Result<&'m mut Media, Refusal> {
    state
        .media
        .get_mut(id)
        .filter(|media| media.account == actor.account && media.status.is_none())
        .ok_or_else(Refusal::not_found)
}

/// `GET /media/:id/original`: the file.
pub(crate) async fn file(
    State(sandbox): State<Arc<Sandbox>>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let media = sandbox
        .state()
        .media
        .get(&id)
        .cloned()
        .ok_or_else(Refusal::not_found)?;
    let headers = [
        (CONTENT_TYPE, media.mime_type),
        (
            HeaderName::from_static("x-content-type-options"),
            "nosniff".to_owned(),
        ),
    ];
    Ok((headers, media.bytes).into_response())
}
