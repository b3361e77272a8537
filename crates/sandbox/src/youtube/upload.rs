//! videos.insert: developers.google.com/youtube/data/reference/rest/v3/videos/insert, with resumable sessions by
//! /youtube/data/guides/using_resumable_upload_protocol.

use std::time::Duration;

use axum::{
    Json,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use bytes::Bytes;

use super::{
    Net,
    details::{Details, Privacy},
    mp4, quota,
    refusal::{self, bad},
    request::{self, Query},
    resource, scope,
    state::{Session, Video},
};
use crate::kit::{Actor, Answer, Here, Trouble, blobs::Blob};

/// Bytes of a video: 256 GB.
const MOST_BYTES: u64 = 256 << 30;
/// All chunks but the last are multiples of this.
const GRANULE: u64 = 256 << 10;
/// How long a session can be continued.
const SESSION_LIFETIME: Duration = Duration::from_hours(24 * 7);
/// Bytes that YouTube processes in a second, here.
const PROCESSED_PER_SECOND: u64 = 100 << 20;

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// `POST …/videos`.
pub(super) async fn insert(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    query: Query,
    request: Request,
) -> Answer {
    request::permit(&net, &actor, scope::INSERT, 0)?;
    let parts: Vec<String> = query
        .parts(resource::PARTS)?
        .into_iter()
        .map(str::to_owned)
        .collect();
    quota::charge_upload(&net, &actor)?;
    let (head, body) = request.into_parts();
    match query.get("uploadType") {
        Some("resumable") => begin(&net, &here, &actor, parts, &head.headers, body).await,
        Some("multipart") => {
            let content_type = header(&head.headers, CONTENT_TYPE.as_str()).unwrap_or_default();
            let (meta, mime_type, bytes) = super::attachments::related(content_type, body).await?;
            let details = read(&net, &meta, &parts)?;
            let blob = net.hub.blobs.add(&mime_type, &bytes).await;
            let id = finish(&net, &actor, details, blob, "");
            show(&net, &here, &id, &parts, StatusCode::OK)
        }
        Some("media") => {
            let content_type = header(&head.headers, CONTENT_TYPE.as_str()).unwrap_or_default();
            let upload = net.hub.blobs.begin(content_type);
            upload.append(body).await.map_err(|_| broken())?;
            let blob = upload.finish().await;
            let id = finish(&net, &actor, Details::new(), blob, "");
            show(&net, &here, &id, &parts, StatusCode::OK)
        }
        _ => Err(bad(
            "video",
            "mediaBodyRequired",
            "The request does not include the video content.",
        )),
    }
}

fn broken() -> crate::kit::Refusal {
    refusal::new(400, "global", "badRequest", "The request body ended early.")
}

fn read(net: &Net, body: &[u8], parts: &[String]) -> Answer<Details> {
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let mut details = Details::new();
    details.set(request::json(body)?, &parts, net.now())?;
    Ok(details)
}

async fn whole(body: Body) -> Answer<Bytes> {
    to_bytes(body, crate::READ_WHOLE)
        .await
        .map_err(|_| broken())
}

/// Begins a session.
async fn begin(
    net: &Net,
    here: &Here,
    actor: &Actor,
    parts: Vec<String>,
    headers: &HeaderMap,
    body: Body,
) -> Answer {
    let mime_type = header(headers, "x-upload-content-type").unwrap_or("application/octet-stream");
    if !mime_type.starts_with("video/") && mime_type != "application/octet-stream" {
        let message = format!(
            "Media type '{mime_type}' is not supported. Valid media types: [video/*, application/octet-stream]"
        );
        return Err(bad("video", "badContent", &message));
    }
    let bytes = match header(headers, "x-upload-content-length").map(str::parse::<u64>) {
        None => None,
        Some(Ok(bytes)) if bytes <= MOST_BYTES => Some(bytes),
        Some(Ok(_)) => {
            return Err(refusal::new(
                413,
                "global",
                "uploadTooLarge",
                "Media larger than 274877906944",
            ));
        }
        Some(Err(_)) => {
            return Err(net.refuse(&Trouble::Invalid("X-Upload-Content-Length".to_owned())));
        }
    };
    let meta = whole(body).await?;
    let details = if meta.is_empty() {
        Details::new()
    } else {
        read(net, &meta, &parts)?
    };
    let id = net.short_id(43);
    let location = format!(
        "{}/upload/youtube/v3/videos?uploadType=resumable&part={}&upload_id={id}",
        here.base,
        parts.join(",")
    );
    let session = Session {
        account: actor.account().to_owned(),
        details,
        parts,
        bytes,
        upload: net.hub.blobs.begin(mime_type),
        file_name: header(headers, "slug").unwrap_or("unknown").to_owned(),
        began_at: net.now(),
        video: None,
    };
    net.memory().sessions.insert(id.clone(), session);
    Ok((
        StatusCode::OK,
        [("location", location), ("x-guploader-uploadid", id)],
    )
        .into_response())
}

/// `bytes 0-99/200`, `bytes 0-99/*`, `bytes */200`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    /// First and last byte; `None` asks for the state.
    bytes: Option<(u64, u64)>,
    total: Option<u64>,
}

fn span(text: &str) -> Option<Span> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let total = if total == "*" {
        None
    } else {
        Some(total.parse().ok()?)
    };
    let bytes = if range == "*" {
        None
    } else {
        let (first, last) = range.split_once('-')?;
        Some((first.parse().ok()?, last.parse().ok()?))
    };
    Some(Span { bytes, total })
}

/// `PUT …/videos?upload_id=…`: a piece, or the question how far it is.
pub(super) async fn continue_session(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    query: Query,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let id = query.get("upload_id").unwrap_or_default();
    let session = net.memory().sessions.get(id).cloned();
    let session = session
        .filter(|session| session.account == actor.account())
        .filter(|session| net.now().since(session.began_at) <= SESSION_LIFETIME)
        .ok_or_else(|| net.refuse(&Trouble::NotFound))?;
    if let Some(video) = &session.video {
        return show(&net, &here, video, &session.parts, StatusCode::OK);
    }
    let invalid = |words: &str| net.refuse(&Trouble::Invalid(words.to_owned()));
    let received = session.upload.len().await;
    let span = if let Some(text) = header(&headers, CONTENT_RANGE.as_str()) {
        span(text).ok_or_else(|| invalid("Failed to parse Content-Range header."))?
    } else {
        // The whole file at once.
        let length = header(&headers, CONTENT_LENGTH.as_str());
        let length = length.and_then(|text| text.parse::<u64>().ok());
        let length = length.or(session.bytes).filter(|length| *length > 0);
        Span {
            bytes: length.map(|length| (0, length - 1)),
            total: length,
        }
    };
    if let (Some(said), Some(total)) = (session.bytes, span.total)
        && said != total
    {
        return Err(invalid(
            "The total of Content-Range differs from X-Upload-Content-Length.",
        ));
    }
    let total = span.total.or(session.bytes);
    let Some((first, last)) = span.bytes else {
        if total == Some(0) {
            return complete(&net, &here, &actor, id, session).await;
        }
        return Ok(incomplete(received));
    };
    if last < first || total.is_some_and(|total| last >= total) || first > received {
        return Err(invalid(
            "Invalid request. The bytes of Content-Range do not follow those received.",
        ));
    }
    let is_last = total == Some(last + 1);
    if !is_last && (last + 1 - first) % GRANULE != 0 {
        return Err(invalid(
            "Invalid request. The number of bytes uploaded is required to be equal or greater than 262144, except for the final request (it's recommended to be the exact multiple of 262144).",
        ));
    }
    // Bytes that came before are skipped.
    let known = received - first;
    if known > 0 {
        let bytes = whole(body).await?;
        let new = usize::try_from(known)
            .unwrap_or(usize::MAX)
            .min(bytes.len());
        session.upload.push(&bytes[new..]).await;
    } else {
        session.upload.append(body).await.map_err(|_| broken())?;
    }
    let received = session.upload.len().await;
    if total == Some(received) {
        return complete(&net, &here, &actor, id, session).await;
    }
    Ok(incomplete(received))
}

/// "Resume Incomplete".
fn incomplete(received: u64) -> Response {
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    // Without a range, nothing has been received.
    if received > 0
        && let Ok(range) = format!("bytes=0-{}", received - 1).parse()
    {
        response.headers_mut().insert("range", range);
    }
    response
}

async fn complete(net: &Net, here: &Here, actor: &Actor, id: &str, session: Session) -> Answer {
    let blob = session.upload.finish().await;
    let video = finish(net, actor, session.details, blob, &session.file_name);
    if let Some(session) = net.memory().sessions.get_mut(id) {
        session.video = Some(video.clone());
    }
    show(net, here, &video, &session.parts, StatusCode::CREATED)
}

/// Makes the video; answers its id.
fn finish(net: &Net, actor: &Actor, details: Details, blob: Blob, file_name: &str) -> String {
    let now = net.now();
    let shown = details.privacy != Privacy::Private;
    let video = Video {
        id: net.short_id(11),
        account: actor.account().to_owned(),
        details,
        facts: mp4::facts(blob.head()),
        file_name: file_name.to_owned(),
        uploaded_at: now,
        shown_at: shown.then_some(now),
        processing: net.process(2 + blob.len() / PROCESSED_PER_SECOND),
        thumbnail: None,
        blob,
    };
    let id = video.id.clone();
    net.memory().videos.push(video);
    if shown {
        net.count_published();
    }
    id
}

fn show(net: &Net, here: &Here, id: &str, parts: &[String], status: StatusCode) -> Answer {
    let memory = net.memory();
    let video = memory
        .video(id)
        .ok_or_else(|| net.refuse(&Trouble::NotFound))?;
    let shown = resource::show(&memory, video, parts, net.now(), here);
    Ok((status, Json(shown)).into_response())
}
