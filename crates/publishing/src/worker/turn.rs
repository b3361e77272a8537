//! One tenant's turn: take in hand what is due. Publishing it goes on when the turn is over.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use accounts::{SocialAccountId, Stored};
use content::{TargetId, TargetOutcome, TargetStatus, ToPublish};
use kernel::{Problem, TenantId, Timestamp};
use store::{Scope, outbox};
use tokio::{sync::OwnedSemaphorePermit, task::JoinSet};

use super::{
    AHEAD, ALONG, Worker,
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

/// Jobs of one turn: then other tenants come first.
const BATCH: u32 = 200;
/// No policy of missed posts is about less than this: an ordinary delay is not an outage.
const HARDLY_LATE: Duration = Duration::from_mins(1);

/// What one claim brings along.
#[derive(Default)]
struct Batch {
    jobs: Vec<Claimed>,
    targets: HashMap<TargetId, ToPublish>,
    stored: HashMap<SocialAccountId, Stored>,
    earlier: HashMap<TargetId, Vec<EarlierStep>>,
}

/// Takes in hand what the tenant has due, within the bounds of one turn.
///
/// Answers when the tenant's next job is due.
pub(crate) async fn run(worker: &Worker, tenant: TenantId) -> Result<Timestamp, Problem> {
    // Room for a whole batch, before anything is claimed.
    let mut room = tokio::select! {
        room = Arc::clone(&worker.in_hand).acquire_many_owned(BATCH) => {
            room.map_err(Problem::internal)?
        }
        () = worker.stopping.cancelled() => return Ok(worker.publishing.env.now()),
    };
    let claimed_at = Instant::now();
    let (batch, next) = claim(worker, tenant).await?;
    let unused = room.num_permits().saturating_sub(batch.jobs.len());
    drop(room.split(unused));
    if !batch.jobs.is_empty() {
        let lease = Lease::from(claimed_at);
        worker
            .tasks
            .spawn(publish(worker.clone(), tenant, batch, room, lease));
    }
    Ok(next)
}

/// Takes due jobs, with all that publishing them needs, in one transaction; and tells when the
/// next one is due.
async fn claim(worker: &Worker, tenant: TenantId) -> Result<(Batch, Timestamp), Problem> {
    let publishing = &worker.publishing;
    let now = publishing.env.now();
    let mut tx = publishing.db.write(Scope::Tenant(tenant)).await?;
    jobs::reclaim(&mut tx, now, None).await?;
    let horizon = now + AHEAD + ALONG;
    let jobs = jobs::claim(&mut tx, worker.id, now, horizon, now + LEASE, BATCH).await?;
    let next = jobs::next_run(&mut tx).await?.at().unwrap_or(wakeup::NEVER);
    if jobs.is_empty() {
        tx.commit().await?;
        return Ok((Batch::default(), next));
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
    let batch = Batch {
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
    };
    Ok((batch, next))
}

/// Runs a batch's attempts side by side, and keeps their lease alive meanwhile. `room` holds a
/// place for each.
async fn publish(
    worker: Worker,
    tenant: TenantId,
    batch: Batch,
    mut room: OwnedSemaphorePermit,
    lease: Lease,
) {
    let Batch {
        jobs,
        mut targets,
        stored,
        mut earlier,
    } = batch;
    let now = worker.publishing.env.now();
    let late = |job: &Claimed| now.since(job.due_at) > HARDLY_LATE;
    let late_after = if jobs.iter().any(late) {
        worker.publishing.late_after(tenant).await
    } else {
        Duration::MAX
    };
    let journal = Journal::open(worker.clone(), tenant);
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
        let place = room.split(1);
        attempts.spawn(async move {
            attempt.run(start).await;
            drop(place);
        });
    }
    drop(journal);
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
                match extend_lease(&worker, tenant).await {
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
