//! Publishing: *Content publishing*. Containers first; then `media_publish`, the one step that
//! people see; then what is added to the post.

use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::{
    GRAPH,
    container::{self, Container, is_video},
    error::LIMIT_REACHED,
};
use crate::{
    connector::{DoneStep, PublishRequest, Published, Step, StepAnswer, StepWork},
    error::NetworkError,
    http::Net,
    meta::limit,
    step::{self, StepName},
};

/// What publishing answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Posted {
    /// The media's id.
    pub(super) id: String,
}

/// The page of the post.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Live {
    permalink: Option<String>,
}

/// All steps of a post, in order, and whether people see their effect.
fn steps(request: &PublishRequest) -> Vec<(StepName, bool)> {
    let media = request.parts.first().map_or(&[][..], |part| &part.media);
    let mut steps = vec![(StepName::Quota, false)];
    if request.format == "carousel" {
        for (file, media) in media.iter().enumerate() {
            steps.push((StepName::Session(0, file), false));
            if is_video(media) {
                steps.push((StepName::Media(0, file), false));
            }
            steps.push((StepName::Ready(0, file), false));
        }
        steps.push((StepName::Container(0), false));
    } else {
        steps.push((StepName::Container(0), false));
        if media.iter().any(is_video) {
            steps.push((StepName::Media(0, 0), false));
        }
    }
    steps.push((StepName::Assembled(0), false));
    steps.push((StepName::Post(0), true));
    steps.push((StepName::Live(0), false));
    if request.format != "story" {
        if request.text_option("firstComment").is_some() {
            steps.push((StepName::Comment, true));
        }
        if request.switch_option("commentsOff") == Some(true) {
            // To do it twice changes nothing.
            steps.push((StepName::CommentsOff, false));
        }
    }
    steps
}

pub(super) fn next_step(request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
    let (name, public) = steps(request)
        .into_iter()
        .find(|(name, _)| !name.is_done(done))?;
    Some(name.step(request, public))
}

pub(super) async fn run_step(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let name = step::name(&work)?;
    match name {
        StepName::Quota => quota(net, &work).await,
        StepName::Session(_, file) => container::create_item(net, &work, file).await,
        StepName::Media(_, file) => {
            let container = container_of(&work, file)?;
            container::upload(net, &work, file, &container).await
        }
        StepName::Ready(_, file) => {
            let made: Container = StepName::Session(0, file).earlier(work.done)?;
            container::wait(net, &work, &made.id).await
        }
        StepName::Container(_) => container::create_whole(net, &work).await,
        StepName::Assembled(_) => {
            let made: Container = StepName::Container(0).earlier(work.done)?;
            container::wait(net, &work, &made.id).await
        }
        StepName::Post(_) => publish(net, &work).await,
        StepName::Live(_) => {
            let posted: Posted = StepName::Post(0).earlier(work.done)?;
            let path = format!("/{}", posted.id);
            let query = [("fields", "permalink")];
            let live: Live = GRAPH.get(net, work.account, &path, &query).await?;
            Ok(StepAnswer::done(live))
        }
        StepName::Comment => comment(net, &work).await,
        StepName::CommentsOff => {
            let posted: Posted = StepName::Post(0).earlier(work.done)?;
            let path = format!("/{}", posted.id);
            let form = [("comment_enabled", "false".to_owned())];
            let _: serde_json::Value = GRAPH.post(net, work.account, &path, &form).await?;
            Ok(StepAnswer::done(json!({})))
        }
        _ => Err(step::lost(&work.step.name)),
    }
}

async fn quota(net: &Net, work: &StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    if !limit::matters(work, net.env.now()) {
        return Ok(StepAnswer::done(json!({})));
    }
    let path = format!(
        "/{}/content_publishing_limit",
        work.account.platform_account_id
    );
    let asked = GRAPH.get(net, work.account, &path, &limit::FIELDS).await;
    limit::answer(asked, LIMIT_REACHED)
}

/// The container that a video goes into.
fn container_of(work: &StepWork<'_>, file: usize) -> Result<String, NetworkError> {
    let name = if work.request.format == "carousel" {
        StepName::Session(0, file)
    } else {
        StepName::Container(0)
    };
    Ok(name.earlier::<Container>(work.done)?.id)
}

async fn publish(net: &Net, work: &StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let made: Container = StepName::Container(0).earlier(work.done)?;
    let path = format!("/{}/media_publish", work.account.platform_account_id);
    let form = [("creation_id", made.id)];
    let posted: Posted = GRAPH.post(net, work.account, &path, &form).await?;
    Ok(StepAnswer::done(posted))
}

async fn comment(net: &Net, work: &StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let posted: Posted = StepName::Post(0).earlier(work.done)?;
    let text = work.request.text_option("firstComment").unwrap_or_default();
    let path = format!("/{}/comments", posted.id);
    let form = [("message", text.to_owned())];
    let written: Posted = GRAPH.post(net, work.account, &path, &form).await?;
    Ok(StepAnswer::done(written))
}

/// The published media.
pub(super) fn media_id(done: &[DoneStep]) -> Option<String> {
    StepName::Post(0)
        .result::<Posted>(done)
        .map(|posted| posted.id)
}

pub(super) fn published(done: &[DoneStep]) -> Published {
    let live: Live = StepName::Live(0).result(done).unwrap_or_default();
    Published {
        platform_post_id: media_id(done).unwrap_or_default(),
        url: live.permalink.and_then(|url| Url::parse(&url).ok()),
    }
}
