//! YouTube: a channel's videos and Shorts.
//!
//! Written from developers.google.com/youtube/data (YouTube Data API v3, discovery document of
//! 2026-11-04) and /youtube/analytics (v2), state of 21 November 2026. An access token lasts an
//! hour, a refresh token until it is withdrawn.

mod api;
mod auth;
mod channel;
mod comments;
mod error;
mod extras;
mod formats;
mod insights;
mod live;
mod publish;
mod resource;
#[cfg(test)]
mod tests;
mod upload;

use std::sync::LazyLock;

use async_trait::async_trait;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::{
    Net, Platform,
    connector::{
        Account, AppRegistration, Callback, Comments, ConnectRequest, ConnectStep, Connection,
        Connector, Credentials, DoneStep, Found, Insights, LivePost, Lookup, PublishRequest,
        Published, Standing, Step, StepAnswer, StepWork,
    },
    descriptor::{
        ApiVersion, AppSource, Brand, Choice, Connect, ConnectKind, Descriptor, Endpoints,
        Features, Format, Permission, Quota, QuotaScope, Takes,
    },
    error::{ConnectError, NetworkError},
    rules::{Draft, Finding},
};

const DAY: u32 = 24 * 60 * 60;

/// Units for a video: it is released, and looked after until it is processed (the upload has a
/// quota of its own).
const UNITS: Takes = Takes {
    options: &[
        ("thumbnail", 50),
        ("captions", 400),
        ("playlist", 50),
        ("firstComment", 50),
    ],
    ..Takes::units(60)
};

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: Platform::Youtube,
    name: api::NAME,
    brand: Brand {
        colour: "#ff0000",
        glyph: "M4 5c-1.1 0-2 .9-2 2v10c0 1.1.9 2 2 2h16c1.1 0 2-.9 2-2V7c0-1.1-.9-2-2-2H4zm6 3.6 6 3.4-6 3.4V8.6z",
    },
    api: ApiVersion {
        version: "v3",
        documentation: "https://developers.google.com/youtube/data",
        checked: "2026-11-21",
    },
    endpoints: Endpoints {
        api: "https://youtube.googleapis.com",
        auth: "https://accounts.google.com",
        upload: "https://www.googleapis.com",
        site: "https://www.youtube.com",
    },
    connect: Connect {
        kind: ConnectKind::Oauth,
        app: AppSource::Operator,
        console_url: Some("https://console.cloud.google.com/auth/clients"),
        fields: Vec::new(),
        permissions: vec![
            Permission {
                scope: auth::MANAGE,
                why: "to upload and delete videos, with captions, playlists and comments",
                required: true,
            },
            Permission {
                scope: auth::ANALYTICS,
                why: "to read how long videos are watched and how often they are shared",
                required: false,
            },
        ],
    },
    formats: formats::formats(&Value::Null),
    quotas: vec![
        Quota {
            counts: "videos uploaded",
            limit: 100,
            window_seconds: DAY,
            per: QuotaScope::App,
            takes: Some(Takes::POST),
        },
        Quota {
            counts: "units of all other requests (a change costs 50, captions 400)",
            limit: 10_000,
            window_seconds: DAY,
            per: QuotaScope::App,
            takes: Some(UNITS),
        },
    ],
    features: Features {
        delete: true,
        hashtags: true,
        insights: true,
        comments: true,
        ..Features::default()
    },
    errors: error::TABLE,
});

/// The connector.
#[derive(Clone, Copy, Debug)]
pub struct Youtube;

#[async_trait]
impl Connector for Youtube {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn formats(&self, limits: &Value) -> Vec<Format> {
        formats::formats(limits)
    }

    fn check(&self, _: &Format, draft: &Draft<'_>) -> Vec<Finding> {
        formats::check(draft)
    }

    fn server(&self, net: &Net, _: Option<&str>) -> Result<Url, ConnectError> {
        auth::server(net)
    }

    async fn check_app(&self, net: &Net, app: &AppRegistration) -> Result<(), ConnectError> {
        auth::check_app(net, app).await
    }

    async fn connect(
        &self,
        net: &Net,
        request: ConnectRequest,
    ) -> Result<ConnectStep, ConnectError> {
        auth::connect(net, request)
    }

    async fn finish_connect(
        &self,
        net: &Net,
        callback: Callback,
    ) -> Result<Vec<Connection>, ConnectError> {
        auth::finish(net, callback).await
    }

    async fn standing(&self, net: &Net, account: &Account) -> Result<Standing, NetworkError> {
        auth::standing(net, account).await
    }

    async fn refresh(&self, net: &Net, account: &Account) -> Result<Credentials, NetworkError> {
        auth::refresh(net, account).await
    }

    async fn revoke(&self, net: &Net, account: &Account) -> Result<(), NetworkError> {
        auth::revoke(net, account).await
    }

    async fn choices(
        &self,
        net: &Net,
        account: &Account,
        lookup: &Lookup,
    ) -> Result<Vec<Choice>, NetworkError> {
        match lookup.key.as_str() {
            "playlist" => playlists(net, account).await,
            _ => Ok(Vec::new()),
        }
    }

    fn next_step(&self, request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
        publish::next_step(request, done)
    }

    async fn run_step(&self, net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
        publish::run_step(net, work).await
    }

    async fn find_step(&self, net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
        publish::find_step(net, work).await
    }

    fn published(
        &self,
        net: &Net,
        _: &Account,
        request: &PublishRequest,
        done: &[DoneStep],
    ) -> Published {
        live::published(net, request, done)
    }

    async fn read_back(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Option<LivePost>, NetworkError> {
        live::read_back(net, account, done).await
    }

    async fn delete(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<(), NetworkError> {
        live::delete(net, account, done).await
    }

    fn insights(&self) -> Option<&dyn Insights> {
        Some(&insights::YoutubeInsights)
    }

    fn comments(&self) -> Option<&dyn Comments> {
        Some(&comments::YoutubeComments)
    }
}

/// The channel's playlists: playlists.list, up to 1,000 of them.
async fn playlists(net: &Net, account: &Account) -> Result<Vec<Choice>, NetworkError> {
    #[derive(Deserialize)]
    struct Playlist {
        id: String,
        snippet: Title,
    }
    #[derive(Deserialize)]
    struct Title {
        title: String,
    }
    const MOST_PAGES: usize = 20;
    let mut choices = Vec::new();
    let mut page = None;
    for _ in 0..MOST_PAGES {
        let token = page.take().map(|token: String| ("pageToken", token));
        let list: resource::List<Playlist> = api::read(
            net,
            account,
            Method::GET,
            api::data(net, "/playlists")?,
            |request| {
                request
                    .query(&[("part", "snippet"), ("mine", "true"), ("maxResults", "50")])
                    .query(token.as_slice())
            },
        )
        .await?;
        let items = list.items.into_iter();
        choices.extend(items.map(|item| Choice::new(item.id, item.snippet.title)));
        page = list.next_page_token;
        if page.is_none() {
            break;
        }
    }
    Ok(choices)
}
