//! Making a container public, and how often that may be done: posts, overview ("Rate limiting"),
//! webhooks ("publish").

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
};
use serde_json::{Value, json};

use super::{
    Net, actor, containers, is_self, read, refusal,
    state::{Post, next_id, only, time},
    user_id,
};
use crate::kit::{
    Answer, Here, Params, Trouble,
    quota::{Quota, Window},
};

const DAY: Window = Window::Rolling(86_400);
const POSTS: Quota = Quota {
    name: "posts",
    limit: 250,
    window: DAY,
};
const REPLIES: Quota = Quota {
    name: "replies",
    limit: 1_000,
    window: DAY,
};
pub(super) const DELETIONS: Quota = Quota {
    name: "deletions",
    limit: 100,
    window: DAY,
};

/// `POST /{threads-user-id}/threads_publish`
pub(super) async fn publish(
    State(net): State<Net>,
    here: Here,
    headers: HeaderMap,
    Path(node): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    let actor = actor(&net, &headers, &params)?;
    actor.require("threads_content_publish")?;
    if !is_self(&actor, &node) {
        return Err(refusal::missing(&node));
    }
    let creation = params
        .get("creation_id")
        .ok_or_else(|| refusal::invalid("Param creation_id is required"))?;
    let container = net
        .memory()
        .containers
        .get(creation)
        .filter(|one| one.account == actor.account() && !one.is_item)
        .cloned()
        .ok_or_else(refusal::media_not_found)?;
    if containers::status(&net, &container).0 != "FINISHED" {
        return Err(refusal::media_not_found());
    }
    let quota = if container.content.reply_to.is_some() {
        REPLIES
    } else {
        POSTS
    };
    net.spend(&quota, actor.account(), 1)
        .map_err(|usage| net.refuse(&Trouble::RateLimited { reset: usage.reset }))?;
    let root = container
        .content
        .reply_to
        .as_ref()
        .and_then(|id| read::root_of(&net, id));
    let post = Post {
        id: next_id(&net),
        account: container.account,
        created_at: net.now(),
        root,
        content: container.content,
    };
    let id = post.id.clone();
    net.notify(&json!({
        "app_id": actor.token.client_id,
        "topic": "interaction",
        "target_id": user_id(&post.account),
        "time": net.now().as_seconds(),
        "subscription_id": "1",
        "has_uid_field": false,
        "values": {
            "value": {
                "id": id,
                "media_type": post.entity(&here, actor.account())["media_type"],
                "permalink": format!("{}/feed/{id}", here.base),
                "timestamp": time(post.created_at),
                "username": post.account,
            },
            "field": "publish",
        },
    }));
    let mut state = net.memory();
    if let Some(container) = state.containers.get_mut(creation) {
        container.published = Some(id.clone());
    }
    state.posts.insert(id.clone(), post);
    net.count_published();
    Ok(Json(json!({ "id": id })))
}

/// `GET /{threads-user-id}/threads_publishing_limit`
pub(super) async fn limits(
    State(net): State<Net>,
    headers: HeaderMap,
    Path(node): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    let actor = actor(&net, &headers, &params)?;
    if !is_self(&actor, &node) {
        return Err(refusal::missing(&node));
    }
    let mut all = json!({});
    for (prefix, quota) in [("", POSTS), ("reply_", REPLIES), ("delete_", DELETIONS)] {
        let usage = net.usage(&quota, actor.account());
        all[format!("{prefix}quota_usage")] = json!(usage.used);
        all[format!("{prefix}config")] =
            json!({ "quota_total": usage.limit, "quota_duration": 86_400 });
    }
    let fields = params.get("fields").unwrap_or("quota_usage");
    Ok(Json(json!({ "data": [only(all, Some(fields))] })))
}
