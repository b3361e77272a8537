//! What Meta's networks share: the Graph API, v26.0. Written from developers.facebook.com, state
//! of September 2026: *Graph API: overview, error handling, rate limits*, *Facebook Login:
//! manually build a login flow*, *Long-lived access tokens*.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | `oauth` | how apps are let in |
//! | `refusal` | how Graph says no: codes and subcodes |
//! | `call` | a request to a node or an edge, read |
//! | `fields` | `fields=id,comments.limit(2){text}`: what of an object is wanted |
//! | `list` | lists in pages with cursors |
//! | `login` | who is logged in, the pages that he manages, and their tokens |
//! | `rupload` | videos, byte by byte |
//! | `file` | what a picture or a video is, as far as its first bytes tell |

pub(crate) mod call;
pub(crate) mod fields;
pub(crate) mod file;
pub(crate) mod list;
pub(crate) mod login;
pub(crate) mod oauth;
pub(crate) mod refusal;
pub(crate) mod rupload;
#[cfg(test)]
pub(crate) mod testing;

use kernel::Timestamp;

pub(crate) use call::{Call, Result};
pub(crate) use refusal::GraphError;

/// Graph's form of a time: `2026-09-05T14:33:01+0000`.
pub(crate) fn time(at: Timestamp) -> String {
    let text = format!("{:.0}", at.to_jiff());
    format!("{}+0000", text.trim_end_matches('Z'))
}
