//! What the instance remembers, and how it shows it to a client.

use std::collections::{BTreeMap, HashMap};

use kernel::Timestamp;
use serde_json::{Value, json};

use super::text;
use crate::kit::{
    self, Here, Site,
    blobs::Blob,
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
}

impl Memory {
    pub(crate) fn account_entity(name: &str, here: &Here) -> Value {
        let bio = people::find(name).map_or("An account of the sandbox.", |known| known.bio);
        let avatar = format!("{}/avatars/{name}.svg", here.origin);
        json!({
            "id": account_id(name),
            "username": name,
            "acct": name,
            "display_name": display_name(name),
            "locked": false,
            "bot": false,
            "created_at": "2026-01-01T00:00:00.000Z",
            "note": format!("<p>{bio}</p>"),
            "url": format!("{}/@{name}", here.origin),
            "uri": format!("{}/users/{name}", here.origin),
            "avatar": avatar,
            "avatar_static": avatar,
            "emojis": [],
            "fields": [],
        })
    }

    pub(crate) fn media_entity(media: &Media, now: Timestamp, here: &Here) -> Value {
        let ready = media.is_ready(now);
        let url = format!("{}/media/{}/original", here.origin, media.id);
        json!({
            "id": media.id,
            "type": "image",
            "url": ready.then_some(&url),
            "preview_url": ready.then_some(&url),
            "remote_url": null,
            "meta": {},
            "description": media.description,
            "blurhash": null,
        })
    }

    pub(crate) fn status_entity(&self, status: &Status, here: &Here) -> Value {
        let attachments: Vec<_> = status
            .media
            .iter()
            .filter_map(|id| self.media.get(id))
            .map(|media| Self::media_entity(media, status.created_at, here))
            .collect();
        let parent = status
            .in_reply_to
            .as_ref()
            .and_then(|id| self.statuses.get(id));
        let replies = self
            .statuses
            .values()
            .filter(|other| other.in_reply_to.as_ref() == Some(&status.id))
            .count();
        json!({
            "id": status.id,
            "created_at": millis(status.created_at),
            "in_reply_to_id": status.in_reply_to,
            "in_reply_to_account_id": parent.map(|parent| account_id(&parent.account)),
            "sensitive": false,
            "spoiler_text": "",
            "visibility": status.visibility,
            "language": status.language,
            "uri": format!("{}/users/{}/statuses/{}", here.origin, status.account, status.id),
            "url": format!("{}/@{}/{}", here.origin, status.account, status.id),
            "replies_count": replies,
            "reblogs_count": 0,
            "favourites_count": 0,
            "edited_at": null,
            "content": text::html(&status.text, &here.origin),
            "reblog": null,
            "application": { "name": status.app_name, "website": null },
            "account": Self::account_entity(&status.account, here),
            "media_attachments": attachments,
            "mentions": [],
            "tags": text::hashtags(&status.text)
                .map(|tag| json!({ "name": tag, "url": format!("{}/tags/{tag}", here.origin) }))
                .collect::<Vec<_>>(),
            "emojis": [],
            "card": null,
            "poll": null,
        })
    }
}

impl Media {
    pub(super) fn is_ready(&self, now: Timestamp) -> bool {
        self.polls_left == 0 && self.processing.progress(now) == Progress::Ready
    }
}

impl kit::Memory for Memory {
    fn posts(&self, _: &Site) -> Vec<FeedPost> {
        let media = |status: &Status| {
            status
                .media
                .iter()
                .filter_map(|id| self.media.get(id))
                .map(|media| FeedMedia {
                    alt: media.description.clone(),
                    ..media.blob.clone().into()
                })
                .collect()
        };
        self.statuses
            .values()
            .map(|status| FeedPost {
                media: media(status),
                in_reply_to: status.in_reply_to.clone(),
                details: vec![("Visibility", status.visibility.clone())],
                ..FeedPost::new(
                    &status.id,
                    &status.account,
                    "post",
                    status.created_at,
                    &status.text,
                )
            })
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

/// Mastodon's form of a time: UTC with milliseconds.
fn millis(time: Timestamp) -> String {
    format!("{:.3}", time.to_jiff())
}
