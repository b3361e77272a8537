//! Signs of life of the processes that publish.

use std::time::Duration;

use kernel::Timestamp;
use store::{Db, Result, Scope, sql};
use uuid::Uuid;

sql! {
    SEEN: System = "
        INSERT INTO workers (id, started_at, seen_at) VALUES ($1, $2, $2)
        ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at";
    FORGET: System = "DELETE FROM workers WHERE seen_at < $1";
    LATEST: System = "SELECT max(seen_at) AS seen_at FROM workers";
}

/// A worker that was not seen for this long is forgotten.
const FORGET_AFTER: Duration = Duration::from_hours(24);

/// Notes that the worker is alive.
pub(crate) async fn seen(db: &Db, worker: Uuid, now: Timestamp) -> Result<()> {
    let mut tx = db.write(Scope::System).await?;
    tx.execute(&SEEN, (worker, now)).await?;
    tx.execute(&FORGET, (now - FORGET_AFTER,)).await?;
    tx.commit().await
}

/// When any worker of the installation was last seen.
pub(crate) async fn latest(db: &Db) -> Result<Option<Timestamp>> {
    let mut tx = db.read(Scope::System).await?;
    let (at,): (Option<Timestamp>,) = tx.one(&LATEST, ()).await?;
    Ok(at)
}
