//! Mastodon, any instance.
//!
//! Written from docs.joinmastodon.org, state of July 2026 (Mastodon 4.4); works with instances
//! since 3.1.3, which has `POST /api/v2/media`. What an instance allows is read from itself.
//! An access token never expires; it can only be withdrawn.

mod auth;
mod error;
mod find;
mod instance;
mod publish;
#[cfg(test)]
mod tests;
mod text;

use std::sync::LazyLock;

use async_trait::async_trait;
use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use crate::{
    connector::{
        Account, Callback, ConnectRequest, ConnectStep, Connection, Connector, Credentials,
        DoneStep, Found, Profile, PublishRequest, Published, Step, StepWork, server_name,
    },
    descriptor::{
        Connect, ConnectField, ConnectKind, Counting, Descriptor, Features, Limits, Platform,
    },
    error::{ConnectError, ErrorKind, NetworkError},
    http::{Answer, Net},
};

/// Characters of a link, unless the instance says otherwise.
const URL_LENGTH: usize = 23;

/// What a usual instance allows (`/api/v2/instance` of mastodon.social).
static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: Platform::Mastodon,
    name: Platform::Mastodon.name(),
    connect: Connect {
        kind: ConnectKind::Oauth,
        fields: vec![ConnectField {
            name: "instanceUrl",
            label: "Server",
            placeholder: "mastodon.social",
            help: "The part of your handle after the second @.",
            secret: false,
            required: true,
        }],
    },
    limits: Limits {
        max_characters: 500,
        counting: Counting::Mastodon,
        max_bytes: None,
        url_length: Some(URL_LENGTH),
        max_images: 4,
        image_max_bytes: 16 * 1024 * 1024,
        // Mastodon itself makes larger images as small as 3840 × 2160 pixels.
        image_max_side: 3_840,
        image_types: ["image/jpeg", "image/png", "image/gif", "image/webp"]
            .map(str::to_owned)
            .to_vec(),
        max_alt_characters: 1_500,
        max_thread_parts: 25,
    },
    features: Features {
        threads: true,
        alt_text: true,
        delete: true,
        mentions: true,
        hashtags: true,
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

    fn count(&self, text: &str, limits: &Limits) -> usize {
        text::count(text, limits.url_length.unwrap_or(URL_LENGTH))
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
    ) -> Result<Connection, ConnectError> {
        auth::finish(net, callback).await
    }

    async fn profile(&self, net: &Net, account: &Account) -> Result<Profile, NetworkError> {
        auth::profile(net, account).await
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

    fn next_step(&self, request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
        publish::next_step(request, done)
    }

    async fn run_step(&self, net: &Net, work: StepWork<'_>) -> Result<Value, NetworkError> {
        publish::run_step(net, work).await
    }

    async fn find_step(&self, net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
        find::find_step(net, work).await
    }

    fn published(&self, _: &Account, _: &PublishRequest, done: &[DoneStep]) -> Published {
        publish::published(done)
    }

    async fn delete(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<(), NetworkError> {
        publish::delete(net, account, done).await
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
    let token = auth::token(account)?;
    let server = server_name(&account.server);
    let url = account.server.join(path).map_err(|error| {
        NetworkError::not_sent(
            ErrorKind::Reconnect,
            format!("The address of {server} can't be read. Please connect the account again."),
            error.to_string(),
        )
    })?;
    let request = net
        .request(method, url)
        .map_err(|error| NetworkError::transport(&server, &error))?
        .bearer_auth(token.expose_secret());
    net.send(build(request))
        .await
        .map_err(|error| NetworkError::transport(&server, &error))
}
