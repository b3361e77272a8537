//! What the instance remembers, and how it shows it to a client.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use kernel::Timestamp;
use serde_json::{Value, json};

use crate::{Config, faults::Fault, params::Origin, text};

/// One running instance.
#[derive(Debug)]
pub struct Sandbox {
    pub(crate) config: Config,
    state: Mutex<Memory>,
}

impl Sandbox {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            config,
            state: Mutex::new(Memory::default()),
        }
    }

    /// The memory. Nobody waits while holding it.
    pub(crate) fn state(&self) -> MutexGuard<'_, Memory> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A value nobody guesses: 256 bits.
    pub(crate) fn secret(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.config.env.bytes::<32>())
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.config.env.now()
    }
}

/// Everything there is, keyed by id. Ids grow, so the order of keys is the order of time.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    last_id: u64,
    pub(crate) apps: HashMap<String, App>,
    pub(crate) grants: HashMap<String, Grant>,
    pub(crate) tokens: HashMap<String, Token>,
    pub(crate) media: BTreeMap<String, Media>,
    pub(crate) statuses: BTreeMap<String, Status>,
    /// Which status a key made: keyed by account and `Idempotency-Key`.
    pub(crate) idempotency: HashMap<(String, String), (String, Timestamp)>,
    pub(crate) faults: VecDeque<Fault>,
}

/// A registered client.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) secret: String,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) scopes: BTreeSet<String>,
}

/// An authorisation code that waits to be redeemed, once.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) account: String,
    pub(crate) issued_at: Timestamp,
}

/// An access token of an account. Names of accounts are their ids' stand-in.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) account: String,
    pub(crate) client_id: String,
    pub(crate) app_name: String,
    pub(crate) scopes: BTreeSet<String>,
}

/// An uploaded file.
#[derive(Clone, Debug)]
pub(crate) struct Media {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) mime_type: String,
    pub(crate) bytes: Bytes,
    pub(crate) description: Option<String>,
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
    /// The next id: as long as Mastodon's, so that nobody takes it for a small number.
    pub(crate) fn next_id(&mut self) -> String {
        self.last_id += 1;
        (110_000_000_000_000_000 + self.last_id).to_string()
    }

    pub(crate) fn account_entity(name: &str, origin: &Origin) -> Value {
        let avatar = format!("{}/avatars/{name}.svg", origin.0);
        json!({
            "id": account_id(name),
            "username": name,
            "acct": name,
            "display_name": text::capitalised(name),
            "locked": false,
            "bot": false,
            "created_at": "2026-01-01T00:00:00.000Z",
            "note": "<p>An account of the sandbox.</p>",
            "url": format!("{}/@{name}", origin.0),
            "uri": format!("{}/users/{name}", origin.0),
            "avatar": avatar,
            "avatar_static": avatar,
            "emojis": [],
            "fields": [],
        })
    }

    pub(crate) fn media_entity(media: &Media, origin: &Origin) -> Value {
        let url = format!("{}/media/{}/original", origin.0, media.id);
        json!({
            "id": media.id,
            "type": "image",
            "url": (media.polls_left == 0).then_some(&url),
            "preview_url": (media.polls_left == 0).then_some(&url),
            "remote_url": null,
            "meta": {},
            "description": media.description,
            "blurhash": null,
        })
    }

    pub(crate) fn status_entity(&self, status: &Status, origin: &Origin) -> Value {
        let attachments: Vec<_> = status
            .media
            .iter()
            .filter_map(|id| self.media.get(id))
            .map(|media| Self::media_entity(media, origin))
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
            "uri": format!("{}/users/{}/statuses/{}", origin.0, status.account, status.id),
            "url": format!("{}/@{}/{}", origin.0, status.account, status.id),
            "replies_count": replies,
            "reblogs_count": 0,
            "favourites_count": 0,
            "edited_at": null,
            "content": text::html(&status.text, &origin.0),
            "reblog": null,
            "application": { "name": status.app_name, "website": null },
            "account": Self::account_entity(&status.account, origin),
            "media_attachments": attachments,
            "mentions": [],
            "tags": text::hashtags(&status.text)
                .map(|tag| json!({ "name": tag, "url": format!("{}/tags/{tag}", origin.0) }))
                .collect::<Vec<_>>(),
            "emojis": [],
            "card": null,
            "poll": null,
        })
    }
}

/// The number that an account goes by in the API.
pub(crate) fn account_id(name: &str) -> String {
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
