//! Background work.

use std::time::Duration;

use futures::{StreamExt, future::ready, stream};
use kernel::TenantId;
use store::Scope;

use crate::{AccountError, AccountStatus, Accounts, SocialAccountId, repo};

/// Tokens are renewed this long before they expire: earlier than acting as the account would, so
/// that no post waits for it.
const AHEAD: Duration = Duration::from_mins(10);
/// After a failure the next try is this much later.
const PAUSE: Duration = Duration::from_mins(3);
/// Accounts of one call.
const BATCH: i64 = 100;
/// Renewals at the same time: a server that hangs must not hold up the others.
const AT_ONCE: usize = 8;

/// Renews tokens that expire soon, of all tenants, at most a hundred. Answers how many it renewed.
///
/// To be called about once a minute, in every process that does background work: leases keep
/// them apart.
pub async fn refresh_expiring(accounts: &Accounts) -> store::Result<usize> {
    let now = accounts.env.now();
    let mut tx = accounts.db.read(Scope::System).await?;
    let due = repo::due(&mut tx, now + AHEAD, BATCH).await?;
    drop(tx);
    let renewals = due
        .into_iter()
        .map(|(tenant, id)| renew(accounts, tenant, id));
    let renewed = stream::iter(renewals)
        .buffer_unordered(AT_ONCE)
        .filter(|did| ready(*did));
    Ok(renewed.count().await)
}

/// Renews one account's token if it is still due, and notes when it is due next. Answers whether
/// it did.
async fn renew(accounts: &Accounts, tenant: TenantId, id: SocialAccountId) -> bool {
    let now = accounts.env.now();
    let outcome = match accounts.stored(tenant, id).await {
        Ok(stored) if stored.status == AccountStatus::Expired => {
            accounts.note_expiry(tenant, id, None).await;
            return false;
        }
        Ok(stored) => match stored.expires_at {
            Some(at) if at <= now + AHEAD => {
                accounts
                    .refresh_after_refusal(tenant, id, stored.secret_version)
                    .await
            }
            // Somebody else was quicker.
            other => {
                accounts.note_expiry(tenant, id, other).await;
                return false;
            }
        },
        Err(error) => Err(error),
    };
    match outcome {
        Ok(_) => return true,
        Err(
            AccountError::Removed
            | AccountError::Reconnect { .. }
            | AccountError::Store(store::Error::NoSuchTenant(_)),
        ) => accounts.note_expiry(tenant, id, None).await,
        Err(error) => {
            let error = chain(&error);
            tracing::warn!(%tenant, account = %id, error, "a token was not renewed");
            accounts
                .note_expiry(tenant, id, Some(now + AHEAD + PAUSE))
                .await;
        }
    }
    false
}

/// An error and its causes on one line.
fn chain(error: &AccountError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        text = format!("{text}: {deeper}");
        cause = deeper.source();
    }
    text
}
