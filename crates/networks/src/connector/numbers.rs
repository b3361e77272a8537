//! What became of a post: its numbers and its comments.

use std::collections::BTreeMap;

use async_trait::async_trait;
use kernel::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Account, DoneStep};
use crate::{error::NetworkError, http::Net};

kernel::text_enum! {
    /// One thing that networks count. Each network's own words are mapped to these.
    pub enum Metric {
        /// How often it was shown.
        Impressions = "impressions",
        /// To how many people it was shown.
        Reach = "reach",
        /// How often it was viewed or played.
        Views = "views",
        /// Likes, favourites and other reactions together.
        Likes = "likes",
        /// Comments and replies.
        Comments = "comments",
        /// Shares, reposts and boosts.
        Shares = "shares",
        /// Quotes.
        Quotes = "quotes",
        /// Saves and bookmarks.
        Saves = "saves",
        /// Clicks on its links.
        Clicks = "clicks",
        /// Visits of the account's profile.
        ProfileVisits = "profile_visits",
        /// How long its video was watched by all together, in seconds.
        WatchSeconds = "watch_seconds",
        /// Followers or subscribers.
        Followers = "followers",
        /// Accounts that it follows.
        Following = "following",
        /// Posts or videos published.
        Posts = "posts",
    }
}

/// What a network counted so far. What it does not tell is missing, and is not zero.
pub type Numbers = BTreeMap<Metric, i64>;

/// Reads the numbers of posts and accounts.
#[async_trait]
pub trait Insights: Send + Sync {
    /// The numbers of a published post so far: those of all its parts together.
    async fn post(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Numbers, NetworkError>;

    /// The numbers of the account so far.
    async fn account(&self, net: &Net, account: &Account) -> Result<Numbers, NetworkError>;
}

/// A comment on a published post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Comment {
    /// The network's id of it.
    pub id: String,
    /// The comment that it answers, where it answers one.
    #[schema(required)]
    pub parent_id: Option<String>,
    /// Its author's handle or name.
    pub author: String,
    /// What it says, as plain text.
    pub text: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// Whether it is hidden from the public.
    pub hidden: bool,
    /// Whether the account itself wrote it.
    pub own: bool,
}

impl Comment {
    /// What the account itself has just answered to the comment `to`.
    pub(crate) fn reply(
        account: &Account,
        id: String,
        to: &str,
        text: &str,
        at: Timestamp,
    ) -> Self {
        Self {
            id,
            parent_id: Some(to.to_owned()),
            author: account.username.clone(),
            text: text.to_owned(),
            created_at: at,
            hidden: false,
            own: true,
        }
    }
}

/// A page of comments, the newest first or the oldest first as the network gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommentPage {
    /// The comments.
    pub comments: Vec<Comment>,
    /// Where the next page begins, if there is one.
    #[schema(required)]
    pub next: Option<String>,
}

/// Reads and answers the comments of a post.
#[async_trait]
pub trait Comments: Send + Sync {
    /// A page of the comments of a published post; `cursor` is an earlier page's `next`.
    async fn list(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
        cursor: Option<&str>,
    ) -> Result<CommentPage, NetworkError>;

    /// Answers a comment. Public: an error of unknown effect must not be repeated blindly.
    async fn reply(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
        comment: &str,
        text: &str,
    ) -> Result<Comment, NetworkError>;

    /// Hides a comment from the public, or shows it again.
    async fn set_hidden(
        &self,
        net: &Net,
        account: &Account,
        comment: &str,
        hidden: bool,
    ) -> Result<(), NetworkError>;
}
