//! The queue.

use std::{collections::HashSet, time::Duration};

use accounts::SocialAccountId;
use content::{PostId, TargetId};
use kernel::Timestamp;
use serde_json::{Value, json};
use store::{FromRow, Json, Result, Tx, sql};
use uuid::Uuid;

use super::hex;
use crate::job::{AttemptOutcome, Claimed, Finish, Held, JobState, NextRun};

// `+state` below: SQLite must come by the id. By the index of states it would read the whole batch
// once for each running job.
sql! {
    PUT: Tenant = "
        INSERT INTO publish_jobs (id, post_id, account_id, state, preparing, run_at, due_at, tries, attempt)
        VALUES ($1, $2, $3, 'waiting', FALSE, $4, $5, 0, 0)
        ON CONFLICT (id) DO UPDATE SET state = 'waiting', account_id = excluded.account_id,
            run_at = excluded.run_at, due_at = excluded.due_at, tries = 0
        WHERE publish_jobs.state <> 'running'";
    LOCK: Tenant = {
        sqlite: "SELECT state, preparing FROM publish_jobs WHERE post_id = $1 ORDER BY id",
        postgres: "SELECT state, preparing FROM publish_jobs WHERE post_id = $1 ORDER BY id FOR UPDATE",
    };
    INTERRUPT: Tenant = "
        UPDATE publish_jobs SET state = 'waiting', lease_owner = NULL, lease_until = NULL
        WHERE post_id = $1 AND state = 'running' AND preparing";
    CLOSE_INTERRUPTED_OF: Tenant = "
        UPDATE publish_attempts SET outcome = 'released', finished_at = $2
        WHERE outcome = 'running'
          AND job_id IN (SELECT id FROM publish_jobs WHERE post_id = $1 AND state = 'waiting')";
    POST_OF: Tenant = "SELECT post_id FROM publish_jobs WHERE id = $1";
    WITHDRAW: Tenant = "
        UPDATE publish_jobs SET state = 'done' WHERE post_id = $1 AND state = 'waiting'";
    EXPIRED: Tenant = "
        SELECT id AS job, attempt FROM publish_jobs WHERE state = 'running' AND lease_until < $1";
    RECLAIM: Tenant = {
        sqlite: "
            UPDATE publish_jobs SET state = 'waiting', lease_owner = NULL, lease_until = NULL
            FROM jsonb_each($1) AS batch
            WHERE publish_jobs.id = unhex(batch.value ->> 'job')
              AND attempt = batch.value ->> 'attempt'
              AND +state = 'running' AND lease_until < $2",
        postgres: "
            UPDATE publish_jobs SET state = 'waiting', lease_owner = NULL, lease_until = NULL
            FROM jsonb_to_recordset($1) AS batch (job uuid, attempt bigint)
            WHERE id = batch.job AND publish_jobs.attempt = batch.attempt
              AND state = 'running' AND lease_until < $2",
    };
    RECLAIM_OF_OTHERS: Tenant = "
        UPDATE publish_jobs SET state = 'waiting', lease_owner = NULL, lease_until = NULL
        WHERE state = 'running' AND lease_owner <> $1";
    ANY_ABANDONED: Tenant = "
        SELECT EXISTS (SELECT 1 FROM publish_jobs
                       WHERE state = 'running' AND (lease_until < $1 OR lease_owner <> $2))";
    CLOSE_INTERRUPTED: Tenant = "
        UPDATE publish_attempts SET outcome = 'released', finished_at = $1
        WHERE outcome = 'running' AND job_id IN (SELECT id FROM publish_jobs WHERE state = 'waiting')";
    CLAIM: Tenant = {
        sqlite: "
            UPDATE publish_jobs SET state = 'running', preparing = $5, attempt = attempt + 1,
                lease_owner = $1, lease_until = $3
            WHERE id IN (SELECT id FROM publish_jobs
                         WHERE state = 'waiting' AND run_at <= $2 AND (due_at > $2) = $5
                         ORDER BY run_at LIMIT $4)
            RETURNING id, post_id, account_id, preparing, run_at, due_at, tries, attempt",
        postgres: "
            UPDATE publish_jobs SET state = 'running', preparing = $5, attempt = attempt + 1,
                lease_owner = $1, lease_until = $3
            WHERE id IN (SELECT id FROM publish_jobs
                         WHERE state = 'waiting' AND run_at <= $2 AND (due_at > $2) = $5
                         ORDER BY run_at LIMIT $4 FOR UPDATE SKIP LOCKED)
            RETURNING id, post_id, account_id, preparing, run_at, due_at, tries, attempt",
    };
    BEGIN_ATTEMPTS: Tenant = {
        sqlite: "
            INSERT INTO publish_attempts (job_id, number, started_at, outcome)
            SELECT unhex(value ->> 'job'), value ->> 'attempt', $2, 'running' FROM jsonb_each($1)",
        postgres: "
            INSERT INTO publish_attempts (job_id, number, started_at, outcome)
            SELECT job, attempt, $2, 'running'
            FROM jsonb_to_recordset($1) AS batch (job uuid, attempt bigint)",
    };
    EXTEND: Tenant = {
        sqlite: "
            UPDATE publish_jobs SET lease_until = $3
            FROM jsonb_each($1) AS batch
            WHERE publish_jobs.id = unhex(batch.value ->> 'job')
              AND attempt = batch.value ->> 'attempt'
              AND +state = 'running' AND lease_owner = $2
            RETURNING publish_jobs.id AS job, attempt",
        postgres: "
            UPDATE publish_jobs SET lease_until = $3
            WHERE id IN (SELECT id FROM publish_jobs
                         JOIN jsonb_to_recordset($1) AS batch (job uuid, attempt bigint)
                           ON id = batch.job AND publish_jobs.attempt = batch.attempt
                         WHERE state = 'running' AND lease_owner = $2
                         FOR UPDATE OF publish_jobs SKIP LOCKED)
            RETURNING id AS job, attempt",
    };
    HELD: Tenant = "
        SELECT id AS job, attempt FROM publish_jobs WHERE state = 'running' AND lease_owner = $1";
    FINISH_JOBS: Tenant = {
        sqlite: "
            UPDATE publish_jobs SET state = batch.value ->> 'state', lease_owner = NULL,
                lease_until = NULL, run_at = COALESCE(batch.value ->> 'runAt', run_at),
                tries = tries + (batch.value ->> 'tried')
            FROM jsonb_each($1) AS batch
            WHERE publish_jobs.id = unhex(batch.value ->> 'job')
              AND attempt = batch.value ->> 'attempt'
              AND +state = 'running' AND lease_owner = $2
            RETURNING publish_jobs.id",
        postgres: "
            UPDATE publish_jobs SET state = batch.state, lease_owner = NULL, lease_until = NULL,
                run_at = COALESCE(to_timestamp(batch.\"runAt\" / 1000000.0), run_at),
                tries = tries + batch.tried
            FROM jsonb_to_recordset($1) AS batch (job uuid, attempt bigint, state text, \"runAt\" bigint, tried bigint)
            WHERE id = batch.job AND publish_jobs.attempt = batch.attempt
              AND publish_jobs.state = 'running' AND lease_owner = $2
            RETURNING id",
    };
    FINISH_ATTEMPTS: Tenant = {
        sqlite: "
            UPDATE publish_attempts SET finished_at = $2, outcome = batch.value ->> 'outcome',
                problem = batch.value -> 'problem'
            FROM jsonb_each($1) AS batch
            WHERE job_id = unhex(batch.value ->> 'job') AND number = batch.value ->> 'attempt'",
        postgres: "
            UPDATE publish_attempts SET finished_at = $2, outcome = batch.outcome,
                problem = batch.problem
            FROM jsonb_to_recordset($1)
                AS batch (job uuid, attempt bigint, outcome text, problem jsonb)
            WHERE job_id = batch.job AND number = batch.attempt",
    };
    NEXT: Tenant = "
        SELECT (SELECT min(run_at) FROM publish_jobs WHERE state = 'waiting') AS waiting,
               (SELECT min(lease_until) FROM publish_jobs WHERE state = 'running') AS running";
}

/// Puts a target's job into the queue, or moves the one that is there; it is taken in hand `ahead`
/// of its time. Answers `false` if it is running and so can't be moved.
pub(crate) async fn put(
    tx: &mut Tx,
    target: TargetId,
    post: PostId,
    account: SocialAccountId,
    due_at: Timestamp,
    ahead: Duration,
) -> Result<bool> {
    let values = (target, post, account, due_at - ahead, due_at);
    Ok(tx.execute(&PUT, values).await? == 1)
}

/// The post that a job publishes.
pub(crate) async fn post_of(tx: &mut Tx, job: TargetId) -> Result<Option<PostId>> {
    let row: Option<(PostId,)> = tx.optional(&POST_OF, (job,)).await?;
    Ok(row.map(|(post,)| post))
}

/// Holds a post's jobs still until the transaction ends, and answers whether one is being
/// published. One that is only being prepared is taken out of its worker's hands.
///
/// The first thing every action on a post does. Workers lock jobs before posts, so actions must,
/// too: the other order could end in a deadlock.
pub(crate) async fn lock(tx: &mut Tx, post: PostId, now: Timestamp) -> Result<bool> {
    let jobs: Vec<(JobState, bool)> = tx.all(&LOCK, (post,)).await?;
    if jobs.contains(&(JobState::Running, false)) {
        return Ok(true);
    }
    if jobs.contains(&(JobState::Running, true)) {
        tx.execute(&INTERRUPT, (post,)).await?;
        tx.execute(&CLOSE_INTERRUPTED_OF, (post, now)).await?;
    }
    Ok(false)
}

/// Takes a post's waiting jobs out of the queue.
pub(crate) async fn withdraw(tx: &mut Tx, post: PostId) -> Result<()> {
    tx.execute(&WITHDRAW, (post,)).await.map(drop)
}

/// Jobs whose lease ran out.
pub(crate) async fn expired(tx: &mut Tx, now: Timestamp) -> Result<Vec<Held>> {
    tx.all(&EXPIRED, (now,)).await
}

/// Puts jobs whose lease ran out back into the queue.
pub(crate) async fn reclaim(tx: &mut Tx, now: Timestamp, jobs: &[Held]) -> Result<()> {
    if !jobs.is_empty() && tx.execute(&RECLAIM, (batch(jobs), now)).await? > 0 {
        tx.execute(&CLOSE_INTERRUPTED, (now,)).await?;
    }
    Ok(())
}

/// Puts every job back into the queue that is in hand and not in this worker's: nobody else can be
/// running.
pub(crate) async fn reclaim_of_others(tx: &mut Tx, now: Timestamp, worker: Uuid) -> Result<()> {
    if tx.execute(&RECLAIM_OF_OTHERS, (worker,)).await? > 0 {
        tx.execute(&CLOSE_INTERRUPTED, (now,)).await?;
    }
    Ok(())
}

/// Whether a lease ran out, or with `only_worker` (nobody else can be running) a job is in hand that
/// is not that worker's.
pub(crate) async fn any_abandoned(
    tx: &mut Tx,
    now: Timestamp,
    only_worker: Option<Uuid>,
) -> Result<bool> {
    let (any,): (bool,) = tx.one(&ANY_ABANDONED, (now, only_worker)).await?;
    Ok(any)
}

/// What a worker takes in hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim {
    pub worker: Uuid,
    /// Jobs that are to be taken in hand by this time.
    pub horizon: Timestamp,
    pub lease_until: Timestamp,
    /// How many at most.
    pub most: u32,
    /// Those that are to be prepared, rather than those that are due.
    pub preparing: bool,
}

/// Takes jobs in hand and opens an attempt for each.
pub(crate) async fn claim(tx: &mut Tx, now: Timestamp, claim: Claim) -> Result<Vec<Claimed>> {
    let Claim {
        worker,
        horizon,
        lease_until,
        most,
        preparing,
    } = claim;
    let values = (worker, horizon, lease_until, i64::from(most), preparing);
    let jobs: Vec<Claimed> = tx.all(&CLAIM, values).await?;
    if !jobs.is_empty() {
        let held: Vec<Held> = jobs.iter().map(Claimed::held).collect();
        tx.execute(&BEGIN_ATTEMPTS, (batch(&held), now)).await?;
    }
    Ok(jobs)
}

/// What came of the wish to keep jobs for longer.
#[derive(Debug, Default)]
pub(crate) struct Extended {
    /// They are kept.
    pub kept: Vec<Held>,
    /// They are in other hands, or over.
    pub lost: Vec<Held>,
}

/// Keeps jobs of the worker for longer. On PostgreSQL those in the middle of a commit are left out,
/// neither kept nor lost: waiting for them could end in a deadlock.
pub(crate) async fn extend(
    tx: &mut Tx,
    worker: Uuid,
    jobs: &[Held],
    until: Timestamp,
) -> Result<Extended> {
    if jobs.is_empty() {
        return Ok(Extended::default());
    }
    let kept: Vec<Held> = tx.all(&EXTEND, (batch(jobs), worker, until)).await?;
    if kept.len() == jobs.len() {
        let lost = Vec::new();
        return Ok(Extended { kept, lost });
    }
    let held: HashSet<Held> = tx.all(&HELD, (worker,)).await?.into_iter().collect();
    let lost = jobs.iter().filter(|job| !held.contains(job));
    Ok(Extended {
        lost: lost.copied().collect(),
        kept,
    })
}

/// Jobs as the statements read them.
fn batch(jobs: &[Held]) -> Json<Vec<Value>> {
    let row = |held: &Held| json!({ "job": hex(held.job.0), "attempt": held.attempt });
    Json(jobs.iter().map(row).collect())
}

/// Closes attempts and either ends their jobs or puts them back for another try. Answers the
/// targets it applied to: the others had been taken over by another worker.
pub(crate) async fn finish(
    tx: &mut Tx,
    worker: Uuid,
    now: Timestamp,
    batch: &[&Finish],
) -> Result<Vec<TargetId>> {
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    // In the order in which `lock` takes a post's jobs, so that neither waits for the other.
    let mut batch = batch.to_vec();
    batch.sort_unstable_by_key(|finish| finish.job);
    let rows: Vec<Value> = batch
        .iter()
        .map(|finish| {
            let mut row = json!({
                "job": hex(finish.job.0),
                "attempt": finish.attempt,
                "state": if finish.run_again_at.is_some() { "waiting" } else { "done" },
                "runAt": finish.run_again_at.map(Timestamp::as_micros),
                // What was released unsent, prepared, or has to wait uses none of the tries up; nor does
                // an attempt that a crash cut off, which never comes here.
                "tried": i64::from(!matches!(
                    finish.outcome,
                    AttemptOutcome::Released | AttemptOutcome::Waiting | AttemptOutcome::Prepared
                )),
                "outcome": finish.outcome,
            });
            // Left out rather than null: a JSON null would be stored as a value.
            if let Some(problem) = &finish.problem {
                row["problem"] = json!(problem);
            }
            row
        })
        .collect();
    let finished: Vec<(TargetId,)> = tx.all(&FINISH_JOBS, (Json(rows.clone()), worker)).await?;
    tx.execute(&FINISH_ATTEMPTS, (Json(&rows), now)).await?;
    Ok(finished.into_iter().map(|(id,)| id).collect())
}

/// When the tenant next has something to do.
pub(crate) async fn next_run(tx: &mut Tx) -> Result<NextRun> {
    #[derive(FromRow)]
    struct Row {
        waiting: Option<Timestamp>,
        running: Option<Timestamp>,
    }
    let Row { waiting, running } = tx.one(&NEXT, ()).await?;
    Ok(NextRun { waiting, running })
}
