//! What a connected account is.

use kernel::Timestamp;
use networks::{
    Platform,
    connector::{Connection, Standing},
    descriptor::Format,
};
use serde::Serialize;
use serde_json::Value;
use store::{FromRow, Json};
use utoipa::ToSchema;

kernel::id!(
    /// A connected social account.
    SocialAccountId,
);

kernel::text_enum! {
    /// How a connected account is.
    ///
    /// `connected` ⇄ `error` by what the network answers; both → `expired` when it takes the
    /// credentials no more; every state → `connected` by connecting again, → `disconnected` by
    /// removing.
    pub enum AccountStatus {
        /// It works, as far as is known.
        Connected = "connected",
        /// The network does not accept the credentials any more: a person must reconnect it.
        Expired = "expired",
        /// It was removed; only the history of posts still names it.
        Disconnected = "disconnected",
        /// The network refused its last check, for a reason that reconnecting may not cure.
        Error = "error",
    }
}

/// A connected account, as the API shows it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SocialAccount {
    /// Its id.
    pub id: SocialAccountId,
    /// The network.
    pub platform: Platform,
    /// The handle without a leading `@`.
    pub username: String,
    /// The name people read.
    pub display_name: String,
    /// The picture.
    #[schema(required)]
    pub avatar_url: Option<String>,
    /// The account's page on the network.
    pub profile_url: String,
    /// The server that holds it, such as `https://mastodon.social`.
    pub server_url: String,
    /// How it is.
    pub status: AccountStatus,
    /// What is wrong and what to do, where something is.
    #[schema(required)]
    pub status_message: Option<String>,
    /// When it was connected.
    pub connected_at: Timestamp,
    /// When something of it last changed.
    pub updated_at: Timestamp,
    /// What can be published for it; null: what its network says (`GET /networks`).
    #[schema(required)]
    pub formats: Option<Vec<Format>>,
}

/// What other capabilities need to know of an account.
#[derive(Clone, Debug)]
pub struct AccountSummary {
    /// Its id.
    pub id: SocialAccountId,
    /// The network.
    pub platform: Platform,
    /// The handle without a leading `@`.
    pub username: String,
    /// The name people read.
    pub display_name: String,
    /// The picture.
    pub avatar_url: Option<String>,
    /// How it is; [`AccountStatus::Disconnected`] if it was removed.
    pub status: AccountStatus,
    /// What is wrong and what to do, where something is.
    pub status_message: Option<String>,
    /// What it is allowed, for its connector.
    pub limits: Value,
}

/// An account as it is stored, its credentials sealed.
#[derive(Clone, FromRow)]
pub struct Stored {
    pub(crate) id: SocialAccountId,
    pub(crate) platform: Platform,
    /// The origin, such as `https://mastodon.social`.
    pub(crate) server: String,
    pub(crate) platform_account_id: String,
    pub(crate) username: String,
    pub(crate) display_name: String,
    pub(crate) avatar_url: Option<String>,
    pub(crate) profile_url: String,
    pub(crate) limits: Json<Value>,
    pub(crate) status: AccountStatus,
    pub(crate) status_message: Option<String>,
    pub(crate) secret: Option<Vec<u8>>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) renew_at: Option<Timestamp>,
    pub(crate) secret_version: i64,
    pub(crate) connected_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) removed_at: Option<Timestamp>,
}

impl Stored {
    /// Its id.
    pub fn id(&self) -> SocialAccountId {
        self.id
    }

    /// How it is.
    pub fn status(&self) -> AccountStatus {
        self.status
    }

    /// The network.
    pub fn platform(&self) -> Platform {
        self.platform
    }

    /// What it is allowed, for its connector.
    pub fn limits(&self) -> &Value {
        &self.limits
    }

    /// When its token is to be renewed in the background: twice as early as acting as the account
    /// would renew it, so that no post waits for it.
    pub(crate) fn due_at(&self) -> Option<Timestamp> {
        let (renew_at, expires_at) = (self.renew_at?, self.expires_at?);
        Some(renew_at - expires_at.since(renew_at))
    }

    /// Whether the network says something that is not stored yet.
    pub(crate) fn differs_from(&self, Standing { profile, limits }: &Standing) -> bool {
        self.username != profile.username
            || self.display_name != profile.display_name
            || self.avatar_url.as_deref() != profile.avatar_url.as_ref().map(url::Url::as_str)
            || self.profile_url != profile.profile_url.as_str()
            || self.limits.0 != *limits
    }
}

impl std::fmt::Debug for Stored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stored({} {} {})", self.id, self.platform, self.status)
    }
}

impl From<Stored> for SocialAccount {
    fn from(stored: Stored) -> Self {
        Self {
            id: stored.id,
            platform: stored.platform,
            username: stored.username,
            display_name: stored.display_name,
            avatar_url: stored.avatar_url,
            profile_url: stored.profile_url,
            server_url: stored.server,
            status: stored.status,
            status_message: stored.status_message,
            connected_at: stored.connected_at,
            updated_at: stored.updated_at,
            formats: (!stored.limits.is_null())
                .then(|| networks::connector(stored.platform).formats(&stored.limits)),
        }
    }
}

impl From<Stored> for AccountSummary {
    fn from(stored: Stored) -> Self {
        Self {
            id: stored.id,
            platform: stored.platform,
            username: stored.username,
            display_name: stored.display_name,
            avatar_url: stored.avatar_url,
            status: stored.status,
            status_message: stored.status_message,
            limits: stored.limits.0,
        }
    }
}

/// The server's origin as it is stored: `https://mastodon.social`.
pub(crate) fn origin(server: &url::Url) -> String {
    server.origin().ascii_serialization()
}

/// Whether `stored` is the very account that `connection` leads to.
///
/// A DID names the same account on every server, so a Bluesky account that moved is still the
/// same; other networks number the accounts of each server by themselves.
pub(crate) fn is_same(stored: &Stored, connection: &Connection) -> bool {
    let id = &connection.profile.platform_account_id;
    stored.platform_account_id == *id
        && (id.starts_with("did:") || stored.server == origin(&connection.server))
}
