//! Bluesky, and every other server (PDS) of the AT Protocol.
//!
//! Written from atproto.com/specs and from the lexicons of the repository bluesky-social/atproto,
//! state of 2026-08-20. Lexicons have no version number: they only ever grow.
//!
//! What is written goes to the account's own server. What others made of it (numbers, replies,
//! quotes) is known to Bluesky's AppView, which that server asks for us.

mod auth;
mod card;
mod comments;
mod error;
mod formats;
mod insights;
mod link;
mod prepare;
mod publish;
mod record;
mod service;
#[cfg(test)]
mod tests;
mod text;
mod video;

use std::sync::LazyLock;

use async_trait::async_trait;
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use url::Url;

use crate::{
    Platform,
    connector::{
        Account, Callback, Comments, ConnectRequest, ConnectStep, Connection, Connector,
        Credentials, DoneStep, Found, Insights, LivePost, PublishRequest, Published, Standing,
        Step, StepAnswer, StepWork, server_name,
    },
    descriptor::{
        ApiVersion, AppSource, Brand, Connect, ConnectField, ConnectKind, Descriptor, Endpoints,
        Features, Format, Quota,
    },
    error::{ConnectError, ConnectReason, NetworkError},
    http::{Answer, Net, TransportError},
    rules::{Draft, Finding},
};

/// Where most accounts are.
const DEFAULT_SERVER: &str = "https://bsky.social";
/// Where people read posts, whichever server holds them.
const WEB: &str = "https://bsky.app";

/// Bluesky's own video service.
const VIDEO_SERVICE: &str = "https://video.bsky.app";
/// Bluesky's own AppView, as a server is asked to pass a request on to it:
/// atproto.com/specs/xrpc#service-proxying.
const APPVIEW: &str = "did:web:api.bsky.app#bsky_appview";

/// Posts.
const COLLECTION: &str = "app.bsky.feed.post";
/// Who may reply to a post, by its key.
const THREADGATE: &str = "app.bsky.feed.threadgate";
/// Who may quote a post, by its key.
const POSTGATE: &str = "app.bsky.feed.postgate";

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: Platform::Bluesky,
    name: "Bluesky",
    brand: Brand {
        colour: "#1185fe",
        glyph: "M12 10.6C10.4 7.5 7 4.6 4.6 3.7 3 3.1 2 3.9 2 5.6c0 1.5.8 5.6 1.3 6.5.8 1.6 2.7 2.1 4.8 1.8-2.8.5-4.2 1.8-2.5 4 1.9 2.5 4.8 2.6 6.4-1.2 1.6 3.8 4.5 3.7 6.4 1.2 1.7-2.2.3-3.5-2.5-4 2.1.3 4-.2 4.8-1.8.5-.9 1.3-5 1.3-6.5 0-1.7-1-2.5-2.6-1.9-2.4.9-5.8 3.8-7.4 6.9Z",
    },
    api: ApiVersion {
        version: "AT Protocol",
        documentation: "https://docs.bsky.app",
        checked: "2026-11-21",
    },
    endpoints: Endpoints {
        api: DEFAULT_SERVER,
        auth: "",
        upload: VIDEO_SERVICE,
        site: "",
    },
    connect: Connect {
        kind: ConnectKind::AppPassword,
        app: AppSource::None,
        console_url: None,
        permissions: Vec::new(),
        fields: vec![
            ConnectField {
                name: "identifier",
                label: "Handle",
                placeholder: "alice.bsky.social",
                help: "The account's handle, or the e-mail address it was made with.",
                secret: false,
                required: true,
            },
            ConnectField {
                name: "appPassword",
                label: "App password",
                placeholder: "xxxx-xxxx-xxxx-xxxx",
                help: "Made in Bluesky under Settings → Privacy and security → App passwords. Not your main password.",
                secret: true,
                required: true,
            },
            ConnectField {
                name: "serviceUrl",
                label: "Server",
                placeholder: "bsky.social",
                help: "Only for accounts on a server of their own.",
                secret: false,
                required: false,
            },
        ],
    },
    formats: formats::formats(),
    // docs.bsky.app/docs/advanced-guides/rate-limits
    quotas: vec![
        Quota::uncounted("posts", 1_666, 3_600),
        Quota::uncounted("posts", 11_666, 86_400),
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
pub struct Bluesky;

#[async_trait]
impl Connector for Bluesky {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn server(&self, net: &Net, named: Option<&str>) -> Result<Url, ConnectError> {
        auth::server(net, named)
    }

    fn check(&self, _: &Format, draft: &Draft<'_>) -> Vec<Finding> {
        formats::check(draft)
    }

    async fn connect(
        &self,
        net: &Net,
        request: ConnectRequest,
    ) -> Result<ConnectStep, ConnectError> {
        auth::connect(net, request).await
    }

    async fn finish_connect(&self, _: &Net, _: Callback) -> Result<Vec<Connection>, ConnectError> {
        Err(ConnectError::new(
            ConnectReason::Unsupported,
            "Bluesky accounts are connected with an app password. Please start again on the accounts page.",
            "there is no OAuth callback for app passwords",
        ))
    }

    async fn standing(&self, net: &Net, account: &Account) -> Result<Standing, NetworkError> {
        let profile = auth::profile(net, account).await?;
        Ok(account.standing(profile))
    }

    async fn refresh(&self, net: &Net, account: &Account) -> Result<Credentials, NetworkError> {
        auth::refresh(net, account).await
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
        publish::find_step(net, work).await
    }

    fn published(
        &self,
        _: &Net,
        account: &Account,
        _: &PublishRequest,
        done: &[DoneStep],
    ) -> Published {
        publish::published(account, done)
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

/// The address of a method on a server.
fn xrpc(server: &Url, method: &str) -> Result<Url, TransportError> {
    server
        .join(&format!("/xrpc/{method}"))
        .map_err(|error| TransportError::Address(format!("no usable path ({error})")))
}

/// An account's page. A handle that does not resolve is told as `handle.invalid`
/// (atproto.com/specs/handle), and its page is found by the DID.
#[expect(
    clippy::expect_used,
    reason = "the base is a constant, and a test reads it"
)]
fn profile_url(handle: &str, did: &str) -> Url {
    let who = if handle == "handle.invalid" {
        did
    } else {
        handle
    };
    let mut url = Url::parse(WEB).expect("a valid address");
    if let Ok(mut path) = url.path_segments_mut() {
        path.extend(["profile", who]);
    }
    url
}

/// Sends one request as the account, to the server that holds it. The answer may be a refusal.
async fn call(
    net: &Net,
    account: &Account,
    method: Method,
    name: &str,
    build: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
) -> Result<Answer, NetworkError> {
    let secret = auth::secret(account)?;
    let failed =
        |error: TransportError| NetworkError::transport(&server_name(&account.server), &error);
    let url = xrpc(&secret.pds, name).map_err(failed)?;
    let request = net
        .request(method, url)
        .map_err(failed)?
        .bearer_auth(&secret.access_token);
    net.send(build(request)).await.map_err(failed)
}

/// Asks Bluesky's AppView, through the account's server.
async fn appview<T: DeserializeOwned>(
    net: &Net,
    account: &Account,
    name: &str,
    query: &[(&str, &str)],
) -> Result<T, NetworkError> {
    let answer = call(net, account, Method::GET, name, |request| {
        request.header("atproto-proxy", APPVIEW).query(query)
    })
    .await?;
    read(net, account, &answer)
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
        .map_err(|problem| error::unreadable(&server, answer, &problem))
}
