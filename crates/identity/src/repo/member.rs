//! Table `memberships`.

use kernel::{PersonId, Role, TenantId, Timestamp};
use store::{Result, Tx, sql};

use crate::{Member, OrganizationRef};

sql! {
    INSERT: System = "INSERT INTO memberships (tenant_id, person_id, role, joined_at) VALUES ($1, $2, $3, $4)
                      ON CONFLICT (tenant_id, person_id) DO NOTHING";
    OF_TENANT: System = "SELECT p.id, p.email, p.name, m.role, m.joined_at
                         FROM memberships m JOIN people p ON p.id = m.person_id
                         WHERE m.tenant_id = $1 ORDER BY m.joined_at, p.id";
    GET: System = "SELECT p.id, p.email, p.name, m.role, m.joined_at
                   FROM memberships m JOIN people p ON p.id = m.person_id
                   WHERE m.tenant_id = $1 AND m.person_id = $2";
    ROLE: System = "SELECT role FROM memberships WHERE tenant_id = $1 AND person_id = $2";
    HAS_EMAIL: System = "SELECT p.id FROM memberships m JOIN people p ON p.id = m.person_id
                         WHERE m.tenant_id = $1 AND p.email_key = $2";
    OWNERS: System = "SELECT count(*) FROM memberships WHERE tenant_id = $1 AND role = 'owner'";
    SET_ROLE: System = "UPDATE memberships SET role = $1 WHERE tenant_id = $2 AND person_id = $3";
    DELETE: System = "DELETE FROM memberships WHERE tenant_id = $1 AND person_id = $2";
    ORGANIZATIONS: System = "SELECT t.id, t.name, m.role FROM memberships m JOIN tenants t ON t.id = m.tenant_id
                             WHERE m.person_id = $1 ORDER BY m.joined_at, t.id";
    LAST_USED: System = "SELECT m.tenant_id, m.role FROM memberships m
                         WHERE m.person_id = $1
                         ORDER BY COALESCE((SELECT max(s.created_at) FROM sessions s
                                            WHERE s.person_id = m.person_id AND s.tenant_id = m.tenant_id),
                                           m.joined_at) DESC, m.tenant_id
                         LIMIT 1";
}

/// Adds a member; answers whether he was none yet.
pub(crate) async fn insert(
    tx: &mut Tx,
    tenant: TenantId,
    person: PersonId,
    role: Role,
    now: Timestamp,
) -> Result<bool> {
    Ok(tx.execute(&INSERT, (tenant, person, role, now)).await? == 1)
}

pub(crate) async fn of_tenant(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Member>> {
    tx.all(&OF_TENANT, (tenant,)).await
}

pub(crate) async fn get(tx: &mut Tx, tenant: TenantId, person: PersonId) -> Result<Option<Member>> {
    tx.optional(&GET, (tenant, person)).await
}

pub(crate) async fn role(tx: &mut Tx, tenant: TenantId, person: PersonId) -> Result<Option<Role>> {
    let row: Option<(Role,)> = tx.optional(&ROLE, (tenant, person)).await?;
    Ok(row.map(|(role,)| role))
}

/// Whether a member of the tenant has this e-mail.
pub(crate) async fn has_email(tx: &mut Tx, tenant: TenantId, email_key: &str) -> Result<bool> {
    let row: Option<(PersonId,)> = tx.optional(&HAS_EMAIL, (tenant, email_key)).await?;
    Ok(row.is_some())
}

pub(crate) async fn owners(tx: &mut Tx, tenant: TenantId) -> Result<i64> {
    let (count,): (i64,) = tx.one(&OWNERS, (tenant,)).await?;
    Ok(count)
}

pub(crate) async fn set_role(
    tx: &mut Tx,
    tenant: TenantId,
    person: PersonId,
    role: Role,
) -> Result<()> {
    tx.execute_one(&SET_ROLE, (role, tenant, person)).await
}

pub(crate) async fn delete(tx: &mut Tx, tenant: TenantId, person: PersonId) -> Result<()> {
    tx.execute_one(&DELETE, (tenant, person)).await
}

/// The organisations a person belongs to, the one he joined first, first.
pub(crate) async fn organizations(tx: &mut Tx, person: PersonId) -> Result<Vec<OrganizationRef>> {
    tx.all(&ORGANIZATIONS, (person,)).await
}

/// The organisation that a person most recently logged in to or joined.
pub(crate) async fn last_used(tx: &mut Tx, person: PersonId) -> Result<Option<(TenantId, Role)>> {
    tx.optional(&LAST_USED, (person,)).await
}
