//! The tables of a migrated database, and the SQL that writes and reads their rows as JSON.
//!
//! Every name comes from the catalogue that our own migrations made.

use sqlx::{FromRow, PgConnection, SqliteConnection};

use crate::{Error, Result, Tx, tx::Engine};

/// A table of both engines.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: String,
    columns: Vec<Column>,
}

/// A column, as PostgreSQL has it: SQLite's types say less.
#[derive(Debug, FromRow)]
struct Column {
    name: String,
    data_type: String,
    /// Whether the database counts its values by itself.
    is_counter: bool,
}

/// The tables of a database that both transactions are on, parents before children.
pub(super) async fn of(one: &mut Tx, other: &mut Tx) -> Result<Vec<Table>> {
    let (sqlite, postgres) = both(one, other)?;
    // The order of creation: a table can refer only to what was there before it.
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema
         WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
           AND name <> '_sqlx_migrations' ORDER BY rowid",
    )
    .fetch_all(sqlite)
    .await
    .map_err(|error| Error::of("list tables", error))?;
    let mut tables = Vec::with_capacity(names.len());
    for name in names {
        let columns = sqlx::query_as(
            "SELECT attname::text AS name, format_type(atttypid, NULL) AS data_type,
                    attidentity <> '' AS is_counter
             FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
             ORDER BY attnum",
        )
        .bind(&name)
        .fetch_all(&mut *postgres)
        .await
        .map_err(|error| Error::of("list columns", error))?;
        tables.push(Table { name, columns });
    }
    Ok(tables)
}

/// The connections of two transactions on different engines, SQLite's first.
fn both<'a>(
    one: &'a mut Tx,
    other: &'a mut Tx,
) -> Result<(&'a mut SqliteConnection, &'a mut PgConnection)> {
    match (&mut one.engine, &mut other.engine) {
        (Engine::Sqlite(sqlite, _), Engine::Postgres(postgres))
        | (Engine::Postgres(postgres), Engine::Sqlite(sqlite, _)) => Ok((sqlite, postgres)),
        (Engine::Sqlite(..), _) => Err(Error::SameEngine("SQLite")),
        (Engine::Postgres(_), _) => Err(Error::SameEngine("PostgreSQL")),
    }
}

impl Table {
    pub(super) fn clear(&self) -> String {
        format!("DELETE FROM \"{}\"", self.name)
    }

    pub(super) fn export_sqlite(&self) -> String {
        let values = self.each(|_, column| column.export_sqlite());
        format!("SELECT json_array({values}) FROM \"{}\"", self.name)
    }

    pub(super) fn export_postgres(&self) -> String {
        let values = self.each(|_, column| column.export_postgres());
        format!(
            "SELECT json_build_array({values})::text FROM \"{}\"",
            self.name
        )
    }

    pub(super) fn import_sqlite(&self) -> String {
        let names = self.each(|_, column| format!("\"{}\"", column.name));
        let values = self.each(|index, column| column.import_sqlite(index));
        format!(
            "INSERT INTO \"{}\" ({names}) SELECT {values} FROM jsonb_each($1)",
            self.name
        )
    }

    pub(super) fn import_postgres(&self) -> String {
        let names = self.each(|_, column| format!("\"{}\"", column.name));
        let values = self.each(|index, column| column.import_postgres(index));
        format!(
            "INSERT INTO \"{}\" ({names}) SELECT {values} FROM jsonb_array_elements($1::jsonb)",
            self.name
        )
    }

    fn each(&self, text: impl Fn(usize, &Column) -> String) -> String {
        let texts: Vec<String> = self
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| text(index, column))
            .collect();
        texts.join(", ")
    }

    /// Lets the database count on from where the other one was. The largest number in the table
    /// does not tell: rows are deleted, and whoever follows them has seen their numbers.
    pub(super) async fn copy_counter(&self, from: &mut Tx, into: &mut Tx) -> Result<()> {
        let Some(column) = self.columns.iter().find(|column| column.is_counter) else {
            return Ok(());
        };
        let from_sqlite = matches!(from.engine, Engine::Sqlite(..));
        let (sqlite, postgres) = both(from, into)?;
        let copied = if from_sqlite {
            self.counter_to_postgres(column, sqlite, postgres).await
        } else {
            self.counter_to_sqlite(column, postgres, sqlite).await
        };
        copied.map_err(|error| Error::of("copy a counter", error))
    }

    async fn counter_to_postgres(
        &self,
        column: &Column,
        from: &mut SqliteConnection,
        into: &mut PgConnection,
    ) -> Result<(), sqlx::Error> {
        let last: Option<i64> =
            sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = $1")
                .bind(&self.name)
                .fetch_optional(from)
                .await?;
        if let Some(last) = last.filter(|last| *last > 0) {
            sqlx::query("SELECT setval(pg_get_serial_sequence($1, $2), $3)")
                .bind(&self.name)
                .bind(&column.name)
                .bind(last)
                .execute(into)
                .await?;
        }
        Ok(())
    }

    async fn counter_to_sqlite(
        &self,
        column: &Column,
        from: &mut PgConnection,
        into: &mut SqliteConnection,
    ) -> Result<(), sqlx::Error> {
        let last: Option<i64> = sqlx::query_scalar(
            "SELECT pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass)",
        )
        .bind(&self.name)
        .bind(&column.name)
        .fetch_one(from)
        .await?;
        // SQLite's table of counters has no unique key to meet a conflict on.
        sqlx::query("DELETE FROM sqlite_sequence WHERE name = $1")
            .bind(&self.name)
            .execute(&mut *into)
            .await?;
        sqlx::query("INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)")
            .bind(&self.name)
            .bind(last.unwrap_or(0))
            .execute(into)
            .await?;
        Ok(())
    }
}

impl Column {
    /// A lease belongs to a worker of the source: at the target it has run out.
    fn is_lease(&self) -> bool {
        self.name == "lease_until"
    }

    fn export_sqlite(&self) -> String {
        let column = format!("\"{}\"", self.name);
        match self.data_type.as_str() {
            _ if self.is_lease() => format!("CASE WHEN {column} IS NOT NULL THEN 0 END"),
            "uuid" | "bytea" => format!("CASE WHEN {column} IS NOT NULL THEN hex({column}) END"),
            _ => column,
        }
    }

    fn export_postgres(&self) -> String {
        let column = format!("\"{}\"", self.name);
        match self.data_type.as_str() {
            _ if self.is_lease() => format!("CASE WHEN {column} IS NOT NULL THEN 0 END"),
            "uuid" => format!("replace({column}::text, '-', '')"),
            "bytea" => format!("encode({column}, 'hex')"),
            // `extract` is exact: it answers a numeric with six places.
            "timestamp with time zone" => {
                format!("(extract(epoch FROM {column}) * 1000000)::bigint")
            }
            "boolean" => format!("{column}::int"),
            "jsonb" => format!("{column}::text"),
            _ => column,
        }
    }

    fn import_sqlite(&self, index: usize) -> String {
        match self.data_type.as_str() {
            "uuid" | "bytea" => format!("unhex(value ->> {index})"),
            _ => format!("value ->> {index}"),
        }
    }

    fn import_postgres(&self, index: usize) -> String {
        let value = format!("(value ->> {index})");
        match self.data_type.as_str() {
            "bytea" => format!("decode({value}, 'hex')"),
            // In two parts, each of which a double precision factor holds exactly.
            "timestamp with time zone" => format!(
                "'epoch'::timestamptz + {value}::bigint / 1000000 * interval '1 second' \
                 + {value}::bigint % 1000000 * interval '1 microsecond'"
            ),
            "boolean" => format!("{value}::int::boolean"),
            other => format!("{value}::{other}"),
        }
    }
}
