//! What becomes of a post: status/fetch, /doc/content-posting-api-reference-get-video-status, and the events of
//! /doc/webhooks-events.

use std::time::Duration;

use axum::{Json, extract::State};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Net, creator, refusal,
    state::{Stage, Transfer, open_id},
};
use crate::kit::{
    Actor, Answer,
    quota::{Quota, Window},
};

/// 30 requests a minute.
const PER_MINUTE: Quota = Quota {
    name: "status",
    limit: 30,
    window: Window::Rolling(60),
};

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    publish_id: String,
}

/// `POST /v2/post/publish/status/fetch/`.
pub(super) async fn fetch(
    State(net): State<Net>,
    actor: Actor,
    body: Bytes,
) -> Answer<Json<Value>> {
    if !actor.may("video.upload") {
        actor.require("video.publish")?;
    }
    creator::limit(&net, &actor, &PER_MINUTE)?;
    let body: Body = serde_json::from_slice(&body)
        .map_err(|error| refusal::invalid(&net, &error.to_string()))?;
    let task = net.memory().tasks.get(&body.publish_id).cloned();
    let task = task.ok_or_else(|| {
        refusal::new(
            &net,
            400,
            "invalid_publish_id",
            "The publish_id does not exist.",
        )
    })?;
    if task.account != actor.account() {
        return Err(refusal::new(
            &net,
            400,
            "token_not_authorized_for_specified_publish_id",
            "The publish_id does not belong to the user of the token.",
        ));
    }
    let now = net.now();
    let uploaded = match &task.transfer {
        Transfer::Sending { upload, .. } => upload.len().await,
        _ => task.blobs().iter().map(crate::kit::blobs::Blob::len).sum(),
    };
    let mut data = match task.stage(now) {
        Stage::Uploading | Stage::Processing { fetched: false } => {
            json!({ "status": "PROCESSING_UPLOAD" })
        }
        Stage::Processing { fetched: true } => json!({ "status": "PROCESSING_DOWNLOAD" }),
        Stage::Failed(reason) => json!({ "status": "FAILED", "fail_reason": reason }),
        Stage::Complete { .. } => json!({ "status": "PUBLISH_COMPLETE" }),
    };
    match &task.transfer {
        Transfer::Came { fetched: true, .. } => data["downloaded_bytes"] = json!(uploaded),
        Transfer::Lost { .. } => data["downloaded_bytes"] = json!(0),
        _ => data["uploaded_bytes"] = json!(uploaded),
    }
    if task.is_public(now) {
        data["publicaly_available_post_id"] = json!([task.post_id]);
    }
    Ok(refusal::ok(&net, &data))
}

/// How often it is looked whether there is something to tell, and for how long.
const LOOK: Duration = Duration::from_millis(500);
const LOOKS: u32 = 2_400;

/// Tells subscribers what becomes of a post, by and by.
pub(super) fn tell(net: &Net, publish_id: &str) {
    let mut subscribers = net.hub.subscribers.list().into_iter();
    if !subscribers.any(|one| one.network == net.profile.id) {
        return;
    }
    let (net, publish_id) = (net.clone(), publish_id.to_owned());
    tokio::spawn(async move {
        let mut complete = false;
        for _ in 0..LOOKS {
            tokio::time::sleep(LOOK).await;
            let task = net.memory().tasks.get(&publish_id).cloned();
            let Some(task) = task else { return };
            let mut content = json!({ "publish_id": publish_id, "publish_type": "DIRECT_PUBLISH" });
            let now = net.now();
            let event = match task.stage(now) {
                Stage::Failed(reason) => {
                    content["reason"] = json!(reason);
                    "post.publish.failed"
                }
                Stage::Complete { .. } if !complete => "post.publish.complete",
                Stage::Complete { .. } if task.is_public(now) => {
                    content["post_id"] = json!(task.post_id.to_string());
                    "post.publish.publicly_available"
                }
                _ => continue,
            };
            net.notify(&json!({
                "client_key": "sandbox-app",
                "event": event,
                "create_time": now.as_seconds(),
                "user_openid": open_id(&task.account),
                "content": content.to_string(),
            }));
            if event != "post.publish.complete" {
                return;
            }
            complete = true;
        }
    });
}
