//! What belongs to a video beside itself: its thumbnail, captions, playlist and first comment.

use std::time::Duration;

use reqwest::{Method, StatusCode, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{api, error, formats, resource::List};
use crate::{
    ErrorKind, Net, NetworkError,
    connector::{Found, OutgoingMedia, Rendition, StepAnswer, StepWork},
    step,
};

/// A comment that was just written may take this long to be listed.
const COMMENT_SETTLES: Duration = Duration::from_secs(30);

fn attachment<'a>(work: StepWork<'a>, key: &str) -> Result<&'a OutgoingMedia, NetworkError> {
    work.request
        .attachments
        .get(key)
        .ok_or_else(|| step::lost(key))
}

/// `thumbnails.set`. For Shorts too, once they are processed (since 2026-11-03).
pub(super) async fn thumbnail(
    net: &Net,
    work: StepWork<'_>,
    video: &str,
) -> Result<StepAnswer, NetworkError> {
    let image = attachment(work, "thumbnail")?
        .source
        .image(&formats::THUMBNAIL)
        .await?;
    let url = api::upload(net, "/thumbnails/set")?;
    let answer = api::call(net, work.account, Method::POST, url, |request| {
        request
            .query(&[("videoId", video), ("uploadType", "media")])
            .header(CONTENT_TYPE, &image.mime_type)
            .body(image.bytes)
    })
    .await?;
    if answer.status.is_success() {
        return Ok(StepAnswer::Done(Value::Null));
    }
    let mut error = error::parse_error(&answer, net.env.now());
    if error::reason(&answer) == "forbidden" {
        "This channel may not set thumbnails of its own yet. Please verify its phone number at youtube.com/verify, or publish without a thumbnail."
            .clone_into(&mut error.message);
    }
    Err(error)
}

/// `captions.insert`, with metadata and file in one request (multipart/related, RFC 2387).
pub(super) async fn captions(
    net: &Net,
    work: StepWork<'_>,
    video: &str,
) -> Result<StepAnswer, NetworkError> {
    let file = attachment(work, "captions")?
        .source
        .open(Rendition::Original)
        .await?;
    let bytes = file.read(0..file.facts().bytes).await?;
    let language = work
        .request
        .text_option("captionsLanguage")
        .or_else(|| work.request.text_option("language"))
        .unwrap_or("en");
    let track = json!({
        "snippet": { "videoId": video, "language": language, "name": "", "isDraft": false }
    });
    let boundary = step::hex(&net.env.bytes::<16>());
    let mut body = format!(
        "--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{track}\r\n\
         --{boundary}\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(&bytes);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    let url = api::upload(net, "/captions")?;
    let answer = api::call(net, work.account, Method::POST, url, |request| {
        request
            .query(&[("part", "snippet"), ("uploadType", "multipart")])
            .header(
                CONTENT_TYPE,
                format!("multipart/related; boundary={boundary}"),
            )
            .body(body)
    })
    .await?;
    // An earlier try added them, and its answer was lost.
    if answer.status.is_success() || error::reason(&answer) == "captionExists" {
        return Ok(StepAnswer::Done(Value::Null));
    }
    Err(error::parse_error(&answer, net.env.now()))
}

/// `playlistItems.insert`, unless the video is in the playlist already.
pub(super) async fn playlist(
    net: &Net,
    work: StepWork<'_>,
    video: &str,
) -> Result<StepAnswer, NetworkError> {
    let playlist = work
        .request
        .text_option("playlist")
        .ok_or_else(|| step::lost("playlist"))?;
    let there: List<Value> = api::read(
        net,
        work.account,
        Method::GET,
        api::data(net, "/playlistItems")?,
        |request| request.query(&[("part", "id"), ("playlistId", playlist), ("videoId", video)]),
    )
    .await?;
    if !there.items.is_empty() {
        return Ok(StepAnswer::Done(Value::Null));
    }
    let item = json!({
        "snippet": {
            "playlistId": playlist,
            "resourceId": { "kind": "youtube#video", "videoId": video },
        }
    });
    let url = api::data(net, "/playlistItems")?;
    let answer = api::call(net, work.account, Method::POST, url, |request| {
        request.query(&[("part", "snippet")]).json(&item)
    })
    .await?;
    if answer.status.is_success() || answer.status == StatusCode::CONFLICT {
        return Ok(StepAnswer::Done(Value::Null));
    }
    Err(error::parse_error(&answer, net.env.now()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Thread {
    id: String,
    snippet: ThreadSnippet,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThreadSnippet {
    top_level_comment: Comment,
}

#[derive(Deserialize)]
struct Comment {
    snippet: CommentSnippet,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommentSnippet {
    #[serde(default)]
    text_original: String,
    author_channel_id: Option<AuthorId>,
}

#[derive(Deserialize)]
struct AuthorId {
    value: String,
}

fn first_comment(work: StepWork<'_>) -> Result<&str, NetworkError> {
    work.request
        .text_option("firstComment")
        .ok_or_else(|| step::lost("comment"))
}

/// `commentThreads.insert`.
pub(super) async fn comment(
    net: &Net,
    work: StepWork<'_>,
    video: &str,
) -> Result<StepAnswer, NetworkError> {
    let thread = json!({
        "snippet": {
            "channelId": work.account.platform_account_id,
            "videoId": video,
            "topLevelComment": { "snippet": { "textOriginal": first_comment(work)? } },
        }
    });
    let thread: Result<Thread, NetworkError> = api::read(
        net,
        work.account,
        Method::POST,
        api::data(net, "/commentThreads")?,
        |request| request.query(&[("part", "snippet")]).json(&thread),
    )
    .await;
    match thread {
        Ok(thread) => Ok(StepAnswer::Done(json!({ "id": thread.id }))),
        Err(mut error) if error.kind == ErrorKind::Refused => {
            error.message = format!(
                "The video is published, but its first comment is not. {}",
                error.message
            );
            Err(error)
        }
        Err(error) => Err(error),
    }
}

/// Looks for the first comment among the newest ones of the video.
pub(super) async fn find_comment(
    net: &Net,
    work: StepWork<'_>,
    video: &str,
) -> Result<Found, NetworkError> {
    let text = first_comment(work)?;
    let threads: List<Thread> = api::read(
        net,
        work.account,
        Method::GET,
        api::data(net, "/commentThreads")?,
        |request| {
            request.query(&[
                ("part", "snippet"),
                ("videoId", video),
                ("order", "time"),
                ("textFormat", "plainText"),
                ("maxResults", "100"),
            ])
        },
    )
    .await?;
    let own = threads.items.into_iter().find(|thread| {
        let comment = &thread.snippet.top_level_comment.snippet;
        let author = comment.author_channel_id.as_ref();
        author.is_some_and(|author| author.value == work.account.platform_account_id)
            && comment.text_original.trim() == text
    });
    if let Some(own) = own {
        return Ok(Found::Present(json!({ "id": own.id })));
    }
    let waited = net.env.now().since(work.first_sent_at);
    if let Some(wait) = COMMENT_SETTLES
        .checked_sub(waited)
        .filter(|wait| !wait.is_zero())
    {
        return Err(NetworkError::not_sent(
            ErrorKind::Temporary,
            "AllIN waits a moment to see whether YouTube shows the first comment.",
            "a lost comment is not listed yet",
        )
        .with_retry_after(Some(wait)));
    }
    Ok(Found::Absent)
}
