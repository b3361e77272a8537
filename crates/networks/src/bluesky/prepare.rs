//! What a part needs before it is published, and nobody sees: its images, captions, the post that
//! it quotes or answers, its card. Lexicon com.atproto.repo.uploadBlob (2026-08-20).

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Body, Method, header::CONTENT_LENGTH};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    call, card,
    formats::{self, IMAGES},
    link::{self, ReplyRef, StrongRef},
    read,
};
use crate::{
    connector::{
        Account, MediaFile, OutgoingMedia, PublishRequest, Rendition, StepWork, UPLOAD_TIMEOUT,
    },
    error::NetworkError,
    http::Net,
    step,
};

/// An uploaded image or video.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Uploaded {
    /// The blob, to be named in the record just so.
    pub(super) blob: Value,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
}

impl Uploaded {
    /// Its app.bsky.embed.defs#aspectRatio, where its size is known.
    pub(super) fn ratio(&self) -> Option<Value> {
        let (width, height) = (self.width?.max(1), self.height?.max(1));
        Some(json!({ "width": width, "height": height }))
    }
}

/// What a part is put together with.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Prepared {
    /// The post that it quotes.
    pub(super) quote: Option<StrongRef>,
    /// What it answers.
    pub(super) reply: Option<ReplyRef>,
    /// Its app.bsky.embed.external#external.
    pub(super) card: Option<Value>,
    /// Its app.bsky.embed.video#caption.
    pub(super) captions: Option<Value>,
}

/// Whether there is anything to prepare for a part.
pub(super) fn is_needed(request: &PublishRequest, part: usize) -> bool {
    let first = ["quote", "replyTo", "link", "captions"];
    (part == 0 && first.iter().any(|key| request.text_option(key).is_some()))
        || formats::first_link(request, part).is_some()
}

pub(super) async fn prepare(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
) -> Result<Prepared, NetworkError> {
    let mut prepared = Prepared::default();
    if part == 0 {
        if let Some(address) = work.request.text_option("quote") {
            prepared.quote = Some(link::quoted(net, work.account, address).await?);
        }
        if let Some(address) = work.request.text_option("replyTo") {
            prepared.reply = Some(link::answered(net, work.account, address).await?);
        }
        if work.request.text_option("captions").is_some() {
            prepared.captions = Some(captions(net, work).await?);
        }
    }
    prepared.card = card::card(net, work, part).await?;
    Ok(prepared)
}

/// The file that an option names.
pub(super) fn attachment<'a>(
    work: &StepWork<'a>,
    key: &str,
) -> Result<&'a OutgoingMedia, NetworkError> {
    work.request
        .attachments
        .get(key)
        .ok_or_else(|| step::lost(key))
}

async fn captions(net: &Net, work: &StepWork<'_>) -> Result<Value, NetworkError> {
    let file = attachment(work, "captions")?
        .source
        .open(Rendition::Original)
        .await?;
    let bytes = file.read(0..file.facts().bytes).await?;
    let blob = blob(net, work.account, "text/vtt", bytes).await?;
    let languages = work.request.list_option("languages");
    let language = work
        .request
        .text_option("captionsLanguage")
        .or_else(|| languages.first().copied())
        .unwrap_or("en");
    Ok(json!({ "lang": language, "file": blob }))
}

/// Uploads an image of a part.
pub(super) async fn image(
    net: &Net,
    account: &Account,
    media: &OutgoingMedia,
) -> Result<Uploaded, NetworkError> {
    let image = media.source.image(&IMAGES).await?;
    Ok(Uploaded {
        blob: blob(net, account, &image.mime_type, image.bytes).await?,
        width: Some(image.width),
        height: Some(image.height),
    })
}

#[derive(Deserialize)]
struct Answered {
    blob: Value,
}

/// com.atproto.repo.uploadBlob of what is in memory.
pub(super) async fn blob(
    net: &Net,
    account: &Account,
    mime_type: &str,
    bytes: Bytes,
) -> Result<Value, NetworkError> {
    let answer = call(
        net,
        account,
        Method::POST,
        "com.atproto.repo.uploadBlob",
        |request| request.header(CONTENT_TYPE, mime_type).body(bytes),
    )
    .await?;
    read::<Answered>(net, account, &answer).map(|answered| answered.blob)
}

/// com.atproto.repo.uploadBlob of a file, a piece in memory at a time.
pub(super) async fn large_blob(
    net: &Net,
    account: &Account,
    file: &dyn MediaFile,
) -> Result<Value, NetworkError> {
    let facts = file.facts();
    let body = Body::wrap_stream(file.stream(0..facts.bytes));
    let answer = call(
        net,
        account,
        Method::POST,
        "com.atproto.repo.uploadBlob",
        |request| {
            request
                .timeout(UPLOAD_TIMEOUT)
                .header(CONTENT_TYPE, &facts.mime_type)
                .header(CONTENT_LENGTH, facts.bytes)
                .body(body)
        },
    )
    .await?;
    read::<Answered>(net, account, &answer).map(|answered| answered.blob)
}
