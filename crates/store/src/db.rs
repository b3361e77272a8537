//! An installation's databases.

use std::{path::PathBuf, sync::Arc};

use kernel::TenantId;
use tokio::sync::broadcast;

use crate::{Result, Tx, migrate, postgres::PostgresEngine, sqlite::SqliteEngine};

/// Where the databases are.
#[derive(Clone, Debug)]
pub enum Location {
    /// A folder with `system.db` and `tenants/<id>.db`.
    Sqlite(PathBuf),
    /// A PostgreSQL URL; schema `system` and a schema per tenant.
    Postgres(String),
}

/// Which database a transaction is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What is not a tenant's: people, tenants, wake-ups.
    System,
    /// One tenant's.
    Tenant(TenantId),
}

/// An installation's databases. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    engine: Arc<Engine>,
    changes: broadcast::Sender<TenantId>,
}

#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of it, in an `Arc`")]
enum Engine {
    Sqlite(SqliteEngine),
    Postgres(PostgresEngine),
}

impl Db {
    /// Opens the installation without migrating it.
    pub async fn open(location: &Location) -> Result<Self> {
        let engine = match location {
            Location::Sqlite(folder) => Engine::Sqlite(SqliteEngine::open(folder).await?),
            Location::Postgres(url) => Engine::Postgres(PostgresEngine::open(url).await?),
        };
        let (changes, _) = broadcast::channel(1024);
        Ok(Self {
            engine: Arc::new(engine),
            changes,
        })
    }

    /// Brings the system database to this program's version. Tenants follow when they are first
    /// used; [`Db::migrate_tenant`] does one now.
    pub async fn migrate_system(&self) -> Result<()> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.migrate_system().await,
            Engine::Postgres(engine) => engine.migrate_system().await,
        }
    }

    /// Whether the system database is at this program's version.
    pub async fn is_migrated(&self) -> Result<bool> {
        let applied = match &*self.engine {
            Engine::Sqlite(engine) => engine.applied_system_migrations().await?,
            Engine::Postgres(engine) => engine.applied_system_migrations().await?,
        };
        Ok(applied == migrate::system_migrations())
    }

    /// Makes an empty, migrated database for a new tenant. Repeating it does no harm.
    pub async fn create_tenant(&self, tenant: TenantId) -> Result<()> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.create_tenant(tenant).await,
            Engine::Postgres(engine) => engine.create_tenant(tenant).await,
        }
    }

    /// Brings a tenant's database to this program's version now rather than at its first use.
    pub async fn migrate_tenant(&self, tenant: TenantId) -> Result<()> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.tenant(tenant).await.map(drop),
            Engine::Postgres(engine) => engine.ready(tenant).await,
        }
    }

    /// Removes a tenant's database and all that is in it, for good.
    pub async fn drop_tenant(&self, tenant: TenantId) -> Result<()> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.drop_tenant(tenant).await,
            Engine::Postgres(engine) => engine.drop_tenant(tenant).await,
        }
    }

    /// A transaction that only reads: one consistent picture, in nobody's way.
    pub async fn read(&self, scope: Scope) -> Result<Tx> {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.read(scope).await,
            Engine::Postgres(engine) => engine.begin(scope, true).await,
        }
    }

    /// A transaction that writes.
    ///
    /// On SQLite it holds the database's one write lock from the start (`BEGIN IMMEDIATE`), so
    /// that what it reads can't be outdated when it writes: keep it short, and never speak to a
    /// network within it.
    pub async fn write(&self, scope: Scope) -> Result<Tx> {
        let tx = match &*self.engine {
            Engine::Sqlite(engine) => engine.write(scope).await?,
            Engine::Postgres(engine) => engine.begin(scope, false).await?,
        };
        Ok(match scope {
            Scope::System => tx,
            Scope::Tenant(tenant) => tx.announcing(tenant, self.changes.clone()),
        })
    }

    /// The tenants in which this process commits something, as it does.
    ///
    /// A hint to look at the tenant's outbox at once: other processes' commits are not told.
    pub fn changes(&self) -> broadcast::Receiver<TenantId> {
        self.changes.subscribe()
    }

    /// The engine's name, for people.
    pub fn engine_name(&self) -> &'static str {
        match *self.engine {
            Engine::Sqlite(_) => "SQLite",
            Engine::Postgres(_) => "PostgreSQL",
        }
    }

    /// Closes every connection, letting those in use finish.
    pub async fn close(&self) {
        match &*self.engine {
            Engine::Sqlite(engine) => engine.close().await,
            Engine::Postgres(engine) => engine.close().await,
        }
    }
}
