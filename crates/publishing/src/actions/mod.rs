//! What people and programs do to posts.
//!
//! Each action follows one pattern: check the permission, open a transaction of the tenant, hold
//! the post's jobs still, refuse while one is running, change post and queue together with the
//! events that tell of it, commit, and then wake the worker.

mod cancel;
mod edit;
mod history;
mod resolve;
mod schedule;
mod short;
mod take_down;

pub use edit::CreatePost;
pub use history::{Attempt, AttemptStep};
pub use resolve::{Decision, Resolve};
pub use schedule::When;
pub use short::{PublishAccount, PublishContent, PublishJob, PublishMetadata};

use content::{PostId, PostRecord, PostStatus};
use kernel::{Code, Problem};
use serde_json::json;
use store::Tx;

use crate::{Publishing, repo::jobs};

impl Publishing {
    /// The post, with its jobs held still; refuses while one of them is running.
    async fn hold(&self, tx: &mut Tx, id: PostId) -> Result<PostRecord, Problem> {
        if jobs::lock(tx, id).await? {
            return Err(Problem::new(
                Code::InvalidState,
                "This post is being published at this very moment. Wait until it is done.",
            )
            .with_details(json!({ "status": PostStatus::Publishing })));
        }
        self.content.load_for_update(tx, id).await
    }
}

/// The action can't be done in the post's state.
fn invalid_state(status: PostStatus, message: impl Into<String>) -> Problem {
    Problem::new(Code::InvalidState, message.into()).with_details(json!({ "status": status }))
}
