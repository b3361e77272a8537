//! Publishing: developers.tiktok.com/doc/content-posting-api-reference-direct-post,
//! /doc/content-posting-api-reference-photo-post and /doc/content-posting-api-reference-get-video-status
//! (state of November 2026).
//!
//! A video is sent in pieces. TikTok publishes it once it has the last piece, so *that* is the
//! public step; what comes before it leaves nothing behind. Photos, and videos that TikTok is to
//! fetch, are public from the first request on, and TikTok has no key by which it would recognise
//! a repetition.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{
    api,
    auth::{self, LIST},
    creator, error, formats, live,
    upload::{self, Plan, Taken},
    video::{self, Video},
};
use crate::{
    ErrorKind, Net, NetworkError,
    connector::{
        Account, DoneStep, Found, MediaFile, PublishRequest, Rendition, Step, StepAnswer, StepWork,
    },
    step::{self, StepName},
};

/// After this long the step that uploads lets the engine take breath.
const UPLOAD_TURN: Duration = Duration::from_mins(1);
/// TikTok fetches files within an hour.
const LINK_VALID: Duration = Duration::from_hours(2);

/// What `init` answered for a file.
#[derive(Serialize, Deserialize)]
struct Session {
    publish_id: String,
    upload_url: Url,
}

/// What the public step answered.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Posted {
    /// TikTok's name of the post before it is public.
    pub(super) publish_id: Option<String>,
    /// The address for the pieces expired before the last one was sent: nothing is published.
    expired: bool,
    /// The public post, where it was found by looking.
    pub(super) post_id: Option<String>,
}

/// `status/fetch`.
#[derive(Deserialize)]
pub(super) struct Status {
    pub(super) status: String,
    #[serde(default)]
    pub(super) fail_reason: String,
    #[serde(default)]
    uploaded_bytes: u64,
    /// The interface spells it like this.
    #[serde(default)]
    pub(super) publicaly_available_post_id: Vec<Value>,
}

/// Whether the video goes out in pieces, rather than being fetched by TikTok.
fn is_sent(request: &PublishRequest) -> bool {
    request.format == formats::VIDEO && request.text_option("transfer") != Some("link")
}

/// An upload may expire, so its steps are numbered.
const fn session_step(round: usize) -> StepName {
    StepName::Session(0, round)
}

const fn pieces_step(round: usize) -> StepName {
    StepName::Media(0, round)
}

pub(super) fn posted(done: &[DoneStep], round: usize) -> Option<Posted> {
    StepName::Post(round).result(done)
}

/// How many uploads expired.
pub(super) fn round(done: &[DoneStep]) -> usize {
    (0..done.len())
        .take_while(|round| posted(done, *round).is_some_and(|posted| posted.expired))
        .count()
}

pub(super) fn next_step(request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
    let round = round(done);
    let post = StepName::Post(round);
    if !post.is_done(done) {
        let before = if is_sent(request) {
            [session_step(round), pieces_step(round)]
                .into_iter()
                .find(|name| !name.is_done(done))
        } else {
            None
        };
        return Some(match before {
            Some(name) => name.step(request, false),
            None => post.step(request, true),
        });
    }
    let live = StepName::Live(0);
    (!live.is_done(done)).then(|| live.step(request, false))
}

pub(super) async fn run_step(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    match step::name(&work)? {
        StepName::Session(..) => session(net, work).await,
        StepName::Media(_, round) => pieces(net, work, round).await,
        StepName::Post(round) if is_sent(work.request) => last_piece(net, work, round).await,
        StepName::Post(_) => fetched(net, work).await,
        StepName::Live(_) => live::live(net, work).await,
        _ => Err(step::lost(&work.step.name)),
    }
}

pub(super) async fn find_step(net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
    let StepName::Post(round) = step::name(&work)? else {
        return Err(step::lost(&work.step.name));
    };
    if is_sent(work.request) {
        let session: Session = session_step(round).earlier(work.done)?;
        let status = status(net, work.account, &session.publish_id).await?;
        return Ok(if has_all(work, &status).await? {
            let posted = Posted {
                publish_id: Some(session.publish_id),
                ..Posted::default()
            };
            Found::Present(json!(posted))
        } else {
            Found::Absent
        });
    }
    // A request that may have been accepted, and its name is unknown: only a public post shows.
    let public = work.request.text_option("privacy") == Some("PUBLIC_TO_EVERYONE");
    if public && auth::secret(work.account)?.may(LIST) {
        let newest = video::list(net, work.account).await?;
        let sent = work.first_sent_at.as_seconds() - 60;
        let caption = caption(work.request);
        let same = |video: &&Video| video.create_time >= sent && video.is_captioned(caption);
        if let Some(video) = newest.iter().find(same) {
            let posted = Posted {
                post_id: Some(video.id.clone()),
                ..Posted::default()
            };
            return Ok(Found::Present(json!(posted)));
        }
    }
    Ok(Found::CannotTell(
        "TikTok's answer was lost, and TikTok does not tell whether it accepted the post. Please look into the TikTok app."
            .to_owned(),
    ))
}

/// Whether TikTok has the whole file: from then on it publishes it.
async fn has_all(work: StepWork<'_>, status: &Status) -> Result<bool, NetworkError> {
    if status.status != "PROCESSING_UPLOAD" {
        return Ok(true);
    }
    Ok(status.uploaded_bytes >= file(work).await?.facts().bytes)
}

async fn file(work: StepWork<'_>) -> Result<Arc<dyn MediaFile>, NetworkError> {
    let media = step::media(&work, 0, 0)?;
    let rules = formats::video_rules(&work.account.limits);
    media.source.open(Rendition::Video(&rules)).await
}

pub(super) async fn status(
    net: &Net,
    account: &Account,
    publish_id: &str,
) -> Result<Status, NetworkError> {
    let body = json!({ "publish_id": publish_id });
    api::post(net, account, "/v2/post/publish/status/fetch/", &body).await
}

/// What stands below the video, or below the photos.
fn caption(request: &PublishRequest) -> &str {
    request.parts.first().map_or("", |part| part.text.trim())
}

/// `post_info`. TikTok's rules for apps: what is not switched on stays off.
fn post_info(request: &PublishRequest) -> Value {
    let on = |key: &str| request.switch_option(key) == Some(true);
    let mut info = json!({
        "privacy_level": request.text_option("privacy"),
        "disable_comment": !on("allowComments"),
        "brand_content_toggle": on("paidPartnership"),
        "brand_organic_toggle": on("ownBrand"),
    });
    if request.format == formats::VIDEO {
        info["title"] = json!(caption(request));
        info["disable_duet"] = json!(!on("allowDuet"));
        info["disable_stitch"] = json!(!on("allowStitch"));
        info["is_aigc"] = json!(on("aiGenerated"));
        if let Some(second) = formats::cover_second(request.text_option("coverSecond")) {
            info["video_cover_timestamp_ms"] = json!(second);
        }
    } else {
        info["title"] = json!(request.text_option("title").unwrap_or_default());
        info["description"] = json!(caption(request));
        info["auto_add_music"] = json!(on("addMusic"));
    }
    info
}

/// Asks what the creator may publish, and begins an upload. Publishes nothing.
async fn session(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let secret = auth::secret(work.account)?;
    let file = file(work).await?;
    creator::query(net, &secret.access_token)
        .await?
        .permit(work.request, Some(file.facts()))?;
    let plan = Plan::of(file.facts().bytes);
    let body = json!({
        "post_info": post_info(work.request),
        "source_info": {
            "source": "FILE_UPLOAD",
            "video_size": plan.bytes,
            "chunk_size": plan.chunk,
            "total_chunk_count": plan.count,
        },
    });
    let session: Session =
        api::post(net, work.account, "/v2/post/publish/video/init/", &body).await?;
    Ok(StepAnswer::done(session))
}

/// Sends all pieces but the last one.
async fn pieces(net: &Net, work: StepWork<'_>, round: usize) -> Result<StepAnswer, NetworkError> {
    let session: Session = session_step(round).earlier(work.done)?;
    let file = file(work).await?;
    let plan = Plan::of(file.facts().bytes);
    if plan.count < 2 {
        return Ok(StepAnswer::Done(Value::Null));
    }
    let began = net.env.now();
    let mut at = uploaded(net, work, &session).await?;
    while at < plan.last() {
        if net.env.now().since(began) > UPLOAD_TURN {
            return Ok(StepAnswer::Pending {
                after: Duration::ZERO,
                note: format!("{} % of the video are uploaded.", at * 100 / plan.bytes),
            });
        }
        let (taken, next) = upload::send(net, &session.upload_url, &*file, plan, at).await?;
        match taken {
            Taken::Piece => at = next,
            Taken::OutOfStep => {
                let now = uploaded(net, work, &session).await?;
                if now == at {
                    return Err(out_of_step());
                }
                at = now;
            }
            // The last step finds out which of the two it is.
            Taken::All | Taken::Expired => break,
        }
    }
    Ok(StepAnswer::Done(Value::Null))
}

/// How many bytes TikTok has.
async fn uploaded(net: &Net, work: StepWork<'_>, session: &Session) -> Result<u64, NetworkError> {
    let status = status(net, work.account, &session.publish_id).await?;
    if status.status == "FAILED" {
        return Err(error::failed(&status.fail_reason));
    }
    Ok(status.uploaded_bytes)
}

fn out_of_step() -> NetworkError {
    NetworkError::unknown(
        "TikTok lost the thread of the upload. AllIN tries again.",
        "416 although the offset is the one that status/fetch told",
    )
}

/// Sends the last piece, with which TikTok publishes the video.
async fn last_piece(
    net: &Net,
    work: StepWork<'_>,
    round: usize,
) -> Result<StepAnswer, NetworkError> {
    let session: Session = session_step(round).earlier(work.done)?;
    let file = file(work).await?;
    let plan = Plan::of(file.facts().bytes);
    let (taken, _) = upload::send(net, &session.upload_url, &*file, plan, plan.last()).await?;
    let posted = Posted {
        publish_id: Some(session.publish_id.clone()),
        ..Posted::default()
    };
    if taken == Taken::All {
        return Ok(StepAnswer::done(posted));
    }
    let status = status(net, work.account, &session.publish_id).await?;
    if has_all(work, &status).await? {
        return Ok(StepAnswer::done(posted));
    }
    if taken == Taken::Expired {
        return Ok(StepAnswer::done(Posted {
            expired: true,
            ..posted
        }));
    }
    Err(NetworkError::refused(
        ErrorKind::Temporary,
        "TikTok lacks a piece of the video. AllIN tries again.",
        format!(
            "{} of {} bytes after the last piece",
            status.uploaded_bytes, plan.bytes
        ),
    ))
}

/// Lets TikTok fetch the files from this server, and publish them.
async fn fetched(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let secret = auth::secret(work.account)?;
    let creator = creator::query(net, &secret.access_token)
        .await
        .map_err(NetworkError::before_public)?;
    let part = step::part(&work, 0)?;
    let (path, body) = if work.request.format == formats::VIDEO {
        let file = file(work).await.map_err(NetworkError::before_public)?;
        creator.permit(work.request, Some(file.facts()))?;
        let rules = formats::video_rules(&work.account.limits);
        let link = step::media(&work, 0, 0)?
            .source
            .link(Rendition::Video(&rules), LINK_VALID)
            .await
            .map_err(NetworkError::before_public)?;
        (
            "/v2/post/publish/video/init/",
            json!({
                "post_info": post_info(work.request),
                "source_info": { "source": "PULL_FROM_URL", "video_url": link },
            }),
        )
    } else {
        creator.permit(work.request, None)?;
        let mut links = Vec::new();
        for media in &part.media {
            let link = media
                .source
                .link(Rendition::Image(&formats::PHOTO), LINK_VALID)
                .await;
            links.push(link.map_err(NetworkError::before_public)?);
        }
        let cover = formats::cover_index(work.request.text_option("coverPhoto"), links.len());
        (
            "/v2/post/publish/content/init/",
            json!({
                "post_info": post_info(work.request),
                "source_info": {
                    "source": "PULL_FROM_URL",
                    "photo_cover_index": cover,
                    "photo_images": links,
                },
                "post_mode": "DIRECT_POST",
                "media_type": "PHOTO",
            }),
        )
    };
    let posted: Posted = api::post(net, work.account, path, &body).await?;
    Ok(StepAnswer::done(posted))
}
