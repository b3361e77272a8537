//! The steps of one attempt, each journaled before it is sent.

use std::time::Duration;

use accounts::Acting;
use content::{NextStep, TargetProblem};
use kernel::Timestamp;
use networks::{
    Certainty, Connector, ErrorKind, NetworkError,
    connector::{DoneStep, Found, PublishRequest, Step, StepAnswer, StepWork},
};
use serde_json::Value;

use super::{
    attempt::Attempt,
    end::{End, problem},
    journal::Lost,
};
use crate::job::{EarlierStep, StepRecord, StepState};

/// After a lost answer the network may still be at work on the request; looking at once could
/// miss what is about to appear.
const SETTLE: Duration = Duration::from_secs(3);

/// How long an attempt waits for a network that is at work on a file, or that can't tell yet what
/// came of a request. After that the job goes back into the queue.
const PATIENCE: Duration = Duration::from_secs(20);

/// When it is worth asking again for files that are not ready, where nobody says.
const NOT_READY: Duration = Duration::from_secs(15);

/// A post on its way to one network.
pub(crate) struct Steps<'a> {
    pub attempt: &'a Attempt,
    pub connector: &'static dyn Connector,
    pub acting: Acting,
    pub request: PublishRequest,
    pub earlier: Vec<EarlierStep>,
}

/// A public step whose answer was lost.
struct LostAnswer {
    sent_at: Timestamp,
    /// What went wrong, if it did in this attempt.
    error: Option<NetworkError>,
}

/// What looking for a step came to.
enum Looked {
    /// It took place.
    There,
    /// It did not, although it was sent: it is sent again.
    Absent { sent_at: Timestamp },
    /// The attempt ends here.
    Over(End),
}

impl Steps<'_> {
    /// Takes one step after another. `settled` gathers the rows that go to the disk with the
    /// attempt's end rather than on their own.
    pub(crate) async fn run(&mut self, settled: &mut Vec<StepRecord>) -> Result<End, Lost> {
        let mut done = Vec::new();
        let mut refreshed = false;
        let mut waited = Duration::ZERO;
        let mut lost: Option<LostAnswer> = None;
        while let Some(step) = self.connector.next_step(&self.request, &done) {
            if let Some(result) = self.accepted_before(&step) {
                done.push(DoneStep {
                    name: step.name,
                    result,
                });
                continue;
            }
            if step.public && self.attempt.job.preparing {
                break;
            }
            let send_at = self.send_at(&step);
            let mut first_sent_at = send_at;
            if let Some(lost) = lost.take().or_else(|| self.lost_before(&step)) {
                match self.look(&step, lost, &mut done, settled).await? {
                    Looked::There => continue,
                    Looked::Absent { sent_at } => first_sent_at = sent_at,
                    Looked::Over(end) => return Ok(end),
                }
            }

            let row = StepRecord::sent(&self.attempt.job, &step, send_at);
            // What nobody can see may be repeated, so its row can wait until it has a result.
            if step.public {
                self.attempt.journal.step(row.clone()).await?;
            }
            let Some(slot) = self.attempt.may_speak(send_at).await? else {
                let row = row.settled(StepState::Refused, self.attempt.now());
                let row = row.with_detail("not sent: the server was told to stop");
                settled.extend(step.public.then_some(row));
                return Ok(End::Released);
            };
            let answer = self.send(&done, &step, first_sent_at).await;
            drop(slot);
            match answer {
                Ok(StepAnswer::Done(result)) => {
                    let row = row.settled(StepState::Accepted, self.attempt.now());
                    self.accept(row, result, &mut done, settled).await?;
                }
                Ok(StepAnswer::Pending { after, note }) => {
                    if waited + after > PATIENCE {
                        let row = row.settled(StepState::Refused, self.attempt.now());
                        settled.push(row.with_detail(note.clone()));
                        return Ok(End::Waiting { after, note });
                    }
                    waited += after;
                    tokio::time::sleep(after).await;
                }
                Err(error) if step.public && error.certainty == Certainty::Unknown => {
                    let sent_at = row.started_at;
                    let row = row.settled(StepState::Unknown, self.attempt.now());
                    self.attempt
                        .journal
                        .step(row.with_detail(error.detail.clone()))
                        .await?;
                    tokio::time::sleep(SETTLE).await;
                    lost = Some(LostAnswer {
                        sent_at,
                        error: Some(error),
                    });
                }
                Err(error) => {
                    let row = row.settled(StepState::Refused, self.attempt.now());
                    settled.push(row.with_detail(error.detail.clone()));
                    if error.kind == ErrorKind::TokenExpired && !refreshed {
                        refreshed = true;
                        if let Err(end) = self.refresh().await {
                            return Ok(end);
                        }
                        // The step runs again and its new row replaces this one.
                        settled.pop();
                    } else {
                        return Ok(self.end_of(error).await);
                    }
                }
            }
        }
        if self.attempt.job.preparing {
            return Ok(End::Prepared);
        }
        let published = self.connector.published(
            &self.attempt.worker.publishing.net,
            &self.acting.account,
            &self.request,
            &done,
        );
        Ok(End::Published { published, done })
    }

    /// Looks on the network whether a step took place whose answer was lost.
    async fn look(
        &self,
        step: &Step,
        lost: LostAnswer,
        done: &mut Vec<DoneStep>,
        settled: &mut Vec<StepRecord>,
    ) -> Result<Looked, Lost> {
        let LostAnswer { sent_at, error } = lost;
        let row = StepRecord::sent(&self.attempt.job, step, sent_at);
        let found = if error.is_some() {
            self.find(done, step, sent_at).await
        } else if let Some(found) = self.find_patiently(done, step, sent_at).await {
            found
        } else {
            return Ok(Looked::Over(End::Released));
        };
        Ok(match (found, error) {
            (Ok(Found::Present(result)), _) => {
                let row = row
                    .settled(StepState::Accepted, self.attempt.now())
                    .with_detail("found on the network after its answer was lost");
                self.accept(row, result, done, settled).await?;
                Looked::There
            }
            (Ok(Found::Absent), Some(error)) => {
                let detail = format!("{}; it is not on the network", error.detail);
                let row = row.settled(StepState::Refused, self.attempt.now());
                settled.push(row.with_detail(detail));
                Looked::Over(End::Retry(error))
            }
            (Ok(Found::Absent), None) => Looked::Absent { sent_at },
            (Ok(Found::CannotTell(message)), error) => Looked::Over(End::Undecided {
                problem: unknown(message),
                detail: error.map_or_else(String::new, |error| error.detail),
            }),
            (Err(look), _) => Looked::Over(self.could_not_look(look)),
        })
    }

    /// Notes a step's result: with the attempt's end if it was the last one, else at once, so
    /// that a crash resumes behind it.
    async fn accept(
        &self,
        row: StepRecord,
        result: Value,
        done: &mut Vec<DoneStep>,
        settled: &mut Vec<StepRecord>,
    ) -> Result<(), Lost> {
        done.push(DoneStep {
            name: row.name.clone(),
            result: result.clone(),
        });
        let row = row.with_result(result);
        if self.connector.next_step(&self.request, done).is_none() {
            settled.push(row);
            Ok(())
        } else {
            self.attempt.journal.step(row).await
        }
    }

    /// What to make of a network's definite no.
    async fn end_of(&self, error: NetworkError) -> End {
        match error.kind {
            ErrorKind::Temporary | ErrorKind::NotReady | ErrorKind::RateLimited => {
                End::Retry(error)
            }
            ErrorKind::TokenExpired | ErrorKind::Reconnect => {
                let Acting {
                    id, secret_version, ..
                } = self.acting;
                let accounts = &self.attempt.worker.publishing.accounts;
                let marked = accounts
                    .mark_expired(self.attempt.tenant, id, secret_version, &error.message)
                    .await;
                if let Err(cause) = marked {
                    tracing::error!(tenant = %self.attempt.tenant, account = %id, %cause,
                        "an account could not be marked as expired");
                }
                End::Failed {
                    problem: problem("account_expired", error.message, NextStep::Reconnect),
                    detail: error.detail,
                }
            }
            ErrorKind::Refused => End::Failed {
                problem: problem("refused", error.message, NextStep::Edit),
                detail: error.detail,
            },
        }
    }

    /// The answer was lost, and now the network can't even be asked.
    fn could_not_look(&self, error: NetworkError) -> End {
        let may_pass = matches!(error.kind, ErrorKind::Temporary | ErrorKind::RateLimited);
        if may_pass && self.attempt.pause(&error).is_some() {
            return End::Retry(error);
        }
        let message = format!(
            "The answer of {} was lost, and AllIN could not look whether the post is live. {}",
            self.acting.account.platform.name(),
            error.message
        );
        End::Undecided {
            problem: unknown(message),
            detail: error.detail,
        }
    }

    async fn refresh(&mut self) -> Result<(), End> {
        let Acting {
            id, secret_version, ..
        } = self.acting;
        let accounts = &self.attempt.worker.publishing.accounts;
        match accounts
            .refresh_after_refusal(self.attempt.tenant, id, secret_version)
            .await
        {
            Ok(acting) => {
                self.acting = acting;
                Ok(())
            }
            Err(error) => Err(End::of_account(error)),
        }
    }

    fn work<'a>(
        &'a self,
        done: &'a [DoneStep],
        step: &'a Step,
        first_sent_at: Timestamp,
    ) -> StepWork<'a> {
        StepWork {
            account: &self.acting.account,
            request: &self.request,
            done,
            step,
            first_sent_at,
        }
    }

    /// When a step may be sent: what the world can see, not before the appointed time.
    fn send_at(&self, step: &Step) -> Timestamp {
        let now = self.attempt.now();
        if step.public {
            now.max(self.request.due_at)
        } else {
            now
        }
    }

    async fn send(
        &self,
        done: &[DoneStep],
        step: &Step,
        first_sent_at: Timestamp,
    ) -> Result<StepAnswer, NetworkError> {
        let work = self.work(done, step, first_sent_at);
        let answer = self
            .connector
            .run_step(&self.attempt.worker.publishing.net, work)
            .await;
        match answer {
            // It is all the same to the post who is still at work on its files.
            Err(error) if error.kind == ErrorKind::NotReady => Ok(StepAnswer::Pending {
                after: error.retry_after.unwrap_or(NOT_READY),
                note: error.message,
            }),
            answer => answer,
        }
    }

    /// Looks for what an earlier attempt sent, and looks again after a while where it is too early
    /// to tell: after a crash, the pause of a further try would come on top. `None` if the server
    /// is told to stop meanwhile.
    async fn find_patiently(
        &self,
        done: &[DoneStep],
        step: &Step,
        sent_at: Timestamp,
    ) -> Option<Result<Found, NetworkError>> {
        let mut waited = Duration::ZERO;
        loop {
            let found = self.find(done, step, sent_at).await;
            let after = match &found {
                Err(look) if look.kind == ErrorKind::Temporary => look.retry_after,
                _ => None,
            };
            let Some(after) = after.filter(|after| waited + *after <= PATIENCE) else {
                return Some(found);
            };
            waited += after;
            if !self.attempt.wait_until(self.attempt.now() + after).await {
                return None;
            }
        }
    }

    async fn find(
        &self,
        done: &[DoneStep],
        step: &Step,
        sent_at: Timestamp,
    ) -> Result<Found, NetworkError> {
        let work = self.work(done, step, sent_at);
        let _slot = self.attempt.worker.slots.acquire().await;
        self.connector
            .find_step(&self.attempt.worker.publishing.net, work)
            .await
    }

    /// The result of the same step in an earlier attempt. An edited post has other fingerprints,
    /// so nothing of it is taken for done.
    fn accepted_before(&self, step: &Step) -> Option<Value> {
        self.same(step)
            .find(|earlier| earlier.state == StepState::Accepted)
            .and_then(|earlier| earlier.result.clone())
    }

    /// The first time the same step was sent in vain, if nobody knows what came of the latest.
    fn lost_before(&self, step: &Step) -> Option<LostAnswer> {
        let lost =
            |earlier: &&EarlierStep| matches!(earlier.state, StepState::Sent | StepState::Unknown);
        let latest = self.same(step).last().filter(lost)?;
        let first = self.same(step).find(lost).unwrap_or(latest);
        step.public.then_some(LostAnswer {
            sent_at: first.started_at,
            error: None,
        })
    }

    fn same(&self, step: &Step) -> impl Iterator<Item = &EarlierStep> {
        self.earlier.iter().filter(move |earlier| {
            earlier.name == step.name && earlier.fingerprint == step.fingerprint
        })
    }
}

/// Nobody but a person can tell whether the post is live.
fn unknown(message: String) -> TargetProblem {
    problem("unknown_outcome", message, NextStep::Decide)
}
