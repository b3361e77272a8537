//! Moves a whole installation from one engine to the other.
//!
//! Both sides are first brought to this program's migrations, so their tables are the same. Rows
//! travel as JSON arrays that the databases themselves write and read, in batches, so that memory
//! stays flat and no value passes through a type of ours that could bend it.

mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use kernel::TenantId;
use sqlx::AssertSqlSafe;

use self::table::Table;
use crate::{Db, Error, Result, Scope, Tx, sql, tx::Engine};

/// Rows that travel at once.
const BATCH: usize = 500;

sql! {
    TENANTS: System = "SELECT id FROM tenants ORDER BY id";
    IN_USE: System = "SELECT EXISTS (SELECT 1 FROM tenants) OR EXISTS (SELECT 1 FROM people)";
}

/// What was copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many tenants.
    pub tenants: usize,
    /// How many rows of each table, over all tenants; by the tables' names.
    pub rows: Vec<(String, u64)>,
}

/// Whether nobody has signed up yet: no tenants and no people. The system database must be
/// migrated.
pub async fn is_empty(db: &Db) -> Result<bool> {
    let (in_use,): (bool,) = db.read(Scope::System).await?.one(&IN_USE, ()).await?;
    Ok(!in_use)
}

/// Copies everything in `source` into the empty installation `target` on the other engine, and
/// migrates both. Nothing else may write to either meanwhile.
///
/// What was interrupted can be repeated: `target` counts as empty until the last commit.
///
/// # Errors
/// [`Error::SameEngine`] where both are SQLite or both PostgreSQL; [`Error::NotEmpty`] if
/// `target` [is in use](is_empty).
pub async fn all(source: &Db, target: &Db) -> Result<Report> {
    if source.engine_name() == target.engine_name() {
        return Err(Error::SameEngine(source.engine_name()));
    }
    source.migrate_system().await?;
    target.migrate_system().await?;
    if !is_empty(target).await? {
        return Err(Error::NotEmpty);
    }
    let tenants: Vec<(TenantId,)> = source.read(Scope::System).await?.all(&TENANTS, ()).await?;
    let mut rows = BTreeMap::new();
    for (tenant,) in &tenants {
        source.migrate_tenant(*tenant).await?;
        // An earlier copy may have been interrupted behind it.
        target.drop_tenant(*tenant).await?;
        target.create_tenant(*tenant).await?;
        database(source, target, Scope::Tenant(*tenant), &mut rows).await?;
    }
    database(source, target, Scope::System, &mut rows).await?;
    Ok(Report {
        tenants: tenants.len(),
        rows: rows.into_iter().collect(),
    })
}

/// Copies one database in one transaction.
async fn database(
    source: &Db,
    target: &Db,
    scope: Scope,
    rows: &mut BTreeMap<String, u64>,
) -> Result<()> {
    let mut from = source.read(scope).await?;
    if let Engine::Postgres(connection) = &mut from.engine {
        // Every table as it is at the same instant; on SQLite, that goes without saying.
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            .execute(&mut **connection)
            .await
            .map_err(|error| Error::of("copy", error))?;
    }
    let mut into = target.write(scope).await?;
    let tables = table::of(&mut from, &mut into).await?;
    // A system database that nobody uses has rows all the same: its key's mark, for one.
    for table in tables.iter().rev() {
        execute(&mut into, table.clear()).await?;
    }
    for table in &tables {
        let mut copied = 0;
        let mut batches = export(&mut from, table).try_chunks(BATCH);
        while let Some(batch) = batches.next().await {
            let batch = batch.map_err(|error| Error::of("copy", error.1))?;
            copied += import(&mut into, table, &batch).await?;
        }
        drop(batches);
        table.copy_counter(&mut from, &mut into).await?;
        *rows.entry(table.name.clone()).or_default() += copied;
    }
    into.commit().await
}

/// A table's rows, each as a JSON array.
fn export<'a>(tx: &'a mut Tx, table: &Table) -> BoxStream<'a, Result<String, sqlx::Error>> {
    match &mut tx.engine {
        Engine::Sqlite(connection, _) => {
            sqlx::query_scalar(AssertSqlSafe(table.export_sqlite())).fetch(&mut **connection)
        }
        Engine::Postgres(connection) => {
            sqlx::query_scalar(AssertSqlSafe(table.export_postgres())).fetch(&mut **connection)
        }
    }
}

/// Inserts a batch of rows and answers how many.
async fn import(tx: &mut Tx, table: &Table, rows: &[String]) -> Result<u64> {
    let batch = format!("[{}]", rows.join(","));
    match &mut tx.engine {
        Engine::Sqlite(connection, _) => sqlx::query(AssertSqlSafe(table.import_sqlite()))
            .bind(batch)
            .execute(&mut **connection)
            .await
            .map(|done| done.rows_affected()),
        Engine::Postgres(connection) => sqlx::query(AssertSqlSafe(table.import_postgres()))
            .bind(batch)
            .execute(&mut **connection)
            .await
            .map(|done| done.rows_affected()),
    }
    .map_err(|error| Error::of("copy", error))
}

async fn execute(tx: &mut Tx, sql: String) -> Result<()> {
    match &mut tx.engine {
        Engine::Sqlite(connection, _) => sqlx::query(AssertSqlSafe(sql))
            .execute(&mut **connection)
            .await
            .map(drop),
        Engine::Postgres(connection) => sqlx::query(AssertSqlSafe(sql))
            .execute(&mut **connection)
            .await
            .map(drop),
    }
    .map_err(|error| Error::of("copy", error))
}
