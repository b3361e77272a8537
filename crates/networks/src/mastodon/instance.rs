//! Which server a person means, and what it says of itself:
//! docs.joinmastodon.org/methods/instance and /entities/Instance (v2 since 4.0, v1 before), state
//! of July 2026.

use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::{error, text::URL_LENGTH};
use crate::{
    Platform,
    connector::server_name,
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

/// The first API version with quotes: Mastodon 4.5 (/client/quotes).
const QUOTES: u32 = 7;

/// What an instance allows. The default is what most do (`/api/v2/instance` of mastodon.social).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a list of independent yes-or-no facts"
)]
pub(super) struct Limits {
    pub(super) max_characters: usize,
    pub(super) url_length: usize,
    pub(super) max_files: usize,
    pub(super) max_alt_characters: usize,
    pub(super) image_max_bytes: u64,
    pub(super) image_max_pixels: u32,
    pub(super) takes_webp: bool,
    pub(super) takes_videos: bool,
    pub(super) takes_sounds: bool,
    pub(super) video_max_bytes: u64,
    pub(super) video_max_pixels: u32,
    pub(super) video_max_frame_rate: u32,
    pub(super) poll_max_choices: usize,
    pub(super) poll_max_characters: usize,
    pub(super) poll_min_minutes: u32,
    pub(super) poll_max_minutes: u32,
    pub(super) takes_quotes: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_characters: 500,
            url_length: URL_LENGTH,
            max_files: 4,
            max_alt_characters: 1_500,
            image_max_bytes: 16_777_216,
            image_max_pixels: 33_177_600,
            takes_webp: true,
            takes_videos: true,
            takes_sounds: true,
            video_max_bytes: 103_809_024,
            video_max_pixels: 8_294_400,
            video_max_frame_rate: 120,
            poll_max_choices: 4,
            poll_max_characters: 50,
            poll_min_minutes: 5,
            poll_max_minutes: 2_629_746 / 60,
            takes_quotes: true,
        }
    }
}

impl Limits {
    /// Those that were kept with an account; the usual ones where they can't be read.
    pub(super) fn of(kept: &Value) -> Self {
        Self::deserialize(kept).unwrap_or_default()
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
    /// Since 4.3.
    #[serde(default)]
    api_versions: ApiVersions,
    /// Where software that only speaks Mastodon's API keeps its limit.
    max_toot_chars: Option<usize>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ApiVersions {
    mastodon: u32,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Configuration {
    statuses: Statuses,
    media_attachments: Attachments,
    polls: Polls,
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
    image_matrix_limit: Option<u64>,
    video_size_limit: Option<u64>,
    video_matrix_limit: Option<u64>,
    video_frame_rate_limit: Option<u32>,
    supported_mime_types: Option<Vec<String>>,
}

/// Durations are in seconds.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Polls {
    max_options: Option<usize>,
    max_characters_per_option: Option<usize>,
    min_expiration: Option<u32>,
    max_expiration: Option<u32>,
}

impl Attachments {
    /// Whether it takes a file of this type. Those who don't say take what most do.
    fn takes(&self, kind: &str) -> bool {
        self.supported_mime_types
            .as_ref()
            .is_none_or(|types| types.iter().any(|known| known == kind))
    }
}

/// Some servers name numbers that stand for no limit at all.
fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
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
            polls,
        } = &self.configuration;
        Limits {
            max_characters: statuses
                .max_characters
                .or(self.max_toot_chars)
                .unwrap_or(usual.max_characters),
            url_length: statuses
                .characters_reserved_per_url
                .unwrap_or(usual.url_length),
            max_files: statuses.max_media_attachments.unwrap_or(usual.max_files),
            max_alt_characters: media.description_limit.unwrap_or(usual.max_alt_characters),
            image_max_bytes: media.image_size_limit.unwrap_or(usual.image_max_bytes),
            image_max_pixels: media
                .image_matrix_limit
                .map_or(usual.image_max_pixels, narrow),
            takes_webp: media.takes("image/webp"),
            takes_videos: media.takes("video/mp4"),
            takes_sounds: media.takes("audio/mpeg"),
            video_max_bytes: media.video_size_limit.unwrap_or(usual.video_max_bytes),
            video_max_pixels: media
                .video_matrix_limit
                .map_or(usual.video_max_pixels, narrow),
            video_max_frame_rate: media
                .video_frame_rate_limit
                .unwrap_or(usual.video_max_frame_rate),
            poll_max_choices: polls.max_options.unwrap_or(usual.poll_max_choices),
            poll_max_characters: polls
                .max_characters_per_option
                .unwrap_or(usual.poll_max_characters),
            poll_min_minutes: polls
                .min_expiration
                .map_or(usual.poll_min_minutes, |seconds| seconds.div_ceil(60)),
            poll_max_minutes: polls
                .max_expiration
                .map_or(usual.poll_max_minutes, |seconds| seconds / 60),
            takes_quotes: self.api_versions.mastodon >= QUOTES,
        }
    }
}
