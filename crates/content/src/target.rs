//! A post on one social account: the states it goes through.

use accounts::SocialAccountId;
use kernel::Timestamp;
use networks::Platform;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::post::{Override, PostId, TargetSettings};

kernel::id!(
    /// A post on one social account.
    TargetId,
);

kernel::text_enum! {
    /// How far a post is on one account.
    pub enum TargetStatus {
        /// Nobody has decided when it is to be published.
        Draft = "draft",
        /// It waits for its time, or for its next try.
        Scheduled = "scheduled",
        /// It is being sent.
        Publishing = "publishing",
        /// It is on the network.
        Published = "published",
        /// The network did not take it, and AllIN does not try again by itself.
        Failed = "failed",
        /// Whether it is on the network only a person can find out.
        NeedsAttention = "needs_attention",
        /// It was called off.
        Cancelled = "cancelled",
        /// It was on the network and was taken down.
        Deleted = "deleted",
    }
}

impl TargetStatus {
    /// Whether a target may go from this state to `next`: the whole state machine.
    ///
    /// Staying is always possible: a target may get a new problem or a new count of attempts.
    pub const fn may_become(self, next: Self) -> bool {
        use TargetStatus::{
            Cancelled, Deleted, Draft, Failed, NeedsAttention, Published, Publishing, Scheduled,
        };
        match self {
            Draft => matches!(next, Draft | Scheduled),
            Scheduled => matches!(
                next,
                Scheduled | Draft | Publishing | Cancelled | Failed | NeedsAttention
            ),
            Publishing => matches!(
                next,
                Publishing | Scheduled | Published | Failed | NeedsAttention | Cancelled
            ),
            Failed => matches!(next, Failed | Scheduled | Draft | Cancelled),
            NeedsAttention => {
                matches!(
                    next,
                    NeedsAttention | Published | Scheduled | Failed | Cancelled
                )
            }
            Cancelled => matches!(next, Cancelled | Scheduled | Draft),
            Published => matches!(next, Published | Deleted),
            Deleted => matches!(next, Deleted),
        }
    }

    /// Whether the target tells of something that is, was or may be on the network, and so must
    /// keep the text it was sent with.
    pub const fn is_record(self) -> bool {
        matches!(self, Self::Published | Self::Deleted | Self::NeedsAttention)
    }
}

kernel::text_enum! {
    /// What a person can do about a problem.
    pub enum NextStep {
        /// Wait: AllIN tries again by itself, or the person tries later.
        RetryLater = "retry_later",
        /// Connect the account again.
        Reconnect = "reconnect",
        /// Change the post.
        Edit = "edit",
        /// Look on the network and say what is there.
        Decide = "decide",
        /// Nothing.
        None = "none",
    }
}

/// Why a target is not published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TargetProblem {
    /// A stable word for it.
    pub code: String,
    /// What happened and what to do.
    pub message: String,
    /// What a person can do about it.
    pub next_step: NextStep,
    /// When AllIN tries again, if it does.
    #[schema(required)]
    pub retry_at: Option<Timestamp>,
}

/// A target as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetRecord {
    /// Its id: unchanging over all tries.
    pub id: TargetId,
    /// The post.
    pub post_id: PostId,
    /// The account.
    pub account: SocialAccountId,
    /// The account's network.
    pub platform: Platform,
    /// The account's handle when it was chosen.
    pub account_name: String,
    /// Text and files for this account instead of the post's.
    pub override_: Option<Override>,
    /// The format, and what else is said of the post there.
    pub settings: TargetSettings,
    /// How far it is.
    pub status: TargetStatus,
    /// When it is due.
    pub scheduled_at: Option<Timestamp>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// The network's id of the post.
    pub platform_post_id: Option<String>,
    /// The post's page.
    pub platform_post_url: Option<String>,
    /// What the connector needs to take it down again.
    pub result: Option<Value>,
    /// Why it is not published.
    pub problem: Option<TargetProblem>,
    /// How often it was tried.
    pub attempts: i64,
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    fn any_status() -> impl Strategy<Value = TargetStatus> {
        select(TargetStatus::ALL)
    }

    proptest! {
        /// Whatever happens to a target, what the network holds is never forgotten.
        #[test]
        fn what_was_published_stays_told(path in prop::collection::vec(any_status(), 0..30)) {
            let mut status = TargetStatus::Draft;
            let mut was_published = false;
            for next in path {
                if status.may_become(next) {
                    // Only a target that is being sent, or that a person vouches for, becomes published.
                    if next == TargetStatus::Published && status != next {
                        prop_assert!(matches!(status, TargetStatus::Publishing | TargetStatus::NeedsAttention));
                    }
                    // Only a scheduled one is sent.
                    if next == TargetStatus::Publishing && status != next {
                        prop_assert_eq!(status, TargetStatus::Scheduled);
                    }
                    status = next;
                }
                was_published |= status == TargetStatus::Published;
                if was_published {
                    prop_assert!(matches!(status, TargetStatus::Published | TargetStatus::Deleted));
                }
            }
        }

        #[test]
        fn staying_is_always_possible(status in any_status()) {
            prop_assert!(status.may_become(status));
        }
    }

    #[test]
    fn every_state_can_be_reached_from_a_draft() {
        let mut reached = vec![TargetStatus::Draft];
        for at in 0..TargetStatus::ALL.len() {
            let Some(from) = reached.get(at).copied() else {
                break;
            };
            for next in TargetStatus::ALL {
                if from.may_become(*next) && !reached.contains(next) {
                    reached.push(*next);
                }
            }
        }
        assert_eq!(reached.len(), TargetStatus::ALL.len());
    }
}
