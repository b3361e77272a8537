//! Comments: commentThreads.list, comments.insert and comments.setModerationStatus of the YouTube
//! Data API (state of November 2026). Comments that wait for review are listed after the public
//! ones.

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{api, error, publish, resource::List};
use crate::{
    Net, NetworkError,
    connector::{Account, Comment, CommentPage, Comments, DoneStep},
};

/// `moderationStatus` of what everybody sees, and of what only the channel sees.
const SHOWN: &str = "published";
const HELD: &str = "heldForReview";

/// Reads and answers comments.
#[derive(Clone, Copy, Debug)]
pub(super) struct YoutubeComments;

#[derive(Deserialize)]
struct Thread {
    snippet: ThreadSnippet,
    #[serde(default)]
    replies: Replies,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThreadSnippet {
    top_level_comment: Item,
}

#[derive(Default, Deserialize)]
struct Replies {
    #[serde(default)]
    comments: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
    snippet: Snippet,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snippet {
    parent_id: Option<String>,
    #[serde(default)]
    author_display_name: String,
    author_channel_id: Option<AuthorId>,
    #[serde(default)]
    text_display: String,
    published_at: Timestamp,
}

#[derive(Deserialize)]
struct AuthorId {
    value: String,
}

impl Item {
    fn comment(self, account: &Account, hidden: bool) -> Comment {
        let own = self
            .snippet
            .author_channel_id
            .is_some_and(|author| author.value == account.platform_account_id);
        Comment {
            id: self.id,
            parent_id: self.snippet.parent_id,
            author: self.snippet.author_display_name,
            text: self.snippet.text_display,
            created_at: self.snippet.published_at.into(),
            hidden,
            own,
        }
    }
}

#[async_trait]
impl Comments for YoutubeComments {
    async fn list(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
        cursor: Option<&str>,
    ) -> Result<CommentPage, NetworkError> {
        let Some(video) = publish::video_id(done) else {
            return Ok(CommentPage::default());
        };
        // A cursor names the list, and the page in it.
        let (status, page) = cursor
            .and_then(|cursor| cursor.split_once(':'))
            .unwrap_or((SHOWN, ""));
        let page = (!page.is_empty()).then_some(("pageToken", page));
        let threads: List<Thread> = api::read(
            net,
            account,
            Method::GET,
            api::data(net, "/commentThreads")?,
            |request| {
                request
                    .query(&[
                        ("part", "snippet,replies"),
                        ("videoId", &video),
                        ("moderationStatus", status),
                        ("order", "time"),
                        ("textFormat", "plainText"),
                        ("maxResults", "100"),
                    ])
                    .query(page.as_slice())
            },
        )
        .await?;
        let hidden = status == HELD;
        let mut comments = Vec::new();
        for thread in threads.items {
            comments.push(thread.snippet.top_level_comment.comment(account, hidden));
            let replies = thread.replies.comments.into_iter();
            comments.extend(replies.map(|reply| reply.comment(account, hidden)));
        }
        let next = match threads.next_page_token {
            Some(token) => Some(format!("{status}:{token}")),
            None => (!hidden).then(|| format!("{HELD}:")),
        };
        Ok(CommentPage { comments, next })
    }

    async fn reply(
        &self,
        net: &Net,
        account: &Account,
        _: &[DoneStep],
        comment: &str,
        text: &str,
    ) -> Result<Comment, NetworkError> {
        // There is one level of replies: an answer to a reply goes below the same comment.
        let parent = comment.split('.').next().unwrap_or(comment);
        let body = json!({ "snippet": { "parentId": parent, "textOriginal": text } });
        let reply: Item = api::read(
            net,
            account,
            Method::POST,
            api::data(net, "/comments")?,
            |request| request.query(&[("part", "snippet")]).json(&body),
        )
        .await?;
        Ok(reply.comment(account, false))
    }

    async fn set_hidden(
        &self,
        net: &Net,
        account: &Account,
        comment: &str,
        hidden: bool,
    ) -> Result<(), NetworkError> {
        let status = if hidden { HELD } else { SHOWN };
        let url = api::data(net, "/comments/setModerationStatus")?;
        let answer = api::call(net, account, Method::POST, url, |request| {
            request.query(&[("id", comment), ("moderationStatus", status)])
        })
        .await?;
        if answer.status.is_success() {
            return Ok(());
        }
        Err(error::parse_error(&answer, net.env.now()))
    }
}
