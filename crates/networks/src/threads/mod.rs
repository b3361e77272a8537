//! Threads, API v1.0.
//!
//! Written from developers.facebook.com/documentation/threads, state of November 2026. A post is
//! put together in a container that nobody sees, which Threads fills by fetching the files, and is
//! then published with one request. A thread is a chain of replies to oneself.

mod api;
mod auth;
mod comments;
mod containers;
mod error;
mod find;
mod formats;
mod insights;
mod publish;
#[cfg(test)]
mod tests;
mod text;

use std::sync::LazyLock;

use async_trait::async_trait;
use url::Url;

use crate::{
    Platform,
    connector::{
        Account, AppRegistration, Callback, Comments, ConnectRequest, ConnectStep, Connection,
        Connector, Credentials, DoneStep, Found, Insights, LivePost, Lookup, PublishRequest,
        Published, Standing, Step, StepAnswer, StepWork,
    },
    descriptor::{
        ApiVersion, AppSource, Brand, Choice, Connect, ConnectKind, Descriptor, Endpoints,
        Features, Format, Quota, QuotaScope, Takes, TextRules,
    },
    error::{ConnectError, NetworkError},
    http::{Endpoint, Net},
    rules::{Draft, Finding},
};

/// What people know the network by.
const NAME: &str = "Threads";
/// posts, "Limitations".
const MAX_CHARACTERS: usize = 500;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: Platform::Threads,
    name: NAME,
    brand: Brand {
        colour: "#101010",
        glyph: "M4 7c4-5 12-5 16 0l-2 1.500c-3-4-9-4-12 0Zm0 5c4-5 12-5 16 0l-2 1.500c-3-4-9-4-12 0Zm0 5c4-5 12-5 16 0l-2 1.500c-3-4-9-4-12 0Z",
    },
    api: ApiVersion {
        version: "v1.0",
        documentation: "https://developers.facebook.com/documentation/threads",
        checked: "2026-11-21",
    },
    endpoints: Endpoints {
        api: "https://graph.threads.net",
        auth: "https://threads.com",
        upload: "",
        site: "",
    },
    connect: Connect {
        kind: ConnectKind::Oauth,
        app: AppSource::Operator,
        console_url: Some("https://developers.facebook.com/apps/"),
        fields: Vec::new(),
        permissions: auth::PERMISSIONS.to_vec(),
    },
    formats: formats::formats(),
    quotas: vec![
        Quota {
            counts: "posts",
            limit: 250,
            window_seconds: 86_400,
            per: QuotaScope::Account,
            takes: Some(Takes::POST),
        },
        Quota {
            counts: "replies, the further parts of threads among them",
            limit: 1_000,
            window_seconds: 86_400,
            per: QuotaScope::Account,
            takes: Some(Takes {
                further_part: 1,
                ..Takes::units(0)
            }),
        },
        Quota {
            counts: "deletions",
            limit: 100,
            window_seconds: 86_400,
            per: QuotaScope::Account,
            takes: None,
        },
    ],
    features: Features {
        threads: true,
        alt_text: true,
        delete: true,
        mentions: true,
        hashtags: true,
        insights: true,
        comments: true,
    },
    errors: error::TABLE,
});

/// The connector.
#[derive(Clone, Copy, Debug)]
pub struct Threads;

#[async_trait]
impl Connector for Threads {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn count(&self, text: &str, _: &TextRules) -> usize {
        text::count(text)
    }

    fn check(&self, _: &Format, draft: &Draft<'_>) -> Vec<Finding> {
        text::check(draft)
    }

    fn server(&self, net: &Net, _: Option<&str>) -> Result<Url, ConnectError> {
        auth::endpoint(net, Endpoint::Api, "/")
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
        auth::finish(net, callback)
            .await
            .map(|connection| vec![connection])
    }

    async fn standing(&self, net: &Net, account: &Account) -> Result<Standing, NetworkError> {
        let profile = auth::profile(net, account).await?;
        Ok(account.standing(profile))
    }

    async fn refresh(&self, net: &Net, account: &Account) -> Result<Credentials, NetworkError> {
        auth::refresh(net, account).await
    }

    async fn choices(
        &self,
        net: &Net,
        account: &Account,
        lookup: &Lookup,
    ) -> Result<Vec<Choice>, NetworkError> {
        find::choices(net, account, lookup).await
    }

    fn next_step(&self, request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
        publish::next_step(request, done)
    }

    async fn run_step(&self, net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
        publish::run_step(net, work).await
    }

    async fn find_step(&self, net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
        find::find_step(net, work).await
    }

    fn published(&self, _: &Net, _: &Account, _: &PublishRequest, done: &[DoneStep]) -> Published {
        publish::published(done)
    }

    async fn read_back(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Option<LivePost>, NetworkError> {
        publish::read_back(net, account, done).await
    }

    async fn delete(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<(), NetworkError> {
        publish::delete(net, account, done).await
    }

    fn insights(&self) -> Option<&dyn Insights> {
        Some(self)
    }

    fn comments(&self) -> Option<&dyn Comments> {
        Some(self)
    }
}
