//! videos.list, videos.update, videos.delete and videos.batchGetStats.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    Net,
    details::{Body, Privacy},
    quota,
    refusal::{self, forbidden, not_found},
    request::{self, Query, etag, page, permit},
    resource, scope,
};
use crate::kit::{Actor, Answer, Here};

/// Ids of one request.
const MOST_IDS: usize = 50;

fn gone() -> crate::kit::Refusal {
    not_found(
        "video",
        "videoNotFound",
        "The video that you are trying to use cannot be found.",
    )
}

/// `GET /videos`. Ids that there are none of, or that are not for this reader, are left out.
pub(super) async fn list(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    query: Query,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::READ, quota::LIST)?;
    let parts = query.parts(resource::PARTS)?;
    let ids = query.list("id");
    if ids.is_empty() {
        return Err(refusal::missing("id, chart, myRating"));
    }
    if ids.len() > MOST_IDS {
        return Err(refusal::bad(
            "parameter",
            "invalidParameter",
            "The request specifies too many ids.",
        ));
    }
    let now = net.now();
    let memory = net.memory();
    let mut items = Vec::new();
    for id in ids {
        let Some(video) = memory.video(id) else {
            continue;
        };
        let own = video.account == actor.account();
        if !own && video.privacy(now) == Privacy::Private {
            continue;
        }
        if !own && parts.iter().any(|part| resource::OWNERS.contains(part)) {
            return Err(forbidden(
                "video",
                "forbidden",
                "The request cannot access user rating or processing information.",
            ));
        }
        items.push(resource::show(&memory, video, &parts, now, &here));
    }
    let total = items.len();
    Ok(Json(page("youtube#videoListResponse", items, (total, 0))))
}

/// `PUT /videos`.
pub(super) async fn update(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    query: Query,
    body: Bytes,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::WRITE, quota::WRITE)?;
    let parts = query.parts(resource::PARTS)?;
    let body: Body = request::json(&body)?;
    let now = net.now();
    let mut memory = net.memory();
    let id = body.id.clone();
    let video = memory.video_mut(&id).ok_or_else(gone)?;
    if video.account != actor.account() {
        return Err(forbidden(
            "video",
            "forbidden",
            "The request might not be properly authorized.",
        ));
    }
    let was_private = video.privacy(now) == Privacy::Private;
    let mut details = video.details.clone();
    details.set(body, &parts, now)?;
    video.details = details;
    if was_private && video.privacy(now) != Privacy::Private {
        video.shown_at = Some(now);
        net.count_published();
    }
    let video = memory.video(&id).ok_or_else(gone)?;
    Ok(Json(resource::show(&memory, video, &parts, now, &here)))
}

/// `DELETE /videos`.
pub(super) async fn delete(State(net): State<Net>, actor: Actor, query: Query) -> Answer {
    permit(&net, &actor, scope::WRITE, quota::WRITE)?;
    let id = query.need("id")?;
    let mut memory = net.memory();
    let video = memory.video(id).ok_or_else(gone)?;
    if video.account != actor.account() {
        return Err(forbidden(
            "video",
            "forbidden",
            "The video that you are trying to delete cannot be deleted.",
        ));
    }
    memory.videos.retain(|video| video.id != id);
    memory.items.retain(|item| item.video != id);
    memory.captions.retain(|track| track.video != id);
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /videos:batchGetStats`: since June 2026, with a bucket of quota of its own.
pub(super) async fn batch_get_stats(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    query: Query,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::READ, 0)?;
    query.parts(&["id", "contentDetails", "snippet", "statistics"])?;
    let now = net.now();
    let memory = net.memory();
    let items: Vec<Value> = query
        .list("id")
        .into_iter()
        .filter_map(|id| memory.video(id))
        .filter(|video| video.account == actor.account() || video.privacy(now) != Privacy::Private)
        .map(|video| {
            let shown = resource::show(&memory, video, &["statistics"], now, &here);
            let counts = &shown["statistics"];
            json!({
                "kind": "youtube#videoStat",
                "etag": shown["etag"],
                "id": video.id,
                "statistics": {
                    "viewCount": counts["viewCount"],
                    "likeCount": counts["likeCount"],
                    "commentCount": counts["commentCount"],
                },
            })
        })
        .collect();
    Ok(Json(json!({
        "kind": "youtube#batchGetStatsResponse",
        "etag": etag(&items),
        "items": items,
    })))
}
