//! Facebook Pages: the Pages API and the Video API, v26.0.
//!
//! Written from developers.facebook.com, state of September 2026: *Pages API: posts*, *Page
//! Feed*, *Page Photos*, *Page Videos*, *Reels publishing*, *Facebook Stories API*, *Page
//! Insights*, *Comment*.
//!
//! A post is made unpublished first, and published by its id: to do that twice changes nothing,
//! so that no lost answer can double a post. Videos have an id before their first byte, and that
//! id tells later whether they were published.

mod auth;
mod comments;
mod error;
mod find;
mod formats;
mod insights;
mod publish;
#[cfg(test)]
mod tests;
mod video;

use std::sync::LazyLock;

use async_trait::async_trait;
use url::Url;

use crate::{
    Platform,
    connector::{
        Account, AppRegistration, Callback, Comments, ConnectRequest, ConnectStep, Connection,
        Connector, Credentials, DoneStep, Found, Insights, LivePost, PublishRequest, Published,
        Standing, Step, StepAnswer, StepWork,
    },
    descriptor::{
        ApiVersion, AppSource, Brand, Connect, ConnectKind, Descriptor, Endpoints, Features,
        Format, Quota, QuotaScope, Takes,
    },
    error::{ConnectError, NetworkError},
    http::Net,
    meta::{self, Graph},
    rules::{Draft, Finding},
};

/// What people know the network by.
const NAME: &str = "Facebook";

const GRAPH: Graph = Graph {
    platform: Platform::Facebook,
    name: NAME,
    errors: error::TABLE,
};

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: Platform::Facebook,
    name: NAME,
    brand: Brand {
        colour: "#0866d6",
        glyph: "M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2h-4v-7h2.500l.500-3h-3V9.500c0-1 .500-1.500 1.500-1.500H18V5h-2.500C13 5 12 6.500 12 9v2H9.500v3H12v7H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Z",
    },
    api: ApiVersion {
        version: meta::VERSION,
        documentation: "https://developers.facebook.com/docs/pages-api",
        checked: "2026-11-21",
    },
    endpoints: Endpoints {
        api: "https://graph.facebook.com",
        auth: "https://www.facebook.com",
        upload: "https://rupload.facebook.com",
        site: "",
    },
    connect: Connect {
        kind: ConnectKind::Oauth,
        app: AppSource::Operator,
        console_url: Some("https://developers.facebook.com/apps/"),
        fields: Vec::new(),
        permissions: auth::PERMISSIONS.to_vec(),
    },
    formats: formats::all(),
    quotas: vec![Quota {
        counts: "reels",
        limit: 30,
        window_seconds: 86_400,
        per: QuotaScope::Account,
        takes: Some(Takes {
            only_format: Some("reel"),
            ..Takes::POST
        }),
    }],
    features: Features {
        threads: false,
        alt_text: true,
        delete: true,
        mentions: false,
        hashtags: true,
        insights: true,
        comments: true,
    },
    errors: error::TABLE,
});

/// The connector.
#[derive(Clone, Copy, Debug)]
pub struct Facebook;

#[async_trait]
impl Connector for Facebook {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn check(&self, format: &Format, draft: &Draft<'_>) -> Vec<Finding> {
        formats::check(format, draft)
    }

    fn server(&self, net: &Net, _: Option<&str>) -> Result<Url, ConnectError> {
        GRAPH.server(net)
    }

    async fn check_app(&self, net: &Net, app: &AppRegistration) -> Result<(), ConnectError> {
        GRAPH.check_app(net, app).await
    }

    async fn connect(
        &self,
        net: &Net,
        request: ConnectRequest,
    ) -> Result<ConnectStep, ConnectError> {
        GRAPH.connect(net, request, auth::PERMISSIONS)
    }

    async fn finish_connect(
        &self,
        net: &Net,
        callback: Callback,
    ) -> Result<Vec<Connection>, ConnectError> {
        auth::finish(net, callback).await
    }

    async fn standing(&self, net: &Net, account: &Account) -> Result<Standing, NetworkError> {
        let profile = auth::profile(net, account).await?;
        Ok(account.standing(profile))
    }

    async fn refresh(&self, net: &Net, account: &Account) -> Result<Credentials, NetworkError> {
        GRAPH.refresh(net, account).await
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
        find::read_back(net, account, done).await
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

/// A page of facebook.com: the address of a post or a Page is its id (*Page Post URLs*), and
/// videos tell theirs without the host.
fn on_facebook(path: &str) -> Url {
    #[expect(
        clippy::expect_used,
        reason = "the base is an address, and takes any path"
    )]
    let base = Url::parse("https://www.facebook.com/").expect("it is an address");
    base.join(path).unwrap_or(base)
}
