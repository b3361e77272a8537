//! What Instagram remembers.

use std::{collections::BTreeMap, time::Duration};

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

/// Containers expire after a day, and stories are seen as long.
pub(super) const DAY: Duration = Duration::from_hours(24);

/// Everything there is, by id. Ids grow, so the order of keys is the order of time.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(super) containers: BTreeMap<String, Container>,
    pub(super) media: BTreeMap<String, Media>,
    pub(super) comments: Comments,
}

/// What a container is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Image,
    /// A video within a carousel.
    Video,
    Reel,
    Story,
    Carousel,
}

/// Where a container's file stands.
#[derive(Clone, Debug)]
pub(super) enum File {
    /// It has none: a carousel.
    None,
    /// It is being uploaded.
    Coming(Upload),
    /// It is here, and is being processed or was.
    Here { blob: Blob, processing: Processing },
    /// It can't be used: the subcode of the reason.
    Unusable(i64),
}

/// What shall be published.
#[derive(Clone, Debug)]
pub(super) struct Container {
    pub(super) account: String,
    pub(super) kind: Kind,
    pub(super) carousel_item: bool,
    pub(super) created_at: Timestamp,
    pub(super) caption: String,
    pub(super) alt_text: Option<String>,
    pub(super) children: Vec<String>,
    pub(super) cover: Option<Blob>,
    pub(super) file: File,
    pub(super) share_to_feed: bool,
    pub(super) ai_generated: bool,
    /// Whatever else was said, for the feed page.
    pub(super) details: Vec<(&'static str, String)>,
    /// The media that it became.
    pub(super) media: Option<String>,
}

/// Something published, or an item of a published carousel.
#[derive(Clone, Debug)]
pub(super) struct Media {
    pub(super) account: String,
    pub(super) kind: Kind,
    pub(super) caption: String,
    pub(super) published_at: Timestamp,
    pub(super) shortcode: String,
    pub(super) blob: Option<Blob>,
    pub(super) cover: Option<Blob>,
    pub(super) alt_text: Option<String>,
    pub(super) children: Vec<String>,
    /// The carousel that it is part of.
    pub(super) parent: Option<String>,
    pub(super) share_to_feed: bool,
    pub(super) ai_generated: bool,
    pub(super) comments_enabled: bool,
    pub(super) details: Vec<(&'static str, String)>,
}

/// How far a container is: *IG Container*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Expired,
    /// With the subcode of the reason.
    Error(i64),
    Finished,
    InProgress,
    Published,
}

impl Container {
    pub(super) fn status(&self, now: Timestamp) -> Status {
        if self.media.is_some() {
            return Status::Published;
        }
        if now.since(self.created_at) >= DAY {
            return Status::Expired;
        }
        match &self.file {
            File::None => Status::Finished,
            File::Coming(_) => Status::InProgress,
            File::Unusable(subcode) => Status::Error(*subcode),
            File::Here { processing, .. } => match processing.progress(now) {
                Progress::Working { .. } => Status::InProgress,
                Progress::Ready => Status::Finished,
                Progress::Rejected => Status::Error(2_207_026),
            },
        }
    }

    pub(super) fn blob(&self) -> Option<&Blob> {
        match &self.file {
            File::Here { blob, .. } => Some(blob),
            _ => None,
        }
    }
}

impl Media {
    /// Whether it is a video by itself.
    pub(super) fn is_video(&self) -> bool {
        self.blob
            .as_ref()
            .and_then(Blob::sniffed)
            .is_some_and(|kind| kind.starts_with("video/"))
    }

    /// Whether people can see it: stories are gone after a day.
    pub(super) fn stands(&self, now: Timestamp) -> bool {
        self.kind != Kind::Story || now.since(self.published_at) < DAY
    }

    /// How the public meets it.
    pub(super) fn exposure(&self, id: &str) -> Exposure {
        let head = self.blob.as_ref().map(Blob::head).unwrap_or_default();
        Exposure {
            id: format!("instagram/{id}"),
            published_at: self.published_at,
            form: match self.kind {
                Kind::Carousel => Form::Carousel,
                Kind::Story => Form::Story,
                Kind::Reel => Form::ShortVideo,
                Kind::Image | Kind::Video => Form::Image,
            },
            followers: people::find(&self.account).map_or(0, |account| account.followers),
            seconds: file::video_length(head).map_or(10, |length| length / 1_000),
        }
    }

    fn feed_media(&self) -> Option<FeedMedia> {
        Some(FeedMedia {
            alt: self.alt_text.clone(),
            cover: self.cover.clone(),
            ..self.blob.clone()?.into()
        })
    }
}

impl kit::Memory for Memory {
    fn posts(&self, site: &Site) -> Vec<FeedPost> {
        let now = site.now();
        let shown = |(_, media): &(&String, &Media)| media.parent.is_none() && media.stands(now);
        let post = |(id, media): (&String, &Media)| {
            let items = media.children.iter().filter_map(|id| self.media.get(id));
            let format = match media.kind {
                Kind::Carousel => "carousel",
                Kind::Story => "story",
                Kind::Reel => "reel",
                Kind::Image | Kind::Video => "post",
            };
            FeedPost {
                media: media
                    .feed_media()
                    .into_iter()
                    .chain(items.filter_map(Media::feed_media))
                    .collect(),
                details: media.details.clone(),
                ..FeedPost::new(
                    id,
                    &media.account,
                    format,
                    media.published_at,
                    &media.caption,
                )
            }
        };
        self.media.iter().filter(shown).map(post).collect()
    }
}
