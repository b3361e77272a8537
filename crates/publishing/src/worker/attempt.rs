//! One attempt at one target: what it starts from, and how it ends.

use std::time::Duration;

use accounts::{AccountError, Stored};
use content::{
    Hold, NextStep, OutgoingContent, TargetProblem, TargetSettings, TargetStatus, ToPublish,
};
use kernel::{TenantId, Timestamp};
use networks::{ErrorKind, NetworkError, connector::PublishRequest};

use tokio::sync::SemaphorePermit;

use super::{
    Worker, backoff,
    end::{End, problem},
    journal::{Journal, Lost},
    lease::Lease,
    steps::Steps,
};
use crate::job::{AttemptOutcome, Claimed, EarlierStep, Finish, StepRecord};

/// After this long what was uploaded and not published is uploaded anew: most networks forget it
/// within a day.
const UPLOADS_LAST: Duration = Duration::from_hours(20);
/// The longest sleep between two looks at the clock.
const NAP: Duration = Duration::from_millis(250);

/// One attempt at one target.
pub(crate) struct Attempt {
    pub worker: Worker,
    pub tenant: TenantId,
    pub job: Claimed,
    pub journal: Journal,
    pub lease: Lease,
}

/// What an attempt starts from, as it was when the job was claimed.
pub(crate) struct Start {
    /// The post; `None` if it is gone.
    pub target: Option<ToPublish>,
    /// The account; `None` if it never existed.
    pub stored: Option<Stored>,
    /// What earlier attempts did.
    pub earlier: Vec<EarlierStep>,
    /// How late a post may be before a person is asked.
    pub late_after: Duration,
    /// The account has used up what the network takes of it.
    pub hold: Option<Hold>,
}

impl Attempt {
    /// Carries the attempt out and writes its end.
    pub(crate) async fn run(self, start: Start) {
        let mut settled = Vec::new();
        let written = match self.publish(start, &mut settled).await {
            Ok(end) => {
                let finish = self.finish(end, settled);
                self.observe(&finish);
                self.journal.finish(finish).await
            }
            // Nothing was said since the last journal row: whoever takes over starts from there.
            Err(lost) => Err(lost),
        };
        if let Err(lost) = written {
            tracing::warn!(tenant = %self.tenant, target = %self.job.id,
                attempt = self.job.attempt, %lost, "an attempt was given up");
        }
    }

    async fn publish(&self, start: Start, settled: &mut Vec<StepRecord>) -> Result<End, Lost> {
        let Start {
            target,
            stored,
            mut earlier,
            late_after,
            hold,
        } = start;
        let (target, stored) = match (target, stored) {
            (Some(target), Some(stored)) => (target, stored),
            (None, _) => {
                return Ok(End::failed(
                    "post_gone",
                    "The post was deleted.",
                    NextStep::None,
                ));
            }
            (_, None) => return Ok(End::of_account(AccountError::Removed)),
        };
        // Late without a try means that the server was down. What had to wait was due when it had.
        let may_be_live = earlier.iter().any(EarlierStep::may_be_live);
        let due_at = self.job.due_at.max(self.job.run_at);
        if self.job.tries == 0 && !may_be_live && self.now().since(due_at) > late_after {
            return Ok(End::undecided(
                "missed",
                "AllIN was not running when this post was due. Publish it now, or give it up.",
            ));
        }
        if !may_be_live
            && earlier
                .iter()
                .any(|step| step.is_older_than(UPLOADS_LAST, self.now()))
        {
            earlier.clear();
        }
        if let Some(Hold { until, note }) = hold {
            return Ok(End::Held { until, note });
        }
        let OutgoingContent { parts, attachments } = match target.content {
            Ok(content) => content,
            Err(problem) => {
                return Ok(End::Failed {
                    problem,
                    detail: "the post can't be put together".to_owned(),
                });
            }
        };
        // A further try keeps the pause that was set for it, also where nobody would see it.
        if self.job.run_at > self.job.due_at && !self.wait_until(self.job.run_at).await {
            return Ok(End::Released);
        }
        let acting = match self
            .worker
            .publishing
            .accounts
            .act(self.tenant, stored)
            .await
        {
            Ok(acting) => acting,
            Err(error) => return Ok(End::of_account(error)),
        };
        let connector = networks::connector(acting.account.platform);
        let TargetSettings { format, options } = target.settings;
        let types: Vec<_> = parts.first().map_or_else(Vec::new, |part| {
            part.media.iter().map(|media| &*media.mime_type).collect()
        });
        let formats = connector.formats(&acting.account.limits);
        let (format, _) = networks::rules::choose(formats, format.as_deref(), &types);
        let mut steps = Steps {
            attempt: self,
            connector,
            acting,
            request: PublishRequest {
                target_id: self.job.id.0,
                due_at: self.job.due_at,
                format: format.id.to_owned(),
                parts,
                options,
                attachments,
            },
            earlier,
        };
        steps.run(settled).await
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.worker.publishing.env.now()
    }

    /// Waits for an instant. Answers `false` if the server is told to stop, even at that instant.
    pub(crate) async fn wait_until(&self, at: Timestamp) -> bool {
        let stopping = &self.worker.stopping;
        while !stopping.is_cancelled() {
            let left = at.since(self.now());
            if left.is_zero() {
                return true;
            }
            // In short naps: the clock may be set meanwhile.
            tokio::select! {
                () = stopping.cancelled() => {}
                () = tokio::time::sleep(left.min(NAP)) => {}
            }
        }
        false
    }

    /// Waits until a request may leave: not before `at`, not with too many others, and not unless
    /// the lease outlasts it. `None` if the server is told to stop, which sends nothing any more.
    pub(crate) async fn may_speak(
        &self,
        at: Timestamp,
    ) -> Result<Option<SemaphorePermit<'_>>, Lost> {
        if !self.wait_until(at).await {
            return Ok(None);
        }
        let ready = async {
            let slot = self.worker.slots.acquire().await.ok();
            // Last of all, for what came before may have taken long.
            self.lease.outlasts_a_request().await?;
            Ok(slot)
        };
        tokio::select! {
            slot = ready => slot,
            () = self.worker.stopping.cancelled() => Ok(None),
        }
    }

    /// The pause before the next try, or `None` when the tries are used up.
    pub(crate) fn pause(&self, error: &NetworkError) -> Option<Duration> {
        backoff::pause(
            self.tries(),
            self.worker.publishing.env.fraction(),
            error.retry_after,
        )
    }

    /// Tries since the post was scheduled, with this one.
    fn tries(&self) -> u32 {
        u32::try_from(self.job.tries + 1).unwrap_or(u32::MAX)
    }

    fn finish(&self, end: End, steps: Vec<StepRecord>) -> Finish {
        let mut finish = Finish {
            job: self.job.id,
            post: self.job.post_id,
            attempt: self.job.attempt,
            outcome: AttemptOutcome::Failed,
            status: TargetStatus::Failed,
            run_again_at: None,
            problem: None,
            detail: None,
            published: None,
            steps,
        };
        match end {
            End::Published { published, done } => {
                finish.outcome = AttemptOutcome::Published;
                finish.status = TargetStatus::Published;
                finish.published = Some((published, done));
            }
            End::Retry(error) => {
                let code = match error.kind {
                    ErrorKind::RateLimited => "rate_limited",
                    _ => "network_unavailable",
                };
                let pause = self.pause(&error);
                let mut told = problem(code, error.message, NextStep::RetryLater);
                if let Some(pause) = pause {
                    finish.outcome = AttemptOutcome::Retrying;
                    finish.status = TargetStatus::Scheduled;
                    finish.run_again_at = Some(self.now() + pause);
                    told.retry_at = finish.run_again_at;
                } else {
                    told.message = format!("{} AllIN tried {} times.", told.message, self.tries());
                }
                finish.problem = Some(told);
                finish.detail = Some(error.detail);
            }
            End::Failed { problem, detail } => {
                finish.problem = Some(problem);
                finish.detail = Some(detail);
            }
            End::Undecided { problem, detail } => {
                finish.outcome = AttemptOutcome::Unknown;
                finish.status = TargetStatus::NeedsAttention;
                finish.problem = Some(problem);
                finish.detail = Some(detail);
            }
            End::Waiting { after, note } => {
                finish.outcome = AttemptOutcome::Waiting;
                finish.status = if self.job.preparing {
                    TargetStatus::Scheduled
                } else {
                    TargetStatus::Publishing
                };
                finish.run_again_at = Some(self.now() + after);
                finish.detail = Some(note.clone());
                finish.problem = Some(TargetProblem {
                    retry_at: finish.run_again_at,
                    ..problem("processing", note, NextStep::RetryLater)
                });
            }
            End::Held { until, note } => {
                finish.outcome = AttemptOutcome::Waiting;
                finish.status = TargetStatus::Scheduled;
                finish.run_again_at = Some(until);
                finish.detail = Some(note.clone());
                finish.problem = Some(TargetProblem {
                    retry_at: finish.run_again_at,
                    ..problem("quota_used_up", note, NextStep::RetryLater)
                });
            }
            End::Prepared => {
                finish.outcome = AttemptOutcome::Prepared;
                finish.status = TargetStatus::Scheduled;
                // An upload that took too long makes the post late; the server was not down.
                finish.run_again_at = Some(self.now().max(self.job.due_at));
            }
            End::Released => {
                finish.outcome = AttemptOutcome::Released;
                finish.status = TargetStatus::Scheduled;
                finish.run_again_at = Some(self.now().max(self.job.run_at));
            }
        }
        finish
    }

    fn observe(&self, finish: &Finish) {
        metrics::counter!("allin_publish_attempts_total", "outcome" => finish.outcome.as_str())
            .increment(1);
        if finish.outcome == AttemptOutcome::Published {
            if self.job.tries == 0 {
                metrics::histogram!("allin_publish_lateness_seconds")
                    .record(self.now().since(self.job.due_at).as_secs_f64());
            }
        } else if finish.outcome != AttemptOutcome::Prepared {
            tracing::info!(tenant = %self.tenant, target = %self.job.id, attempt = self.job.attempt,
                outcome = %finish.outcome, detail = finish.detail, "an attempt did not publish");
        }
    }
}
