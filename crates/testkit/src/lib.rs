//! What the crates' tests share. Only tests use it.
//!
//! | name | what it is for |
//! |---|---|
//! | [`TestClock`] | a clock that a test sets, and the [`Env`](kernel::Env) on it |
//! | [`send`], [`Answer`] | a request to a capability's routes, without a server |
//!
//! Databases for tests are in `store::testing`, simulated networks in `sandbox`.

#![expect(
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here fails the test, as it should"
)]

mod api;
mod clock;

pub use api::{Answer, json_request, send};
pub use clock::TestClock;
