//! What becomes of a post that TikTok has accepted: developers.tiktok.com/doc/content-posting-api-reference-get-video-status
//! (state of November 2026).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    auth::{self, LIST},
    error, formats,
    publish::{posted, round, status},
    video::{self, Video},
};
use crate::{
    Net, NetworkError, Platform,
    connector::{Account, DoneStep, LivePost, PublishRequest, Published, StepAnswer, StepWork},
    http::Endpoint,
    step::StepName,
};

/// How long to wait before asking again what became of a post.
const STATUS_POLL: Duration = Duration::from_secs(10);
/// A public post gets its number only after TikTok has looked at it: a minute, or hours. After
/// this long it counts as published without a link.
const MODERATION: Duration = Duration::from_mins(10);

/// What became of the post.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Live {
    post_id: Option<String>,
}

/// Waits until TikTok shows the post, or says why it does not.
pub(super) async fn live(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let posted = posted(work.done, round(work.done)).unwrap_or_default();
    let Some(publish_id) = posted.publish_id else {
        // It was found among the public posts.
        return Ok(StepAnswer::done(Live {
            post_id: posted.post_id,
        }));
    };
    let status = status(net, work.account, &publish_id).await?;
    let wait = |note: &str| {
        Ok(StepAnswer::Pending {
            after: STATUS_POLL,
            note: note.to_owned(),
        })
    };
    match status.status.as_str() {
        "FAILED" => Err(error::failed(&status.fail_reason)),
        "PUBLISH_COMPLETE" => {
            let post_id = status.publicaly_available_post_id.first().map(number);
            let public = work.request.text_option("privacy") == Some("PUBLIC_TO_EVERYONE");
            let waited = net.env.now().since(work.request.due_at);
            if public && post_id.is_none() && waited < MODERATION {
                return wait("TikTok looks through the post before it shows it.");
            }
            Ok(StepAnswer::done(Live { post_id }))
        }
        _ => wait("TikTok is processing the post."),
    }
}

/// Numbers of posts are larger than what some programs can hold, so they may come as strings.
fn number(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The public post's id.
pub(super) fn post_id(done: &[DoneStep]) -> Option<String> {
    StepName::Live(0).result::<Live>(done)?.post_id
}

pub(super) fn published(
    net: &Net,
    account: &Account,
    request: &PublishRequest,
    done: &[DoneStep],
) -> Published {
    let post_id = post_id(done);
    let kind = if request.format == formats::VIDEO {
        "video"
    } else {
        "photo"
    };
    let url = post_id.as_ref().and_then(|id| {
        let path = format!("/@{}/{kind}/{id}", account.username);
        net.endpoint(Platform::Tiktok, Endpoint::Site, &path).ok()
    });
    let publish_id = || posted(done, round(done)).and_then(|posted| posted.publish_id);
    Published {
        platform_post_id: post_id.or_else(publish_id).unwrap_or_default(),
        url,
    }
}

pub(super) async fn read_back(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<Option<LivePost>, NetworkError> {
    if let Some(id) = post_id(done)
        && auth::secret(account)?.may(LIST)
    {
        let video = video::query(net, account, &id).await?;
        return Ok(video.map(Video::live));
    }
    // A post that is not public can only be asked for by the name it had before.
    let Some(publish_id) = posted(done, round(done)).and_then(|posted| posted.publish_id) else {
        return Ok(None);
    };
    let status = status(net, account, &publish_id).await?;
    Ok((status.status == "PUBLISH_COMPLETE").then_some(LivePost {
        platform_post_id: publish_id,
        url: None,
        text: None,
        published_at: None,
    }))
}
