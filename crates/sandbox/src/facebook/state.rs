//! What Facebook remembers.

use std::collections::BTreeMap;

use kernel::Timestamp;

use crate::{
    kit::{
        self, Site,
        blobs::{Blob, Upload},
        comments::Comments,
        feed::{FeedMedia, FeedPost},
        insights::{Exposure, Form},
        people,
        processing::{Processing, Progress},
    },
    meta::file,
};

/// Everything there is, by id. Ids grow, so the order of keys is the order of time.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(super) posts: BTreeMap<String, Post>,
    pub(super) photos: BTreeMap<String, Photo>,
    pub(super) videos: BTreeMap<String, Video>,
    pub(super) comments: Comments,
}

/// What a post is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Post,
    Video,
    Reel,
    Story,
}

/// A post, seen or not.
#[derive(Clone, Debug)]
pub(super) struct Post {
    pub(super) account: String,
    pub(super) kind: Kind,
    pub(super) message: String,
    pub(super) title: Option<String>,
    pub(super) link: Option<String>,
    pub(super) photos: Vec<String>,
    pub(super) video: Option<String>,
    pub(super) place: Option<String>,
    pub(super) created_at: Timestamp,
    /// When it was published, if it was.
    pub(super) published_at: Option<Timestamp>,
}

/// A photo, which may wait for a post.
#[derive(Clone, Debug)]
pub(super) struct Photo {
    pub(super) account: String,
    pub(super) blob: Blob,
    pub(super) alt_text: Option<String>,
    pub(super) created_at: Timestamp,
    pub(super) post: Option<String>,
}

/// A video on its way.
#[derive(Clone, Debug)]
pub(super) struct Video {
    pub(super) account: String,
    pub(super) kind: Kind,
    pub(super) created_at: Timestamp,
    /// Its length in bytes, where that was said at the beginning.
    pub(super) size: Option<u64>,
    pub(super) session: String,
    pub(super) file: File,
    pub(super) post: Option<String>,
}

/// Where a video's file stands.
#[derive(Clone, Debug)]
pub(super) enum File {
    Coming(Upload),
    Here {
        blob: Blob,
        processing: Processing,
    },
    /// It can't be used: what is said of it.
    Unusable(&'static str),
}

impl Video {
    pub(super) fn blob(&self) -> Option<&Blob> {
        match &self.file {
            File::Here { blob, .. } => Some(blob),
            _ => None,
        }
    }

    pub(super) fn progress(&self, now: Timestamp) -> Option<Progress> {
        match &self.file {
            File::Coming(_) => None,
            File::Here { processing, .. } => Some(processing.progress(now)),
            File::Unusable(_) => Some(Progress::Rejected),
        }
    }
}

impl Memory {
    /// Whether people can see a post: it is published, its video is ready, and it is no story of
    /// yesterday.
    pub(super) fn stands(&self, post: &Post, now: Timestamp) -> bool {
        let ready = post.video.as_ref().is_none_or(|id| {
            let video = self.videos.get(id);
            video.and_then(|video| video.progress(now)) == Some(Progress::Ready)
        });
        let fresh = |at: Timestamp| post.kind != Kind::Story || now.since(at).as_secs() < 86_400;
        ready && post.published_at.is_some_and(fresh)
    }

    /// How the public meets a post.
    pub(super) fn exposure(&self, id: &str, post: &Post) -> Exposure {
        let video = post.video.as_ref().and_then(|id| self.videos.get(id));
        let head = video
            .and_then(Video::blob)
            .map(Blob::head)
            .unwrap_or_default();
        Exposure {
            id: format!("facebook/{id}"),
            published_at: post.published_at.unwrap_or(post.created_at),
            form: match post.kind {
                Kind::Story => Form::Story,
                Kind::Reel => Form::ShortVideo,
                Kind::Video => Form::Video,
                Kind::Post if post.photos.len() > 1 => Form::Carousel,
                Kind::Post if !post.photos.is_empty() => Form::Image,
                Kind::Post if post.link.is_some() => Form::Link,
                Kind::Post => Form::Text,
            },
            followers: people::find(&post.account).map_or(0, |account| account.followers),
            seconds: video.map_or(0, |_| {
                file::video_length(head).map_or(10, |length| length / 1_000)
            }),
        }
    }
}

impl kit::Memory for Memory {
    fn posts(&self, site: &Site) -> Vec<FeedPost> {
        let now = site.now();
        let shown = |(_, post): &(&String, &Post)| self.stands(post, now);
        let feed_post = |(id, post): (&String, &Post)| {
            let photos = post.photos.iter().filter_map(|id| self.photos.get(id));
            let photos = photos.map(|photo| FeedMedia {
                alt: photo.alt_text.clone(),
                ..photo.blob.clone().into()
            });
            let video = post.video.as_ref().and_then(|id| self.videos.get(id));
            let format = match post.kind {
                Kind::Post => "post",
                Kind::Video => "video",
                Kind::Reel => "reel",
                Kind::Story => "story",
            };
            let at = post.published_at.unwrap_or(post.created_at);
            FeedPost {
                title: post.title.clone(),
                link: post.link.clone(),
                media: photos
                    .chain(video.and_then(Video::blob).map(|blob| blob.clone().into()))
                    .collect(),
                details: post
                    .place
                    .iter()
                    .map(|place| ("Place", place.clone()))
                    .collect(),
                ..FeedPost::new(id, &post.account, format, at, &post.message)
            }
        };
        self.posts.iter().filter(shown).map(feed_post).collect()
    }
}
