//! What TikTok remembers.

use std::{collections::BTreeMap, time::Duration};

use kernel::Timestamp;

use super::creator::Privacy;
use crate::kit::{
    self, Site,
    blobs::{Blob, Upload},
    feed::{FeedMedia, FeedPost},
    people,
    processing::{Processing, Progress},
};

/// How long TikTok looks at a public post before it shows it.
pub(super) const MODERATION: Duration = Duration::from_secs(30);

/// Everything there is, by `publish_id`.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(super) tasks: BTreeMap<String, Task>,
}

/// A post, from its first request on.
#[derive(Clone, Debug)]
pub(super) struct Task {
    /// Grows, so that it is the order of time.
    pub(super) number: u64,
    pub(super) account: String,
    pub(super) details: Details,
    pub(super) began_at: Timestamp,
    pub(super) transfer: Transfer,
    /// The public number of the post: 19 digits.
    pub(super) post_id: u64,
}

/// What was said of a post.
#[derive(Clone, Debug)]
pub(super) struct Details {
    pub(super) is_video: bool,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) privacy: Privacy,
    pub(super) cover: u64,
    pub(super) switches: Vec<(&'static str, bool)>,
}

/// How the files come, and how far they are.
#[derive(Clone, Debug)]
pub(super) enum Transfer {
    /// In pieces.
    Sending {
        upload: Upload,
        token: String,
        bytes: u64,
        chunk: u64,
        count: u64,
    },
    /// All there.
    Came {
        blobs: Vec<Blob>,
        at: Timestamp,
        processing: Processing,
        /// Fetched by TikTok rather than sent.
        fetched: bool,
    },
    /// They could not be fetched.
    Lost { reason: &'static str },
}

/// What `status/fetch` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Uploading,
    Processing { fetched: bool },
    Failed(&'static str),
    Complete { at: Timestamp },
}

impl Task {
    /// How far it is at this instant.
    pub(super) fn stage(&self, now: Timestamp) -> Stage {
        match &self.transfer {
            Transfer::Sending { .. } => Stage::Uploading,
            Transfer::Lost { reason } => Stage::Failed(reason),
            Transfer::Came {
                blobs,
                at,
                processing,
                fetched,
            } => {
                match processing.progress(now) {
                    Progress::Working { .. } => Stage::Processing { fetched: *fetched },
                    Progress::Ready if blobs.iter().all(|blob| self.fits(blob)) => {
                        // It went out when processing ended.
                        Stage::Complete { at: *at }
                    }
                    _ if self.details.is_video => Stage::Failed("file_format_check_failed"),
                    _ => Stage::Failed("picture_size_check_failed"),
                }
            }
        }
    }

    fn fits(&self, blob: &Blob) -> bool {
        match blob.sniffed() {
            Some("video/mp4" | "video/quicktime" | "video/webm") => self.details.is_video,
            Some("image/jpeg" | "image/webp") => !self.details.is_video,
            _ => false,
        }
    }

    pub(super) fn blobs(&self) -> &[Blob] {
        match &self.transfer {
            Transfer::Came { blobs, .. } => blobs,
            _ => &[],
        }
    }

    /// Whether everybody may see it, and TikTok has looked at it.
    pub(super) fn is_public(&self, now: Timestamp) -> bool {
        self.details.privacy == Privacy::Everyone
            && matches!(self.stage(now), Stage::Complete { at } if now.since(at) >= MODERATION)
    }
}

impl Memory {
    /// Those of an account that everybody sees, the newest first.
    pub(super) fn public(&self, account: &str, now: Timestamp) -> Vec<&Task> {
        let mut tasks: Vec<&Task> = self
            .tasks
            .values()
            .filter(|task| task.account == account && task.is_public(now))
            .collect();
        tasks.sort_by_key(|task| std::cmp::Reverse(task.number));
        tasks
    }
}

/// What an app knows a person by.
pub(super) fn open_id(account: &str) -> String {
    let seed = |nth: u32| kit::seed(&format!("tiktok/{account}/{nth}"));
    format!("-{:016x}{:08x}", seed(1), seed(2) >> 32)
}

/// The post as the feed page shows it.
pub(super) fn feed_post(task: &Task) -> FeedPost {
    let details = &task.details;
    let (format, text) = if details.is_video {
        ("video", &details.title)
    } else {
        ("carousel", &details.description)
    };
    let mut shown = vec![("Who can see it", details.privacy.as_str().to_owned())];
    let on = details.switches.iter().filter(|(_, on)| *on);
    shown.extend(on.map(|(name, _)| (*name, "yes".to_owned())));
    if !details.is_video {
        shown.push(("Cover", (details.cover + 1).to_string()));
    }
    let media = task.blobs().iter().cloned().map(FeedMedia::from).collect();
    FeedPost {
        title: (!details.is_video && !details.title.is_empty()).then(|| details.title.clone()),
        media,
        details: shown,
        ..FeedPost::new(
            task.post_id.to_string(),
            &task.account,
            format,
            task.began_at,
            text,
        )
    }
}

/// A post's number.
pub(super) fn post_number(account: &str, number: u64) -> u64 {
    people::number(&format!("tiktok/{account}/{number}"), 18) + 7_000_000_000_000_000_000
}

impl kit::Memory for Memory {
    fn posts(&self, site: &Site) -> Vec<FeedPost> {
        let now = site.now();
        let mut tasks: Vec<&Task> = self
            .tasks
            .values()
            .filter(|task| {
                matches!(
                    task.stage(now),
                    Stage::Complete { .. } | Stage::Processing { .. }
                )
            })
            .collect();
        tasks.sort_by_key(|task| task.number);
        tasks.into_iter().map(feed_post).collect()
    }
}
