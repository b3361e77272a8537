//! Reading, answering and hiding replies: retrieve-and-manage-replies, reply-management.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method;
use serde::Deserialize;

use super::{
    Threads,
    api::{Node, Page, call, get, parse_time, read},
    containers,
    publish::{posts, publish, published},
};
use crate::{
    connector::{Account, Comment, CommentPage, Comments, DoneStep},
    error::{Certainty, ErrorKind, NetworkError},
    http::Net,
};

const FIELDS: &str = "id,text,username,timestamp,replied_to,is_reply_owned_by_me,hide_status";
/// How often an answer that Threads has not put together yet is tried, and how far apart.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
struct Reply {
    id: String,
    text: Option<String>,
    #[serde(default)]
    username: String,
    timestamp: Option<String>,
    replied_to: Option<Node>,
    #[serde(default)]
    is_reply_owned_by_me: bool,
    hide_status: Option<String>,
}

#[async_trait]
impl Comments for Threads {
    /// The oldest first, of all depths. The further parts of the thread itself are left out.
    async fn list(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
        cursor: Option<&str>,
    ) -> Result<CommentPage, NetworkError> {
        let root = published(done).platform_post_id;
        let parts = posts(done);
        let mut parameters = vec![("fields", FIELDS), ("reverse", "false"), ("limit", "50")];
        parameters.extend(cursor.map(|cursor| ("after", cursor)));
        let path = format!("/{root}/conversation");
        let page: Page<Reply> = get(net, account, &path, &parameters).await?;
        let is_part = |id: &str| parts.iter().any(|part| part.id == id);
        let comments = page
            .data
            .into_iter()
            .filter(|reply| !is_part(&reply.id))
            .map(|reply| Comment {
                parent_id: reply
                    .replied_to
                    .map(|parent| parent.id)
                    .filter(|parent| !is_part(parent)),
                author: reply.username,
                text: reply.text.unwrap_or_default(),
                created_at: reply
                    .timestamp
                    .as_deref()
                    .and_then(parse_time)
                    .unwrap_or_else(|| net.env.now()),
                hidden: reply
                    .hide_status
                    .is_some_and(|status| !matches!(status.as_str(), "NOT_HUSHED" | "UNHUSHED")),
                own: reply.is_reply_owned_by_me,
                id: reply.id,
            })
            .collect();
        Ok(CommentPage {
            comments,
            next: page.paging.cursors.after,
        })
    }

    async fn reply(
        &self,
        net: &Net,
        account: &Account,
        _: &[DoneStep],
        comment: &str,
        text: &str,
    ) -> Result<Comment, NetworkError> {
        let parameters = [
            ("media_type", "TEXT"),
            ("text", text),
            ("reply_to_id", comment),
        ];
        let container = containers::create(net, account, &parameters)
            .await
            .map_err(NetworkError::before_public)?;
        let mut tries = 1;
        let posted = loop {
            match publish(net, account, &container).await {
                // Surely not published yet, so another try does no harm.
                Err(error)
                    if error.kind == ErrorKind::Temporary
                        && error.certainty == Certainty::Refused
                        && tries < TRIES =>
                {
                    tries += 1;
                    tokio::time::sleep(PAUSE).await;
                }
                other => break other?,
            }
        };
        Ok(Comment::reply(
            account,
            posted.id,
            comment,
            text,
            net.env.now(),
        ))
    }

    async fn set_hidden(
        &self,
        net: &Net,
        account: &Account,
        comment: &str,
        hidden: bool,
    ) -> Result<(), NetworkError> {
        #[derive(Deserialize)]
        struct Done {
            success: bool,
        }
        let path = format!("/{comment}/manage_reply");
        let hide = [("hide", if hidden { "true" } else { "false" })];
        let answer = call(net, account, Method::POST, &path, &hide).await?;
        let done: Done = read(net, &answer)?;
        if done.success {
            return Ok(());
        }
        Err(NetworkError::refused(
            ErrorKind::Refused,
            "Threads did not hide or show the reply. Only direct replies can be hidden.",
            "success: false",
        ))
    }
}
