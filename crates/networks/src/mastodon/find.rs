//! Looking for a post whose answer was lost: docs.joinmastodon.org/methods/accounts#statuses and
//! /methods/statuses#source, state of July 2026.
//!
//! Sending it once more with the same `Idempotency-Key` would not do: the server notes the key
//! only *after* it has made the status, and forgets it after an hour. So the account's own
//! statuses are read back and compared with
//! what was sent. A request that has not been answered may still be under way on the server;
//! until [`SETTLED_AFTER`] an absent status proves nothing. If it is then absent, the engine
//! sends it again with the same key, which still guards it for the rest of the hour.

use std::time::Duration;

use kernel::Timestamp;
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::{
    call,
    publish::{self, Posted, parent, posted},
    read, text,
};
use crate::{
    connector::{Found, StepWork, server_name},
    error::{ErrorKind, NetworkError},
    http::{Answer, Net},
    step::{self, StepName},
};

/// How long a server may still be busy with a request that it has received.
const SETTLED_AFTER: Duration = Duration::from_secs(15);
/// How far the server's clock may be off beyond what its `Date` header, in whole seconds, tells.
const CLOCK_MARGIN: Duration = Duration::from_secs(5);
/// The most that one page holds, and how many pages are read back.
const PAGE: usize = 40;
const PAGES: usize = 5;

/// A status, as far as it is compared: docs.joinmastodon.org/entities/Status.
#[derive(Deserialize)]
struct Status {
    id: String,
    url: Option<String>,
    created_at: Timestamp,
    in_reply_to_id: Option<String>,
    content: String,
    #[serde(default)]
    reblog: Option<serde_json::Value>,
    media_attachments: Vec<Attachment>,
}

#[derive(Deserialize)]
struct Attachment {
    id: String,
    description: Option<String>,
}

pub(super) async fn find_step(net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
    let name = step::name(&work)?;
    let media = match name {
        StepName::Post(part) => step::part(&work, part)?.media.as_slice(),
        StepName::Comment => &[],
        // Nobody sees an upload, so another one does no harm.
        _ => return Ok(Found::Absent),
    };
    let wanted = Wanted {
        text: publish::text(&work, name)?,
        alt_texts: media.iter().map(|media| media.alt_text.as_str()).collect(),
        media: publish::files(&work, name)?,
        parent: parent(&work, name)?,
        // The rest of the thread may say the same.
        others: posted(work.done).into_iter().map(|it| it.id).collect(),
    };
    let first = format!(
        "api/v1/accounts/{}/statuses?limit={PAGE}&exclude_reblogs=true",
        work.account.platform_account_id
    );
    let mut path = first.clone();
    let mut complete = false;
    for _ in 0..PAGES {
        let answer = call(net, work.account, Method::GET, &path, |request| request).await?;
        let since = not_before(net, &answer, work.first_sent_at);
        let page: Vec<Status> = read(net, work.account, &answer)?;
        for status in page.iter().filter(|status| status.created_at >= since) {
            match wanted.is(net, &work, status).await? {
                Likeness::Same => {
                    let posted = Posted {
                        id: status.id.clone(),
                        url: status.url.clone(),
                    };
                    return Ok(Found::Present(json!(posted)));
                }
                Likeness::Other => {}
                Likeness::Unclear => {
                    return Ok(Found::CannotTell(format!(
                        "{} does not tell whether a post of that time is this one. Please look at the account's page.",
                        server_name(&work.account.server)
                    )));
                }
            }
        }
        match page.last() {
            Some(last) if last.created_at >= since => {
                path = format!("{first}&max_id={}", last.id);
            }
            _ => {
                complete = true;
                break;
            }
        }
    }
    if !complete {
        return Ok(Found::CannotTell(format!(
            "Since then the account has published more than {} posts, so AllIN can't tell whether this one is among them. Please look at the account's page.",
            PAGE * PAGES
        )));
    }
    let waited = net.env.now().since(work.first_sent_at);
    if waited < SETTLED_AFTER {
        return Err(NetworkError::refused(
            ErrorKind::Temporary,
            format!(
                "{} may still be busy with the post. AllIN looks again shortly.",
                server_name(&work.account.server)
            ),
            "not there yet; too early to call it absent",
        )
        .with_retry_after(Some(SETTLED_AFTER.saturating_sub(waited))));
    }
    Ok(Found::Absent)
}

/// `first_sent_at` by the server's clock, which its `Date` header shows, with some margin.
fn not_before(net: &Net, answer: &Answer, first_sent_at: Timestamp) -> Timestamp {
    let now = net.env.now();
    let server_now = answer
        .header("date")
        .and_then(|date| jiff::fmt::rfc2822::parse(date).ok())
        .map_or(now, |date| Timestamp::from(date.timestamp()));
    first_sent_at + server_now.since(now) - now.since(server_now) - CLOCK_MARGIN
}

/// docs.joinmastodon.org/entities/StatusSource
#[derive(Deserialize)]
struct Source {
    text: String,
}

/// What is looked for.
struct Wanted<'a> {
    text: &'a str,
    media: Vec<String>,
    alt_texts: Vec<&'a str>,
    parent: Option<String>,
    others: Vec<String>,
}

enum Likeness {
    Same,
    Other,
    Unclear,
}

impl Wanted<'_> {
    async fn is(
        &self,
        net: &Net,
        work: &StepWork<'_>,
        status: &Status,
    ) -> Result<Likeness, NetworkError> {
        if status.reblog.is_some()
            || status.in_reply_to_id != self.parent
            || self.others.contains(&status.id)
        {
            return Ok(Likeness::Other);
        }
        let files = || status.media_attachments.iter();
        if !self.media.is_empty() && files().map(|file| &file.id).eq(&self.media) {
            // A file belongs to one status only, so the same files are proof enough.
            return Ok(Likeness::Same);
        }
        if !files()
            .map(|file| file.description.as_deref().unwrap_or_default())
            .eq(self.alt_texts.iter().copied())
        {
            return Ok(Likeness::Other);
        }
        let text = self.is_text(net, work, status).await?;
        // Other files with the same descriptions: perhaps they were uploaded anew.
        Ok(match text {
            Likeness::Same if !self.media.is_empty() => Likeness::Unclear,
            other => other,
        })
    }

    async fn is_text(
        &self,
        net: &Net,
        work: &StepWork<'_>,
        status: &Status,
    ) -> Result<Likeness, NetworkError> {
        let path = format!("api/v1/statuses/{}/source", status.id);
        let answer = call(net, work.account, Method::GET, &path, |request| request).await?;
        if matches!(
            answer.status,
            StatusCode::NOT_FOUND | StatusCode::NOT_IMPLEMENTED
        ) {
            // Before 3.5 only the rendered text is told. What reads alike is this post; what
            // shares its beginning was perhaps rendered in another way.
            let (seen, sent) = (text::visible(&status.content), text::bare(self.text));
            let start: String = sent.chars().take(8).collect();
            return Ok(match seen {
                seen if seen == sent => Likeness::Same,
                seen if seen.starts_with(&start) => Likeness::Unclear,
                _ => Likeness::Other,
            });
        }
        let source: Source = read(net, work.account, &answer)?;
        Ok(if source.text.trim() == self.text {
            Likeness::Same
        } else {
            Likeness::Other
        })
    }
}
