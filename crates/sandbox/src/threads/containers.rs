//! Putting posts together: posts, reference/publishing, create-posts/polls, reply-management,
//! posts/quote-posts.

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
};
use serde_json::{Value, json};

use super::{
    Net, actor, is_self, refusal,
    state::{Container, Content, next_id},
    text,
};
use crate::kit::{Actor, Answer, Params, blobs::Blob, fetch::FetchError, processing::Progress};

/// Seconds that files take to process.
const IMAGE: u64 = 2;
const VIDEO: u64 = 20;
/// "The container was not published within 24 hours and has expired."
const LIFETIME: u64 = 86_400;
const REPLY_CONTROLS: [&str; 5] = [
    "everyone",
    "accounts_you_follow",
    "mentioned_only",
    "parent_post_author_only",
    "followers_only",
];

/// `POST /{threads-user-id}/threads`
pub(super) async fn create(
    State(net): State<Net>,
    headers: HeaderMap,
    Path(node): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    let actor = actor(&net, &headers, &params)?;
    actor.require("threads_content_publish")?;
    if !is_self(&actor, &node) {
        return Err(refusal::missing(&node));
    }
    let mut content = said(&net, &actor, &params)?;
    let (work, error) = files(&net, &actor, &params, &mut content).await?;
    let container = Container {
        id: next_id(&net),
        account: actor.account().to_owned(),
        created_at: net.now(),
        is_item: is_set(&params, "is_carousel_item"),
        work,
        error,
        published: None,
        content,
    };
    let id = container.id.clone();
    net.memory().containers.insert(id.clone(), container);
    Ok(Json(json!({ "id": id })))
}

/// A boolean; Meta's APIs take it in any case.
fn is_set(params: &Params, name: &str) -> bool {
    params
        .get(name)
        .is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
}

/// Everything but the files.
fn said(net: &Net, actor: &Actor, params: &Params) -> Answer<Content> {
    let media_type = params
        .get("media_type")
        .or_else(|| params.get("image_url").map(|_| "IMAGE"))
        .unwrap_or_default();
    if !["TEXT", "IMAGE", "VIDEO", "CAROUSEL"].contains(&media_type) {
        return Err(refusal::invalid(
            "Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}",
        ));
    }
    let is_text = media_type == "TEXT";
    let own = |name: &str| params.get(name).map(str::to_owned);
    let text = own("text").unwrap_or_default();
    if is_text && text.is_empty() {
        return Err(refusal::invalid(
            "Param text is required for media_type TEXT",
        ));
    }
    if text::length(&text) > 500 {
        return Err(refusal::invalid(
            "Param text must be at most 500 characters long.",
        ));
    }
    let link = own("link_attachment");
    if text::links(&text, link.as_deref()) > 5 {
        return Err(refusal::invalid("THREADS_API__LINK_LIMIT_EXCEEDED"));
    }
    let poll = poll(params)?;
    if !is_text && (link.is_some() || !poll.is_empty()) {
        return Err(refusal::invalid(
            "link_attachment and poll_attachment can only be used for media_type TEXT",
        ));
    }
    let topic_tag = own("topic_tag");
    if topic_tag
        .as_ref()
        .is_some_and(|tag| tag.chars().count() > 50 || tag.contains(['.', '&']))
    {
        return Err(refusal::invalid("Param topic_tag is not valid"));
    }
    let reply_control = own("reply_control").unwrap_or_else(|| "everyone".to_owned());
    if !REPLY_CONTROLS.contains(&reply_control.as_str()) {
        return Err(refusal::invalid("Param reply_control is not valid"));
    }
    let reply_to = own("reply_to_id");
    if let Some(id) = &reply_to {
        actor.require("threads_manage_replies")?;
        if super::read::root_of(net, id).is_none() {
            return Err(refusal::missing(id));
        }
    }
    let quote = own("quote_post_id");
    if let Some(id) = &quote
        && !net.memory().posts.contains_key(id)
    {
        return Err(refusal::missing(id));
    }
    Ok(Content {
        media_type: media_type.to_owned(),
        text,
        media: Vec::new(),
        reply_to,
        reply_control,
        topic_tag,
        link,
        quote,
        poll,
        spoiler: is_set(params, "is_spoiler_media"),
        approvals: is_set(params, "enable_reply_approvals"),
    })
}

/// "at least 2 options and no more than 4", of 1 to 25 characters.
fn poll(params: &Params) -> Answer<Vec<String>> {
    let Some(attachment) = params.get("poll_attachment") else {
        return Ok(Vec::new());
    };
    let bad = || refusal::invalid("Param poll_attachment is not valid");
    let attachment: Value = serde_json::from_str(attachment).map_err(|_| bad())?;
    let options: Vec<String> = ["option_a", "option_b", "option_c", "option_d"]
        .iter()
        .map_while(|name| attachment[name].as_str().map(str::to_owned))
        .collect();
    let fits = |option: &String| (1..=25).contains(&option.chars().count());
    if options.len() < 2 || !options.iter().all(fits) {
        return Err(bad());
    }
    Ok(options)
}

type Work = (
    Option<crate::kit::processing::Processing>,
    Option<&'static str>,
);

/// Fetches the files, or takes those of the items of a carousel.
async fn files(net: &Net, actor: &Actor, params: &Params, content: &mut Content) -> Answer<Work> {
    let alt = params.get("alt_text").map(str::to_owned);
    if alt.as_ref().is_some_and(|alt| alt.chars().count() > 1_000) {
        return Err(refusal::invalid(
            "Param alt_text must be at most 1000 characters long.",
        ));
    }
    match content.media_type.as_str() {
        "IMAGE" => {
            let blob = fetch(net, params, "image_url").await?.map_err(|_| {
                refusal::invalid("The image could not be downloaded from image_url")
            })?;
            let fits = matches!(blob.sniffed(), Some("image/jpeg" | "image/png"))
                && blob.len() <= 8_000_000;
            if !fits {
                return Err(refusal::invalid(
                    "The image must be a JPEG or PNG of at most 8 MB",
                ));
            }
            content.media.push((blob, alt));
            Ok((Some(net.process(IMAGE)), None))
        }
        "VIDEO" => {
            let work = Some(net.process(VIDEO));
            let Ok(blob) = fetch(net, params, "video_url").await? else {
                return Ok((work, Some("FAILED_DOWNLOADING_VIDEO")));
            };
            let is_video = matches!(blob.sniffed(), Some("video/mp4" | "video/quicktime"));
            content.media.push((blob, alt));
            Ok((work, (!is_video).then_some("FAILED_PROCESSING_VIDEO")))
        }
        "CAROUSEL" => {
            let children: Vec<&str> = params
                .get("children")
                .unwrap_or_default()
                .split(',')
                .map(str::trim)
                .collect();
            if !(2..=20).contains(&children.len()) {
                return Err(refusal::invalid("Param children must have 2 to 20 entries"));
            }
            let state = net.memory();
            for id in children {
                let item = state
                    .containers
                    .get(id)
                    .filter(|item| item.account == actor.account() && item.is_item)
                    .ok_or_else(refusal::media_not_found)?;
                if status(net, item).0 != "FINISHED" {
                    return Err(refusal::media_not_found());
                }
                content.media.extend(item.content.media.clone());
            }
            Ok((None, None))
        }
        _ => Ok((None, None)),
    }
}

async fn fetch(net: &Net, params: &Params, name: &str) -> Answer<Result<Blob, FetchError>> {
    let url = params
        .get(name)
        .ok_or_else(|| refusal::invalid(&format!("Param {name} is required")))?;
    Ok(net.fetch(url).await)
}

/// troubleshooting: `status` and `error_message` of a container.
pub(super) fn status(net: &Net, container: &Container) -> (&'static str, Option<&'static str>) {
    if container.published.is_some() {
        return ("PUBLISHED", None);
    }
    if net.now().since(container.created_at).as_secs() >= LIFETIME {
        return ("EXPIRED", None);
    }
    match container.work.map(|work| work.progress(net.now())) {
        Some(Progress::Working { .. }) => ("IN_PROGRESS", None),
        Some(Progress::Rejected) => ("ERROR", Some("FAILED_PROCESSING_VIDEO")),
        Some(Progress::Ready) | None => match container.error {
            Some(error) => ("ERROR", Some(error)),
            None => ("FINISHED", None),
        },
    }
}
