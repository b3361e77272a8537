//! What a Pin is made of: schema `PinMediaSource`.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::{
    Net, media, refusal,
    state::{Card, Content},
};
use crate::kit::{Actor, Answer, blobs::Blob};

/// Bytes of a picture: help.pinterest.com, "Pinterest product specs".
const IMAGE: u64 = 20_000_000;

fn text<'a>(value: &'a Value, key: &str) -> Answer<&'a str> {
    value[key].as_str().ok_or_else(|| {
        refusal::invalid(&format!("'{key}' is a required property of media_source."))
    })
}

pub(super) async fn content(net: &Net, actor: &Actor, source: &Value) -> Answer<Content> {
    match text(source, "source_type")? {
        "image_base64" => {
            let image = inline(net, source).await?;
            Ok(Content::Image(image))
        }
        "image_url" => {
            let image = fetched(net, text(source, "url")?).await?;
            Ok(Content::Image(image))
        }
        "multiple_image_base64" | "multiple_image_urls" => cards(net, source).await,
        "video_id" => video(net, actor, source).await,
        other => Err(refusal::invalid(&format!(
            "'{other}' is not a source_type of media_source."
        ))),
    }
}

/// `PinMediaSourceImageBase64`.
async fn inline(net: &Net, source: &Value) -> Answer<Blob> {
    decoded(net, text(source, "content_type")?, text(source, "data")?).await
}

async fn decoded(net: &Net, content_type: &str, data: &str) -> Answer<Blob> {
    if !matches!(content_type, "image/jpeg" | "image/png") {
        return Err(refusal::invalid(
            "content_type must be image/jpeg or image/png.",
        ));
    }
    let bytes = BASE64_STANDARD
        .decode(data)
        .map_err(|_| refusal::invalid("data is not valid Base64."))?;
    net.accept_media()?;
    let blob = net.hub.blobs.add(content_type, &bytes).await;
    if blob.sniffed() != Some(content_type) || blob.len() > IMAGE {
        return Err(refusal::invalid("The image could not be processed."));
    }
    Ok(blob)
}

async fn fetched(net: &Net, url: &str) -> Answer<Blob> {
    net.accept_media()?;
    let blob = net.fetch(url).await.map_err(|_| {
        refusal::invalid("Unable to reach the URL. Please check the URL and try again.")
    })?;
    let is_picture = blob
        .sniffed()
        .is_some_and(|kind| kind.starts_with("image/"));
    if is_picture && blob.len() <= IMAGE {
        Ok(blob)
    } else {
        Err(refusal::invalid("The image could not be processed."))
    }
}

/// `PinMediaSourceImagesBase64` and `PinMediaSourceImagesURL`: 2 to 5 items.
async fn cards(net: &Net, source: &Value) -> Answer<Content> {
    let items = source["items"].as_array().map(Vec::as_slice);
    let Some(items @ [_, _, ..]) = items.filter(|items| items.len() <= 5) else {
        return Err(refusal::invalid("items must have 2 to 5 entries."));
    };
    let mut cards = Vec::new();
    for item in items {
        let said = |key: &str| item[key].as_str().map(str::to_owned);
        let image = match item["url"].as_str() {
            Some(url) => fetched(net, url).await?,
            None => inline(net, item).await?,
        };
        cards.push(Card {
            image,
            title: said("title"),
            description: said("description"),
            link: said("link"),
        });
    }
    Ok(Content::Images(cards))
}

/// `PinMediaSourceVideoID`, with one of the three ways to a cover.
async fn video(net: &Net, actor: &Actor, source: &Value) -> Answer<Content> {
    let id = text(source, "media_id")?;
    let media = net
        .memory()
        .media
        .get(id)
        .filter(|media| media.account == actor.account())
        .cloned()
        .ok_or_else(|| refusal::invalid("The media_id is not known."))?;
    if media::status(net, &media) != "succeeded" {
        return Err(refusal::invalid(
            "The media has not been processed. Please check its status before creating a Pin.",
        ));
    }
    let cover = if let Some(data) = source["cover_image_data"].as_str() {
        let content_type = text(source, "cover_image_content_type")?;
        Some(decoded(net, content_type, data).await?)
    } else if let Some(url) = source["cover_image_url"].as_str() {
        Some(fetched(net, url).await?)
    } else if source["cover_image_key_frame_time"].as_u64().is_some() {
        None
    } else {
        return Err(refusal::invalid(
            "A video Pin needs cover_image_url, cover_image_data or cover_image_key_frame_time.",
        ));
    };
    let Some((video, _)) = media.file else {
        return Err(refusal::invalid("The media_id is not known."));
    };
    Ok(Content::Video { video, cover })
}
