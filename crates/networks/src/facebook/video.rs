//! Videos, reels and video stories: *Page Videos* (`upload_phase`), *Reels publishing*, *Facebook
//! Stories API: video stories*.
//!
//! Videos of a Page go in pieces as large as Facebook asks for; reels and stories in one request
//! to `rupload.facebook.com`. Both go on where they broke off.

use std::{sync::Arc, time::Duration};

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    GRAPH, NAME,
    formats::{REEL, STORY, VIDEO},
    publish::{Live, Posted, full_id, page_path, story_url, text},
};
use crate::{
    connector::{
        Account, MediaFile, OutgoingMedia, Rendition, StepAnswer, StepWork, UPLOAD_TIMEOUT,
    },
    descriptor::VideoRules,
    error::{ErrorKind, NetworkError, shorten},
    http::Net,
    meta::{VERSION, error::Words, upload::Uploading},
    step::{self, StepName},
};

/// The largest piece that is held in memory.
const MOST_PIECE: u64 = 8 << 20;
/// A piece where Facebook did not say how large.
const USUAL_PIECE: u64 = 1 << 20;
/// How long Facebook may work on a video.
const PATIENCE: Duration = Duration::from_hours(2);

/// An upload that has begun.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) video_id: String,
    upload_session_id: Option<String>,
}

/// *Video*, as far as it is read.
#[derive(Deserialize)]
pub(super) struct Video {
    #[serde(default)]
    status: Status,
    published: Option<bool>,
    post_id: Option<Value>,
    permalink_url: Option<String>,
}

#[derive(Default, Deserialize)]
struct Status {
    #[serde(default)]
    video_status: String,
    #[serde(default)]
    uploading_phase: Uploading,
    #[serde(default)]
    processing_phase: Phase,
    #[serde(default)]
    publishing_phase: Phase,
}

#[derive(Default, Deserialize)]
struct Phase {
    #[serde(default)]
    status: String,
    #[serde(default)]
    publish_status: String,
    error: Option<PhaseError>,
    #[serde(default)]
    errors: Vec<PhaseError>,
}

#[derive(Deserialize)]
struct PhaseError {
    #[serde(default)]
    message: String,
}

impl Video {
    /// Whether it was published, be it seen yet or not.
    pub(super) fn is_published(&self) -> bool {
        let phase = &self.status.publishing_phase;
        self.post_id.is_some()
            || self.published == Some(true)
            || phase.publish_status == "published"
            || matches!(
                phase.status.as_str(),
                "complete" | "completed" | "in_progress"
            )
    }

    /// Whether Facebook still works on it.
    pub(super) fn is_busy(&self) -> bool {
        self.status.processing_phase.status == "in_progress"
            || matches!(
                self.status.video_status.as_str(),
                "processing" | "uploading"
            )
    }

    fn is_live(&self) -> bool {
        let phase = &self.status.publishing_phase;
        phase.publish_status == "published"
            || matches!(phase.status.as_str(), "complete" | "completed")
    }

    /// What went wrong, if anything.
    fn failure(&self) -> Option<String> {
        let phases = [&self.status.processing_phase, &self.status.publishing_phase];
        let words = phases.iter().find_map(|phase| {
            let error = phase.error.as_ref().or_else(|| phase.errors.first())?;
            Some(shorten(error.message.trim_end_matches('.')))
        });
        let failed = phases.iter().any(|phase| phase.status == "error")
            || matches!(
                self.status.video_status.as_str(),
                "error" | "upload_failed" | "expired"
            );
        words.or_else(|| failed.then(|| "it gave no reason".to_owned()))
    }
}

pub(super) fn is_video(media: &OutgoingMedia) -> bool {
    media.mime_type.starts_with("video/")
}

fn rules(format: &str) -> &'static VideoRules {
    match format {
        "reel" => &REEL,
        "story" => &STORY,
        _ => &VIDEO,
    }
}

/// The edge that a format's videos are published by.
fn edge(format: &str) -> &'static str {
    match format {
        "reel" => "video_reels",
        "story" => "video_stories",
        _ => "videos",
    }
}

async fn open(work: &StepWork<'_>) -> Result<Arc<dyn MediaFile>, NetworkError> {
    let media = step::media(work, 0, 0)?;
    media
        .source
        .open(Rendition::Video(rules(&work.request.format)))
        .await
}

/// Begins an upload: from here on the video has an id.
pub(super) async fn begin(net: &Net, work: &StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let mut form = vec![("upload_phase", "start".to_owned())];
    if work.request.format == "video" {
        let size = open(work).await?.facts().bytes;
        form.push(("file_size", size.to_string()));
    }
    let path = page_path(work.account, edge(&work.request.format));
    let session: Session = GRAPH.post(net, work.account, &path, &form).await?;
    Ok(StepAnswer::done(session))
}

/// How a video stands.
pub(super) async fn read(net: &Net, account: &Account, id: &str) -> Result<Video, NetworkError> {
    let query = [("fields", "status,published,post_id,permalink_url")];
    GRAPH.get(net, account, &format!("/{id}"), &query).await
}

/// Uploads the bytes, from where an earlier try broke off.
pub(super) async fn upload(net: &Net, work: &StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let session: Session = StepName::Session(0, 0).earlier(work.done)?;
    let file = open(work).await?;
    let size = file.facts().bytes;
    let before = read(net, work.account, &session.video_id).await?;
    let offset = before.status.uploading_phase.bytes_transferred;
    if offset < size {
        if let Some(id) = &session.upload_session_id {
            pieces(net, work.account, id, &file, offset).await?;
        } else {
            let path = format!("/video-upload/{VERSION}/{}", session.video_id);
            GRAPH
                .upload(net, work.account, &path, &file, offset)
                .await?;
        }
    }
    Ok(StepAnswer::done(json!({})))
}

/// `upload_phase=transfer`, piece by piece. Where the offset is not what Facebook has, it says
/// what it has (subcode 1363037).
async fn pieces(
    net: &Net,
    account: &Account,
    session: &str,
    file: &Arc<dyn MediaFile>,
    offset: u64,
) -> Result<(), NetworkError> {
    let size = file.facts().bytes;
    let path = page_path(account, "videos");
    let (mut start, mut end) = (offset, (offset + USUAL_PIECE).min(size));
    let mut corrected = false;
    while start < end {
        let piece = file.read(start..end.min(start + MOST_PIECE)).await?;
        let form = Form::new()
            .text("upload_phase", "transfer")
            .text("upload_session_id", session.to_owned())
            .text("start_offset", start.to_string())
            .part(
                "video_file_chunk",
                Part::stream_with_length(piece.clone(), piece.len() as u64).file_name("piece"),
            );
        let answer = GRAPH
            .call(net, account, Method::POST, &path, |request| {
                request.timeout(UPLOAD_TIMEOUT).multipart(form)
            })
            .await?;
        let next: Value = if answer.status.is_success() {
            corrected = false;
            GRAPH.read(net, &answer)?
        } else {
            let words = Words::of(&answer);
            if corrected || !words.key().ends_with("/1363037") {
                return Err(GRAPH.parse_error(&answer, net.env.now()));
            }
            corrected = true;
            words.error_data
        };
        let number = |name: &str| text(&next[name]).parse::<u64>();
        let (Ok(from), Ok(to)) = (number("start_offset"), number("end_offset")) else {
            return Err(NetworkError::unknown(
                "Facebook answered something that AllIN does not understand.",
                "no offsets in the answer to a piece",
            ));
        };
        (start, end) = (from, to.min(size));
    }
    Ok(())
}

/// `upload_phase=finish`: publishes the video, which people see once it is processed.
pub(super) async fn finish(net: &Net, work: &StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    #[derive(Deserialize)]
    struct Told {
        post_id: Option<Value>,
    }
    let request = work.request;
    let session: Session = StepName::Session(0, 0).earlier(work.done)?;
    let story = request.format == "story";
    let mut form = vec![("upload_phase", "finish".to_owned())];
    match &session.upload_session_id {
        Some(id) => form.push(("upload_session_id", id.clone())),
        None => form.push(("video_id", session.video_id.clone())),
    }
    if request.format == "reel" {
        form.push(("video_state", "PUBLISHED".to_owned()));
        if let Some(place) = request.text_option("place") {
            form.push(("place", place.to_owned()));
        }
    }
    let text_of_post = step::part(work, 0)?.text.trim();
    if !story && !text_of_post.is_empty() {
        form.push(("description", text_of_post.to_owned()));
    }
    if let Some(title) = request.text_option("title") {
        form.push(("title", title.to_owned()));
    }
    let path = page_path(work.account, edge(&request.format));
    let told: Told = GRAPH.post(net, work.account, &path, &form).await?;
    Ok(StepAnswer::done(Posted {
        post: told.post_id.map(|id| full_id(work.account, &text(&id))),
        video: Some(session.video_id),
        story,
    }))
}

/// Waits until people see the video.
pub(super) async fn live(
    net: &Net,
    work: &StepWork<'_>,
    id: &str,
    posted: &Posted,
) -> Result<StepAnswer, NetworkError> {
    let video = read(net, work.account, id).await?;
    if let Some(words) = video.failure() {
        return Err(NetworkError::refused(
            ErrorKind::Refused,
            format!("{NAME} can't show this video: {words}. Please publish another one."),
            format!("video_status {}", shorten(&video.status.video_status)),
        ));
    }
    if !video.is_live() {
        let waited = net.env.now().since(work.first_sent_at);
        if waited > PATIENCE {
            return Err(NetworkError::refused(
                ErrorKind::Refused,
                "Facebook has worked on the video for two hours and does not show it. Please look at the Page on Facebook.",
                format!("video_status {}", shorten(&video.status.video_status)),
            ));
        }
        return Ok(StepAnswer::Pending {
            after: (waited / 2).clamp(Duration::from_secs(3), Duration::from_mins(1)),
            note: "Facebook is processing the video.".to_owned(),
        });
    }
    let url = if posted.story {
        story_url(net, work.account, id).await?
    } else {
        video.permalink_url
    };
    let post = video
        .post_id
        .map(|id| full_id(work.account, &text(&id)))
        .or_else(|| posted.post.clone());
    Ok(StepAnswer::done(Live { post, url }))
}
