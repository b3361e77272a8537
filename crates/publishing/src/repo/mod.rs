//! The crate's SQL, and nobody else's tables.
//!
//! The statements of the hot path take whole batches, as a JSON array in `$1`: one statement, one
//! round trip and one commit for hundreds of posts.

pub(crate) mod history;
pub(crate) mod jobs;
pub(crate) mod steps;

use uuid::Uuid;

/// An id as the batch statements read it: hexadecimal digits without hyphens.
fn hex(id: Uuid) -> String {
    id.simple().to_string()
}
