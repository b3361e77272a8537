//! The social networks: what each can do, and how AllIN speaks to it.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | [`descriptor`] | what a network can do, as data: limits, fields of its connect form |
//! | [`connector`] | [`Connector`], the trait that every network implements, and its values |
//! | [`rules`] | preflight: every problem of a post for a network, before it is sent |
//! | [`error`] | what can go wrong, for the person and for the operator |
//! | [`http`] | [`Net`], the only way out, which can't be led into the private network |
//! | [`bluesky`], [`mastodon`] | one folder per network |
//!
//! # To add a network
//!
//! 1. Add a line to [`Platform`], with its name.
//! 2. Make a folder with the same files as the others have: `mod.rs` (the [`Descriptor`] and the
//!    trait, which hands on), `auth.rs` (connecting), `publish.rs` (the steps), `text.rs` (what
//!    counts as a character, what is a link), `error.rs` (one `parse_error`), `tests.rs`. Cite the
//!    network's documentation, with its date, in each.
//! 3. Name it in [`connector()`]; the compiler insists. Nothing else in AllIN knows networks by
//!    name: preflight, the composer and the documentation read the descriptor.
//! 4. Decide for each public step how a lost answer is found again: by a key of our own, as on
//!    Bluesky; or by looking through the account's posts, as on Mastodon.
//! 5. Test against the real server if there is one, or else against the sandbox.

mod address;
pub mod bluesky;
pub mod connector;
pub mod descriptor;
pub mod error;
pub mod http;
pub mod mastodon;
pub mod rules;
mod step;
#[cfg(test)]
mod testing;

pub use connector::Connector;
pub use descriptor::{Descriptor, Limits, Platform};
pub use error::{Certainty, ConnectError, ConnectReason, ErrorKind, NetworkError};
pub use http::{Net, NetConfig};

/// The connector of a network.
pub fn connector(platform: Platform) -> &'static dyn Connector {
    match platform {
        Platform::Bluesky => &bluesky::Bluesky,
        Platform::Mastodon => &mastodon::Mastodon,
    }
}

/// What every network can do.
pub fn descriptors() -> impl Iterator<Item = &'static Descriptor> {
    Platform::ALL
        .iter()
        .map(|platform| connector(*platform).descriptor())
}
