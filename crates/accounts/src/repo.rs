//! The SQL of accounts, their OAuth flows and app registrations.

use kernel::{Env, Event, PersonId, TenantId, Timestamp};
use networks::{
    Platform,
    connector::{Connection, Profile, Standing},
};
use serde_json::json;
use store::{Error, Json, Result, Select, Tx, outbox, sql};

use crate::{
    AccountStatus, SocialAccountId, Stored,
    account::{is_same, origin},
};

const SELECT: &str = "SELECT id, platform, server, platform_account_id, username, display_name, \
     avatar_url, profile_url, limits, status, status_message, secret, expires_at, renew_at, \
     secret_version, connected_at, updated_at, removed_at FROM social_accounts";

sql! {
    INSERT: Tenant =
        "INSERT INTO social_accounts (id, platform, server, platform_account_id, username,
             display_name, avatar_url, profile_url, limits, status, secret, expires_at,
             renew_at, secret_version, connected_by, connected_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'connected', $10, $11, $12, 1, $13, $14, $14)";
    CONNECT_AGAIN: Tenant =
        "UPDATE social_accounts
         SET server = $2, username = $3, display_name = $4, avatar_url = $5, profile_url = $6,
             limits = $7, status = 'connected', status_message = NULL, secret = $8,
             expires_at = $9, renew_at = $10, secret_version = secret_version + 1,
             refresh_until = NULL, connected_by = $11, connected_at = $12, updated_at = $13,
             removed_at = NULL
         WHERE id = $1";
    STANDING: Tenant =
        "UPDATE social_accounts
         SET username = $3, display_name = $4, avatar_url = $5, profile_url = $6, limits = $7,
             status = 'connected', status_message = NULL, updated_at = $8
         WHERE id = $1 AND secret_version = $2 AND removed_at IS NULL";
    STATUS: Tenant =
        "UPDATE social_accounts
         SET status = $3, status_message = $4, updated_at = $5
         WHERE id = $1 AND secret_version = $2 AND removed_at IS NULL
             AND (status <> $3 OR status_message IS DISTINCT FROM $4)";
    REMOVE: Tenant =
        "UPDATE social_accounts
         SET status = 'disconnected', status_message = NULL, secret = NULL, expires_at = NULL,
             renew_at = NULL, secret_version = secret_version + 1, refresh_until = NULL, updated_at = $2,
             removed_at = $2
         WHERE id = $1 AND removed_at IS NULL";
    LEASE: Tenant =
        "UPDATE social_accounts SET refresh_until = $3
         WHERE id = $1 AND secret_version = $2 AND removed_at IS NULL
             AND (refresh_until IS NULL OR refresh_until <= $4)";
    RELEASE: Tenant =
        "UPDATE social_accounts SET refresh_until = NULL
         WHERE id = $1 AND secret_version = $2 AND refresh_until = $3";
    RENEW: Tenant =
        "UPDATE social_accounts
         SET secret = $3, expires_at = $4, renew_at = $5, secret_version = secret_version + 1,
             refresh_until = NULL, status = 'connected', status_message = NULL, updated_at = $6
         WHERE id = $1 AND secret_version = $2 AND removed_at IS NULL";

    RENEWAL_PUT: System =
        "INSERT INTO token_renewals (tenant_id, account_id, due_at) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, account_id) DO UPDATE SET due_at = excluded.due_at";
    RENEWAL_DROP: System =
        "DELETE FROM token_renewals WHERE tenant_id = $1 AND account_id = $2";
    RENEWALS_DUE: System =
        "SELECT tenant_id, account_id FROM token_renewals WHERE due_at <= $1
         ORDER BY due_at LIMIT $2";
}

/// The accounts with these ids, removed ones included.
pub(crate) async fn load(tx: &mut Tx, ids: &[SocialAccountId]) -> Result<Vec<Stored>> {
    let select = tx.select(SELECT).filter_in("id", ids.iter().copied());
    tx.list(select).await
}

/// The account, if it was not removed.
pub(crate) async fn get(tx: &mut Tx, id: SocialAccountId) -> Result<Option<Stored>> {
    let select = tx
        .select(SELECT)
        .filter("removed_at IS NULL")
        .filter_by("id = ", id);
    first(tx, select).await
}

/// The accounts that were not removed, in the order they were first connected.
pub(crate) async fn list(tx: &mut Tx, platform: Option<Platform>) -> Result<Vec<Stored>> {
    let select = tx
        .select(SELECT)
        .filter("removed_at IS NULL")
        .filter_if("platform = ", platform)
        .push(" ORDER BY id");
    tx.list(select).await
}

/// The account that `connection` leads to, removed or not, if it was ever connected here.
pub(crate) async fn find_same(
    tx: &mut Tx,
    platform: Platform,
    connection: &Connection,
) -> Result<Option<Stored>> {
    let select = tx
        .select(SELECT)
        .filter_by("platform = ", platform)
        .filter_by(
            "platform_account_id = ",
            connection.profile.platform_account_id.clone(),
        );
    let found: Vec<Stored> = tx.list(select).await?;
    Ok(found.into_iter().find(|stored| is_same(stored, connection)))
}

async fn first(tx: &mut Tx, select: Select) -> Result<Option<Stored>> {
    Ok(tx.list(select).await?.into_iter().next())
}

/// Sealed credentials, ready to be stored.
pub(crate) struct SealedCredentials {
    pub(crate) secret: Vec<u8>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) renew_at: Option<Timestamp>,
}

/// Stores an account that was never connected here.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: SocialAccountId,
    platform: Platform,
    connection: &Connection,
    credentials: SealedCredentials,
    (person, now): (PersonId, Timestamp),
) -> Result<()> {
    let Connection {
        profile,
        limits,
        server,
        ..
    } = connection;
    let values = (
        id,
        platform,
        origin(server),
        profile.platform_account_id.clone(),
        profile.username.clone(),
        profile.display_name.clone(),
        avatar(profile),
        profile.profile_url.to_string(),
        Json(limits.clone()),
        credentials.secret,
        credentials.expires_at,
        credentials.renew_at,
        person,
        now,
    );
    tx.execute_one(&INSERT, values).await
}

/// Stores new credentials of an account that was connected here before.
pub(crate) async fn connect_again(
    tx: &mut Tx,
    before: &Stored,
    connection: &Connection,
    credentials: SealedCredentials,
    (person, now): (PersonId, Timestamp),
) -> Result<()> {
    let Connection {
        profile,
        limits,
        server,
        ..
    } = connection;
    let connected_at = if before.removed_at.is_some() {
        now
    } else {
        before.connected_at
    };
    let values = (
        before.id,
        origin(server),
        profile.username.clone(),
        profile.display_name.clone(),
        avatar(profile),
        profile.profile_url.to_string(),
        Json(limits.clone()),
        credentials.secret,
        credentials.expires_at,
        credentials.renew_at,
        person,
        connected_at,
        now,
    );
    tx.execute_one(&CONNECT_AGAIN, values).await
}

/// Stores what the network says of an account whose credentials of `secret_version` just proved to
/// work. Answers whether they are still its credentials.
pub(crate) async fn set_standing(
    tx: &mut Tx,
    id: SocialAccountId,
    secret_version: i64,
    Standing { profile, limits }: &Standing,
    now: Timestamp,
) -> Result<bool> {
    let values = (
        id,
        secret_version,
        profile.username.clone(),
        profile.display_name.clone(),
        avatar(profile),
        profile.profile_url.to_string(),
        Json(limits.clone()),
        now,
    );
    Ok(tx.execute(&STANDING, values).await? == 1)
}

/// Sets the status, unless the credentials have changed since `secret_version` was read.
/// Answers whether anything changed.
pub(crate) async fn set_status(
    tx: &mut Tx,
    id: SocialAccountId,
    secret_version: i64,
    status: AccountStatus,
    message: &str,
    now: Timestamp,
) -> Result<bool> {
    let values = (id, secret_version, status, message.to_owned(), now);
    Ok(tx.execute(&STATUS, values).await? == 1)
}

/// Erases the credentials and takes the account out of all lists. Answers whether it was there.
pub(crate) async fn remove(tx: &mut Tx, id: SocialAccountId, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(&REMOVE, (id, now)).await? == 1)
}

/// Takes the right to renew the credentials until `until`. Answers whether it was free.
pub(crate) async fn lease(
    tx: &mut Tx,
    stored: &Stored,
    until: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let values = (stored.id, stored.secret_version, until, now);
    Ok(tx.execute(&LEASE, values).await? == 1)
}

/// Gives the right back that [`lease`] took.
pub(crate) async fn release(tx: &mut Tx, stored: &Stored, until: Timestamp) -> Result<()> {
    tx.execute(&RELEASE, (stored.id, stored.secret_version, until))
        .await
        .map(drop)
}

/// Stores renewed credentials in place of those in `stored`. Answers whether those were still
/// there: otherwise newer ones have been stored, which must stay.
pub(crate) async fn renew(
    tx: &mut Tx,
    stored: &Stored,
    credentials: SealedCredentials,
    now: Timestamp,
) -> Result<bool> {
    // To a reader nothing has changed, unless the account did not work before.
    let updated_at = match stored.status {
        AccountStatus::Connected => stored.updated_at,
        _ => now,
    };
    let SealedCredentials {
        secret,
        expires_at,
        renew_at,
    } = credentials;
    let values = (
        stored.id,
        stored.secret_version,
        secret,
        expires_at,
        renew_at,
        updated_at,
    );
    Ok(tx.execute(&RENEW, values).await? == 1)
}

/// Writes the event `kind` of an account and answers the account, both as it is now.
pub(crate) async fn announce(
    tx: &mut Tx,
    env: &Env,
    kind: &str,
    id: SocialAccountId,
) -> Result<Stored> {
    let select = tx.select(SELECT).filter_by("id = ", id);
    let account = first(tx, select).await?.ok_or(Error::NotOneRow {
        statement: SELECT,
        rows: 0,
    })?;
    let event = Event {
        id: env.uuid(),
        kind: kind.to_owned(),
        subject_id: id.0,
        at: env.now(),
        data: json!({
            "platform": account.platform,
            "username": account.username,
            "status": account.status,
        }),
    };
    outbox::append(tx, &[event]).await?;
    Ok(account)
}

/// Notes when an account's token is to be renewed, for [`due`]; `None`: never.
pub(crate) async fn set_due(
    tx: &mut Tx,
    tenant: TenantId,
    id: SocialAccountId,
    due_at: Option<Timestamp>,
) -> Result<()> {
    match due_at {
        Some(due_at) => tx.execute(&RENEWAL_PUT, (tenant, id, due_at)).await,
        None => tx.execute(&RENEWAL_DROP, (tenant, id)).await,
    }
    .map(drop)
}

/// The accounts whose tokens are to be renewed by `now`, the most urgent first.
pub(crate) async fn due(
    tx: &mut Tx,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(TenantId, SocialAccountId)>> {
    tx.all(&RENEWALS_DUE, (now, limit)).await
}

fn avatar(profile: &Profile) -> Option<String> {
    profile.avatar_url.as_ref().map(ToString::to_string)
}
