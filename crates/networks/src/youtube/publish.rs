//! Publishing a video: developers.google.com/youtube/data/reference/rest/v3/videos/insert and
//! /videos/update (state of November 2026).
//!
//! The video is uploaded as *private*; then thumbnail, captions and playlist are set; and only
//! the last step shows it to the world: it sets `privacyStatus`, which can be repeated without
//! harm. So whatever is lost on the way, nothing is published twice.

use std::{sync::Arc, time::Duration};

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{
    api, extras, formats,
    resource::{self, List, PRIVATE, Video},
    upload::{self, Progress},
};
use crate::{
    ErrorKind, Net, NetworkError,
    connector::{
        Account, DoneStep, Found, MediaFile, PublishRequest, Rendition, Step, StepAnswer, StepWork,
    },
    error::shorten,
    step::{self, StepName},
};

/// How long to wait before asking again whether the video is processed.
const PROCESSING_POLL: Duration = Duration::from_secs(15);
/// After this long the step that uploads lets the engine take breath.
const UPLOAD_TURN: Duration = Duration::from_mins(1);

const READY: StepName = StepName::Ready(0, 0);
const RELEASE: StepName = StepName::Post(0);

/// The session of an upload, and the upload itself. A session may expire, so both are numbered.
const fn session_step(round: usize) -> StepName {
    StepName::Session(0, round)
}

const fn upload_step(round: usize) -> StepName {
    StepName::Media(0, round)
}

fn is_wanted(name: StepName, request: &PublishRequest) -> bool {
    match name {
        StepName::Thumbnail => request.attachments.contains_key("thumbnail"),
        StepName::Captions => request.attachments.contains_key("captions"),
        StepName::Playlist => request.text_option("playlist").is_some(),
        RELEASE => is_shown(request) || resource::publish_at(request).is_some(),
        StepName::Comment => is_shown(request) && request.text_option("firstComment").is_some(),
        _ => true,
    }
}

/// Whether others can see the video as soon as it is released.
fn is_shown(request: &PublishRequest) -> bool {
    resource::privacy(request) != PRIVATE && resource::publish_at(request).is_none()
}

/// What a session answered.
#[derive(Serialize, Deserialize)]
struct Session {
    url: Url,
}

/// What an upload answered.
#[derive(Serialize, Deserialize)]
struct Uploaded {
    /// The video. `None`: the session expired before all of it had arrived.
    id: Option<String>,
}

/// The id of the uploaded video.
pub(super) fn video_id(done: &[DoneStep]) -> Option<String> {
    uploads(done).find_map(|uploaded| uploaded.id)
}

fn uploads(done: &[DoneStep]) -> impl Iterator<Item = Uploaded> {
    done.iter()
        .filter(|step| step.name.starts_with("media:"))
        .filter_map(|step| serde_json::from_value(step.result.clone()).ok())
}

pub(super) fn next_step(request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
    let name = if video_id(done).is_some() {
        [
            READY,
            StepName::Thumbnail,
            StepName::Captions,
            StepName::Playlist,
            RELEASE,
            StepName::Comment,
        ]
        .into_iter()
        .find(|name| is_wanted(*name, request) && !name.is_done(done))?
    } else {
        let round = uploads(done).count();
        if session_step(round).is_done(done) {
            upload_step(round)
        } else {
            session_step(round)
        }
    };
    Some(name.step(request, matches!(name, RELEASE | StepName::Comment)))
}

pub(super) async fn run_step(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    match step::name(&work)? {
        StepName::Session(..) => session(net, work).await,
        StepName::Media(_, round) => send(net, work, session_step(round)).await,
        READY => ready(net, work.account, &uploaded(work)?).await,
        StepName::Thumbnail => extras::thumbnail(net, work, &uploaded(work)?).await,
        StepName::Captions => extras::captions(net, work, &uploaded(work)?).await,
        StepName::Playlist => extras::playlist(net, work, &uploaded(work)?).await,
        RELEASE => release(net, work, &uploaded(work)?).await,
        StepName::Comment => extras::comment(net, work, &uploaded(work)?).await,
        _ => Err(step::lost(&work.step.name)),
    }
}

pub(super) async fn find_step(net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
    let id = uploaded(work)?;
    if step::name(&work)? == StepName::Comment {
        return extras::find_comment(net, work, &id).await;
    }
    Ok(match video(net, work.account, &id, "status").await? {
        None => Found::CannotTell(
            "The video is not on YouTube any more. Please look whether somebody deleted it."
                .to_owned(),
        ),
        Some(video) if is_released(work.request, &video) => Found::Present(Value::Null),
        Some(_) => Found::Absent,
    })
}

fn uploaded(work: StepWork<'_>) -> Result<String, NetworkError> {
    video_id(work.done).ok_or_else(|| step::lost(&work.step.name))
}

/// The name under which the file is uploaded: by it the upload is recognised once its session
/// has expired.
fn file_name(request: &PublishRequest) -> String {
    format!("allin-{}", request.target_id)
}

async fn file(work: StepWork<'_>) -> Result<Arc<dyn MediaFile>, NetworkError> {
    let media = step::media(&work, 0, 0)?;
    let rules = formats::video_rules(&work.request.format, &work.account.limits);
    media.source.open(Rendition::Video(&rules)).await
}

async fn session(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let file = file(work).await?;
    let notify = work.request.switch_option("notifySubscribers") != Some(false);
    let query = [
        ("part", resource::parts(work.request)),
        ("notifySubscribers", if notify { "true" } else { "false" }),
    ];
    let url = upload::start(
        net,
        work.account,
        &resource::new_video(work.request),
        &query,
        file.facts(),
        &file_name(work.request),
    )
    .await?;
    Ok(StepAnswer::done(Session { url }))
}

/// Sends what the session does not have yet.
async fn send(
    net: &Net,
    work: StepWork<'_>,
    session: StepName,
) -> Result<StepAnswer, NetworkError> {
    let Session { url } = session.earlier(work.done)?;
    let file = file(work).await?;
    let total = file.facts().bytes;
    let began = net.env.now();
    let mut progress = upload::progress(net, work.account, &url, total).await?;
    loop {
        match progress {
            Progress::Complete(video) => {
                return Ok(StepAnswer::done(Uploaded { id: Some(video.id) }));
            }
            Progress::Expired => {
                let id = find_upload(net, work).await?;
                return Ok(StepAnswer::done(Uploaded { id }));
            }
            Progress::Received(bytes) if net.env.now().since(began) > UPLOAD_TURN => {
                return Ok(StepAnswer::Pending {
                    after: Duration::ZERO,
                    note: format!(
                        "{} % of the video are uploaded.",
                        bytes * 100 / total.max(1)
                    ),
                });
            }
            Progress::Received(bytes) => {
                progress = upload::send(net, work.account, &url, &*file, bytes).await?;
            }
        }
    }
}

/// The video of an upload whose last answer was lost, and then its session.
async fn find_upload(net: &Net, work: StepWork<'_>) -> Result<Option<String>, NetworkError> {
    #[derive(Deserialize)]
    struct Item {
        #[serde(rename = "contentDetails")]
        content: Content,
    }
    #[derive(Deserialize)]
    struct Content {
        #[serde(rename = "videoId")]
        video: String,
    }
    let Some(uploads) = work.account.limits["uploads"].as_str() else {
        return Ok(None);
    };
    let newest: List<Item> = api::read(
        net,
        work.account,
        Method::GET,
        api::data(net, "/playlistItems")?,
        |request| {
            request.query(&[
                ("part", "contentDetails"),
                ("playlistId", uploads),
                ("maxResults", "50"),
            ])
        },
    )
    .await?;
    let ids: Vec<String> = newest
        .items
        .into_iter()
        .map(|item| item.content.video)
        .collect();
    if ids.is_empty() {
        return Ok(None);
    }
    let videos = videos(net, work.account, &ids.join(","), "fileDetails").await?;
    let name = file_name(work.request);
    Ok(videos
        .into_iter()
        .find(|video| video.file_details.file_name == name)
        .map(|video| video.id))
}

async fn videos(
    net: &Net,
    account: &Account,
    ids: &str,
    part: &str,
) -> Result<Vec<Video>, NetworkError> {
    let list: List<Video> = api::read(
        net,
        account,
        Method::GET,
        api::data(net, "/videos")?,
        |request| request.query(&[("part", part), ("id", ids)]),
    )
    .await?;
    Ok(list.items)
}

/// A video; `None` if it is gone.
pub(super) async fn video(
    net: &Net,
    account: &Account,
    id: &str,
    part: &str,
) -> Result<Option<Video>, NetworkError> {
    Ok(videos(net, account, id, part).await?.into_iter().next())
}

/// Asks whether YouTube can play the video.
async fn ready(net: &Net, account: &Account, id: &str) -> Result<StepAnswer, NetworkError> {
    let video = video(net, account, id, "status,processingDetails")
        .await?
        .ok_or_else(gone)?;
    let refused = |why: &str, reason: &str| {
        Err(NetworkError::refused(
            ErrorKind::Refused,
            format!("YouTube did not take the video: {why}"),
            format!("uploadStatus {}: {reason}", video.status.upload_status),
        ))
    };
    match video.status.upload_status.as_str() {
        "processed" => Ok(StepAnswer::Done(Value::Null)),
        "failed" => refused(
            failure(&video.status.failure_reason),
            &video.status.failure_reason,
        ),
        "rejected" => refused(
            rejection(&video.status.rejection_reason),
            &video.status.rejection_reason,
        ),
        "deleted" => Err(gone()),
        _ => Ok(StepAnswer::Pending {
            after: PROCESSING_POLL,
            note: "YouTube is processing the video.".to_owned(),
        }),
    }
}

fn gone() -> NetworkError {
    NetworkError::refused(
        ErrorKind::Refused,
        "The video is not on YouTube any more. Somebody may have deleted it while it was being published.",
        "videos.list answered no item",
    )
}

/// `status.failureReason`.
fn failure(reason: &str) -> &'static str {
    match reason {
        "conversion" | "codec" => {
            "it can't convert this kind of video. Please use MP4 with H.264 and AAC."
        }
        "invalidFile" => "the file is no video, or it is damaged.",
        "emptyFile" => "the file is empty.",
        "tooSmall" => "the file is too small.",
        "uploadAborted" => "the upload broke off. Please try again.",
        _ => "it could not be processed.",
    }
}

/// `status.rejectionReason`.
fn rejection(reason: &str) -> &'static str {
    match reason {
        "copyright" | "claim" => "somebody else holds rights in it.",
        "duplicate" => "the channel has the same video already.",
        "inappropriate" | "termsOfUse" => "it breaks YouTube's rules.",
        "legal" | "trademark" => "there is a legal complaint about it.",
        "length" => {
            "it is longer than this channel may upload. Please verify the channel at youtube.com/verify."
        }
        "uploaderAccountClosed" | "uploaderAccountSuspended" => {
            "the channel is closed or suspended."
        }
        _ => "it was rejected.",
    }
}

/// Shows the video to those it is meant for.
async fn release(net: &Net, work: StepWork<'_>, id: &str) -> Result<StepAnswer, NetworkError> {
    let mut status = resource::status(work.request, resource::privacy(work.request));
    if let Some(at) = resource::publish_at(work.request) {
        status["privacyStatus"] = json!(PRIVATE);
        status["publishAt"] = json!(at);
    }
    let video: Video = api::read(
        net,
        work.account,
        Method::PUT,
        api::data(net, "/videos")?,
        |request| {
            request
                .query(&[("part", "status")])
                .json(&json!({ "id": id, "status": status }))
        },
    )
    .await?;
    if is_released(work.request, &video) {
        return Ok(StepAnswer::Done(Value::Null));
    }
    Err(NetworkError::refused(
        ErrorKind::Refused,
        format!(
            "YouTube keeps the video {}. Please look at the channel's settings in YouTube Studio.",
            shorten(&video.status.privacy_status)
        ),
        "videos.update answered another privacyStatus than was asked for",
    ))
}

fn is_released(request: &PublishRequest, video: &Video) -> bool {
    match resource::publish_at(request) {
        // Once the time has come, the video is public and has no `publishAt` any more.
        Some(at) => video.status.publish_at == Some(at) || video.status.privacy_status == "public",
        None => video.status.privacy_status == resource::privacy(request),
    }
}
