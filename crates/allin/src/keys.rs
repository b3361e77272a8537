//! The key file, and the mark by which a database knows it.

use anyhow::bail;
use kernel::Env;
use store::{Db, Scope};
use vault::Keyring;

use crate::config::Config;

store::sql! {
    MARK: System = "INSERT INTO key_marks (fingerprint, created_at) VALUES ($1, $2)
                    ON CONFLICT (fingerprint) DO NOTHING";
    MARKS: System = "SELECT fingerprint FROM key_marks";
}

/// Loads the key file; the first start makes it.
pub(crate) fn load(config: &Config, env: &Env) -> anyhow::Result<Keyring> {
    Ok(Keyring::load_or_create(&config.key_file(), env)?)
}

/// Refuses a database that another key file belongs to: its secrets could not be opened, and new
/// ones could be opened by nobody else.
pub(crate) async fn check_belongs(db: &Db, env: &Env, keyring: &Keyring) -> anyhow::Result<()> {
    let fingerprint = keyring.fingerprint();
    let mut tx = db.write(Scope::System).await?;
    let marks: Vec<(String,)> = tx.all(&MARKS, ()).await?;
    if marks.is_empty() {
        tx.execute(&MARK, (fingerprint.as_str(), env.now())).await?;
        tx.commit().await?;
    } else if !marks.iter().any(|(mark,)| *mark == fingerprint) {
        bail!(
            "the key file is not the one that this database's secrets are encrypted with. Put the \
             original file back (vault.key_file), or restore the database that belongs to it"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_file_and_the_cause_once() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().join("master.key");
        let mut config = Config::default();
        config.vault.key_file = Some(path.clone());
        let error = load(&config, &Env::system()).unwrap_err();
        let text = format!("{error:#}");
        for part in [path.to_str().unwrap(), "Not a directory"] {
            assert_eq!(text.matches(part).count(), 1, "{text}");
        }
    }
}
