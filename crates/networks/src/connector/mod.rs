//! The trait that a network implements, and the values that cross it.
//!
//! A connector never decides *whether* something may be sent twice. It says which step comes
//! next ([`Connector::next_step`]), carries out one step ([`Connector::run_step`]), and can look
//! whether a step of which the answer was lost took place ([`Connector::find_step`]). The
//! publishing engine commits a journal row before every step and thus survives any crash between
//! two of them, in the same way for every network.

mod connect;
mod media;
mod numbers;
mod publish;

use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

pub use self::{
    connect::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Credentials,
        Profile, ProfileKind, Standing, server_name,
    },
    media::{FileFacts, MediaFile, MediaSource, OutgoingMedia, RenderedImage, Rendition},
    numbers::{Comment, CommentPage, Comments, Insights, Metric, Numbers},
    publish::{
        DoneStep, Found, LivePost, OutgoingPart, Poll, PublishRequest, Published, Step, StepAnswer,
        StepWork,
    },
};
use crate::{
    descriptor::{Choice, Counting, Descriptor, Format, TextRules},
    error::{ConnectError, NetworkError},
    http::Net,
    rules::{Draft, Finding},
};

/// How long one request to a network may take.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How long one request that carries a piece of a file may take.
pub const UPLOAD_TIMEOUT: Duration = Duration::from_mins(5);

/// Which list of an account is asked for, to choose from.
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    /// The option's key.
    pub key: String,
    /// What was typed, for lists that are found by typing.
    pub search: String,
    /// What is chosen for the option that the list depends on; empty where it depends on none.
    pub of: String,
}

/// One social network.
#[async_trait]
pub trait Connector: Send + Sync + 'static {
    /// What the network can do, as data.
    fn descriptor(&self) -> &'static Descriptor;

    /// What can be published for an account, by its [`Connection::limits`].
    fn formats(&self, _limits: &Value) -> Vec<Format> {
        self.descriptor().formats.clone()
    }

    /// Characters of `text` as this network counts them.
    fn count(&self, text: &str, rules: &TextRules) -> usize {
        match rules.counting {
            Counting::Graphemes | Counting::Mastodon | Counting::Weighted => {
                text.graphemes(true).count()
            }
            Counting::CodePoints => text.chars().count(),
            Counting::Utf16 => text.encode_utf16().count(),
            Counting::Bytes => text.len(),
        }
    }

    /// What is wrong with a post by rules that only this network has, such as options that
    /// exclude each other.
    fn check(&self, _format: &Format, _draft: &Draft<'_>) -> Vec<Finding> {
        Vec::new()
    }

    /// The server that a person means by `named`, as a normalised origin; the network's own where
    /// he names none. An [`AppRegistration`] is kept by this address. No request is made.
    fn server(&self, net: &Net, named: Option<&str>) -> Result<Url, ConnectError>;

    /// Asks the network whether it knows the operator's developer app, with no person in it. For
    /// networks with [`AppSource::Operator`](crate::descriptor::AppSource::Operator).
    async fn check_app(&self, _net: &Net, _app: &AppRegistration) -> Result<(), ConnectError> {
        Ok(())
    }

    /// Begins to connect an account: with an app password at once, with OAuth by a redirect.
    async fn connect(
        &self,
        net: &Net,
        request: ConnectRequest,
    ) -> Result<ConnectStep, ConnectError>;

    /// Finishes an OAuth connection that [`Connector::connect`] began: every account, page,
    /// channel or organisation that the person let AllIN act for. Never empty.
    async fn finish_connect(
        &self,
        net: &Net,
        callback: Callback,
    ) -> Result<Vec<Connection>, ConnectError>;

    /// Reads the account's profile and what it is allowed: proves that the credentials still work.
    async fn standing(&self, net: &Net, account: &Account) -> Result<Standing, NetworkError>;

    /// New credentials in place of expired ones. Networks whose tokens do not expire answer
    /// [`ErrorKind::Reconnect`](crate::error::ErrorKind::Reconnect).
    async fn refresh(&self, net: &Net, account: &Account) -> Result<Credentials, NetworkError>;

    /// Tells the network that AllIN will not act for the account any more, where it can be told.
    async fn revoke(&self, _net: &Net, _account: &Account) -> Result<(), NetworkError> {
        Ok(())
    }

    /// What the account has to choose from for an option of
    /// [`OptionKind::Lookup`](crate::descriptor::OptionKind::Lookup): its boards, its playlists.
    async fn choices(
        &self,
        _net: &Net,
        _account: &Account,
        _lookup: &Lookup,
    ) -> Result<Vec<Choice>, NetworkError> {
        Ok(Vec::new())
    }

    /// The step that comes after those in `done`, or `None` when everything is published.
    ///
    /// Pure: the same arguments give the same step, key and fingerprint, also after a crash.
    fn next_step(&self, request: &PublishRequest, done: &[DoneStep]) -> Option<Step>;

    /// Carries out `step`.
    async fn run_step(&self, net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError>;

    /// Looks on the network whether `step`, whose answer was lost, took place.
    async fn find_step(&self, net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError>;

    /// Where the post stands, once [`Connector::next_step`] answers `None`.
    fn published(
        &self,
        net: &Net,
        account: &Account,
        request: &PublishRequest,
        done: &[DoneStep],
    ) -> Published;

    /// Reads the published post as it stands now; `None` if it is gone.
    async fn read_back(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Option<LivePost>, NetworkError>;

    /// Deletes what was published: the whole thread. What is gone already counts as deleted.
    async fn delete(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<(), NetworkError>;

    /// How numbers are read, where the network gives any.
    fn insights(&self) -> Option<&dyn Insights> {
        None
    }

    /// How comments are read and answered, where the network lets programs do that.
    fn comments(&self) -> Option<&dyn Comments> {
        None
    }
}
