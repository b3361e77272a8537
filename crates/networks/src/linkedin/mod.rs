//! LinkedIn, people and organisations, by the versioned REST API.
//!
//! Written from learn.microsoft.com/linkedin, version 202609, state of November 2026. A version is
//! served for a year at least; then LinkedIn answers 426. A post is public with the one request
//! that creates it, whose answer has nothing but a header with the post's URN.

mod auth;
mod comments;
mod error;
mod find;
mod format;
mod insights;
mod media;
mod people;
mod publish;
#[cfg(test)]
mod tests;
mod text;

use std::{fmt::Write, sync::LazyLock};

use async_trait::async_trait;
use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use url::Url;

use crate::{
    Platform,
    connector::{
        Account, AppRegistration, Callback, Comments, ConnectRequest, ConnectStep, Connection,
        Connector, Credentials, DoneStep, Found, Insights, LivePost, PublishRequest, Published,
        Standing, Step, StepAnswer, StepWork,
    },
    descriptor::{
        ApiVersion, AppSource, Brand, Connect, ConnectField, ConnectKind, Descriptor, Endpoints,
        Features, Quota, QuotaScope, Takes, TextRules,
    },
    error::{ConnectError, NetworkError},
    http::{Answer, Endpoint, Net},
};

const PLATFORM: Platform = Platform::Linkedin;
/// What people know the network by.
const NAME: &str = "LinkedIn";
/// The header `LinkedIn-Version`.
const VERSION: &str = "202609";

/// Requests for a post: one for itself; to begin, to send and to look after each file.
const REQUESTS: Takes = Takes {
    file: 3,
    ..Takes::POST
};

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: PLATFORM,
    name: NAME,
    brand: Brand {
        colour: "#0a66c2",
        glyph: "M4 3h16a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Zm2 7v8h2.500v-8H6Zm1.250-4a1.400 1.400 0 1 0 0 2.800 1.400 1.400 0 0 0 0-2.800ZM10.500 10v8H13v-4.200c0-1.100.500-1.800 1.500-1.800s1.400.700 1.400 1.800V18h2.500v-4.700c0-2.200-1.100-3.500-2.900-3.500-1.100 0-2 .500-2.500 1.300V10h-2.500Z",
    },
    api: ApiVersion {
        version: VERSION,
        documentation: "https://learn.microsoft.com/en-us/linkedin/marketing/community-management/",
        checked: "2026-11-21",
    },
    endpoints: Endpoints {
        api: "https://api.linkedin.com",
        auth: "https://www.linkedin.com",
        upload: "",
        site: "",
    },
    connect: Connect {
        kind: ConnectKind::Oauth,
        app: AppSource::Operator,
        console_url: Some("https://www.linkedin.com/developers/apps"),
        fields: vec![ConnectField {
            name: "serviceUrl",
            label: "What to connect",
            placeholder: "pages",
            help: "Leave it empty to connect pages and your profile. Type “profile” where AllIN's app on LinkedIn has no Community Management API.",
            secret: false,
            required: false,
        }],
        permissions: auth::PERMISSIONS.to_vec(),
    },
    formats: format::all(),
    quotas: vec![
        Quota {
            counts: "requests",
            limit: 150,
            window_seconds: 24 * 3_600,
            per: QuotaScope::Account,
            takes: Some(REQUESTS),
        },
        Quota {
            counts: "requests",
            limit: 100_000,
            window_seconds: 24 * 3_600,
            per: QuotaScope::App,
            takes: Some(REQUESTS),
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
pub struct Linkedin;

#[async_trait]
impl Connector for Linkedin {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn count(&self, text: &str, _: &TextRules) -> usize {
        text::visible(text).chars().count()
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
        auth::finish(net, callback).await
    }

    async fn standing(&self, net: &Net, account: &Account) -> Result<Standing, NetworkError> {
        let profile = people::profile(net, account).await?;
        Ok(account.standing(profile))
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
        _: &Account,
        _: &PublishRequest,
        done: &[DoneStep],
    ) -> Published {
        publish::published(net, done)
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

/// A value inside a path or inside Rest.li's parentheses: everything but letters, digits and
/// `-._~` is escaped (RFC 3986 §2.3).
fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Sends one request as the account. The answer may be a refusal.
async fn call(
    net: &Net,
    account: &Account,
    method: Method,
    path: &str,
    build: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
) -> Result<Answer, NetworkError> {
    let token = auth::token(account)?;
    let failed = |error| NetworkError::transport(NAME, &error);
    let url = net
        .endpoint(PLATFORM, Endpoint::Api, path)
        .map_err(failed)?;
    let request = net
        .request(method, url)
        .map_err(failed)?
        .bearer_auth(token.expose_secret())
        .header("LinkedIn-Version", VERSION)
        .header("X-Restli-Protocol-Version", "2.0.0");
    net.send(build(request)).await.map_err(failed)
}

/// The JSON of a success, or what the refusal means.
fn read<T: DeserializeOwned>(net: &Net, answer: &Answer) -> Result<T, NetworkError> {
    if !answer.status.is_success() {
        return Err(error::parse_error(answer, net.env.now()));
    }
    answer
        .json()
        .map_err(|error| error::unreadable(answer, error))
}

/// What a `GET` answers.
async fn get<T: DeserializeOwned>(
    net: &Net,
    account: &Account,
    path: &str,
) -> Result<T, NetworkError> {
    let answer = call(net, account, Method::GET, path, |request| request).await?;
    read(net, &answer)
}
