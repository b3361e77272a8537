//! Files: docs.x.com/x-api/media/introduction and /quickstart/media-upload-chunked, and the
//! `/2/media/…` operations of the OpenAPI 2.167.
//!
//! An image goes up in one request; a GIF or a video in pieces, and is then processed. X does not
//! tell how much of a file it has, but takes a piece twice: each is kept by its number.

use std::time::Duration;

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    call, error,
    format::{IMAGES, VIDEOS},
    get, read,
};
use crate::{
    connector::{Account, OutgoingMedia, Rendition, StepAnswer, StepWork, UPLOAD_TIMEOUT},
    descriptor::ImageRules,
    error::{ErrorKind, NetworkError},
    http::Net,
    step::{self, StepName},
};

/// The media type of what may be animated.
pub(super) const GIF: &str = "image/gif";
/// Bytes of a piece. A file has at most 1,000: 4 GB.
const PIECE: u64 = 4 << 20;
/// How long to wait where X does not say.
const POLL: Duration = Duration::from_secs(2);

/// An animated GIF: docs.x.com/x-api/media/quickstart/best-practices.
const GIFS: ImageRules = ImageRules {
    types: &[GIF],
    max_bytes: 15 << 20,
    max_side: 1_280,
    ..IMAGES
};

/// A file that X knows.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Begun {
    pub(super) id: String,
    /// How many pieces are still to be sent; none for what went up whole.
    #[serde(default)]
    pub(super) pieces: usize,
}

/// What every media operation answers.
#[derive(Deserialize)]
struct Answered {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    id: String,
    processing_info: Option<Processing>,
}

#[derive(Deserialize)]
struct Processing {
    #[serde(default)]
    state: String,
    check_after_secs: Option<u64>,
    progress_percent: Option<u64>,
    #[serde(default)]
    error: Value,
}

/// How a file is wanted.
fn rendition(file: &OutgoingMedia) -> Rendition<'static> {
    if file.mime_type.starts_with("video/") {
        Rendition::Video(&VIDEOS)
    } else {
        Rendition::Image(&GIFS)
    }
}

/// Uploads an image, or begins the upload of a GIF or a video.
pub(super) async fn begin(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    file: usize,
) -> Result<Begun, NetworkError> {
    let media = step::media(work, part, file)?;
    if media.mime_type.starts_with("image/") && media.mime_type != GIF {
        return whole(net, work.account, media).await;
    }
    let facts = media.source.open(rendition(media)).await?.facts().clone();
    let body = json!({
        "media_type": facts.mime_type,
        "total_bytes": facts.bytes,
        "media_category": if facts.mime_type == GIF { "tweet_gif" } else { "tweet_video" },
    });
    let answer = call(
        net,
        work.account,
        Method::POST,
        "/2/media/upload/initialize",
        |request| request.json(&body),
    )
    .await?;
    let answered: Answered = read(net, &answer)?;
    Ok(Begun {
        id: answered.data.id,
        pieces: usize::try_from(facts.bytes.div_ceil(PIECE).max(1)).unwrap_or(usize::MAX),
    })
}

/// `POST /2/media/upload`: an image in one request.
async fn whole(net: &Net, account: &Account, media: &OutgoingMedia) -> Result<Begun, NetworkError> {
    let image = media.source.image(&IMAGES).await?;
    let file = Part::stream(image.bytes)
        .file_name("image")
        .mime_str(&image.mime_type)
        .map_err(|error| unnamed(&error))?;
    let form = Form::new()
        .text("media_category", "tweet_image")
        .part("media", file);
    let answer = call(net, account, Method::POST, "/2/media/upload", |request| {
        request.multipart(form).timeout(UPLOAD_TIMEOUT)
    })
    .await?;
    let answered: Answered = read(net, &answer)?;
    Ok(Begun {
        id: answered.data.id,
        pieces: 0,
    })
}

fn unnamed(error: &reqwest::Error) -> NetworkError {
    NetworkError::not_sent(
        ErrorKind::Refused,
        "The type of an attached file can't be told. Please attach another file.",
        error.to_string(),
    )
}

/// `POST /2/media/upload/{id}/append`: one piece.
pub(super) async fn piece(
    net: &Net,
    work: &StepWork<'_>,
    (part, file, piece): (usize, usize, usize),
) -> Result<(), NetworkError> {
    let begun: Begun = StepName::Media(part, file).earlier(work.done)?;
    let media = step::media(work, part, file)?;
    let source = media.source.open(rendition(media)).await?;
    let start = u64::try_from(piece)
        .unwrap_or(u64::MAX)
        .saturating_mul(PIECE);
    let end = (start + PIECE).min(source.facts().bytes);
    let bytes = source.read(start..end).await?;
    let form = Form::new()
        .text("segment_index", piece.to_string())
        .part("media", Part::stream(bytes).file_name("piece"));
    let path = format!("/2/media/upload/{}/append", begun.id);
    let answer = call(net, work.account, Method::POST, &path, |request| {
        request.multipart(form).timeout(UPLOAD_TIMEOUT)
    })
    .await?;
    read::<Value>(net, &answer).map(|_| ())
}

/// `POST /2/media/upload/{id}/finalize`: all pieces are there.
pub(super) async fn finish(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    file: usize,
) -> Result<(), NetworkError> {
    let begun: Begun = StepName::Media(part, file).earlier(work.done)?;
    let path = format!("/2/media/upload/{}/finalize", begun.id);
    let answer = call(net, work.account, Method::POST, &path, |request| request).await?;
    read::<Answered>(net, &answer).map(|_| ())
}

/// `GET /2/media/upload?command=STATUS`: whether the file is processed.
pub(super) async fn ready(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    file: usize,
) -> Result<StepAnswer, NetworkError> {
    let begun: Begun = StepName::Media(part, file).earlier(work.done)?;
    let query = [("command", "STATUS"), ("media_id", begun.id.as_str())];
    let answered: Answered = get(net, work.account, "/2/media/upload", &query).await?;
    let Some(processing) = answered.data.processing_info else {
        return Ok(StepAnswer::done(json!({})));
    };
    match processing.state.as_str() {
        "succeeded" => Ok(StepAnswer::done(json!({}))),
        "failed" => Err(error::media_failed(&processing.error.to_string())),
        _ => Ok(StepAnswer::Pending {
            after: processing
                .check_after_secs
                .filter(|seconds| *seconds > 0)
                .map_or(POLL, Duration::from_secs),
            note: match processing.progress_percent {
                Some(percent) => format!("X is processing the file: {percent} %."),
                None => "X is processing the file.".to_owned(),
            },
        }),
    }
}

/// `POST /2/media/metadata`: the description.
pub(super) async fn describe(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    file: usize,
) -> Result<(), NetworkError> {
    let begun: Begun = StepName::Media(part, file).earlier(work.done)?;
    let alt_text = &step::media(work, part, file)?.alt_text;
    let body = json!({ "id": begun.id, "metadata": { "alt_text": { "text": alt_text } } });
    let answer = call(
        net,
        work.account,
        Method::POST,
        "/2/media/metadata",
        |request| request.json(&body),
    )
    .await?;
    read::<Value>(net, &answer).map(|_| ())
}

/// The uploaded files of a part, in order.
pub(super) fn ids(work: &StepWork<'_>, part: usize) -> Result<Vec<String>, NetworkError> {
    (0..step::part(work, part)?.media.len())
        .map(|file| Ok(StepName::Media(part, file).earlier::<Begun>(work.done)?.id))
        .collect()
}
