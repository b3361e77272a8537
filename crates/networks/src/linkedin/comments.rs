//! Comments: learn.microsoft.com/linkedin/marketing/community-management/shares/comments-api,
//! version 202609. LinkedIn knows no hidden comments.

use async_trait::async_trait;
use serde::Deserialize;

use super::{
    Linkedin, encode, get,
    publish::{Posted, created, write_comment},
};
use crate::{
    connector::{Account, Comment, CommentPage, Comments, DoneStep},
    error::{ErrorKind, NetworkError},
    http::Net,
    step::StepName,
};

/// Comments of a page.
const PAGE: usize = 50;

#[derive(Deserialize)]
struct Answers {
    elements: Vec<Written>,
    #[serde(default)]
    paging: Paging,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Paging {
    start: usize,
    total: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(rename = "$URN")]
    urn: String,
    actor: String,
    message: Message,
    created: Created,
    parent_comment: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct Created {
    /// Milliseconds.
    time: i64,
}

#[async_trait]
impl Comments for Linkedin {
    async fn list(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
        cursor: Option<&str>,
    ) -> Result<CommentPage, NetworkError> {
        let posted: Posted = StepName::Post(0).earlier(done)?;
        let start: usize = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        let path = format!(
            "/rest/socialActions/{}/comments?start={start}&count={PAGE}",
            encode(&posted.urn)
        );
        let answers: Answers = get(net, account, &path).await?;
        let end = answers.paging.start + answers.elements.len();
        let more = answers.paging.total.is_some_and(|total| end < total);
        let comments = answers
            .elements
            .into_iter()
            .map(|written| Comment {
                own: written.actor == account.platform_account_id,
                id: written.urn,
                parent_id: written.parent_comment,
                // LinkedIn tells people by their URNs alone.
                author: written.actor,
                text: written.message.text,
                created_at: kernel::Timestamp::from_micros(
                    written.created.time.saturating_mul(1_000),
                ),
                hidden: false,
            })
            .collect();
        Ok(CommentPage {
            comments,
            next: more.then(|| end.to_string()),
        })
    }

    async fn reply(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
        comment: &str,
        text: &str,
    ) -> Result<Comment, NetworkError> {
        let posted: Posted = StepName::Post(0).earlier(done)?;
        let answer = write_comment(net, account, &posted.urn, Some(comment), text).await?;
        let created = created(net, &answer)?;
        Ok(Comment {
            author: account.platform_account_id.clone(),
            ..Comment::reply(account, created.urn, comment, text, net.env.now())
        })
    }

    async fn set_hidden(&self, _: &Net, _: &Account, _: &str, _: bool) -> Result<(), NetworkError> {
        Err(NetworkError::not_sent(
            ErrorKind::Refused,
            "LinkedIn has no way to hide a comment. You can delete it on LinkedIn.",
            "the Comments API has no hidden comments",
        ))
    }
}
