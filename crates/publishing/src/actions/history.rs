//! Every attempt, for people to read.

use std::collections::HashMap;

use content::{PostId, TargetId, TargetProblem};
use kernel::{Caller, Permission, Problem, Timestamp};
use networks::Platform;
use serde::Serialize;
use store::{Json, Scope};
use utoipa::ToSchema;

use crate::{
    Publishing,
    job::{AttemptOutcome, StepState},
    repo::history,
};

/// One attempt to publish one target.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// The target and the attempt's number.
    pub id: String,
    /// The target.
    pub target_id: TargetId,
    /// Its network.
    pub platform: Platform,
    /// Its account.
    pub account_name: String,
    /// Counts the attempts at this target, from 1.
    pub number: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    #[schema(required)]
    pub finished_at: Option<Timestamp>,
    /// What became of it.
    pub outcome: AttemptOutcome,
    /// The outcome in a sentence.
    pub message: String,
    /// What went wrong, and what to do.
    #[schema(required)]
    pub problem: Option<TargetProblem>,
    /// What was said to the network, oldest first.
    pub steps: Vec<AttemptStep>,
}

/// One step of an attempt.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttemptStep {
    /// Its name: `post:0` is the post, `post:1` its first reply, `media:0:1` the upload of the post's
    /// second file, `comment` the first comment.
    pub name: String,
    /// How far it is.
    pub state: StepState,
    /// When it was sent.
    pub started_at: Timestamp,
    /// When the network had answered.
    #[schema(required)]
    pub finished_at: Option<Timestamp>,
    /// The network's own words, shortened.
    #[schema(required)]
    pub detail: Option<String>,
}

impl Publishing {
    /// Every attempt at a post, the newest first.
    pub async fn attempts(&self, caller: &Caller, id: PostId) -> Result<Vec<Attempt>, Problem> {
        caller.require(Permission::PostsRead)?;
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let post = self.content.load(&mut tx, id).await?;
        let targets: HashMap<TargetId, _> = post
            .targets
            .iter()
            .map(|target| (target.id, target))
            .collect();
        let mut steps: HashMap<(TargetId, i64), Vec<AttemptStep>> = HashMap::new();
        for row in history::steps(&mut tx, id).await? {
            steps
                .entry((row.job_id, row.attempt))
                .or_default()
                .push(AttemptStep {
                    name: row.name,
                    state: row.state,
                    started_at: row.started_at,
                    finished_at: row.finished_at,
                    detail: row.detail,
                });
        }
        let rows = history::attempts(&mut tx, id).await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let target = targets.get(&row.job_id)?;
                let problem = row.problem.map(|Json(problem)| problem);
                Some(Attempt {
                    id: format!("{}-{}", row.job_id, row.number),
                    target_id: row.job_id,
                    platform: target.platform,
                    account_name: target.account_name.clone(),
                    number: row.number,
                    started_at: row.started_at,
                    finished_at: row.finished_at,
                    outcome: row.outcome,
                    message: message(row.outcome, problem.as_ref()),
                    problem,
                    steps: steps.remove(&(row.job_id, row.number)).unwrap_or_default(),
                })
            })
            .collect())
    }
}

fn message(outcome: AttemptOutcome, problem: Option<&TargetProblem>) -> String {
    if let Some(problem) = problem {
        return problem.message.clone();
    }
    match outcome {
        AttemptOutcome::Running => "Being published.",
        AttemptOutcome::Published => "Published.",
        AttemptOutcome::Retrying => "Failed; another attempt follows.",
        AttemptOutcome::Failed => "Failed.",
        AttemptOutcome::Unknown => "Nobody can tell whether it is live.",
        AttemptOutcome::Released => {
            "Interrupted: the server stopped, or the post was changed. The next attempt took over."
        }
        AttemptOutcome::Waiting => "It has to wait; AllIN goes on by itself.",
        AttemptOutcome::Prepared => "All that nobody sees is done. It waits for its time.",
    }
    .to_owned()
}
