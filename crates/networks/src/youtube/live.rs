//! The video once it is published: where it stands, how it is read, how it goes.

use reqwest::Method;
use url::Url;

use super::{
    api, error, formats,
    publish::{video, video_id},
};
use crate::{
    Net, NetworkError, Platform,
    connector::{Account, DoneStep, LivePost, PublishRequest, Published},
    http::Endpoint,
};

pub(super) fn published(net: &Net, request: &PublishRequest, done: &[DoneStep]) -> Published {
    let id = video_id(done).unwrap_or_default();
    Published {
        url: page(net, &request.format, &id),
        platform_post_id: id,
    }
}

fn page(net: &Net, format: &str, id: &str) -> Option<Url> {
    let path = if format == formats::SHORT {
        format!("/shorts/{id}")
    } else {
        format!("/watch?v={id}")
    };
    net.endpoint(Platform::Youtube, Endpoint::Site, &path).ok()
}

pub(super) async fn read_back(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<Option<LivePost>, NetworkError> {
    let Some(id) = video_id(done) else {
        return Ok(None);
    };
    let video = video(net, account, &id, "snippet,status").await?;
    Ok(video.map(|video| LivePost {
        url: page(net, "video", &video.id),
        platform_post_id: video.id,
        text: Some(video.snippet.description),
        published_at: video.snippet.published_at.map(Into::into),
    }))
}

pub(super) async fn delete(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<(), NetworkError> {
    let Some(id) = video_id(done) else {
        return Ok(());
    };
    let url = api::data(net, "/videos")?;
    let answer = api::call(net, account, Method::DELETE, url, |request| {
        request.query(&[("id", &id)])
    })
    .await?;
    if answer.status.is_success() || error::reason(&answer) == "videoNotFound" {
        return Ok(());
    }
    Err(error::parse_error(&answer, net.env.now()))
}
