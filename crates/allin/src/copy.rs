//! Moves an installation between SQLite and PostgreSQL.

use anyhow::bail;
use store::{Db, Location};

use crate::{app, cli::say, config::Config, serve};

/// Copies the configured installation into the empty one at `target`.
pub(crate) async fn run(config: &Config, target: &Location) -> anyhow::Result<()> {
    // A server that runs meanwhile would write behind our back.
    let _held = serve::hold(config)?;
    let source = app::open_db(config).await?;
    let copied_to = Db::open(target).await?;
    if copied_to.is_migrated().await.unwrap_or(false) && !store::copy::is_empty(&copied_to).await? {
        bail!("the target holds an installation already; copy into an empty one");
    }
    copied_to.migrate_system().await?;
    let report = store::copy::all(&source, &copied_to).await?;
    for (table, rows) in &report.rows {
        tracing::info!(table, rows, "copied");
    }
    say(&format!(
        "Copied {} organisations and {} rows. Keep the same key file and media folder, and set \
         database.url.",
        report.tenants,
        report.rows.iter().map(|(_, rows)| rows).sum::<u64>()
    ))
}
