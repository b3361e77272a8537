//! Tests of the whole program, through HTTP as typed users, on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod authorization;
mod bad_input;
mod crash;
mod edge;
mod files_ahead;
mod networks;
mod publishing;
mod quotas;
mod support;

#[tokio::test]
async fn every_statement_prepares_on_both_engines() {
    assert_eq!(
        store::testing::statements_that_fail().await,
        Vec::<String>::new()
    );
}
