//! A small engine that publishes as the real one does.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::TestClock;
use crate::{
    connector::{
        Account, Connector, DoneStep, Found, OutgoingPart, PublishRequest, StepAnswer, StepWork,
    },
    error::NetworkError,
    http::Net,
};

/// A post that is due now, in the format `post`.
pub(crate) fn request(net: &Net, parts: Vec<OutgoingPart>) -> PublishRequest {
    request_as(net, "post", parts, json!({}))
}

/// A post that is due now, in a format and with options.
#[expect(
    clippy::needless_pass_by_value,
    reason = "callers write the options as `json!`"
)]
pub(crate) fn request_as(
    net: &Net,
    format: &str,
    parts: Vec<OutgoingPart>,
    options: Value,
) -> PublishRequest {
    PublishRequest {
        target_id: Uuid::from_bytes(net.env.bytes()),
        due_at: net.env.now(),
        format: format.to_owned(),
        parts,
        options: options.as_object().unwrap().clone(),
        attachments: BTreeMap::new(),
    }
}

/// Publishes as the engine does: a public step whose effect is unknown is looked for, and is
/// repeated only if it is surely absent.
pub(crate) struct Engine<'a> {
    pub(crate) connector: &'a dyn Connector,
    pub(crate) net: &'a Net,
    pub(crate) clock: &'a TestClock,
    pub(crate) account: &'a Account,
    pub(crate) done: Vec<DoneStep>,
    /// What happened, such as `post:0 unknown`, `post:0 found`.
    pub(crate) log: Vec<String>,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(
        connector: &'a dyn Connector,
        net: &'a Net,
        clock: &'a TestClock,
        account: &'a Account,
    ) -> Self {
        Self {
            connector,
            net,
            clock,
            account,
            done: Vec::new(),
            log: Vec::new(),
        }
    }

    /// Runs to the end, or to the first error that is not an unknown effect of a public step.
    pub(crate) async fn publish(&mut self, request: &PublishRequest) -> Result<(), NetworkError> {
        while let Some(step) = self.connector.next_step(request, &self.done) {
            assert_eq!(
                self.connector.next_step(request, &self.done),
                Some(step.clone()),
                "pure"
            );
            let done = self.done.clone();
            let work = StepWork {
                account: self.account,
                request,
                done: &done,
                step: &step,
                first_sent_at: self.net.env.now(),
            };
            let result = match self.connector.run_step(self.net, work).await {
                Ok(StepAnswer::Done(result)) => result,
                Ok(StepAnswer::Pending { after, .. }) => {
                    self.log.push(format!("{} pending", step.name));
                    assert!(self.log.len() < 200, "it never ends: {:?}", self.log);
                    self.clock.advance(after);
                    continue;
                }
                Err(error) if step.public && !error.certainty.had_no_effect() => {
                    self.log.push(format!("{} unknown", step.name));
                    match self.find(work).await? {
                        Found::Present(result) => {
                            self.log.push(format!("{} found", step.name));
                            result
                        }
                        Found::Absent => {
                            self.log.push(format!("{} absent", step.name));
                            continue;
                        }
                        Found::CannotTell(why) => panic!("{why}"),
                    }
                }
                Err(error) => {
                    self.log
                        .push(format!("{} {} {}", step.name, error.kind, error.certainty));
                    return Err(error);
                }
            };
            self.done.push(DoneStep {
                name: step.name,
                result,
            });
        }
        Ok(())
    }

    /// Looks, and looks again when it is told to wait.
    async fn find(&mut self, work: StepWork<'_>) -> Result<Found, NetworkError> {
        loop {
            match self.connector.find_step(self.net, work).await {
                Err(NetworkError {
                    retry_after: Some(after),
                    ..
                }) => self.clock.advance(after),
                other => return other,
            }
        }
    }
}
