//! The resource `video`: what can be said of one, what is refused, and how it is shown.
//! developers.google.com/youtube/data/reference/rest/v3/videos

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    channels,
    refusal::{bad, forbidden},
    request::etag,
    state::{Memory, Video, instant},
};
use crate::kit::{Answer, Here, Refusal, processing::Progress};
use kernel::Timestamp;

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

const MAX_TITLE: usize = 100;
const MAX_DESCRIPTION_BYTES: usize = 5_000;
const MAX_TAGS: usize = 500;

/// Who may see something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Privacy {
    /// The default since November 2026.
    #[default]
    Public,
    Unlisted,
    Private,
}

impl Privacy {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Private => "private",
        }
    }
}

/// What was said of a video.
#[derive(Clone, Debug, Default)]
pub(super) struct Details {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    pub(super) category: String,
    pub(super) language: Option<String>,
    pub(super) audio_language: Option<String>,
    pub(super) privacy: Privacy,
    pub(super) publish_at: Option<jiff::Timestamp>,
    pub(super) made_for_kids: bool,
    pub(super) synthetic: bool,
    pub(super) embeddable: bool,
    pub(super) statistics_shown: bool,
    pub(super) license: String,
    pub(super) paid_promotion: bool,
    pub(super) recording_date: Option<jiff::Timestamp>,
}

/// A video as clients write it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Body {
    pub(super) id: String,
    snippet: Option<Snippet>,
    status: Option<Status>,
    paid_product_placement_details: Option<Placement>,
    recording_details: Option<Recording>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Snippet {
    title: Option<String>,
    description: String,
    tags: Vec<String>,
    category_id: Option<String>,
    default_language: Option<String>,
    default_audio_language: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    privacy_status: Option<String>,
    publish_at: Option<String>,
    self_declared_made_for_kids: bool,
    contains_synthetic_media: bool,
    embeddable: Option<bool>,
    public_stats_viewable: Option<bool>,
    license: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Placement {
    has_paid_product_placement: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Recording {
    recording_date: Option<jiff::Timestamp>,
}

fn invalid(reason: &str, message: &str) -> Refusal {
    bad("video", reason, message)
}

/// Text that YouTube takes: everything but the marks of HTML.
fn has_marks(text: &str) -> bool {
    text.contains(['<', '>'])
}

/// Characters of all tags: a comma between each, quotes around those with spaces.
fn tags_length(tags: &[String]) -> usize {
    let each = |tag: &String| tag.chars().count() + if tag.contains(' ') { 2 } else { 0 };
    tags.iter().map(each).sum::<usize>() + tags.len().saturating_sub(1)
}

impl Details {
    /// A new video, of which nothing has been said.
    pub(super) fn new() -> Self {
        Self {
            title: "unknown".to_owned(),
            category: "22".to_owned(),
            embeddable: true,
            statistics_shown: true,
            license: "youtube".to_owned(),
            ..Self::default()
        }
    }

    /// Takes those parts of a body that the request names; each replaces what was there.
    pub(super) fn set(&mut self, body: Body, parts: &[&str], now: Timestamp) -> Answer<()> {
        let named = |part: &str| parts.contains(&part);
        if let Some(snippet) = body.snippet.filter(|_| named("snippet")) {
            self.set_snippet(snippet)?;
        }
        if let Some(status) = body.status.filter(|_| named("status")) {
            self.set_status(status, now)?;
        }
        if let Some(placement) = body
            .paid_product_placement_details
            .filter(|_| named("paidProductPlacementDetails"))
        {
            self.paid_promotion = placement.has_paid_product_placement;
        }
        if let Some(recording) = body.recording_details.filter(|_| named("recordingDetails")) {
            self.recording_date = recording.recording_date;
        }
        Ok(())
    }

    fn set_snippet(&mut self, snippet: Snippet) -> Answer<()> {
        let title = snippet.title.unwrap_or_default();
        let category = snippet.category_id.unwrap_or_else(|| "22".to_owned());
        if title.trim().is_empty() || title.chars().count() > MAX_TITLE || has_marks(&title) {
            return Err(invalid(
                "invalidTitle",
                "The request metadata specifies an invalid or empty video title.",
            ));
        }
        if snippet.description.len() > MAX_DESCRIPTION_BYTES || has_marks(&snippet.description) {
            return Err(invalid(
                "invalidDescription",
                "The request metadata specifies an invalid video description.",
            ));
        }
        if tags_length(&snippet.tags) > MAX_TAGS || snippet.tags.iter().any(|tag| has_marks(tag)) {
            return Err(invalid(
                "invalidTags",
                "The request metadata specifies invalid video keywords.",
            ));
        }
        if !channels::CATEGORIES.iter().any(|(id, _)| *id == category) {
            return Err(invalid(
                "invalidCategoryId",
                "The snippet.categoryId property specifies an invalid category ID.",
            ));
        }
        self.title = title;
        self.description = snippet.description;
        self.tags = snippet.tags;
        self.category = category;
        self.language = snippet.default_language;
        self.audio_language = snippet.default_audio_language;
        Ok(())
    }

    fn set_status(&mut self, status: Status, now: Timestamp) -> Answer<()> {
        let privacy = match status.privacy_status.as_deref() {
            None | Some("public") => Privacy::Public,
            Some("unlisted") => Privacy::Unlisted,
            Some("private") => Privacy::Private,
            Some(_) => {
                return Err(forbidden(
                    "video",
                    "forbiddenPrivacySetting",
                    "The request attempts to set an invalid privacy setting for the video.",
                ));
            }
        };
        let license = status.license.unwrap_or_else(|| "youtube".to_owned());
        if !["youtube", "creativeCommon"].contains(&license.as_str()) {
            return Err(forbidden(
                "video",
                "forbiddenLicenseSetting",
                "The request attempts to set an invalid license for the video.",
            ));
        }
        let publish_at = match status.publish_at.map(|at| at.parse::<jiff::Timestamp>()) {
            None => None,
            Some(Ok(at)) if privacy == Privacy::Private => Some(at),
            Some(_) => {
                return Err(invalid(
                    "invalidPublishAt",
                    "The request metadata specifies an invalid scheduled publishing time.",
                ));
            }
        };
        // A time in the past publishes at once.
        let due = publish_at.is_some_and(|at| at <= now.to_jiff());
        self.privacy = if due { Privacy::Public } else { privacy };
        self.publish_at = publish_at.filter(|_| !due);
        self.made_for_kids = status.self_declared_made_for_kids;
        self.synthetic = status.contains_synthetic_media;
        self.embeddable = status.embeddable.unwrap_or(true);
        self.statistics_shown = status.public_stats_viewable.unwrap_or(true);
        self.license = license;
        Ok(())
    }
}

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
