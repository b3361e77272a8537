//! Replies: docs.x.com/x-api/fundamentals/conversation-id, `searchPostsRecent`, `createPosts` and
//! `hidePostsReply` of the OpenAPI 2.167. Replies of the last seven days are found.

use std::collections::HashMap;

use async_trait::async_trait;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    X, call,
    find::Post,
    get,
    publish::{Posted, posted},
    read,
};
use crate::{
    connector::{Account, Comment, CommentPage, Comments, DoneStep},
    error::NetworkError,
    http::Net,
    step::StepName,
};

#[derive(Deserialize)]
struct Answers {
    #[serde(default)]
    data: Vec<Reply>,
    #[serde(default)]
    includes: Includes,
    #[serde(default)]
    meta: Meta,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(flatten)]
    post: Post,
    author_id: Option<String>,
}

#[derive(Default, Deserialize)]
struct Includes {
    #[serde(default)]
    users: Vec<User>,
}

#[derive(Deserialize)]
struct User {
    id: String,
    username: String,
}

#[derive(Default, Deserialize)]
struct Meta {
    next_token: Option<String>,
}

#[async_trait]
impl Comments for X {
    async fn list(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
        cursor: Option<&str>,
    ) -> Result<CommentPage, NetworkError> {
        let first: Posted = StepName::Post(0).earlier(done)?;
        let search = format!("conversation_id:{}", first.id);
        let mut query = vec![
            ("query", search.as_str()),
            ("max_results", "100"),
            ("sort_order", "recency"),
            ("post.fields", "created_at,entities,note_post"),
            ("expansions", "author_id,referenced_posts"),
            ("user.fields", "username"),
        ];
        query.extend(cursor.map(|cursor| ("next_token", cursor)));
        let answers: Answers = get(net, account, "/2/tweets/search/recent", &query).await?;
        let own: Vec<_> = posted(done).into_iter().map(|posted| posted.id).collect();
        let names: HashMap<_, _> = answers
            .includes
            .users
            .into_iter()
            .map(|user| (user.id, user.username))
            .collect();
        let comments = answers
            .data
            .into_iter()
            // The parts of the thread itself are no comments.
            .filter(|reply| !own.contains(&reply.post.id))
            .map(|reply| {
                let author = reply.author_id.unwrap_or_default();
                Comment {
                    parent_id: reply
                        .post
                        .parent()
                        .filter(|parent| !own.iter().any(|id| id == parent))
                        .map(str::to_owned),
                    own: author == account.platform_account_id,
                    text: reply.post.written(),
                    created_at: reply.post.created_at.unwrap_or_else(|| net.env.now()),
                    author: names.get(&author).cloned().unwrap_or(author),
                    // X does not say which replies are hidden.
                    hidden: false,
                    id: reply.post.id,
                }
            })
            .collect();
        Ok(CommentPage {
            comments,
            next: answers.meta.next_token,
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
        #[derive(Deserialize)]
        struct Created {
            data: Posted,
        }
        let body = json!({ "text": text, "reply": { "in_reply_to_tweet_id": comment } });
        let answer = call(net, account, Method::POST, "/2/tweets", |request| {
            request.json(&body)
        })
        .await?;
        let created: Created = read(net, &answer)?;
        Ok(Comment::reply(
            account,
            created.data.id,
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
        let path = format!("/2/tweets/{comment}/hidden");
        let body = json!({ "hidden": hidden });
        let answer = call(net, account, Method::PUT, &path, |request| {
            request.json(&body)
        })
        .await?;
        read::<Value>(net, &answer).map(|_| ())
    }
}
