//! How a video is shown.
//! developers.google.com/youtube/data/reference/rest/v3/videos

use kernel::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    channels,
    details::Privacy,
    request::etag,
    state::{Memory, Video, instant},
};
use crate::kit::{Here, processing::Progress};

/// The parts that videos.list knows, and with videos.insert and update those that can be set.
pub(super) const PARTS: &[&str] = &[
    "ageGating",
    "brandPartner",
    "contentDetails",
    "fileDetails",
    "id",
    "liveStreamingDetails",
    "localizations",
    "monetizationDetails",
    "paidProductPlacementDetails",
    "player",
    "processingDetails",
    "recordingDetails",
    "snippet",
    "statistics",
    "status",
    "suggestions",
    "topicDetails",
];
/// Parts that only the owner sees.
pub(super) const OWNERS: &[&str] = &["fileDetails", "processingDetails", "suggestions"];

/// The video with these parts, as it is now.
pub(super) fn show(
    memory: &Memory,
    video: &Video,
    parts: &[impl AsRef<str>],
    now: Timestamp,
    here: &Here,
) -> Value {
    let mut shown = Map::new();
    shown.insert("kind".to_owned(), json!("youtube#video"));
    shown.insert("id".to_owned(), json!(video.id));
    for part in parts {
        let value = match part.as_ref() {
            "snippet" => snippet(video, here),
            "status" => status(video, now),
            "statistics" => statistics(memory, video, now),
            "contentDetails" => content(memory, video),
            "processingDetails" => processing(video, now),
            "fileDetails" => file(video),
            "player" => {
                json!({ "embedHtml": format!("<iframe width=\"480\" height=\"270\" src=\"//www.youtube.com/embed/{}\"></iframe>", video.id) })
            }
            "paidProductPlacementDetails" => {
                json!({ "hasPaidProductPlacement": video.details.paid_promotion })
            }
            "recordingDetails" => json!({ "recordingDate": video.details.recording_date }),
            _ => continue,
        };
        shown.insert(part.as_ref().to_owned(), value);
    }
    let tag = etag(&shown);
    shown.insert("etag".to_owned(), json!(tag));
    Value::Object(shown)
}

fn snippet(video: &Video, here: &Here) -> Value {
    let details = &video.details;
    let mut snippet = json!({
        "publishedAt": instant(video.shown_at.unwrap_or(video.uploaded_at)),
        "channelId": channels::id(&video.account),
        "title": details.title,
        "description": details.description,
        "thumbnails": thumbnails(video, here),
        "channelTitle": channels::title(&video.account),
        "categoryId": details.category,
        "liveBroadcastContent": "none",
        "localized": { "title": details.title, "description": details.description },
    });
    if !details.tags.is_empty() {
        snippet["tags"] = json!(details.tags);
    }
    if let Some(language) = &details.language {
        snippet["defaultLanguage"] = json!(language);
    }
    if let Some(language) = &details.audio_language {
        snippet["defaultAudioLanguage"] = json!(language);
    }
    snippet
}

pub(super) fn thumbnails(video: &Video, here: &Here) -> Value {
    let url = video.thumbnail.as_ref().map_or_else(
        || format!("{}/avatars/{}.svg", here.origin, video.account),
        |blob| format!("{}{}", here.origin, blob.path()),
    );
    let size = |width: u32, height: u32| json!({ "url": url, "width": width, "height": height });
    json!({ "default": size(120, 90), "medium": size(320, 180), "high": size(480, 360) })
}

fn status(video: &Video, now: Timestamp) -> Value {
    let details = &video.details;
    let upload = video.status(now);
    let mut status = json!({
        "uploadStatus": upload,
        "privacyStatus": video.privacy(now).as_str(),
        "license": details.license,
        "embeddable": details.embeddable,
        "publicStatsViewable": details.statistics_shown,
        "madeForKids": details.made_for_kids,
        "selfDeclaredMadeForKids": details.made_for_kids,
        "containsSyntheticMedia": details.synthetic,
    });
    if upload == "failed" {
        status["failureReason"] = json!(video.failure().unwrap_or("codec"));
    }
    if let Some(at) = details
        .publish_at
        .filter(|_| video.privacy(now) == Privacy::Private)
    {
        status["publishAt"] = json!(at);
    }
    status
}

fn statistics(memory: &Memory, video: &Video, now: Timestamp) -> Value {
    let counts = super::reports::counts(video, now);
    let below = memory.comments_below(video, now);
    let comments = below.iter().filter(|comment| !comment.hidden).count();
    json!({
        "viewCount": counts.views.to_string(),
        "likeCount": counts.likes.to_string(),
        "favoriteCount": "0",
        "commentCount": comments.to_string(),
    })
}

fn content(memory: &Memory, video: &Video) -> Value {
    let millis = video.facts.map_or(0, |facts| facts.millis);
    let seconds = millis.div_ceil(1_000);
    let length = format!("PT{}M{}S", seconds / 60, seconds % 60);
    let high = video
        .facts
        .is_some_and(|facts| facts.width.min(facts.height) >= 720);
    let captioned = memory.captions.iter().any(|track| track.video == video.id);
    json!({
        "duration": length,
        "dimension": "2d",
        "definition": if high { "hd" } else { "sd" },
        "caption": if captioned { "true" } else { "false" },
        "licensedContent": false,
        "projection": "rectangular",
    })
}

fn processing(video: &Video, now: Timestamp) -> Value {
    match video.processing.progress(now) {
        Progress::Working {
            percent,
            seconds_left,
        } => json!({
            "processingStatus": "processing",
            "processingProgress": {
                "partsTotal": "100",
                "partsProcessed": percent.to_string(),
                "timeLeftMs": (seconds_left * 1_000).to_string(),
            },
            "fileDetailsAvailability": "inProgress",
            "thumbnailsAvailability": "inProgress",
        }),
        _ if video.status(now) == "processed" => json!({
            "processingStatus": "succeeded",
            "fileDetailsAvailability": "available",
            "thumbnailsAvailability": "available",
        }),
        _ => json!({ "processingStatus": "failed", "processingFailureReason": "transcodeFailed" }),
    }
}

fn file(video: &Video) -> Value {
    let mut file = json!({
        "fileName": video.file_name,
        "fileSize": video.blob.len().to_string(),
        "fileType": if video.failure().is_none() { "video" } else { "other" },
    });
    if let Some(facts) = video.facts {
        file["durationMs"] = json!(facts.millis.to_string());
        file["videoStreams"] =
            json!([{ "widthPixels": facts.width, "heightPixels": facts.height }]);
    }
    file
}
