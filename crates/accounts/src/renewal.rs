//! Renewing credentials before they expire, or after the network refused them.
//!
//! It is done once, however many ask: within a process by a lock per account, between processes
//! by a lease in the account's row. Whoever finishes late can't overwrite newer credentials,
//! because every change of them raises `secret_version`, and a renewal is stored only over the
//! version that it renewed.

use std::{sync::Arc, time::Duration};

use kernel::{TenantId, Timestamp};
use networks::{ErrorKind, NetworkError, connector::Credentials};
use store::Scope;

use crate::{AccountError, AccountStatus, Accounts, Acting, SocialAccountId, Stored, repo};

/// The right to renew is held this long: longer than the few requests that it takes.
const LEASE: Duration = Duration::from_secs(90);
/// How often to look whether another process has finished renewing.
const POLL: Duration = Duration::from_millis(200);
/// How many looks it takes to outlast a lease.
const POLLS: u128 = LEASE.as_millis() / POLL.as_millis() + 1;
/// A failure answers everybody who asks this soon after it. A hundred posts that wait for a server
/// that is down must not each wait for it in turn, nor each try a password that it refused.
const PAUSE: Duration = Duration::from_secs(10);

/// What became of the last renewal of an account in this process, if it failed.
pub(crate) type LastRenewal = Option<Failure>;

/// A renewal that failed.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    secret_version: i64,
    at: Timestamp,
    error: NetworkError,
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

    async fn renew(
        &self,
        tenant: TenantId,
        id: SocialAccountId,
        seen: i64,
    ) -> Result<Acting, AccountError> {
        let lock = self
            .credentials
            .renewals
            .get_with((tenant, id), async { Arc::default() })
            .await;
        let mut last = lock.lock().await;
        let stored = self.stored(tenant, id).await?;
        if stored.secret_version != seen {
            return self.open(tenant, &stored).await;
        }
        if let Some(failure) = &*last
            && failure.secret_version == seen
            && self.env.now().since(failure.at) < PAUSE
        {
            return Err(for_caller(failure.error.clone()));
        }
        let acting = self.open(tenant, &stored).await?;
        for _ in 0..POLLS {
            match self.claim(tenant, id, seen).await? {
                Claim::Ours(stored, until) => {
                    let result = self.exchange(tenant, &stored, &acting, until).await?;
                    *last = result.as_ref().err().map(|error| Failure {
                        secret_version: seen,
                        at: self.env.now(),
                        error: error.clone(),
                    });
                    return result.map_err(for_caller);
                }
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

    /// Asks the network for new credentials and stores them. We hold the lease. The inner error
    /// is the network's.
    async fn exchange(
        &self,
        tenant: TenantId,
        stored: &Stored,
        acting: &Acting,
        until: Timestamp,
    ) -> Result<Result<Acting, NetworkError>, AccountError> {
        let connector = networks::connector(stored.platform);
        let error = match connector.refresh(&self.net, &acting.account).await {
            Ok(credentials) => {
                return self
                    .store_renewed(tenant, stored, &credentials)
                    .await
                    .map(Ok);
            }
            Err(error) => error,
        };
        let mut tx = self.db.write(Scope::Tenant(tenant)).await?;
        repo::release(&mut tx, stored, until).await?;
        tx.commit().await?;
        tracing::info!(%tenant, account = %stored.id, %error, "credentials were not renewed");
        if needs_person(&error) {
            let (id, version) = (stored.id, stored.secret_version);
            self.mark_expired(tenant, id, version, &error.message)
                .await?;
            self.note_due(tenant, id, None).await;
        }
        Ok(Err(error))
    }

    async fn store_renewed(
        &self,
        tenant: TenantId,
        stored: &Stored,
        credentials: &Credentials,
    ) -> Result<Acting, AccountError> {
        let sealed = self.seal(tenant, stored.id, credentials).await?;
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
            self.note_due(tenant, stored.id, current.due_at()).await;
        }
        self.open(tenant, &current).await
    }

    /// Notes when a token is to be renewed. It is a hint for [`jobs`](crate::jobs), so failing to
    /// note it is no reason to fail: acting as the account renews it, too.
    pub(crate) async fn note_due(
        &self,
        tenant: TenantId,
        id: SocialAccountId,
        due_at: Option<Timestamp>,
    ) {
        let noted = async {
            let mut tx = self.db.write(Scope::System).await?;
            repo::set_due(&mut tx, tenant, id, due_at).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            tracing::warn!(%tenant, account = %id, %error, "when to renew a token was not noted");
        }
    }
}

/// Whether only connecting the account again can help.
fn needs_person(error: &NetworkError) -> bool {
    matches!(error.kind, ErrorKind::Reconnect | ErrorKind::TokenExpired)
}

fn for_caller(error: NetworkError) -> AccountError {
    if needs_person(&error) {
        AccountError::Reconnect {
            message: error.message,
        }
    } else {
        AccountError::Network(error)
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
