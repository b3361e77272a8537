//! Create and edit.

use content::{
    NewPost, NewTarget, Part, Post, PostChanges, PostId, PostStatus, TargetId, TargetStatus,
    UpdatedPost,
};
use kernel::{Caller, Permission, Problem, Timestamp};
use serde::Deserialize;
use store::{Scope, outbox};
use utoipa::ToSchema;

use super::{invalid_state, schedule::When};
use crate::{Publishing, events, repo::steps};

/// A new post; with a time it is scheduled in the same call.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreatePost {
    /// A name for the team's eyes.
    #[serde(default)]
    pub title: Option<String>,
    /// The post, and after it the further parts of its thread. At least one.
    pub parts: Vec<Part>,
    /// The accounts it is for.
    #[serde(default)]
    pub targets: Vec<NewTarget>,
    /// The IANA time zone that it is planned in; the organisation's where left out.
    #[serde(default)]
    #[schema(examples("Europe/Berlin"))]
    pub time_zone: Option<String>,
    /// Schedule it for this instant.
    #[serde(default)]
    pub scheduled_at: Option<Timestamp>,
    /// Schedule it for this wall time, in `timeZone`.
    #[serde(default)]
    #[schema(examples("2026-11-22T09:00"))]
    pub scheduled_local: Option<String>,
    /// Publish it at once.
    #[serde(default)]
    pub publish_now: bool,
}

impl Publishing {
    /// Makes a post: a draft, or scheduled, or published at once.
    pub async fn create(&self, caller: &Caller, new: CreatePost) -> Result<Post, Problem> {
        caller.require(Permission::PostsWrite)?;
        let time_zone = match new.time_zone {
            Some(zone) => zone,
            None => self.identity.tenant(caller.tenant).await?.time_zone,
        };
        let draft = NewPost {
            title: new.title,
            parts: new.parts,
            targets: new.targets,
            time_zone: Some(time_zone),
        };
        let now = self.env.now();
        let when = When {
            scheduled_at: new.scheduled_at,
            scheduled_local: new.scheduled_local,
            time_zone: None,
        };
        let timed = when.scheduled_at.is_some() || when.scheduled_local.is_some();
        if timed && new.publish_now {
            return Err(Problem::field(
                "publishNow",
                "conflict",
                "Send either a time or publishNow, not both.",
            ));
        }
        if timed || new.publish_now {
            caller.require(Permission::PostsPublish)?;
        }
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let post = self.content.create_draft(&mut tx, caller, draft).await?;
        if !timed && !new.publish_now {
            tx.commit().await?;
            return self.content.present(caller, post).await;
        }
        let at = if new.publish_now {
            now
        } else {
            when.resolve(&post.time_zone, now)?
        };
        let queued = self.enqueue(&mut tx, post, at).await?;
        tx.commit().await?;
        self.set_going(caller, &queued).await;
        self.content.present(caller, queued.post).await
    }

    /// Edits a post. A scheduled one stays scheduled and must pass preflight again.
    pub async fn update(
        &self,
        caller: &Caller,
        id: PostId,
        changes: PostChanges,
    ) -> Result<Post, Problem> {
        caller.require(Permission::PostsWrite)?;
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let before = self.hold(&mut tx, id).await?;
        let scheduled = before
            .targets
            .iter()
            .any(|target| target.status == TargetStatus::Scheduled);
        if scheduled {
            caller.require(Permission::PostsPublish)?;
        }
        if changes.parts.is_some() || changes.targets.is_some() {
            let live = steps::live(&mut tx, id).await?;
            let begun = before.targets.iter().find(|target| {
                live.contains(&target.id)
                    && !matches!(
                        target.status,
                        TargetStatus::Published | TargetStatus::Deleted
                    )
            });
            if let Some(target) = begun {
                return Err(invalid_state(
                    before.status,
                    format!(
                        "The beginning of this thread is live on {} already. Try again to publish \
                         the rest, or take it down before you edit.",
                        target.account_name
                    ),
                ));
            }
        }
        let UpdatedPost { post, added, .. } = self
            .content
            .update_draft(&mut tx, caller, id, changes)
            .await?;
        // One that waits for another try was due before now.
        let due = before
            .scheduled_at
            .filter(|_| scheduled)
            .map(|at| at.max(self.env.now()));
        if let Some(at) = due {
            let queued: Vec<TargetId> = post
                .targets
                .iter()
                .filter(|target| {
                    target.status == TargetStatus::Scheduled || added.contains(&target.id)
                })
                .map(|target| target.id)
                .collect();
            if !queued.is_empty() {
                let queued = self.put(&mut tx, post, &queued, at).await?;
                tx.commit().await?;
                self.set_going(caller, &queued).await;
                return self.content.present(caller, queued.post).await;
            }
        } else if post.status != PostStatus::Draft {
            outbox::append(&mut tx, &[events::of_post(&self.env, &post)]).await?;
        }
        tx.commit().await?;
        self.content.present(caller, post).await
    }
}
