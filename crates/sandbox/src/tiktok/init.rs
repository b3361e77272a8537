//! Where posts begin: /doc/content-posting-api-reference-direct-post and -photo-post.

use axum::{Json, extract::State};
use bytes::Bytes;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    Net,
    creator::{self, Privacy, UNAUDITED},
    refusal,
    state::{Details, Task, Transfer, post_number},
    status,
};
use crate::kit::{
    Actor, Answer, Here, Refusal,
    blobs::Blob,
    quota::{Quota, Window},
};

/// 6 requests a minute.
const PER_MINUTE: Quota = Quota {
    name: "init",
    limit: 6,
    window: Window::Rolling(60),
};
/// About 15 posts in 24 hours.
const PER_DAY: Quota = Quota {
    name: "posts",
    limit: 15,
    window: Window::Rolling(24 * 3_600),
};

/// /doc/content-posting-api-media-transfer-guide.
const MB: u64 = 1_000_000;
const MOST_VIDEO: u64 = 4 << 30;
const MOST_PHOTO: u64 = 20 << 20;
const MOST_PHOTOS: usize = 35;
/// Bytes that TikTok processes in a second, here: 512 MB take less than half a minute.
const PROCESSED_PER_SECOND: u64 = 50 << 20;

fn read<T: DeserializeOwned>(net: &Net, body: &[u8]) -> Answer<T> {
    serde_json::from_slice(body).map_err(|error| refusal::invalid(net, &error.to_string()))
}

#[derive(Deserialize)]
struct VideoBody {
    post_info: PostInfo,
    source_info: VideoSource,
}

#[derive(Deserialize)]
struct PhotoBody {
    post_info: PostInfo,
    source_info: PhotoSource,
    #[serde(default)]
    post_mode: String,
    #[serde(default)]
    media_type: String,
}

#[derive(Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the network has as many switches"
)]
struct PostInfo {
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    privacy_level: Option<Privacy>,
    #[serde(default)]
    disable_duet: bool,
    #[serde(default)]
    disable_comment: bool,
    #[serde(default)]
    disable_stitch: bool,
    #[serde(default)]
    video_cover_timestamp_ms: u64,
    #[serde(default)]
    brand_content_toggle: bool,
    #[serde(default)]
    brand_organic_toggle: bool,
    #[serde(default)]
    is_aigc: bool,
    #[serde(default)]
    auto_add_music: bool,
}

#[derive(Deserialize)]
struct VideoSource {
    #[serde(default)]
    source: String,
    #[serde(default)]
    video_size: u64,
    #[serde(default)]
    chunk_size: u64,
    #[serde(default)]
    total_chunk_count: u64,
    video_url: Option<String>,
}

#[derive(Deserialize)]
struct PhotoSource {
    #[serde(default)]
    source: String,
    #[serde(default)]
    photo_images: Vec<String>,
    #[serde(default)]
    photo_cover_index: u64,
}

fn forbidden(net: &Net, code: &str, message: &str) -> Refusal {
    refusal::new(net, 403, code, message)
}

/// Checks what is said of a post.
fn details(net: &Net, actor: &Actor, info: PostInfo, is_video: bool) -> Answer<Details> {
    let utf16 = |text: &str| text.encode_utf16().count();
    let (most_title, most_description) = if is_video { (2_200, 0) } else { (90, 4_000) };
    if utf16(&info.title) > most_title || (!is_video && utf16(&info.description) > most_description)
    {
        return Err(refusal::invalid(
            net,
            "The title or the description is too long",
        ));
    }
    let privacy = info
        .privacy_level
        .ok_or_else(|| refusal::invalid(net, "privacy_level is required"))?;
    let account = actor.account();
    if account == UNAUDITED && privacy != Privacy::Nobody {
        return Err(forbidden(
            net,
            "unaudited_client_can_only_post_to_private_accounts",
            "Please review our integration guidelines at https://developers.tiktok.com/doc/content-sharing-guidelines/",
        ));
    }
    if !creator::choices(account).contains(&privacy) {
        return Err(forbidden(
            net,
            "privacy_level_option_mismatch",
            "Please check the privacy level options of the creator",
        ));
    }
    if info.brand_content_toggle && privacy == Privacy::Nobody {
        return Err(refusal::invalid(
            net,
            "Branded content visibility cannot be set to private",
        ));
    }
    let mut switches = vec![
        ("Comments", !info.disable_comment),
        ("Paid partnership", info.brand_content_toggle),
        ("Promotional content", info.brand_organic_toggle),
    ];
    if is_video {
        switches.push(("Duets", !info.disable_duet && !creator::is_private(account)));
        switches.push((
            "Stitches",
            !info.disable_stitch && !creator::is_private(account),
        ));
        switches.push(("AI-generated", info.is_aigc));
    } else {
        switches.push(("Music", info.auto_add_music));
    }
    Ok(Details {
        is_video,
        title: info.title,
        description: info.description,
        privacy,
        cover: info.video_cover_timestamp_ms,
        switches,
    })
}

/// Uses the limits. `spam_risk_too_many_posts` counts what is begun.
fn limits(net: &Net, actor: &Actor) -> Answer<()> {
    actor.require("video.publish")?;
    creator::limit(net, actor, &PER_MINUTE)?;
    match net.spend(&PER_DAY, actor.account(), 1) {
        Ok(_) => Ok(()),
        Err(_) => Err(forbidden(
            net,
            "spam_risk_too_many_posts",
            "The daily post cap from the API is reached for the current user.",
        )),
    }
}

fn add(net: &Net, actor: &Actor, prefix: &str, details: Details, transfer: Transfer) -> String {
    let number = net.next_number();
    let publish_id = format!("{prefix}~v2-1.{}", net.short_id(19));
    let task = Task {
        number,
        account: actor.account().to_owned(),
        details,
        began_at: net.now(),
        transfer,
        post_id: post_number(actor.account(), number),
    };
    net.memory().tasks.insert(publish_id.clone(), task);
    status::tell(net, &publish_id);
    publish_id
}

/// `POST /v2/post/publish/video/init/`.
pub(super) async fn video(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    body: Bytes,
) -> Answer<Json<Value>> {
    limits(&net, &actor)?;
    let VideoBody {
        post_info,
        source_info,
    } = read(&net, &body)?;
    let details = details(&net, &actor, post_info, true)?;
    match source_info.source.as_str() {
        "FILE_UPLOAD" => {
            check_chunks(&net, &source_info)?;
            let token = net.secret();
            let transfer = Transfer::Sending {
                upload: net.hub.blobs.begin("video/mp4"),
                token: token.clone(),
                bytes: source_info.video_size,
                chunk: source_info.chunk_size,
                count: source_info.total_chunk_count,
            };
            let publish_id = add(&net, &actor, "v_pub_file", details, transfer);
            let url = format!(
                "{}/video/?upload_id={publish_id}&upload_token={token}",
                here.base
            );
            Ok(refusal::ok(
                &net,
                &json!({ "publish_id": publish_id, "upload_url": url }),
            ))
        }
        "PULL_FROM_URL" => {
            let url = source_info.video_url.unwrap_or_default();
            owned(&net, &url)?;
            let transfer = fetch(&net, &[url], MOST_VIDEO, "video_pull_failed").await;
            count(&net, &transfer);
            let publish_id = add(&net, &actor, "v_pub_url", details, transfer);
            Ok(refusal::ok(&net, &json!({ "publish_id": publish_id })))
        }
        _ => Err(refusal::invalid(
            &net,
            "source must be FILE_UPLOAD or PULL_FROM_URL",
        )),
    }
}

/// The rules of chunks.
fn check_chunks(net: &Net, source: &VideoSource) -> Answer<()> {
    let VideoSource {
        video_size: size,
        chunk_size: chunk,
        total_chunk_count: count,
        ..
    } = *source;
    let invalid = |message: &str| Err(refusal::invalid(net, message));
    if size == 0 || size > MOST_VIDEO {
        return invalid("The video size is invalid");
    }
    if chunk == 0 || count == 0 || count > 1_000 || count != size / chunk {
        return invalid("The total chunk count is invalid");
    }
    if size < 5 * MB && chunk != size {
        return invalid(
            "The chunk size is invalid: videos of less than 5 MB are uploaded as a whole",
        );
    }
    if size >= 5 * MB && !(5 * MB..=64 << 20).contains(&chunk) {
        return invalid("The chunk size is invalid");
    }
    if size > 64 << 20 && count < 2 {
        return invalid(
            "The total chunk count is invalid: videos of more than 64 MB are uploaded in chunks",
        );
    }
    Ok(())
}

/// Addresses must be https and belong to the app; here those of this machine do.
fn owned(net: &Net, url: &str) -> Answer<()> {
    let parsed = url::Url::parse(url).map_err(|_| refusal::invalid(net, "The URL is invalid"))?;
    if net.hub.may_reach(&parsed) {
        return Ok(());
    }
    Err(forbidden(
        net,
        "url_ownership_unverified",
        "Please review our URL ownership verification rules at https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide/#pull_from_url",
    ))
}

async fn fetch(net: &Net, urls: &[String], most: u64, failure: &'static str) -> Transfer {
    let mut blobs: Vec<Blob> = Vec::new();
    for url in urls {
        match net.fetch(url).await {
            Ok(blob) if blob.len() <= most => blobs.push(blob),
            _ => return Transfer::Lost { reason: failure },
        }
    }
    came(net, blobs, true)
}

/// Everything is there: TikTok begins to process it, and publishes it then.
pub(super) fn came(net: &Net, blobs: Vec<Blob>, fetched: bool) -> Transfer {
    let bytes: u64 = blobs.iter().map(Blob::len).sum();
    let seconds = 3 + bytes / PROCESSED_PER_SECOND;
    Transfer::Came {
        blobs,
        at: net.now() + std::time::Duration::from_secs(seconds),
        processing: net.process(seconds),
        fetched,
    }
}

fn count(net: &Net, transfer: &Transfer) {
    if matches!(transfer, Transfer::Came { .. }) {
        net.count_published();
    }
}

/// `POST /v2/post/publish/content/init/`.
pub(super) async fn photos(
    State(net): State<Net>,
    actor: Actor,
    body: Bytes,
) -> Answer<Json<Value>> {
    limits(&net, &actor)?;
    let body: PhotoBody = read(&net, &body)?;
    if body.media_type != "PHOTO" || body.post_mode != "DIRECT_POST" {
        return Err(refusal::invalid(
            &net,
            "media_type must be PHOTO, and post_mode is DIRECT_POST here",
        ));
    }
    let source = body.source_info;
    if source.source != "PULL_FROM_URL" {
        return Err(refusal::invalid(&net, "source must be PULL_FROM_URL"));
    }
    let photos = source.photo_images.len();
    let index = usize::try_from(source.photo_cover_index).unwrap_or(usize::MAX);
    if !(1..=MOST_PHOTOS).contains(&photos) || index >= photos {
        return Err(refusal::invalid(
            &net,
            "photo_images or photo_cover_index is invalid",
        ));
    }
    let mut details = details(&net, &actor, body.post_info, false)?;
    details.cover = source.photo_cover_index;
    for url in &source.photo_images {
        owned(&net, url)?;
    }
    let transfer = fetch(&net, &source.photo_images, MOST_PHOTO, "photo_pull_failed").await;
    count(&net, &transfer);
    let publish_id = add(&net, &actor, "p_pub_url", details, transfer);
    Ok(refusal::ok(&net, &json!({ "publish_id": publish_id })))
}
