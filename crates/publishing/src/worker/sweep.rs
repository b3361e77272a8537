//! What keeps the rest honest: wake-ups recomputed, leases kept, old events forgotten.

use std::time::Duration;

use kernel::{Problem, TenantId};
use store::{Scope, outbox};

use super::{Worker, lease, turn};
use crate::{repo::jobs, wakeup, workers};

/// How often every tenant's wake-up is recomputed from its jobs.
const EVERY: Duration = Duration::from_mins(1);
/// How often the worker's leases are extended and its sign of life is written.
const HEARTBEAT: Duration = lease::EXTEND_EVERY;
/// How long events stay in the outbox.
const KEEP_EVENTS: Duration = Duration::from_hours(720);

/// Runs until the worker's task is aborted.
pub(crate) async fn run(worker: Worker) {
    let mut sweep = tokio::time::interval(EVERY);
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    loop {
        let result = tokio::select! {
            _ = heartbeat.tick() => beat(&worker).await,
            _ = sweep.tick() => all(&worker).await,
        };
        if let Err(problem) = result {
            tracing::error!(%problem, "the worker's upkeep failed; it is tried again");
        }
    }
}

async fn beat(worker: &Worker) -> Result<(), Problem> {
    let publishing = &worker.publishing;
    let now = publishing.env.now();
    workers::seen(&publishing.db, worker.id, now).await?;
    wakeup::extend(&publishing.db, worker.id, now + lease::LEASE).await?;
    accounts::jobs::refresh_expiring(&publishing.accounts).await?;
    Ok(())
}

async fn all(worker: &Worker) -> Result<(), Problem> {
    for tenant in worker.publishing.identity.tenants().await? {
        if let Err(problem) = one(worker, tenant).await {
            tracing::error!(%tenant, %problem, "a tenant could not be swept");
        }
        // Upkeep never competes with posts that are due.
        tokio::task::yield_now().await;
    }
    Ok(())
}

async fn one(worker: &Worker, tenant: TenantId) -> Result<(), Problem> {
    let publishing = &worker.publishing;
    let now = publishing.env.now();
    let only_worker = worker.alone.then_some(worker.id);
    // There is rarely anything to write, and looking is in nobody's way.
    let mut tx = publishing.db.read(Scope::Tenant(tenant)).await?;
    let abandoned = jobs::any_abandoned(&mut tx, now, only_worker).await?;
    let outdated = outbox::any_before(&mut tx, now - KEEP_EVENTS).await?;
    let mut next = jobs::next_run(&mut tx).await?.at();
    drop(tx);
    if abandoned || outdated {
        let mut tx = publishing.db.write(Scope::Tenant(tenant)).await?;
        turn::reclaim(worker, &mut tx, now).await?;
        if let Some(worker) = only_worker {
            jobs::reclaim_of_others(&mut tx, now, worker).await?;
        }
        outbox::prune(&mut tx, now - KEEP_EVENTS).await?;
        next = jobs::next_run(&mut tx).await?.at();
        tx.commit().await?;
    }
    if let Some(at) = next {
        wakeup::hint(&publishing.db, tenant, at).await?;
        if at <= now {
            publishing.poke.notify_one();
        }
    }
    Ok(())
}
