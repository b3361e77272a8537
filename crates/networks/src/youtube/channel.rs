//! Channels: developers.google.com/youtube/data/reference/rest/v3/channels (state of November 2026).

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{
    api::{self, NAME},
    error,
    resource::{List, Statistics},
};
use crate::{
    Net, NetworkError,
    connector::{Profile, ProfileKind},
    error::ConnectError,
};

/// The channels that the consent is for. Google lets the person choose one of his.
pub(super) async fn list(net: &Net, token: &SecretString) -> Result<Vec<Channel>, NetworkError> {
    let failed = |error| NetworkError::transport(NAME, &error);
    let request = net
        .request(Method::GET, api::data(net, "/channels")?)
        .map_err(failed)?
        .bearer_auth(token.expose_secret())
        .query(&[
            ("part", "snippet,contentDetails,status,statistics"),
            ("mine", "true"),
            ("maxResults", "50"),
        ]);
    let answer = net.send(request).await.map_err(failed)?;
    if !answer.status.is_success() {
        return Err(error::parse_error(&answer, net.env.now()));
    }
    let list: List<Channel> = answer
        .json()
        .map_err(|cause| error::unreadable(&answer, &cause))?;
    Ok(list.items)
}

/// A channel, in the parts that AllIN asks for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Channel {
    pub(super) id: String,
    #[serde(default)]
    snippet: ChannelSnippet,
    #[serde(default)]
    content_details: ContentDetails,
    #[serde(default)]
    status: ChannelStatus,
    #[serde(default)]
    pub(super) statistics: Statistics,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ChannelSnippet {
    title: String,
    custom_url: String,
    thumbnails: Thumbnails,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Thumbnails {
    medium: Option<Thumbnail>,
    default: Option<Thumbnail>,
}

#[derive(Deserialize)]
struct Thumbnail {
    url: Option<Url>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ContentDetails {
    related_playlists: RelatedPlaylists,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RelatedPlaylists {
    uploads: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ChannelStatus {
    long_uploads_status: String,
}

impl Channel {
    /// What the channel is allowed, and where its uploads are listed.
    pub(super) fn limits(&self) -> Value {
        json!({
            "longUploads": self.status.long_uploads_status == "allowed",
            "uploads": self.content_details.related_playlists.uploads,
        })
    }

    pub(super) fn profile(self) -> Result<Profile, ConnectError> {
        let address = format!("https://www.youtube.com/channel/{}", self.id);
        let profile_url =
            Url::parse(&address).map_err(|error| error::bad_answer(error.to_string()))?;
        let handle = self.snippet.custom_url.trim_start_matches('@').to_owned();
        let thumbnails = self.snippet.thumbnails;
        Ok(Profile {
            kind: ProfileKind::Channel,
            username: if handle.is_empty() {
                self.id.clone()
            } else {
                handle
            },
            display_name: self.snippet.title,
            avatar_url: thumbnails
                .medium
                .or(thumbnails.default)
                .and_then(|thumbnail| thumbnail.url),
            platform_account_id: self.id,
            profile_url,
        })
    }
}
