//! Connecting an account, and what is known of it afterwards.

use std::fmt;

use kernel::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::Platform;

/// How a person asks to connect an account.
#[derive(Debug)]
pub struct ConnectRequest {
    /// The server: a Bluesky PDS or a Mastodon instance. `None`: the network's own.
    pub server: Option<String>,
    /// The account's handle or e-mail, for networks with app passwords.
    pub identifier: Option<String>,
    /// The app password, for networks with app passwords.
    pub secret: Option<SecretString>,
    /// For OAuth: where the network sends the browser back to.
    pub redirect_uri: Url,
    /// For OAuth: the unguessable value that ties the callback to this request.
    pub state: String,
    /// For OAuth: the app as registered before with that server, or by the operator.
    pub app: Option<AppRegistration>,
    /// To connect an account again: its [`Connection::limits`]. Null for a new one.
    pub limits: Value,
}

/// An OAuth client as one server registered it.
#[derive(Clone, Serialize, Deserialize)]
pub struct AppRegistration {
    /// The server it is registered with, as a normalised origin such as `https://mastodon.social`.
    pub server: Url,
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`. Encrypt before storing.
    pub client_secret: String,
    /// The redirect address it was registered for: another one needs another registration.
    pub redirect_uri: Url,
}

impl fmt::Debug for AppRegistration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AppRegistration({})", self.server)
    }
}

/// What connecting leads to.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "made once per connection, and moved twice"
)]
pub enum ConnectStep {
    /// The account is connected.
    Connected(Box<Connection>),
    /// The person must say yes on the network's own page.
    Redirect {
        /// The page to send the browser to.
        url: Url,
        /// What [`Connector::finish_connect`](super::Connector::finish_connect) will need: the PKCE verifier and the like. Secret.
        pending: Value,
        /// The app, to be kept for this server's next account.
        app: AppRegistration,
    },
}

/// The browser came back from the network.
#[derive(Debug)]
pub struct Callback {
    /// The query's `code`.
    pub code: SecretString,
    /// What [`ConnectStep::Redirect`] asked to keep.
    pub pending: Value,
    /// The app the redirect was for.
    pub app: AppRegistration,
}

/// A connected account.
#[derive(Debug)]
pub struct Connection {
    /// Who it is.
    pub profile: Profile,
    /// The server that holds the account, as a normalised origin.
    pub server: Url,
    /// What to call it with.
    pub credentials: Credentials,
    /// What that account, or its server, is allowed: the connector's own JSON, for
    /// [`Connector::formats`](super::Connector::formats). Null where all accounts are alike.
    pub limits: Value,
}

kernel::text_enum! {
    /// What an account stands for.
    pub enum ProfileKind {
        /// A person's own account.
        Person = "person",
        /// A company's or a creator's account.
        Business = "business",
        /// A page that people manage.
        Page = "page",
        /// A channel of videos.
        Channel = "channel",
        /// An organisation's page.
        Organization = "organization",
    }
}

/// Who an account is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What it stands for.
    pub kind: ProfileKind,
    /// The network's unchanging id of the account: a DID, a number.
    pub platform_account_id: String,
    /// The handle without a leading `@`: `alice.bsky.social`, `alice@mastodon.social`.
    pub username: String,
    /// The name people read. The handle where the account has none.
    pub display_name: String,
    /// The picture.
    pub avatar_url: Option<Url>,
    /// The account's page.
    pub profile_url: Url,
}

/// What a network says of a connected account at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who it is.
    pub profile: Profile,
    /// [`Connection::limits`].
    pub limits: Value,
}

/// What an account is called with. Stored encrypted, never logged.
#[derive(Clone)]
pub struct Credentials {
    /// The connector's own JSON object: tokens, app password, client.
    pub secret: SecretString,
    /// When the access token stops working, if it does.
    pub expires_at: Option<Timestamp>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials {{ expires_at: {:?} }}", self.expires_at)
    }
}

/// An account to act as.
#[derive(Clone, Debug)]
pub struct Account {
    /// The network.
    pub platform: Platform,
    /// The server that holds it.
    pub server: Url,
    /// The network's id of it.
    pub platform_account_id: String,
    /// Its handle.
    pub username: String,
    /// What to call it with.
    pub credentials: Credentials,
    /// [`Connection::limits`].
    pub limits: Value,
    /// The developer app, for networks where the operator registers one: refreshing needs it.
    pub app: Option<AppRegistration>,
}

impl Account {
    /// With the limits that it had when it was connected: for networks where they never change.
    pub(crate) fn standing(&self, profile: Profile) -> Standing {
        Standing {
            profile,
            limits: self.limits.clone(),
        }
    }
}

/// What a person knows a server by: its host, and its port where it is an unusual one.
pub fn server_name(server: &Url) -> String {
    let host = server.host_str().unwrap_or_default();
    server
        .port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
