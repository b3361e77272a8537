//! Publishing: posts (2026-04-14), posts/delete-posts, reference/media-retrieval.
//!
//! The items of carousels come first, so that a file that is refused leaves no half thread
//! behind; then each part is put together, waited for and published, for the next part needs its
//! id. The first comment is a reply like any other.

use std::time::Duration;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::{
    api::{Node, call, get, is_gone, parse_time, read},
    containers, error,
};
use crate::{
    connector::{
        Account, DoneStep, LivePost, PublishRequest, Published, Step, StepAnswer, StepWork,
    },
    error::{Certainty, ErrorKind, NetworkError},
    http::Net,
    meta::limit,
    step::{self, StepName},
};

/// When a publication that came too early is tried again.
const TOO_EARLY: Duration = Duration::from_secs(10);

/// What publishing a part answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Posted {
    pub(super) id: String,
    pub(super) url: Option<Url>,
}

fn items(request: &PublishRequest, part: usize) -> usize {
    let files = request.parts.get(part).map_or(0, |part| part.media.len());
    if files > 1 { files } else { 0 }
}

pub(super) fn next_step(request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
    let mut steps = vec![StepName::Quota];
    for part in 0..request.parts.len() {
        for file in 0..items(request, part) {
            steps.push(StepName::Media(part, file));
        }
    }
    for part in 0..request.parts.len() {
        for file in 0..items(request, part) {
            steps.push(StepName::Ready(part, file));
        }
    }
    for part in 0..request.parts.len() {
        steps.push(StepName::Container(part));
        steps.push(StepName::Assembled(part));
        steps.push(StepName::Post(part));
    }
    if request.text_option("firstComment").is_some() {
        steps.push(StepName::DraftComment);
        steps.push(StepName::Comment);
    }
    let next = steps.into_iter().find(|step| !step.is_done(done))?;
    let public = matches!(next, StepName::Post(_)) || next == StepName::Comment;
    Some(next.step(request, public))
}

pub(super) async fn run_step(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let account = work.account;
    match step::name(&work)? {
        StepName::Quota if !limit::matters(&work, net.env.now()) => Ok(StepAnswer::done(json!({}))),
        StepName::Quota => {
            let path = "/me/threads_publishing_limit";
            let asked = get(net, account, path, &limit::FIELDS).await;
            limit::answer(asked, error::LIMITED)
        }
        StepName::Media(part, file) => {
            let media = step::media(&work, part, file)?;
            Ok(StepAnswer::done(
                containers::item(net, account, media).await?,
            ))
        }
        StepName::Ready(part, file) => {
            let id: String = StepName::Media(part, file).earlier(work.done)?;
            containers::ready(net, account, &id).await
        }
        StepName::Container(part) => {
            let ids: Vec<String> = (0..items(work.request, part))
                .map(|file| StepName::Media(part, file).earlier(work.done))
                .collect::<Result<_, _>>()?;
            let parent = parent(&work, StepName::Post(part))?;
            let id = containers::part(net, &work, part, &ids, parent.as_deref()).await?;
            Ok(StepAnswer::done(id))
        }
        StepName::Assembled(part) => {
            let id: String = StepName::Container(part).earlier(work.done)?;
            containers::ready(net, account, &id).await
        }
        StepName::DraftComment => {
            let parent = parent(&work, StepName::Comment)?.unwrap_or_default();
            let text = work.request.text_option("firstComment").unwrap_or_default();
            let parameters = [
                ("media_type", "TEXT"),
                ("text", text),
                ("reply_to_id", parent.as_str()),
            ];
            let id = containers::create(net, account, &parameters).await?;
            Ok(StepAnswer::done(id))
        }
        name @ (StepName::Post(_) | StepName::Comment) => {
            let id: String = container(name).earlier(work.done)?;
            Ok(StepAnswer::done(publish(net, account, &id).await?))
        }
        name => Err(step::lost(&name.to_string())),
    }
}

/// The step that put together what this step publishes.
pub(super) const fn container(name: StepName) -> StepName {
    match name {
        StepName::Post(part) => StepName::Container(part),
        _ => StepName::DraftComment,
    }
}

/// The post that this step's post replies to: the part before it; for the first comment, the
/// first part.
pub(super) fn parent(work: &StepWork<'_>, name: StepName) -> Result<Option<String>, NetworkError> {
    let before = match name {
        StepName::Post(0) => return Ok(None),
        StepName::Post(part) => part - 1,
        _ => 0,
    };
    let posted: Posted = StepName::Post(before).earlier(work.done)?;
    Ok(Some(posted.id))
}

/// `POST /{threads-user-id}/threads_publish`
pub(super) async fn publish(
    net: &Net,
    account: &Account,
    container: &str,
) -> Result<Posted, NetworkError> {
    let parameters = [("creation_id", container)];
    let answer = call(
        net,
        account,
        Method::POST,
        "/me/threads_publish",
        &parameters,
    )
    .await?;
    let media: Node = read(net, &answer).map_err(|error| {
        let too_early = error.kind == ErrorKind::Temporary
            && error.certainty == Certainty::Refused
            && error.retry_after.is_none();
        if too_early {
            error.with_retry_after(Some(TOO_EARLY))
        } else {
            error
        }
    })?;
    Ok(Posted {
        url: permalink(net, account, &media.id).await,
        id: media.id,
    })
}

/// The page of a post. It is out already, so nothing may fail any more.
async fn permalink(net: &Net, account: &Account, id: &str) -> Option<Url> {
    #[derive(Deserialize)]
    struct Media {
        permalink: Option<Url>,
    }
    let fields = [("fields", "permalink")];
    let media: Media = get(net, account, &format!("/{id}"), &fields).await.ok()?;
    media.permalink
}

/// The parts that are published, in order.
pub(super) fn posts(done: &[DoneStep]) -> Vec<Posted> {
    (0..)
        .map_while(|part| StepName::Post(part).result(done))
        .collect()
}

pub(super) fn published(done: &[DoneStep]) -> Published {
    let first: Option<Posted> = StepName::Post(0).result(done);
    let (id, url) = first.map_or((String::new(), None), |post| (post.id, post.url));
    Published {
        platform_post_id: id,
        url,
    }
}

pub(super) async fn read_back(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<Option<LivePost>, NetworkError> {
    #[derive(Deserialize)]
    struct Media {
        id: String,
        permalink: Option<Url>,
        text: Option<String>,
        timestamp: Option<String>,
    }
    let path = format!("/{}", published(done).platform_post_id);
    let fields = [("fields", "id,permalink,text,timestamp")];
    let answer = call(net, account, Method::GET, &path, &fields).await?;
    if is_gone(&answer) {
        return Ok(None);
    }
    let media: Media = read(net, &answer)?;
    Ok(Some(LivePost {
        platform_post_id: media.id,
        url: media.permalink,
        text: media.text,
        published_at: media.timestamp.as_deref().and_then(parse_time),
    }))
}

/// Deletes the thread, its end first, so that no reply loses what it answers while it is seen.
pub(super) async fn delete(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<(), NetworkError> {
    let comment: Option<Posted> = StepName::Comment.result(done);
    for post in posts(done).into_iter().chain(comment).rev() {
        let answer = call(net, account, Method::DELETE, &format!("/{}", post.id), &[]).await?;
        if !answer.status.is_success() && !is_gone(&answer) {
            return Err(error::parse_error(&answer, net.env.now()));
        }
    }
    Ok(())
}
