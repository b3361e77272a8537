//! What was published, the way the network would show it.

use kernel::Timestamp;
use serde::Serialize;

use super::blobs::Blob;

/// What a feed looks like, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Text first, media below: X, LinkedIn, Facebook, Threads, Mastodon.
    Text,
    /// A picture with its caption below: Instagram.
    Picture,
    /// A player with a title: YouTube.
    Video,
    /// Tall players: TikTok.
    Tall,
    /// Cards in columns: Pinterest.
    Pins,
}

/// A published post, as every network's can be shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FeedPost {
    /// The network's id of it.
    pub(crate) id: String,
    /// The username of the account (see [`super::people`]).
    pub(crate) account: String,
    /// The format's name: `post`, `reel`, `story`, `video`, `short`, `carousel`, `article`, `pin` …
    pub(crate) format: &'static str,
    pub(crate) published_at: Timestamp,
    pub(crate) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    pub(crate) media: Vec<FeedMedia>,
    /// A link that is shown as a card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<String>,
    /// The choices of a poll.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) poll: Vec<String>,
    /// The id of the post that this one answers or continues.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) in_reply_to: Option<String>,
    /// The id of the post that this one quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) quotes: Option<String>,
    /// What hides the rest until somebody opens it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) warning: Option<String>,
    /// Whatever else the network shows or knows, in its order: privacy, board, place, tags …
    pub(crate) details: Vec<(&'static str, String)>,
}

/// A file of a post.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FeedMedia {
    #[serde(flatten)]
    pub(crate) blob: Blob,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alt: Option<String>,
    /// The picture shown before a video plays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cover: Option<Blob>,
    /// Its captions, as WebVTT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) captions: Option<Blob>,
}

impl FeedPost {
    /// A post of text alone; the rest is added by `FeedPost { title: …, ..FeedPost::new(…) }`.
    pub(crate) fn new(
        id: impl Into<String>,
        account: impl Into<String>,
        format: &'static str,
        published_at: Timestamp,
        text: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            account: account.into(),
            format,
            published_at,
            text: text.into(),
            title: None,
            media: Vec::new(),
            link: None,
            poll: Vec::new(),
            in_reply_to: None,
            quotes: None,
            warning: None,
            details: Vec::new(),
        }
    }
}

impl From<Blob> for FeedMedia {
    fn from(blob: Blob) -> Self {
        Self {
            blob,
            alt: None,
            cover: None,
            captions: None,
        }
    }
}
