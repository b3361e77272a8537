//! SQLite and PostgreSQL behind one transaction type: a database per tenant, one set of SQL.
//!
//! * [`Db`] opens the installation and hands out [`Tx`], always for a [`Scope`]: the system
//!   database, or one tenant's. No connection without a scope can be reached.
//! * [`sql!`] declares a statement once for both engines and registers it; the test
//!   `every_statement_prepares` prepares all of them on both.
//! * [`Select`] builds the few lists whose filters vary.
//! * [`outbox`] writes events in the transaction of the change that they tell of.
//! * [`testing`] gives a test a fresh, migrated database on each engine.
//!
//! ```ignore
//! store::sql! {
//!     RENAME: Tenant = "UPDATE posts SET title = $1, updated_at = $2 WHERE id = $3";
//! }
//! let mut tx = db.write(Scope::Tenant(tenant)).await?;
//! tx.execute(&RENAME, ("New title", env.now(), post_id)).await?;
//! tx.commit().await?;
//! ```
//!
//! To add a table: a file of the same name under `migrations/sqlite` and `migrations/postgres`,
//! in `system/` or `tenant/`. Ids are `BLOB` / `uuid`, times `INTEGER` / `timestamptz`, JSON
//! `TEXT` / `jsonb`, whole numbers `INTEGER` / `bigint`, enums text with a `CHECK`; SQLite's
//! tables are `STRICT`.

mod bind;
pub mod copy;
mod db;
mod error;
mod migrate;
pub mod outbox;
mod postgres;
mod select;
mod sqlite;
mod statement;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod tests;
mod tx;

pub use bind::{Bind, Value};
pub use db::{Db, Location, Scope};
pub use error::{Error, Result};
pub use select::Select;
pub use statement::{STATEMENTS, Set, Statement};
pub use tx::{Record, Tx};

pub use sqlx::{FromRow, types::Json};

// The `sql!` macro names it from other crates.
#[doc(hidden)]
pub use linkme;
