//! Removes files that nobody needs: what a crash left behind, and what was made for a network
//! and not used for long.

use std::{collections::HashMap, ffi::OsStr, fs, io, path::Path, time::Duration};

use kernel::{Problem, TenantId, Timestamp};
use store::Scope;
use tokio::task::spawn_blocking;

use super::ContentId;
use crate::{
    Content,
    repo::{contents, renditions},
};

/// A file is stored before its row is written: younger ones are left alone.
const YOUNG: Duration = Duration::from_hours(1);
/// Items that are looked up at once.
const BATCH: usize = 200;

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Renditions that were not used for long.
    pub renditions: u64,
    /// Files that belong to nothing.
    pub files: usize,
}

impl Content {
    /// Removes what processes that died had not completed.
    pub async fn sweep_incoming(&self) -> Result<usize, Problem> {
        let swept = self.media.storage.sweep_incoming().await;
        swept.map_err(Problem::internal)
    }

    /// Removes a tenant's files that nobody needs.
    pub async fn sweep(&self, tenant: TenantId) -> Result<Swept, Problem> {
        let now = self.env.now();
        let mut tx = self.db.write(Scope::Tenant(tenant)).await?;
        let unused = now - self.media.keep_renditions;
        let renditions = renditions::forget(&mut tx, unused, now).await?;
        tx.commit().await?;
        let mut swept = Swept {
            renditions,
            files: 0,
        };
        let folder = self.media.storage.tenant(tenant);
        let items = read(move || items(&folder)).await?;
        for batch in items.chunks(BATCH) {
            let known = self.known(tenant, batch).await?;
            let items = batch.to_vec();
            let folder = self.media.storage.tenant(tenant);
            swept.files += read(move || remove_strangers(&folder, &items, &known, now)).await?;
        }
        Ok(swept)
    }

    /// Those of the given items that exist, with the names of their files.
    async fn known(
        &self,
        tenant: TenantId,
        ids: &[ContentId],
    ) -> Result<HashMap<ContentId, Vec<String>>, Problem> {
        let mut tx = self.db.read(Scope::Tenant(tenant)).await?;
        let contents = contents::get_many(&mut tx, ids.iter().copied()).await?;
        let renditions = renditions::of(&mut tx, ids.iter().copied()).await?;
        let mut known: HashMap<_, _> = contents
            .into_iter()
            .map(|content| {
                let original = content.original();
                let names = content.facts.thumbnail.into_iter().chain([original]);
                (content.id, names.collect::<Vec<_>>())
            })
            .collect();
        for row in renditions {
            if let (Some(names), Some(rendered)) = (known.get_mut(&row.content_id), row.result) {
                names.push(rendered.0.variant);
            }
        }
        Ok(known)
    }
}

/// The items that a tenant has folders of.
fn items(folder: &Path) -> io::Result<Vec<ContentId>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut items = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        items.extend(
            name.to_str()
                .and_then(|name| name.parse::<ContentId>().ok()),
        );
    }
    Ok(items)
}

fn remove_strangers(
    folder: &Path,
    items: &[ContentId],
    known: &HashMap<ContentId, Vec<String>>,
    now: Timestamp,
) -> io::Result<usize> {
    let mut removed = 0;
    for id in items {
        let item = folder.join(id.to_string());
        let names = known.get(id).map_or(&[][..], Vec::as_slice);
        for entry in fs::read_dir(&item)? {
            let entry = entry?;
            let is_known = names
                .iter()
                .any(|name| entry.file_name() == OsStr::new(name));
            if !is_known && is_old(&entry.metadata()?, now) {
                fs::remove_file(entry.path())?;
                removed += 1;
            }
        }
        if names.is_empty() {
            // Fails where something young is in it.
            let _ = fs::remove_dir(&item);
        }
    }
    Ok(removed)
}

fn is_old(metadata: &fs::Metadata, now: Timestamp) -> bool {
    let Ok(modified) = metadata.modified() else {
        return false;
    };
    let since_epoch = modified
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    let micros = i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_micros(micros) + YOUNG < now
}

async fn read<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    spawn_blocking(work)
        .await
        .map_err(Problem::internal)?
        .map_err(Problem::internal)
}
