//! The trait that a network implements, and the values that cross it.
//!
//! A connector never decides *whether* something may be sent twice. It says which step comes
//! next ([`Connector::next_step`]), carries out one step ([`Connector::run_step`]), and can look
//! whether a step of which the answer was lost took place ([`Connector::find_step`]). The
//! publishing engine commits a journal row before every step and thus survives any crash between
//! two of them, in the same way for every network.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use kernel::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use crate::{
    descriptor::{Descriptor, Limits, Platform},
    error::{ConnectError, NetworkError},
    http::Net,
};

/// One social network.
#[async_trait]
pub trait Connector: Send + Sync + 'static {
    /// What the network can do, as data.
    fn descriptor(&self) -> &'static Descriptor;

    /// Characters of `text` as this network counts them.
    fn count(&self, text: &str, limits: &Limits) -> usize;

    /// The server that a person means by `named`, as a normalised origin; the network's own where
    /// he names none. An [`AppRegistration`] is kept by this address. No request is made.
    fn server(&self, net: &Net, named: Option<&str>) -> Result<Url, ConnectError>;

    /// Begins to connect an account: with an app password at once, with OAuth by a redirect.
    async fn connect(
        &self,
        net: &Net,
        request: ConnectRequest,
    ) -> Result<ConnectStep, ConnectError>;

    /// Finishes an OAuth connection that [`Connector::connect`] began.
    async fn finish_connect(
        &self,
        net: &Net,
        callback: Callback,
    ) -> Result<Connection, ConnectError>;

    /// Reads the account's profile: proves that the credentials still work.
    async fn profile(&self, net: &Net, account: &Account) -> Result<Profile, NetworkError>;

    /// New credentials in place of expired ones. Networks whose tokens do not expire answer
    /// [`ErrorKind::Reconnect`](crate::error::ErrorKind::Reconnect).
    async fn refresh(&self, net: &Net, account: &Account) -> Result<Credentials, NetworkError>;

    /// The step that comes after those in `done`, or `None` when everything is published.
    ///
    /// Pure: the same arguments give the same step, key and fingerprint, also after a crash.
    fn next_step(&self, request: &PublishRequest, done: &[DoneStep]) -> Option<Step>;

    /// Carries out `step` and answers what later steps need to know of it, such as a post's id.
    async fn run_step(&self, net: &Net, work: StepWork<'_>) -> Result<Value, NetworkError>;

    /// Looks on the network whether `step`, whose answer was lost, took place.
    async fn find_step(&self, net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError>;

    /// Where the post stands, once [`Connector::next_step`] answers `None`.
    fn published(
        &self,
        account: &Account,
        request: &PublishRequest,
        done: &[DoneStep],
    ) -> Published;

    /// Deletes what was published: the whole thread. What is gone already counts as deleted.
    async fn delete(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<(), NetworkError>;
}

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
    /// For OAuth: the app as registered before with that server, if it was.
    pub app: Option<AppRegistration>,
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
        /// What [`Connector::finish_connect`] will need: the PKCE verifier and the like. Secret.
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
    /// The limits of that server, where they differ from the network's usual ones.
    pub limits: Limits,
}

/// Who an account is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
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
    /// The limits of its server.
    pub limits: Limits,
}

/// What is to be published for one account.
#[derive(Clone, Debug)]
pub struct PublishRequest {
    /// The target's id: unchanging over all tries, so that keys can be made of it.
    pub target_id: Uuid,
    /// The instant it is due: unchanging over all tries.
    pub due_at: Timestamp,
    /// The post, and after it the replies that make it a thread. Never empty.
    pub parts: Vec<OutgoingPart>,
}

/// One post of a thread.
#[derive(Clone, Debug)]
pub struct OutgoingPart {
    /// The text as the author wrote it.
    pub text: String,
    /// What is attached, in order.
    pub media: Vec<OutgoingMedia>,
}

/// One attached file.
#[derive(Clone)]
pub struct OutgoingMedia {
    /// The library item's id.
    pub content_id: Uuid,
    /// Its media type, found from its content.
    pub mime_type: String,
    /// Its description for those who can't see it; may be empty.
    pub alt_text: String,
    /// Where its bytes come from.
    pub source: Arc<dyn MediaSource>,
}

impl fmt::Debug for OutgoingMedia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OutgoingMedia({} {})", self.mime_type, self.content_id)
    }
}

/// Gives the bytes of a file, made to fit a network.
#[async_trait]
pub trait MediaSource: Send + Sync {
    /// The image, turned upright, stripped of metadata, and made smaller or re-encoded only if it
    /// breaks `rules`.
    async fn image(&self, rules: &ImageRules) -> Result<RenderedImage, NetworkError>;
}

/// What a network accepts of an image.
#[derive(Clone, Debug)]
pub struct ImageRules {
    /// At most this many bytes.
    pub max_bytes: u64,
    /// At most this many pixels on the longer side.
    pub max_side: u32,
    /// The media types it takes.
    pub types: &'static [&'static str],
}

/// An image that fits a network's rules.
#[derive(Clone, Debug)]
pub struct RenderedImage {
    /// The encoded image.
    pub bytes: Bytes,
    /// Its media type.
    pub mime_type: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// One request, or a few that belong together, towards a published post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its name within the request, such as `media:0:1` (part 0, file 1) or `post:0`.
    pub name: String,
    /// Whether the world can see its effect. A step that nobody sees may be repeated freely; a
    /// public one is never repeated unless the network is sure that it did not take place.
    pub public: bool,
    /// The key by which the network itself recognises a repetition, where it does.
    pub idempotency_key: Option<String>,
    /// SHA-256 (hex) of what the step makes public, to recognise it by.
    pub fingerprint: String,
}

/// A step that took place, with its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoneStep {
    /// [`Step::name`].
    pub name: String,
    /// What [`Connector::run_step`] or [`Connector::find_step`] answered.
    pub result: Value,
}

/// All that a step is carried out with.
#[derive(Clone, Copy, Debug)]
pub struct StepWork<'a> {
    /// As whom.
    pub account: &'a Account,
    /// The whole post.
    pub request: &'a PublishRequest,
    /// The steps before it.
    pub done: &'a [DoneStep],
    /// The step.
    pub step: &'a Step,
    /// When the step was first sent, for [`Connector::find_step`]: nothing older can be it.
    pub first_sent_at: Timestamp,
}

/// What a look for a lost step found.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// It took place; this is what [`Connector::run_step`] would have answered.
    Present(Value),
    /// It surely did not take place: repeat it.
    Absent,
    /// Nobody can tell: a person has to look. Holds the sentence that says why.
    CannotTell(String),
}

/// Where a post stands on its network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The network's id of the (first) post.
    pub platform_post_id: String,
    /// Its page.
    pub url: Option<Url>,
}

/// What a person knows a server by: its host, and its port where it is an unusual one.
pub fn server_name(server: &Url) -> String {
    let host = server.host_str().unwrap_or_default();
    server
        .port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// How long one request to a network may take.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
