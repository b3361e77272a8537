//! Comments: *Comment* and *Pages API: comments* (September 2026). All levels of a thread come in
//! one list with `filter=stream`.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Facebook, GRAPH,
    find::List,
    publish::{self, Made},
};
use crate::{
    connector::{Account, Comment, CommentPage, Comments, DoneStep},
    error::NetworkError,
    http::Net,
    meta,
};

const FIELDS: &str = "id,message,created_time,is_hidden,from{id,name},parent{id}";

/// *Comment*
#[derive(Deserialize)]
struct Entity {
    id: String,
    #[serde(default)]
    message: String,
    created_time: Option<String>,
    #[serde(default)]
    is_hidden: bool,
    /// Missing where Facebook does not tell whose it is.
    from: Option<Author>,
    parent: Option<Made>,
}

#[derive(Deserialize)]
struct Author {
    id: String,
    #[serde(default)]
    name: String,
}

#[async_trait]
impl Comments for Facebook {
    async fn list(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
        cursor: Option<&str>,
    ) -> Result<CommentPage, NetworkError> {
        let Some(id) = publish::post_id(done) else {
            return Ok(CommentPage::default());
        };
        let mut query = vec![
            ("fields", FIELDS),
            ("filter", "stream"),
            ("order", "reverse_chronological"),
            ("limit", "50"),
        ];
        query.extend(cursor.map(|cursor| ("after", cursor)));
        let path = format!("/{id}/comments");
        let list: List<Entity> = GRAPH.get(net, account, &path, &query).await?;
        let comment = |entity: Entity| Comment {
            own: entity
                .from
                .as_ref()
                .is_some_and(|from| from.id == account.platform_account_id),
            author: entity.from.map(|from| from.name).unwrap_or_default(),
            parent_id: entity.parent.map(|parent| parent.id),
            text: entity.message,
            created_at: entity
                .created_time
                .as_deref()
                .and_then(meta::time)
                .unwrap_or_else(|| net.env.now()),
            hidden: entity.is_hidden,
            id: entity.id,
        };
        let more = list.paging["next"].is_string();
        let next = list.paging["cursors"]["after"]
            .as_str()
            .filter(|_| more)
            .map(str::to_owned);
        Ok(CommentPage {
            comments: list.data.into_iter().map(comment).collect(),
            next,
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
        let path = format!("/{comment}/comments");
        let form = [("message", text.to_owned())];
        let written: Made = GRAPH.post(net, account, &path, &form).await?;
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
        let form = [("is_hidden", hidden.to_string())];
        let _: Value = GRAPH
            .post(net, account, &format!("/{comment}"), &form)
            .await?;
        Ok(())
    }
}
