//! The scaling engine: schema `system`, and one schema per tenant.

use std::{collections::HashSet, str::FromStr, sync::Mutex, time::Duration};

use kernel::TenantId;
use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{Error, Result, Scope, Tx, migrate};

/// Connections of one process.
const CONNECTIONS: u32 = 20;
/// How long a transaction waits for one of them.
const WAIT: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(crate) struct PostgresEngine {
    pool: PgPool,
    /// Migrations run on connections of their own: they set the search path for their session.
    options: PgConnectOptions,
    /// Tenants known to be at this program's version.
    ready: Mutex<HashSet<TenantId>>,
}

/// The tenant's schema. An id is hexadecimal, so the name needs no quoting.
fn schema(scope: Scope) -> String {
    match scope {
        Scope::System => "system".to_owned(),
        Scope::Tenant(tenant) => format!("t_{}", tenant.0.simple()),
    }
}

impl PostgresEngine {
    pub(crate) async fn open(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)
            .map_err(|error| Error::of("read the database address", error))?
            .application_name("allin");
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(WAIT)
            .test_before_acquire(false)
            .connect_with(options.clone())
            .await
            .map_err(|error| Error::of("connect", error))?;
        Ok(Self {
            pool,
            options,
            ready: Mutex::default(),
        })
    }

    async fn migrate(&self, scope: Scope, migrator: &Migrator, create: bool) -> Result<()> {
        let failed = |error| Error::of("migrate", error);
        let schema = schema(scope);
        let mut connection = PgConnection::connect_with(&self.options)
            .await
            .map_err(failed)?;
        if create {
            // Two processes that start at once would both find it missing; the lock serialises them.
            let sql = format!(
                "BEGIN; SELECT pg_advisory_xact_lock(hashtext('{schema}')); \
                 CREATE SCHEMA IF NOT EXISTS {schema}; COMMIT"
            );
            connection
                .execute(sqlx::raw_sql(AssertSqlSafe(sql)))
                .await
                .map_err(failed)?;
        } else if !self.exists(&mut connection, &schema).await? {
            return Err(match scope {
                Scope::System => Error::Unavailable(sqlx::Error::RowNotFound),
                Scope::Tenant(tenant) => Error::NoSuchTenant(tenant),
            });
        }
        connection
            .execute(sqlx::raw_sql(AssertSqlSafe(format!(
                "SET search_path TO {schema}"
            ))))
            .await
            .map_err(failed)?;
        migrate::run(migrator, &mut connection, &format!("schema {schema}")).await?;
        connection.close().await.map_err(failed)
    }

    async fn exists(&self, connection: &mut PgConnection, schema: &str) -> Result<bool> {
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)")
            .bind(schema)
            .fetch_one(connection)
            .await
            .map_err(|error| Error::of("look for a schema", error))
    }

    pub(crate) async fn migrate_system(&self) -> Result<()> {
        self.migrate(Scope::System, &migrate::POSTGRES_SYSTEM, true)
            .await
    }

    pub(crate) async fn applied_system_migrations(&self) -> Result<i64> {
        sqlx::query_scalar("SELECT count(*) FROM system._sqlx_migrations")
            .fetch_one(&self.pool)
            .await
            .map_err(|error| Error::of("count migrations", error))
    }

    pub(crate) async fn create_tenant(&self, tenant: TenantId) -> Result<()> {
        self.migrate(Scope::Tenant(tenant), &migrate::POSTGRES_TENANT, true)
            .await?;
        self.mark_ready(tenant, true);
        Ok(())
    }

    /// Migrates the tenant at its first use in this process.
    pub(crate) async fn ready(&self, tenant: TenantId) -> Result<()> {
        if self.with_ready(|ready| ready.contains(&tenant)) {
            return Ok(());
        }
        self.migrate(Scope::Tenant(tenant), &migrate::POSTGRES_TENANT, false)
            .await?;
        self.mark_ready(tenant, true);
        Ok(())
    }

    fn with_ready<T>(&self, work: impl FnOnce(&mut HashSet<TenantId>) -> T) -> T {
        work(
            &mut self
                .ready
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }

    fn mark_ready(&self, tenant: TenantId, is: bool) {
        self.with_ready(|ready| {
            if is {
                ready.insert(tenant)
            } else {
                ready.remove(&tenant)
            }
        });
    }

    pub(crate) async fn drop_tenant(&self, tenant: TenantId) -> Result<()> {
        self.mark_ready(tenant, false);
        let sql = format!(
            "DROP SCHEMA IF EXISTS {} CASCADE",
            schema(Scope::Tenant(tenant))
        );
        self.pool
            .execute(sqlx::raw_sql(AssertSqlSafe(sql)))
            .await
            .map(drop)
            .map_err(|error| Error::of("drop a schema", error))
    }

    pub(crate) async fn begin(&self, scope: Scope, read_only: bool) -> Result<Tx> {
        if let Scope::Tenant(tenant) = scope {
            self.ready(tenant).await?;
        }
        let mode = if read_only {
            "BEGIN READ ONLY"
        } else {
            "BEGIN"
        };
        // One round trip: the transaction never exists without its scope.
        let begin = format!("{mode}; SET LOCAL search_path TO {}", schema(scope));
        let tx = self
            .pool
            .begin_with(AssertSqlSafe(begin))
            .await
            .map_err(|error| Error::of("BEGIN", error))?;
        Ok(Tx::postgres(tx))
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}
