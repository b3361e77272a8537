//! What X remembers.

use std::collections::BTreeMap;

use kernel::Timestamp;

use crate::kit::{
    self, Site,
    blobs::Blob,
    comments::{Comment, Comments},
    feed::{FeedMedia, FeedPost},
    processing::Processing,
};

/// Everything there is, keyed by id. Ids grow, so the order of keys is the order of time.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(super) posts: BTreeMap<u64, Post>,
    pub(super) media: BTreeMap<u64, Media>,
    pub(super) comments: Comments,
}

/// A published post.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(super) id: u64,
    pub(super) account: String,
    /// As it was sent.
    pub(super) text: String,
    pub(super) created_at: Timestamp,
    pub(super) media: Vec<u64>,
    pub(super) parent: Option<String>,
    pub(super) quoted: Option<String>,
    /// The first post of the thread.
    pub(super) conversation: u64,
    pub(super) poll: Option<Poll>,
    pub(super) reply_settings: &'static str,
    pub(super) made_with_ai: bool,
    pub(super) paid_partnership: bool,
}

/// A poll.
#[derive(Clone, Debug)]
pub(crate) struct Poll {
    pub(super) options: Vec<String>,
    pub(super) minutes: u64,
}

/// A file, at any stage.
#[derive(Clone, Debug)]
pub(crate) struct Media {
    pub(super) id: u64,
    pub(super) account: String,
    pub(super) mime_type: String,
    pub(super) category: String,
    pub(super) total_bytes: u64,
    /// The pieces by number, until they are put together.
    pub(super) pieces: BTreeMap<u32, Blob>,
    pub(super) blob: Option<Blob>,
    pub(super) processing: Option<Processing>,
    pub(super) alt_text: Option<String>,
    pub(super) expires_at: Timestamp,
}

impl Media {
    /// The key that answers name it by: the kind's number, then the id.
    pub(super) fn key(&self) -> String {
        let kind = match self.category.as_str() {
            "tweet_image" => 3,
            "tweet_gif" => 16,
            _ => 7,
        };
        format!("{kind}_{}", self.id)
    }
}

impl Memory {
    pub(super) fn post(&self, id: &str) -> Option<&Post> {
        self.posts.get(&id.parse().ok()?)
    }

    /// What the public sees of a post.
    pub(super) fn shown(&self, post: &Post) -> FeedPost {
        let files = post.media.iter().filter_map(|id| {
            let media = self.media.get(id)?;
            Some(FeedMedia {
                alt: media.alt_text.clone(),
                ..media.blob.clone()?.into()
            })
        });
        let mut details = Vec::new();
        if post.reply_settings != "everyone" {
            details.push(("Who can reply", post.reply_settings.to_owned()));
        }
        if post.made_with_ai {
            details.push(("Made with AI", "yes".to_owned()));
        }
        if post.paid_partnership {
            details.push(("Paid partnership", "yes".to_owned()));
        }
        FeedPost {
            media: files.collect(),
            poll: post
                .poll
                .as_ref()
                .map_or_else(Vec::new, |poll| poll.options.clone()),
            in_reply_to: post.parent.clone(),
            quotes: post.quoted.clone(),
            details,
            ..FeedPost::new(
                post.id.to_string(),
                &post.account,
                "post",
                post.created_at,
                &post.text,
            )
        }
    }

    /// The strangers' replies to a post, and those that were written to them.
    pub(super) fn replies(&self, post: &Post, now: Timestamp) -> Vec<Comment> {
        let exposure = self.shown(post).exposure("x", 0);
        self.comments.below(&post.id.to_string(), &exposure, now)
    }

    /// A stranger's reply, and the post that it is below.
    pub(super) fn reply(&self, id: &str, now: Timestamp) -> Option<(Comment, &Post)> {
        self.posts.values().find_map(|post| {
            let replies = self.replies(post, now);
            let reply = replies.into_iter().find(|reply| reply.id == id)?;
            Some((reply, post))
        })
    }
}

impl kit::Memory for Memory {
    fn posts(&self, _: &Site) -> Vec<FeedPost> {
        self.posts.values().map(|post| self.shown(post)).collect()
    }

    fn comments(&self, site: &Site, post: &FeedPost) -> Vec<Comment> {
        self.comments
            .below(&post.id, &post.exposure("x", 0), site.now())
    }
}
