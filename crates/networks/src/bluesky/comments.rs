//! Reading, answering and hiding replies: lexicons app.bsky.feed.getPostThread,
//! app.bsky.feed.post and app.bsky.feed.threadgate (2026-08-20).

use async_trait::async_trait;
use kernel::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Bluesky, COLLECTION, THREADGATE, appview, call,
    link::{self, PostView, StrongRef, Threadgate},
    publish::{posted, record_at},
    read, record,
};
use crate::{
    connector::{Account, Comment, CommentPage, Comments, DoneStep},
    error::{ErrorKind, NetworkError},
    http::Net,
};

/// Levels of answers that are read.
const DEPTH: &str = "10";
/// Replies that one thread can hide: lexicon app.bsky.feed.threadgate.
const MAX_HIDDEN: usize = 300;

/// app.bsky.feed.defs#threadViewPost; without a post: one that is blocked or gone.
#[derive(Deserialize)]
struct Branch {
    post: Option<PostView>,
    #[serde(default)]
    replies: Vec<Branch>,
}

impl Branch {
    /// All posts below this one.
    fn flatten(self, all: &mut Vec<PostView>) {
        for reply in self.replies {
            reply.flatten(all);
        }
        all.extend(self.post);
    }
}

#[derive(Deserialize)]
struct Thread {
    thread: Branch,
    threadgate: Option<Threadgate>,
}

#[async_trait]
impl Comments for Bluesky {
    /// All of them, the oldest first. The further parts of the thread itself are left out.
    async fn list(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
        _: Option<&str>,
    ) -> Result<CommentPage, NetworkError> {
        let parts = posted(done);
        let Some(root) = parts.first() else {
            return Ok(CommentPage::default());
        };
        let query = [
            ("uri", root.uri.as_str()),
            ("depth", DEPTH),
            ("parentHeight", "0"),
        ];
        let Thread { thread, threadgate } =
            appview(net, account, "app.bsky.feed.getPostThread", &query).await?;
        let gate = threadgate
            .as_ref()
            .or_else(|| thread.post.as_ref()?.threadgate.as_ref());
        let hidden = gate.map(|gate| hidden(&gate.record)).unwrap_or_default();
        let mut views = Vec::new();
        thread.flatten(&mut views);
        let is_part = |uri: &str| parts.iter().any(|part| part.uri == uri);
        let mut comments: Vec<_> = views
            .into_iter()
            .filter(|view| !is_part(&view.post.uri))
            .map(|view| Comment {
                parent_id: view
                    .reply()
                    .map(|reply| reply.parent.uri)
                    .filter(|parent| !is_part(parent)),
                own: view.author.did == account.platform_account_id,
                hidden: hidden.contains(&view.post.uri),
                text: said(&view.record, "text").to_owned(),
                created_at: created(&view.record).unwrap_or_else(|| net.env.now()),
                author: view.author.handle,
                id: view.post.uri,
            })
            .collect();
        comments.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        Ok(CommentPage {
            comments,
            next: None,
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
        let text = text.trim();
        let before = NetworkError::before_public;
        let answered = link::post(net, account, comment).await.map_err(before)?;
        let facets = record::rich_text(net, account, text)
            .await
            .map_err(before)?;
        let mut post = json!({
            "$type": COLLECTION,
            "text": text,
            "createdAt": record::now(net),
            "reply": answered.answered(),
        });
        if !facets.is_empty() {
            post["facets"] = json!(facets);
        }
        let body = json!({
            "repo": account.platform_account_id,
            "collection": COLLECTION,
            "record": post,
        });
        let answer = call(
            net,
            account,
            Method::POST,
            "com.atproto.repo.createRecord",
            |request| request.json(&body),
        )
        .await?;
        let created: StrongRef = read(net, account, &answer)?;
        let now = net.env.now();
        Ok(Comment::reply(account, created.uri, comment, text, now))
    }

    /// A thread's first post has a list of the replies that are hidden below it.
    async fn set_hidden(
        &self,
        net: &Net,
        account: &Account,
        comment: &str,
        hide: bool,
    ) -> Result<(), NetworkError> {
        #[derive(Deserialize)]
        struct Record {
            cid: String,
            value: Value,
        }
        let reply = link::post(net, account, comment).await?.reply();
        let root = reply.map(|reply| reply.root.uri).unwrap_or_default();
        let own = format!("at://{}/{COLLECTION}/", account.platform_account_id);
        let Some(key) = root.strip_prefix(&own) else {
            return Err(refused(
                "Only replies in a conversation that this account began can be hidden.",
                "the root is another account's",
            ));
        };
        let found: Option<Record> = record_at(net, account, THREADGATE, key).await?;
        let (mut gate, version) = match found {
            Some(record) => (record.value, Some(record.cid)),
            // Without rules anybody may reply.
            None => (
                json!({ "$type": THREADGATE, "post": root, "createdAt": record::now(net) }),
                None,
            ),
        };
        let mut uris = hidden(&gate);
        if hide == uris.iter().any(|uri| uri == comment) {
            return Ok(());
        }
        uris.retain(|uri| uri != comment);
        if hide {
            uris.push(comment.to_owned());
        }
        if uris.len() > MAX_HIDDEN {
            return Err(refused(
                "Bluesky hides at most 300 replies of a conversation. Please show another one first.",
                "hiddenReplies is full",
            ));
        }
        gate["hiddenReplies"] = json!(uris);
        // The version, so that nothing is lost which somebody else changed meanwhile.
        let body = json!({
            "repo": account.platform_account_id,
            "collection": THREADGATE,
            "rkey": key,
            "record": gate,
            "swapRecord": version,
        });
        let answer = call(
            net,
            account,
            Method::POST,
            "com.atproto.repo.putRecord",
            |request| request.json(&body),
        )
        .await?;
        read::<Value>(net, account, &answer).map(|_| ())
    }
}

/// The replies that a threadgate hides.
fn hidden(gate: &Value) -> Vec<String> {
    let uris = gate.get("hiddenReplies").and_then(Value::as_array);
    let uris = uris.into_iter().flatten().filter_map(Value::as_str);
    uris.map(str::to_owned).collect()
}

fn said<'a>(record: &'a Value, key: &str) -> &'a str {
    record.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn created(record: &Value) -> Option<Timestamp> {
    serde_json::from_value(record.get("createdAt")?.clone()).ok()
}

fn refused(message: &str, detail: &str) -> NetworkError {
    NetworkError::refused(ErrorKind::Refused, message, detail)
}
