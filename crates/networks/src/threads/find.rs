//! Looking for a post whose answer was lost: troubleshooting ("Publishing does not return a media
//! ID"), reference/user.
//!
//! The container tells whether it was published, so nothing is ever published twice. It does not
//! tell as what: the post's id is looked for among the account's newest posts or replies.

use std::time::Duration;

use kernel::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{
    api::{Node, Page, call, get, parse_time, read},
    containers::{self, Status},
    publish::{Posted, container, parent},
};
use crate::{
    connector::{Account, Found, Lookup, StepWork},
    descriptor::Choice,
    error::{ErrorKind, NetworkError},
    http::{Answer, Net},
    step::{self, StepName},
};

/// How long Threads may still be busy with a request that it has received.
const SETTLED_AFTER: Duration = Duration::from_secs(30);
/// How long it may take to list a post that is published.
const LISTED_AFTER: Duration = Duration::from_mins(5);
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// How far its clock may be off beyond what its `Date` header tells.
const CLOCK_MARGIN: Duration = Duration::from_secs(30);

/// A post, as far as it is compared: reference/media-retrieval.
#[derive(Deserialize)]
struct Media {
    id: String,
    text: Option<String>,
    media_type: Option<String>,
    permalink: Option<Url>,
    timestamp: Option<String>,
    replied_to: Option<Node>,
}

pub(super) async fn find_step(net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
    let name = step::name(&work)?;
    if !matches!(name, StepName::Post(_)) && name != StepName::Comment {
        // Nobody sees a container, so another one does no harm.
        return Ok(Found::Absent);
    }
    let waited = net.env.now().since(work.first_sent_at);
    let id: String = container(name).earlier(work.done)?;
    match containers::status(net, work.account, &id).await? {
        Status::Published => {
            if let Some(posted) = listed(net, &work, name).await? {
                return Ok(Found::Present(json!(posted)));
            }
            if waited < LISTED_AFTER {
                return Err(later("published, but not listed yet"));
            }
            Ok(Found::CannotTell(
                "Threads says that the post is published, but does not list it. Please look at the account's page."
                    .to_owned(),
            ))
        }
        Status::Finished if waited >= SETTLED_AFTER => Ok(Found::Absent),
        Status::Working if waited >= LISTED_AFTER => Ok(Found::CannotTell(
            "Threads has been publishing the post for minutes and does not say whether it is out. Please look at the account's page."
                .to_owned(),
        )),
        Status::Finished | Status::Working => Err(later("too early to call it absent")),
        Status::Expired | Status::Failed(_) => Ok(Found::Absent),
    }
}

fn later(detail: &str) -> NetworkError {
    NetworkError::refused(
        ErrorKind::Temporary,
        "Threads may still be busy with the post. AllIN looks again shortly.",
        detail,
    )
    .with_retry_after(Some(LOOK_AGAIN))
}

/// The post that came of it, among the newest.
async fn listed(
    net: &Net,
    work: &StepWork<'_>,
    name: StepName,
) -> Result<Option<Posted>, NetworkError> {
    let (text, files) = match name {
        StepName::Post(part) => {
            let part = step::part(work, part)?;
            (part.text.as_str(), part.media.len())
        }
        _ => (
            work.request.text_option("firstComment").unwrap_or_default(),
            0,
        ),
    };
    let parent = parent(work, name)?;
    let path = if parent.is_some() {
        "/me/replies"
    } else {
        "/me/threads"
    };
    let parameters = [
        (
            "fields",
            "id,text,media_type,permalink,timestamp,replied_to",
        ),
        ("limit", "100"),
    ];
    let answer = call(net, work.account, Method::GET, path, &parameters).await?;
    let since = not_before(net, &answer, work.first_sent_at);
    let page: Page<Media> = read(net, &answer)?;
    let same = |media: &Media| {
        let made = media.timestamp.as_deref().and_then(parse_time);
        let is_album = media.media_type.as_deref() == Some("CAROUSEL_ALBUM");
        made.is_some_and(|made| made >= since)
            && media.text.as_deref().unwrap_or_default().trim() == text.trim()
            && media.replied_to.as_ref().map(|post| &post.id) == parent.as_ref()
            && is_album == (files > 1)
    };
    // The oldest that fits: a later one that looks alike is another post.
    let found = page.data.into_iter().rev().find(same);
    Ok(found.map(|media| Posted {
        id: media.id,
        url: media.permalink,
    }))
}

/// `first_sent_at` by the clock of Threads, which its `Date` header shows, with some margin.
fn not_before(net: &Net, answer: &Answer, first_sent_at: Timestamp) -> Timestamp {
    let now = net.env.now();
    let server_now = answer
        .header("date")
        .and_then(|date| jiff::fmt::rfc2822::parse(date).ok())
        .map_or(now, |date| Timestamp::from(date.timestamp()));
    first_sent_at + server_now.since(now) - now.since(server_now) - CLOCK_MARGIN
}

/// Recent posts of the account, to quote one of.
pub(super) async fn choices(
    net: &Net,
    account: &Account,
    lookup: &Lookup,
) -> Result<Vec<Choice>, NetworkError> {
    if lookup.key != "quote" {
        return Ok(Vec::new());
    }
    let parameters = [("fields", "id,text,timestamp"), ("limit", "100")];
    let page: Page<Media> = get(net, account, "/me/threads", &parameters).await?;
    let wanted = lookup.search.trim().to_lowercase();
    Ok(page
        .data
        .into_iter()
        .filter_map(|media| {
            let text = media.text?;
            let label: String = text.chars().take(80).collect();
            text.to_lowercase()
                .contains(&wanted)
                .then(|| Choice::new(media.id, label))
        })
        .take(25)
        .collect())
}
