//! Which of several pages, channels or organisations to connect.
//!
//! One yes on a network's page can let AllIN act for a person's ten pages. They are kept, sealed,
//! until the person says which he means.

use std::time::Duration;

use kernel::{Caller, Code, Permission, PersonId, Problem, TenantId, Timestamp};
use networks::{
    Platform,
    connector::{Connection, Credentials, Profile, ProfileKind},
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{FromRow, Scope, sql};
use url::Url;
use utoipa::ToSchema;
use vault::{Context, Zeroizing};

use crate::{Accounts, SocialAccount};

/// How long a person may take to choose.
const PATIENCE: Duration = Duration::from_mins(30);

sql! {
    PUT: System =
        "INSERT INTO account_offers (id, tenant_id, person_id, platform, secret, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    GET: System =
        "SELECT tenant_id, person_id, platform, secret, expires_at FROM account_offers WHERE id = $1";
    DROP: System = "DELETE FROM account_offers WHERE id = $1";
    FORGET: System = "DELETE FROM account_offers WHERE expires_at <= $1";
}

kernel::id!(
    /// Accounts that wait for a person to choose among them.
    OfferId,
);

/// Accounts that wait for a person to choose among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccountOffer)]
pub struct Offer {
    /// What the offer is known by.
    pub id: OfferId,
    /// Their network.
    pub platform: Platform,
    /// The accounts, in the network's order.
    pub choices: Vec<OfferedAccount>,
}

/// An account that can be connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferedAccount {
    /// What it is chosen by.
    pub key: String,
    /// What it stands for.
    pub kind: ProfileKind,
    /// The name people read.
    pub display_name: String,
    /// The handle without a leading `@`.
    pub username: String,
    /// The picture.
    #[schema(required)]
    pub avatar_url: Option<Url>,
    /// Whether it is connected; choosing it renews its credentials.
    pub already_connected: bool,
}

/// A connection as it is sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    profile: Profile,
    server: Url,
    secret: String,
    expires_at: Option<Timestamp>,
    limits: Value,
}

#[derive(FromRow)]
struct Row {
    tenant_id: TenantId,
    person_id: PersonId,
    platform: Platform,
    secret: Vec<u8>,
    expires_at: Timestamp,
}

impl Accounts {
    /// Keeps connections until the person says which he means.
    pub(crate) async fn offer(
        &self,
        caller: &Caller,
        platform: Platform,
        connections: Vec<Connection>,
    ) -> Result<OfferId, Problem> {
        let id: OfferId = self.env.id();
        let kept: Vec<_> = connections.into_iter().map(Kept::from).collect();
        let secret = serde_json::to_vec(&kept)
            .map(Zeroizing::new)
            .map_err(Problem::internal)?;
        let sealed = self
            .vault
            .seal(&secret, &context(caller.tenant, &id))
            .await?;
        let now = self.env.now();
        let mut tx = self.db.write(Scope::System).await?;
        tx.execute(&FORGET, (now,)).await?;
        let (tenant, person) = (caller.tenant, caller.person);
        let values = (id, tenant, person, platform, sealed, now, now + PATIENCE);
        tx.execute_one(&PUT, values).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The accounts that a person can choose among.
    pub async fn offered(&self, caller: &Caller, id: OfferId) -> Result<Offer, Problem> {
        caller.require(Permission::AccountsManage)?;
        let (platform, connections) = self.open_offer(caller, id).await?;
        let mut choices = Vec::new();
        for connection in connections {
            let same = self.find_same(caller.tenant, platform, &connection).await?;
            let profile = connection.profile;
            choices.push(OfferedAccount {
                key: profile.platform_account_id,
                kind: profile.kind,
                display_name: profile.display_name,
                username: profile.username,
                avatar_url: profile.avatar_url,
                already_connected: same.is_some_and(|stored| stored.removed_at.is_none()),
            });
        }
        Ok(Offer {
            id,
            platform,
            choices,
        })
    }

    /// Connects the chosen ones. The offer is then over.
    pub async fn take_offer(
        &self,
        caller: &Caller,
        id: OfferId,
        keys: &[String],
    ) -> Result<Vec<SocialAccount>, Problem> {
        caller.require(Permission::AccountsManage)?;
        let (platform, connections) = self.open_offer(caller, id).await?;
        let is_offered = |key: &String| {
            let same = |connection: &Connection| connection.profile.platform_account_id == *key;
            connections.iter().any(same)
        };
        if keys.is_empty() || !keys.iter().all(is_offered) {
            let message = "Choose at least one of the accounts in the list.";
            return Err(Problem::field("keys", "unknown_choice", message));
        }
        let mut accounts = Vec::new();
        for connection in connections {
            if keys.contains(&connection.profile.platform_account_id) {
                accounts.push(self.keep(caller, platform, None, connection).await?);
            }
        }
        let mut tx = self.db.write(Scope::System).await?;
        tx.execute(&DROP, (id,)).await?;
        tx.commit().await?;
        Ok(accounts)
    }

    async fn open_offer(
        &self,
        caller: &Caller,
        id: OfferId,
    ) -> Result<(Platform, Vec<Connection>), Problem> {
        let mut tx = self.db.read(Scope::System).await?;
        let row: Option<Row> = tx.optional(&GET, (id,)).await?;
        drop(tx);
        let now = self.env.now();
        let row = row
            .filter(|row| row.tenant_id == caller.tenant && row.person_id == caller.person)
            .filter(|row| now < row.expires_at)
            .ok_or_else(|| {
                Problem::new(
                    Code::NotFound,
                    "This choice was made already, or it waited for more than half an hour. \
                     Please connect the account again.",
                )
            })?;
        let secret = self
            .vault
            .open(&row.secret, &context(row.tenant_id, &id))
            .await?;
        let kept: Vec<Kept> = serde_json::from_slice(&secret).map_err(Problem::internal)?;
        Ok((
            row.platform,
            kept.into_iter().map(Connection::from).collect(),
        ))
    }
}

impl From<Connection> for Kept {
    fn from(connection: Connection) -> Self {
        Self {
            profile: connection.profile,
            server: connection.server,
            secret: connection.credentials.secret.expose_secret().to_owned(),
            expires_at: connection.credentials.expires_at,
            limits: connection.limits,
        }
    }
}

impl From<Kept> for Connection {
    fn from(kept: Kept) -> Self {
        Self {
            profile: kept.profile,
            server: kept.server,
            credentials: Credentials {
                secret: kept.secret.into(),
                expires_at: kept.expires_at,
            },
            limits: kept.limits,
        }
    }
}

fn context(tenant: TenantId, id: &OfferId) -> Context<'_> {
    Context {
        tenant: Some(tenant),
        purpose: "account-offer",
        record: id.0.as_bytes(),
    }
}
