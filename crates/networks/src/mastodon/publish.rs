//! Publishing: docs.joinmastodon.org/methods/media and /methods/statuses (Mastodon 4.4).

use std::time::Duration;

use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use kernel::Timestamp;

use super::{
    call,
    error::{parse_error, unreadable},
    instance::Limits,
};
use crate::{
    connector::{
        Account, DoneStep, LivePost, PublishRequest, Published, Step, StepAnswer, StepWork,
        server_name,
    },
    error::{ErrorKind, NetworkError},
    http::{Answer, Net},
    step::{self, StepName},
};

/// How often one step asks whether a file is ready before it leaves that to the next try.
const POLLS: u32 = 5;
const POLL_PAUSE: Duration = Duration::from_millis(400);

/// What uploading a file answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Uploaded {
    pub(super) id: String,
    /// Whether it can be attached at once.
    ready: bool,
}

/// docs.joinmastodon.org/entities/MediaAttachment
#[derive(Deserialize)]
struct Attachment {
    id: String,
}

/// What publishing a part answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Posted {
    pub(super) id: String,
    pub(super) url: Option<String>,
}

/// All files first, so that a file that is refused leaves no half thread behind; then the parts.
pub(super) fn next_step(request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
    for (p, part) in request.parts.iter().enumerate() {
        for file in 0..part.media.len() {
            let uploaded: Option<Uploaded> = step::result(done, StepName::Media(p, file));
            let name = match uploaded {
                None => StepName::Media(p, file),
                Some(Uploaded { ready: false, .. }) => StepName::Ready(p, file),
                Some(_) => continue,
            };
            if !name.is_done(done) {
                return Some(name.step(request, false));
            }
        }
    }
    let name = (0..request.parts.len())
        .map(StepName::Post)
        .find(|name| !name.is_done(done))?;
    let identity = step::identity(request, name.part());
    Some(Step {
        idempotency_key: Some(step::hex(&identity[..16])),
        ..name.step(request, true)
    })
}

pub(super) async fn run_step(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    match step::name(&work)? {
        StepName::Media(part, file) => Ok(StepAnswer::done(upload(net, &work, part, file).await?)),
        StepName::Ready(part, file) => {
            let uploaded: Uploaded = step::earlier(&work, StepName::Media(part, file))?;
            if is_ready(net, work.account, &uploaded.id).await? {
                return Ok(StepAnswer::done(()));
            }
            Ok(StepAnswer::Pending {
                after: Duration::from_secs(5),
                note: format!(
                    "{} is still processing a file.",
                    server_name(&work.account.server)
                ),
            })
        }
        StepName::Post(part) => post(net, &work, part).await.map(StepAnswer::Done),
        name => Err(step::lost(&name.to_string())),
    }
}

/// `POST /api/v2/media`: 200 where the file is ready, 202 while it is being processed.
async fn upload(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    file: usize,
) -> Result<Uploaded, NetworkError> {
    let media = step::media(work, part, file)?;
    let rules = Limits::of(&work.account.limits).images();
    let image = media.source.image(&rules).await?;
    let attachment = Part::stream(image.bytes)
        .file_name("image")
        .mime_str(&image.mime_type)
        .map_err(|error| {
            NetworkError::not_sent(
                ErrorKind::Refused,
                "The type of an attached file can't be told. Please attach another file.",
                error.to_string(),
            )
        })?;
    let mut form = Form::new().part("file", attachment);
    if !media.alt_text.is_empty() {
        form = form.text("description", media.alt_text.clone());
    }
    let answer = call(net, work.account, Method::POST, "api/v2/media", |request| {
        request.multipart(form)
    })
    .await?;
    let attachment: Attachment = read(net, work.account, &answer)?;
    // An image is mostly ready within the second, which saves a step.
    let ready = answer.status != StatusCode::ACCEPTED
        || is_ready(net, work.account, &attachment.id)
            .await
            .unwrap_or(false);
    Ok(Uploaded {
        id: attachment.id,
        ready,
    })
}

/// `GET /api/v1/media/:id`: 206 while the file is being processed.
async fn is_ready(net: &Net, account: &Account, id: &str) -> Result<bool, NetworkError> {
    let path = format!("api/v1/media/{id}");
    for poll in 1..=POLLS {
        let answer = call(net, account, Method::GET, &path, |request| request).await?;
        match answer.status {
            StatusCode::OK => return Ok(true),
            StatusCode::PARTIAL_CONTENT if poll < POLLS => tokio::time::sleep(POLL_PAUSE).await,
            StatusCode::PARTIAL_CONTENT => break,
            _ => {
                let server = server_name(&account.server);
                return Err(parse_error(&server, &answer, net.env.now()));
            }
        }
    }
    Ok(false)
}

/// Publishes a part. A server throws away files that no status used for about a day; a post that
/// is tried again after that sends them once more.
async fn post(net: &Net, work: &StepWork<'_>, part: usize) -> Result<Value, NetworkError> {
    let mut files = media_ids(work, part)?;
    let mut answer = create(net, work, part, &files).await?;
    if answer.status == StatusCode::UNPROCESSABLE_ENTITY
        && renew(net, work, part, &mut files).await?
    {
        answer = create(net, work, part, &files).await?;
    }
    let posted: Posted = read(net, work.account, &answer)?;
    Ok(json!(posted))
}

/// `POST /api/v1/statuses`, with the key by which the server knows a repetition for one hour.
/// The answer may be a refusal.
async fn create(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    files: &[String],
) -> Result<Answer, NetworkError> {
    let mut body = json!({ "status": step::part(work, part)?.text });
    if !files.is_empty() {
        body["media_ids"] = json!(files);
    }
    if let Some(parent) = parent(work, part)? {
        body["in_reply_to_id"] = json!(parent);
    }
    let key = work.step.idempotency_key.clone().unwrap_or_default();
    call(
        net,
        work.account,
        Method::POST,
        "api/v1/statuses",
        |request| request.header("Idempotency-Key", key).json(&body),
    )
    .await
}

/// Uploads the files anew that the server no longer has. Whether there were any.
async fn renew(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    files: &mut [String],
) -> Result<bool, NetworkError> {
    let mut any = false;
    for (file, id) in files.iter_mut().enumerate() {
        let path = format!("api/v1/media/{id}");
        let answer = call(net, work.account, Method::GET, &path, |request| request)
            .await
            .map_err(NetworkError::before_public)?;
        if answer.status == StatusCode::NOT_FOUND {
            let uploaded = upload(net, work, part, file)
                .await
                .map_err(NetworkError::before_public)?;
            *id = uploaded.id;
            any = true;
        }
    }
    Ok(any)
}

/// The uploaded files of a part, in order.
pub(super) fn media_ids(work: &StepWork<'_>, part: usize) -> Result<Vec<String>, NetworkError> {
    (0..step::part(work, part)?.media.len())
        .map(|file| Ok(step::earlier::<Uploaded>(work, StepName::Media(part, file))?.id))
        .collect()
}

/// The status that a part replies to: the part before it.
pub(super) fn parent(work: &StepWork<'_>, part: usize) -> Result<Option<String>, NetworkError> {
    match part.checked_sub(1) {
        None => Ok(None),
        Some(before) => Ok(Some(
            step::earlier::<Posted>(work, StepName::Post(before))?.id,
        )),
    }
}

pub(super) fn published(done: &[DoneStep]) -> Published {
    let first: Option<Posted> = step::result(done, StepName::Post(0));
    Published {
        url: first
            .as_ref()
            .and_then(|posted| posted.url.as_deref())
            .and_then(|url| Url::parse(url).ok()),
        platform_post_id: first.map(|posted| posted.id).unwrap_or_default(),
    }
}

/// Reads the first part as it stands.
pub(super) async fn read_back(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<Option<LivePost>, NetworkError> {
    #[derive(Deserialize)]
    struct Status {
        id: String,
        url: Option<Url>,
        created_at: Timestamp,
    }
    #[derive(Deserialize)]
    struct Source {
        text: String,
    }
    let path = format!("api/v1/statuses/{}", published(done).platform_post_id);
    let answer = call(net, account, Method::GET, &path, |request| request).await?;
    if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
        return Ok(None);
    }
    let status: Status = read(net, account, &answer)?;
    // What the author wrote; servers before 4.0 do not tell it.
    let path = format!("{path}/source");
    let source = call(net, account, Method::GET, &path, |request| request).await?;
    Ok(Some(LivePost {
        platform_post_id: status.id,
        url: status.url,
        text: source.json().ok().map(|source: Source| source.text),
        published_at: Some(status.created_at),
    }))
}

/// Deletes the thread, its end first, so that no reply loses what it answers while it is seen.
pub(super) async fn delete(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<(), NetworkError> {
    let posts = (0..).map_while(|part| step::result::<Posted>(done, StepName::Post(part)));
    for posted in posts.collect::<Vec<_>>().into_iter().rev() {
        let path = format!("api/v1/statuses/{}", posted.id);
        let answer = call(net, account, Method::DELETE, &path, |request| request).await?;
        if !answer.status.is_success()
            && !matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE)
        {
            return Err(parse_error(
                &server_name(&account.server),
                &answer,
                net.env.now(),
            ));
        }
    }
    Ok(())
}

/// The JSON of a success, or what the refusal means.
pub(super) fn read<T: serde::de::DeserializeOwned>(
    net: &Net,
    account: &Account,
    answer: &Answer,
) -> Result<T, NetworkError> {
    let server = server_name(&account.server);
    if !answer.status.is_success() {
        return Err(parse_error(&server, answer, net.env.now()));
    }
    answer
        .json()
        .map_err(|error| unreadable(&server, answer, &error))
}
