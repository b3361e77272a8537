//! Background work.

use std::{sync::Arc, time::Duration};

use futures::{StreamExt, future::ready, stream};
use kernel::TenantId;
use store::Scope;

use crate::{AccountError, AccountStatus, Accounts, SocialAccountId, repo};

/// After a failure the next try is this much later.
const PAUSE: Duration = Duration::from_mins(3);
/// Accounts of one call.
const BATCH: i64 = 100;
/// Renewals at the same time: a server that hangs must not hold up the others.
const AT_ONCE: usize = 8;

/// Begins to renew tokens that expire soon, of all tenants, at most a hundred. Answers how many it
/// began with; it does not wait for them, because a server that hangs must not hold up the caller.
///
/// To be called about once a minute, in every process that does background work: leases keep
/// them apart. While the last call's renewals are under way, it does nothing.
pub async fn refresh_expiring(accounts: &Accounts) -> store::Result<usize> {
    let Ok(alone) = Arc::clone(&accounts.credentials.ahead_of_time).try_lock_owned() else {
        return Ok(0);
    };
    let due = due(accounts).await?;
    let count = due.len();
    let accounts = accounts.clone();
    tokio::spawn(async move {
        renew_all(&accounts, due).await;
        drop(alone);
    });
    Ok(count)
}

/// The accounts whose tokens are to be renewed, the most urgent first.
pub(crate) async fn due(accounts: &Accounts) -> store::Result<Vec<(TenantId, SocialAccountId)>> {
    let mut tx = accounts.db.read(Scope::System).await?;
    repo::due(&mut tx, accounts.env.now(), BATCH).await
}

/// Renews tokens, a few at a time. Answers how many it renewed.
pub(crate) async fn renew_all(accounts: &Accounts, due: Vec<(TenantId, SocialAccountId)>) -> usize {
    let renewals = due
        .into_iter()
        .map(|(tenant, id)| renew(accounts, tenant, id));
    let renewed = stream::iter(renewals)
        .buffer_unordered(AT_ONCE)
        .filter(|did| ready(*did));
    renewed.count().await
}

/// Renews one account's token if it is still due, and notes when it is due next. Answers whether
/// it did.
async fn renew(accounts: &Accounts, tenant: TenantId, id: SocialAccountId) -> bool {
    let now = accounts.env.now();
    let outcome = match accounts.stored(tenant, id).await {
        Ok(stored) if stored.status == AccountStatus::Expired => {
            accounts.note_due(tenant, id, None).await;
            return false;
        }
        Ok(stored) => match stored.due_at() {
            Some(at) if at <= now => {
                accounts
                    .refresh_after_refusal(tenant, id, stored.secret_version)
                    .await
            }
            // Somebody else was quicker.
            other => {
                accounts.note_due(tenant, id, other).await;
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
        ) => accounts.note_due(tenant, id, None).await,
        Err(error) => {
            let error = chain(&error);
            tracing::warn!(%tenant, account = %id, error, "a token was not renewed");
            accounts.note_due(tenant, id, Some(now + PAUSE)).await;
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
