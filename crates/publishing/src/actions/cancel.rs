//! Cancel, delete.

use content::{Post, PostId, PostStatus, TargetOutcome, TargetRecord, TargetStatus};
use kernel::{Caller, Permission, Problem};
use store::{Scope, outbox};

use super::invalid_state;
use crate::{Publishing, events, repo::jobs};

/// A target that keeps everything but its status.
pub(super) fn to(target: &TargetRecord, status: TargetStatus) -> TargetOutcome {
    TargetOutcome {
        target: target.id,
        status,
        problem: None,
        attempts: None,
        scheduled_at: None,
        published: None,
    }
}

impl Publishing {
    /// Takes a scheduled post out of the queue. It can be scheduled again.
    pub async fn cancel(&self, caller: &Caller, id: PostId) -> Result<Post, Problem> {
        caller.require(Permission::PostsPublish)?;
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let post = self.hold(&mut tx, id).await?;
        let outcomes: Vec<TargetOutcome> = post
            .targets
            .iter()
            .filter(|target| target.status == TargetStatus::Scheduled)
            .map(|target| to(target, TargetStatus::Cancelled))
            .collect();
        if outcomes.is_empty() {
            return Err(invalid_state(
                post.status,
                "Only a scheduled post can be cancelled.",
            ));
        }
        jobs::withdraw(&mut tx, id).await?;
        let applied = self.content.set_target_states(&mut tx, &outcomes).await?;
        outbox::append(&mut tx, &events::of_finished(&self.env, &applied, &[id])).await?;
        let post = self.content.load(&mut tx, id).await?;
        tx.commit().await?;
        self.content.present(caller, post).await
    }

    /// Deletes a post from AllIN. What is live stays live; take it down first to delete that, too.
    pub async fn delete(&self, caller: &Caller, id: PostId) -> Result<(), Problem> {
        caller.require(Permission::PostsWrite)?;
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let post = self.hold(&mut tx, id).await?;
        if post.status != PostStatus::Draft && post.status != PostStatus::Cancelled {
            // It is in the queue, or a record of what was published.
            caller.require(Permission::PostsPublish)?;
        }
        // The jobs go with their targets.
        self.content.delete_post(&mut tx, caller, id).await?;
        tx.commit().await?;
        Ok(())
    }
}
