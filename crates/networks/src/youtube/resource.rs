//! The resources that go to and fro: developers.google.com/youtube/data/reference/rest/v3, as in
//! the discovery document of revision 20261104.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::connector::PublishRequest;

/// A list's answer: `videos.list` and its like.
#[derive(Deserialize)]
pub(super) struct List<T> {
    #[serde(default = "Vec::new")]
    pub(super) items: Vec<T>,
    #[serde(rename = "nextPageToken")]
    pub(super) next_page_token: Option<String>,
}

/// A video, in the parts that AllIN asks for.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Video {
    pub(super) id: String,
    pub(super) snippet: Snippet,
    pub(super) status: Status,
    pub(super) statistics: Statistics,
    pub(super) processing_details: ProcessingDetails,
    pub(super) file_details: FileDetails,
}

/// `snippet`.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Snippet {
    pub(super) description: String,
    pub(super) published_at: Option<jiff::Timestamp>,
}

/// `status`.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Status {
    pub(super) upload_status: String,
    pub(super) failure_reason: String,
    pub(super) rejection_reason: String,
    pub(super) privacy_status: String,
    pub(super) publish_at: Option<jiff::Timestamp>,
}

/// `statistics`. Numbers come as strings, and a hidden one is missing.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Statistics {
    pub(super) view_count: Option<String>,
    pub(super) like_count: Option<String>,
    pub(super) comment_count: Option<String>,
    pub(super) subscriber_count: Option<String>,
    pub(super) video_count: Option<String>,
}

/// `processingDetails`.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ProcessingDetails {
    pub(super) processing_status: String,
}

/// `fileDetails`.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct FileDetails {
    pub(super) file_name: String,
}

/// Who may see a video.
pub(super) const PUBLIC: &str = "public";
pub(super) const PRIVATE: &str = "private";

/// Who may see the video in the end.
pub(super) fn privacy(request: &PublishRequest) -> &str {
    request.text_option("privacy").unwrap_or(PUBLIC)
}

/// The instant at which YouTube itself makes the video public.
pub(super) fn publish_at(request: &PublishRequest) -> Option<jiff::Timestamp> {
    request.text_option("publishAt")?.parse().ok()
}

/// The body of `videos.insert`. The video stays private until everything about it is in place.
pub(super) fn new_video(request: &PublishRequest) -> Value {
    let mut video = json!({
        "snippet": snippet(request),
        "status": status(request, PRIVATE),
    });
    if request.switch_option("paidPromotion") == Some(true) {
        video["paidProductPlacementDetails"] = json!({ "hasPaidProductPlacement": true });
    }
    video
}

/// The parts that [`new_video`] sets, for `part`.
pub(super) fn parts(request: &PublishRequest) -> &'static str {
    if request.switch_option("paidPromotion") == Some(true) {
        "snippet,status,paidProductPlacementDetails"
    } else {
        "snippet,status"
    }
}

fn snippet(request: &PublishRequest) -> Value {
    let mut snippet = Map::new();
    let mut set = |key: &str, value: Value| snippet.insert(key.to_owned(), value);
    set("title", json!(request.text_option("title")));
    let text = request.parts.first().map_or("", |part| part.text.trim());
    set("description", json!(text));
    set(
        "categoryId",
        json!(request.text_option("category").unwrap_or(DEFAULT_CATEGORY)),
    );
    let tags = request.list_option("tags");
    if !tags.is_empty() {
        set("tags", json!(tags));
    }
    if let Some(language) = request.text_option("language") {
        set("defaultLanguage", json!(language));
        set("defaultAudioLanguage", json!(language));
    }
    Value::Object(snippet)
}

/// "People & Blogs", which YouTube's own form proposes.
pub(super) const DEFAULT_CATEGORY: &str = "22";

/// `status`, whole: an update replaces all of it.
pub(super) fn status(request: &PublishRequest, privacy: &str) -> Value {
    json!({
        "privacyStatus": privacy,
        "selfDeclaredMadeForKids": request.switch_option("madeForKids").unwrap_or(false),
        "containsSyntheticMedia": request.switch_option("syntheticMedia").unwrap_or(false),
        "embeddable": request.switch_option("embeddable").unwrap_or(true),
        "publicStatsViewable": request.switch_option("publicStatistics").unwrap_or(true),
        "license": request.text_option("license").unwrap_or("youtube"),
    })
}
