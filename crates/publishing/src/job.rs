//! The values of the queue and of the journal.

use std::time::Duration;

use accounts::SocialAccountId;
use content::{PostId, TargetId, TargetProblem, TargetStatus};
use kernel::Timestamp;
use networks::connector::{DoneStep, Published, Step};
use serde_json::Value;
use store::FromRow;

use crate::worker::AHEAD;

kernel::text_enum! {
    /// Where a job is in the queue.
    pub enum JobState {
        /// It waits for its time.
        Waiting = "waiting",
        /// A worker has it in hand.
        Running = "running",
        /// Nothing is left to do.
        Done = "done",
    }
}

kernel::text_enum! {
    /// What became of one attempt.
    pub enum AttemptOutcome {
        /// It is under way.
        Running = "running",
        /// The post is live.
        Published = "published",
        /// It failed in a way that may pass; another attempt follows.
        Retrying = "retrying",
        /// It failed for good.
        Failed = "failed",
        /// Nobody can tell whether the post is live.
        Unknown = "unknown",
        /// The server stopped in the middle; another attempt takes over where it was.
        Released = "released",
        /// It has to wait, and nothing is wrong: the network or AllIN is at work on a video, or the
        /// account has used up what the network takes. AllIN goes on by itself.
        Waiting = "waiting",
        /// Its files are with the network ahead of its time; the next attempt publishes.
        Prepared = "prepared",
    }
}

kernel::text_enum! {
    /// How far one step is.
    pub enum StepState {
        /// About to be sent, or sent: the network may have heard of it.
        Sent = "sent",
        /// The network did it.
        Accepted = "accepted",
        /// The network did not do it.
        Refused = "refused",
        /// The answer was lost.
        Unknown = "unknown",
    }
}

/// A job in one worker's hands, by the number of its attempt: a later one may be another worker's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, FromRow)]
pub(crate) struct Held {
    pub job: TargetId,
    pub attempt: i64,
}

/// A job that was claimed.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Claimed {
    /// The target, and so the job.
    pub id: TargetId,
    pub post_id: PostId,
    pub account_id: SocialAccountId,
    /// It is taken in hand ahead of its time, to upload its files: nothing public is sent.
    pub preparing: bool,
    /// When this try may begin.
    pub run_at: Timestamp,
    /// The appointed time.
    pub due_at: Timestamp,
    /// Tries since it was last scheduled that came to an end, so without this one.
    pub tries: i64,
    /// The number of this attempt.
    pub attempt: i64,
}

impl Claimed {
    pub(crate) fn held(&self) -> Held {
        Held {
            job: self.id,
            attempt: self.attempt,
        }
    }
}

/// A row for the journal.
#[derive(Clone, Debug)]
pub(crate) struct StepRecord {
    pub job: TargetId,
    pub attempt: i64,
    pub name: String,
    /// Whether the world can see its effect.
    pub is_public: bool,
    pub state: StepState,
    pub fingerprint: String,
    pub idempotency_key: Option<String>,
    pub result: Option<Value>,
    /// For the operator: the network's words.
    pub detail: Option<String>,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

impl StepRecord {
    /// The row to commit before the step is sent.
    pub(crate) fn sent(job: &Claimed, step: &Step, now: Timestamp) -> Self {
        Self {
            job: job.id,
            attempt: job.attempt,
            name: step.name.clone(),
            is_public: step.public,
            state: StepState::Sent,
            fingerprint: step.fingerprint.clone(),
            idempotency_key: step.idempotency_key.clone(),
            result: None,
            detail: None,
            started_at: now,
            finished_at: None,
        }
    }

    /// The same row, once the network has answered.
    pub(crate) fn settled(mut self, state: StepState, now: Timestamp) -> Self {
        self.state = state;
        self.finished_at = Some(now);
        self
    }

    pub(crate) fn with_result(mut self, result: Value) -> Self {
        self.result = Some(result);
        self
    }

    pub(crate) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// A step that an earlier attempt took, or tried to.
#[derive(Clone, Debug)]
pub(crate) struct EarlierStep {
    pub job: TargetId,
    pub name: String,
    pub is_public: bool,
    pub state: StepState,
    pub fingerprint: String,
    pub result: Option<Value>,
    pub started_at: Timestamp,
}

impl EarlierStep {
    /// Whether the world can see it, or could for all that is known.
    pub(crate) fn may_be_live(&self) -> bool {
        self.is_public && self.state != StepState::Refused
    }

    /// Whether it was begun longer ago than `age`.
    pub(crate) fn is_older_than(&self, age: Duration, now: Timestamp) -> bool {
        now.since(self.started_at) > age
    }
}

/// The end of an attempt.
#[derive(Clone, Debug)]
pub(crate) struct Finish {
    pub job: TargetId,
    pub post: PostId,
    pub attempt: i64,
    pub outcome: AttemptOutcome,
    /// What becomes of the target.
    pub status: TargetStatus,
    /// `Some`: the job waits for another try at this time.
    pub run_again_at: Option<Timestamp>,
    /// What the person is told.
    pub problem: Option<TargetProblem>,
    /// What the operator is told, in the log.
    pub detail: Option<String>,
    /// The post's place on the network, and the steps that its deletion will need.
    pub published: Option<(Published, Vec<DoneStep>)>,
    /// Steps that settled with the attempt: committed together with its end.
    pub steps: Vec<StepRecord>,
}

/// When a tenant next has something to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NextRun {
    /// The first job that waits.
    pub waiting: Option<Timestamp>,
    /// The first lease to run out.
    pub running: Option<Timestamp>,
}

impl NextRun {
    /// The earlier of the two, for a worker that comes [`AHEAD`] of it: a lease must have run out
    /// by then, or the worker would come again and again until it has.
    pub(crate) fn at(self) -> Option<Timestamp> {
        let running = self.running.map(|until| until + AHEAD);
        [self.waiting, running].into_iter().flatten().min()
    }
}
