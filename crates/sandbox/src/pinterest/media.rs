//! Videos: operations `media/create`, `media/get`, `media/list`, and the file store that
//! `media/create` sends the file to. The store is Amazon S3's form upload
//! (docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html): signed fields first, the field
//! `file` last, no other proof, 204, refusals in XML.

use axum::{
    Json,
    extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Request, State},
    http::{StatusCode, header::AUTHORIZATION, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    Net,
    boards::page,
    refusal,
    state::{Media, next_id},
};
use crate::kit::{
    Actor, Answer, Here, Params,
    processing::Progress,
    recorder::{Part, Record},
};

/// Seconds that a video takes to process.
const PROCESSING: u64 = 8;
/// The most that a video may have: help.pinterest.com, "Pinterest product specs".
const MOST: u64 = 2 << 30;

/// `media/create`: schema `MediaUpload`.
pub(super) async fn register(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    params: Params,
) -> Answer<(StatusCode, Json<Value>)> {
    actor.require("pins:read")?;
    actor.require("pins:write")?;
    super::write(&net, &actor)?;
    if params.get("media_type") != Some("video") {
        return Err(refusal::invalid("media_type must be video."));
    }
    let media = Media {
        id: next_id(&net),
        account: actor.account().to_owned(),
        signature: net.secret(),
        upload: net.hub.blobs.begin("video/mp4"),
        file: None,
    };
    let key = format!("uploads/{}/{}:video", net.short_id(8), media.id);
    let answer = json!({
        "media_id": media.id,
        "media_type": "video",
        "upload_url": format!("{}/upload/", here.base),
        "upload_parameters": {
            "x-amz-date": "20261121T000000Z",
            "x-amz-signature": media.signature,
            "x-amz-security-token": net.secret(),
            "x-amz-algorithm": "AWS4-HMAC-SHA256",
            "key": key,
            "policy": net.secret(),
            "x-amz-credential": "SANDBOX/20261121/us-east-1/s3/aws4_request",
            "Content-Type": "multipart/form-data",
        },
    });
    let mut state = net.memory();
    state.keys.insert(key, media.id.clone());
    state.media.insert(media.id.clone(), media);
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The file store's refusal.
fn store_says(status: StatusCode, code: &str, message: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    (status, [(CONTENT_TYPE, "application/xml")], body).into_response()
}

/// `POST` of the form to the file store.
pub(super) async fn upload(State(net): State<Net>, request: Request) -> Response {
    match store(&net, request).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err((status, code, message)) => store_says(status, code, &message),
    }
}

async fn store(net: &Net, request: Request) -> Result<(), (StatusCode, &'static str, String)> {
    let bad = |code, message: &str| (StatusCode::BAD_REQUEST, code, message.to_owned());
    if request.headers().contains_key(AUTHORIZATION) {
        return Err(bad("InvalidArgument", "Only one auth mechanism allowed"));
    }
    let mut request = request;
    DefaultBodyLimit::disable().apply(&mut request);
    let record = request.extensions().get::<Record>().cloned();
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| bad("MalformedPOSTRequest", &error.body_text()))?;
    let mut fields: Vec<(String, String)> = Vec::new();
    loop {
        let field = form
            .next_field()
            .await
            .map_err(|error| bad("MalformedPOSTRequest", &error.body_text()))?;
        let Some(mut field) = field else {
            return Err(bad(
                "InvalidArgument",
                "POST requires exactly one file upload per request.",
            ));
        };
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            let text = field
                .text()
                .await
                .map_err(|error| bad("MalformedPOSTRequest", &error.body_text()))?;
            if let Some(record) = &record {
                record.add_part(Part::text(&name, &text));
            }
            fields.push((name, text));
            continue;
        }
        // Whatever comes after the file is not looked at.
        let media = signed(net, &fields)?;
        while let Some(bytes) = field
            .chunk()
            .await
            .map_err(|error| bad("IncompleteBody", &error.body_text()))?
        {
            media.upload.push(&bytes).await;
        }
        let file_name = field.file_name().map(str::to_owned);
        let blob = media.upload.finish().await;
        if blob.len() > MOST {
            return Err(bad(
                "EntityTooLarge",
                "Your proposed upload exceeds the maximum allowed size",
            ));
        }
        if let Some(record) = &record {
            record.add_part(Part::file(&name, file_name, &blob));
        }
        let work = net.process(PROCESSING);
        if let Some(media) = net.memory().media.get_mut(&media.id) {
            media.file = Some((blob, work));
        }
        return Ok(());
    }
}

/// The upload that the signed fields before the file belong to.
fn signed(
    net: &Net,
    fields: &[(String, String)],
) -> Result<Media, (StatusCode, &'static str, String)> {
    let forbidden = |code, message: &str| (StatusCode::FORBIDDEN, code, message.to_owned());
    let get = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    };
    for name in [
        "key",
        "policy",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-security-token",
        "Content-Type",
    ] {
        if get(name).is_none() {
            return Err(forbidden(
                "AccessDenied",
                &format!("Invalid according to Policy: the field {name} is missing"),
            ));
        }
    }
    let state = net.memory();
    let media = get("key")
        .and_then(|key| state.keys.get(key))
        .and_then(|id| state.media.get(id))
        .ok_or_else(|| forbidden("AccessDenied", "Invalid according to Policy"))?;
    if get("x-amz-signature") != Some(media.signature.as_str()) {
        return Err(forbidden(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided.",
        ));
    }
    if media.file.is_some() {
        return Err(forbidden("AccessDenied", "This upload is complete."));
    }
    Ok(media.clone())
}

/// Schema `Media`.
fn entity(net: &Net, media: &Media) -> Value {
    json!({ "media_id": media.id, "media_type": "video", "status": status(net, media) })
}

/// Schema `MediaUploadStatus`.
pub(super) fn status(net: &Net, media: &Media) -> &'static str {
    let Some((blob, work)) = &media.file else {
        return "registered";
    };
    match work.progress(net.now()) {
        Progress::Working { .. } => "processing",
        Progress::Rejected => "failed",
        // A file that is no video is found out by processing it.
        Progress::Ready if !matches!(blob.sniffed(), Some("video/mp4" | "video/quicktime")) => {
            "failed"
        }
        Progress::Ready => "succeeded",
    }
}

/// `media/get`.
pub(super) async fn show(
    State(net): State<Net>,
    actor: Actor,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    actor.require("pins:read")?;
    let media = net
        .memory()
        .media
        .get(&id)
        .filter(|media| media.account == actor.account())
        .cloned()
        .ok_or_else(|| refusal::new(StatusCode::NOT_FOUND, 2_410, "Media not found."))?;
    Ok(Json(entity(&net, &media)))
}

/// `media/list`.
pub(super) async fn list(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    actor.require("pins:read")?;
    let all: Vec<Media> = net
        .memory()
        .media
        .values()
        .filter(|media| media.account == actor.account())
        .cloned()
        .collect();
    page(
        all.iter().map(|media| entity(&net, media)).collect(),
        &params,
    )
}
