//! An installation with organisations, each with one connected account.

use std::path::{Path, PathBuf};

use futures::{StreamExt, TryStreamExt, stream};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;

use crate::{
    client::{Client, Tenant, When},
    report::progress,
    server::Server,
};

/// Requests under way while things are prepared.
const AT_ONCE: usize = 16;

/// Where an installation keeps its data.
#[derive(Clone, Debug)]
pub(crate) enum Engine {
    /// In files.
    Sqlite,
    /// In a new database of the server at this address.
    Postgres(String),
}

/// An installation on the disk; none of its servers need be running.
#[derive(Debug)]
pub(crate) struct Installation {
    /// The engine's name.
    pub(crate) engine: &'static str,
    /// Its organisations.
    pub(crate) tenants: Vec<Tenant>,
    binary: PathBuf,
    folder: TempDir,
    database: String,
    /// The PostgreSQL server and the name of its database.
    made: Option<(String, String)>,
}

/// An empty folder on the disk. `/tmp` may be in memory, where a durable write costs nothing.
pub(crate) fn folder() -> anyhow::Result<TempDir> {
    Ok(tempfile::Builder::new()
        .prefix("allin-bench.")
        .tempdir_in("/var/tmp")?)
}

impl Installation {
    /// Makes an installation with that many organisations, whose accounts are on `peer`.
    pub(crate) async fn prepare(
        binary: &Path,
        engine: &Engine,
        peer: &str,
        tenants: usize,
    ) -> anyhow::Result<Self> {
        let mut installation = Self {
            engine: match engine {
                Engine::Sqlite => "SQLite",
                Engine::Postgres(_) => "PostgreSQL",
            },
            tenants: Vec::new(),
            binary: binary.to_owned(),
            folder: folder()?,
            database: String::new(),
            made: None,
        };
        if let Engine::Postgres(url) = engine {
            let name = format!("allin_bench_{}", std::process::id());
            execute(url, format!("CREATE DATABASE {name}")).await?;
            let mut address = url::Url::parse(url)?;
            address.set_path(&name);
            installation.database = address.into();
            installation.made = Some((url.clone(), name));
        }
        progress(&format!(
            "{}: founding {tenants} organisations",
            installation.engine
        ));
        let server = installation.start(Some("api")).await?;
        let client = Client::new(&server.url)?;
        installation.tenants = stream::iter(0..tenants)
            .map(async |number| {
                let token = client.register(number).await?;
                let account = client.connect(&token, peer).await?;
                anyhow::Ok(Tenant { token, account })
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        server.stop().await?;
        Ok(installation)
    }

    /// Whether the data is in files of its own, rather than on a server of databases.
    pub(crate) fn is_embedded(&self) -> bool {
        self.made.is_none()
    }

    /// Starts a server of one role, or of all.
    pub(crate) async fn start(&self, role: Option<&str>) -> anyhow::Result<Server> {
        Server::start(&self.binary, self.folder.path(), &self.database, role).await
    }
    /// Gives every owner a new token: the first ones last only minutes.
    pub(crate) async fn log_in(&mut self, client: &Client) -> anyhow::Result<()> {
        let tokens: Vec<String> = stream::iter(0..self.tenants.len())
            .map(|number| client.log_in(number))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        for (tenant, token) in self.tenants.iter_mut().zip(tokens) {
            tenant.token = token;
        }
        Ok(())
    }

    /// Writes posts: for each its text and when it is due, the organisations in turn. Answers
    /// their ids.
    pub(crate) async fn write(
        &self,
        client: &Client,
        posts: impl IntoIterator<Item = (String, When)>,
    ) -> anyhow::Result<Vec<String>> {
        let posts = posts.into_iter().zip(self.tenants.iter().cycle());
        stream::iter(posts)
            .map(async |((text, when), tenant)| client.post(tenant, &text, when).await)
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    /// Deletes everything.
    pub(crate) async fn remove(self) -> anyhow::Result<()> {
        if let Some((url, name)) = self.made {
            execute(&url, format!("DROP DATABASE {name} WITH (FORCE)")).await?;
        }
        Ok(self.folder.close()?)
    }
}

async fn execute(url: &str, sql: String) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(url).await?;
    connection.execute(AssertSqlSafe(sql)).await?;
    Ok(connection.close().await?)
}
