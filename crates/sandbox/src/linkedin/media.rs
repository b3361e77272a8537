//! Files: marketing/community-management/shares/images-api, /documents-api and /videos-api.

use std::time::Duration;

use axum::{
    Json,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    Net, refusal,
    state::{self, Media},
};
use crate::kit::{Actor, Answer, Here, Params, Trouble, processing::Progress};

/// Bytes of a piece of a video.
const PART: u64 = 4 << 20;
/// How long the addresses to upload to can be used.
const SESSION: Duration = Duration::from_hours(30 * 24);
const IMAGE: u64 = 100 << 20;
const DOCUMENT: u64 = 100 << 20;
const VIDEO_LEAST: u64 = 75_000;
const VIDEO: u64 = 500 << 20;

/// Begins an upload for the owner that the request names.
fn begin(net: &Net, actor: &Actor, params: &Params, kind: &str, parts: Vec<u64>) -> Answer<Media> {
    if params.get("action") != Some("initializeUpload") {
        return Err(refusal::bad("PARAM_INVALID", "action is not known"));
    }
    let request = &params.json.as_ref().unwrap_or(&Value::Null)["initializeUploadRequest"];
    let owner = request["owner"].as_str().unwrap_or_default();
    let owner = state::author(actor, owner, "social")?;
    let id = net.short_id(19);
    let media = Media {
        urn: format!("urn:li:{kind}:{id}"),
        owner,
        parts: parts.into_iter().map(|bytes| (bytes, None)).collect(),
        token: String::new(),
        blob: None,
        processing: None,
        expires_at: net.now() + SESSION,
    };
    net.memory().media.insert(id, media.clone());
    Ok(media)
}

fn id(media: &Media) -> &str {
    media.urn.rsplit(':').next().unwrap_or_default()
}

fn single(
    net: &Net,
    here: &Here,
    actor: &Actor,
    params: &Params,
    kind: &str,
) -> Answer<Json<Value>> {
    let media = begin(net, actor, params, kind, Vec::new())?;
    Ok(Json(json!({ "value": {
        "uploadUrlExpiresAt": media.expires_at.as_micros() / 1_000,
        "uploadUrl": format!("{}/dms-uploads/{}", here.base, id(&media)),
        kind: media.urn,
    } })))
}

pub(super) async fn initialize_image(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    single(&net, &here, &actor, &params, "image")
}

pub(super) async fn initialize_document(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    single(&net, &here, &actor, &params, "document")
}

/// `POST /rest/videos?action=…`.
pub(super) async fn video_action(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    params: Params,
) -> Answer<Response> {
    if params.get("action") == Some("finalizeUpload") {
        return finalize(&net, &actor, &params).await;
    }
    let body = params.json.clone().unwrap_or_default();
    let bytes = body["initializeUploadRequest"]["fileSizeBytes"].as_u64();
    let Some(bytes) = bytes.filter(|bytes| (VIDEO_LEAST..=VIDEO).contains(bytes)) else {
        return Err(refusal::bad(
            "INVALID_VALUE_FOR_FIELD",
            "/initializeUploadRequest/fileSizeBytes must be between 75 KB and 500 MB",
        ));
    };
    let starts: Vec<u64> = (0..bytes.div_ceil(PART)).map(|part| part * PART).collect();
    let sizes = starts.iter().map(|start| PART.min(bytes - start)).collect();
    let media = begin(&net, &actor, &params, "video", sizes)?;
    let instructions: Vec<_> = starts
        .iter()
        .zip(&media.parts)
        .zip(0..)
        .map(|((first, (size, _)), part)| {
            json!({
                "uploadUrl": format!("{}/dms-uploads/{}/{part}", here.base, id(&media)),
                "firstByte": first,
                "lastByte": first + size - 1,
            })
        })
        .collect();
    Ok(Json(json!({ "value": {
        "uploadUrlsExpireAt": media.expires_at.as_micros() / 1_000,
        "video": media.urn,
        "uploadInstructions": instructions,
        "uploadToken": media.token,
    } }))
    .into_response())
}

/// What an address to upload to stands for.
fn session(net: &Net, id: &str) -> Answer<Media> {
    let media = net.memory().media.get(id).cloned();
    match media {
        Some(media) if media.expires_at > net.now() => Ok(media),
        Some(_) => Err(refusal::bad(
            "EXPIRED_UPLOAD_URL",
            "The upload URL is expired",
        )),
        None => Err(net.refuse(&Trouble::NotFound)),
    }
}

/// Takes an image or a document, from the account alone.
pub(super) async fn put_whole(
    State(net): State<Net>,
    _: Actor,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer<StatusCode> {
    let media = session(&net, &id)?;
    let mime_type = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let upload = net.hub.blobs.begin(mime_type);
    if upload.append(body).await.is_err() {
        return Err(refusal::bad("BAD_REQUEST", "The upload broke off"));
    }
    let blob = upload.finish().await;
    let most = if media.urn.starts_with("urn:li:image:") {
        IMAGE
    } else {
        DOCUMENT
    };
    if blob.len() > most {
        return Err(refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "REQUEST_ENTITY_TOO_LARGE",
            None,
            "The file is too large",
        ));
    }
    let processing = net.process(if media.urn.starts_with("urn:li:document:") {
        6
    } else {
        2
    });
    if let Some(media) = net.memory().media.get_mut(&id) {
        media.blob = Some(blob);
        media.processing = Some(processing);
    }
    Ok(StatusCode::CREATED)
}

/// Takes a piece of a video, which must come without a token.
pub(super) async fn put_part(
    State(net): State<Net>,
    Path((id, part)): Path<(String, usize)>,
    headers: HeaderMap,
    body: Body,
) -> Answer<impl IntoResponse> {
    let media = session(&net, &id)?;
    if headers.contains_key(AUTHORIZATION) {
        return Err(refusal::bad(
            "BAD_REQUEST",
            "The upload of a part takes no token",
        ));
    }
    let Some((wanted, _)) = media.parts.get(part) else {
        return Err(net.refuse(&Trouble::NotFound));
    };
    let upload = net.hub.blobs.begin("application/octet-stream");
    if upload.append(body).await.is_err() || upload.len().await != *wanted {
        return Err(refusal::bad(
            "BAD_REQUEST",
            "The part has another size than was asked for",
        ));
    }
    let blob = upload.finish().await;
    let etag = blob.sha256().to_owned();
    if let Some(media) = net.memory().media.get_mut(&id)
        && let Some((_, kept)) = media.parts.get_mut(part)
    {
        *kept = Some(blob);
    }
    Ok((StatusCode::OK, [("etag", etag)]))
}

/// `POST /rest/videos?action=finalizeUpload`: the parts by their ETags, in order.
async fn finalize(net: &Net, actor: &Actor, params: &Params) -> Answer<Response> {
    let body = params.json.clone().unwrap_or_default();
    let request = &body["finalizeUploadRequest"];
    let urn = request["video"].as_str().unwrap_or_default();
    let Some(media) = net.memory().file(urn).cloned() else {
        return Err(refusal::bad("INVALID_VIDEO_ID", "This Video ID is invalid"));
    };
    state::author(actor, &state::urn(&media.owner), "social")?;
    let etags: Vec<_> = request["uploadedPartIds"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let came: Vec<_> = media
        .parts
        .iter()
        .filter_map(|(_, blob)| blob.as_ref())
        .collect();
    if came.len() < media.parts.len() {
        return Err(refusal::bad(
            "MEDIA_ASSET_WAITING_UPLOAD",
            "Media asset is waiting upload",
        ));
    }
    if !came
        .iter()
        .map(|blob| blob.sha256())
        .eq(etags.iter().copied())
    {
        return Err(refusal::bad(
            "INVALID_VALUE_FOR_FIELD",
            "/finalizeUploadRequest/uploadedPartIds do not fit the parts",
        ));
    }
    if media.blob.is_none() {
        let whole = net.hub.blobs.begin("video/mp4");
        for part in came {
            whole.push(&part.bytes().await.unwrap_or_default()).await;
        }
        let blob = whole.finish().await;
        let processing = net.process(12);
        if let Some(media) = net.memory().media.get_mut(id(&media)) {
            media.blob = Some(blob);
            media.processing = Some(processing);
        }
    }
    Ok(StatusCode::OK.into_response())
}

/// `GET /rest/images|documents|videos/{urn}`. A token that may only write for a member can't look.
pub(super) async fn show(
    State(net): State<Net>,
    actor: Actor,
    Path(urn): Path<String>,
) -> Answer<Json<Value>> {
    let Some(media) = net.memory().file(&urn).cloned() else {
        return Err(net.refuse(&Trouble::NotFound));
    };
    if !actor.may("r_organization_social") {
        return Err(refusal::new(
            StatusCode::FORBIDDEN,
            "ACCESS_DENIED",
            None,
            "Accessing this image resource is forbidden. Please check your permissions for this resource",
        ));
    }
    let progress = media.processing.map(|it| it.progress(net.now()));
    let mut entity = json!({
        "id": media.urn,
        "owner": state::urn(&media.owner),
        "status": match progress {
            None => "WAITING_UPLOAD",
            Some(Progress::Working { .. }) => "PROCESSING",
            Some(Progress::Ready) => "AVAILABLE",
            Some(Progress::Rejected) => "PROCESSING_FAILED",
        },
    });
    if progress == Some(Progress::Rejected) {
        entity["processingFailureReason"] = json!("Unsupported file format");
    }
    Ok(Json(entity))
}
