//! Videos: docs.bsky.app/docs/tutorials/video (2026-04-21) and the lexicons app.bsky.video.*,
//! com.atproto.server.getServiceAuth and app.bsky.embed.video (2026-08-20).
//!
//! Bluesky's video service takes a video in pieces, makes it ready to be streamed, and puts the
//! result on the account's server, with a token that the server signed for just that. So the post
//! can be watched from its first second, and a video that can't be processed is known before
//! anything is public. A server that the service can't reach (one of a closed network) takes the
//! file itself; whoever shows the post then processes it.

use std::{sync::Arc, time::Duration};

use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::{Host, Url};

use super::{
    VIDEO_SERVICE,
    auth::secret,
    error::{self, parse_error},
    formats::VIDEOS,
    prepare::{Uploaded, large_blob},
    service::{self, Service, Upload},
};
use crate::{
    connector::{Account, FileFacts, MediaFile, OutgoingMedia, Rendition, StepAnswer},
    error::NetworkError,
    http::Net,
};

/// When it is worth asking again.
const PAUSE: Duration = Duration::from_secs(2);

/// How a video is sent.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub(super) enum Way {
    /// To the video service, in pieces.
    Pieces {
        /// The upload.
        job: String,
        /// Bytes of each piece but the last.
        piece: u64,
    },
    /// To the video service, at once: an older one.
    Whole,
    /// To the account's server.
    Server,
}

/// What has become of a video.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sent {
    /// The service is processing it.
    Job(String),
    /// It is on the account's server.
    Blob(Value),
}

async fn open(media: &OutgoingMedia) -> Result<Arc<dyn MediaFile>, NetworkError> {
    media.source.open(Rendition::Video(&VIDEOS)).await
}

/// Decides how a video is sent, and begins.
pub(super) async fn begin(
    net: &Net,
    account: &Account,
    media: &OutgoingMedia,
) -> Result<Way, NetworkError> {
    let file = open(media).await?;
    if !is_reachable(net, &secret(account)?.pds)? {
        return Ok(Way::Server);
    }
    match Service::new(net, account).await? {
        Some(service) => service.start(file.facts(), media).await,
        None => Ok(Way::Server),
    }
}

/// Whether the video service can speak to an account's server, as far as its address tells. One
/// that the operator named is near it.
fn is_reachable(net: &Net, pds: &Url) -> Result<bool, NetworkError> {
    let service = service::address(net, "")?;
    let usual = Url::parse(VIDEO_SERVICE).is_ok_and(|usual| usual.origin() == service.origin());
    let public = pds.scheme() == "https"
        && matches!(pds.host(), Some(Host::Domain(name)) if name.contains('.'));
    Ok(!usual || public)
}

/// Sends a video, from where an earlier try broke off.
pub(super) async fn send(
    net: &Net,
    account: &Account,
    media: &OutgoingMedia,
    way: Way,
) -> Result<StepAnswer, NetworkError> {
    let file = open(media).await?;
    let service = match way {
        Way::Server => None,
        _ => Service::new(net, account).await?,
    };
    let Some(service) = service else {
        let blob = large_blob(net, account, &*file).await?;
        return Ok(StepAnswer::done(Sent::Blob(blob)));
    };
    let Way::Pieces { job, piece } = way else {
        return service.whole(&*file, media).await;
    };
    let state = service.state(&job).await?;
    match state.state.as_str() {
        "created" => service.pieces(&*file, &job, piece, &state).await,
        "finishing" => Ok(processing()),
        "completed" => Ok(StepAnswer::done(Sent::Job(
            state.completed_job_id.unwrap_or(job),
        ))),
        // Too old by now, or broken: a new one.
        _ => match service.start(file.facts(), media).await? {
            Way::Pieces { job, piece } => {
                service
                    .pieces(&*file, &job, piece, &Upload::default())
                    .await
            }
            _ => service.whole(&*file, media).await,
        },
    }
}

/// Sends a video straight to the account's server.
pub(super) async fn send_to_server(
    net: &Net,
    account: &Account,
    media: &OutgoingMedia,
) -> Result<Uploaded, NetworkError> {
    let file = open(media).await?;
    let blob = large_blob(net, account, &*file).await?;
    Ok(uploaded(blob, file.facts()))
}

/// Asks whether a video is ready.
pub(super) async fn ready(
    net: &Net,
    account: &Account,
    media: &OutgoingMedia,
    sent: Sent,
) -> Result<StepAnswer, NetworkError> {
    let job = match sent {
        Sent::Blob(blob) => {
            let file = open(media).await?;
            return Ok(StepAnswer::done(uploaded(blob, file.facts())));
        }
        Sent::Job(job) => job,
    };
    let (answer, status) = service::job(net, &job).await?;
    // Also beside an error: `already_exists` is one.
    if let Some(blob) = status.blob {
        let file = open(media).await?;
        return Ok(StepAnswer::done(uploaded(blob, file.facts())));
    }
    // The service has forgotten what was tried again after days.
    let is_forgotten = answer.status == StatusCode::NOT_FOUND;
    if !answer.status.is_success() && !is_forgotten {
        return Err(parse_error(Service::NAME, &answer, net.env.now()));
    }
    if status.state != "JOB_STATE_FAILED" && !is_forgotten {
        return Ok(processing());
    }
    let code = status.failure_code.or(status.error).unwrap_or_default();
    if is_forgotten || matches!(code.as_str(), "pds_upload_failure" | "generic_failure") {
        // Nothing is wrong with the video. AllIN reaches the account's server even where the
        // service does not, and the service looks at the video again when it sees the post.
        return Ok(StepAnswer::done(send_to_server(net, account, media).await?));
    }
    Err(error::job_failed(
        &code,
        &status.message.unwrap_or_default(),
    ))
}

fn uploaded(blob: Value, facts: &FileFacts) -> Uploaded {
    Uploaded {
        blob,
        width: facts.width,
        height: facts.height,
    }
}

pub(super) fn processing() -> StepAnswer {
    StepAnswer::Pending {
        after: PAUSE,
        note: "Bluesky is processing the video.".to_owned(),
    }
}
