//! Publishing: the Posts, MultiImage and Poll APIs, learn.microsoft.com/linkedin/marketing/
//! community-management/shares/posts-api, /multiimage-post-api and /poll-post-api, and comments by
//! /comments-api, version 202609.

use kernel::Timestamp;
use reqwest::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{
    PLATFORM, call, encode,
    error::{duplicate_of, parse_error, unreadable},
    media::{self, Begun},
    text::little,
};
use crate::{
    connector::{Account, DoneStep, PublishRequest, Published, Step, StepAnswer, StepWork},
    error::NetworkError,
    http::{Answer, Endpoint, Net},
    step::{self, StepName},
};

/// What publishing answers: the URN of a post, or of a comment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Posted {
    pub(super) urn: String,
}

/// How far clocks may be apart.
const CLOCK_MARGIN: std::time::Duration = std::time::Duration::from_secs(5);

/// A video goes up in the pieces that LinkedIn asks for, one step each, so that an upload that breaks
/// off goes on with the next piece, also after a restart.
pub(super) fn next_step(request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
    let mut steps = Vec::new();
    let thumbnail = usize::from(request.attachments.contains_key("thumbnail"));
    for file in 0..media::attached(request) + thumbnail {
        let begin = StepName::Media(0, file);
        steps.push(begin);
        let begun: Option<Begun> = begin.result(done);
        let pieces = begun.map_or(0, |begun| begun.pieces.len());
        steps.extend((0..pieces).map(|piece| StepName::Piece(0, file, piece)));
        if pieces > 0 {
            steps.push(StepName::Finish(0, file));
        }
        steps.push(StepName::Ready(0, file));
    }
    steps.push(StepName::Post(0));
    if request.text_option("firstComment").is_some() {
        steps.push(StepName::Comment);
    }
    let next = steps.into_iter().find(|name| !name.is_done(done))?;
    let public = matches!(next, StepName::Post(_) | StepName::Comment);
    Some(next.step(request, public))
}

pub(super) async fn run_step(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    match step::name(&work)? {
        StepName::Media(0, file) => Ok(StepAnswer::done(media::begin(net, &work, file).await?)),
        StepName::Piece(0, file, piece) => Ok(StepAnswer::Done(
            media::piece(net, &work, file, piece).await?,
        )),
        StepName::Finish(0, file) => {
            media::finish(net, &work, file).await?;
            Ok(StepAnswer::done(json!({})))
        }
        StepName::Ready(0, file) => media::ready(net, &work, file).await,
        StepName::Post(0) => post(net, &work).await,
        StepName::Comment => comment(net, &work).await,
        _ => Err(step::lost(&work.step.name)),
    }
}

/// `POST /rest/posts`. LinkedIn refuses the same text within ten minutes and names the post that
/// has it: if that one is not older than this step, it is this step's, whose answer was lost.
async fn post(net: &Net, work: &StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let body = body(work)?;
    let answer = call(net, work.account, Method::POST, "/rest/posts", |request| {
        request.json(&body)
    })
    .await?;
    if let Some(urn) = duplicate_of(&answer)
        && published_at(&urn).is_some_and(|at| at >= work.first_sent_at - CLOCK_MARGIN)
    {
        return Ok(StepAnswer::done(Posted { urn }));
    }
    created(net, &answer).map(StepAnswer::done)
}

/// The URN of what was created: the header `x-restli-id`.
pub(super) fn created(net: &Net, answer: &Answer) -> Result<Posted, NetworkError> {
    if !answer.status.is_success() {
        return Err(parse_error(answer, net.env.now()));
    }
    let urn = answer
        .header("x-restli-id")
        .ok_or_else(|| unreadable(answer, "no x-restli-id"))?;
    Ok(Posted {
        urn: urn.to_owned(),
    })
}

/// When a post was published: LinkedIn's ids begin with the milliseconds.
pub(super) fn published_at(urn: &str) -> Option<Timestamp> {
    let id: i64 = urn.rsplit(':').next()?.parse().ok()?;
    Some(Timestamp::from_micros((id >> 22).checked_mul(1_000)?))
}

/// The request's body.
fn body(work: &StepWork<'_>) -> Result<Value, NetworkError> {
    let request = work.request;
    let part = step::part(work, 0)?;
    let mut body = json!({
        "author": work.account.platform_account_id,
        "commentary": little(part.text.trim()),
        "visibility": request.text_option("visibility").unwrap_or("PUBLIC"),
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": request.switch_option("noReshares").unwrap_or(false),
    });
    if let Some(content) = content(work)? {
        body["content"] = content;
    }
    Ok(body)
}

/// What a post has beside its text.
fn content(work: &StepWork<'_>) -> Result<Option<Value>, NetworkError> {
    let request = work.request;
    let files = &step::part(work, 0)?.media;
    if let Some(link) = request.text_option("link") {
        let title = request.text_option("title").unwrap_or(link);
        let mut article = json!({ "source": link, "title": title });
        if let Some(description) = request.text_option("description") {
            article["description"] = json!(description);
        }
        if request.attachments.contains_key("thumbnail") {
            article["thumbnail"] = json!(media::urn(work, media::attached(work.request))?);
        }
        return Ok(Some(json!({ "article": article })));
    }
    if let Some(poll) = request.poll_option("poll") {
        let options: Vec<_> = poll
            .choices
            .iter()
            .map(|choice| json!({ "text": choice }))
            .collect();
        return Ok(Some(json!({ "poll": {
            "question": request.text_option("question").unwrap_or_default(),
            "options": options,
            "settings": {
                "duration": duration(poll.minutes),
                "voteSelectionType": "SINGLE_VOTE",
                "isVoterVisibleToAuthor": true,
            },
        } })));
    }
    let image = |file: usize| {
        let mut image = json!({ "id": media::urn(work, file)? });
        let alt_text = &files[file].alt_text;
        if !alt_text.is_empty() {
            image["altText"] = json!(alt_text);
        }
        Ok::<_, NetworkError>(image)
    };
    Ok(match files.len() {
        0 => None,
        1 => {
            let mut one = image(0)?;
            if let Some(title) = request.text_option("title") {
                one["title"] = json!(title);
            }
            Some(json!({ "media": one }))
        }
        several => {
            let images: Vec<_> = (0..several).map(image).collect::<Result<_, _>>()?;
            Some(json!({ "multiImage": { "images": images } }))
        }
    })
}

/// How long a poll runs, in LinkedIn's words.
const fn duration(minutes: u32) -> &'static str {
    match minutes {
        0..=1_440 => "ONE_DAY",
        1_441..=4_320 => "THREE_DAYS",
        4_321..=10_080 => "SEVEN_DAYS",
        _ => "FOURTEEN_DAYS",
    }
}

/// `POST /rest/socialActions/{urn}/comments`: the first comment.
async fn comment(net: &Net, work: &StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let posted: Posted = StepName::Post(0).earlier(work.done)?;
    let text = work.request.text_option("firstComment").unwrap_or_default();
    let answer = write_comment(net, work.account, &posted.urn, None, text).await?;
    created(net, &answer).map(StepAnswer::done)
}

/// Writes a comment on a post, or an answer to a comment.
pub(super) async fn write_comment(
    net: &Net,
    account: &Account,
    post: &str,
    parent: Option<&str>,
    text: &str,
) -> Result<Answer, NetworkError> {
    let mut body = json!({
        "actor": account.platform_account_id,
        "object": post,
        "message": { "text": text },
    });
    if let Some(parent) = parent {
        body["parentComment"] = json!(parent);
    }
    let path = format!(
        "/rest/socialActions/{}/comments",
        encode(parent.unwrap_or(post))
    );
    call(net, account, Method::POST, &path, |request| {
        request.json(&body)
    })
    .await
}

/// The page of a post.
pub(super) fn page(net: &Net, urn: &str) -> Option<Url> {
    let path = format!("/feed/update/{urn}/");
    net.endpoint(PLATFORM, Endpoint::Site, &path).ok()
}

pub(super) fn published(net: &Net, done: &[DoneStep]) -> Published {
    let posted: Option<Posted> = StepName::Post(0).result(done);
    let platform_post_id = posted.map(|posted| posted.urn).unwrap_or_default();
    Published {
        url: page(net, &platform_post_id),
        platform_post_id,
    }
}

/// `DELETE /rest/posts/{urn}`: with it go its comments.
pub(super) async fn delete(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<(), NetworkError> {
    let Some(posted) = StepName::Post(0).result::<Posted>(done) else {
        return Ok(());
    };
    let path = format!("/rest/posts/{}", encode(&posted.urn));
    let answer = call(net, account, Method::DELETE, &path, |request| {
        request.header("X-RestLi-Method", "DELETE")
    })
    .await?;
    if answer.status.is_success() || answer.status == StatusCode::NOT_FOUND {
        return Ok(());
    }
    Err(parse_error(&answer, net.env.now()))
}
