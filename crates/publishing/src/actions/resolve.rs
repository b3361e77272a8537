//! What only a person can decide.

use content::{Post, PostId, PublishedPost, TargetId, TargetOutcome, TargetStatus};
use kernel::{Caller, Permission, Problem};
use serde::Deserialize;
use serde_json::Value;
use store::{Scope, outbox};
use utoipa::ToSchema;

use super::{cancel::to, invalid_state};
use crate::{Publishing, events, repo::steps};

kernel::text_enum! {
    /// What became of a target, as a person found out.
    pub enum Decision {
        /// It is live on the network.
        Published = "published",
        /// It is not there: publish it (again) now.
        PublishAgain = "publish_again",
        /// Leave it.
        GiveUp = "give_up",
    }
}

/// A person's decision about a target that needs attention.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resolve {
    /// The target.
    pub target_id: TargetId,
    /// The decision.
    pub decision: Decision,
    /// The post's page, if it is live and somebody found it. `http` or `https`.
    #[serde(default)]
    pub url: Option<String>,
}

impl Publishing {
    /// Ends the uncertainty about a target.
    pub async fn resolve(
        &self,
        caller: &Caller,
        id: PostId,
        resolve: Resolve,
    ) -> Result<Post, Problem> {
        caller.require(Permission::PostsPublish)?;
        let url = resolve
            .url
            .as_deref()
            .map(str::trim)
            .filter(|url| !url.is_empty());
        if let Some(url) = url
            && !(url.starts_with("https://") || url.starts_with("http://"))
        {
            return Err(Problem::field(
                "url",
                "invalid",
                "Paste the whole address of the post, from https:// on.",
            ));
        }
        let now = self.env.now();
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let post = self.hold(&mut tx, id).await?;
        let target = post
            .targets
            .iter()
            .find(|target| target.id == resolve.target_id)
            .ok_or_else(|| Problem::not_found("target of this post"))?;
        if target.status != TargetStatus::NeedsAttention {
            return Err(invalid_state(
                post.status,
                "There is nothing to decide about this account any more.",
            ));
        }
        let outcome = match resolve.decision {
            Decision::Published => TargetOutcome {
                published: Some(PublishedPost {
                    at: now,
                    platform_post_id: url
                        .and_then(|url| url.rsplit('/').find(|part| !part.is_empty()))
                        .unwrap_or_default()
                        .to_owned(),
                    url: url.map(ToOwned::to_owned),
                    // Nobody knows what the network would need to delete it.
                    result: Value::Array(Vec::new()),
                }),
                ..to(target, TargetStatus::Published)
            },
            Decision::GiveUp => to(target, TargetStatus::Cancelled),
            Decision::PublishAgain => {
                let target = target.id;
                steps::rule_out(
                    &mut tx,
                    target,
                    "a person found that it is not on the network",
                )
                .await?;
                let queued = self.put(&mut tx, post, &[target], now).await?;
                tx.commit().await?;
                self.set_going(caller, &queued).await;
                return self.content.present(caller, queued.post).await;
            }
        };
        let applied = self.content.set_target_states(&mut tx, &[outcome]).await?;
        outbox::append(&mut tx, &events::of_finished(&self.env, &applied, &[id])).await?;
        let post = self.content.load(&mut tx, id).await?;
        tx.commit().await?;
        self.content.present(caller, post).await
    }
}
