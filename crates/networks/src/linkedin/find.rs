//! Reading posts back: the finder *author* and `GET` of the Posts API, and the Comments API,
//! version 202609.
//!
//! A page's posts can be read by who administers it (`r_organization_social`). A person's posts
//! can't be read by any app: what became of a lost one is told by LinkedIn only when the same text
//! is sent again within ten minutes, which is for a person to decide.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::{
    call, encode,
    people::Elements,
    publish::{Posted, page, published_at},
    read,
    text::{of_little, visible},
};
use crate::{
    connector::{Account, DoneStep, Found, LivePost, StepWork},
    error::{ErrorKind, NetworkError},
    http::Net,
    step::{self, StepName},
};

/// How long a post may take to appear.
const SETTLED_AFTER: Duration = Duration::from_secs(20);
/// How far clocks may be apart.
const CLOCK_MARGIN: Duration = Duration::from_secs(5);
/// The posts that one page of the finder holds.
const PAGE: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Post {
    id: String,
    #[serde(default)]
    commentary: String,
    /// Milliseconds.
    created_at: Option<i64>,
}

#[derive(Deserialize)]
struct Comment {
    #[serde(rename = "$URN")]
    urn: String,
    actor: String,
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    text: String,
}

fn micros(millis: i64) -> kernel::Timestamp {
    kernel::Timestamp::from_micros(millis.saturating_mul(1_000))
}

fn is_page(account: &Account) -> bool {
    account
        .platform_account_id
        .starts_with("urn:li:organization:")
}

pub(super) async fn find_step(net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
    let found = match step::name(&work)? {
        StepName::Post(0) => find_post(net, &work).await?,
        StepName::Comment => find_comment(net, &work).await?,
        // Nobody sees an upload, so another one does no harm.
        _ => return Ok(Found::Absent),
    };
    if found != Found::Absent {
        return Ok(found);
    }
    let waited = net.env.now().since(work.first_sent_at);
    if waited < SETTLED_AFTER {
        return Err(NetworkError::refused(
            ErrorKind::Temporary,
            "LinkedIn may still be busy with the post. AllIN looks again shortly.",
            "not there yet; too early to call it absent",
        )
        .with_retry_after(Some(SETTLED_AFTER.saturating_sub(waited))));
    }
    Ok(Found::Absent)
}

async fn find_post(net: &Net, work: &StepWork<'_>) -> Result<Found, NetworkError> {
    let unreadable = || {
        Ok(Found::CannotTell(
            "LinkedIn does not let apps look through a person's posts. Please look at the profile. If the post is not there, publish it again."
                .to_owned(),
        ))
    };
    if !is_page(work.account) {
        return unreadable();
    }
    let path = format!(
        "/rest/posts?q=author&author={}&count={PAGE}&sortBy=CREATED",
        encode(&work.account.platform_account_id)
    );
    let answer = call(net, work.account, Method::GET, &path, |request| {
        request.header("X-RestLi-Method", "FINDER")
    })
    .await?;
    if answer.status == StatusCode::FORBIDDEN {
        return unreadable();
    }
    let posts: Elements<Post> = read(net, &answer)?;
    let since = work.first_sent_at - CLOCK_MARGIN;
    let wanted = visible(step::part(work, 0)?.text.trim());
    let is_late = |post: &&Post| post.created_at.is_none_or(|at| micros(at) >= since);
    let same = posts
        .elements
        .iter()
        .filter(is_late)
        .find(|post| of_little(&post.commentary).trim() == wanted.trim());
    Ok(match same {
        Some(post) => Found::Present(json!(Posted {
            urn: post.id.clone()
        })),
        None if posts.elements.len() >= PAGE
            && posts.elements.iter().all(|post| is_late(&post)) =>
        {
            Found::CannotTell(format!(
                "Since then the page has published more than {PAGE} posts on LinkedIn, so AllIN can't tell whether this one is among them. Please look at the page."
            ))
        }
        None => Found::Absent,
    })
}

async fn find_comment(net: &Net, work: &StepWork<'_>) -> Result<Found, NetworkError> {
    let posted: Posted = StepName::Post(0).earlier(work.done)?;
    let path = format!(
        "/rest/socialActions/{}/comments?count=100",
        encode(&posted.urn)
    );
    let answer = call(net, work.account, Method::GET, &path, |request| request).await?;
    if answer.status == StatusCode::FORBIDDEN {
        return Ok(Found::CannotTell(
            "The post is published; whether its first comment is, LinkedIn does not let AllIN see. Please look at the post."
                .to_owned(),
        ));
    }
    let comments: Elements<Comment> = read(net, &answer)?;
    let wanted = work.request.text_option("firstComment").unwrap_or_default();
    let own = comments.elements.into_iter().find(|comment| {
        comment.actor == work.account.platform_account_id && comment.message.text.trim() == wanted
    });
    Ok(own.map_or(Found::Absent, |comment| {
        Found::Present(json!(Posted { urn: comment.urn }))
    }))
}

pub(super) async fn read_back(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<Option<LivePost>, NetworkError> {
    let posted: Posted = StepName::Post(0).earlier(done)?;
    let path = format!("/rest/posts/{}", encode(&posted.urn));
    let answer = call(net, account, Method::GET, &path, |request| request).await?;
    match answer.status {
        StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(None),
        StatusCode::FORBIDDEN => {
            return Err(NetworkError::refused(
                ErrorKind::Refused,
                "LinkedIn does not let apps read a person's posts. Please look at the profile.",
                "HTTP 403",
            ));
        }
        _ => {}
    }
    let post: Post = read(net, &answer)?;
    Ok(Some(LivePost {
        url: page(net, &post.id),
        text: Some(of_little(&post.commentary)),
        published_at: post
            .created_at
            .map(micros)
            .or_else(|| published_at(&post.id)),
        platform_post_id: post.id,
    }))
}
