//! Schedule, publish now, retry.

use content::{
    NewTarget, Plan, Post, PostId, PostRecord, PostStatus, TargetId, TargetStatus, schedule,
};
use kernel::{Caller, Fields, Permission, Problem, Timestamp};
use serde::Deserialize;
use store::{Scope, Tx, outbox};
use utoipa::ToSchema;

use super::invalid_state;
use crate::{Publishing, events, repo::jobs};

/// When to publish: an instant, or wall time in a time zone. Exactly one of the first two.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct When {
    /// An instant.
    pub scheduled_at: Option<Timestamp>,
    /// Wall time without an offset, in `timeZone`.
    #[schema(examples("2026-11-22T09:00"))]
    pub scheduled_local: Option<String>,
    /// The IANA zone of `scheduledLocal`; the post's own where it is left out.
    #[schema(examples("Europe/Berlin"))]
    pub time_zone: Option<String>,
}

impl When {
    /// The instant, which must be to come.
    pub(super) fn resolve(&self, zone: &str, now: Timestamp) -> Result<Timestamp, Problem> {
        let at = match (self.scheduled_at, &self.scheduled_local) {
            (Some(at), None) => at,
            (None, Some(local)) => {
                schedule::resolve(local, self.time_zone.as_deref().unwrap_or(zone))?.at
            }
            _ => {
                return Err(Problem::field(
                    "scheduledAt",
                    "required",
                    "Say when: send either scheduledAt or scheduledLocal.",
                ));
            }
        };
        schedule::check_future(at, now)?;
        Ok(at)
    }
}

impl Publishing {
    /// Schedules a post, or moves one that is scheduled.
    pub async fn schedule(
        &self,
        caller: &Caller,
        id: PostId,
        when: &When,
    ) -> Result<Post, Problem> {
        caller.require(Permission::PostsPublish)?;
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let post = self.hold(&mut tx, id).await?;
        let at = when.resolve(&post.time_zone, self.env.now())?;
        let post = self.enqueue(&mut tx, post, at).await?;
        tx.commit().await?;
        self.wake(caller.tenant, at).await;
        self.content.present(caller, post).await
    }

    /// Publishes a post now.
    pub async fn publish_now(&self, caller: &Caller, id: PostId) -> Result<Post, Problem> {
        caller.require(Permission::PostsPublish)?;
        let now = self.env.now();
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let post = self.hold(&mut tx, id).await?;
        let post = self.enqueue(&mut tx, post, now).await?;
        tx.commit().await?;
        self.wake(caller.tenant, now).await;
        self.content.present(caller, post).await
    }

    /// Tries failed targets again, all of them or one.
    pub async fn retry(
        &self,
        caller: &Caller,
        id: PostId,
        target: Option<TargetId>,
    ) -> Result<Post, Problem> {
        caller.require(Permission::PostsPublish)?;
        let now = self.env.now();
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let post = self.hold(&mut tx, id).await?;
        if let Some(target) = target
            && !post.targets.iter().any(|known| known.id == target)
        {
            return Err(Problem::not_found("target of this post"));
        }
        let targets: Vec<TargetId> = post
            .targets
            .iter()
            .filter(|known| target.is_none_or(|target| target == known.id))
            .filter(|known| known.status == TargetStatus::Failed)
            .map(|known| known.id)
            .collect();
        if targets.is_empty() {
            return Err(invalid_state(
                post.status,
                "Nothing of this post has failed, so there is nothing to try again.",
            ));
        }
        let post = self.put(&mut tx, post, &targets, now).await?;
        tx.commit().await?;
        self.wake(caller.tenant, now).await;
        self.content.present(caller, post).await
    }

    /// Puts every target that is not out yet into the queue.
    pub(super) async fn enqueue(
        &self,
        tx: &mut Tx,
        post: PostRecord,
        at: Timestamp,
    ) -> Result<PostRecord, Problem> {
        if matches!(
            post.status,
            PostStatus::Published | PostStatus::NeedsAttention
        ) {
            return Err(invalid_state(
                post.status,
                "This post is published, or waits for your decision. Duplicate it to publish it anew.",
            ));
        }
        let targets: Vec<TargetId> = post
            .targets
            .iter()
            .filter(|target| {
                matches!(
                    target.status,
                    TargetStatus::Draft
                        | TargetStatus::Scheduled
                        | TargetStatus::Failed
                        | TargetStatus::Cancelled
                )
            })
            .map(|target| target.id)
            .collect();
        self.put(tx, post, &targets, at).await
    }

    /// Puts the given targets into the queue, after preflight.
    pub(super) async fn put(
        &self,
        tx: &mut Tx,
        post: PostRecord,
        targets: &[TargetId],
        at: Timestamp,
    ) -> Result<PostRecord, Problem> {
        let chosen = post
            .targets
            .iter()
            .filter(|target| targets.contains(&target.id));
        let plan = Plan {
            parts: post.parts.clone(),
            targets: chosen
                .map(|target| NewTarget {
                    social_account_id: target.account,
                    override_: target.override_.clone(),
                    settings: target.settings.clone(),
                })
                .collect(),
            scheduled_at: None,
        };
        let report = self.content.preflight(tx, &plan).await?;
        if !report.ok {
            return Err(report.into_problem());
        }
        let mut fields = Fields::new();
        fields.check(
            !targets.is_empty(),
            "targets",
            "required",
            "Choose at least one account.",
        );
        fields.finish()?;
        let post = self
            .content
            .mark_scheduled(tx, post.id, targets, at)
            .await?;
        for target in post
            .targets
            .iter()
            .filter(|target| targets.contains(&target.id))
        {
            if !jobs::put(tx, target.id, post.id, target.account, at).await? {
                return Err(invalid_state(
                    PostStatus::Publishing,
                    "This post is being published at this very moment.",
                ));
            }
        }
        outbox::append(tx, &[events::of_post(&self.env, &post)]).await?;
        Ok(post)
    }
}
