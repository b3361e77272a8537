//! Posts of others, named by their address: atproto.com/specs/at-uri-scheme, lexicons
//! app.bsky.feed.getPosts and app.bsky.feed.defs (2026-08-20).

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::{COLLECTION, appview, record::did_of};
use crate::{
    connector::Account,
    error::{ErrorKind, NetworkError},
    http::Net,
};

/// The address of a post: `at://…` or the page of one in Bluesky's app, or in one that is built
/// like it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PostLink {
    /// A handle or a DID.
    author: String,
    key: String,
}

impl FromStr for PostLink {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        let (path, collection) = if let Some(path) = text.strip_prefix("at://") {
            (format!("profile/{path}"), COLLECTION)
        } else {
            let url = Url::parse(text).map_err(|_| ())?;
            if !matches!(url.scheme(), "https" | "http") {
                return Err(());
            }
            (url.path().trim_matches('/').to_owned(), "post")
        };
        let [profile, author, kind, key]: [&str; 4] = path
            .split('/')
            .collect::<Vec<_>>()
            .try_into()
            .map_err(|_| ())?;
        let fits = |text: &str| {
            let legal = |c: char| c.is_ascii_alphanumeric() || "-._:~".contains(c);
            !text.is_empty() && text.len() <= 512 && text.chars().all(legal)
        };
        let named = author.starts_with("did:") || author.contains('.');
        if profile != "profile" || kind != collection || !named || !fits(author) || !fits(key) {
            return Err(());
        }
        Ok(Self {
            author: author.to_owned(),
            key: key.to_owned(),
        })
    }
}

/// Which post, in which version of it: com.atproto.repo.strongRef.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StrongRef {
    pub(super) uri: String,
    pub(super) cid: String,
}

/// What a post replies to: app.bsky.feed.post#replyRef.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ReplyRef {
    pub(super) root: StrongRef,
    pub(super) parent: StrongRef,
}

/// A post as the AppView shows it: app.bsky.feed.defs#postView.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PostView {
    #[serde(flatten)]
    pub(super) post: StrongRef,
    pub(super) author: Author,
    pub(super) record: Value,
    #[serde(default)]
    viewer: Viewer,
    pub(super) threadgate: Option<Threadgate>,
    pub(super) reply_count: Option<i64>,
    pub(super) repost_count: Option<i64>,
    pub(super) like_count: Option<i64>,
    pub(super) quote_count: Option<i64>,
    pub(super) bookmark_count: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Author {
    pub(super) did: String,
    pub(super) handle: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Threadgate {
    #[serde(default)]
    pub(super) record: Value,
}

/// What this account may do with it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Viewer {
    reply_disabled: bool,
    embedding_disabled: bool,
}

impl PostView {
    /// What the post itself replies to.
    pub(super) fn reply(&self) -> Option<ReplyRef> {
        serde_json::from_value(self.record.get("reply")?.clone()).ok()
    }

    /// What an answer to the post replies to.
    pub(super) fn answered(&self) -> ReplyRef {
        ReplyRef {
            root: self
                .reply()
                .map_or_else(|| self.post.clone(), |reply| reply.root),
            parent: self.post.clone(),
        }
    }
}

/// Posts by their URIs, in no order; those that are gone are missing. At most 25.
pub(super) async fn posts(
    net: &Net,
    account: &Account,
    uris: &[&str],
) -> Result<Vec<PostView>, NetworkError> {
    #[derive(Deserialize)]
    struct Answer {
        posts: Vec<PostView>,
    }
    let query: Vec<_> = uris.iter().map(|uri| ("uris", *uri)).collect();
    let answer: Answer = appview(net, account, "app.bsky.feed.getPosts", &query).await?;
    Ok(answer.posts)
}

/// One post by its URI.
pub(super) async fn post(
    net: &Net,
    account: &Account,
    uri: &str,
) -> Result<PostView, NetworkError> {
    let found = posts(net, account, &[uri]).await?;
    found.into_iter().next().ok_or_else(|| {
        refused(
            "Bluesky can't find the post that this one refers to; it may be deleted. Please check its address.",
            "getPosts answers no such post",
        )
    })
}

/// The post at an address that a person gave.
async fn resolve(net: &Net, account: &Account, address: &str) -> Result<PostView, NetworkError> {
    let link: PostLink = address.parse().map_err(|()| {
        refused(
            "That is not the address of a post on Bluesky. Please correct it.",
            "no address of a post",
        )
    })?;
    let did = if link.author.starts_with("did:") {
        link.author
    } else {
        did_of(net, account, &link.author).await?.ok_or_else(|| {
            refused(
                "Bluesky knows no account with the handle in the address of that post. Please correct it.",
                "resolveHandle finds nobody",
            )
        })?
    };
    post(
        net,
        account,
        &format!("at://{did}/{COLLECTION}/{}", link.key),
    )
    .await
}

/// The post to quote.
pub(super) async fn quoted(
    net: &Net,
    account: &Account,
    address: &str,
) -> Result<StrongRef, NetworkError> {
    let view = resolve(net, account, address).await?;
    if view.viewer.embedding_disabled {
        return Err(refused(
            "The author of the post to quote lets nobody quote it. Please choose another one.",
            "viewer.embeddingDisabled",
        ));
    }
    Ok(view.post)
}

/// What an answer to the post at an address replies to.
pub(super) async fn answered(
    net: &Net,
    account: &Account,
    address: &str,
) -> Result<ReplyRef, NetworkError> {
    let view = resolve(net, account, address).await?;
    if view.viewer.reply_disabled {
        return Err(refused(
            "The author of the post to reply to does not let this account reply. Please choose another one.",
            "viewer.replyDisabled",
        ));
    }
    Ok(view.answered())
}

fn refused(message: &str, detail: &str) -> NetworkError {
    NetworkError::refused(ErrorKind::Refused, message, detail)
}
