//! Pinterest, API v5.
//!
//! Written from Pinterest's OpenAPI 5.23.0 and the guides at developers.pinterest.com/docs, state
//! of November 2026. A Pin is public with the one request that creates it; videos are uploaded
//! and processed before. There is no way to read or write comments.

mod api;
mod auth;
mod boards;
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
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Connector,
        Credentials, DoneStep, Found, Insights, LivePost, Lookup, PublishRequest, Published,
        Standing, Step, StepAnswer, StepWork,
    },
    descriptor::{
        ApiVersion, AppSource, Brand, Choice, Connect, ConnectKind, Descriptor, Endpoints,
        Features, Format, Quota, QuotaScope, Takes,
    },
    error::{ConnectError, NetworkError},
    http::Net,
    rules::{Draft, Finding},
};

/// What people know the network by.
const NAME: &str = "Pinterest";

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: Platform::Pinterest,
    name: NAME,
    brand: Brand {
        colour: "#bd081c",
        glyph: "M9 3h6v2l-1 1v4.500l3 3V15h-4v5l-1 2-1-2v-5H7v-1.500l3-3V6L9 5V3Z",
    },
    api: ApiVersion {
        version: "v5 (5.23.0)",
        documentation: "https://developers.pinterest.com/docs/api/v5/",
        checked: "2026-11-21",
    },
    endpoints: Endpoints {
        api: "https://api.pinterest.com",
        auth: "https://www.pinterest.com",
        upload: "",
        site: "",
    },
    connect: Connect {
        kind: ConnectKind::Oauth,
        app: AppSource::Operator,
        console_url: Some("https://developers.pinterest.com/apps/"),
        fields: Vec::new(),
        permissions: auth::PERMISSIONS.to_vec(),
    },
    formats: formats::formats(),
    quotas: vec![Quota {
        counts: "Pins, boards and uploads made",
        limit: 100,
        window_seconds: 60,
        per: QuotaScope::Account,
        takes: Some(Takes {
            file: 1,
            ..Takes::POST
        }),
    }],
    features: Features {
        alt_text: true,
        delete: true,
        hashtags: true,
        insights: true,
        ..Features::default()
    },
    errors: error::TABLE,
});

/// The connector.
#[derive(Clone, Copy, Debug)]
pub struct Pinterest;

#[async_trait]
impl Connector for Pinterest {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn check(&self, format: &Format, draft: &Draft<'_>) -> Vec<Finding> {
        formats::check(format, draft)
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
        boards::choices(net, account, lookup).await
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
}
