//! Reading posts back: `getUsersPosts` and `getPostsById` of the OpenAPI 2.167.
//!
//! A post whose answer was lost is looked for in the account's timeline, which is in the order of
//! time, the newest first. X says that what was written may be read a little later
//! (docs.x.com/x-api/fundamentals/consistency): until [`SETTLED_AFTER`] an absent post proves
//! nothing. If it is then absent and is sent again, X refuses the same text once more, should it
//! have been there after all.

use std::time::Duration;

use kernel::Timestamp;
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::{
    call, get,
    publish::{Posted, page, parent, posted, text},
    read,
};
use crate::{
    connector::{Account, DoneStep, Found, LivePost, StepWork},
    error::{ErrorKind, NetworkError},
    http::Net,
    step::{self, StepName},
};

/// How long a post may take to appear.
const SETTLED_AFTER: Duration = Duration::from_secs(20);
/// How far X's clock may be off.
const CLOCK_MARGIN: Duration = Duration::from_secs(5);
/// What is asked of a post.
const FIELDS: &str = "attachments,created_at,entities,note_post";

/// `Post` of the OpenAPI, under its new names and the old ones.
#[derive(Deserialize)]
pub(super) struct Post {
    pub(super) id: String,
    #[serde(default)]
    text: String,
    pub(super) created_at: Option<Timestamp>,
    #[serde(default)]
    entities: Entities,
    #[serde(default)]
    attachments: Attachments,
    #[serde(default, rename = "note_post", alias = "note_tweet")]
    note: Option<Note>,
    #[serde(default, rename = "referenced_posts", alias = "referenced_tweets")]
    referenced: Vec<Reference>,
}

/// The whole of a long post.
#[derive(Deserialize)]
struct Note {
    text: String,
    #[serde(default)]
    entities: Entities,
}

#[derive(Default, Deserialize)]
struct Entities {
    #[serde(default)]
    urls: Vec<Link>,
}

/// A link of t.co, and what it stands for.
#[derive(Deserialize)]
struct Link {
    url: String,
    expanded_url: Option<String>,
    media_key: Option<String>,
}

#[derive(Default, Deserialize)]
struct Attachments {
    #[serde(default)]
    media_keys: Vec<String>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(rename = "type")]
    kind: String,
    id: String,
}

impl Post {
    /// Its text as it was written: links in full, without those that stand for media.
    pub(super) fn written(&self) -> String {
        let (text, entities) = match &self.note {
            Some(note) => (&note.text, &note.entities),
            None => (&self.text, &self.entities),
        };
        let mut text = unescape(text);
        for link in &entities.urls {
            let full = match (&link.media_key, &link.expanded_url) {
                (Some(_), _) => "",
                (None, Some(expanded)) => expanded,
                (None, None) => continue,
            };
            text = text.replace(&link.url, full);
        }
        text.trim().to_owned()
    }

    /// The post that it replies to.
    pub(super) fn parent(&self) -> Option<&str> {
        let reply = |reference: &&Reference| reference.kind == "replied_to";
        Some(self.referenced.iter().find(reply)?.id.as_str())
    }
}

/// X writes three characters of a text as HTML does.
pub(super) fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// A text without what X may change of it: white space, and the scheme and last slash of links.
fn bare(text: &str) -> String {
    let words: Vec<_> = text
        .split_whitespace()
        .map(|word| {
            let word = word
                .strip_prefix("https://")
                .or_else(|| word.strip_prefix("http://"))
                .unwrap_or(word);
            word.trim_end_matches('/')
        })
        .collect();
    words.join(" ")
}

#[derive(Deserialize)]
struct Timeline {
    #[serde(default)]
    data: Vec<Post>,
    #[serde(default)]
    meta: Meta,
}

#[derive(Default, Deserialize)]
struct Meta {
    next_token: Option<String>,
}

pub(super) async fn find_step(net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
    let name = step::name(&work)?;
    let files = match name {
        StepName::Post(part) => step::part(&work, part)?.media.len(),
        StepName::Comment => 0,
        // Nobody sees an upload, so another one does no harm.
        _ => return Ok(Found::Absent),
    };
    let wanted = bare(text(&work, name)?);
    let parent = parent(&work, name)?;
    let since = work.first_sent_at - CLOCK_MARGIN;
    let start_time = format!("{:.0}", since.to_jiff());
    let path = format!("/2/users/{}/tweets", work.account.platform_account_id);
    let query = [
        ("max_results", "100"),
        ("start_time", start_time.as_str()),
        ("exclude", "retweets"),
        ("post.fields", FIELDS),
        ("expansions", "referenced_posts"),
    ];
    let timeline: Timeline = get(net, work.account, &path, &query).await?;
    // The rest of the thread may say the same to the same post.
    let others: Vec<_> = posted(work.done).into_iter().map(|it| it.id).collect();
    let is_wanted = |post: &&Post| {
        !others.contains(&post.id)
            && post.created_at.is_none_or(|created| created >= since)
            && post.parent() == parent.as_deref()
            && post.attachments.media_keys.len() == files
            && bare(&post.written()) == wanted
    };
    if let Some(post) = timeline.data.iter().find(is_wanted) {
        return Ok(Found::Present(json!(Posted {
            id: post.id.clone()
        })));
    }
    if timeline.meta.next_token.is_some() {
        return Ok(Found::CannotTell(
            "Since then the account has published more than 100 posts on X, so AllIN can't tell whether this one is among them. Please look at the account's page."
                .to_owned(),
        ));
    }
    let waited = net.env.now().since(work.first_sent_at);
    if waited < SETTLED_AFTER {
        return Err(NetworkError::refused(
            ErrorKind::Temporary,
            "X may still be busy with the post. AllIN looks again shortly.",
            "not there yet; too early to call it absent",
        )
        .with_retry_after(Some(SETTLED_AFTER.saturating_sub(waited))));
    }
    Ok(Found::Absent)
}

pub(super) async fn read_back(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<Option<LivePost>, NetworkError> {
    #[derive(Deserialize)]
    struct One {
        // An absent post is told by an answer that has only `errors`.
        data: Option<Post>,
    }
    let first: Posted = StepName::Post(0).earlier(done)?;
    let path = format!("/2/tweets/{}", first.id);
    let query = [("post.fields", FIELDS)];
    let answer = call(net, account, Method::GET, &path, |request| {
        request.query(&query)
    })
    .await?;
    if answer.status == StatusCode::NOT_FOUND {
        return Ok(None);
    }
    let one: One = read(net, &answer)?;
    Ok(one.data.map(|post| LivePost {
        url: page(net, account, &post.id),
        text: Some(post.written()),
        published_at: post.created_at,
        platform_post_id: post.id,
    }))
}
