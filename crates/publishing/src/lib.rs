//! Publishes scheduled posts: on time, once, and truthfully.
//!
//! Two halves share the queue in the tenant's database:
//!
//! * The **actions** ([`actions`], called by the routes) put posts into the queue and take them
//!   out: create, edit, schedule, publish now, cancel, retry, resolve, take down.
//! * The **worker** ([`Worker`]) finds tenants that have something due by their wake-up
//!   (`wakeup.rs`), claims their jobs (`worker/turn.rs`), and walks each through the steps of its
//!   network (`worker/steps.rs`), with a journal row on the disk before each step that the world
//!   can see (`worker/journal.rs`). A post with files is walked twice: ahead of its time as far as
//!   nobody sees it, and at its time.
//!
//! What makes it *once*: a job is claimed under a lease and a growing attempt number; every write
//! of the journal is refused to a worker that no longer holds them; and an attempt that finds a
//! public step sent without an answer looks on the network before it sends anything again. Where
//! nobody can tell, a person decides (`needs_attention`).

pub mod actions;
mod events;
mod job;
mod repo;
mod routes;
#[cfg(test)]
mod tests;
mod wakeup;
mod worker;
mod workers;

use std::{sync::Arc, time::Duration};

use accounts::Accounts;
use content::Content;
use identity::Identity;
use kernel::{Env, Problem, TenantId, Timestamp};
use networks::Net;
use store::Db;
use tokio::sync::Notify;

pub use routes::routes;
pub use worker::Worker;

/// Publishing: the use cases, and what the worker runs on. Cheap to clone.
#[derive(Clone)]
pub struct Publishing {
    db: Db,
    env: Env,
    identity: Identity,
    accounts: Accounts,
    content: Content,
    net: Net,
    /// Wakes this process's worker when something was scheduled here.
    poke: Arc<Notify>,
}

impl std::fmt::Debug for Publishing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Publishing")
    }
}

impl Publishing {
    /// Publishing on top of the capabilities below it.
    pub fn new(
        db: Db,
        env: Env,
        identity: Identity,
        accounts: Accounts,
        content: Content,
        net: Net,
    ) -> Self {
        Self {
            db,
            env,
            identity,
            accounts,
            content,
            net,
            poke: Arc::new(Notify::new()),
        }
    }

    /// When any worker of the installation was last seen, for the readiness check.
    pub async fn worker_seen_at(&self) -> Result<Option<Timestamp>, Problem> {
        Ok(workers::latest(&self.db).await?)
    }

    /// Tells the workers that the tenant has something due at `at`. After the commit: see
    /// [`wakeup`] for what happens if this is lost.
    async fn wake(&self, tenant: TenantId, at: Timestamp) {
        if let Err(error) = wakeup::hint(&self.db, tenant, at).await {
            tracing::warn!(%tenant, %error, "a wake-up was not written; the sweep will find the post");
        }
        self.poke.notify_one();
    }

    /// How late a post of the tenant may be before a person is asked.
    async fn late_after(&self, tenant: TenantId) -> Duration {
        match self.identity.tenant(tenant).await {
            Ok(tenant) => {
                let minutes = u64::try_from(tenant.publish_late_within_minutes).unwrap_or(0);
                // A minute at least: an ordinary delay is not an outage.
                Duration::from_secs(60 * minutes.max(1))
            }
            Err(problem) => {
                tracing::warn!(%tenant, %problem, "the missed-post policy could not be read");
                Duration::from_hours(1)
            }
        }
    }
}
