//! `POST /ig-api-upload/{version}/{container}`, at `rupload.facebook.com` in the real world:
//! *Content publishing: resumable upload session*.

use axum::{
    Json,
    extract::{Path, Request, State},
};
use serde_json::{Value, json};

use super::{Net, containers, state::File};
use crate::{
    kit::{Actor, Answer, people},
    meta::{login, rupload},
};

/// Takes bytes from `offset` on, or an address to fetch them from.
pub(super) async fn receive(
    State(net): State<Net>,
    Path((_, id)): Path<(String, String)>,
    actor: Actor,
    request: Request,
) -> Answer<Json<Value>> {
    actor.require("instagram_content_publish")?;
    let found = net.memory().containers.get(&id).cloned();
    let owned = found.filter(|container| {
        people::find(&container.account).is_some_and(|account| login::acts_for(&actor, account))
    });
    let Some(container) = owned else {
        return Err(rupload::failed(
            "ProcessingFailedError",
            "unauthorized user request",
        ));
    };
    let File::Coming(upload) = container.file else {
        return Err(rupload::failed(
            "ProcessingFailedError",
            "the upload session has ended",
        ));
    };
    let blob = rupload::take(&net, &upload, request).await?;
    // From here on the video is processed.
    let file = containers::processed(&net, container.kind, blob);
    if let Some(container) = net.memory().containers.get_mut(&id) {
        container.file = file;
    }
    Ok(Json(
        json!({ "success": true, "message": "Upload successful." }),
    ))
}
