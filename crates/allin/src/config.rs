//! Every setting. Defaults, overridden by a TOML file, overridden by the environment.
//!
//! The environment's names are `ALLIN__` and the path with `__` between: `server.public_url` is
//! `ALLIN__SERVER__PUBLIC_URL`. A name that ends in `__FILE` reads the value from a file, for
//! secrets. A key that does not exist is an error that names it.

use std::{
    collections::BTreeMap,
    env, fs,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail};
use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
    value::Value,
};
use identity::Registration;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::Location;
use url::Url;

use crate::networks::Network;

const PREFIX: &str = "ALLIN__";

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
        Self::from_sources(file, env::vars())
    }

    fn from_sources(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        let beside = Path::new("allin.toml");
        if let Some(file) = file.or_else(|| beside.exists().then_some(beside)) {
            if !file.exists() {
                bail!("the configuration file {} does not exist", file.display());
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        for (name, value) in environment.filter(|(name, _)| name.starts_with(PREFIX)) {
            figment = with_variable(figment, &name, value)?;
        }
        let config: Self = figment.extract().map_err(|error| anyhow!(explain(error)))?;
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

/// Sets one key from the environment. A value is read as TOML where it is TOML (`true`, `8080`,
/// `["a"]`), else as text.
fn with_variable(figment: Figment, name: &str, value: String) -> anyhow::Result<Figment> {
    let path = &name[PREFIX.len()..];
    let (path, value) = match path.strip_suffix("__FILE") {
        Some(path) => {
            let secret = fs::read_to_string(&value)
                .with_context(|| format!("{name} names the file {value}, which can't be read"))?;
            (
                path,
                SecretString::from(secret.trim_end_matches(['\r', '\n'])),
            )
        }
        None => (path, SecretString::from(value)),
    };
    let key = path.to_lowercase().replace("__", ".");
    Ok(figment.merge((key.as_str(), typed(&value))))
}

fn typed(value: &SecretString) -> Value {
    use secrecy::ExposeSecret as _;
    let text = value.expose_secret();
    let as_toml = format!("value = {text}");
    match Figment::from(Toml::string(&as_toml)).extract_inner::<Value>("value") {
        Ok(value @ (Value::Bool(..) | Value::Num(..) | Value::Array(..))) => value,
        _ => Value::from(text),
    }
}

/// One line an error, with the key and where it was set.
fn explain(error: figment::Error) -> String {
    let lines: Vec<String> = error
        .into_iter()
        .map(|error| {
            let path = error.path.join(".");
            let source = error
                .metadata
                .as_ref()
                .map_or_else(String::new, |metadata| {
                    metadata
                        .source
                        .as_ref()
                        .map_or_else(String::new, |source| format!(" ({source})"))
                });
            match error.kind {
                figment::error::Kind::UnknownField(field, known) => {
                    let prefix = if path.is_empty() {
                        String::new()
                    } else {
                        format!("{path}.")
                    };
                    let prefix = prefix.strip_suffix(&format!("{field}.")).unwrap_or(&prefix);
                    format!(
                        "there is no setting {prefix}{field}{source}; known here: {}",
                        known.join(", ")
                    )
                }
                kind => format!("the setting {path}{source}: {kind}"),
            }
        })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("allin.toml");
        fs::write(&file, toml).unwrap();
        let environment = environment
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Config::from_sources(Some(&file), environment).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn the_environment_beats_the_file_and_the_file_the_defaults() {
        let toml = "[server]\nlisten = \"127.0.0.1:1\"\n[media]\nmax_image_mb = 5";
        let config = load(toml, &[("ALLIN__SERVER__LISTEN", "127.0.0.1:2")]).unwrap();
        assert_eq!(config.server.listen.port(), 2);
        assert_eq!(
            (config.media.max_image_mb, config.media.max_video_mb),
            (5, 4096)
        );
        assert_eq!(config.public_url().unwrap().as_str(), "http://127.0.0.1:2/");
    }

    #[test]
    fn a_key_that_does_not_exist_is_named() {
        let error = load("[server]\nlisen = \"127.0.0.1:1\"", &[]).unwrap_err();
        assert!(
            error.contains("server.lisen") && error.contains("listen"),
            "{error}"
        );
        let error = load("", &[("ALLIN__SECURITY__ALLOW_PRIVAT", "true")]).unwrap_err();
        assert!(error.contains("security.allow_privat"), "{error}");
        let error = load("", &[("ALLIN__SERVER__LISTEN", "here")]).unwrap_err();
        assert!(error.contains("server.listen"), "{error}");
    }

    #[test]
    fn a_secret_can_come_from_a_file_and_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("url");
        fs::write(&secret, "postgres://u:hunter2@db/allin\n").unwrap();
        let path = secret.display().to_string();
        let config = load("", &[("ALLIN__DATABASE__URL__FILE", &path)]).unwrap();
        assert_eq!(config.database.url, "postgres://u:hunter2@db/allin");
        assert!(!format!("{config:?}").contains("hunter2"));
        let error = load("", &[("ALLIN__DATABASE__URL__FILE", "/nowhere")]).unwrap_err();
        assert!(error.contains("/nowhere"), "{error}");
    }

    #[test]
    fn numbers_lists_and_networks_are_read() {
        let config = load(
            "[networks.mastodon]\napi_url = \"https://m.example\"",
            &[
                ("ALLIN__LIMITS__REQUESTS_PER_PERSON", "7"),
                ("ALLIN__SERVER__TRUSTED_PROXIES", "[\"10.0.0.1\"]"),
                ("ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS", "true"),
            ],
        )
        .unwrap();
        assert_eq!(config.limits.requests_per_person, 7);
        assert_eq!(config.server.trusted_proxies.len(), 1);
        assert!(config.security.allow_private_targets);
        assert!(
            config.networks[&networks::Platform::Mastodon]
                .api_url
                .is_some()
        );
    }
}
