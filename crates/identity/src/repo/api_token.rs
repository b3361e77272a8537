//! Table `api_tokens`.

use kernel::{ApiTokenId, PersonId, TenantId, Timestamp};
use store::{Result, Tx, sql};

use crate::api_token::{Stored, TokenKind};

sql! {
    INSERT: System = "INSERT INTO api_tokens
                          (id, tenant_id, person_id, kind, service_role, name, scopes, hint, token_hash,
                           created_at, expires_at)
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    BY_HASH: System = "SELECT t.id, t.tenant_id, t.person_id, t.kind, COALESCE(t.service_role, m.role) AS role,
                              t.name, t.scopes, t.hint, t.created_at, t.expires_at, t.last_used_at
                       FROM api_tokens t
                       LEFT JOIN memberships m ON m.tenant_id = t.tenant_id AND m.person_id = t.person_id
                       WHERE t.token_hash = $1";
    GET: System = "SELECT t.id, t.tenant_id, t.person_id, t.kind, COALESCE(t.service_role, m.role) AS role,
                          t.name, t.scopes, t.hint, t.created_at, t.expires_at, t.last_used_at
                   FROM api_tokens t
                   LEFT JOIN memberships m ON m.tenant_id = t.tenant_id AND m.person_id = t.person_id
                   WHERE t.tenant_id = $1 AND t.id = $2";
    OF_TENANT: System = "SELECT t.id, t.tenant_id, t.person_id, t.kind, COALESCE(t.service_role, m.role) AS role,
                                t.name, t.scopes, t.hint, t.created_at, t.expires_at, t.last_used_at
                         FROM api_tokens t
                         LEFT JOIN memberships m ON m.tenant_id = t.tenant_id AND m.person_id = t.person_id
                         WHERE t.tenant_id = $1 ORDER BY t.created_at DESC, t.id";
    NOTE_USE: System = "UPDATE api_tokens SET last_used_at = $1 WHERE id = $2";
    DELETE: System = "DELETE FROM api_tokens WHERE tenant_id = $1 AND id = $2";
    DELETE_PERSONAL: System = "DELETE FROM api_tokens
                               WHERE tenant_id = $1 AND person_id = $2 AND kind = 'personal'";
}

pub(crate) async fn insert(tx: &mut Tx, token: &Stored, hash: Vec<u8>) -> Result<()> {
    let service_role = token.role.filter(|_| token.kind == TokenKind::Service);
    let values = (
        token.id,
        token.tenant_id,
        token.person_id,
        token.kind,
        service_role,
        token.name.as_str(),
        token.scopes.as_str(),
        token.hint.as_str(),
        hash,
        token.created_at,
        token.expires_at,
    );
    tx.execute_one(&INSERT, values).await
}

pub(crate) async fn by_hash(tx: &mut Tx, hash: &[u8]) -> Result<Option<Stored>> {
    tx.optional(&BY_HASH, (hash.to_vec(),)).await
}

pub(crate) async fn get(tx: &mut Tx, tenant: TenantId, id: ApiTokenId) -> Result<Option<Stored>> {
    tx.optional(&GET, (tenant, id)).await
}

pub(crate) async fn of_tenant(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Stored>> {
    tx.all(&OF_TENANT, (tenant,)).await
}

pub(crate) async fn note_use(tx: &mut Tx, id: ApiTokenId, now: Timestamp) -> Result<()> {
    tx.execute(&NOTE_USE, (now, id)).await.map(drop)
}

pub(crate) async fn delete(tx: &mut Tx, tenant: TenantId, id: ApiTokenId) -> Result<()> {
    tx.execute_one(&DELETE, (tenant, id)).await
}

/// Removes a person's own tokens for the tenant.
pub(crate) async fn delete_personal(tx: &mut Tx, tenant: TenantId, person: PersonId) -> Result<()> {
    tx.execute(&DELETE_PERSONAL, (tenant, person))
        .await
        .map(drop)
}
