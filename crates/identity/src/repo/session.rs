//! Tables `sessions` and `refresh_tokens`.

use kernel::{PersonId, Role, SessionId, TenantId, Timestamp};
use store::{FromRow, Result, Tx, sql};

use crate::Transport;

sql! {
    INSERT: System = "INSERT INTO sessions (id, person_id, tenant_id, transport, created_at, expires_at)
                      VALUES ($1, $2, $3, $4, $5, $6)";
    INSERT_TOKEN: System = "INSERT INTO refresh_tokens (token_hash, session_id, expires_at) VALUES ($1, $2, $3)";
    ROLE: System = "SELECT m.role FROM sessions s
                    JOIN memberships m ON m.person_id = s.person_id AND m.tenant_id = $1
                    WHERE s.id = $2 AND s.person_id = $3 AND s.ended_at IS NULL AND s.expires_at > $4";
    TRANSPORT: System = "SELECT transport FROM sessions WHERE id = $1";
    BY_TOKEN: System = {
        sqlite: "SELECT s.id, s.person_id, s.tenant_id, s.transport, s.expires_at, s.ended_at,
                        r.expires_at AS token_expires_at, r.used_at
                 FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id
                 WHERE r.token_hash = $1",
        postgres: "SELECT s.id, s.person_id, s.tenant_id, s.transport, s.expires_at, s.ended_at,
                          r.expires_at AS token_expires_at, r.used_at
                   FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id
                   WHERE r.token_hash = $1 FOR UPDATE OF r, s",
    };
    USE_TOKEN: System = "UPDATE refresh_tokens SET used_at = $1 WHERE token_hash = $2 AND used_at IS NULL";
    EXTEND: System = "UPDATE sessions SET expires_at = $1, tenant_id = $2 WHERE id = $3";
    SWITCH: System = "UPDATE sessions SET tenant_id = $1 WHERE id = $2";
    END: System = "UPDATE sessions SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL";
    END_ALL: System = "UPDATE sessions SET ended_at = $1
                       WHERE person_id = $2 AND ended_at IS NULL AND id <> COALESCE($3, person_id)";
    PRUNE: System = "DELETE FROM sessions WHERE expires_at < $1 OR ended_at < $1";
    PRUNE_TOKENS: System = "DELETE FROM refresh_tokens WHERE expires_at < $1";
}

/// A session, and the refresh token that it was found by.
#[derive(Debug, FromRow)]
pub(crate) struct Found {
    pub(crate) id: SessionId,
    pub(crate) person_id: PersonId,
    pub(crate) tenant_id: TenantId,
    pub(crate) transport: Transport,
    pub(crate) expires_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) token_expires_at: Timestamp,
    pub(crate) used_at: Option<Timestamp>,
}

pub(crate) async fn insert(
    tx: &mut Tx,
    (id, person, tenant, transport): (SessionId, PersonId, TenantId, Transport),
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<()> {
    tx.execute_one(&INSERT, (id, person, tenant, transport, now, expires_at))
        .await
}

pub(crate) async fn insert_token(
    tx: &mut Tx,
    hash: Vec<u8>,
    session: SessionId,
    expires_at: Timestamp,
) -> Result<()> {
    tx.execute_one(&INSERT_TOKEN, (hash, session, expires_at))
        .await
}

/// The role in `tenant` of the person whose session is alive.
pub(crate) async fn role(
    tx: &mut Tx,
    tenant: TenantId,
    session: SessionId,
    person: PersonId,
    now: Timestamp,
) -> Result<Option<Role>> {
    let row: Option<(Role,)> = tx.optional(&ROLE, (tenant, session, person, now)).await?;
    Ok(row.map(|(role,)| role))
}

pub(crate) async fn transport(tx: &mut Tx, session: SessionId) -> Result<Transport> {
    let (transport,): (Transport,) = tx.one(&TRANSPORT, (session,)).await?;
    Ok(transport)
}

/// The session of a refresh token, kept from others' changes until the transaction ends.
pub(crate) async fn by_token(tx: &mut Tx, hash: &[u8]) -> Result<Option<Found>> {
    tx.optional(&BY_TOKEN, (hash.to_vec(),)).await
}

pub(crate) async fn use_token(tx: &mut Tx, hash: &[u8], now: Timestamp) -> Result<()> {
    tx.execute(&USE_TOKEN, (now, hash.to_vec())).await.map(drop)
}

pub(crate) async fn extend(
    tx: &mut Tx,
    session: SessionId,
    tenant: TenantId,
    expires_at: Timestamp,
) -> Result<()> {
    tx.execute_one(&EXTEND, (expires_at, tenant, session)).await
}

pub(crate) async fn switch(tx: &mut Tx, session: SessionId, tenant: TenantId) -> Result<()> {
    tx.execute_one(&SWITCH, (tenant, session)).await
}

pub(crate) async fn end(tx: &mut Tx, session: SessionId, now: Timestamp) -> Result<()> {
    tx.execute(&END, (now, session)).await.map(drop)
}

/// Ends a person's sessions, but for the one to keep.
pub(crate) async fn end_all(
    tx: &mut Tx,
    person: PersonId,
    keep: Option<SessionId>,
    now: Timestamp,
) -> Result<()> {
    tx.execute(&END_ALL, (now, person, keep)).await.map(drop)
}

/// Forgets sessions and tokens that were over before `before`.
pub(crate) async fn prune(tx: &mut Tx, before: Timestamp) -> Result<()> {
    tx.execute(&PRUNE, (before,)).await?;
    tx.execute(&PRUNE_TOKENS, (before,)).await.map(drop)
}
