//! Posts: what is written, for which accounts, and what became of it.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | [`rules`] | what a post must look like to be kept at all |
//! | [`draft`] | the use cases: write, edit, delete, duplicate |
//! | [`progress`] | what publishing tells: states of targets, and the posts' states that follow |
//! | `authors` | what their authors are called |
//! | [`view`] | posts as the API gives them, and lists of them |

pub(crate) mod authors;
pub mod draft;
pub mod progress;
pub mod rules;
pub mod view;

use std::collections::{BTreeMap, BTreeSet};

use accounts::SocialAccountId;
use kernel::{PersonId, Timestamp};
use networks::{Platform, descriptor::OptionKind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    media::ContentId,
    target::{TargetRecord, TargetStatus},
    text,
};

kernel::id!(
    /// A post.
    PostId,
);

kernel::text_enum! {
    /// How far a post is: a summary of its targets.
    pub enum PostStatus {
        /// Nobody has decided when it is to be published.
        Draft = "draft",
        /// It waits for its time.
        Scheduled = "scheduled",
        /// It is being sent to at least one account.
        Publishing = "publishing",
        /// It is on every network it was meant for, or was and has been taken down.
        Published = "published",
        /// At least one account did not get it.
        Failed = "failed",
        /// For at least one account a person must find out whether it is there.
        NeedsAttention = "needs_attention",
        /// It was called off.
        Cancelled = "cancelled",
    }
}

impl PostStatus {
    /// The status of a post whose targets have these: that of the target which needs a person's
    /// eye most. A post without targets is a draft.
    pub fn of(targets: impl IntoIterator<Item = TargetStatus>) -> Self {
        targets
            .into_iter()
            .map(Self::of_one)
            .max_by_key(|status| status.urgency())
            .unwrap_or(Self::Draft)
    }

    const fn of_one(target: TargetStatus) -> Self {
        match target {
            TargetStatus::Draft => Self::Draft,
            TargetStatus::Scheduled => Self::Scheduled,
            TargetStatus::Publishing => Self::Publishing,
            TargetStatus::Published | TargetStatus::Deleted => Self::Published,
            TargetStatus::Failed => Self::Failed,
            TargetStatus::NeedsAttention => Self::NeedsAttention,
            TargetStatus::Cancelled => Self::Cancelled,
        }
    }

    /// What is under way comes first, then what has gone wrong, then what is still to be done:
    /// a post is called published only when nothing else is left.
    const fn urgency(self) -> u8 {
        match self {
            Self::Publishing => 6,
            Self::NeedsAttention => 5,
            Self::Failed => 4,
            Self::Scheduled => 3,
            Self::Draft => 2,
            Self::Published => 1,
            Self::Cancelled => 0,
        }
    }

    /// Whether the post may be edited. Not while it is being sent, and not when all of it is out.
    pub const fn is_editable(self) -> bool {
        !matches!(self, Self::Publishing | Self::Published)
    }
}

/// One post of a thread, as its author wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Part {
    /// The text.
    #[serde(default)]
    pub text: String,
    /// What is attached, in order.
    #[serde(default)]
    pub media: Vec<PartMedia>,
}

/// A file of the library, attached to a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartMedia {
    /// The library's item.
    pub content_id: ContentId,
    /// What it shows, for those who can't see it; the library's own text where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
}

/// Text and files for one account instead of the post's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The post for this account, and after it the further parts of its thread.
    pub parts: Vec<Part>,
}

/// How a post is published on one account, beside its text and files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TargetSettings {
    /// One of the network's formats; null: the first that takes the files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The values of the format's options, by their keys.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    pub options: Map<String, Value>,
}

impl TargetSettings {
    /// The files that options name, by the option's key.
    pub(crate) fn attachments(&self, platform: Platform) -> BTreeMap<&str, ContentId> {
        let descriptor = networks::connector(platform).descriptor();
        let fields = descriptor.formats.iter().flat_map(|format| &format.options);
        fields
            .filter(|field| {
                matches!(
                    field.kind,
                    OptionKind::Image { .. } | OptionKind::File { .. }
                )
            })
            .filter_map(|field| {
                let (key, value) = self.options.get_key_value(field.key)?;
                Some((key.as_str(), value.as_str()?.parse().ok()?))
            })
            .collect()
    }
}

/// An account that a post is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewTarget {
    /// The account.
    pub social_account_id: SocialAccountId,
    /// Text and files for this account instead of the post's.
    #[serde(default, rename = "override")]
    pub override_: Option<Override>,
    /// The format, and what else is said of the post there.
    #[serde(default)]
    pub settings: TargetSettings,
}

/// A post to be written.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct NewPost {
    /// A name for the team's eyes.
    pub title: Option<String>,
    /// The post, and after it the further parts of its thread. At least one.
    pub parts: Vec<Part>,
    /// The accounts it is for.
    pub targets: Vec<NewTarget>,
    /// The IANA time zone that it is planned in.
    pub time_zone: Option<String>,
}

/// What is to change of a post; what is left out stays as it is.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PostChanges {
    /// The version that was edited. Another one means that somebody else was quicker.
    pub version: i64,
    /// A name for the team's eyes; null for none.
    #[serde(default, deserialize_with = "text::nullable")]
    #[schema(value_type = Option<String>)]
    pub title: Option<Option<String>>,
    /// The post, and after it the further parts of its thread.
    #[serde(default)]
    pub parts: Option<Vec<Part>>,
    /// The accounts it is for: the whole list.
    #[serde(default)]
    pub targets: Option<Vec<NewTarget>>,
}

/// A post as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct PostRecord {
    /// Its id.
    pub id: PostId,
    /// A name for the team's eyes.
    pub title: Option<String>,
    /// How far it is.
    pub status: PostStatus,
    /// The post, and after it the further parts of its thread.
    pub parts: Vec<Part>,
    /// When it is due.
    pub scheduled_at: Option<Timestamp>,
    /// The IANA time zone that it is planned in.
    pub time_zone: String,
    /// Who wrote it.
    pub created_by: PersonId,
    /// Grows with every edit.
    pub version: i64,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last edited, or something last became of it.
    pub updated_at: Timestamp,
    /// The accounts it is for, in the author's order.
    pub targets: Vec<TargetRecord>,
}

impl PostRecord {
    /// Every file that the post refers to, for whichever account.
    pub fn contents(&self) -> BTreeSet<ContentId> {
        let overrides = self
            .targets
            .iter()
            .filter_map(|target| target.override_.as_ref());
        let attachments = self
            .targets
            .iter()
            .flat_map(|target| target.settings.attachments(target.platform).into_values());
        self.parts
            .iter()
            .chain(overrides.flat_map(|override_| &override_.parts))
            .flat_map(|part| &part.media)
            .map(|media| media.content_id)
            .chain(attachments)
            .collect()
    }

    /// What a target is to be published with.
    pub fn parts_for<'a>(&'a self, target: &'a TargetRecord) -> &'a [Part] {
        target
            .override_
            .as_ref()
            .map_or(&self.parts, |override_| &override_.parts)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    fn targets() -> impl Strategy<Value = Vec<TargetStatus>> {
        prop::collection::vec(select(TargetStatus::ALL), 1..8)
    }

    proptest! {
        #[test]
        fn the_order_of_targets_does_not_matter(mut targets in targets()) {
            let status = PostStatus::of(targets.iter().copied());
            targets.reverse();
            prop_assert_eq!(PostStatus::of(targets), status);
        }

        #[test]
        fn the_rule_as_people_say_it(targets in targets()) {
            let any = |wanted| targets.contains(&wanted);
            let expected = if any(TargetStatus::Publishing) {
                PostStatus::Publishing
            } else if any(TargetStatus::NeedsAttention) {
                PostStatus::NeedsAttention
            } else if any(TargetStatus::Failed) {
                PostStatus::Failed
            } else if any(TargetStatus::Scheduled) {
                PostStatus::Scheduled
            } else if any(TargetStatus::Draft) {
                PostStatus::Draft
            } else if any(TargetStatus::Published) || any(TargetStatus::Deleted) {
                PostStatus::Published
            } else {
                PostStatus::Cancelled
            };
            prop_assert_eq!(PostStatus::of(targets), expected);
        }

        /// Splitting the targets and summing up twice gives the same.
        #[test]
        fn a_summary_of_summaries_is_the_summary(targets in targets(), at in 0usize..8) {
            let (left, right) = targets.split_at(at.min(targets.len()));
            let halves = [left, right].into_iter().filter(|half| !half.is_empty());
            let urgency = halves.map(|half| PostStatus::of(half.iter().copied()).urgency()).max();
            prop_assert_eq!(urgency, Some(PostStatus::of(targets).urgency()));
        }
    }

    #[test]
    fn a_post_for_nobody_is_a_draft() {
        assert_eq!(PostStatus::of([]), PostStatus::Draft);
    }
}
