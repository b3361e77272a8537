//! Schedule, publish now, retry.

use std::time::Duration;

use content::{
    MediaLoad, NewTarget, Plan, Post, PostId, PostRecord, PostStatus, TargetId, TargetStatus,
    schedule,
};
use kernel::{Caller, Fields, Permission, Problem, Timestamp};
use serde::Deserialize;
use store::{Scope, Tx, outbox};
use utoipa::ToSchema;

use super::invalid_state;
use crate::{Publishing, events, repo::jobs};

/// How long before a post is due its files begin to go to the network, however small they are.
const FIRST: Duration = Duration::from_mins(1);
/// Bytes a second that the way to a network surely takes.
const BYTES_A_SECOND: u64 = 1 << 20;
/// No network forgets within an hour what was uploaded and not published.
const EARLIEST: Duration = Duration::from_mins(45);

/// A post that was put into the queue.
#[derive(Debug)]
pub(super) struct Queued {
    pub post: PostRecord,
    /// When the worker first has something to do.
    begins_at: Timestamp,
    has_files: bool,
}

/// How long before a post is due its files begin to go to the network.
fn lead(load: &MediaLoad) -> Duration {
    let sending = Duration::from_secs(load.bytes / BYTES_A_SECOND);
    EARLIEST.min(FIRST + sending + load.converting)
}

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
        let queued = self.enqueue(&mut tx, post, at).await?;
        tx.commit().await?;
        self.set_going(caller, &queued).await;
        self.content.present(caller, queued.post).await
    }

    /// Publishes a post now.
    pub async fn publish_now(&self, caller: &Caller, id: PostId) -> Result<Post, Problem> {
        caller.require(Permission::PostsPublish)?;
        let now = self.env.now();
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let post = self.hold(&mut tx, id).await?;
        let queued = self.enqueue(&mut tx, post, now).await?;
        tx.commit().await?;
        self.set_going(caller, &queued).await;
        self.content.present(caller, queued.post).await
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
        let queued = self.put(&mut tx, post, &targets, now).await?;
        tx.commit().await?;
        self.set_going(caller, &queued).await;
        self.content.present(caller, queued.post).await
    }

    /// After the commit: tells workers and encoder of what was put into the queue.
    pub(super) async fn set_going(&self, caller: &Caller, queued: &Queued) {
        self.wake(caller.tenant, queued.begins_at).await;
        if queued.has_files {
            self.content.convert_ahead(caller.tenant, queued.post.id);
        }
    }

    /// Puts every target that is not out yet into the queue.
    pub(super) async fn enqueue(
        &self,
        tx: &mut Tx,
        post: PostRecord,
        at: Timestamp,
    ) -> Result<Queued, Problem> {
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
    ) -> Result<Queued, Problem> {
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
            post_id: Some(post.id),
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
        let mut begins_at = at;
        let loads = self.content.media_loads(tx, &post, targets).await?;
        for target in post
            .targets
            .iter()
            .filter(|target| targets.contains(&target.id))
        {
            let ahead = loads.get(&target.id).map_or(Duration::ZERO, lead);
            begins_at = begins_at.min(at - ahead);
            if !jobs::put(tx, target.id, post.id, target.account, at, ahead).await? {
                return Err(invalid_state(
                    PostStatus::Publishing,
                    "This post is being published at this very moment.",
                ));
            }
        }
        outbox::append(tx, &[events::of_post(&self.env, &post)]).await?;
        Ok(Queued {
            post,
            begins_at,
            has_files: !loads.is_empty(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_go_ahead_by_their_size_and_no_earlier_than_networks_keep_them() {
        let of = |bytes, converting| lead(&MediaLoad { bytes, converting });
        assert_eq!(of(20_000, Duration::ZERO), FIRST);
        assert_eq!(
            of(90 << 20, Duration::ZERO),
            FIRST + Duration::from_secs(90)
        );
        let film = of(90 << 20, Duration::from_mins(3));
        assert_eq!(film, FIRST + Duration::from_secs(90 + 180));
        assert_eq!(of(4 << 30, Duration::from_hours(1)), EARLIEST);
    }
}
