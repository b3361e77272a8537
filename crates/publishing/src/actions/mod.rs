//! What people and programs do to posts.
//!
//! Each action follows one pattern: check the permission, open a transaction of the tenant, hold
//! the post's jobs still, refuse while one is running, change post and queue together with the
//! events that tell of it, commit, and then wake the worker.

mod cancel;
mod edit;
mod history;
mod live;
mod resolve;
mod schedule;
mod short;
mod take_down;

pub use edit::CreatePost;
pub use history::{Attempt, AttemptStep};
pub use live::LiveView;
pub use resolve::{Decision, Resolve};
pub use schedule::When;
pub use short::{PublishAccount, PublishContent, PublishJob, PublishMetadata};

use content::{PostId, PostRecord, PostStatus};
use kernel::{Code, Problem};
use serde_json::json;
use store::Tx;

use crate::{
    Publishing,
    repo::{jobs, steps},
};

impl Publishing {
    /// The post, with its jobs held still.
    ///
    /// Refuses while one of them is running, and while one waits to find out whether its post is
    /// live: another text or another time now would hide from it what it has to look for, and the
    /// post could go out twice.
    async fn hold(&self, tx: &mut Tx, id: PostId) -> Result<PostRecord, Problem> {
        if jobs::lock(tx, id, self.env.now()).await? {
            return Err(Problem::new(
                Code::InvalidState,
                "This post is being published at this very moment. Wait until it is done.",
            )
            .with_details(json!({ "status": PostStatus::Publishing })));
        }
        let post = self.content.load_for_update(tx, id).await?;
        let unsettled = steps::unsettled(tx, id).await?;
        if let Some(target) = post
            .targets
            .iter()
            .find(|target| unsettled.contains(&target.id))
        {
            return Err(invalid_state(
                post.status,
                format!(
                    "The answer for {} was lost, and AllIN is finding out whether the post is live \
                     there. Try again in a minute.",
                    target.account_name
                ),
            ));
        }
        Ok(post)
    }
}

/// The action can't be done in the post's state.
fn invalid_state(status: PostStatus, message: impl Into<String>) -> Problem {
    Problem::new(Code::InvalidState, message.into()).with_details(json!({ "status": status }))
}
