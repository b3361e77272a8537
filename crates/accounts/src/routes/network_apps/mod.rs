//! The developer apps that accounts are connected with.

pub(super) mod list;
pub(super) mod remove;
pub(super) mod set;
pub(super) mod test;
