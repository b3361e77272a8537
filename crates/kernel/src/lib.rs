//! The vocabulary that every other crate speaks. It holds no I/O.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | [`env`] | the clock and the randomness, which are always passed in |
//! | [`time`] | [`Timestamp`], the one representation of an instant |
//! | [`id`] | typed UUIDv7 ids and the [`id!`] macro that makes them |
//! | [`text_enum`] | the [`text_enum!`] macro: an enum that is text in JSON and in SQL |
//! | [`problem`] | [`Problem`], the only error a caller ever sees, and its catalogue of codes |
//! | [`permission`] | roles, permissions and the one table that connects them |
//! | [`caller`] | [`Caller`], who asks, for which tenant, with which rights |
//! | [`event`] | [`Event`], what happened, as other capabilities and the UI hear it |
//! | [`page`] | paging of lists |
//!
//! To add an id type, write `id!(/// docs \n ThingId)`; to add an error code, add a line to
//! [`problem::Code`]; to add a right, add a line to [`permission::Permission`] and to its table.

// The macros below name this crate by the name that other crates know it by.
extern crate self as kernel;

pub mod caller;
pub mod env;
pub mod event;
pub mod id;
pub mod page;
pub mod permission;
pub mod problem;
pub mod text_enum;
pub mod time;

pub use caller::{Caller, Via};
pub use env::{Clock, Entropy, Env};
pub use event::Event;
pub use id::{ApiTokenId, PersonId, SessionId, TenantId};
pub use page::{Page, PageRequest, Pagination};
pub use permission::{Permission, Role};
pub use problem::{Code, FieldProblem, Fields, Problem};
pub use time::Timestamp;

// The macros name these from other crates.
#[doc(hidden)]
pub use {serde, sqlx, utoipa, uuid};
