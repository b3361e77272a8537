//! When each tenant next has work: a row per tenant in the system database.
//!
//! A wake-up is a hint. It is written after the tenant's own commit, so it may be lost by a
//! crash in between; the sweep then finds the job in the tenant's database and writes it again.

use std::time::Duration;

use kernel::{TenantId, Timestamp};
use serde_json::{Value, json};
use store::{Db, FromRow, Json, Result, Scope, sql};
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
            UPDATE wakeups SET lease_owner = $1, lease_until = $4
            WHERE tenant_id IN (
                SELECT tenant_id FROM wakeups
                WHERE due_at <= $3 AND (lease_until IS NULL OR lease_until < $2)
                ORDER BY due_at LIMIT $5)
            RETURNING tenant_id, generation",
        postgres: "
            UPDATE wakeups SET lease_owner = $1, lease_until = $4
            WHERE tenant_id IN (
                SELECT tenant_id FROM wakeups
                WHERE due_at <= $3 AND (lease_until IS NULL OR lease_until < $2)
                ORDER BY due_at LIMIT $5 FOR UPDATE SKIP LOCKED)
            RETURNING tenant_id, generation",
    };
    EXTEND: System = "UPDATE wakeups SET lease_until = $2 WHERE lease_owner = $1";
    // Somebody who hinted since the claim (another generation) may know of an earlier job.
    RELEASE: System = {
        sqlite: "
            UPDATE wakeups SET lease_owner = NULL, lease_until = NULL,
                due_at = CASE WHEN generation = batch.value ->> 'generation'
                                OR batch.value ->> 'next' < due_at
                              THEN batch.value ->> 'next' ELSE due_at END
            FROM json_each($1) AS batch
            WHERE tenant_id = unhex(batch.value ->> 'tenant') AND lease_owner = $2",
        postgres: "
            UPDATE wakeups SET lease_owner = NULL, lease_until = NULL,
                due_at = CASE WHEN wakeups.generation = batch.generation
                                OR to_timestamp(batch.next / 1000000.0) < due_at
                              THEN to_timestamp(batch.next / 1000000.0) ELSE due_at END
            FROM jsonb_to_recordset($1) AS batch (tenant uuid, generation bigint, next bigint)
            WHERE tenant_id = batch.tenant AND lease_owner = $2",
    };
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

/// Takes up to `most` tenants that are due by `horizon` and that no living worker has.
pub(crate) async fn claim(
    db: &Db,
    worker: Uuid,
    now: Timestamp,
    horizon: Timestamp,
    lease: Duration,
    most: i64,
) -> Result<Vec<Claim>> {
    let mut tx = db.write(Scope::System).await?;
    let claims = tx
        .all(&CLAIM, (worker, now, horizon, now + lease, most))
        .await?;
    tx.commit().await?;
    Ok(claims)
}

/// Keeps all of the worker's tenants for longer.
pub(crate) async fn extend(db: &Db, worker: Uuid, until: Timestamp) -> Result<()> {
    let mut tx = db.write(Scope::System).await?;
    tx.execute(&EXTEND, (worker, until)).await?;
    tx.commit().await
}

/// Gives tenants back, each with the time at which its next job is due.
pub(crate) async fn release(db: &Db, worker: Uuid, given: &[(Claim, Timestamp)]) -> Result<()> {
    let rows: Vec<Value> = given
        .iter()
        .map(|(claim, next)| {
            json!({
                "tenant": claim.tenant_id.0.simple().to_string(),
                "generation": claim.generation,
                "next": next.as_micros(),
            })
        })
        .collect();
    let mut tx = db.write(Scope::System).await?;
    tx.execute(&RELEASE, (Json(rows), worker)).await?;
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
