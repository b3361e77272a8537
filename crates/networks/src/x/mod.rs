//! X, API v2.
//!
//! Written from docs.x.com and from X's OpenAPI 2.167, state of November 2026. In August 2026 the
//! OpenAPI renamed `tweet.fields` to `post.fields` and what comes with it, while the guides still
//! show the old names: AllIN asks with the new ones and reads both. A post is public with the one
//! request that creates it; X has no key to recognise a repetition by, but refuses the same text
//! twice, and the account's timeline can be read.

mod auth;
mod comments;
mod error;
mod find;
mod format;
mod insights;
mod media;
mod publish;
#[cfg(test)]
mod tests;
mod text;

use std::sync::LazyLock;

use async_trait::async_trait;
use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::Value;
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
        Format, Quota, QuotaScope, Takes, TextRules,
    },
    error::{ConnectError, NetworkError},
    http::{Answer, Endpoint, Net},
    rules::{Draft, Finding},
};

/// What people know the network by.
const NAME: &str = "X";
/// Each part of a thread is a post.
const EACH_PART: Takes = Takes {
    further_part: 1,
    ..Takes::POST
};

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: Platform::X,
    name: NAME,
    brand: Brand {
        colour: "#0f1419",
        glyph: "M3 3h5.2l4.6 6.3L18.200 3H20.700l-6.760 7.820L21.500 21h-5.200l-5.040-6.880L5.300 21H2.800l7.280-8.420L3 3Zm3.400 1.800 10.800 14.400h1.600L8 4.800H6.400Z",
    },
    api: ApiVersion {
        version: "v2 (2.167)",
        documentation: "https://docs.x.com/x-api",
        checked: "2026-11-21",
    },
    endpoints: Endpoints {
        api: "https://api.x.com",
        auth: "https://x.com",
        upload: "https://api.x.com",
        site: "",
    },
    connect: Connect {
        kind: ConnectKind::Oauth,
        app: AppSource::Operator,
        console_url: Some("https://console.x.com"),
        fields: Vec::new(),
        permissions: auth::PERMISSIONS.to_vec(),
    },
    formats: vec![format::of("None")],
    quotas: vec![
        Quota {
            counts: "posts",
            limit: 100,
            window_seconds: 15 * 60,
            per: QuotaScope::Account,
            takes: Some(EACH_PART),
        },
        Quota {
            counts: "posts",
            limit: 10_000,
            window_seconds: 24 * 3_600,
            per: QuotaScope::App,
            takes: Some(EACH_PART),
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
pub struct X;

#[async_trait]
impl Connector for X {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn formats(&self, limits: &Value) -> Vec<Format> {
        let subscription = limits["subscription"].as_str().unwrap_or("None");
        vec![format::of(subscription)]
    }

    fn count(&self, text: &str, _: &TextRules) -> usize {
        text::count(text)
    }

    fn check(&self, format: &Format, draft: &Draft<'_>) -> Vec<Finding> {
        format::check(format, draft)
    }

    fn server(&self, net: &Net, _: Option<&str>) -> Result<Url, ConnectError> {
        auth::server(net)
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

    async fn check_app(&self, net: &Net, app: &AppRegistration) -> Result<(), ConnectError> {
        auth::check_app(net, app).await
    }

    async fn revoke(&self, net: &Net, account: &Account) -> Result<(), NetworkError> {
        auth::revoke(net, account).await
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

    fn published(
        &self,
        net: &Net,
        account: &Account,
        _: &PublishRequest,
        done: &[DoneStep],
    ) -> Published {
        publish::published(net, account, done)
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

/// Sends one request as the account. The answer may be a refusal.
async fn call(
    net: &Net,
    account: &Account,
    method: Method,
    path: &str,
    build: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
) -> Result<Answer, NetworkError> {
    let endpoint = if path.starts_with("/2/media/") {
        Endpoint::Upload
    } else {
        Endpoint::Api
    };
    let token = auth::token(account)?;
    let failed = |error| NetworkError::transport(NAME, &error);
    let url = net.endpoint(Platform::X, endpoint, path).map_err(failed)?;
    let request = net
        .request(method, url)
        .map_err(failed)?
        .bearer_auth(token.expose_secret());
    net.send(build(request)).await.map_err(failed)
}

/// The JSON of a success, or what the refusal means.
fn read<T: DeserializeOwned>(net: &Net, answer: &Answer) -> Result<T, NetworkError> {
    if !answer.status.is_success() {
        return Err(error::parse_error(answer, net.env.now()));
    }
    answer
        .json()
        .map_err(|error| error::unreadable(answer, &error))
}

/// What a `GET` answers.
async fn get<T: DeserializeOwned>(
    net: &Net,
    account: &Account,
    path: &str,
    query: &[(&str, &str)],
) -> Result<T, NetworkError> {
    let answer = call(net, account, Method::GET, path, |request| {
        request.query(query)
    })
    .await?;
    read(net, &answer)
}
