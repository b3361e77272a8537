//! Putting a post together: posts (2026-04-14), reference/publishing (2026-04-20),
//! create-posts/polls, posts/quote-posts, reply-management, troubleshooting.

use std::time::Duration;

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    api::{Node, call, get, read},
    error,
    formats::{IMAGES, VIDEOS},
};
use crate::{
    connector::{Account, OutgoingMedia, Rendition, StepAnswer, StepWork},
    error::{ErrorKind, NetworkError},
    http::Net,
    step,
};

/// How long Threads may take to fetch a file.
const LINK_VALID: Duration = Duration::from_hours(6);
/// How often Threads is asked whether it is ready; it recommends once a minute at the most.
const POLL: Duration = Duration::from_secs(15);

/// Makes a container; answers its id.
pub(super) async fn create(
    net: &Net,
    account: &Account,
    parameters: &[(&str, &str)],
) -> Result<String, NetworkError> {
    let answer = call(net, account, Method::POST, "/me/threads", parameters).await?;
    let container: Node = read(net, &answer)?;
    Ok(container.id)
}

/// The parameters of one file. Threads fetches it from this installation.
async fn file(media: &OutgoingMedia) -> Result<Vec<(&'static str, String)>, NetworkError> {
    let is_video = media.mime_type.starts_with("video/");
    let (media_type, key, rendition) = if is_video {
        ("VIDEO", "video_url", Rendition::Video(&VIDEOS))
    } else {
        ("IMAGE", "image_url", Rendition::Image(&IMAGES))
    };
    let url = media.source.link(rendition, LINK_VALID).await?;
    let mut parameters = vec![
        ("media_type", media_type.to_owned()),
        (key, url.to_string()),
    ];
    if !media.alt_text.is_empty() {
        parameters.push(("alt_text", media.alt_text.clone()));
    }
    Ok(parameters)
}

fn borrowed<'a>(parameters: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    parameters
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

/// A container for one file of a carousel.
pub(super) async fn item(
    net: &Net,
    account: &Account,
    media: &OutgoingMedia,
) -> Result<String, NetworkError> {
    let mut parameters = file(media).await?;
    parameters.push(("is_carousel_item", "true".to_owned()));
    create(net, account, &borrowed(&parameters)).await
}

/// The container of a part. `items` are those of its files where it is a carousel, `parent` is
/// the post that it continues.
pub(super) async fn part(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    items: &[String],
    parent: Option<&str>,
) -> Result<String, NetworkError> {
    let content = step::part(work, part)?;
    let mut parameters = match content.media.as_slice() {
        [] => vec![("media_type", "TEXT".to_owned())],
        [single] => file(single).await?,
        _ => vec![
            ("media_type", "CAROUSEL".to_owned()),
            ("children", items.join(",")),
        ],
    };
    if !content.text.is_empty() {
        parameters.push(("text", content.text.clone()));
    }
    if let Some(parent) = parent {
        parameters.push(("reply_to_id", parent.to_owned()));
    }
    let request = work.request;
    if let Some(control) = request.text_option("replyControl") {
        parameters.push(("reply_control", control.to_owned()));
    }
    // The rest is said of the first part alone.
    if part == 0 {
        let mut option = |key: &str, name: &'static str| {
            if let Some(value) = request.text_option(key) {
                parameters.push((name, value.to_owned()));
            }
        };
        option("topic", "topic_tag");
        option("quote", "quote_post_id");
        option("link", "link_attachment");
        for (key, name) in [
            ("replyApprovals", "enable_reply_approvals"),
            ("spoiler", "is_spoiler_media"),
        ] {
            let applies = key != "spoiler" || !content.media.is_empty();
            if applies && request.switch_option(key) == Some(true) {
                parameters.push((name, "true".to_owned()));
            }
        }
        if let Some(poll) = request.poll_option("poll") {
            let letters = ["option_a", "option_b", "option_c", "option_d"];
            let choices: serde_json::Map<_, _> = letters
                .iter()
                .zip(&poll.choices)
                .map(|(letter, choice)| ((*letter).to_owned(), json!(choice)))
                .collect();
            parameters.push(("poll_attachment", json!(choices).to_string()));
        }
    }
    create(net, work.account, &borrowed(&parameters)).await
}

/// How far a container is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Working,
    Finished,
    Published,
    Expired,
    Failed(String),
}

/// `GET /{container}?fields=status,error_message`
pub(super) async fn status(net: &Net, account: &Account, id: &str) -> Result<Status, NetworkError> {
    #[derive(Deserialize)]
    struct Container {
        status: String,
        error_message: Option<String>,
    }
    let fields = [("fields", "id,status,error_message")];
    let container: Container = get(net, account, &format!("/{id}"), &fields).await?;
    Ok(match container.status.as_str() {
        "FINISHED" => Status::Finished,
        "PUBLISHED" => Status::Published,
        "EXPIRED" => Status::Expired,
        "ERROR" => Status::Failed(container.error_message.unwrap_or_default()),
        _ => Status::Working,
    })
}

/// Whether a container can be used now.
pub(super) async fn ready(
    net: &Net,
    account: &Account,
    id: &str,
) -> Result<StepAnswer, NetworkError> {
    match status(net, account, id).await? {
        Status::Finished | Status::Published => Ok(StepAnswer::done(())),
        Status::Working => Ok(StepAnswer::Pending {
            after: POLL,
            note: "Threads is processing the files.".to_owned(),
        }),
        Status::Expired => Err(NetworkError::refused(
            ErrorKind::Refused,
            "Threads keeps a prepared post for 24 hours, and they have passed. Please publish it again.",
            format!("container {id} expired"),
        )),
        Status::Failed(message) => Err(error::container_error(&message)),
    }
}
