//! Files: docs.joinmastodon.org/methods/media, state of July 2026.
//!
//! A file goes up in one request, read from the disk as it is sent. Small images are ready at
//! once; of anything else the server takes its time to make what it shows.

use std::time::Duration;

use reqwest::{
    Body, Method, StatusCode,
    multipart::{Form, Part},
};
use serde::{Deserialize, Serialize};

use super::{call, error, formats::GIF, instance::Limits, read};
use crate::{
    connector::{
        Account, MediaFile, OutgoingMedia, Rendition, StepAnswer, StepWork, UPLOAD_TIMEOUT,
        server_name,
    },
    descriptor::VideoRules,
    error::{ErrorKind, NetworkError},
    http::Net,
    step::{self, StepName},
};

/// How long until it is worth asking again whether a file is ready.
const POLL: Duration = Duration::from_secs(2);
/// How often a file that is sent once more, just before its post, is asked for.
const LATE_POLLS: u32 = 30;
/// Pixels of a GIF, 1280 × 720: /user/posting#media.
const GIF_PIXELS: u64 = 1_280 * 720;

/// What uploading a file answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Uploaded {
    pub(super) id: String,
    /// Whether it can be attached at once.
    pub(super) ready: bool,
}

/// docs.joinmastodon.org/entities/MediaAttachment
#[derive(Deserialize)]
struct Attachment {
    id: String,
}

/// `POST /api/v2/media`: 200 where the file is ready, 202 while it is being processed.
pub(super) async fn upload(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    file: usize,
) -> Result<Uploaded, NetworkError> {
    let media = step::media(work, part, file)?;
    let limits = Limits::of(&work.account.limits);
    let source = open(media, &limits).await?;
    let mut form = Form::new();
    if !media.alt_text.is_empty() {
        form = form.text("description", media.alt_text.clone());
    }
    let plays = !media.mime_type.starts_with("image/");
    if let Some(thumbnail) = work.request.attachments.get("thumbnail")
        && part == 0
        && plays
    {
        let rules = limits.images();
        let picture = thumbnail.source.open(Rendition::Image(&rules)).await?;
        form = form.part("thumbnail", piece(&*picture)?);
    }
    // The file comes last, so that what is said of it is known when it arrives.
    let form = form.part("file", piece(&*source)?);
    let answer = call(net, work.account, Method::POST, "api/v2/media", |request| {
        request.multipart(form).timeout(UPLOAD_TIMEOUT)
    })
    .await?;
    let attachment: Attachment = read(net, work.account, &answer)?;
    Ok(Uploaded {
        id: attachment.id,
        ready: answer.status != StatusCode::ACCEPTED,
    })
}

/// The file as it is sent. A GIF that is too large becomes a video without sound, which the
/// server plays in the same way.
async fn open(
    media: &OutgoingMedia,
    limits: &Limits,
) -> Result<std::sync::Arc<dyn MediaFile>, NetworkError> {
    let source = &media.source;
    match media.mime_type.split('/').next() {
        Some("image") if media.mime_type == GIF => {
            let original = source.open(Rendition::Original).await?;
            let facts = original.facts();
            let pixels = u64::from(facts.width.unwrap_or(0)) * u64::from(facts.height.unwrap_or(0));
            let moves = facts.duration_ms.is_some();
            let large = pixels > GIF_PIXELS || facts.bytes > limits.image_max_bytes;
            if moves && large {
                let rules = VideoRules {
                    types: &["video/mp4"],
                    video_codecs: &["h264"],
                    ..limits.videos()
                };
                return source.open(Rendition::Video(&rules)).await;
            }
            source.open(Rendition::Image(&limits.images())).await
        }
        Some("image") => source.open(Rendition::Image(&limits.images())).await,
        Some("video") => source.open(Rendition::Video(&limits.videos())).await,
        _ => source.open(Rendition::Original).await,
    }
}

/// A file as a part of a form, streamed.
fn piece(file: &dyn MediaFile) -> Result<Part, NetworkError> {
    let facts = file.facts();
    // The instance knows FLAC and WAV by their registered names alone.
    let mime_type = match facts.mime_type.as_str() {
        "audio/x-flac" => "audio/flac",
        "audio/x-wav" => "audio/wav",
        other => other,
    };
    let extension = mime_type.rsplit('/').next().unwrap_or("bin");
    let body = Body::wrap_stream(file.stream(0..facts.bytes));
    Part::stream_with_length(body, facts.bytes)
        .file_name(format!("file.{extension}"))
        .mime_str(mime_type)
        .map_err(|error| {
            NetworkError::not_sent(
                ErrorKind::Refused,
                "The type of an attached file can't be told. Please attach another file.",
                error.to_string(),
            )
        })
}

/// Whether a file that was uploaded can be attached by now.
pub(super) async fn ready(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    file: usize,
) -> Result<StepAnswer, NetworkError> {
    let uploaded: Uploaded = StepName::Media(part, file).earlier(work.done)?;
    if is_ready(net, work.account, &uploaded.id).await? {
        return Ok(StepAnswer::done(()));
    }
    Ok(StepAnswer::Pending {
        after: POLL,
        note: format!(
            "{} is still processing a file.",
            server_name(&work.account.server)
        ),
    })
}

/// `GET /api/v1/media/:id`: 206 while the file is being processed.
async fn is_ready(net: &Net, account: &Account, id: &str) -> Result<bool, NetworkError> {
    let path = format!("api/v1/media/{id}");
    let answer = call(net, account, Method::GET, &path, |request| request).await?;
    match answer.status {
        StatusCode::OK => Ok(true),
        StatusCode::PARTIAL_CONTENT => Ok(false),
        _ => Err(error::parse_error(
            &server_name(&account.server),
            &answer,
            net.env.now(),
        )),
    }
}

/// Uploads the files anew that the server no longer has, and waits a little for them: a server
/// throws away what no status used for about a day. Whether there were any.
pub(super) async fn renew(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    files: &mut [String],
) -> Result<bool, NetworkError> {
    let mut any = false;
    for (file, id) in files.iter_mut().enumerate() {
        let path = format!("api/v1/media/{id}");
        let answer = call(net, work.account, Method::GET, &path, |request| request).await?;
        if answer.status != StatusCode::NOT_FOUND {
            continue;
        }
        let uploaded = upload(net, work, part, file).await?;
        *id = uploaded.id;
        any = true;
        let mut polls = 0;
        while !uploaded.ready && polls < LATE_POLLS && !is_ready(net, work.account, id).await? {
            polls += 1;
            tokio::time::sleep(POLL).await;
        }
    }
    Ok(any)
}

/// The uploaded files of a part, in order.
pub(super) fn ids(work: &StepWork<'_>, part: usize) -> Result<Vec<String>, NetworkError> {
    (0..step::part(work, part)?.media.len())
        .map(|file| {
            Ok(StepName::Media(part, file)
                .earlier::<Uploaded>(work.done)?
                .id)
        })
        .collect()
}
