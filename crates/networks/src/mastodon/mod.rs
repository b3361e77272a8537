//! Mastodon, any instance.
//!
//! Written from docs.joinmastodon.org, state of July 2026 (Mastodon 4.5, API version 7); works with
//! instances since 3.1.3, which has `POST /api/v2/media`. What an instance allows is read from
//! itself. An access token never expires; it can only be withdrawn.

mod auth;
mod comments;
mod error;
mod find;
mod formats;
mod insights;
mod instance;
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

use self::instance::Limits;
use crate::{
    Platform,
    connector::{
        Account, Callback, Comments, ConnectRequest, ConnectStep, Connection, Connector,
        Credentials, DoneStep, Found, Insights, LivePost, PublishRequest, Published, Standing,
        Step, StepAnswer, StepWork, server_name,
    },
    descriptor::{
        ApiVersion, AppSource, Brand, Connect, ConnectField, ConnectKind, Descriptor, Endpoints,
        Features, Format, Quota, TextRules,
    },
    error::{ConnectError, ErrorKind, NetworkError},
    http::{Answer, Net},
    rules::{Draft, Finding},
};

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: Platform::Mastodon,
    name: "Mastodon",
    brand: Brand {
        colour: "#6364ff",
        glyph: "M12 2.2c4.7 0 9 1.8 9 6.9 0 3.9-.6 6.6-2.6 8-1.9 1.3-5.5 1.6-8.4 1.1v1.1c1.5.6 3.8.7 5.7.3v2c-3.6.9-8.3.4-10.7-2.7C3.3 16.7 3 13.2 3 9.1 3 4 7.3 2.200 12 2.200ZM7 14V9.200c0-3.600 4-3.700 5-1.400 1-2.300 5-2.200 5 1.400V14h-2.200V9.500c0-1.500-1.700-1.400-1.700.2v2.400h-2.200V9.700c0-1.600-1.700-1.700-1.700-.2V14H7Z",
    },
    api: ApiVersion {
        version: "4.5",
        documentation: "https://docs.joinmastodon.org",
        checked: "2026-11-21",
    },
    endpoints: Endpoints::default(),
    connect: Connect {
        kind: ConnectKind::Oauth,
        app: AppSource::Automatic,
        console_url: None,
        permissions: auth::PERMISSIONS.to_vec(),
        fields: vec![ConnectField {
            name: "instanceUrl",
            label: "Server",
            placeholder: "mastodon.social",
            help: "The part of your handle after the second @.",
            secret: false,
            required: true,
        }],
    },
    formats: Limits::default().formats(),
    // /api/rate-limits: what an instance has unless its operator changed it.
    quotas: vec![
        Quota::uncounted("requests", 300, 5 * 60),
        Quota::uncounted("uploads", 30, 30 * 60),
        Quota::uncounted("deletions", 30, 30 * 60),
    ],
    errors: error::TABLE,
    features: Features {
        threads: true,
        alt_text: true,
        delete: true,
        mentions: true,
        hashtags: true,
        insights: true,
        comments: true,
    },
});

/// The connector.
#[derive(Clone, Copy, Debug)]
pub struct Mastodon;

#[async_trait]
impl Connector for Mastodon {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn formats(&self, limits: &Value) -> Vec<Format> {
        Limits::of(limits).formats()
    }

    fn count(&self, text: &str, rules: &TextRules) -> usize {
        text::count(text, rules.url_length.unwrap_or(text::URL_LENGTH))
    }

    fn check(&self, format: &Format, draft: &Draft<'_>) -> Vec<Finding> {
        formats::check(format, draft)
    }

    fn server(&self, net: &Net, named: Option<&str>) -> Result<Url, ConnectError> {
        instance::origin(net, named)
    }

    async fn connect(
        &self,
        net: &Net,
        request: ConnectRequest,
    ) -> Result<ConnectStep, ConnectError> {
        auth::connect(net, request).await
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
        auth::standing(net, account).await
    }

    async fn refresh(&self, _: &Net, account: &Account) -> Result<Credentials, NetworkError> {
        Err(NetworkError::not_sent(
            ErrorKind::Reconnect,
            format!(
                "{} no longer lets AllIN act for this account. Please connect the account again.",
                server_name(&account.server)
            ),
            "Mastodon's tokens do not expire, so there is nothing to refresh",
        ))
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

/// An address of the account's server.
fn at(account: &Account, path: &str) -> Result<Url, NetworkError> {
    account.server.join(path).map_err(|error| {
        NetworkError::not_sent(
            ErrorKind::Reconnect,
            format!(
                "The address of {} can't be read. Please connect the account again.",
                server_name(&account.server)
            ),
            error.to_string(),
        )
    })
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
    let server = server_name(&account.server);
    let failed = |error| NetworkError::transport(&server, &error);
    let request = net
        .request(method, at(account, path)?)
        .map_err(failed)?
        .bearer_auth(token.expose_secret());
    net.send(build(request)).await.map_err(failed)
}

/// The JSON of a success, or what the refusal means.
fn read<T: DeserializeOwned>(
    net: &Net,
    account: &Account,
    answer: &Answer,
) -> Result<T, NetworkError> {
    let server = server_name(&account.server);
    if !answer.status.is_success() {
        return Err(error::parse_error(&server, answer, net.env.now()));
    }
    answer
        .json()
        .map_err(|error| error::unreadable(&server, answer, &error))
}
