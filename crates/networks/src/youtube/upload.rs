//! The resumable upload: developers.google.com/youtube/data/guides/using_resumable_upload_protocol
//! (state of November 2026). A session knows how many bytes it has, so an upload goes on where it
//! broke off, and a session that is complete answers the video again however often it is asked.

use std::ops::Range;

use reqwest::{
    Body, Method, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, LOCATION, RANGE},
};
use serde_json::Value;
use url::Url;

use super::{api, error, resource::Video};
use crate::{
    Net, NetworkError,
    connector::{Account, FileFacts, MediaFile, UPLOAD_TIMEOUT},
    http::Answer,
};

/// Bytes of one request: a multiple of 256 KiB, as the protocol demands.
const CHUNK: u64 = 16 * 1024 * 1024;

/// Where an upload stands.
pub(super) enum Progress {
    /// YouTube has this many bytes from the start of the file.
    Received(u64),
    /// It has all of them.
    Complete(Box<Video>),
    /// The session is over, and with it all that was sent.
    Expired,
}

/// Begins an upload; answers the session's address.
///
/// `slug` is the name the file gets: the owner can read it again as `fileDetails.fileName`.
pub(super) async fn start(
    net: &Net,
    account: &Account,
    video: &Value,
    query: &[(&str, &str)],
    facts: &FileFacts,
    slug: &str,
) -> Result<Url, NetworkError> {
    let url = api::upload(net, "/videos")?;
    let answer = api::call(net, account, Method::POST, url, |request| {
        request
            .query(&[("uploadType", "resumable")])
            .query(query)
            .header("X-Upload-Content-Length", facts.bytes)
            .header("X-Upload-Content-Type", &facts.mime_type)
            .header("Slug", slug)
            .json(video)
    })
    .await?;
    if !answer.status.is_success() {
        return Err(error::parse_error(&answer, net.env.now()));
    }
    answer
        .header(LOCATION.as_str())
        .and_then(|location| answer.url.join(location).ok())
        .ok_or_else(|| {
            NetworkError::unknown(
                "YouTube did not say where to upload the video to.",
                "no Location header",
            )
        })
}

/// Asks a session how far it is.
pub(super) async fn progress(
    net: &Net,
    account: &Account,
    session: &Url,
    bytes: u64,
) -> Result<Progress, NetworkError> {
    let answer = api::call(net, account, Method::PUT, session.clone(), |request| {
        request
            .header(CONTENT_LENGTH, 0)
            .header(CONTENT_RANGE, format!("bytes */{bytes}"))
    })
    .await?;
    read(net, &answer)
}

/// Sends the piece of the file that begins at `from`.
pub(super) async fn send(
    net: &Net,
    account: &Account,
    session: &Url,
    file: &dyn MediaFile,
    from: u64,
) -> Result<Progress, NetworkError> {
    let facts = file.facts();
    let Range { start, end } = from..facts.bytes.min(from + CHUNK);
    let body = Body::wrap_stream(file.stream(start..end));
    let answer = api::call(net, account, Method::PUT, session.clone(), |request| {
        request
            .timeout(UPLOAD_TIMEOUT)
            .header(CONTENT_LENGTH, end - start)
            .header(CONTENT_TYPE, &facts.mime_type)
            .header(
                CONTENT_RANGE,
                format!("bytes {start}-{}/{}", end - 1, facts.bytes),
            )
            .body(body)
    })
    .await?;
    read(net, &answer)
}

fn read(net: &Net, answer: &Answer) -> Result<Progress, NetworkError> {
    match answer.status {
        // "Resume Incomplete": without a range nothing has arrived yet.
        StatusCode::PERMANENT_REDIRECT => Ok(Progress::Received(
            answer
                .header(RANGE.as_str())
                .and_then(|range| range.rsplit('-').next()?.parse::<u64>().ok())
                .map_or(0, |last| last + 1),
        )),
        StatusCode::NOT_FOUND | StatusCode::GONE => Ok(Progress::Expired),
        status if status.is_success() => answer
            .json()
            .map(Progress::Complete)
            .map_err(|cause| error::unreadable(answer, &cause)),
        _ => Err(error::parse_error(answer, net.env.now())),
    }
}
