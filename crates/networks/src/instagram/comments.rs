//! Comments: *Comment moderation* and *IG Comment* (September 2026). Pages of 50 at most, the
//! newest first, each with its replies.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::Value;

use super::{
    GRAPH, Instagram,
    find::List,
    publish::{self, Posted},
};
use crate::{
    connector::{Account, Comment, CommentPage, Comments, DoneStep},
    error::NetworkError,
    http::Net,
    meta,
};

const FIELDS: &str =
    "id,text,timestamp,username,hidden,replies.limit(50){id,text,timestamp,username,hidden}";

/// *IG Comment*
#[derive(Deserialize)]
struct Entity {
    id: String,
    #[serde(default)]
    text: String,
    timestamp: Option<String>,
    username: Option<String>,
    #[serde(default)]
    hidden: bool,
    replies: Option<List<Entity>>,
}

impl Entity {
    fn comment(self, account: &Account, parent: Option<&str>, net: &Net) -> Comment {
        let author = self.username.unwrap_or_default();
        Comment {
            own: author == account.username,
            id: self.id,
            parent_id: parent.map(str::to_owned),
            author,
            text: self.text,
            created_at: self
                .timestamp
                .as_deref()
                .and_then(meta::time)
                .unwrap_or_else(|| net.env.now()),
            hidden: self.hidden,
        }
    }
}

#[async_trait]
impl Comments for Instagram {
    async fn list(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
        cursor: Option<&str>,
    ) -> Result<CommentPage, NetworkError> {
        let Some(id) = publish::media_id(done) else {
            return Ok(CommentPage::default());
        };
        let mut query = vec![("fields", FIELDS), ("limit", "50")];
        query.extend(cursor.map(|cursor| ("after", cursor)));
        let path = format!("/{id}/comments");
        let list: List<Entity> = GRAPH.get(net, account, &path, &query).await?;
        let mut comments = Vec::new();
        for mut entity in list.data {
            let replies = entity
                .replies
                .take()
                .map_or_else(Vec::new, |list| list.data);
            let comment = entity.comment(account, None, net);
            let parent = comment.id.clone();
            comments.push(comment);
            comments.extend(
                replies
                    .into_iter()
                    .map(|reply| reply.comment(account, Some(&parent), net)),
            );
        }
        let more = list.paging["next"].is_string();
        let next = list.paging["cursors"]["after"].as_str().filter(|_| more);
        Ok(CommentPage {
            comments,
            next: next.map(str::to_owned),
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
        let path = format!("/{comment}/replies");
        let form = [("message", text.to_owned())];
        let written: Posted = GRAPH.post(net, account, &path, &form).await?;
        Ok(Comment::reply(
            account,
            written.id,
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
        let form = [("hide", hidden.to_string())];
        let _: Value = GRAPH
            .post(net, account, &format!("/{comment}"), &form)
            .await?;
        Ok(())
    }
}
