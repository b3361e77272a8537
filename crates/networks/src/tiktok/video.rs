//! Public posts and their numbers: developers.tiktok.com/doc/tiktok-api-v2-video-list,
//! /doc/tiktok-api-v2-video-query and /doc/tiktok-api-v2-video-object (state of November 2026).

use kernel::Timestamp;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::api;
use crate::{
    Net, NetworkError,
    connector::{Account, LivePost},
};

const FIELDS: &str = "id,create_time,share_url,video_description,title,like_count,comment_count,share_count,view_count";

/// A description is cut after this many characters.
const DESCRIPTION_CUT: usize = 150;

/// A public post.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Video {
    pub(super) id: String,
    /// Seconds since 1970.
    #[serde(default)]
    pub(super) create_time: i64,
    share_url: Option<Url>,
    #[serde(default)]
    video_description: String,
    #[serde(default)]
    title: String,
    pub(super) like_count: Option<i64>,
    pub(super) comment_count: Option<i64>,
    pub(super) share_count: Option<i64>,
    pub(super) view_count: Option<i64>,
}

impl Video {
    /// Whether `caption` is what stands below it, as far as TikTok tells.
    pub(super) fn is_captioned(&self, caption: &str) -> bool {
        let start: String = caption.chars().take(DESCRIPTION_CUT).collect();
        [&self.video_description, &self.title]
            .into_iter()
            .any(|text| text.trim() == caption || (!text.is_empty() && text.trim() == start.trim()))
    }

    pub(super) fn live(self) -> LivePost {
        LivePost {
            platform_post_id: self.id,
            url: self.share_url,
            text: Some(self.video_description),
            published_at: Some(Timestamp::from_micros(self.create_time * 1_000_000)),
        }
    }
}

#[derive(Deserialize)]
struct Data {
    #[serde(default)]
    videos: Vec<Video>,
}

/// The newest public posts.
pub(super) async fn list(net: &Net, account: &Account) -> Result<Vec<Video>, NetworkError> {
    let path = format!("/v2/video/list/?fields={FIELDS}");
    let data: Data = api::post(net, account, &path, &json!({ "max_count": 20 })).await?;
    Ok(data.videos)
}

/// A public post; `None` if it is gone.
pub(super) async fn query(
    net: &Net,
    account: &Account,
    id: &str,
) -> Result<Option<Video>, NetworkError> {
    let path = format!("/v2/video/query/?fields={FIELDS}");
    let body = json!({ "filters": { "video_ids": [id] } });
    let data: Data = api::post(net, account, &path, &body).await?;
    Ok(data.videos.into_iter().next())
}
