//! The journal of one tenant's turn: group commit.
//!
//! Hundreds of posts are under way at once, and each must have its step on the disk before it
//! speaks. While one commit is being made durable, the writes that arrive meanwhile gather and go
//! into the next one together, so that the cost of a commit is shared by all who wait for it.

use std::{collections::HashSet, time::Duration};

use content::{PostId, PublishedPost, TargetId, TargetOutcome};
use kernel::{Problem, TenantId};
use store::{Scope, outbox};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use super::Worker;
use crate::{
    events,
    job::{Finish, StepRecord},
    repo::{jobs, steps},
};

/// Writes of one commit, at most.
const BATCH: usize = 500;
/// How long the first write of a commit waits for others. Somebody waits for a step before he
/// speaks; an end only tells what has happened, and may come behind those who still speak.
const GATHER_STEPS: Duration = Duration::from_millis(2);
const GATHER_ENDS: Duration = Duration::from_millis(50);

/// Why a write did not take place.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Lost {
    /// Another worker has taken the job over, or a person has changed what was being prepared:
    /// stop, and say nothing to the network.
    #[error("the job was taken over, or the post was changed")]
    Lease,
    /// The database failed. The job is found again when its lease runs out.
    #[error("the journal could not be written: {0}")]
    Store(String),
}

#[derive(Debug)]
enum Write {
    Step(StepRecord),
    Finish(Box<Finish>),
}

impl Write {
    fn job(&self) -> TargetId {
        match self {
            Self::Step(step) => step.job,
            Self::Finish(finish) => finish.job,
        }
    }
}

type Entry = (Write, oneshot::Sender<Result<(), Lost>>);

/// A handle to the journal of one tenant's turn. Cheap to clone; the journal ends with the last.
#[derive(Clone, Debug)]
pub(crate) struct Journal {
    entries: mpsc::Sender<Entry>,
}

impl Journal {
    /// Starts the journal of a tenant.
    pub(crate) fn open(worker: Worker, tenant: TenantId) -> Self {
        let (entries, mut inbox) = mpsc::channel::<Entry>(BATCH);
        tokio::spawn(async move {
            let mut batch = Vec::with_capacity(BATCH);
            while inbox.recv_many(&mut batch, BATCH).await > 0 {
                gather(&mut inbox, &mut batch).await;
                let (writes, replies): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
                let results = commit(&worker, tenant, &writes).await;
                for (reply, result) in replies.into_iter().zip(results) {
                    // Whoever asked may have been cancelled; the write stands all the same.
                    let _ = reply.send(result);
                }
            }
        });
        Self { entries }
    }

    /// Writes a step; when this answers, it is on the disk.
    pub(crate) async fn step(&self, record: StepRecord) -> Result<(), Lost> {
        self.write(Write::Step(record)).await
    }

    /// Ends an attempt: its last steps, the job, the target, the post and the events, in one.
    pub(crate) async fn finish(&self, finish: Finish) -> Result<(), Lost> {
        self.write(Write::Finish(Box::new(finish))).await
    }

    async fn write(&self, write: Write) -> Result<(), Lost> {
        let (reply, answer) = oneshot::channel();
        let ended = || Lost::Store("the journal has ended".to_owned());
        self.entries
            .send((write, reply))
            .await
            .map_err(|_| ended())?;
        answer.await.map_err(|_| ended())?
    }
}

/// Adds to a commit what comes within a short while.
async fn gather(inbox: &mut mpsc::Receiver<Entry>, batch: &mut Vec<Entry>) {
    let is_step = |(write, _): &Entry| matches!(write, Write::Step(_));
    let began = Instant::now();
    let mut step = batch.iter().any(is_step);
    while batch.len() < BATCH {
        let until = began + if step { GATHER_STEPS } else { GATHER_ENDS };
        match tokio::time::timeout_at(until, inbox.recv()).await {
            Ok(Some(entry)) => {
                step |= is_step(&entry);
                batch.push(entry);
            }
            Ok(None) | Err(_) => return,
        }
    }
}

/// Commits all the writes in one transaction and answers one result each.
async fn commit(worker: &Worker, tenant: TenantId, writes: &[Write]) -> Vec<Result<(), Lost>> {
    match try_commit(worker, tenant, writes).await {
        Ok(lost) => writes
            .iter()
            .map(|write| {
                if lost.contains(&write.job()) {
                    Err(Lost::Lease)
                } else {
                    Ok(())
                }
            })
            .collect(),
        Err(problem) => {
            tracing::error!(%tenant, %problem, "the publishing journal could not be written");
            let lost = Lost::Store(problem.to_string());
            writes.iter().map(|_| Err(lost.clone())).collect()
        }
    }
}

/// Answers the jobs that another worker has taken over, for which nothing was written.
async fn try_commit(
    worker: &Worker,
    tenant: TenantId,
    writes: &[Write],
) -> Result<Vec<TargetId>, Problem> {
    let publishing = &worker.publishing;
    let now = publishing.env.now();
    let mut records: Vec<&StepRecord> = Vec::with_capacity(writes.len());
    let mut finishes: Vec<&Finish> = Vec::new();
    for write in writes {
        match write {
            Write::Step(step) => records.push(step),
            Write::Finish(finish) => {
                records.extend(&finish.steps);
                finishes.push(finish);
            }
        }
    }

    let mut tx = publishing.db.write(Scope::Tenant(tenant)).await?;
    let written = steps::record(&mut tx, worker.id, &records).await?;
    let finished: HashSet<TargetId> = jobs::finish(&mut tx, worker.id, now, &finishes)
        .await?
        .into_iter()
        .collect();
    finishes.retain(|finish| finished.contains(&finish.job));
    if !finishes.is_empty() {
        let outcomes: Vec<TargetOutcome> =
            finishes.iter().map(|finish| outcome(finish, now)).collect();
        let applied = publishing
            .content
            .set_target_states(&mut tx, &outcomes)
            .await?;
        for refused in &applied.refused {
            tracing::warn!(%tenant, target = %refused.target, status = ?refused.status,
                "a target had changed under its attempt and keeps its state");
        }
        let posts: Vec<PostId> = finishes.iter().map(|finish| finish.post).collect();
        let events = events::of_finished(&publishing.env, &applied, &posts);
        outbox::append(&mut tx, &events).await?;
    }
    tx.commit().await?;
    // The tenant was given back while these jobs ran: nobody knows yet of their next try.
    if let Some(at) = finishes.iter().filter_map(|end| end.run_again_at).min() {
        publishing.wake(tenant, at).await;
    }

    let written: HashSet<TargetId> = written.into_iter().chain(finished).collect();
    Ok(writes
        .iter()
        .map(Write::job)
        .filter(|job| !written.contains(job))
        .collect())
}

/// What the end of an attempt means for its target.
fn outcome(finish: &Finish, now: kernel::Timestamp) -> TargetOutcome {
    TargetOutcome {
        target: finish.job,
        status: finish.status,
        problem: finish.problem.clone(),
        attempts: Some(finish.attempt),
        scheduled_at: None,
        published: finish
            .published
            .as_ref()
            .map(|(published, done)| PublishedPost {
                at: now,
                platform_post_id: published.platform_post_id.clone(),
                url: published.url.as_ref().map(ToString::to_string),
                result: serde_json::json!(done),
            }),
    }
}
