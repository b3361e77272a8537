//! Instagram: the Instagram API with Facebook Login, v26.0.
//!
//! Written from developers.facebook.com, state of September 2026: *Content publishing*, *IG User
//! Media*, *IG Container*, *IG Media*, *IG Comment*, *Instagram Media Insights*, *Error codes*.
//! With Facebook Login, and not with Instagram Login, because only that one deletes posts and
//! takes videos by uploads that go on where they broke off; an account must be a professional
//! one and be linked to a Page.
//!
//! A post is put together first, which nobody sees, and published by one request that names the
//! container; the container itself tells afterwards whether it was published.

mod auth;
mod comments;
mod container;
mod error;
mod find;
mod formats;
mod insights;
mod publish;
#[cfg(test)]
mod tests;

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
const NAME: &str = "Instagram";

const GRAPH: Graph = Graph {
    platform: Platform::Instagram,
    name: NAME,
    errors: error::TABLE,
};

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: Platform::Instagram,
    name: NAME,
    brand: Brand {
        colour: "#c13584",
        glyph: "M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Zm7 4.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9Zm0 2a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5ZM16.500 6v2h2V6h-2Z",
    },
    api: ApiVersion {
        version: meta::VERSION,
        documentation: "https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login",
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
    quotas: vec![
        // The reference pages still say 50; `content_publishing_limit` tells what holds.
        Quota {
            counts: "posts",
            limit: 100,
            window_seconds: 86_400,
            per: QuotaScope::Account,
            takes: Some(Takes::POST),
        },
        Quota {
            counts: "containers",
            limit: 400,
            window_seconds: 86_400,
            per: QuotaScope::Account,
            takes: Some(Takes {
                file: 1,
                ..Takes::POST
            }),
        },
    ],
    features: Features {
        threads: false,
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
pub struct Instagram;

#[async_trait]
impl Connector for Instagram {
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
        match publish::media_id(done) {
            Some(id) => GRAPH.delete(net, account, &format!("/{id}")).await,
            None => Ok(()),
        }
    }

    fn insights(&self) -> Option<&dyn Insights> {
        Some(self)
    }

    fn comments(&self) -> Option<&dyn Comments> {
        Some(self)
    }
}
