//! `rupload.facebook.com`: bytes of a video from an offset on, or an address to fetch them from
//! (*Content publishing: resumable upload session*, *Reels publishing: upload the video*).

use axum::{
    Json,
    extract::Request,
    http::{HeaderMap, StatusCode},
};
use serde_json::json;

use crate::kit::{
    Answer, Refusal, Site,
    blobs::{Blob, Upload},
};

/// Takes what the request brings. The file, once it is whole.
pub(crate) async fn take(site: &Site, upload: &Upload, request: Request) -> Answer<Blob> {
    let headers = request.headers().clone();
    if let Some(url) = header(&headers, "file_url") {
        let fetched = site.fetch(url).await;
        return fetched
            .map_err(|_| failed("ProcessingFailedError", "the file could not be fetched"));
    }
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
    Ok(upload.finish().await)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// rupload's own form of an error.
pub(crate) fn failed(kind: &str, message: &str) -> Refusal {
    let retriable = kind != "ProcessingFailedError";
    let body =
        json!({ "debug_info": { "retriable": retriable, "type": kind, "message": message } });
    Refusal::new(StatusCode::BAD_REQUEST, Json(body))
}
