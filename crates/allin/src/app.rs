//! How the crates are put together.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt as _, path::Path, time::Duration};

use anyhow::{Context as _, bail};
use content::{MediaConfig, MediaLimits, Storage, Tools};
use gateway::{Parts, TrustedProxies};
use identity::{Identity, IdentityConfig};
use kernel::Env;
use networks::{Net, NetConfig};
use publishing::{Publishing, Worker};
use secrecy::SecretBox;
use store::Db;
use vault::Vault;

use crate::{config::Config, keys, telemetry};

/// An installation, opened and put together, but not yet serving.
#[derive(Clone, Debug)]
pub struct App {
    /// Everything the edge is made of.
    pub parts: Parts,
}

impl App {
    /// Opens and migrates the databases, loads (or on the first start makes) the keys, and puts
    /// the crates together.
    ///
    /// `worker`: whether this process publishes; `metrics`: whether it counts.
    pub async fn open(config: &Config, env: Env, worker: bool) -> anyhow::Result<Self> {
        let public_url = config.public_url()?;
        let db = open_db(config).await?;
        let keyring = keys::load(config, &env)?;
        keys::check_belongs(&db, &env, &keyring).await?;

        let identity = Identity::new(
            db.clone(),
            env.clone(),
            IdentityConfig {
                registration: config.security.registration,
                ..IdentityConfig::new(
                    SecretBox::new(Box::new(*keyring.derive("session-signing"))),
                    public_url.clone(),
                )
            },
        );
        let media_key = *keyring.derive("media-signing");
        let net = Net::new(
            env.clone(),
            NetConfig {
                allow_private_targets: config.security.allow_private_targets,
                endpoints: crate::networks::endpoints(&config.networks),
                timeout: None,
            },
        )
        .context("the HTTP client can't be built")?;
        let vault = Vault::new(env.clone(), keyring);
        let accounts = accounts::Accounts::new(
            db.clone(),
            env.clone(),
            vault,
            net.clone(),
            public_url.clone(),
        )
        .with_apps(crate::networks::apps(&config.networks));
        let content = content::Content::new(
            db.clone(),
            env.clone(),
            accounts.clone(),
            identity.clone(),
            media(config, &env, &public_url, media_key)?,
        );
        let publishing = Publishing::new(
            db.clone(),
            env.clone(),
            identity.clone(),
            accounts.clone(),
            content.clone(),
            net,
        );
        // Only one process can hold an embedded installation: see `serve::hold`.
        let alone = config.database.url.is_empty();
        let worker = worker.then(|| Worker::new(publishing.clone(), alone));
        let metrics = if config.server.metrics {
            Some(telemetry::start_metrics()?)
        } else {
            None
        };
        let parts = Parts {
            db,
            env,
            identity,
            accounts,
            content,
            publishing,
            worker,
            metrics,
            config: edge(config, &public_url)?,
        };
        Ok(Self { parts })
    }
}

/// Makes the data folder where it is missing. Password hashes and sealed tokens go in there: it
/// is for nobody else's eyes.
pub(crate) fn make_data_folder(dir: &Path) -> anyhow::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .with_context(|| format!("the data folder {} can't be made", dir.display()))
}

/// Opens and migrates the system database.
pub(crate) async fn open_db(config: &Config) -> anyhow::Result<Db> {
    make_data_folder(&config.data.dir)?;
    let db = Db::open(&config.location())
        .await
        .context(if config.database.url.is_empty() {
            format!(
                "the database in {} can't be opened",
                config.data.dir.display()
            )
        } else {
            "PostgreSQL at database.url can't be reached".to_owned()
        })?;
    db.migrate_system().await?;
    Ok(db)
}

fn media(
    config: &Config,
    env: &Env,
    public_url: &url::Url,
    signing_key: [u8; 32],
) -> anyhow::Result<MediaConfig> {
    const MEGABYTE: u64 = 1024 * 1024;
    let folder = config.media_dir();
    let storage = Storage::open(&folder, env)
        .with_context(|| format!("the media folder {} can't be used", folder.display()))?;
    Ok(MediaConfig {
        storage,
        tools: Tools::default(),
        signing_key,
        public_url: public_url.clone(),
        limits: MediaLimits {
            image_bytes: config.media.max_image_mb * MEGABYTE,
            video_bytes: config.media.max_video_mb * MEGABYTE,
            document_bytes: config.media.max_document_mb * MEGABYTE,
            ..MediaLimits::default()
        },
        keep_renditions: Duration::from_hours(24 * config.media.keep_renditions_days),
    })
}

fn edge(config: &Config, public_url: &url::Url) -> anyhow::Result<gateway::Config> {
    let mut allowed_origins = Vec::new();
    for origin in &config.server.allowed_origins {
        if origin == "*" {
            bail!("server.allowed_origins must name origins, such as https://app.example.com");
        }
        let header = origin.parse();
        allowed_origins.push(header.with_context(|| format!("server.allowed_origins: {origin}"))?);
    }
    Ok(gateway::Config {
        limits: gateway::Limits {
            per_person: config.limits.requests_per_person,
            per_address: config.limits.requests_per_address,
        },
        trusted_proxies: TrustedProxies(config.server.trusted_proxies.clone()),
        allowed_origins,
        https: public_url.scheme() == "https",
    })
}
