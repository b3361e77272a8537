//! What each network can do, as data.
//!
//! Preflight, the composer, the documentation and the tests all read these values; none of them
//! knows a network by name.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

kernel::text_enum! {
    /// A social network.
    pub enum Platform {
        /// Bluesky, and every other server of the AT Protocol.
        Bluesky = "bluesky",
        /// Mastodon, any instance.
        Mastodon = "mastodon",
    }
}

impl Platform {
    /// The name that people know the network by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bluesky => "Bluesky",
            Self::Mastodon => "Mastodon",
        }
    }
}

kernel::text_enum! {
    /// How an account of a network is connected.
    pub enum ConnectKind {
        /// The person types a handle and a password made for AllIN alone.
        AppPassword = "app_password",
        /// The person agrees on a page of the network.
        Oauth = "oauth",
    }
}

kernel::text_enum! {
    /// What counts as one character.
    pub enum Counting {
        /// One extended grapheme cluster (Unicode UAX #29): what a reader sees as one character.
        Graphemes = "graphemes",
        /// Graphemes, but each link counts as a fixed number and the server part of a mention
        /// counts nothing.
        Mastodon = "mastodon",
    }
}

/// One social network, as the UI and preflight need to know it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Network)]
pub struct Descriptor {
    /// Which one.
    pub platform: Platform,
    /// The name that people know it by.
    pub name: &'static str,
    /// How an account is connected.
    pub connect: Connect,
    /// The usual limits. An account's own server may have others.
    pub limits: Limits,
    /// What can be done with it.
    pub features: Features,
}

/// How an account is connected, and what the person is asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Connect {
    /// The way.
    pub kind: ConnectKind,
    /// The fields of the form, in order.
    pub fields: Vec<ConnectField>,
}

/// One field of the form that connects an account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConnectField {
    /// The field of `POST /api/v1/social-accounts` that it fills.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// An example of what belongs into it.
    pub placeholder: &'static str,
    /// A sentence that says where to find it.
    pub help: &'static str,
    /// Whether it must be hidden while it is typed.
    pub secret: bool,
    /// Whether it must be filled in.
    pub required: bool,
}

/// What can be done with a network.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a list of independent yes-or-no facts"
)]
pub struct Features {
    /// A post may be followed by replies that continue it.
    pub threads: bool,
    /// Images carry a description.
    pub alt_text: bool,
    /// A published post can be deleted.
    pub delete: bool,
    /// `@name` becomes a mention.
    pub mentions: bool,
    /// `#word` becomes a hashtag.
    pub hashtags: bool,
}

/// What a post may hold at most, on one network or one of its servers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Characters of one post.
    pub max_characters: usize,
    /// What counts as one character.
    pub counting: Counting,
    /// Bytes of one post's text in UTF-8, where the network limits them too.
    #[schema(required)]
    pub max_bytes: Option<usize>,
    /// Characters that every link counts as, however long it is.
    #[schema(required)]
    pub url_length: Option<usize>,
    /// Images of one post.
    pub max_images: usize,
    /// Bytes of one image, as sent. Larger images are made smaller.
    pub image_max_bytes: u64,
    /// Pixels of an image's longer side, as sent. Larger images are made smaller.
    pub image_max_side: u32,
    /// Media types that are sent as they are. Other images are re-encoded.
    pub image_types: Vec<String>,
    /// Characters (Unicode scalar values) of an image's description.
    pub max_alt_characters: usize,
    /// Posts of one thread. A bound of AllIN, where the network has none.
    pub max_thread_parts: usize,
}
