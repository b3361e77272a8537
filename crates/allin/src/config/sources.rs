//! Where settings come from: defaults, overridden by a TOML file, overridden by the environment.
//!
//! The environment's names are `ALLIN__` and the path with `__` between: `server.public_url` is
//! `ALLIN__SERVER__PUBLIC_URL`. A name that ends in `__FILE` reads the value from a file, for
//! secrets. A key that does not exist is an error that names it.

use std::{fs, path::Path};

use anyhow::{Context as _, anyhow, bail};
use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
    value::Value,
};
use secrecy::SecretString;

use super::Config;

const PREFIX: &str = "ALLIN__";

/// Reads the settings. Without `file`, `allin.toml` in the working folder is read if it is there.
pub(super) fn read(
    file: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
) -> anyhow::Result<Config> {
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
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
    figment.extract().map_err(|error| anyhow!(explain(error)))
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
        read(Some(&file), environment).map_err(|error| format!("{error:#}"))
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
