//! Fresh, migrated databases for tests, on both engines.
//!
//! They panic where a database can't be had: the test must fail then.
//!
//! PostgreSQL is the server that `ALLIN_TEST_POSTGRES_URL` names (`make test` starts one). A
//! template database is migrated once per version of the migrations and copied for each test.

#![expect(clippy::missing_panics_doc, reason = "said once, above")]

use std::{
    env,
    hash::{DefaultHasher, Hash, Hasher},
};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, postgres::PgConnectOptions};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Db, Location, migrate};

/// A database of one test. SQLite's folder goes with it.
#[derive(Debug)]
pub struct TestDb {
    /// The open, migrated installation.
    pub db: Db,
    /// Where it is.
    pub location: Location,
    _folder: Option<TempDir>,
}

/// A database on SQLite.
#[expect(
    clippy::expect_used,
    reason = "a test that can't have its database must fail"
)]
pub async fn sqlite() -> TestDb {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let location = Location::Sqlite(folder.path().to_owned());
    let db = Db::open(&location).await.expect("SQLite opens");
    db.migrate_system().await.expect("SQLite migrates");
    TestDb {
        db,
        location,
        _folder: Some(folder),
    }
}

/// A database on PostgreSQL, or `None` where no server was given.
#[expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't have its database must fail"
)]
pub async fn postgres() -> Option<TestDb> {
    let Ok(url) = env::var("ALLIN_TEST_POSTGRES_URL") else {
        assert!(
            env::var_os("ALLIN_TEST_REQUIRE").is_none(),
            "ALLIN_TEST_POSTGRES_URL is not set: run the tests by `make test`"
        );
        return None;
    };
    let options: PgConnectOptions = url
        .parse()
        .expect("ALLIN_TEST_POSTGRES_URL is a PostgreSQL address");
    let mut server = PgConnection::connect_with(&options)
        .await
        .expect("the test server answers");
    let template = template(&mut server, &url).await;
    let name = format!("allin_test_{}", fresh());
    server
        .execute(sqlx::raw_sql(AssertSqlSafe(format!(
            "CREATE DATABASE {name} TEMPLATE {template}"
        ))))
        .await
        .unwrap_or_else(|error| panic!("{name} could not be copied from {template}: {error}"));
    let location = Location::Postgres(with_database(&url, &name));
    let db = Db::open(&location).await.expect("PostgreSQL opens");
    Some(TestDb {
        db,
        location,
        _folder: None,
    })
}

/// A database on each engine that there is.
pub async fn both() -> Vec<TestDb> {
    let mut databases = vec![sqlite().await];
    databases.extend(postgres().await);
    databases
}

/// The name of the migrated template, made if this is the first test that needs it.
#[expect(
    clippy::expect_used,
    reason = "a test that can't have its database must fail"
)]
async fn template(server: &mut PgConnection, url: &str) -> String {
    let mut hasher = DefaultHasher::new();
    for migration in migrate::POSTGRES_SYSTEM.iter() {
        migration.checksum.hash(&mut hasher);
    }
    let name = format!("allin_template_{:x}", hasher.finish());
    // Tests run in processes of their own: the lock lets one of them make it.
    server
        .execute("SELECT pg_advisory_lock(4711)")
        .await
        .expect("the lock");
    let exists: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .bind(&name)
            .fetch_one(&mut *server)
            .await
            .expect("the catalogue");
    if !exists {
        let making = format!("allin_making_{}", fresh());
        server
            .execute(sqlx::raw_sql(AssertSqlSafe(format!(
                "CREATE DATABASE {making}"
            ))))
            .await
            .expect("a database");
        let db = Db::open(&Location::Postgres(with_database(url, &making)))
            .await
            .expect("it opens");
        db.migrate_system().await.expect("it migrates");
        db.close().await;
        server
            .execute(sqlx::raw_sql(AssertSqlSafe(format!(
                "ALTER DATABASE {making} RENAME TO {name}"
            ))))
            .await
            .expect("a name");
    }
    server
        .execute("SELECT pg_advisory_unlock(4711)")
        .await
        .expect("the lock");
    name
}

/// A name no other test has.
fn fresh() -> String {
    kernel::Env::system().uuid().simple().to_string()
}

/// The same address with another database.
#[expect(
    clippy::expect_used,
    reason = "a test that can't have its database must fail"
)]
fn with_database(url: &str, name: &str) -> String {
    let (before_query, query) = url
        .split_once('?')
        .map_or((url, None), |(u, q)| (u, Some(q)));
    let (server, _) = before_query
        .rsplit_once('/')
        .expect("the address names a database");
    query.map_or_else(
        || format!("{server}/{name}"),
        |query| format!("{server}/{name}?{query}"),
    )
}

/// A new tenant with a database.
#[expect(
    clippy::expect_used,
    reason = "a test that can't have its database must fail"
)]
pub async fn tenant(db: &Db) -> kernel::TenantId {
    let tenant = kernel::TenantId(Uuid::parse_str(&fresh()).expect("a UUID"));
    db.create_tenant(tenant).await.expect("a tenant's database");
    tenant
}

/// Prepares every statement of the running program on both engines and answers what failed.
///
/// Statements are registered at link time, so the test that calls it must be in the program (or
/// the test binary) that links every crate.
#[expect(
    clippy::expect_used,
    reason = "a test that can't have its database must fail"
)]
pub async fn statements_that_fail() -> Vec<String> {
    use crate::{STATEMENTS, Set};
    use sqlx::{PgPool, SqlSafeStr, SqlitePool};

    let mut failures = Vec::new();
    let sqlite = sqlite().await;
    let sqlite_tenant = tenant(&sqlite.db).await;
    let Location::Sqlite(folder) = &sqlite.location else {
        unreachable!("SQLite was asked for")
    };
    for (set, file) in [
        (Set::System, folder.join("system.db")),
        (
            Set::Tenant,
            folder.join("tenants").join(format!("{sqlite_tenant}.db")),
        ),
    ] {
        let pool = SqlitePool::connect(&format!("sqlite://{}", file.display()))
            .await
            .expect("it opens");
        for statement in STATEMENTS.iter().filter(|statement| statement.set == set) {
            if let Err(error) = (&pool).prepare(statement.sqlite.into_sql_str()).await {
                failures.push(format!("SQLite: {}: {error}", statement.name));
            }
        }
    }
    if let Some(postgres) = postgres().await {
        let tenant = tenant(&postgres.db).await;
        let Location::Postgres(url) = &postgres.location else {
            unreachable!("PostgreSQL was asked for")
        };
        for (set, schema) in [
            (Set::System, "system".to_owned()),
            (Set::Tenant, format!("t_{}", tenant.0.simple())),
        ] {
            let options: PgConnectOptions = url.parse().expect("an address");
            let pool = PgPool::connect_with(options.options([("search_path", schema)]))
                .await
                .expect("it opens");
            for statement in STATEMENTS.iter().filter(|statement| statement.set == set) {
                if let Err(error) = (&pool).prepare(statement.postgres.into_sql_str()).await {
                    failures.push(format!("PostgreSQL: {}: {error}", statement.name));
                }
            }
        }
    }
    failures
}
