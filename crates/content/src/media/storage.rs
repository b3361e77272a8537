//! The folder that files lie in: `<folder>/<tenant>/<content id>/<variant>`.
//!
//! What is not complete yet waits in a folder of this process, `<folder>/incoming/<random>`, on
//! the same disk, so that a complete file is moved and not copied. The process holds a lock in
//! there, which goes with it however it ends: [`Storage::sweep_incoming`] knows by it which
//! folders are a dead process's.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use kernel::{Env, TenantId};
use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::ContentId;

const INCOMING: &str = "incoming";
const LOCK: &str = "lock";

/// The folder that files lie in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Storage {
    folder: PathBuf,
    incoming: Arc<Incoming>,
}

/// Where this process keeps what is not complete.
#[derive(Debug)]
struct Incoming {
    folder: PathBuf,
    process: Uuid,
    _lock: File,
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // What stays is swept at the next start.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Storage {
    /// Keeps files in `folder`, which is made if it is missing.
    pub fn open(folder: &Path, env: &Env) -> io::Result<Self> {
        let process = env.uuid();
        let incoming = folder.join(INCOMING).join(process.to_string());
        fs::create_dir_all(&incoming)?;
        let lock = File::create(incoming.join(LOCK))?;
        lock.try_lock()?;
        // Child processes are told absolute names.
        Ok(Self {
            folder: folder.canonicalize()?,
            incoming: Arc::new(Incoming {
                folder: incoming.canonicalize()?,
                process,
                _lock: lock,
            }),
        })
    }

    /// This process, among those that share the folder.
    pub fn process(&self) -> Uuid {
        self.incoming.process
    }

    /// Where a variant of a file lies.
    pub fn path(&self, tenant: TenantId, id: ContentId, variant: &str) -> PathBuf {
        self.item(tenant, id).join(variant)
    }

    fn item(&self, tenant: TenantId, id: ContentId) -> PathBuf {
        self.tenant(tenant).join(id.to_string())
    }

    /// The folder of a tenant's files.
    pub fn tenant(&self, tenant: TenantId) -> PathBuf {
        self.folder.join(tenant.to_string())
    }

    /// A new empty file, which is gone when it is dropped unless it is [kept](Self::keep).
    pub async fn temporary(&self, ending: &'static str) -> io::Result<NamedTempFile> {
        let folder = self.incoming.folder.clone();
        blocking(move || tempfile::Builder::new().suffix(ending).tempfile_in(folder)).await
    }

    /// Moves a complete file to its place. It is on the disk when this returns: a post must not
    /// outlive its picture in a power cut.
    pub async fn keep(
        &self,
        file: NamedTempFile,
        tenant: TenantId,
        id: ContentId,
        variant: &str,
    ) -> io::Result<()> {
        let folder = self.item(tenant, id);
        let path = folder.join(variant);
        blocking(move || {
            fs::create_dir_all(&folder)?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            File::open(&folder)?.sync_all()
        })
        .await
    }

    /// Removes all variants of a file.
    pub async fn remove_item(&self, tenant: TenantId, id: ContentId) -> io::Result<()> {
        absent_is_fine(tokio::fs::remove_dir_all(self.item(tenant, id)).await)
    }

    /// Bytes that are free on the disk, for users who are not the administrator.
    pub fn free_bytes(&self) -> io::Result<u64> {
        let stat = rustix::fs::statvfs(&self.folder)?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }

    /// Removes what processes that are dead by now had not completed. Answers how many folders.
    pub async fn sweep_incoming(&self) -> io::Result<usize> {
        let (all, ours) = (self.folder.join(INCOMING), self.incoming.folder.clone());
        blocking(move || {
            let mut swept = 0;
            for entry in fs::read_dir(all)? {
                let folder = entry?.path();
                if folder != ours && is_dead(&folder) {
                    absent_is_fine(fs::remove_dir_all(&folder))?;
                    swept += 1;
                }
            }
            Ok(swept)
        })
        .await
    }
}

/// Whether nobody holds the lock in a process's folder. One without a lock is being made or
/// being removed.
fn is_dead(folder: &Path) -> bool {
    File::open(folder.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok())
}

fn absent_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Runs file work on a thread where it may wait.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_dead_process_left_is_swept_and_what_a_living_one_writes_is_not() {
        let env = Env::system();
        let folder = tempfile::tempdir().unwrap();
        let ours = Storage::open(folder.path(), &env).unwrap();
        let theirs = Storage::open(folder.path(), &env).unwrap();
        let half = theirs.temporary(".mp4").await.unwrap();
        // A process that was killed: its folder is there, and nobody holds the lock.
        let dead = folder.path().join(INCOMING).join(env.uuid().to_string());
        fs::create_dir(&dead).unwrap();
        fs::write(dead.join(LOCK), "").unwrap();
        fs::write(dead.join("half"), "x").unwrap();
        assert_eq!(ours.sweep_incoming().await.unwrap(), 1);
        assert!(half.path().exists() && !dead.exists());
        let theirs_at = theirs.incoming.folder.clone();
        drop((half, theirs));
        assert!(!theirs_at.exists());
    }
}
