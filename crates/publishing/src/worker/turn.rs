//! One tenant's turn: take in hand what is due. Publishing it goes on when the turn is over.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use accounts::{SocialAccountId, Stored};
use content::{Hold, TargetId, TargetOutcome, TargetStatus, ToPublish};
use kernel::{Problem, TenantId, Timestamp};
use store::{Scope, Tx, outbox};
use tokio::{sync::OwnedSemaphorePermit, task::JoinSet};
use uuid::Uuid;

use super::{
    AHEAD, ALONG, Worker,
    attempt::{Attempt, Start},
    journal::Journal,
    lease::{EXTEND_EVERY, LEASE},
};
use crate::{
    events,
    job::{Claimed, EarlierStep, Held},
    repo::{jobs, steps},
    wakeup,
};

/// Jobs of one turn: then other tenants come first.
const BATCH: u32 = 200;
/// No policy of missed posts is about less than this: an ordinary delay is not an outage.
const HARDLY_LATE: Duration = Duration::from_mins(1);

/// Jobs that are prepared in one turn, at most: then other tenants come first.
const AHEAD_BATCH: u32 = 16;
/// When a tenant comes again that has more to prepare than there are places for.
const COME_BACK: Duration = Duration::from_secs(1);

/// What one claim brings along.
#[derive(Default)]
struct Batch {
    jobs: Vec<Claimed>,
    targets: HashMap<TargetId, ToPublish>,
    stored: HashMap<SocialAccountId, Stored>,
    earlier: HashMap<TargetId, Vec<EarlierStep>>,
    holds: HashMap<TargetId, Hold>,
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
    let free = u32::try_from(worker.uploads.available_permits()).unwrap_or(0);
    let mut ahead = Arc::clone(&worker.uploads)
        .try_acquire_many_owned(free.min(AHEAD_BATCH))
        .ok();
    let claimed_at = Instant::now();
    let places = ahead.as_ref().map_or(0, |_| free.min(AHEAD_BATCH));
    let (batch, next) = claim(worker, tenant, places).await?;
    let taken: Vec<_> = batch
        .jobs
        .iter()
        .map(|job| match &mut ahead {
            Some(ahead) if job.preparing => ahead.split(1),
            _ => room.split(1),
        })
        .collect();
    drop((room, ahead));
    if !batch.jobs.is_empty() {
        worker
            .tasks
            .spawn(publish(worker.clone(), tenant, batch, taken, claimed_at));
    }
    Ok(next)
}

/// Takes due jobs, with all that publishing them needs, in one transaction; and tells when the
/// next one is due. There are `places` for jobs that are to be prepared.
async fn claim(
    worker: &Worker,
    tenant: TenantId,
    places: u32,
) -> Result<(Batch, Timestamp), Problem> {
    let publishing = &worker.publishing;
    let now = publishing.env.now();
    let mut tx = publishing.db.write(Scope::Tenant(tenant)).await?;
    reclaim(worker, &mut tx, now).await?;
    let (jobs, next) = take(&mut tx, worker.id, now, places).await?;
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
    // What may be live already has to be looked for, whatever the quota.
    let may_be_live = |job: &Claimed| {
        let steps = earlier.get(&job.id);
        steps.is_some_and(|steps| steps.iter().any(EarlierStep::may_be_live))
    };
    let asks: HashMap<TargetId, Timestamp> = jobs
        .iter()
        .filter(|job| !job.preparing && !may_be_live(job))
        .map(|job| (job.id, job.run_at.max(now)))
        .collect();
    let holds = publishing.content.holds(&mut tx, &targets, &asks).await?;
    let outcomes: Vec<TargetOutcome> = jobs
        .iter()
        .filter(|job| !job.preparing && !holds.contains_key(&job.id))
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
        holds,
    };
    Ok((batch, next))
}

/// Puts back into the queue what a worker that stopped had in hand: jobs whose lease ran out. What
/// this worker itself has in hand is extended: nobody else does it, so it is late.
pub(crate) async fn reclaim(worker: &Worker, tx: &mut Tx, now: Timestamp) -> Result<(), Problem> {
    let expired = jobs::expired(tx, now).await?;
    let (ours, abandoned): (Vec<Held>, Vec<Held>) = expired
        .into_iter()
        .partition(|job| worker.leases.holds(job));
    jobs::extend(tx, worker.id, &ours, now + LEASE).await?;
    jobs::reclaim(tx, now, &abandoned).await?;
    Ok(())
}

/// Jobs that are due and, where there are `places`, such that are to be prepared; and when the next
/// one is.
async fn take(
    tx: &mut Tx,
    worker: Uuid,
    now: Timestamp,
    places: u32,
) -> Result<(Vec<Claimed>, Timestamp), Problem> {
    let horizon = now + AHEAD + ALONG;
    let due = jobs::Claim {
        worker,
        horizon,
        lease_until: now + LEASE,
        most: BATCH,
        preparing: false,
    };
    let mut jobs = jobs::claim(tx, now, due).await?;
    let mut next = next_run(tx).await?;
    if jobs.len() < BATCH as usize && next <= horizon {
        // All that is due is in hand, so what is left is to be prepared.
        let ahead = jobs::Claim {
            most: places,
            preparing: true,
            ..due
        };
        jobs.extend(jobs::claim(tx, now, ahead).await?);
        next = next_run(tx).await?;
        if next <= horizon {
            next = now + AHEAD + COME_BACK;
        }
    }
    Ok((jobs, next))
}

/// When the tenant next has something to do.
async fn next_run(tx: &mut Tx) -> Result<Timestamp, Problem> {
    Ok(jobs::next_run(tx).await?.at().unwrap_or(wakeup::NEVER))
}

/// Runs a batch's attempts side by side, and keeps their leases alive meanwhile. `places` holds one
/// for each.
async fn publish(
    worker: Worker,
    tenant: TenantId,
    batch: Batch,
    places: Vec<Option<OwnedSemaphorePermit>>,
    claimed_at: Instant,
) {
    let Batch {
        jobs,
        mut targets,
        stored,
        mut earlier,
        mut holds,
    } = batch;
    let now = worker.publishing.env.now();
    let late = |job: &Claimed| now.since(job.due_at) > HARDLY_LATE;
    let late_after = if jobs.iter().any(late) {
        worker.publishing.late_after(tenant).await
    } else {
        Duration::MAX
    };
    let journal = Journal::open(worker.clone(), tenant);
    let held: Vec<Held> = jobs.iter().map(Claimed::held).collect();
    // A task each: one that panics takes no other with it.
    let mut attempts = JoinSet::new();
    for (job, place) in jobs.into_iter().zip(places) {
        let start = Start {
            target: targets.remove(&job.id),
            stored: stored.get(&job.account_id).cloned(),
            earlier: earlier.remove(&job.id).unwrap_or_default(),
            late_after,
            hold: holds.remove(&job.id),
        };
        let attempt = Attempt {
            worker: worker.clone(),
            tenant,
            lease: worker.leases.take(job.held(), claimed_at),
            job,
            journal: journal.clone(),
        };
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
                if let Err(problem) = extend_leases(&worker, tenant, &held).await {
                    tracing::error!(%tenant, %problem, "leases could not be extended; it is tried again");
                }
            }
        }
    }
}

/// Extends the leases of those of the jobs that are still in hand.
async fn extend_leases(worker: &Worker, tenant: TenantId, jobs: &[Held]) -> Result<(), Problem> {
    let in_hand = |job: &&Held| worker.leases.holds(job);
    let asked: Vec<Held> = jobs.iter().filter(in_hand).copied().collect();
    let (began, until) = (Instant::now(), worker.publishing.env.now() + LEASE);
    let mut tx = worker.publishing.db.write(Scope::Tenant(tenant)).await?;
    let extended = jobs::extend(&mut tx, worker.id, &asked, until).await?;
    tx.commit().await?;
    worker.leases.extended(&extended, began);
    Ok(())
}
