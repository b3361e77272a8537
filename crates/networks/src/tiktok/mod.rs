//! TikTok: videos and photos of an account.
//!
//! Written from developers.tiktok.com (Login Kit, Content Posting API, Display API; version 2),
//! state of 21 November 2026. Until TikTok has audited the app, it publishes for private accounts
//! and their owners alone. TikTok gives programs no way to delete a post or to read comments.

mod api;
mod auth;
mod creator;
mod error;
mod formats;
mod insights;
mod live;
mod publish;
#[cfg(test)]
mod tests;
mod upload;
mod video;

use std::sync::LazyLock;

use async_trait::async_trait;
use serde_json::Value;
use url::Url;

use crate::{
    ErrorKind, Net, Platform,
    connector::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Connector,
        Credentials, DoneStep, Found, Insights, LivePost, Lookup, PublishRequest, Published,
        Standing, Step, StepAnswer, StepWork,
    },
    descriptor::{
        ApiVersion, AppSource, Brand, Choice, Connect, ConnectKind, Descriptor, Endpoints,
        Features, Format, Permission, Quota, QuotaScope, Takes,
    },
    error::{ConnectError, NetworkError},
    rules::{Draft, Finding},
};

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: Platform::Tiktok,
    name: api::NAME,
    brand: Brand {
        colour: "#010101",
        glyph: "M13 2.5v11.7a2.6 2.6 0 1 1-2.6-2.6c.3 0 .5 0 .8.1V8.1a6.1 6.1 0 1 0 5.3 6.1V8.3A7.4 7.4 0 0 0 20.5 9.5V6.1a4.1 4.1 0 0 1-4-3.6H13z",
    },
    api: ApiVersion {
        version: "v2",
        documentation: "https://developers.tiktok.com/doc/content-posting-api-get-started",
        checked: "2026-11-21",
    },
    endpoints: Endpoints {
        api: "https://open.tiktokapis.com",
        auth: "https://www.tiktok.com",
        // TikTok says with each upload where it goes.
        upload: "https://open-upload.tiktokapis.com",
        site: "",
    },
    connect: Connect {
        kind: ConnectKind::Oauth,
        app: AppSource::Operator,
        console_url: Some("https://developers.tiktok.com/apps"),
        fields: Vec::new(),
        permissions: vec![
            Permission {
                scope: auth::BASIC,
                why: "to show the account's name and picture",
                required: true,
            },
            Permission {
                scope: auth::PUBLISH,
                why: "to publish videos and photos",
                required: true,
            },
            Permission {
                scope: auth::LIST,
                why: "to read how often posts are seen, and to find them again",
                required: false,
            },
            Permission {
                scope: auth::STATS,
                why: "to read the number of followers",
                required: false,
            },
        ],
    },
    formats: formats::formats(&Value::Null),
    quotas: vec![
        Quota {
            counts: "posts begun",
            limit: 6,
            window_seconds: 60,
            per: QuotaScope::Account,
            takes: Some(Takes::POST),
        },
        Quota {
            counts: "posts, through all apps together (about)",
            limit: 15,
            window_seconds: 24 * 60 * 60,
            per: QuotaScope::Account,
            takes: Some(Takes::POST),
        },
        Quota {
            counts: "accounts that publish, until TikTok has audited the app",
            limit: 5,
            window_seconds: 24 * 60 * 60,
            per: QuotaScope::App,
            takes: None,
        },
    ],
    features: Features {
        mentions: true,
        hashtags: true,
        insights: true,
        ..Features::default()
    },
    errors: error::TABLE,
});

/// The connector.
#[derive(Clone, Copy, Debug)]
pub struct Tiktok;

#[async_trait]
impl Connector for Tiktok {
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
        Ok(vec![auth::finish(net, callback).await?])
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
        if lookup.key != "privacy" {
            return Ok(Vec::new());
        }
        let secret = auth::secret(account)?;
        let creator = creator::query(net, &secret.access_token).await?;
        Ok(creator.privacy_choices())
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
        account: &Account,
        request: &PublishRequest,
        done: &[DoneStep],
    ) -> Published {
        live::published(net, account, request, done)
    }

    async fn read_back(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Option<LivePost>, NetworkError> {
        live::read_back(net, account, done).await
    }

    async fn delete(&self, _: &Net, _: &Account, _: &[DoneStep]) -> Result<(), NetworkError> {
        Err(NetworkError::not_sent(
            ErrorKind::Refused,
            "TikTok lets no program delete posts. Please delete it in the TikTok app.",
            "the API has no method for it",
        ))
    }

    fn insights(&self) -> Option<&dyn Insights> {
        Some(&insights::TiktokInsights)
    }
}
