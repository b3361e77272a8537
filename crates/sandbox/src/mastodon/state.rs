//! What the instance remembers.

use std::collections::{BTreeMap, HashMap};

use kernel::Timestamp;

use super::text;
use crate::kit::{
    self, Site,
    blobs::Blob,
    comments::{Comment, Comments},
    feed::{FeedMedia, FeedPost},
    people,
    processing::{Processing, Progress},
};

/// Everything there is, keyed by id. Ids grow, so the order of keys is the order of time.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) media: BTreeMap<String, Media>,
    pub(crate) statuses: BTreeMap<String, Status>,
    /// Which status a key made: keyed by account and `Idempotency-Key`.
    pub(crate) idempotency: HashMap<(String, String), (String, Timestamp)>,
}

/// An uploaded file.
#[derive(Clone, Debug)]
pub(crate) struct Media {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) blob: Blob,
    pub(crate) description: Option<String>,
    /// Whether it is a GIF that moves.
    pub(crate) moves: bool,
    /// The picture that was given to be shown before it.
    pub(crate) thumbnail: Option<Blob>,
    /// What must be seen when it is cropped: from -1 to 1, from left to right and from below.
    pub(crate) focus: Option<(f64, f64)>,
    pub(crate) processing: Processing,
    /// How often it still says that it is being processed.
    pub(crate) polls_left: u32,
    pub(crate) status: Option<String>,
}

/// A published status.
#[derive(Clone, Debug)]
pub(crate) struct Status {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) app_name: String,
    pub(crate) text: String,
    pub(crate) media: Vec<String>,
    pub(crate) in_reply_to: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) visibility: String,
    pub(crate) language: Option<String>,
    /// The content warning; empty: none.
    pub(crate) spoiler_text: String,
    pub(crate) sensitive: bool,
    pub(crate) poll: Option<Poll>,
    /// The status that this one quotes.
    pub(crate) quoted: Option<String>,
    /// Who may quote this one: `public`, `followers` or `nobody`.
    pub(crate) quote_policy: String,
}

/// A poll of a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Poll {
    pub(crate) options: Vec<String>,
    pub(crate) expires_at: Timestamp,
    pub(crate) multiple: bool,
    pub(crate) hide_totals: bool,
}

impl Status {
    /// Whether this account, or anybody at all, may see it. Nobody follows anybody here.
    pub(super) fn is_seen_by(&self, who: Option<&str>) -> bool {
        let is_open = matches!(self.visibility.as_str(), "public" | "unlisted");
        let is_for = |who: &str| who == self.account || self.text.contains(&format!("@{who}"));
        is_open || who.is_some_and(is_for)
    }
}

impl Media {
    /// docs.joinmastodon.org/entities/MediaAttachment#type
    pub(super) fn kind(&self) -> &str {
        if self.moves {
            return "gifv";
        }
        let kind = self.blob.mime_type().split('/').next();
        kind.unwrap_or("unknown")
    }

    pub(super) fn is_ready(&self, now: Timestamp) -> bool {
        self.polls_left == 0 && self.processing.progress(now) == Progress::Ready
    }
}

impl Memory {
    /// A status as the feed shows it, and as its numbers are made from.
    pub(super) fn feed_post(&self, status: &Status) -> FeedPost {
        let media = status
            .media
            .iter()
            .filter_map(|id| self.media.get(id))
            .map(|media| FeedMedia {
                alt: media.description.clone(),
                cover: media.thumbnail.clone(),
                ..media.blob.clone().into()
            });
        let poll = status.poll.as_ref();
        FeedPost {
            media: media.collect(),
            poll: poll.map_or_else(Vec::new, |poll| poll.options.clone()),
            in_reply_to: status.in_reply_to.clone(),
            quotes: status.quoted.clone(),
            warning: Some(status.spoiler_text.clone()).filter(|text| !text.is_empty()),
            details: vec![("Visibility", status.visibility.clone())],
            ..FeedPost::new(
                &status.id,
                &status.account,
                "post",
                status.created_at,
                &status.text,
            )
        }
    }

    /// What strangers answered to a status until now.
    pub(super) fn strangers(&self, status: &Status, now: Timestamp) -> Vec<Comment> {
        let exposure = self.feed_post(status).exposure("mastodon", 0);
        Comments::default().below(&status.id, &exposure, now)
    }

    /// A stranger's answer, and the status that it stands below.
    pub(super) fn stranger(&self, id: &str, now: Timestamp) -> Option<(&Status, Comment)> {
        // What is here is no stranger's; this spares a look below every status.
        if self.statuses.contains_key(id) {
            return None;
        }
        self.statuses.values().find_map(|status| {
            let mut answers = self.strangers(status, now).into_iter();
            answers.find(|one| one.id == id).map(|one| (status, one))
        })
    }

    /// Whether there is a status of this id that the account sees, be it a stranger's.
    pub(super) fn knows(&self, id: &str, who: &str, now: Timestamp) -> bool {
        match self.statuses.get(id) {
            Some(status) => status.is_seen_by(Some(who)),
            None => self.stranger(id, now).is_some(),
        }
    }
}

impl kit::Memory for Memory {
    fn posts(&self, _: &Site) -> Vec<FeedPost> {
        self.statuses
            .values()
            .map(|status| self.feed_post(status))
            .collect()
    }
}

/// The next id: as long as Mastodon's, so that nobody takes it for a small number. Ids grow, so
/// their order is that of time.
pub(super) fn next_id(site: &Site) -> String {
    (110_000_000_000_000_000 + site.next_number()).to_string()
}

/// The name that is shown for an account: any name will do here.
pub(super) fn display_name(name: &str) -> String {
    people::find(name).map_or_else(|| text::capitalised(name), |known| known.name.to_owned())
}

/// The number that an account goes by in the API.
pub(super) fn account_id(name: &str) -> String {
    // Any number will do that is the same for the same name.
    let number = name.bytes().fold(7u64, |sum, byte| {
        (sum * 131 + u64::from(byte)) % 1_000_000_007
    });
    (100_000_000_000 + number).to_string()
}

/// Where strangers' answers stand: on an instance of their own.
pub(super) fn stranger_url(answer: &Comment) -> String {
    format!(
        "https://elsewhere.example/@{}/{}",
        answer.author.username, answer.id
    )
}

/// Mastodon's form of a time: UTC with milliseconds.
pub(super) fn millis(time: Timestamp) -> String {
    format!("{:.3}", time.to_jiff())
}
