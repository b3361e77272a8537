//! Opening and sealing an account's credentials, and acting as the account.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use kernel::{TenantId, Timestamp};
use moka::future::Cache as Moka;
use networks::{
    ErrorKind, Net, NetworkError,
    connector::{Account, Credentials},
};
use secrecy::{ExposeSecret, SecretString};
use store::{Scope, Tx};
use tokio::sync::Mutex;
use url::Url;
use vault::Context;

use crate::{
    AccountError, AccountStatus, Accounts, SocialAccountId, Stored,
    renewal::LastRenewal,
    repo::{self, SealedCredentials},
};

/// Credentials are renewed this long before they expire, or in the last quarter of a shorter life.
const AHEAD: Duration = Duration::from_mins(5);
/// Opened credentials are kept in memory this long; they are wiped when they leave it.
const KEEP: Duration = Duration::from_mins(5);

/// An account to act as, its credentials opened.
#[derive(Clone, Debug)]
pub struct Acting {
    /// Its id.
    pub id: SocialAccountId,
    /// Which version of the credentials these are; see [`Accounts::refresh_after_refusal`].
    pub secret_version: i64,
    /// What a connector needs.
    pub account: Arc<Account>,
}

/// Credentials opened a moment ago, and who is renewing some. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    /// By the account, the version of its credentials and the microsecond of its last change.
    opened: Moka<(TenantId, SocialAccountId, i64, i64), Arc<Account>>,
    pub(crate) renewals: Moka<(TenantId, SocialAccountId), Arc<Mutex<LastRenewal>>>,
    /// Held while [`jobs`](crate::jobs) renew.
    pub(crate) ahead_of_time: Arc<Mutex<()>>,
}

impl Cache {
    pub(crate) fn new() -> Self {
        Self {
            opened: Moka::builder()
                .max_capacity(10_000)
                .time_to_live(KEEP)
                .build(),
            renewals: Moka::builder()
                .max_capacity(10_000)
                .time_to_idle(KEEP)
                .build(),
            ahead_of_time: Arc::default(),
        }
    }

    /// Empties the cache: what accounts are acted with has changed behind its back.
    pub(crate) async fn forget_all(&self) {
        self.opened.invalidate_all();
        self.opened.run_pending_tasks().await;
    }
}

impl Accounts {
    /// The accounts with these ids, removed ones included, in no particular order. One query.
    pub async fn load(&self, tx: &mut Tx, ids: &[SocialAccountId]) -> store::Result<Vec<Stored>> {
        repo::load(tx, ids).await
    }

    /// Opens an account's credentials, renewing them if they are about to expire.
    ///
    /// May speak to the network: call it with no transaction open.
    pub async fn act(&self, tenant: TenantId, stored: Stored) -> Result<Acting, AccountError> {
        match stored.status {
            AccountStatus::Disconnected => Err(AccountError::Removed),
            AccountStatus::Expired => Err(must_reconnect(&stored)),
            AccountStatus::Connected | AccountStatus::Error => self.fresh(tenant, &stored).await,
        }
    }

    /// [`Accounts::load`] and [`Accounts::act`] for one account.
    pub async fn acting(
        &self,
        tenant: TenantId,
        id: SocialAccountId,
    ) -> Result<Acting, AccountError> {
        let stored = self.stored(tenant, id).await?;
        self.act(tenant, stored).await
    }

    /// Asks the network something as an account; once more with renewed credentials if it takes
    /// the present ones no more.
    pub async fn ask<T>(
        &self,
        tenant: TenantId,
        id: SocialAccountId,
        question: impl Fn(Net, Arc<Account>) -> BoxFuture<'static, Result<T, NetworkError>>,
    ) -> Result<T, AccountError> {
        let acting = self.acting(tenant, id).await?;
        let version = acting.secret_version;
        match question(self.net.clone(), acting.account).await {
            Err(error) if error.kind == ErrorKind::TokenExpired => {
                let acting = self.refresh_after_refusal(tenant, id, version).await?;
                Ok(question(self.net.clone(), acting.account).await?)
            }
            answer => Ok(answer?),
        }
    }

    /// Notes that the network wants the person to connect again, unless the credentials have
    /// changed since `secret_version` was acted with.
    pub async fn mark_expired(
        &self,
        tenant: TenantId,
        id: SocialAccountId,
        secret_version: i64,
        message: &str,
    ) -> store::Result<()> {
        self.note_status(tenant, id, secret_version, AccountStatus::Expired, message)
            .await
    }

    pub(crate) async fn note_status(
        &self,
        tenant: TenantId,
        id: SocialAccountId,
        secret_version: i64,
        status: AccountStatus,
        message: &str,
    ) -> store::Result<()> {
        let now = self.env.now();
        let mut tx = self.db.write(Scope::Tenant(tenant)).await?;
        if repo::set_status(&mut tx, id, secret_version, status, message, now).await? {
            repo::announce(&mut tx, &self.env, "account.updated", id).await?;
        }
        tx.commit().await
    }

    /// The account as it is stored, if it was not removed.
    pub(crate) async fn stored(
        &self,
        tenant: TenantId,
        id: SocialAccountId,
    ) -> Result<Stored, AccountError> {
        let mut tx = self.db.read(Scope::Tenant(tenant)).await?;
        repo::get(&mut tx, id).await?.ok_or(AccountError::Removed)
    }

    /// Opens the credentials whatever the account's status, renewing them if they are about to
    /// expire.
    pub(crate) async fn fresh(
        &self,
        tenant: TenantId,
        stored: &Stored,
    ) -> Result<Acting, AccountError> {
        let now = self.env.now();
        if stored.renew_at.is_none_or(|at| now < at) {
            return self.open(tenant, stored).await;
        }
        match self
            .refresh_after_refusal(tenant, stored.id, stored.secret_version)
            .await
        {
            // The old token serves for the moment, and the network may have recovered by the next.
            Err(AccountError::Network(_)) if stored.expires_at.is_some_and(|at| now < at) => {
                self.open(tenant, stored).await
            }
            result => result,
        }
    }

    pub(crate) async fn seal(
        &self,
        tenant: TenantId,
        id: SocialAccountId,
        credentials: &Credentials,
    ) -> Result<SealedCredentials, vault::Error> {
        let plaintext = credentials.secret.expose_secret().as_bytes();
        let secret = self.vault.seal(plaintext, &context(tenant, &id)).await?;
        let expires_at = credentials.expires_at;
        let renew_at = expires_at.and_then(|at| renew_at(at, self.env.now()));
        Ok(SealedCredentials {
            secret,
            expires_at,
            renew_at,
        })
    }

    pub(crate) async fn open(
        &self,
        tenant: TenantId,
        stored: &Stored,
    ) -> Result<Acting, AccountError> {
        let key = (
            tenant,
            stored.id,
            stored.secret_version,
            stored.updated_at.as_micros(),
        );
        if let Some(account) = self.credentials.opened.get(&key).await {
            return Ok(Acting {
                id: stored.id,
                secret_version: stored.secret_version,
                account,
            });
        }
        let account = Arc::new(self.open_sealed(tenant, stored).await?);
        self.credentials
            .opened
            .insert(key, Arc::clone(&account))
            .await;
        Ok(Acting {
            id: stored.id,
            secret_version: stored.secret_version,
            account,
        })
    }

    async fn open_sealed(
        &self,
        tenant: TenantId,
        stored: &Stored,
    ) -> Result<Account, AccountError> {
        let sealed = stored
            .secret
            .as_deref()
            .ok_or_else(|| must_reconnect(stored))?;
        let mut plaintext = self
            .vault
            .open(sealed, &context(tenant, &stored.id))
            .await?;
        let secret =
            String::from_utf8(std::mem::take(&mut *plaintext)).map_err(|_| vault::Error::Format)?;
        Ok(Account {
            platform: stored.platform,
            server: Url::parse(&stored.server).map_err(|_| vault::Error::Format)?,
            platform_account_id: stored.platform_account_id.clone(),
            username: stored.username.clone(),
            credentials: Credentials {
                secret: SecretString::from(secret),
                expires_at: stored.expires_at,
            },
            limits: stored.limits.0.clone(),
            app: self.developer_app(tenant, stored.platform).await?,
        })
    }
}

/// When credentials that expire at `expires_at` are to be renewed. `None` if they seem to have
/// expired already: then the server's clock and ours differ, and only its refusal can tell.
fn renew_at(expires_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let life = expires_at.since(now);
    (!life.is_zero()).then(|| expires_at - AHEAD.min(life / 4))
}

fn context(tenant: TenantId, id: &SocialAccountId) -> Context<'_> {
    Context {
        tenant: Some(tenant),
        purpose: "social-account",
        record: id.0.as_bytes(),
    }
}

fn must_reconnect(stored: &Stored) -> AccountError {
    AccountError::Reconnect {
        message: stored.status_message.clone().unwrap_or_else(|| {
            format!(
                "The access to {} has expired. Reconnect the account.",
                stored.username
            )
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_renewed_in_time_however_long_they_live() {
        let now = Timestamp::from_micros(1_790_000_000_000_000);
        let after = |life: Duration| renew_at(now + life, now).map(|at| at.since(now));
        assert_eq!(
            after(Duration::from_hours(2)),
            Some(Duration::from_mins(115))
        );
        assert_eq!(after(Duration::from_mins(4)), Some(Duration::from_mins(3)));
        assert_eq!(after(Duration::ZERO), None);
        assert_eq!(renew_at(now, now + Duration::from_hours(1)), None);
    }
}
