//! `POST /ig-api-upload/{version}/{container}`, at `rupload.facebook.com` in the real world:
//! *Content publishing: resumable upload session*.

use axum::{
    Json,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode},
};
use serde_json::{Value, json};

use super::{
    Net, containers,
    state::{File, Kind},
};
use crate::{
    kit::{Actor, Answer, Here, Params, Refusal, blobs::Blob, people},
    meta::login,
};

/// Takes bytes from `offset` on, or an address to fetch them from.
pub(super) async fn receive(
    State(net): State<Net>,
    Path((_, id)): Path<(String, String)>,
    here: Here,
    actor: Actor,
    request: Request,
) -> Answer<Json<Value>> {
    actor.require("instagram_content_publish")?;
    let found = net.memory().containers.get(&id).cloned();
    let owned = found.filter(|container| {
        people::find(&container.account).is_some_and(|account| login::acts_for(&actor, account))
    });
    let Some(container) = owned else {
        return Err(failed("ProcessingFailedError", "unauthorized user request"));
    };
    let File::Coming(upload) = container.file else {
        return Err(failed(
            "ProcessingFailedError",
            "the upload session has ended",
        ));
    };
    let headers = request.headers().clone();
    let blob = if let Some(url) = header(&headers, "file_url") {
        net.fetch(url)
            .await
            .map_err(|_| failed("ProcessingFailedError", "the file could not be fetched"))?
    } else {
        let number = |name| header(&headers, name).and_then(|value| value.parse::<u64>().ok());
        let (Some(offset), Some(size)) = (number("offset"), number("file_size")) else {
            return Err(failed(
                "InvalidParameterError",
                "offset and file_size are required",
            ));
        };
        if offset != upload.len().await {
            return Err(failed(
                "OffsetInvalidError",
                "Request starting offset is invalid",
            ));
        }
        let come = upload.append(request.into_body()).await;
        if come.ok() != Some(size) {
            return Err(failed(
                "PartialRequestError",
                "Partial request (did not match length of file)",
            ));
        }
        upload.finish().await
    };
    keep(net, here, actor, &id, container.kind, blob);
    Ok(Json(
        json!({ "success": true, "message": "Upload successful." }),
    ))
}

/// From here on the video is processed.
fn keep(net: Net, here: Here, actor: Actor, id: &str, kind: Kind, blob: Blob) {
    let call = super::Call {
        net,
        here,
        actor,
        params: Params::default(),
        path: String::new(),
    };
    let file = containers::processed(&call, kind, blob);
    if let Some(container) = call.net.memory().containers.get_mut(id) {
        container.file = file;
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// rupload's own form of an error.
fn failed(kind: &str, message: &str) -> Refusal {
    let retriable = kind != "ProcessingFailedError";
    let body =
        json!({ "debug_info": { "retriable": retriable, "type": kind, "message": message } });
    Refusal::new(StatusCode::BAD_REQUEST, Json(body))
}
