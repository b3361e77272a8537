//! Files: the Images, Documents and Videos APIs, learn.microsoft.com/linkedin/marketing/
//! community-management/shares/images-api, /documents-api and /videos-api, version 202609.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{
    NAME, auth, call, encode, error,
    format::{IMAGES, VIDEOS},
    read,
};
use crate::{
    connector::{OutgoingMedia, PublishRequest, Rendition, StepAnswer, StepWork, UPLOAD_TIMEOUT},
    error::{ErrorKind, NetworkError},
    http::{Answer, Net},
    step::{self, StepName},
};

/// How long to wait between two looks at a file that is processed.
const POLL: Duration = Duration::from_secs(5);

/// A file that LinkedIn knows.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Begun {
    /// `urn:li:image:…`, `urn:li:video:…` or `urn:li:document:…`.
    pub(super) urn: String,
    /// The pieces that LinkedIn asks for, of a video.
    #[serde(default)]
    pub(super) pieces: Vec<Piece>,
    /// What finishes the upload of a video; may be empty.
    #[serde(default)]
    token: String,
}

/// `uploadInstructions`: where to put which bytes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Piece {
    upload_url: String,
    first_byte: u64,
    last_byte: u64,
}

/// What putting a piece answers.
#[derive(Debug, Serialize, Deserialize)]
struct Put {
    etag: String,
}

/// What `initializeUpload` answers.
#[derive(Deserialize)]
struct Initialized {
    value: Session,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    image: Option<String>,
    document: Option<String>,
    video: Option<String>,
    upload_url: Option<String>,
    #[serde(default)]
    upload_instructions: Vec<Piece>,
    #[serde(default)]
    upload_token: String,
}

/// How many files are attached. The one that the option `thumbnail` names has the number after.
pub(super) fn attached(request: &PublishRequest) -> usize {
    request.parts.first().map_or(0, |part| part.media.len())
}

/// A file of the request: attached, or named by the option `thumbnail`.
fn file<'a>(work: &StepWork<'a>, file: usize) -> Result<&'a OutgoingMedia, NetworkError> {
    if file == attached(work.request) {
        let thumbnail = work.request.attachments.get("thumbnail");
        return thumbnail.ok_or_else(|| step::lost(&work.step.name));
    }
    step::media(work, 0, file)
}

/// Begins the upload of a file; what is no video is uploaded at once.
pub(super) async fn begin(
    net: &Net,
    work: &StepWork<'_>,
    number: usize,
) -> Result<Begun, NetworkError> {
    let media = file(work, number)?;
    let owner = &work.account.platform_account_id;
    let mut request = json!({ "owner": owner });
    let path = if media.mime_type.starts_with("video/") {
        let source = media.source.open(Rendition::Video(&VIDEOS)).await?;
        request["fileSizeBytes"] = json!(source.facts().bytes);
        request["uploadCaptions"] = json!(false);
        request["uploadThumbnail"] = json!(false);
        "/rest/videos?action=initializeUpload"
    } else if media.mime_type.starts_with("image/") {
        "/rest/images?action=initializeUpload"
    } else {
        "/rest/documents?action=initializeUpload"
    };
    let body = json!({ "initializeUploadRequest": request });
    let answer = call(net, work.account, Method::POST, path, |request| {
        request.json(&body)
    })
    .await?;
    let session = read::<Initialized>(net, &answer)?.value;
    let urn = session.image.or(session.document).or(session.video);
    let urn = urn.ok_or_else(|| error::unreadable(&answer, "no URN"))?;
    if let Some(upload_url) = session.upload_url {
        put_whole(net, work, media, &upload_url).await?;
    }
    Ok(Begun {
        urn,
        pieces: session.upload_instructions,
        token: session.upload_token,
    })
}

/// Puts an image or a document where LinkedIn asks for it, as the account.
async fn put_whole(
    net: &Net,
    work: &StepWork<'_>,
    media: &OutgoingMedia,
    upload_url: &str,
) -> Result<(), NetworkError> {
    let failed = |error| NetworkError::transport(NAME, &error);
    let token = auth::token(work.account)?;
    let request = net
        .request(Method::PUT, address(upload_url)?)
        .map_err(failed)?
        .bearer_auth(token.expose_secret())
        .timeout(UPLOAD_TIMEOUT);
    let request = if media.mime_type.starts_with("image/") {
        let image = media.source.image(&IMAGES).await?;
        request
            .header("content-type", image.mime_type)
            .body(image.bytes)
    } else {
        let source = media.source.open(Rendition::Original).await?;
        let bytes = source.facts().bytes;
        request
            .header("content-type", source.facts().mime_type.clone())
            .header("content-length", bytes)
            .body(reqwest::Body::wrap_stream(source.stream(0..bytes)))
    };
    let answer = net.send(request).await.map_err(failed)?;
    accepted(net, &answer)
}

fn address(upload_url: &str) -> Result<Url, NetworkError> {
    Url::parse(upload_url).map_err(|error| {
        NetworkError::not_sent(
            ErrorKind::Temporary,
            "LinkedIn answered something that AllIN does not understand.",
            format!("the address to upload to: {error}"),
        )
    })
}

fn accepted(net: &Net, answer: &Answer) -> Result<(), NetworkError> {
    if answer.status.is_success() {
        return Ok(());
    }
    Err(error::parse_error(answer, net.env.now()))
}

/// Puts one piece of a video, without a token: its address is secret enough.
pub(super) async fn piece(
    net: &Net,
    work: &StepWork<'_>,
    number: usize,
    piece: usize,
) -> Result<Value, NetworkError> {
    let begun: Begun = StepName::Media(0, number).earlier(work.done)?;
    let piece = begun
        .pieces
        .get(piece)
        .ok_or_else(|| step::lost(&work.step.name))?;
    let media = file(work, number)?;
    let source = media.source.open(Rendition::Video(&VIDEOS)).await?;
    let end = (piece.last_byte + 1).min(source.facts().bytes);
    let bytes = source.read(piece.first_byte..end).await?;
    let failed = |error| NetworkError::transport(NAME, &error);
    let request = net
        .request(Method::PUT, address(&piece.upload_url)?)
        .map_err(failed)?
        .header("content-type", "application/octet-stream")
        .timeout(UPLOAD_TIMEOUT)
        .body(bytes);
    let answer = net.send(request).await.map_err(failed)?;
    accepted(net, &answer)?;
    let etag = answer
        .header("etag")
        .ok_or_else(|| error::unreadable(&answer, "no ETag"))?;
    Ok(json!(Put {
        etag: etag.to_owned()
    }))
}

/// Says that all pieces of a video are there, by their ETags.
pub(super) async fn finish(
    net: &Net,
    work: &StepWork<'_>,
    number: usize,
) -> Result<(), NetworkError> {
    let begun: Begun = StepName::Media(0, number).earlier(work.done)?;
    let etags: Vec<_> = (0..begun.pieces.len())
        .map(|piece| {
            Ok(StepName::Piece(0, number, piece)
                .earlier::<Put>(work.done)?
                .etag)
        })
        .collect::<Result<_, NetworkError>>()?;
    let body = json!({ "finalizeUploadRequest": {
        "video": begun.urn,
        "uploadToken": begun.token,
        "uploadedPartIds": etags,
    } });
    let path = "/rest/videos?action=finalizeUpload";
    let answer = call(net, work.account, Method::POST, path, |request| {
        request.json(&body)
    })
    .await?;
    accepted(net, &answer)
}

/// Whether the file is processed.
pub(super) async fn ready(
    net: &Net,
    work: &StepWork<'_>,
    number: usize,
) -> Result<StepAnswer, NetworkError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct File {
        status: String,
        #[serde(default)]
        processing_failure_reason: String,
    }
    let begun: Begun = StepName::Media(0, number).earlier(work.done)?;
    let kind = match begun.urn.split(':').nth(2) {
        Some("video") => "videos",
        Some("document") => "documents",
        _ => "images",
    };
    let path = format!("/rest/{kind}/{}", encode(&begun.urn));
    let answer = call(net, work.account, Method::GET, &path, |request| request).await?;
    if answer.status == StatusCode::FORBIDDEN {
        // A token that may only write can't look. LinkedIn refuses a post whose file is not ready.
        return Ok(StepAnswer::done(json!({})));
    }
    let file: File = read(net, &answer)?;
    match file.status.as_str() {
        "AVAILABLE" => Ok(StepAnswer::done(json!({}))),
        "PROCESSING_FAILED" => Err(error::media_failed(&file.processing_failure_reason)),
        _ => Ok(StepAnswer::Pending {
            after: POLL,
            note: "LinkedIn is processing the file.".to_owned(),
        }),
    }
}

/// The URN of an uploaded file.
pub(super) fn urn(work: &StepWork<'_>, number: usize) -> Result<String, NetworkError> {
    Ok(StepName::Media(0, number).earlier::<Begun>(work.done)?.urn)
}
