//! Publishing: developers.pinterest.com/docs/work-with-organic-content-and-users/create-boards-and-pins
//! and the operations `media/create`, `media/get`, `pins/create`, `pins/get` and `pins/delete` of
//! the OpenAPI 5.23.0.
//!
//! Pictures travel inside the request that creates the Pin. A video is first sent to the address
//! that `media/create` gives, in one request that can't be resumed; nobody sees it until the Pin
//! is created.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::Timestamp;
use reqwest::{
    Body, Method, StatusCode,
    multipart::{Form, Part},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    NAME,
    api::{call, get, read},
    formats::{CAROUSEL_IMAGE_BYTES, IMAGE_BYTES, images, videos},
};
use crate::{
    Platform,
    connector::{
        Account, DoneStep, LivePost, OutgoingMedia, PublishRequest, Published, Rendition, Step,
        StepAnswer, StepWork, UPLOAD_TIMEOUT,
    },
    error::{ErrorKind, NetworkError},
    http::{Endpoint, Net},
    step::{self, StepName},
};

/// The slowest line that an upload is given time for, in bytes a second.
const SLOWEST: u64 = 256 * 1024;
/// How often Pinterest is asked whether it has processed a video.
const POLL: Duration = Duration::from_secs(5);
/// The second of a video that is shown before it plays, where no cover is given.
const COVER_SECOND: u32 = 1;

/// What uploading a video answers.
#[derive(Debug, Serialize, Deserialize)]
struct Uploaded {
    media_id: String,
}

/// What creating the Pin answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Posted {
    pub(super) id: String,
    pub(super) url: Option<Url>,
}

/// Schema `Pin`, as far as it is read.
#[derive(Deserialize)]
pub(super) struct Pin {
    pub(super) id: String,
    pub(super) created_at: Option<String>,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) link: Option<String>,
    pub(super) alt_text: Option<String>,
    pub(super) board_section_id: Option<String>,
    pub(super) media: Option<PinMedia>,
}

/// Schema `PinMedia`: which kind, and how many pictures.
#[derive(Deserialize)]
pub(super) struct PinMedia {
    pub(super) media_type: String,
    #[serde(default)]
    pub(super) items: Vec<Value>,
}

impl Pin {
    pub(super) fn created_at(&self) -> Option<Timestamp> {
        self.created_at.as_deref().and_then(parse_time)
    }
}

/// A time of Pinterest's: in UTC, with or without saying so.
pub(super) fn parse_time(text: &str) -> Option<Timestamp> {
    text.parse().or_else(|_| format!("{text}Z").parse()).ok()
}

/// The descriptions of several pictures as one.
pub(super) fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let texts: Vec<_> = texts
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .collect();
    texts.join("\n")
}

pub(super) fn next_step(request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
    let mut steps = Vec::new();
    if request.format == "video" {
        steps.push(StepName::Media(0, 0));
        steps.push(StepName::Ready(0, 0));
    }
    steps.push(StepName::Post(0));
    let next = steps.into_iter().find(|step| !step.is_done(done))?;
    Some(next.step(request, next == StepName::Post(0)))
}

pub(super) async fn run_step(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    match step::name(&work)? {
        StepName::Media(part, file) => {
            let media = step::media(&work, part, file)?;
            Ok(StepAnswer::done(upload(net, work.account, media).await?))
        }
        StepName::Ready(part, file) => {
            let uploaded: Uploaded = StepName::Media(part, file).earlier(work.done)?;
            ready(net, work.account, &uploaded.media_id).await
        }
        StepName::Post(_) => {
            let pin = pin(&work).await.map_err(NetworkError::before_public)?;
            let answer = call(net, work.account, Method::POST, "/pins", |request| {
                request.json(&pin)
            })
            .await?;
            let pin: Pin = read(net, &answer)?;
            Ok(StepAnswer::done(posted(net, pin.id)))
        }
        name => Err(step::lost(&name.to_string())),
    }
}

/// The Pin and its page, which the API does not tell.
pub(super) fn posted(net: &Net, id: String) -> Posted {
    let path = format!("/pin/{id}/");
    Posted {
        url: net
            .endpoint(Platform::Pinterest, Endpoint::Auth, &path)
            .ok(),
        id,
    }
}

/// `POST /v5/media`, and the file to where its answer says. Each try begins anew.
async fn upload(
    net: &Net,
    account: &Account,
    media: &OutgoingMedia,
) -> Result<Uploaded, NetworkError> {
    /// Schema `MediaUpload`.
    #[derive(Deserialize)]
    struct Registered {
        media_id: String,
        upload_url: Url,
        #[serde(default)]
        upload_parameters: Map<String, Value>,
    }
    let file = media.source.open(Rendition::Video(&videos())).await?;
    let answer = call(net, account, Method::POST, "/media", |request| {
        request.json(&json!({ "media_type": "video" }))
    })
    .await?;
    let registered: Registered = read(net, &answer)?;
    let facts = file.facts();
    let bytes = Body::wrap_stream(file.stream(0..facts.bytes));
    let content = Part::stream_with_length(bytes, facts.bytes)
        .file_name("video")
        .mime_str(&facts.mime_type)
        .map_err(|error| {
            NetworkError::not_sent(
                ErrorKind::Refused,
                "The type of the video can't be told. Please attach another file.",
                error.to_string(),
            )
        })?;
    // The store takes the signed fields first and the file last.
    let form = registered
        .upload_parameters
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
        .fold(Form::new(), |form, (name, value)| form.text(name, value))
        .part("file", content);
    let failed = |error| NetworkError::transport(NAME, &error);
    let request = net
        .request(Method::POST, registered.upload_url)
        .map_err(failed)?
        .timeout(UPLOAD_TIMEOUT.max(Duration::from_secs(facts.bytes / SLOWEST)))
        .multipart(form);
    let answer = net.send(request).await.map_err(failed)?;
    if answer.status.is_success() {
        return Ok(Uploaded {
            media_id: registered.media_id,
        });
    }
    // The store speaks XML, for programmers; another try gets another address from Pinterest.
    Err(NetworkError::refused(
        ErrorKind::Temporary,
        "Pinterest's file store did not take the video. AllIN tries again.",
        format!(
            "the upload answered HTTP {}: {}",
            answer.status.as_u16(),
            crate::error::shorten(&String::from_utf8_lossy(&answer.body))
        ),
    ))
}

/// `GET /v5/media/{media_id}`
async fn ready(net: &Net, account: &Account, media_id: &str) -> Result<StepAnswer, NetworkError> {
    /// Schema `Media`.
    #[derive(Deserialize)]
    struct Media {
        status: String,
    }
    let media: Media = get(net, account, &format!("/media/{media_id}"), &[]).await?;
    match media.status.as_str() {
        "succeeded" => Ok(StepAnswer::done(())),
        "failed" => Err(NetworkError::refused(
            ErrorKind::Refused,
            "Pinterest could not process the video. Please check that it plays from beginning to end, or attach another one.",
            format!("media {media_id} failed"),
        )),
        _ => Ok(StepAnswer::Pending {
            after: POLL,
            note: "Pinterest is processing the video.".to_owned(),
        }),
    }
}

/// Schema `PinCreate`.
async fn pin(work: &StepWork<'_>) -> Result<Value, NetworkError> {
    let request = work.request;
    let part = step::part(work, 0)?;
    let Some(board) = request.text_option("board") else {
        return Err(NetworkError::not_sent(
            ErrorKind::Refused,
            "Choose a board for the Pin.",
            "no board",
        ));
    };
    let mut pin = json!({ "board_id": board, "media_source": media_source(work).await? });
    let mut set = |key: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            pin[key] = json!(value);
        }
    };
    set("board_section_id", section(request));
    set("title", request.text_option("title"));
    set("link", request.text_option("link"));
    set("description", Some(part.text.trim()));
    set("alt_text", Some(&alt_text(&part.media)));
    Ok(pin)
}

/// The section alone, of a choice that names its board too.
pub(super) fn section(request: &PublishRequest) -> Option<&str> {
    let section = request.text_option("section")?;
    Some(section.rsplit('/').next().unwrap_or(section))
}

/// The description of a Pin: that of all its files.
pub(super) fn alt_text(media: &[OutgoingMedia]) -> String {
    joined(media.iter().map(|file| file.alt_text.as_str()))
}

/// Schema `PinMediaSource`.
async fn media_source(work: &StepWork<'_>) -> Result<Value, NetworkError> {
    let request = work.request;
    match request.format.as_str() {
        "video" => {
            let uploaded: Uploaded = StepName::Media(0, 0).earlier(work.done)?;
            let mut source = json!({ "source_type": "video_id", "media_id": uploaded.media_id });
            match request.attachments.get("cover") {
                Some(cover) => {
                    let image = cover.source.image(&images(IMAGE_BYTES)).await?;
                    source["cover_image_content_type"] = json!(image.mime_type);
                    source["cover_image_data"] = json!(BASE64_STANDARD.encode(&image.bytes));
                }
                None => source["cover_image_key_frame_time"] = json!(COVER_SECOND),
            }
            Ok(source)
        }
        "carousel" => {
            let titles = request.list_option("cardTitles");
            let links = request.list_option("cardLinks");
            let mut items = Vec::new();
            for (index, file) in step::part(work, 0)?.media.iter().enumerate() {
                let mut item = inline(file, CAROUSEL_IMAGE_BYTES).await?;
                for (key, values) in [("title", &titles), ("link", &links)] {
                    if let Some(value) = values.get(index).filter(|value| !value.is_empty()) {
                        item[key] = json!(value);
                    }
                }
                items.push(item);
            }
            Ok(json!({ "source_type": "multiple_image_base64", "items": items }))
        }
        _ => {
            let mut source = inline(step::media(work, 0, 0)?, IMAGE_BYTES).await?;
            source["source_type"] = json!("image_base64");
            Ok(source)
        }
    }
}

/// A picture inside the request.
async fn inline(file: &OutgoingMedia, max_bytes: u64) -> Result<Value, NetworkError> {
    let image = file.source.image(&images(max_bytes)).await?;
    Ok(json!({
        "content_type": image.mime_type,
        "data": BASE64_STANDARD.encode(&image.bytes),
    }))
}

pub(super) fn published(done: &[DoneStep]) -> Published {
    let pin: Option<Posted> = StepName::Post(0).result(done);
    let (id, url) = pin.map_or((String::new(), None), |pin| (pin.id, pin.url));
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
    let posted = published(done);
    let path = format!("/pins/{}", posted.platform_post_id);
    let answer = call(net, account, Method::GET, &path, |request| request).await?;
    if answer.status == StatusCode::NOT_FOUND {
        return Ok(None);
    }
    let pin: Pin = read(net, &answer)?;
    Ok(Some(LivePost {
        published_at: pin.created_at(),
        platform_post_id: pin.id,
        url: posted.url,
        text: pin.description,
    }))
}

pub(super) async fn delete(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<(), NetworkError> {
    let path = format!("/pins/{}", published(done).platform_post_id);
    let answer = call(net, account, Method::DELETE, &path, |request| request).await?;
    if answer.status.is_success() || answer.status == StatusCode::NOT_FOUND {
        return Ok(());
    }
    Err(super::error::parse_error(&answer, net.env.now()))
}
