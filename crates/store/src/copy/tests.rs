//! An installation goes from SQLite to PostgreSQL and back, and is the same.

use std::{collections::BTreeMap, path::Path};

use kernel::{Env, Event, TenantId};
use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};
use uuid::Uuid;

use crate::{Db, Error, Location, Scope, copy, outbox, testing, testing::TestDb};

/// The tenant of the fixture.
const TENANT: TenantId = TenantId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_000a));

/// The database files of an installation: the system's, and the tenant's.
fn files(test: &TestDb) -> [String; 2] {
    let Location::Sqlite(folder) = &test.location else {
        panic!("not on SQLite")
    };
    let name = |path: &Path| path.to_str().unwrap().to_owned();
    [
        name(&folder.join("system.db")),
        name(&folder.join("tenants").join(format!("{TENANT}.db"))),
    ]
}

async fn open(file: &str) -> SqliteConnection {
    SqliteConnection::connect_with(
        &SqliteConnectOptions::new()
            .filename(file)
            .foreign_keys(true),
    )
    .await
    .unwrap()
}

/// An installation on SQLite with rows in every table.
async fn filled() -> TestDb {
    let test = testing::sqlite().await;
    test.db.create_tenant(TENANT).await.unwrap();
    let fixtures = [
        include_str!("fixture_system.sql"),
        include_str!("fixture_tenant.sql"),
    ];
    for (file, fixture) in files(&test).iter().zip(fixtures) {
        let mut connection = open(file).await;
        connection.execute(sqlx::raw_sql(fixture)).await.unwrap();
        connection.close().await.unwrap();
    }
    test
}

/// The columns of all tables, and whether each may be NULL.
async fn columns(connection: &mut SqliteConnection) -> Vec<(String, String, bool)> {
    sqlx::query_as(
        "SELECT tables.name, columns.name, \"notnull\" = 0 AND pk = 0
         FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
         WHERE tables.type = 'table' AND tables.name <> '_sqlx_migrations'
         ORDER BY tables.name, cid",
    )
    .fetch_all(connection)
    .await
    .unwrap()
}

/// Every row of every table, as SQLite writes literals.
async fn dump(test: &TestDb) -> Vec<String> {
    let mut rows = Vec::new();
    for file in files(test) {
        let mut connection = open(&file).await;
        let mut tables: BTreeMap<String, String> = BTreeMap::new();
        for (table, column, _) in columns(&mut connection).await {
            let row = tables.entry(table).or_default();
            row.extend([" || ' ' || quote(\"", &column, "\")"]);
        }
        for (table, row) in tables {
            let sql = format!("SELECT '{table}'{row} AS value FROM \"{table}\" ORDER BY value");
            let values: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_all(&mut connection)
                .await
                .unwrap();
            rows.extend(values);
        }
    }
    rows
}

#[tokio::test]
async fn the_fixture_has_every_kind_of_value() {
    for file in files(&filled().await) {
        let mut connection = open(&file).await;
        for (table, column, may_be_null) in columns(&mut connection).await {
            if table == "sqlite_sequence" {
                continue;
            }
            let sql = format!("SELECT count(*), count(\"{column}\") FROM \"{table}\"");
            let (rows, values): (i64, i64) = sqlx::query_as(AssertSqlSafe(sql))
                .fetch_one(&mut connection)
                .await
                .unwrap();
            let place = format!("{table}.{column}; see src/copy/fixture_*.sql");
            assert!(values > 0, "no value in {place}");
            assert!(!may_be_null || values < rows, "no NULL in {place}");
        }
    }
}

#[tokio::test]
async fn a_copy_there_and_back_changes_nothing() {
    let Some(middle) = testing::postgres().await else {
        return;
    };
    let (start, end) = (filled().await, testing::sqlite().await);
    assert!(copy::is_empty(&middle.db).await.unwrap());

    let there = copy::all(&start.db, &middle.db).await.unwrap();
    assert!(!copy::is_empty(&middle.db).await.unwrap());
    let back = copy::all(&middle.db, &end.db).await.unwrap();

    assert_eq!(there, back);
    assert_eq!(there.tenants, 1);
    assert!(there.rows.contains(&("idempotency_keys".to_owned(), 1202)));
    // Leases are the source's workers'.
    let [system, tenant] = files(&start);
    for (file, table) in [
        (&system, "wakeups"),
        (&tenant, "publish_jobs"),
        (&tenant, "renditions"),
    ] {
        let sql = format!("UPDATE {table} SET lease_until = 0 WHERE lease_until IS NOT NULL");
        open(file).await.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    let (before, after) = (dump(&start).await, dump(&end).await);
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
    assert_eq!(before.len(), after.len());
}

async fn events(db: &Db) -> Vec<(i64, Event)> {
    let mut tx = db.read(Scope::Tenant(TENANT)).await.unwrap();
    outbox::read_after(&mut tx, 0, 100).await.unwrap()
}

#[tokio::test]
async fn the_program_reads_the_same_on_both_sides_and_counts_on() {
    let Some(target) = testing::postgres().await else {
        return;
    };
    let (source, env) = (filled().await, Env::system());
    copy::all(&source.db, &target.db).await.unwrap();
    assert_eq!(events(&source.db).await, events(&target.db).await);

    for test in [&source, &target] {
        let event = Event {
            id: env.uuid(),
            ..events(&test.db).await[0].1.clone()
        };
        let mut tx = test.db.write(Scope::Tenant(TENANT)).await.unwrap();
        outbox::append(&mut tx, &[event]).await.unwrap();
        // Three are given out; the third was deleted.
        assert_eq!(
            outbox::last(&mut tx).await.unwrap(),
            4,
            "{}",
            test.db.engine_name()
        );
    }
}

#[tokio::test]
async fn an_interrupted_copy_can_be_repeated() {
    let Some(target) = testing::postgres().await else {
        return;
    };
    let source = filled().await;
    let [system, _] = files(&source);
    let mut connection = open(&system).await;
    // A tenant without a database, behind the good one.
    let broken = "INSERT INTO tenants
                  VALUES (x'ffffffffffffffffffffffffffffffff', 'B', 'b', 'UTC', 60, 1, 2)";
    connection.execute(broken).await.unwrap();

    let error = copy::all(&source.db, &target.db).await.unwrap_err();
    assert!(matches!(error, Error::NoSuchTenant(_)), "{error}");
    assert!(copy::is_empty(&target.db).await.unwrap());

    connection
        .execute("DELETE FROM tenants WHERE slug = 'b'")
        .await
        .unwrap();
    copy::all(&source.db, &target.db).await.unwrap();
    assert_eq!(events(&source.db).await, events(&target.db).await);
}

#[tokio::test]
async fn what_a_copy_can_not_do_is_refused() {
    let (source, target) = (filled().await, testing::sqlite().await);
    let error = copy::all(&source.db, &target.db).await.unwrap_err();
    assert!(matches!(error, Error::SameEngine("SQLite")), "{error}");

    let Some(target) = testing::postgres().await else {
        return;
    };
    copy::all(&source.db, &target.db).await.unwrap();
    let error = copy::all(&source.db, &target.db).await.unwrap_err();
    assert!(matches!(error, Error::NotEmpty), "{error}");
}
