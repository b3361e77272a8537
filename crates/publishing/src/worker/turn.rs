//! One tenant's turn: claim what is due, publish it, give the tenant back.

use std::{collections::HashMap, time::Instant};

use accounts::{SocialAccountId, Stored};
use content::{TargetId, TargetOutcome, TargetStatus, ToPublish};
use kernel::{Problem, TenantId, Timestamp};
use store::{Scope, outbox};
use tokio::task::JoinSet;

use super::{
    Worker,
    attempt::{Attempt, Start},
    journal::Journal,
    lease::{EXTEND_EVERY, LEASE, Lease},
};
use crate::{
    events,
    job::{Claimed, EarlierStep},
    repo::{jobs, steps},
    wakeup,
};

/// Jobs claimed at once.
const BATCH: i64 = 200;
/// Batches of one turn: then other tenants come first.
const BATCHES: usize = 4;

/// What one claim brings along.
#[derive(Default)]
struct Batch {
    jobs: Vec<Claimed>,
    targets: HashMap<TargetId, ToPublish>,
    stored: HashMap<SocialAccountId, Stored>,
    earlier: HashMap<TargetId, Vec<EarlierStep>>,
}

/// Publishes what the tenant has due, within the bounds of one turn.
///
/// Answers when the tenant's next job is due.
pub(crate) async fn run(worker: &Worker, tenant: TenantId) -> Result<Timestamp, Problem> {
    let journal = Journal::open(worker.clone(), tenant);
    for _ in 0..BATCHES {
        if worker.stopping.is_cancelled() {
            break;
        }
        let claimed_at = Instant::now();
        let batch = claim(worker, tenant).await?;
        let full = i64::try_from(batch.jobs.len()) == Ok(BATCH);
        if !batch.jobs.is_empty() {
            publish(worker, tenant, batch, &journal, Lease::from(claimed_at)).await;
        }
        if !full {
            break;
        }
    }
    let mut tx = worker.publishing.db.read(Scope::Tenant(tenant)).await?;
    Ok(jobs::next_run(&mut tx).await?.at().unwrap_or(wakeup::NEVER))
}

/// Takes due jobs, with all that publishing them needs, in one transaction.
async fn claim(worker: &Worker, tenant: TenantId) -> Result<Batch, Problem> {
    let publishing = &worker.publishing;
    let now = publishing.env.now();
    let mut tx = publishing.db.write(Scope::Tenant(tenant)).await?;
    jobs::reclaim(&mut tx, now, None).await?;
    let jobs = jobs::claim(&mut tx, worker.id, now, now + LEASE, BATCH).await?;
    if jobs.is_empty() {
        tx.commit().await?;
        return Ok(Batch::default());
    }
    let ids: Vec<TargetId> = jobs.iter().map(|job| job.id).collect();
    let tried: Vec<TargetId> = jobs
        .iter()
        .filter(|job| job.attempt > 1)
        .map(|job| job.id)
        .collect();
    let mut account_ids: Vec<SocialAccountId> = jobs.iter().map(|job| job.account_id).collect();
    account_ids.sort_unstable();
    account_ids.dedup();

    let targets = publishing
        .content
        .load_for_publishing(&mut tx, tenant, &ids)
        .await?;
    let stored = publishing.accounts.load(&mut tx, &account_ids).await?;
    let mut earlier: HashMap<TargetId, Vec<EarlierStep>> = HashMap::new();
    for step in steps::earlier(&mut tx, &tried).await? {
        earlier.entry(step.job).or_default().push(step);
    }
    let outcomes: Vec<TargetOutcome> = jobs
        .iter()
        .map(|job| TargetOutcome {
            target: job.id,
            status: TargetStatus::Publishing,
            problem: None,
            attempts: Some(job.attempt),
            scheduled_at: None,
            published: None,
        })
        .collect();
    let applied = publishing
        .content
        .set_target_states(&mut tx, &outcomes)
        .await?;
    outbox::append(&mut tx, &events::of_changes(&publishing.env, &applied)).await?;
    tx.commit().await?;
    Ok(Batch {
        jobs,
        targets: targets
            .into_iter()
            .map(|target| (target.target, target))
            .collect(),
        stored: stored
            .into_iter()
            .map(|stored| (stored.id(), stored))
            .collect(),
        earlier,
    })
}

/// Runs a batch's attempts side by side, and keeps their lease alive meanwhile.
async fn publish(worker: &Worker, tenant: TenantId, batch: Batch, journal: &Journal, lease: Lease) {
    let Batch {
        jobs,
        mut targets,
        stored,
        mut earlier,
    } = batch;
    let late_after = worker.publishing.late_after(tenant).await;
    // A task each: one that panics takes no other with it.
    let mut attempts = JoinSet::new();
    for job in jobs {
        let start = Start {
            target: targets.remove(&job.id),
            stored: stored.get(&job.account_id).cloned(),
            earlier: earlier.remove(&job.id).unwrap_or_default(),
            late_after,
        };
        let attempt = Attempt {
            worker: worker.clone(),
            tenant,
            job,
            journal: journal.clone(),
            lease: lease.clone(),
        };
        attempts.spawn(attempt.run(start));
    }
    let mut extend = tokio::time::interval(EXTEND_EVERY);
    extend.tick().await;
    loop {
        tokio::select! {
            finished = attempts.join_next() => match finished {
                None => return,
                Some(Ok(())) => {}
                Some(Err(panic)) => tracing::error!(%tenant, %panic, "an attempt broke off"),
            },
            _ = extend.tick() => {
                let began = Instant::now();
                match extend_lease(worker, tenant).await {
                    Ok(()) => lease.extended(began),
                    Err(problem) => tracing::error!(%tenant, %problem, "a lease could not be extended"),
                }
            }
        }
    }
}

async fn extend_lease(worker: &Worker, tenant: TenantId) -> Result<(), Problem> {
    let until = worker.publishing.env.now() + LEASE;
    let mut tx = worker.publishing.db.write(Scope::Tenant(tenant)).await?;
    jobs::extend(&mut tx, worker.id, until).await?;
    tx.commit().await?;
    Ok(())
}
