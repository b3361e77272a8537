//! What YouTube remembers.

use std::collections::HashMap;

use kernel::Timestamp;
use serde_json::Value;

use super::{
    details::{Details, Privacy},
    mp4::Facts,
    reports,
};
use crate::kit::{
    self, Site,
    blobs::{Blob, Upload},
    comments::{Comment, Comments},
    feed::{FeedMedia, FeedPost},
    processing::{Processing, Progress},
};

/// Everything there is; lists are in the order of time.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(super) sessions: HashMap<String, Session>,
    pub(super) videos: Vec<Video>,
    pub(super) captions: Vec<Captions>,
    pub(super) playlists: Vec<Playlist>,
    pub(super) items: Vec<Item>,
    pub(super) comments: Comments,
}

/// A resumable session.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) account: String,
    pub(super) details: Details,
    /// The parts that its answer shows.
    pub(super) parts: Vec<String>,
    /// `X-Upload-Content-Length`, if it was said.
    pub(super) bytes: Option<u64>,
    pub(super) upload: Upload,
    pub(super) file_name: String,
    pub(super) began_at: Timestamp,
    /// The video, once it is complete.
    pub(super) video: Option<String>,
}

/// A video.
#[derive(Clone, Debug)]
pub(super) struct Video {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) details: Details,
    pub(super) blob: Blob,
    pub(super) facts: Option<Facts>,
    pub(super) file_name: String,
    pub(super) uploaded_at: Timestamp,
    /// When it was first seen by others.
    pub(super) shown_at: Option<Timestamp>,
    pub(super) processing: Processing,
    pub(super) thumbnail: Option<Blob>,
}

/// A track of captions.
#[derive(Clone, Debug)]
pub(super) struct Captions {
    pub(super) id: String,
    pub(super) video: String,
    pub(super) language: String,
    pub(super) name: String,
    pub(super) is_draft: bool,
    pub(super) updated_at: Timestamp,
    pub(super) blob: Blob,
}

/// A playlist.
#[derive(Clone, Debug)]
pub(super) struct Playlist {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) privacy: Privacy,
    pub(super) created_at: Timestamp,
}

/// A video's place in a playlist.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) playlist: String,
    pub(super) video: String,
    pub(super) added_at: Timestamp,
}

impl Video {
    /// Who may see it now.
    pub(super) fn privacy(&self, now: Timestamp) -> Privacy {
        match self.details.publish_at {
            Some(at) if self.details.privacy == Privacy::Private && at <= now.to_jiff() => {
                Privacy::Public
            }
            _ => self.details.privacy,
        }
    }

    /// `uploadStatus`.
    pub(super) fn status(&self, now: Timestamp) -> &'static str {
        match self.processing.progress(now) {
            Progress::Working { .. } => "uploaded",
            Progress::Ready if self.failure().is_none() => "processed",
            _ => "failed",
        }
    }

    /// `failureReason` of a file that is no video.
    pub(super) fn failure(&self) -> Option<&'static str> {
        if self.blob.len() == 0 {
            return Some("emptyFile");
        }
        let is_video = self
            .blob
            .sniffed()
            .is_some_and(|mime| mime.starts_with("video/"));
        (!is_video).then_some("invalidFile")
    }

    /// YouTube makes a Short of what is not wider than high and at most three minutes long.
    pub(super) fn is_short(&self) -> bool {
        self.facts
            .is_some_and(|facts| facts.width <= facts.height && facts.millis <= 180_000)
    }
}

impl Memory {
    pub(super) fn video(&self, id: &str) -> Option<&Video> {
        self.videos.iter().find(|video| video.id == id)
    }

    /// What stands below a video, hidden comments included, the oldest first.
    pub(super) fn comments_below(&self, video: &Video, now: Timestamp) -> Vec<Comment> {
        if video.details.made_for_kids || video.privacy(now) == Privacy::Private {
            return Vec::new();
        }
        self.comments
            .below(&video.id, &reports::exposure(video), now)
    }

    pub(super) fn video_mut(&mut self, id: &str) -> Option<&mut Video> {
        self.videos.iter_mut().find(|video| video.id == id)
    }
}

impl kit::Memory for Memory {
    fn posts(&self, site: &Site) -> Vec<FeedPost> {
        let now = site.now();
        let visible = |video: &&Video| {
            video.privacy(now) != Privacy::Private && video.status(now) != "failed"
        };
        self.videos
            .iter()
            .filter(visible)
            .map(|video| self.feed_post(video, now))
            .collect()
    }

    fn comments(&self, site: &Site, post: &FeedPost) -> Vec<Comment> {
        self.video(&post.id)
            .map(|video| self.comments_below(video, site.now()))
            .unwrap_or_default()
    }
}

impl Memory {
    fn feed_post(&self, video: &Video, now: Timestamp) -> FeedPost {
        let details = &video.details;
        let captions = self.captions.iter().find(|track| track.video == video.id);
        let media = FeedMedia {
            cover: video.thumbnail.clone(),
            captions: captions.map(|track| track.blob.clone()),
            ..video.blob.clone().into()
        };
        let mut shown = vec![
            ("Visibility", video.privacy(now).as_str().to_owned()),
            ("Made for kids", yes(details.made_for_kids)),
            ("Category", details.category.clone()),
        ];
        if !details.tags.is_empty() {
            shown.push(("Tags", details.tags.join(", ")));
        }
        let playlists = self.items.iter().filter(|item| item.video == video.id);
        let titles = playlists.filter_map(|item| {
            self.playlists
                .iter()
                .find(|playlist| playlist.id == item.playlist)
        });
        shown.extend(titles.map(|playlist| ("Playlist", playlist.title.clone())));
        let format = if video.is_short() { "short" } else { "video" };
        FeedPost {
            title: Some(details.title.clone()),
            media: vec![media],
            details: shown,
            ..FeedPost::new(
                &video.id,
                &video.account,
                format,
                video.shown_at.unwrap_or(video.uploaded_at),
                &details.description,
            )
        }
    }
}

fn yes(is_so: bool) -> String {
    (if is_so { "yes" } else { "no" }).to_owned()
}

/// An instant as YouTube writes it: whole seconds.
pub(super) fn instant(at: Timestamp) -> Value {
    format!("{:.0}", at.to_jiff()).into()
}
