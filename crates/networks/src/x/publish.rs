//! Publishing: docs.x.com/x-api/posts/manage-tweets and `createPosts` of the OpenAPI 2.167.

use reqwest::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{
    call,
    error::{DUPLICATE, code, parse_error},
    find, media, read,
};
use crate::{
    Platform,
    connector::{Account, DoneStep, Found, PublishRequest, Published, Step, StepAnswer, StepWork},
    error::NetworkError,
    http::{Endpoint, Net},
    step::{self, StepName},
};

/// What publishing a part answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Posted {
    pub(super) id: String,
}

#[derive(Deserialize)]
struct Created {
    data: Posted,
}

/// All files come first, so that one that is refused leaves no half thread behind. A large one goes
/// up in pieces, one step each, so that an upload that breaks off goes on with the next piece, also
/// after a restart.
pub(super) fn next_step(request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
    let mut steps = Vec::new();
    for (p, part) in request.parts.iter().enumerate() {
        for (f, file) in part.media.iter().enumerate() {
            let begin = StepName::Media(p, f);
            steps.push(begin);
            let begun: Option<media::Begun> = begin.result(done);
            let pieces = begun.map_or(0, |begun| begun.pieces);
            steps.extend((0..pieces).map(|piece| StepName::Piece(p, f, piece)));
            if pieces > 0 {
                steps.extend([StepName::Finish(p, f), StepName::Ready(p, f)]);
            }
            if !file.alt_text.is_empty() {
                steps.push(StepName::Describe(p, f));
            }
        }
    }
    steps.extend((0..request.parts.len()).map(StepName::Post));
    if request.text_option("firstComment").is_some() {
        steps.push(StepName::Comment);
    }
    let next = steps.into_iter().find(|name| !name.is_done(done))?;
    let public = matches!(next, StepName::Post(_) | StepName::Comment);
    Some(next.step(request, public))
}

pub(super) async fn run_step(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let name = step::name(&work)?;
    match name {
        StepName::Media(part, file) => {
            let begun = media::begin(net, &work, part, file).await?;
            return Ok(StepAnswer::done(begun));
        }
        StepName::Piece(part, file, piece) => media::piece(net, &work, (part, file, piece)).await?,
        StepName::Finish(part, file) => media::finish(net, &work, part, file).await?,
        StepName::Ready(part, file) => return media::ready(net, &work, part, file).await,
        StepName::Describe(part, file) => media::describe(net, &work, part, file).await?,
        StepName::Post(_) | StepName::Comment => return post(net, &work, name).await,
        _ => return Err(step::lost(&work.step.name)),
    }
    Ok(StepAnswer::done(json!({})))
}

/// `POST /2/tweets`. That X already has this text is no failure if it is this very step that made
/// it: an earlier request whose answer was lost.
async fn post(net: &Net, work: &StepWork<'_>, name: StepName) -> Result<StepAnswer, NetworkError> {
    let body = body(work, name)?;
    let answer = call(net, work.account, Method::POST, "/2/tweets", |request| {
        request.json(&body)
    })
    .await?;
    if answer.status.is_client_error() && code(&answer) == DUPLICATE {
        let found = find::find_step(net, *work).await;
        if let Ok(Found::Present(posted)) = found {
            return Ok(StepAnswer::Done(posted));
        }
        return Err(parse_error(&answer, net.env.now()));
    }
    let created: Created = read(net, &answer)?;
    Ok(StepAnswer::done(created.data))
}

/// The request's body: `CreatePostsRequest`. What says nothing is left out.
fn body(work: &StepWork<'_>, name: StepName) -> Result<Value, NetworkError> {
    let request = work.request;
    let mut body = json!({ "text": text(work, name)? });
    if let Some(parent) = parent(work, name)? {
        body["reply"] = json!({ "in_reply_to_tweet_id": parent });
    }
    let StepName::Post(part) = name else {
        return Ok(body);
    };
    let files = media::ids(work, part)?;
    if !files.is_empty() {
        body["media"] = json!({ "media_ids": files });
    }
    if let Some(who) = request
        .text_option("replySettings")
        .filter(|who| *who != "everyone")
        // Who may reply to a thread is said once, at its start.
        .filter(|_| part == 0)
    {
        body["reply_settings"] = json!(who);
    }
    for (option, field) in [
        ("madeWithAi", "made_with_ai"),
        ("paidPartnership", "paid_partnership"),
    ] {
        if request.switch_option(option) == Some(true) {
            body[field] = json!(true);
        }
    }
    if part == 0 {
        if let Some(poll) = request.poll_option("poll") {
            body["poll"] = json!({
                "options": poll.choices,
                "duration_minutes": poll.minutes,
            });
        }
        if let Some(quoted) = request.text_option("quote").and_then(post_id) {
            body["quote_tweet_id"] = json!(quoted);
        }
    }
    Ok(body)
}

/// What the post says.
pub(super) fn text<'a>(work: &StepWork<'a>, name: StepName) -> Result<&'a str, NetworkError> {
    match name {
        StepName::Post(part) => Ok(step::part(work, part)?.text.trim()),
        _ => Ok(work.request.text_option("firstComment").unwrap_or_default()),
    }
}

/// The post that this one replies to: the part before it; for the first part, one that the author
/// chose; for the first comment, the first part.
pub(super) fn parent(work: &StepWork<'_>, name: StepName) -> Result<Option<String>, NetworkError> {
    let before = match name {
        StepName::Post(0) => {
            return Ok(work
                .request
                .text_option("replyTo")
                .and_then(post_id)
                .map(str::to_owned));
        }
        StepName::Post(part) => StepName::Post(part - 1),
        _ => StepName::Post(0),
    };
    Ok(Some(before.earlier::<Posted>(work.done)?.id))
}

/// The id in the address of a post: `https://x.com/name/status/123`.
pub(super) fn post_id(address: &str) -> Option<&str> {
    let path = address.trim().split(['?', '#']).next()?;
    let mut words = path.split('/').skip_while(|word| *word != "status").skip(1);
    let id = words.next()?;
    let digits = id.bytes().all(|byte| byte.is_ascii_digit());
    (digits && (1..=19).contains(&id.len())).then_some(id)
}

/// Everything that was published, the first part first.
pub(super) fn posted(done: &[DoneStep]) -> Vec<Posted> {
    (0..)
        .map(StepName::Post)
        .map_while(|name| name.result(done))
        .chain(StepName::Comment.result(done))
        .collect()
}

/// The page of a post.
pub(super) fn page(net: &Net, account: &Account, id: &str) -> Option<Url> {
    let path = format!("/{}/status/{id}", account.username);
    net.endpoint(Platform::X, Endpoint::Site, &path).ok()
}

pub(super) fn published(net: &Net, account: &Account, done: &[DoneStep]) -> Published {
    let first: Option<Posted> = StepName::Post(0).result(done);
    let platform_post_id = first.map(|posted| posted.id).unwrap_or_default();
    Published {
        url: page(net, account, &platform_post_id),
        platform_post_id,
    }
}

/// Deletes the thread, its end first, so that no reply loses what it answers while it is seen.
pub(super) async fn delete(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<(), NetworkError> {
    for posted in posted(done).into_iter().rev() {
        let path = format!("/2/tweets/{}", posted.id);
        let answer = call(net, account, Method::DELETE, &path, |request| request).await?;
        if !answer.status.is_success() && answer.status != StatusCode::NOT_FOUND {
            return Err(parse_error(&answer, net.env.now()));
        }
    }
    Ok(())
}
