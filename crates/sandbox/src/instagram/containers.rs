//! `POST /{ig-user}/media`: *IG User Media*; `GET /{container}`: *IG Container*.

use serde_json::{Value, json};

use super::{
    Call, Net,
    state::{Container, File, Kind, Status},
};
use crate::{
    kit::{blobs::Blob, processing::Progress},
    meta::{GraphError, Result, file},
};

/// *Image specifications*: 8 MB, between 4:5 and 1.91:1.
const IMAGE_BYTES: u64 = 8 << 20;
const ASPECT: std::ops::RangeInclusive<f64> = 0.79..=1.92;
/// Seconds that Instagram works on a video here.
const VIDEO_SECONDS: u64 = 8;

pub(super) async fn create(call: &Call, user: &str, version: &str) -> Result {
    call.actor.require("instagram_content_publish")?;
    let account = call.account(user, "post")?;
    let params = &call.params;
    let carousel_item = params.get("is_carousel_item") == Some("true");
    let kind = kind(call, carousel_item)?;
    let caption = if carousel_item {
        ""
    } else {
        params.get("caption").unwrap_or_default()
    };
    check_caption(caption)?;
    check_options(call, kind, carousel_item)?;
    let children = call.list("children");
    if kind == Kind::Carousel {
        check_children(call, account.username, &children)?;
    }
    let resumable = params.get("upload_type") == Some("resumable");
    let file = match kind {
        Kind::Carousel => File::None,
        _ if resumable => File::Coming(call.net.hub.blobs.begin("video/mp4")),
        _ => fetched(call, kind).await?,
    };
    let cover = match params.get("cover_url") {
        Some(url) if kind == Kind::Reel => Some(fetch(call, url).await?),
        _ => None,
    };
    let id = format!("1788{:013}", call.net.next_number());
    let container = Container {
        account: account.username.to_owned(),
        kind,
        carousel_item,
        created_at: call.net.now(),
        caption: caption.to_owned(),
        alt_text: params.get("alt_text").map(str::to_owned),
        children,
        cover,
        file,
        share_to_feed: params.get("share_to_feed") != Some("false"),
        ai_generated: params.get("is_ai_generated") == Some("true"),
        details: details(call),
        media: None,
    };
    call.net.memory().containers.insert(id.clone(), container);
    let mut answer = json!({ "id": id });
    if resumable {
        answer["uri"] = json!(format!("{}/ig-api-upload/{version}/{id}", call.here.base));
    }
    Ok(answer)
}

fn kind(call: &Call, carousel_item: bool) -> Result<Kind> {
    match call.params.get("media_type") {
        None | Some("IMAGE") => Ok(Kind::Image),
        Some("REELS") if carousel_item => {
            Err(GraphError::parameter("Reels cannot appear in carousels").into())
        }
        Some("REELS") => Ok(Kind::Reel),
        Some("STORIES") => Ok(Kind::Story),
        Some("CAROUSEL") => Ok(Kind::Carousel),
        Some("VIDEO") if carousel_item => Ok(Kind::Video),
        Some("VIDEO") => Err(GraphError::new(100, "Invalid parameter")
            .subcode(2_207_067)
            .said(
                "Unsupported media type",
                "The VIDEO value for media_type is no longer supported. Use the REELS media type to publish a video to your Instagram feed.",
            )
            .into()),
        Some(other) => Err(GraphError::new(100, "Invalid parameter")
            .subcode(2_207_023)
            .said("Unknown media type", &format!("The media type {other} is unknown."))
            .into()),
    }
}

/// At most 2,200 characters, 30 hashtags and 20 mentions.
fn check_caption(caption: &str) -> Result<()> {
    let length = caption.chars().count();
    let words = |sign: char| {
        let begins = |word: &&str| word.starts_with(sign) && word.chars().count() > 1;
        caption.split_whitespace().filter(begins).count()
    };
    if length > 2_200 || words('#') > 30 {
        return Err(GraphError::new(36_004, "The caption is too long")
            .subcode(2_207_010)
            .said(
                "Caption too long",
                &format!(
                    "The submitted image's caption was {length} characters long. The maximum number of characters permitted for a caption is 2200. Please submit media with a shorter caption."
                ),
            )
            .into());
    }
    if words('@') > 20 {
        return Err(GraphError::new(100, "Invalid parameter")
            .subcode(2_207_040)
            .said(
                "Too many tags",
                "Cannot use more than 20 tags per created media.",
            )
            .into());
    }
    Ok(())
}

fn check_options(call: &Call, kind: Kind, carousel_item: bool) -> Result<()> {
    let given = |name: &str| call.params.get(name).is_some();
    let moving = matches!(
        kind,
        Kind::Reel | Kind::Story | Kind::Carousel | Kind::Video
    );
    let wrong = if given("alt_text") && moving {
        Some("alt_text is only supported on images")
    } else if call
        .params
        .get("alt_text")
        .is_some_and(|alt| alt.chars().count() > 1_000)
    {
        Some("alt_text must be at most 1000 characters")
    } else if given("collaborators") && (kind == Kind::Story || carousel_item) {
        Some("collaborators are not supported for this media type")
    } else if call.list("collaborators").len() > 3 {
        Some("collaborators must not be more than 3")
    } else if given("location_id") && (kind == Kind::Story || carousel_item) {
        Some("location_id is not supported for this media type")
    } else if given("is_ai_generated") && carousel_item {
        Some("is_ai_generated is not available for carousel children")
    } else if given("trial_params") && kind != Kind::Reel {
        Some("trial_params need media_type REELS")
    } else {
        None
    };
    wrong.map_or(Ok(()), |words| Err(GraphError::parameter(words).into()))
}

fn check_children(call: &Call, account: &str, children: &[String]) -> Result<()> {
    if !(2..=10).contains(&children.len()) {
        return Err(GraphError::new(100, "Invalid parameter")
            .subcode(2_207_028)
            .said(
                "Carousel needs 2 to 10 items",
                "Your post won't work as a carousel. Carousels need at least 2 photos/videos and no more than 10 photos/videos.",
            )
            .into());
    }
    let now = call.net.now();
    let memory = call.net.memory();
    for child in children {
        let found = memory
            .containers
            .get(child)
            .filter(|container| container.account == account && container.carousel_item);
        match found.map(|container| container.status(now)) {
            Some(Status::Finished) => {}
            Some(Status::InProgress) => return Err(not_ready().into()),
            _ => {
                return Err(GraphError::new(24, "The requested resource does not exist")
                    .subcode(2_207_006)
                    .said(
                        "Media not found",
                        &format!("The media with {child} cannot be found."),
                    )
                    .into());
            }
        }
    }
    Ok(())
}

/// 9007: the container is still worked on.
pub(super) fn not_ready() -> GraphError {
    GraphError::new(9007, "Media ID is not available")
        .subcode(2_207_027)
        .said(
            "Media not ready",
            "The media is not ready for publishing, please wait for a moment.",
        )
}

/// The picture or video of `image_url` or `video_url`.
async fn fetched(call: &Call, kind: Kind) -> Result<File> {
    let (image, video) = (call.params.get("image_url"), call.params.get("video_url"));
    let url = match kind {
        Kind::Image => image,
        Kind::Reel | Kind::Video => video,
        _ => image.or(video),
    };
    let url = url.ok_or_else(|| GraphError::parameter("The parameter image_url is required"))?;
    let blob = fetch(call, url).await?;
    let is_image = kind == Kind::Image || (kind == Kind::Story && image.is_some());
    if is_image {
        check_image(&blob, kind == Kind::Image).await?;
        // The faults that meet processing meet pictures too, though they take no time.
        return Ok(File::Here {
            processing: call.net.process(0),
            blob,
        });
    }
    Ok(processed(&call.net, kind, blob))
}

async fn fetch(call: &Call, url: &str) -> Result<Blob> {
    call.net.fetch(url).await.map_err(|_| {
        GraphError::new(9004, "Only photo or video can be accepted as media type.")
            .subcode(2_207_052)
            .said(
                "Media download has failed. The media URI doesn't meet our requirements.",
                &format!("The media could not be fetched from this uri: {url}"),
            )
            .into()
    })
}

async fn check_image(blob: &Blob, shaped: bool) -> Result<()> {
    if blob.len() > IMAGE_BYTES {
        return Err(GraphError::new(36_000, "The image size is too large.")
            .subcode(2_207_004)
            .said(
                "Image size too large",
                "The image is too large to download. It should be less than 8 MiB.",
            )
            .into());
    }
    if blob.sniffed() != Some("image/jpeg") {
        let kind = blob.sniffed().unwrap_or("unknown");
        return Err(
            GraphError::new(36_001, "The image format is not supported.")
                .subcode(2_207_005)
                .said(
                    "Image format not supported",
                    &format!(
                        "The image format {kind} is not supported. Supported formats are: JPEG."
                    ),
                )
                .into(),
        );
    }
    let bytes = blob.bytes().await.unwrap_or_default();
    if let Some((width, height)) = file::jpeg_size(&bytes).filter(|_| shaped) {
        let ratio = f64::from(width) / f64::from(height.max(1));
        if !ASPECT.contains(&ratio) {
            return Err(GraphError::new(36_003, "The aspect ratio is not supported.")
                .subcode(2_207_009)
                .said(
                    "Invalid aspect ratio",
                    &format!("The submitted image with aspect ratio ({width}/{height}) cannot be published. Please submit an image with a valid aspect ratio."),
                )
                .into());
        }
    }
    Ok(())
}

/// A video that has come: *Reel specifications*, *Story video specifications*.
pub(super) fn processed(net: &Net, kind: Kind, blob: Blob) -> File {
    let (most_bytes, most_seconds) = match kind {
        Kind::Story => (100 << 20, 60),
        _ => (300 << 20, 15 * 60),
    };
    let fits = file::video_length(blob.head())
        .is_none_or(|length| (3_000..=most_seconds * 1_000 + 500).contains(&length));
    let known = matches!(blob.sniffed(), Some("video/mp4" | "video/quicktime"));
    if !known || !fits || blob.len() > most_bytes {
        return File::Unusable(2_207_026);
    }
    File::Here {
        blob,
        processing: net.process(VIDEO_SECONDS),
    }
}

fn details(call: &Call) -> Vec<(&'static str, String)> {
    let all: [(&'static str, &str); 8] = [
        ("Collaborators", "collaborators"),
        ("Tagged", "user_tags"),
        ("Place", "location_id"),
        ("Audio", "audio_name"),
        ("Cover at (ms)", "thumb_offset"),
        ("Trial", "trial_params"),
        ("Paid partnership", "is_paid_partnership"),
        ("Made with AI", "is_ai_generated"),
    ];
    all.into_iter()
        .map(|(label, name)| (label, call.list(name).join(", ")))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// `GET /{container}`; `None` where the id is not one.
pub(super) async fn show(call: &Call, id: &str) -> Result<Option<Value>> {
    let now = call.net.now();
    let found = call.net.memory().containers.get(id).cloned();
    let Some(container) = found else {
        return Ok(None);
    };
    if !call.owns(&container.account) {
        return Err(GraphError::no_object("get", id).into());
    }
    let (code, words) = match container.status(now) {
        Status::Expired => (
            "EXPIRED",
            "Expired: The container was not published within 24 hours.".to_owned(),
        ),
        Status::Error(subcode) => (
            "ERROR",
            format!("Error: Media upload has failed with error code {subcode}"),
        ),
        Status::Finished => (
            "FINISHED",
            "Finished: Media has been uploaded and it is ready to be published.".to_owned(),
        ),
        Status::InProgress => (
            "IN_PROGRESS",
            "In Progress: Media is still being processed.".to_owned(),
        ),
        Status::Published => (
            "PUBLISHED",
            "Published: Media has been already published.".to_owned(),
        ),
    };
    let (uploading, bytes, processing) = match &container.file {
        File::Coming(upload) => match upload.len().await {
            0 => ("not_started", 0, "not_started"),
            bytes => ("in_progress", bytes, "not_started"),
        },
        File::Here { blob, processing } => (
            "complete",
            blob.len(),
            match processing.progress(now) {
                Progress::Working { .. } => "in_progress",
                Progress::Ready => "complete",
                Progress::Rejected => "error",
            },
        ),
        File::None | File::Unusable(_) => ("complete", 0, "error"),
    };
    let object = json!({
        "id": id,
        "status_code": code,
        "status": words,
        "copyright_check_status": { "status": "completed", "matches_found": false },
        "video_status": {
            "uploading_phase": { "status": uploading, "bytes_transferred": bytes },
            "processing_phase": { "status": processing },
        },
    });
    call.select(&object, &["id"]).map(Some)
}
