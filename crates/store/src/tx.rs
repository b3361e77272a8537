//! A transaction, on either engine.

use std::sync::Arc;

use kernel::TenantId;
use sqlx::{
    AssertSqlSafe, FromRow, Postgres, Sqlite, Transaction,
    postgres::{PgArguments, PgRow},
    sqlite::{SqliteArguments, SqliteRow},
};
use tokio::sync::broadcast;

use crate::{
    Error, Result, Select, Statement,
    bind::{Args, Bind},
    sqlite::SqliteFile,
};

/// A row type that both engines can give. `#[derive(store::FromRow)]` makes one.
pub trait Record:
    Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>
{
}

impl<T> Record for T where
    T: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>
{
}

/// A transaction on the system database or on one tenant's. Dropped without
/// [`commit`](Self::commit), it leaves no trace.
pub struct Tx {
    pub(crate) engine: Engine,
    announce: Option<(TenantId, broadcast::Sender<TenantId>)>,
}

pub(crate) enum Engine {
    /// The file is held so that it is not closed under the transaction.
    Sqlite(Transaction<'static, Sqlite>, Arc<SqliteFile>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs one query on whichever engine; `$how` is the fetching method.
macro_rules! run {
    ($tx:expr, $statement:expr, $args:expr, $query:ident, $how:ident) => {{
        let args = $tx
            .args($args)
            .map_err(|error| Error::of($statement.name, error))?;
        match (&mut $tx.engine, args) {
            (Engine::Sqlite(connection, _), Args::Sqlite(args)) => {
                sqlx::$query($statement.sqlite, args)
                    .$how(&mut **connection)
                    .await
            }
            (Engine::Postgres(connection), Args::Postgres(args)) => {
                sqlx::$query($statement.postgres, args)
                    .$how(&mut **connection)
                    .await
            }
            _ => Err(MIXED_ENGINES()),
        }
        .map_err(|error| Error::of($statement.name, error))
    }};
}

#[expect(
    non_snake_case,
    reason = "reads as a constant; sqlx errors can't be one"
)]
fn MIXED_ENGINES() -> sqlx::Error {
    sqlx::Error::Protocol("arguments were made for the other engine".to_owned())
}

impl Tx {
    pub(crate) fn sqlite(transaction: Transaction<'static, Sqlite>, file: Arc<SqliteFile>) -> Self {
        Self {
            engine: Engine::Sqlite(transaction, file),
            announce: None,
        }
    }

    pub(crate) fn postgres(transaction: Transaction<'static, Postgres>) -> Self {
        Self {
            engine: Engine::Postgres(transaction),
            announce: None,
        }
    }

    pub(crate) fn announcing(mut self, tenant: TenantId, to: broadcast::Sender<TenantId>) -> Self {
        self.announce = Some((tenant, to));
        self
    }

    fn args(&self, values: impl Bind) -> Result<Args, sqlx::Error> {
        let mut args = self.no_args();
        values.fill(&mut args)?;
        Ok(args)
    }

    fn no_args(&self) -> Args {
        match self.engine {
            Engine::Sqlite(..) => Args::Sqlite(SqliteArguments::default()),
            Engine::Postgres(_) => Args::Postgres(PgArguments::default()),
        }
    }

    /// Runs a statement and answers how many rows it touched.
    pub async fn execute(&mut self, statement: &'static Statement, args: impl Bind) -> Result<u64> {
        let args = self
            .args(args)
            .map_err(|error| Error::of(statement.name, error))?;
        match (&mut self.engine, args) {
            (Engine::Sqlite(connection, _), Args::Sqlite(args)) => {
                sqlx::query_with(statement.sqlite, args)
                    .execute(&mut **connection)
                    .await
                    .map(|done| done.rows_affected())
            }
            (Engine::Postgres(connection), Args::Postgres(args)) => {
                sqlx::query_with(statement.postgres, args)
                    .execute(&mut **connection)
                    .await
                    .map(|done| done.rows_affected())
            }
            _ => Err(MIXED_ENGINES()),
        }
        .map_err(|error| Error::of(statement.name, error))
    }

    /// Runs a statement that must touch exactly one row.
    pub async fn execute_one(
        &mut self,
        statement: &'static Statement,
        args: impl Bind,
    ) -> Result<()> {
        match self.execute(statement, args).await? {
            1 => Ok(()),
            rows => Err(Error::NotOneRow {
                statement: statement.name,
                rows,
            }),
        }
    }

    /// Every row.
    pub async fn all<R: Record>(
        &mut self,
        statement: &'static Statement,
        args: impl Bind,
    ) -> Result<Vec<R>> {
        run!(self, statement, args, query_as_with, fetch_all)
    }

    /// The row, if there is one.
    pub async fn optional<R: Record>(
        &mut self,
        statement: &'static Statement,
        args: impl Bind,
    ) -> Result<Option<R>> {
        run!(self, statement, args, query_as_with, fetch_optional)
    }

    /// The row, which must be there.
    pub async fn one<R: Record>(
        &mut self,
        statement: &'static Statement,
        args: impl Bind,
    ) -> Result<R> {
        self.optional(statement, args)
            .await?
            .ok_or(Error::NotOneRow {
                statement: statement.name,
                rows: 0,
            })
    }

    /// Starts a list whose filters vary; `base` ends before `WHERE`.
    pub fn select(&self, base: &'static str) -> Select {
        Select::new(base, self.no_args())
    }

    /// The rows of a built list.
    pub async fn list<R: Record>(&mut self, select: Select) -> Result<Vec<R>> {
        let (name, sql, args) = select.into_parts()?;
        match (&mut self.engine, args) {
            (Engine::Sqlite(connection, _), Args::Sqlite(args)) => {
                sqlx::query_as_with(AssertSqlSafe(sql), args)
                    .fetch_all(&mut **connection)
                    .await
            }
            (Engine::Postgres(connection), Args::Postgres(args)) => {
                sqlx::query_as_with(AssertSqlSafe(sql), args)
                    .fetch_all(&mut **connection)
                    .await
            }
            _ => Err(MIXED_ENGINES()),
        }
        .map_err(|error| Error::of(name, error))
    }

    /// Makes everything done in it last, then tells those who follow the tenant's outbox.
    pub async fn commit(self) -> Result<()> {
        match self.engine {
            Engine::Sqlite(transaction, _file) => transaction.commit().await,
            Engine::Postgres(transaction) => transaction.commit().await,
        }
        .map_err(|error| Error::of("COMMIT", error))?;
        if let Some((tenant, announce)) = self.announce {
            // No listener is fine: whoever comes later reads the outbox from its cursor.
            let _ = announce.send(tenant);
        }
        Ok(())
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.engine {
            Engine::Sqlite(..) => "Tx(SQLite)",
            Engine::Postgres(_) => "Tx(PostgreSQL)",
        })
    }
}
