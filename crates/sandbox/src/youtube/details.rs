//! What can be said of a video, and what of it is refused:
//! developers.google.com/youtube/data/reference/rest/v3/videos

use kernel::Timestamp;
use serde::Deserialize;

use super::{
    channels,
    refusal::{bad, forbidden},
};
use crate::kit::{Answer, Refusal};

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
#[expect(
    clippy::struct_excessive_bools,
    reason = "the network has as many switches"
)]
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
    #[serde(rename = "hasPaidProductPlacement")]
    is_paid: bool,
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
            self.paid_promotion = placement.is_paid;
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
