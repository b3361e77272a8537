//! Every setting, and its default.

mod sources;

use std::{
    collections::BTreeMap,
    env,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::bail;
use identity::Registration;
use serde::{Deserialize, Serialize};
use store::Location;
use url::Url;

use crate::networks::Network;

/// Every setting.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The HTTP server.
    pub server: Server,
    /// Where files are kept.
    pub data: Data,
    /// The database.
    pub database: Database,
    /// The keys.
    pub vault: VaultConfig,
    /// The media library.
    pub media: Media,
    /// Who may do what.
    pub security: Security,
    /// Rate limits.
    pub limits: Limits,
    /// Logs.
    pub log: Log,
    /// The networks, by name.
    pub networks: BTreeMap<networks::Platform, Network>,
}

/// The HTTP server.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Where to listen.
    pub listen: SocketAddr,
    /// How people reach the server; empty: `http://` and `listen`.
    pub public_url: Option<Url>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Other origins whose pages may call the API.
    pub allowed_origins: Vec<String>,
    /// Whether `/metrics` is served.
    pub metrics: bool,
}

/// Where files are kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// The folder of databases, media and keys.
    pub dir: PathBuf,
}

/// The database.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `postgres://…`; empty: embedded SQLite in `data.dir`.
    pub url: String,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address holds a password.
        f.write_str(if self.url.is_empty() {
            "Database(SQLite)"
        } else {
            "Database(PostgreSQL)"
        })
    }
}

/// The keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaultConfig {
    /// The key file; empty: `keys/master.key` in `data.dir`. All processes of an installation
    /// need the same one.
    pub key_file: Option<PathBuf>,
}

/// The media library.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Media {
    /// The folder of uploaded files; empty: `media` in `data.dir`.
    pub dir: Option<PathBuf>,
    /// Megabytes of one image, at most.
    pub max_image_mb: u64,
    /// Megabytes of one video, at most.
    pub max_video_mb: u64,
    /// Megabytes of any other file, at most.
    pub max_document_mb: u64,
    /// Days for which a file made for a network is kept after its last use.
    pub keep_renditions_days: u64,
}

/// Who may do what.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// Whether addresses that users give may be loopback or private.
    pub allow_private_targets: bool,
    /// Who may register: `open`, `first_only` or `invite_only`.
    pub registration: Registration,
}

/// Requests a minute; 0 switches a limit off.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Of one person.
    pub requests_per_person: u32,
    /// Of one address, over everybody behind it.
    pub requests_per_address: u32,
}

/// Logs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// A `tracing` filter: `info`, `debug`, `info,publishing=debug`.
    pub filter: String,
    /// `text` or `json`.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            server: Server {
                listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
                public_url: None,
                trusted_proxies: Vec::new(),
                allowed_origins: Vec::new(),
                metrics: true,
            },
            data: Data {
                dir: PathBuf::from("data"),
            },
            database: Database { url: String::new() },
            vault: VaultConfig { key_file: None },
            media: Media {
                dir: None,
                max_image_mb: 20,
                max_video_mb: 4096,
                max_document_mb: 100,
                keep_renditions_days: 30,
            },
            security: Security {
                allow_private_targets: false,
                registration: Registration::Open,
            },
            limits: Limits {
                requests_per_person: 1_200,
                requests_per_address: 3_000,
            },
            log: Log {
                filter: "info".to_owned(),
                format: LogFormat::Text,
            },
            networks: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Reads the settings. Without `file`, `allin.toml` in the working folder is read if it is
    /// there.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let config = sources::read(file, env::vars())?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        if let Some(url) = &self.server.public_url
            && !matches!(url.scheme(), "http" | "https")
        {
            bail!("server.public_url must begin with http:// or https://");
        }
        let url = &self.database.url;
        if !url.is_empty() && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            bail!("database.url must begin with postgres://, or be empty for the embedded SQLite");
        }
        Ok(())
    }

    /// How people reach the server.
    pub fn public_url(&self) -> anyhow::Result<Url> {
        if let Some(url) = &self.server.public_url {
            return Ok(url.clone());
        }
        let listen = self.server.listen;
        let host = if listen.ip().is_unspecified() {
            format!("localhost:{}", listen.port())
        } else {
            listen.to_string()
        };
        Ok(Url::parse(&format!("http://{host}"))?)
    }

    /// Where the databases are.
    pub fn location(&self) -> Location {
        if self.database.url.is_empty() {
            Location::Sqlite(self.data.dir.clone())
        } else {
            Location::Postgres(self.database.url.clone())
        }
    }

    /// The key file.
    pub fn key_file(&self) -> PathBuf {
        self.vault
            .key_file
            .clone()
            .unwrap_or_else(|| self.data.dir.join("keys").join("master.key"))
    }

    /// The folder of uploaded files.
    pub fn media_dir(&self) -> PathBuf {
        self.media
            .dir
            .clone()
            .unwrap_or_else(|| self.data.dir.join("media"))
    }
}
