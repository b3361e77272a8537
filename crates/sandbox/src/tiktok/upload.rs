//! Pieces of a video: /doc/content-posting-api-media-transfer-guide. Answers have no body.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Query, State},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_RANGE, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{Net, init, state::Transfer};

/// How long an address for pieces is valid.
const LIFETIME: Duration = Duration::from_hours(1);

#[derive(Debug, Deserialize)]
pub(super) struct Address {
    #[serde(default)]
    upload_id: String,
    #[serde(default)]
    upload_token: String,
}

/// First and last byte, and the length of the whole.
fn span(headers: &HeaderMap) -> Option<(u64, u64, u64)> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?, total.parse().ok()?))
}

/// `PUT {upload_url}`.
pub(super) async fn piece(
    State(net): State<Net>,
    Query(address): Query<Address>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let task = net.memory().tasks.get(&address.upload_id).cloned();
    let Some(task) = task else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Transfer::Sending {
        upload,
        token,
        bytes,
        chunk,
        count,
    } = task.transfer
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if token != address.upload_token || net.now().since(task.began_at) > LIFETIME {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mime_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let known = ["video/mp4", "video/quicktime", "video/webm"];
    let (Some((first, last, total)), true) = (
        span(&headers),
        mime_type.is_some_and(|mime| known.contains(&mime)),
    ) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let received = upload.len().await;
    let is_last = total == last + 1;
    let length = last + 1 - first.min(last);
    if total != bytes || last < first {
        return StatusCode::BAD_REQUEST.into_response();
    }
    // Whole pieces in their order, and what is left over with the last one.
    let expected = if received / chunk + 1 >= count {
        total - received
    } else {
        chunk
    };
    if first != received || length != expected {
        let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
        if let Ok(range) = format!("bytes 0-{received}/{total}").parse() {
            response.headers_mut().insert(CONTENT_RANGE, range);
        }
        return response;
    }
    // A piece that breaks off is not kept.
    let spool = net.hub.blobs.begin("video/mp4");
    if spool.append(body).await.ok() != Some(length) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let blob = spool.finish().await;
    let Some(piece) = blob.bytes().await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    upload.push(&piece).await;
    net.hub.blobs.remove(blob.id());
    if !is_last {
        return StatusCode::PARTIAL_CONTENT.into_response();
    }
    let blob = upload.finish().await;
    let transfer = init::came(&net, vec![blob], false);
    if let Some(task) = net.memory().tasks.get_mut(&address.upload_id) {
        task.transfer = transfer;
    }
    net.count_published();
    StatusCode::CREATED.into_response()
}
