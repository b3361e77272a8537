//! When each tenant next has work: a row per tenant in the system database.
//!
//! A wake-up is a hint. It is written after the tenant's own commit, so it may be lost by a
//! crash in between; the sweep then finds the job in the tenant's database and writes it again.

use std::time::Duration;

use kernel::{TenantId, Timestamp};
use store::{Db, FromRow, Result, Scope, sql};
use uuid::Uuid;

sql! {
    HINT: System = "
        INSERT INTO wakeups (tenant_id, due_at, generation) VALUES ($1, $2, 1)
        ON CONFLICT (tenant_id) DO UPDATE SET
            due_at = CASE WHEN excluded.due_at < wakeups.due_at THEN excluded.due_at
                          ELSE wakeups.due_at END,
            generation = wakeups.generation + 1";
    CLAIM: System = {
        sqlite: "
            UPDATE wakeups SET lease_owner = $1, lease_until = $3
            WHERE tenant_id IN (
                SELECT tenant_id FROM wakeups
                WHERE due_at <= $2 AND (lease_until IS NULL OR lease_until < $2)
                ORDER BY due_at LIMIT $4)
            RETURNING tenant_id, generation",
        postgres: "
            UPDATE wakeups SET lease_owner = $1, lease_until = $3
            WHERE tenant_id IN (
                SELECT tenant_id FROM wakeups
                WHERE due_at <= $2 AND (lease_until IS NULL OR lease_until < $2)
                ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
            RETURNING tenant_id, generation",
    };
    EXTEND: System = "UPDATE wakeups SET lease_until = $2 WHERE lease_owner = $1";
    // Somebody who hinted since the claim (another generation) may know of an earlier job.
    RELEASE: System = "
        UPDATE wakeups SET lease_owner = NULL, lease_until = NULL,
            due_at = CASE WHEN generation = $3 OR $4 < due_at THEN $4 ELSE due_at END
        WHERE tenant_id = $1 AND lease_owner = $2";
    FREE_OTHERS: System = "
        UPDATE wakeups SET lease_owner = NULL, lease_until = NULL WHERE lease_owner <> $1";
    NEXT: System = "SELECT due_at FROM wakeups WHERE lease_until IS NULL OR lease_until < $1
                    ORDER BY due_at LIMIT 1";
}

/// A tenant whose work is ours until the lease ends.
#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct Claim {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Changes with every hint.
    pub generation: i64,
}

/// When nothing is due any more: far enough to sleep on, and a valid time for both engines.
pub(crate) const NEVER: Timestamp = Timestamp::from_micros(253_370_764_800_000_000);

/// Notes that the tenant has work at `due_at`.
pub(crate) async fn hint(db: &Db, tenant: TenantId, due_at: Timestamp) -> Result<()> {
    let mut tx = db.write(Scope::System).await?;
    tx.execute(&HINT, (tenant, due_at)).await?;
    tx.commit().await
}

/// Takes up to `most` tenants that are due and that no living worker has.
pub(crate) async fn claim(
    db: &Db,
    worker: Uuid,
    now: Timestamp,
    lease: Duration,
    most: i64,
) -> Result<Vec<Claim>> {
    let mut tx = db.write(Scope::System).await?;
    let claims = tx.all(&CLAIM, (worker, now, now + lease, most)).await?;
    tx.commit().await?;
    Ok(claims)
}

/// Keeps all of the worker's tenants for longer.
pub(crate) async fn extend(db: &Db, worker: Uuid, until: Timestamp) -> Result<()> {
    let mut tx = db.write(Scope::System).await?;
    tx.execute(&EXTEND, (worker, until)).await?;
    tx.commit().await
}

/// Gives a tenant back; `next` is when its next job is due.
pub(crate) async fn release(db: &Db, worker: Uuid, claim: Claim, next: Timestamp) -> Result<()> {
    let mut tx = db.write(Scope::System).await?;
    tx.execute(&RELEASE, (claim.tenant_id, worker, claim.generation, next))
        .await?;
    tx.commit().await
}

/// Frees the tenants of all other workers: for a worker that knows that it is the only one.
pub(crate) async fn free_others(db: &Db, worker: Uuid) -> Result<()> {
    let mut tx = db.write(Scope::System).await?;
    tx.execute(&FREE_OTHERS, (worker,)).await?;
    tx.commit().await
}

/// When the next tenant that nobody has is due.
pub(crate) async fn next(db: &Db, now: Timestamp) -> Result<Option<Timestamp>> {
    let mut tx = db.read(Scope::System).await?;
    let row: Option<(Timestamp,)> = tx.optional(&NEXT, (now,)).await?;
    Ok(row.map(|(due_at,)| due_at))
}
