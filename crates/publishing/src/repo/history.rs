//! What people read of the attempts.

use content::{PostId, TargetId, TargetProblem};
use kernel::Timestamp;
use store::{FromRow, Json, Result, Tx, sql};

use crate::job::{AttemptOutcome, StepState};

sql! {
    ATTEMPTS: Tenant = "
        SELECT attempts.job_id, attempts.number, attempts.started_at, attempts.finished_at,
               attempts.outcome, attempts.problem
        FROM publish_attempts AS attempts
        JOIN publish_jobs AS jobs ON jobs.id = attempts.job_id
        WHERE jobs.post_id = $1
        ORDER BY attempts.started_at DESC, attempts.number DESC";
    STEPS: Tenant = "
        SELECT steps.job_id, steps.attempt, steps.name, steps.state, steps.detail,
               steps.started_at, steps.finished_at
        FROM publish_steps AS steps
        JOIN publish_jobs AS jobs ON jobs.id = steps.job_id
        WHERE jobs.post_id = $1
        ORDER BY steps.started_at, steps.name";
}

/// One attempt at one target.
#[derive(Debug, FromRow)]
pub(crate) struct AttemptRow {
    pub job_id: TargetId,
    pub number: i64,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub outcome: AttemptOutcome,
    pub problem: Option<Json<TargetProblem>>,
}

/// One step of an attempt.
#[derive(Debug, FromRow)]
pub(crate) struct StepRow {
    pub job_id: TargetId,
    pub attempt: i64,
    pub name: String,
    pub state: StepState,
    pub detail: Option<String>,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

/// Every attempt of a post, newest first.
pub(crate) async fn attempts(tx: &mut Tx, post: PostId) -> Result<Vec<AttemptRow>> {
    tx.all(&ATTEMPTS, (post,)).await
}

/// Every step of a post's attempts, oldest first.
pub(crate) async fn steps(tx: &mut Tx, post: PostId) -> Result<Vec<StepRow>> {
    tx.all(&STEPS, (post,)).await
}
