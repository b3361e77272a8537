//! Opening an account's credentials, and renewing them before they expire.
//!
//! Renewing is done once, however many ask: within a process by a lock per account, between
//! processes by a lease in the account's row. Whoever finishes late can't overwrite newer
//! credentials, because every change of them raises `secret_version`, and a renewal is stored only
//! over the version that it renewed.

use std::{sync::Arc, time::Duration};

use kernel::{TenantId, Timestamp};
use moka::future::Cache as Moka;
use networks::{
    ErrorKind, NetworkError,
    connector::{Account, Credentials},
};
use secrecy::{ExposeSecret, SecretString};
use store::{Scope, Tx};
use tokio::sync::Mutex;
use url::Url;
use vault::Context;

use crate::{
    AccountError, AccountStatus, Accounts, SocialAccountId, Stored,
    repo::{self, SealedCredentials},
};

/// Credentials are renewed this long before they expire.
const AHEAD: Duration = Duration::from_secs(5 * 60);
/// The right to renew is held this long: longer than the few requests that it takes.
const LEASE: Duration = Duration::from_secs(90);
/// How often to look whether another process has finished renewing.
const POLL: Duration = Duration::from_millis(200);
/// How many looks it takes to outlast a lease.
const POLLS: u128 = LEASE.as_millis() / POLL.as_millis() + 1;
/// Opened credentials are kept in memory this long; they are wiped when they leave it.
const KEEP: Duration = Duration::from_secs(5 * 60);

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
    renewing: Moka<(TenantId, SocialAccountId), Arc<Mutex<()>>>,
}

impl Cache {
    pub(crate) fn new() -> Self {
        Self {
            opened: Moka::builder()
                .max_capacity(10_000)
                .time_to_live(KEEP)
                .build(),
            renewing: Moka::builder()
                .max_capacity(10_000)
                .time_to_idle(LEASE * 2)
                .build(),
        }
    }
}

/// Who may renew an account's credentials.
enum Claim {
    /// We may, until that instant.
    Ours(Box<Stored>, Timestamp),
    /// Nobody needs to: newer credentials are stored.
    Done(Box<Stored>),
    /// Another process does.
    Theirs,
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

    /// Newer credentials than those of `secret_version`, which the network took no more
    /// ([`ErrorKind::TokenExpired`]). They are fetched once, however many ask at the same time.
    pub async fn refresh_after_refusal(
        &self,
        tenant: TenantId,
        id: SocialAccountId,
        secret_version: i64,
    ) -> Result<Acting, AccountError> {
        let accounts = self.clone();
        // On a task of its own: should the caller go away, the credentials that the network has
        // already exchanged must still be stored.
        let renewal = tokio::spawn(async move { accounts.renew(tenant, id, secret_version).await });
        match renewal.await {
            Ok(result) => result,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(not_now(
                "AllIN is stopping. It goes on after it has started again.",
            )),
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
        let Some(expires_at) = stored.expires_at.filter(|at| *at <= now + AHEAD) else {
            return self.open(tenant, stored).await;
        };
        match self
            .refresh_after_refusal(tenant, stored.id, stored.secret_version)
            .await
        {
            // The old token serves for the moment, and the network may have recovered by the next.
            Err(AccountError::Network(_)) if now < expires_at => self.open(tenant, stored).await,
            result => result,
        }
    }

    async fn renew(
        &self,
        tenant: TenantId,
        id: SocialAccountId,
        seen: i64,
    ) -> Result<Acting, AccountError> {
        let lock = self
            .credentials
            .renewing
            .get_with((tenant, id), async { Arc::default() })
            .await;
        let _alone = lock.lock().await;
        for _ in 0..POLLS {
            match self.claim(tenant, id, seen).await? {
                Claim::Ours(stored, until) => return self.exchange(tenant, &stored, until).await,
                Claim::Done(stored) => return self.open(tenant, &stored).await,
                Claim::Theirs => tokio::time::sleep(POLL).await,
            }
        }
        Err(not_now(
            "Another process of AllIN is renewing this account's access. Try again soon.",
        ))
    }

    async fn claim(
        &self,
        tenant: TenantId,
        id: SocialAccountId,
        seen: i64,
    ) -> Result<Claim, AccountError> {
        let now = self.env.now();
        let mut tx = self.db.write(Scope::Tenant(tenant)).await?;
        let stored = repo::get(&mut tx, id).await?.ok_or(AccountError::Removed)?;
        if stored.secret_version != seen {
            return Ok(Claim::Done(Box::new(stored)));
        }
        let until = now + LEASE;
        if !repo::lease(&mut tx, &stored, until, now).await? {
            return Ok(Claim::Theirs);
        }
        tx.commit().await?;
        Ok(Claim::Ours(Box::new(stored), until))
    }

    /// Asks the network for new credentials and stores them. We hold the lease.
    async fn exchange(
        &self,
        tenant: TenantId,
        stored: &Stored,
        until: Timestamp,
    ) -> Result<Acting, AccountError> {
        let error = match self.ask_for_new(tenant, stored).await {
            Ok(credentials) => return self.store_renewed(tenant, stored, &credentials).await,
            Err(error) => error,
        };
        let mut tx = self.db.write(Scope::Tenant(tenant)).await?;
        repo::release(&mut tx, stored, until).await?;
        tx.commit().await?;
        match error {
            AccountError::Network(NetworkError {
                kind: ErrorKind::Reconnect | ErrorKind::TokenExpired,
                message,
                detail,
                ..
            }) => {
                tracing::info!(%tenant, account = %stored.id, detail, "an account's access expired");
                self.mark_expired(tenant, stored.id, stored.secret_version, &message)
                    .await?;
                self.note_expiry(tenant, stored.id, None).await;
                Err(AccountError::Reconnect { message })
            }
            error => Err(error),
        }
    }

    async fn ask_for_new(
        &self,
        tenant: TenantId,
        stored: &Stored,
    ) -> Result<Credentials, AccountError> {
        let acting = self.open(tenant, stored).await?;
        networks::connector(stored.platform)
            .refresh(&self.net, &acting.account)
            .await
            .map_err(AccountError::Network)
    }

    async fn store_renewed(
        &self,
        tenant: TenantId,
        stored: &Stored,
        credentials: &Credentials,
    ) -> Result<Acting, AccountError> {
        let sealed = self.seal(tenant, stored.id, credentials).await?;
        let expires_at = sealed.expires_at;
        let mut tx = self.db.write(Scope::Tenant(tenant)).await?;
        let stored_now = repo::renew(&mut tx, stored, sealed, self.env.now()).await?;
        if stored_now && stored.status != AccountStatus::Connected {
            repo::announce(&mut tx, &self.env, "account.updated", stored.id).await?;
        }
        let current = repo::get(&mut tx, stored.id)
            .await?
            .ok_or(AccountError::Removed)?;
        tx.commit().await?;
        if stored_now {
            self.note_expiry(tenant, stored.id, expires_at).await;
        }
        self.open(tenant, &current).await
    }

    /// Notes when a token expires. It is a hint for [`jobs`](crate::jobs), so failing to note it
    /// is no reason to fail: acting as the account renews it, too.
    pub(crate) async fn note_expiry(
        &self,
        tenant: TenantId,
        id: SocialAccountId,
        expires_at: Option<Timestamp>,
    ) {
        let noted = async {
            let mut tx = self.db.write(Scope::System).await?;
            repo::set_expiry(&mut tx, tenant, id, expires_at).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            tracing::warn!(%tenant, account = %id, %error, "a token's expiry was not noted");
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
        Ok(SealedCredentials {
            secret,
            expires_at: credentials.expires_at,
        })
    }

    async fn open(&self, tenant: TenantId, stored: &Stored) -> Result<Acting, AccountError> {
        let key = (
            tenant,
            stored.id,
            stored.secret_version,
            stored.updated_at.as_micros(),
        );
        let account = match self.credentials.opened.get(&key).await {
            Some(account) => account,
            None => {
                let account = Arc::new(self.open_sealed(tenant, stored).await?);
                self.credentials
                    .opened
                    .insert(key, Arc::clone(&account))
                    .await;
                account
            }
        };
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
        })
    }
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

fn not_now(message: &str) -> AccountError {
    let detail = "credentials were not renewed";
    AccountError::Network(NetworkError::not_sent(
        ErrorKind::Temporary,
        message,
        detail,
    ))
}
