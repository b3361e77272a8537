//! The social networks: what each can do, and how AllIN speaks to it.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | [`descriptor`] | what a network can do, as data: formats, limits, options, its connect form |
//! | [`connector`] | [`Connector`], the trait that every network implements, and its values |
//! | [`rules`] | preflight: every problem of a post for a network, before it is sent |
//! | [`error`] | what can go wrong, for the person and for the operator |
//! | [`http`] | [`Net`], the only way out, which can't be led into the private network |
//! | [`bluesky`], [`mastodon`] | one folder per network |
//!
//! # To add a network
//!
//! 1. Register it: its module below, and a line in `networks!`.
//! 2. Make a folder with the same files as the others have: `mod.rs` (the [`Descriptor`] and the
//!    trait, which hands on), `auth.rs` (connecting), `publish.rs` (the steps), `insights.rs`,
//!    `comments.rs`, `error.rs` (the table of error codes and one `parse_error`), `tests.rs`;
//!    `text.rs` where it counts or marks text in a way of its own. Cite the network's
//!    documentation, with its date, in each.
//! 3. Nothing else in AllIN knows networks by name: preflight, the composer and the documentation
//!    read the descriptor.
//! 4. Decide for each public step how a lost answer is found again: by a key of our own, as on
//!    Bluesky; or by looking through the account's posts, as on Mastodon.
//! 5. Test against the real server if there is one, or else against the sandbox.

mod address;
pub mod bluesky;
pub mod connector;
pub mod descriptor;
#[cfg(test)]
mod documentation;
pub mod error;
pub mod facebook;
pub mod http;
pub mod instagram;
pub mod linkedin;
#[cfg(test)]
mod mangled;
pub mod mastodon;
mod meta;
pub mod pinterest;
pub mod rules;
mod step;
#[cfg(test)]
mod testing;
pub mod threads;
pub mod tiktok;
pub mod x;
pub mod youtube;

pub use connector::Connector;
pub use descriptor::Descriptor;
pub use error::{Certainty, ConnectError, ConnectReason, ErrorKind, NetworkError};
pub use http::{Net, NetConfig};

/// Makes [`Platform`] and [`connector()`] of one list: a line for each network.
macro_rules! networks {
    ($($(#[doc = $doc:literal])* $network:ident = $id:literal => $connector:path;)+) => {
        kernel::text_enum! {
            /// A social network.
            pub enum Platform {
                $($(#[doc = $doc])* $network = $id,)+
            }
        }

        /// The connector of a network.
        pub fn connector(platform: Platform) -> &'static dyn Connector {
            match platform {
                $(Platform::$network => &$connector,)+
            }
        }
    };
}

networks! {
    /// Bluesky, and every other server of the AT Protocol.
    Bluesky = "bluesky" => bluesky::Bluesky;
    /// Facebook: Pages.
    Facebook = "facebook" => facebook::Facebook;
    /// Instagram: professional accounts that are linked to a Page.
    Instagram = "instagram" => instagram::Instagram;
    /// LinkedIn, people and organisations.
    Linkedin = "linkedin" => linkedin::Linkedin;
    /// Mastodon, any instance.
    Mastodon = "mastodon" => mastodon::Mastodon;
    /// Pinterest.
    Pinterest = "pinterest" => pinterest::Pinterest;
    /// Threads.
    Threads = "threads" => threads::Threads;
    /// TikTok.
    Tiktok = "tiktok" => tiktok::Tiktok;
    /// X.
    X = "x" => x::X;
    /// YouTube.
    Youtube = "youtube" => youtube::Youtube;
}

impl Platform {
    /// The name that people know the network by.
    pub fn name(self) -> &'static str {
        connector(self).descriptor().name
    }
}

/// What every network can do.
pub fn descriptors() -> impl Iterator<Item = &'static Descriptor> {
    Platform::ALL
        .iter()
        .map(|platform| connector(*platform).descriptor())
}
