//! Which server a person means, and what it says of itself:
//! docs.joinmastodon.org/methods/instance and /entities/Instance (v2 since 4.0, v1 before).

use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::{URL_LENGTH, error};
use crate::{
    Platform,
    connector::server_name,
    descriptor::{Counting, Format, ImageRules, MediaRules, TextRules},
    error::{ConnectError, ConnectReason},
    http::{Answer, Net},
};

/// The instance that a person means by `mastodon.social`, `@me@mastodon.social` or
/// `https://mastodon.social/@me`, as an origin.
pub(super) fn origin(net: &Net, named: Option<&str>) -> Result<Url, ConnectError> {
    let named = named.map(str::trim).filter(|named| !named.is_empty());
    let Some(named) = named else {
        return net
            .default_server(Platform::Mastodon)
            .cloned()
            .ok_or_else(|| {
                unclear("Please say on which server your account is, such as mastodon.social.")
            });
    };
    net.origin(named).ok_or_else(|| {
        unclear("That is not the address of a server. It should look like mastodon.social.")
    })
}

fn unclear(message: &str) -> ConnectError {
    ConnectError::new(ConnectReason::NotAServer, message, "no readable address")
}

/// What every version of Mastodon since 3.5 takes, and what older ones take.
const TYPES: &[&str] = &["image/jpeg", "image/png", "image/gif", "image/webp"];
const OLD_TYPES: &[&str] = &["image/jpeg", "image/png", "image/gif"];

/// What an instance allows. The default is what most do (`/api/v2/instance` of mastodon.social).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Limits {
    pub(super) max_characters: usize,
    pub(super) url_length: usize,
    max_files: usize,
    image_max_bytes: u64,
    takes_webp: bool,
    max_alt_characters: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_characters: 500,
            url_length: URL_LENGTH,
            max_files: 4,
            image_max_bytes: 16 * 1024 * 1024,
            takes_webp: true,
            max_alt_characters: 1_500,
        }
    }
}

impl Limits {
    /// Those that were kept with an account; the usual ones where they can't be read.
    pub(super) fn of(kept: &Value) -> Self {
        Self::deserialize(kept).unwrap_or_default()
    }

    pub(super) fn images(&self) -> ImageRules {
        ImageRules {
            types: if self.takes_webp { TYPES } else { OLD_TYPES },
            max_bytes: self.image_max_bytes,
            // Mastodon itself makes larger images as small as 3840 × 2160 pixels.
            max_side: 3_840,
            min_side: 1,
            aspect: None,
        }
    }

    pub(super) fn formats(&self) -> Vec<Format> {
        vec![Format {
            id: "post",
            name: "post",
            text: TextRules {
                url_length: Some(self.url_length),
                ..TextRules::up_to(self.max_characters, Counting::Mastodon)
            },
            media: MediaRules {
                max: self.max_files,
                images: Some(self.images()),
                max_alt_characters: Some(self.max_alt_characters),
                ..MediaRules::default()
            },
            max_parts: 25,
            options: Vec::new(),
        }]
    }
}

/// An instance.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    /// Where it is reached, after redirects.
    pub(super) origin: Url,
    /// The part of its accounts' names after `@`.
    pub(super) domain: String,
    /// What it allows.
    pub(super) limits: Limits,
}

/// Asks the instance. Old ones are asked in the old way.
pub(super) async fn read(net: &Net, origin: &Url) -> Result<Instance, ConnectError> {
    let server = server_name(origin);
    let mut last = ask(net, origin, &server, "api/v2/instance").await?;
    if last.status == StatusCode::NOT_FOUND {
        last = ask(net, origin, &server, "api/v1/instance").await?;
    }
    if last.status.is_server_error() || last.status == StatusCode::TOO_MANY_REQUESTS {
        return Err(error::parse_connect_error(&server, &last));
    }
    let said: Said = last.json().ok().filter(|_| last.status.is_success()).ok_or_else(|| {
        ConnectError::new(
            ConnectReason::NotAServer,
            format!("{server} is not a Mastodon server. Please check the address; it is the part after the second @ of your handle."),
            format!("HTTP {} at {}", last.status.as_u16(), last.url.path()),
        )
    })?;
    let mut at = last.url.clone();
    at.set_path("/");
    at.set_query(None);
    at.set_fragment(None);
    Ok(Instance {
        domain: said.domain(),
        limits: said.limits(),
        origin: at,
    })
}

async fn ask(net: &Net, origin: &Url, server: &str, path: &str) -> Result<Answer, ConnectError> {
    let url = origin
        .join(path)
        .map_err(|error| error::bad_answer(server, error.to_string()))?;
    net.discover(url)
        .await
        .map_err(|error| ConnectError::transport(server, &error))
}

/// What both versions of the answer have in common, as far as it is needed here.
#[derive(Deserialize)]
struct Said {
    /// v2 calls it `domain`, v1 `uri`; some servers put an address into `uri`.
    #[serde(alias = "uri")]
    domain: String,
    /// Every instance has one, other web sites' JSON hardly has both.
    #[expect(
        dead_code,
        reason = "its presence tells an instance from other servers"
    )]
    version: String,
    #[serde(default)]
    configuration: Configuration,
    /// Where software that only speaks Mastodon's API keeps its limit.
    max_toot_chars: Option<usize>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Configuration {
    statuses: Statuses,
    media_attachments: Attachments,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Statuses {
    max_characters: Option<usize>,
    max_media_attachments: Option<usize>,
    characters_reserved_per_url: Option<usize>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Attachments {
    description_limit: Option<usize>,
    image_size_limit: Option<u64>,
    supported_mime_types: Option<Vec<String>>,
}

impl Said {
    fn domain(&self) -> String {
        let domain = self
            .domain
            .split_once("://")
            .map_or(self.domain.as_str(), |(_, rest)| rest);
        domain.trim_end_matches('/').to_owned()
    }

    fn limits(&self) -> Limits {
        let usual = Limits::default();
        let Configuration {
            statuses,
            media_attachments: media,
        } = &self.configuration;
        let takes = |types: &Vec<String>| types.iter().any(|kind| kind == "image/webp");
        Limits {
            max_characters: statuses
                .max_characters
                .or(self.max_toot_chars)
                .unwrap_or(usual.max_characters),
            url_length: statuses
                .characters_reserved_per_url
                .unwrap_or(usual.url_length),
            max_files: statuses.max_media_attachments.unwrap_or(usual.max_files),
            image_max_bytes: media.image_size_limit.unwrap_or(usual.image_max_bytes),
            max_alt_characters: media.description_limit.unwrap_or(usual.max_alt_characters),
            takes_webp: media.supported_mime_types.as_ref().is_none_or(takes),
        }
    }
}
