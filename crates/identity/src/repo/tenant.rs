//! Table `tenants`.

use kernel::{TenantId, Timestamp};
use store::{Result, Tx, sql};

use crate::Tenant;

sql! {
    INSERT: System = "INSERT INTO tenants
                          (id, name, slug, time_zone, publish_late_within_minutes, created_at, updated_at)
                      VALUES ($1, $2, $3, $4, $5, $6, $6)
                      ON CONFLICT (slug) DO NOTHING";
    GET: System = "SELECT id, name, slug, time_zone, publish_late_within_minutes, created_at
                   FROM tenants WHERE id = $1";
    LOCK: System = {
        sqlite: "SELECT id, name, slug, time_zone, publish_late_within_minutes, created_at
                 FROM tenants WHERE id = $1",
        postgres: "SELECT id, name, slug, time_zone, publish_late_within_minutes, created_at
                   FROM tenants WHERE id = $1 FOR UPDATE",
    };
    IDS: System = "SELECT id FROM tenants ORDER BY id";
    UPDATE: System = "UPDATE tenants SET name = $1, time_zone = $2, publish_late_within_minutes = $3, updated_at = $4
                      WHERE id = $5";
}

/// Adds it, unless another one has the slug; answers whether it did.
pub(crate) async fn insert(tx: &mut Tx, tenant: &Tenant) -> Result<bool> {
    let Tenant {
        id,
        name,
        slug,
        time_zone,
        publish_late_within_minutes,
        created_at,
    } = tenant;
    let rows = tx
        .execute(
            &INSERT,
            (
                *id,
                name.as_str(),
                slug.as_str(),
                time_zone.as_str(),
                *publish_late_within_minutes,
                *created_at,
            ),
        )
        .await?;
    Ok(rows == 1)
}

pub(crate) async fn get(tx: &mut Tx, id: TenantId) -> Result<Option<Tenant>> {
    tx.optional(&GET, (id,)).await
}

/// The tenant, kept from others' changes to it and to its members until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: TenantId) -> Result<Option<Tenant>> {
    tx.optional(&LOCK, (id,)).await
}

pub(crate) async fn ids(tx: &mut Tx) -> Result<Vec<TenantId>> {
    let rows: Vec<(TenantId,)> = tx.all(&IDS, ()).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(crate) async fn update(tx: &mut Tx, tenant: &Tenant, now: Timestamp) -> Result<()> {
    let values = (
        tenant.name.as_str(),
        tenant.time_zone.as_str(),
        tenant.publish_late_within_minutes,
        now,
        tenant.id,
    );
    tx.execute_one(&UPDATE, values).await
}
