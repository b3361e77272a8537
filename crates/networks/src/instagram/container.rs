//! Putting a post together, which nobody sees: *IG User Media* and *IG Container*.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    GRAPH, NAME, error,
    formats::{self, IMAGE, ITEM, REEL, STORY, TALL_IMAGE},
};
use crate::{
    connector::{Account, MediaFile, OutgoingMedia, Rendition, StepAnswer, StepWork},
    descriptor::{ImageRules, VideoRules},
    error::{ErrorKind, NetworkError, shorten},
    http::Net,
    meta::{VERSION, upload::Uploading},
    step::{self, StepName},
};

/// How long Instagram may need to fetch a picture: a container lives for a day.
const LINK_VALID_FOR: Duration = Duration::from_hours(24);
/// How long Instagram may work on a file. It says itself: ask for five minutes at most; longer
/// videos take longer.
const PATIENCE: Duration = Duration::from_hours(1);

/// A container.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Container {
    pub(super) id: String,
}

#[derive(Deserialize)]
struct Status {
    status_code: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    video_status: VideoStatus,
}

#[derive(Default, Deserialize)]
struct VideoStatus {
    #[serde(default)]
    uploading_phase: Uploading,
}

/// A form in the making.
type Form = Vec<(&'static str, String)>;

pub(super) fn is_video(media: &OutgoingMedia) -> bool {
    media.mime_type.starts_with("video/")
}

/// The rules of the format's images and videos.
fn rules(format: &str) -> (&'static ImageRules, &'static VideoRules) {
    match format {
        "story" => (&TALL_IMAGE, &STORY),
        "carousel" => (&IMAGE, &ITEM),
        _ => (&IMAGE, &REEL),
    }
}

/// An item of a carousel.
pub(super) async fn create_item(
    net: &Net,
    work: &StepWork<'_>,
    file: usize,
) -> Result<StepAnswer, NetworkError> {
    let media = step::media(work, 0, file)?;
    let mut form: Form = vec![("is_carousel_item", "true".to_owned())];
    add_file(&mut form, work, media).await?;
    if is_video(media) {
        form.push(("media_type", "VIDEO".to_owned()));
    }
    if file == 0 && !is_video(media) {
        add_tags(&mut form, work, true);
    }
    create(net, work.account, form).await
}

/// What is published in the end: one file, or a carousel.
pub(super) async fn create_whole(
    net: &Net,
    work: &StepWork<'_>,
) -> Result<StepAnswer, NetworkError> {
    let request = work.request;
    let part = step::part(work, 0)?;
    let mut form: Form = Vec::new();
    match request.format.as_str() {
        "carousel" => {
            let children = (0..part.media.len())
                .map(|file| {
                    Ok(StepName::Session(0, file)
                        .earlier::<Container>(work.done)?
                        .id)
                })
                .collect::<Result<Vec<_>, NetworkError>>()?;
            form.push(("media_type", "CAROUSEL".to_owned()));
            form.push(("children", children.join(",")));
        }
        format => {
            let media = step::media(work, 0, 0)?;
            add_file(&mut form, work, media).await?;
            add_tags(&mut form, work, format == "post");
            if format == "reel" {
                form.push(("media_type", "REELS".to_owned()));
                add_reel(&mut form, work).await?;
            } else if format == "story" {
                form.push(("media_type", "STORIES".to_owned()));
            }
        }
    }
    if request.format != "story" {
        if !part.text.trim().is_empty() {
            form.push(("caption", part.text.trim().to_owned()));
        }
        let collaborators = names(&request.list_option("collaborators"));
        if !collaborators.is_empty() {
            form.push(("collaborators", json!(collaborators).to_string()));
        }
        if let Some(place) = request.text_option("location") {
            form.push(("location_id", place.to_owned()));
        }
        if request.switch_option("paidPartnership") == Some(true) {
            form.push(("is_paid_partnership", "true".to_owned()));
        }
    }
    if request.switch_option("aiGenerated") == Some(true) {
        form.push(("is_ai_generated", "true".to_owned()));
    }
    create(net, work.account, form).await
}

/// A picture by its address, a video by an upload that follows.
async fn add_file(
    form: &mut Form,
    work: &StepWork<'_>,
    media: &OutgoingMedia,
) -> Result<(), NetworkError> {
    if is_video(media) {
        form.push(("upload_type", "resumable".to_owned()));
        return Ok(());
    }
    let (images, _) = rules(&work.request.format);
    let url = media
        .source
        .link(Rendition::Image(images), LINK_VALID_FOR)
        .await?;
    form.push(("image_url", url.into()));
    if !media.alt_text.trim().is_empty() && work.request.format != "story" {
        form.push(("alt_text", media.alt_text.trim().to_owned()));
    }
    Ok(())
}

/// Tags. On pictures they need a place, so they stand side by side in the middle.
fn add_tags(form: &mut Form, work: &StepWork<'_>, placed: bool) {
    let tagged = names(&work.request.list_option("userTags"));
    let count = tagged.len();
    let tags: Vec<Value> = tagged
        .iter()
        .zip(1u32..)
        .map(|(name, nth)| {
            let mut tag = json!({ "username": name });
            if placed {
                let share = f64::from(nth) / f64::from(u32::try_from(count + 1).unwrap_or(21));
                tag["x"] = json!((share * 100.0).round() / 100.0);
                tag["y"] = json!(0.5);
            }
            tag
        })
        .collect();
    if !tags.is_empty() {
        form.push(("user_tags", json!(tags).to_string()));
    }
}

async fn add_reel(form: &mut Form, work: &StepWork<'_>) -> Result<(), NetworkError> {
    let request = work.request;
    if let Some(cover) = request.attachments.get("cover") {
        let url = cover
            .source
            .link(Rendition::Image(&TALL_IMAGE), LINK_VALID_FOR)
            .await?;
        form.push(("cover_url", url.into()));
    } else if let Some(offset) = request
        .text_option("coverSecond")
        .and_then(formats::cover_offset)
    {
        form.push(("thumb_offset", offset.to_string()));
    }
    if let Some(share) = request.switch_option("shareToFeed") {
        form.push(("share_to_feed", share.to_string()));
    }
    if let Some(name) = request.text_option("audioName") {
        form.push(("audio_name", name.to_owned()));
    }
    if let Some(strategy) = request.text_option("trial") {
        let params = json!({ "graduation_strategy": strategy });
        form.push(("trial_params", params.to_string()));
    }
    Ok(())
}

/// User names without a leading `@`.
fn names(typed: &[&str]) -> Vec<String> {
    typed
        .iter()
        .map(|name| name.trim().trim_start_matches('@').to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

async fn create(net: &Net, account: &Account, form: Form) -> Result<StepAnswer, NetworkError> {
    let path = format!("/{}/media", account.platform_account_id);
    let made: Container = GRAPH.post(net, account, &path, &form).await?;
    Ok(StepAnswer::done(made))
}

async fn status(net: &Net, account: &Account, id: &str) -> Result<Status, NetworkError> {
    let query = [("fields", "status_code,status,video_status")];
    GRAPH.get(net, account, &format!("/{id}"), &query).await
}

/// Uploads the video of a container, from where an earlier try broke off.
pub(super) async fn upload(
    net: &Net,
    work: &StepWork<'_>,
    file: usize,
    container: &str,
) -> Result<StepAnswer, NetworkError> {
    let (_, videos) = rules(&work.request.format);
    let media = step::media(work, 0, file)?;
    let video: Arc<dyn MediaFile> = media.source.open(Rendition::Video(videos)).await?;
    let before = status(net, work.account, container).await?;
    let offset = before.video_status.uploading_phase.bytes_transferred;
    if before.status_code == "IN_PROGRESS" && offset < video.facts().bytes {
        let path = format!("/ig-api-upload/{VERSION}/{container}");
        GRAPH
            .upload(net, work.account, &path, &video, offset)
            .await?;
    }
    Ok(StepAnswer::done(json!({})))
}

/// Waits until a container is ready to be used.
pub(super) async fn wait(
    net: &Net,
    work: &StepWork<'_>,
    container: &str,
) -> Result<StepAnswer, NetworkError> {
    let status = status(net, work.account, container).await?;
    match status.status_code.as_str() {
        "FINISHED" | "PUBLISHED" => Ok(StepAnswer::done(json!({}))),
        "IN_PROGRESS" => {
            let waited = net.env.now().since(work.first_sent_at);
            if waited > PATIENCE {
                return Err(refused(
                    "Instagram has worked on a file for an hour and did not come to an end. Please attach another file, or publish the post again.",
                    "IN_PROGRESS for an hour",
                ));
            }
            Ok(StepAnswer::Pending {
                after: (waited / 2).clamp(Duration::from_secs(3), Duration::from_mins(1)),
                note: "Instagram is processing the post.".to_owned(),
            })
        }
        "EXPIRED" => Err(refused(
            "Instagram keeps a prepared post for one day, and that day is over. Please publish the post again.",
            "EXPIRED",
        )),
        other => {
            let detail = format!("{other}: {}", shorten(&status.status));
            match error::of_container(&status.status) {
                Some(known) => Err(NetworkError::refused(known.kind, known.sentence, detail)),
                None => Err(refused(
                    &format!(
                        "{NAME} can't use a file: {}. Please attach another one.",
                        shorten(status.status.trim_end_matches('.'))
                    ),
                    &detail,
                )),
            }
        }
    }
}

/// How far a container is, as the network's own word.
pub(super) async fn state(net: &Net, account: &Account, id: &str) -> Result<String, NetworkError> {
    Ok(status(net, account, id).await?.status_code)
}

fn refused(message: &str, detail: &str) -> NetworkError {
    NetworkError::refused(ErrorKind::Refused, message, detail)
}
