//! The embedded engine: `system.db`, and one file per tenant.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use kernel::TenantId;
use moka::future::Cache;
use sqlx::{
    SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Error, Result, Scope, Tx, migrate};

/// Tenant files kept open. Each costs a few threads and some page cache.
const OPEN_TENANTS: u64 = 128;
/// A tenant nobody asks for is closed after this long.
const IDLE: Duration = Duration::from_mins(5);
/// Readers of one file at once.
const READERS: u32 = 4;
/// How long a transaction waits for the file's one writer.
const WAIT: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(crate) struct SqliteEngine {
    folder: PathBuf,
    system: Arc<SqliteFile>,
    tenants: Cache<TenantId, Arc<SqliteFile>>,
}

/// One database file: one writer, a few readers.
#[derive(Debug)]
pub(crate) struct SqliteFile {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteFile {
    fn open(path: &Path, create: bool) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal)
            // A commit is on the disk when it is acknowledged: the journal of what was sent to a
            // network must survive a power cut, too.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(WAIT)
            .pragma("temp_store", "memory");
        let pool = |max| {
            SqlitePoolOptions::new()
                .max_connections(max)
                .acquire_timeout(WAIT)
                .idle_timeout(IDLE)
                .test_before_acquire(false)
        };
        Self {
            writer: pool(1).connect_lazy_with(options.clone()),
            readers: pool(READERS)
                .connect_lazy_with(options.create_if_missing(false).pragma("query_only", "on")),
        }
    }

    async fn migrate(&self, migrator: &Migrator, database: &str) -> Result<()> {
        let mut connection = self
            .writer
            .acquire()
            .await
            .map_err(|e| Error::of("open", e))?;
        migrate::run(migrator, &mut *connection, database).await
    }

    async fn read(self: Arc<Self>) -> Result<Tx> {
        let tx = self
            .readers
            .begin()
            .await
            .map_err(|error| Error::of("BEGIN", error))?;
        Ok(Tx::sqlite(tx, self))
    }

    async fn write(self: Arc<Self>) -> Result<Tx> {
        let tx = self
            .writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(|error| Error::of("BEGIN IMMEDIATE", error))?;
        Ok(Tx::sqlite(tx, self))
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl SqliteEngine {
    pub(crate) async fn open(folder: &Path) -> Result<Self> {
        let tenants = folder.join("tenants");
        tokio::fs::create_dir_all(&tenants)
            .await
            .map_err(|error| Error::of("create the data folder", error.into()))?;
        Ok(Self {
            folder: tenants,
            system: Arc::new(SqliteFile::open(&folder.join("system.db"), true)),
            tenants: Cache::builder()
                .max_capacity(OPEN_TENANTS)
                .time_to_idle(IDLE)
                .build(),
        })
    }

    pub(crate) async fn migrate_system(&self) -> Result<()> {
        self.system
            .migrate(&migrate::SQLITE_SYSTEM, "system database")
            .await
    }

    pub(crate) async fn applied_system_migrations(&self) -> Result<i64> {
        sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations")
            .fetch_one(&self.system.readers)
            .await
            .map_err(|error| Error::of("count migrations", error))
    }

    fn path(&self, tenant: TenantId) -> PathBuf {
        self.folder.join(format!("{tenant}.db"))
    }

    pub(crate) async fn create_tenant(&self, tenant: TenantId) -> Result<()> {
        let file = SqliteFile::open(&self.path(tenant), true);
        file.migrate(&migrate::SQLITE_TENANT, "new tenant's database")
            .await?;
        file.close().await;
        Ok(())
    }

    /// The tenant's file, opened and migrated at its first use.
    pub(crate) async fn tenant(&self, tenant: TenantId) -> Result<Arc<SqliteFile>> {
        if let Some(file) = self.tenants.get(&tenant).await {
            return Ok(file);
        }
        self.tenants
            .try_get_with(tenant, async {
                let path = self.path(tenant);
                if !tokio::fs::try_exists(&path).await.unwrap_or(false) {
                    return Err(Error::NoSuchTenant(tenant));
                }
                let file = SqliteFile::open(&path, false);
                file.migrate(
                    &migrate::SQLITE_TENANT,
                    &format!("database of tenant {tenant}"),
                )
                .await?;
                Ok(Arc::new(file))
            })
            .await
            .map_err(unshare)
    }

    pub(crate) async fn drop_tenant(&self, tenant: TenantId) -> Result<()> {
        if let Some(file) = self.tenants.remove(&tenant).await {
            file.close().await;
        }
        for suffix in ["", "-wal", "-shm"] {
            let mut path = self.path(tenant).into_os_string();
            path.push(suffix);
            match tokio::fs::remove_file(&path).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::of("remove a tenant's file", error.into()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn file(&self, scope: Scope) -> Result<Arc<SqliteFile>> {
        match scope {
            Scope::System => Ok(Arc::clone(&self.system)),
            Scope::Tenant(tenant) => self.tenant(tenant).await,
        }
    }

    pub(crate) async fn read(&self, scope: Scope) -> Result<Tx> {
        self.file(scope).await?.read().await
    }

    pub(crate) async fn write(&self, scope: Scope) -> Result<Tx> {
        self.file(scope).await?.write().await
    }

    pub(crate) async fn close(&self) {
        for (_, file) in &self.tenants {
            file.close().await;
        }
        self.system.close().await;
    }
}

/// Several callers may have waited for the same opening and all get its error: the first keeps
/// the error itself, the others hear that the database was not available.
fn unshare(error: Arc<Error>) -> Error {
    Arc::try_unwrap(error).unwrap_or_else(|shared| match &*shared {
        Error::NoSuchTenant(tenant) => Error::NoSuchTenant(*tenant),
        other => Error::Unavailable(sqlx::Error::Protocol(other.to_string())),
    })
}
