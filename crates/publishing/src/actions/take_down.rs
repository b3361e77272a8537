//! Delete what is live.

use std::sync::Arc;

use accounts::AccountError;
use content::{Post, PostId, PostRecord, TargetId, TargetRecord, TargetStatus};
use futures::FutureExt;
use kernel::{Caller, Code, Permission, Problem};
use networks::connector::DoneStep;
use store::{Scope, outbox};

use super::{cancel::to, invalid_state};
use crate::{Publishing, events, repo::steps};

impl Publishing {
    /// Deletes on their networks what is live of a post, everywhere or for one target.
    ///
    /// Deleting is safe to repeat: what is gone already counts as deleted. So a crash in between
    /// costs a second press of the button, and nothing else.
    pub async fn take_down(
        &self,
        caller: &Caller,
        id: PostId,
        target: Option<TargetId>,
    ) -> Result<Post, Problem> {
        caller.require(Permission::PostsPublish)?;
        let (post, live) = self.live_targets(caller, id, target).await?;
        if live.is_empty() {
            return Err(invalid_state(
                post.status,
                "Nothing of this post is live, so there is nothing to delete.",
            ));
        }
        for (target, done) in live {
            self.delete_on_network(caller, &target, &done).await?;
            let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
            steps::take_down(&mut tx, target.id).await?;
            if target.status == TargetStatus::Published {
                let outcome = to(&target, TargetStatus::Deleted);
                let applied = self.content.set_target_states(&mut tx, &[outcome]).await?;
                outbox::append(&mut tx, &events::of_finished(&self.env, &applied, &[id])).await?;
            }
            tx.commit().await?;
        }
        self.content.post(caller, id).await
    }

    /// The targets of which something is live, each with the steps that put it there.
    async fn live_targets(
        &self,
        caller: &Caller,
        id: PostId,
        only: Option<TargetId>,
    ) -> Result<(PostRecord, Vec<(TargetRecord, Vec<DoneStep>)>), Problem> {
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let post = self.hold(&mut tx, id).await?;
        let begun = steps::live(&mut tx, id).await?;
        let mut live = Vec::new();
        for target in &post.targets {
            if only.is_some_and(|only| only != target.id) {
                continue;
            }
            let done = match target.status {
                TargetStatus::Published => target
                    .result
                    .clone()
                    .and_then(|result| serde_json::from_value(result).ok())
                    .unwrap_or_default(),
                _ if begun.contains(&target.id) => steps::accepted(&mut tx, target.id).await?,
                _ => continue,
            };
            live.push((target.clone(), done));
        }
        Ok((post, live))
    }

    async fn delete_on_network(
        &self,
        caller: &Caller,
        target: &TargetRecord,
        done: &[DoneStep],
    ) -> Result<(), Problem> {
        if done.is_empty() {
            return Err(Problem::new(
                Code::InvalidState,
                format!(
                    "AllIN does not know this post's id on {}, because a person confirmed it by \
                     hand. Delete it there.",
                    target.platform.name()
                ),
            ));
        }
        let connector = networks::connector(target.platform);
        let done: Arc<[DoneStep]> = done.into();
        let deleted = self
            .accounts
            .ask(caller.tenant, target.account, |net, account| {
                let done = Arc::clone(&done);
                async move { connector.delete(&net, &account, &done).await }.boxed()
            })
            .await;
        deleted.map_err(|error| match error {
            AccountError::Network(error) => Problem::new(
                Code::NetworkRefused,
                format!("The post was not deleted. {}", error.message),
            )
            .with_cause(error.detail),
            error => error.into(),
        })
    }
}
