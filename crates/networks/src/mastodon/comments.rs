//! Replies: docs.joinmastodon.org/methods/statuses#context and #create, state of July 2026. An
//! account can't hide what others reply; it can only mute or block who wrote it.

use async_trait::async_trait;
use kernel::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    Mastodon, call,
    publish::{Posted, posted},
    read, text,
};
use crate::{
    connector::{Account, Comment, CommentPage, Comments, DoneStep, server_name},
    error::{ErrorKind, NetworkError},
    http::Net,
    step::{self, StepName},
};

#[derive(Deserialize)]
struct Context {
    descendants: Vec<Status>,
}

/// docs.joinmastodon.org/entities/Status, as far as it is needed here.
#[derive(Deserialize)]
struct Status {
    id: String,
    created_at: Timestamp,
    in_reply_to_id: Option<String>,
    content: String,
    visibility: String,
    #[serde(default)]
    spoiler_text: String,
    account: Author,
}

#[derive(Deserialize)]
struct Author {
    id: String,
    /// With the server, unless it is the account's own.
    acct: String,
}

impl Status {
    fn comment(self, account: &Account, own: &[Posted]) -> Comment {
        Comment {
            parent_id: self
                .in_reply_to_id
                .filter(|parent| own.iter().all(|posted| posted.id != *parent)),
            own: self.account.id == account.platform_account_id,
            author: self.account.acct,
            text: text::plain(&self.content),
            created_at: self.created_at,
            hidden: false,
            id: self.id,
        }
    }
}

#[async_trait]
impl Comments for Mastodon {
    /// Everything at once: the server knows no pages here, and answers up to 4,096 replies.
    async fn list(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
        _: Option<&str>,
    ) -> Result<CommentPage, NetworkError> {
        let first: Posted = StepName::Post(0)
            .result(done)
            .ok_or_else(|| step::lost("post:0"))?;
        let path = format!("api/v1/statuses/{}/context", first.id);
        let answer = call(net, account, Method::GET, &path, |request| request).await?;
        let context: Context = read(net, account, &answer)?;
        // The parts of the thread itself are no comments.
        let own = posted(done);
        let comments = context
            .descendants
            .into_iter()
            .filter(|status| own.iter().all(|posted| posted.id != status.id))
            .map(|status| status.comment(account, &own))
            .collect();
        Ok(CommentPage {
            comments,
            next: None,
        })
    }

    /// A reply reaches its addressee only by a mention, and is seen by those who saw the comment.
    async fn reply(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
        comment: &str,
        text: &str,
    ) -> Result<Comment, NetworkError> {
        let path = format!("api/v1/statuses/{comment}");
        let answer = call(net, account, Method::GET, &path, |request| request)
            .await
            .map_err(NetworkError::before_public)?;
        let answered: Status = read(net, account, &answer).map_err(NetworkError::before_public)?;
        let mention = format!("@{}", answered.account.acct);
        let is_own = answered.account.id == account.platform_account_id;
        let status = if is_own || text.contains(&mention) {
            text.to_owned()
        } else {
            format!("{mention} {text}")
        };
        let mut body = json!({
            "status": status,
            "in_reply_to_id": comment,
            "visibility": answered.visibility,
        });
        if !answered.spoiler_text.is_empty() {
            body["spoiler_text"] = json!(answered.spoiler_text);
        }
        // The same answer to the same comment, within an hour, is a repetition.
        let key = step::hex(&Sha256::digest(format!("{comment} {text}"))[..16]);
        let answer = call(net, account, Method::POST, "api/v1/statuses", |request| {
            request.header("Idempotency-Key", key).json(&body)
        })
        .await?;
        let created: Status = read(net, account, &answer)?;
        Ok(created.comment(account, &posted(done)))
    }

    async fn set_hidden(
        &self,
        _: &Net,
        account: &Account,
        _: &str,
        _: bool,
    ) -> Result<(), NetworkError> {
        Err(NetworkError::not_sent(
            ErrorKind::Refused,
            format!(
                "Mastodon has no way to hide a reply. You can mute or block its author on {}.",
                server_name(&account.server)
            ),
            "the API hides no statuses of others",
        ))
    }
}
