//! What became of a published post: as its network shows it, its numbers, its comments.
//!
//! Everything is asked from the network at the moment; nothing is stored.

use std::sync::Arc;

use accounts::{AccountError, SocialAccountId};
use content::{PostId, TargetId, TargetStatus};
use futures::{FutureExt, future::BoxFuture};
use kernel::{Caller, Code, Permission, Problem, Timestamp};
use networks::{
    Connector, Net, NetworkError, Platform,
    connector::{Account, Comment, CommentPage, Comments, DoneStep, Insights, Numbers},
};
use serde::Serialize;
use store::Scope;
use url::Url;
use utoipa::ToSchema;

use super::invalid_state;
use crate::Publishing;

/// Characters of an answer to a comment, beyond what any network takes.
const MAX_REPLY: usize = 10_000;

/// A published post as its network shows it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LivePost)]
pub struct LiveView {
    /// Whether it is still there. Where it is gone, the rest is null.
    pub live: bool,
    /// The network's id of it.
    #[schema(required)]
    pub platform_post_id: Option<String>,
    /// Its page.
    #[schema(required)]
    pub url: Option<Url>,
    /// Its text, as far as the network gives it back.
    #[schema(required)]
    pub text: Option<String>,
    /// When the network says it was published.
    #[schema(required)]
    pub published_at: Option<Timestamp>,
}

/// A published target, and what its connector knows it by.
#[derive(Clone)]
struct Published {
    account: SocialAccountId,
    platform: Platform,
    done: Arc<[DoneStep]>,
}

impl Published {
    fn connector(&self) -> &'static dyn Connector {
        networks::connector(self.platform)
    }

    fn insights(&self) -> Result<&'static dyn Insights, Problem> {
        let insights = self.connector().insights();
        insights.ok_or_else(|| self.not_offered("tells no numbers of posts"))
    }

    fn comments(&self) -> Result<&'static dyn Comments, Problem> {
        let comments = self.connector().comments();
        comments.ok_or_else(|| self.not_offered("does not let programs read comments"))
    }

    fn not_offered(&self, what: &str) -> Problem {
        let message = format!("{} {what}.", self.platform.name());
        Problem::new(Code::InvalidState, message)
    }
}

impl Publishing {
    /// The post as the network shows it now.
    pub async fn live_post(
        &self,
        caller: &Caller,
        post: PostId,
        target: TargetId,
    ) -> Result<LiveView, Problem> {
        let published = self.published(caller, post, target).await?;
        let found = self
            .ask(caller, &published, |net, account, published| {
                async move {
                    let connector = published.connector();
                    connector.read_back(&net, &account, &published.done).await
                }
                .boxed()
            })
            .await?;
        Ok(LiveView {
            live: found.is_some(),
            platform_post_id: found.as_ref().map(|post| post.platform_post_id.clone()),
            url: found.as_ref().and_then(|post| post.url.clone()),
            text: found.as_ref().and_then(|post| post.text.clone()),
            published_at: found.and_then(|post| post.published_at),
        })
    }

    /// The post's numbers so far.
    pub async fn post_numbers(
        &self,
        caller: &Caller,
        post: PostId,
        target: TargetId,
    ) -> Result<Numbers, Problem> {
        let published = self.published(caller, post, target).await?;
        let insights = published.insights()?;
        self.ask(caller, &published, |net, account, published| {
            async move { insights.post(&net, &account, &published.done).await }.boxed()
        })
        .await
    }

    /// A page of the post's comments.
    pub async fn comments(
        &self,
        caller: &Caller,
        post: PostId,
        target: TargetId,
        cursor: Option<String>,
    ) -> Result<CommentPage, Problem> {
        let published = self.published(caller, post, target).await?;
        let comments = published.comments()?;
        self.ask(caller, &published, |net, account, published| {
            let cursor = cursor.clone();
            async move {
                let done = &published.done;
                comments.list(&net, &account, done, cursor.as_deref()).await
            }
            .boxed()
        })
        .await
    }

    /// Answers a comment.
    pub async fn reply(
        &self,
        caller: &Caller,
        post: PostId,
        target: TargetId,
        comment: &str,
        text: &str,
    ) -> Result<Comment, Problem> {
        caller.require(Permission::PostsPublish)?;
        let mut fields = kernel::Fields::new();
        fields.text("text", text, MAX_REPLY);
        fields.finish()?;
        let published = self.published(caller, post, target).await?;
        let comments = published.comments()?;
        self.ask(caller, &published, |net, account, published| {
            let (comment, text) = (comment.to_owned(), text.trim().to_owned());
            async move {
                let done = &published.done;
                comments.reply(&net, &account, done, &comment, &text).await
            }
            .boxed()
        })
        .await
    }

    /// Hides a comment from the public, or shows it again.
    pub async fn hide_comment(
        &self,
        caller: &Caller,
        post: PostId,
        target: TargetId,
        comment: &str,
        hidden: bool,
    ) -> Result<(), Problem> {
        caller.require(Permission::PostsPublish)?;
        let published = self.published(caller, post, target).await?;
        let comments = published.comments()?;
        self.ask(caller, &published, |net, account, _| {
            let comment = comment.to_owned();
            async move { comments.set_hidden(&net, &account, &comment, hidden).await }.boxed()
        })
        .await
    }

    async fn published(
        &self,
        caller: &Caller,
        post: PostId,
        target: TargetId,
    ) -> Result<Published, Problem> {
        caller.require(Permission::PostsRead)?;
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let post = self.content.load(&mut tx, post).await?;
        drop(tx);
        let found = post.targets.iter().find(|found| found.id == target);
        let found = found.ok_or_else(|| Problem::not_found("target"))?;
        let done: Vec<DoneStep> = found
            .result
            .clone()
            .and_then(|result| serde_json::from_value(result).ok())
            .unwrap_or_default();
        if found.status != TargetStatus::Published || done.is_empty() {
            let message = format!("AllIN has not published this on {}.", found.account_name);
            return Err(invalid_state(post.status, message));
        }
        Ok(Published {
            account: found.account,
            platform: found.platform,
            done: done.into(),
        })
    }

    async fn ask<T>(
        &self,
        caller: &Caller,
        published: &Published,
        question: impl Fn(Net, Arc<Account>, Published) -> BoxFuture<'static, Result<T, NetworkError>>,
    ) -> Result<T, Problem> {
        let answer = self
            .accounts
            .ask(caller.tenant, published.account, |net, account| {
                question(net, account, published.clone())
            })
            .await;
        answer.map_err(|error: AccountError| error.into())
    }
}
