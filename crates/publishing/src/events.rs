//! The events that publishing writes.

use std::collections::HashSet;

use content::{Applied, PostId, PostRecord, PostStatus};
use kernel::{Env, Event};
use serde_json::json;

/// The event of a post that has come into `status`.
fn kind(status: PostStatus) -> &'static str {
    match status {
        PostStatus::Draft => "post.updated",
        PostStatus::Scheduled => "post.scheduled",
        PostStatus::Publishing => "post.publishing",
        PostStatus::Published => "post.published",
        PostStatus::Failed => "post.failed",
        PostStatus::NeedsAttention => "post.needs_attention",
        PostStatus::Cancelled => "post.cancelled",
    }
}

fn event(env: &Env, kind: &str, post: PostId, data: serde_json::Value) -> Event {
    Event {
        id: env.uuid(),
        kind: kind.to_owned(),
        subject_id: post.0,
        at: env.now(),
        data,
    }
}

/// The events of attempts that ended at these posts: one for each post.
pub(crate) fn of_finished(env: &Env, applied: &Applied, posts: &[PostId]) -> Vec<Event> {
    let mut told: HashSet<PostId> = applied.changed.iter().map(|change| change.post).collect();
    let mut events = of_changes(env, applied);
    // A post of several targets may stay in its status while one of them moves on; whoever
    // watches the post wants to see that, too.
    for post in posts {
        if told.insert(*post) {
            events.push(event(env, "post.updated", *post, json!({})));
        }
    }
    events
}

/// The events of posts whose status changed.
pub(crate) fn of_changes(env: &Env, applied: &Applied) -> Vec<Event> {
    applied
        .changed
        .iter()
        .map(|change| {
            let data = json!({ "status": change.after, "title": change.title });
            event(env, kind(change.after), change.post, data)
        })
        .collect()
}

/// The event of an action on a post.
pub(crate) fn of_post(env: &Env, post: &PostRecord) -> Event {
    let data = json!({ "status": post.status, "title": post.title });
    event(env, kind(post.status), post.id, data)
}
