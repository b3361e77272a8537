//! What became of a published post on its network.

pub(super) mod get_live_post;
pub(super) mod get_numbers;
pub(super) mod hide_comment;
pub(super) mod list_comments;
pub(super) mod reply_to_comment;
