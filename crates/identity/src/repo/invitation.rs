//! Table `invitations`.

use kernel::{PersonId, TenantId, Timestamp};
use store::{Result, Tx, sql};

use crate::{
    Email, Invitation,
    invitation::{InvitationId, Offer},
};

sql! {
    OF_TENANT: System = "SELECT i.id, i.email, i.role, i.expires_at, i.created_at, p.name AS invited_by
                         FROM invitations i JOIN people p ON p.id = i.invited_by
                         WHERE i.tenant_id = $1 ORDER BY i.created_at DESC, i.id";
    PUT: System = "INSERT INTO invitations
                       (id, tenant_id, email, email_key, role, token_hash, invited_by, created_at, expires_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                   ON CONFLICT (tenant_id, email_key) DO UPDATE SET
                       id = excluded.id, email = excluded.email, role = excluded.role,
                       token_hash = excluded.token_hash, invited_by = excluded.invited_by,
                       created_at = excluded.created_at, expires_at = excluded.expires_at";
    BY_TOKEN: System = "SELECT i.id, i.tenant_id, t.name AS organization_name, i.email, i.role, i.expires_at
                        FROM invitations i JOIN tenants t ON t.id = i.tenant_id
                        WHERE i.token_hash = $1";
    DELETE: System = "DELETE FROM invitations WHERE tenant_id = $1 AND id = $2";
    PRUNE: System = "DELETE FROM invitations WHERE expires_at < $1";
}

pub(crate) async fn of_tenant(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Invitation>> {
    tx.all(&OF_TENANT, (tenant,)).await
}

/// Adds an invitation, in place of an earlier one of the same e-mail.
pub(crate) async fn put(
    tx: &mut Tx,
    invitation: &Invitation,
    email: &Email,
    (tenant, inviter): (TenantId, PersonId),
    token_hash: Vec<u8>,
) -> Result<()> {
    let Invitation {
        id,
        role,
        expires_at,
        created_at,
        ..
    } = invitation;
    let values = (
        *id,
        tenant,
        email.as_str(),
        email.key(),
        *role,
        token_hash,
        inviter,
        *created_at,
        *expires_at,
    );
    tx.execute_one(&PUT, values).await
}

pub(crate) async fn by_token(tx: &mut Tx, hash: &[u8]) -> Result<Option<Offer>> {
    tx.optional(&BY_TOKEN, (hash.to_vec(),)).await
}

/// Removes it; answers whether it was there.
pub(crate) async fn delete(tx: &mut Tx, tenant: TenantId, id: InvitationId) -> Result<bool> {
    Ok(tx.execute(&DELETE, (tenant, id)).await? == 1)
}

pub(crate) async fn prune(tx: &mut Tx, before: Timestamp) -> Result<()> {
    tx.execute(&PRUNE, (before,)).await.map(drop)
}
