//! Posts, as far as they do not touch a schedule; the rest is publishing's.

pub(super) mod count;
pub(super) mod duplicate;
pub(super) mod get;
pub(super) mod list;
pub(super) mod preflight;
pub(super) mod preflight_stored;
mod query;
