//! The journal of steps.

use content::{PostId, TargetId};
use kernel::Timestamp;
use networks::connector::DoneStep;
use serde_json::{Value, json};
use store::{FromRow, Json, Result, Tx, sql};
use uuid::Uuid;

use super::hex;
use crate::job::{EarlierStep, StepRecord, StepState};

sql! {
    // Only the worker that holds the job's current attempt may write: a worker that was overtaken
    // finds no row, and stops before it speaks.
    // `+jobs.state`: see `repo::jobs`.
    RECORD: Tenant = {
        sqlite: "
            INSERT INTO publish_steps (job_id, attempt, name, is_public, state, fingerprint,
                idempotency_key, result, detail, started_at, finished_at)
            SELECT jobs.id, jobs.attempt, batch.value ->> 'name', batch.value ->> 'isPublic',
                   batch.value ->> 'state', batch.value ->> 'fingerprint', batch.value ->> 'key', batch.value -> 'result',
                   batch.value ->> 'detail', batch.value ->> 'startedAt',
                   batch.value ->> 'finishedAt'
            FROM jsonb_each($1) AS batch
            JOIN publish_jobs AS jobs ON jobs.id = unhex(batch.value ->> 'job')
            WHERE +jobs.state = 'running' AND jobs.lease_owner = $2
              AND jobs.attempt = batch.value ->> 'attempt'
            ON CONFLICT (job_id, attempt, name) DO UPDATE SET state = excluded.state,
                result = excluded.result, detail = excluded.detail,
                finished_at = excluded.finished_at
            RETURNING job_id",
        postgres: "
            INSERT INTO publish_steps (job_id, attempt, name, is_public, state, fingerprint,
                idempotency_key, result, detail, started_at, finished_at)
            SELECT jobs.id, jobs.attempt, batch.name, batch.\"isPublic\", batch.state, batch.fingerprint,
                   batch.key, batch.result, batch.detail, to_timestamp(batch.\"startedAt\" / 1000000.0),
                   to_timestamp(batch.\"finishedAt\" / 1000000.0)
            FROM jsonb_to_recordset($1) AS batch (job uuid, attempt bigint, name text,
                \"isPublic\" boolean, state text, fingerprint text, key text, result jsonb, detail text, \"startedAt\" bigint,
                \"finishedAt\" bigint)
            JOIN publish_jobs AS jobs ON jobs.id = batch.job
            WHERE jobs.state = 'running' AND jobs.lease_owner = $2
              AND jobs.attempt = batch.attempt
            ON CONFLICT (job_id, attempt, name) DO UPDATE SET state = excluded.state,
                result = excluded.result, detail = excluded.detail,
                finished_at = excluded.finished_at
            RETURNING job_id",
    };
    RULE_OUT: Tenant = "
        UPDATE publish_steps SET state = 'refused', detail = $2
        WHERE job_id = $1 AND state IN ('sent', 'unknown')";
    TAKE_DOWN: Tenant = "
        UPDATE publish_steps SET state = 'refused', detail = 'deleted on the network'
        WHERE job_id = $1 AND is_public AND state = 'accepted'";
    // Public steps of which nobody knows yet whether they took place, and that a later attempt
    // will look for.
    UNSETTLED: Tenant = "
        SELECT DISTINCT steps.job_id FROM publish_steps AS steps
        JOIN publish_jobs AS jobs ON jobs.id = steps.job_id
        WHERE jobs.post_id = $1 AND jobs.state = 'waiting' AND steps.is_public
          AND steps.state IN ('sent', 'unknown')
          AND NOT EXISTS (
              SELECT 1 FROM publish_steps AS later
              WHERE later.job_id = steps.job_id AND later.name = steps.name
                AND later.attempt > steps.attempt)";
    // Parts that are live although the whole is not published: the beginning of a thread.
    LIVE: Tenant = "
        SELECT DISTINCT steps.job_id FROM publish_steps AS steps
        JOIN publish_jobs AS jobs ON jobs.id = steps.job_id
        WHERE jobs.post_id = $1 AND steps.is_public AND steps.state = 'accepted'";
}

/// A person has looked: what was sent and lost is not on the network.
pub(crate) async fn rule_out(tx: &mut Tx, job: TargetId, detail: &str) -> Result<()> {
    tx.execute(&RULE_OUT, (job, detail)).await.map(drop)
}

/// What was public was deleted on the network: a later attempt starts from the beginning.
pub(crate) async fn take_down(tx: &mut Tx, job: TargetId) -> Result<()> {
    tx.execute(&TAKE_DOWN, (job,)).await.map(drop)
}

/// The targets of a post that may be live: their answer was lost, and the next attempt looks.
pub(crate) async fn unsettled(tx: &mut Tx, post: PostId) -> Result<Vec<TargetId>> {
    let rows: Vec<(TargetId,)> = tx.all(&UNSETTLED, (post,)).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The targets of a post of which something is live.
pub(crate) async fn live(tx: &mut Tx, post: PostId) -> Result<Vec<TargetId>> {
    let rows: Vec<(TargetId,)> = tx.all(&LIVE, (post,)).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Writes steps and answers the jobs whose rows were written, one entry a row.
pub(crate) async fn record(
    tx: &mut Tx,
    worker: Uuid,
    batch: &[&StepRecord],
) -> Result<Vec<TargetId>> {
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Value> = batch
        .iter()
        .map(|step| {
            let mut row = json!({
                "job": hex(step.job.0),
                "attempt": step.attempt,
                "name": step.name,
                "isPublic": step.is_public,
                "state": step.state,
                "fingerprint": step.fingerprint,
                "key": step.idempotency_key,
                "detail": step.detail,
                "startedAt": step.started_at.as_micros(),
                "finishedAt": step.finished_at.map(Timestamp::as_micros),
            });
            if let Some(result) = &step.result {
                row["result"] = result.clone();
            }
            row
        })
        .collect();
    let written: Vec<(TargetId,)> = tx.all(&RECORD, (Json(rows), worker)).await?;
    Ok(written.into_iter().map(|(id,)| id).collect())
}

#[derive(FromRow)]
struct Row {
    job_id: TargetId,
    name: String,
    is_public: bool,
    state: StepState,
    fingerprint: String,
    result: Option<Json<Value>>,
    started_at: Timestamp,
}

/// The steps of earlier attempts, in the order of the attempts.
pub(crate) async fn earlier(tx: &mut Tx, jobs: &[TargetId]) -> Result<Vec<EarlierStep>> {
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let select = tx
        .select("SELECT job_id, name, is_public, state, fingerprint, result, started_at FROM publish_steps")
        .filter_in("job_id", jobs.iter().copied())
        .push(" ORDER BY job_id, attempt, started_at");
    let rows: Vec<Row> = tx.list(select).await?;
    Ok(rows
        .into_iter()
        .map(|row| EarlierStep {
            job: row.job_id,
            name: row.name,
            is_public: row.is_public,
            state: row.state,
            fingerprint: row.fingerprint,
            result: row.result.map(|Json(result)| result),
            started_at: row.started_at,
        })
        .collect())
}

/// The accepted steps of a job, in their order, as a connector answered them.
pub(crate) async fn accepted(tx: &mut Tx, job: TargetId) -> Result<Vec<DoneStep>> {
    let steps = earlier(tx, &[job]).await?;
    Ok(steps
        .into_iter()
        .filter(|step| step.state == StepState::Accepted)
        .map(|step| DoneStep {
            name: step.name,
            result: step.result.unwrap_or_default(),
        })
        .collect())
}
