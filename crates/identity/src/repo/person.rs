//! Table `people`.

use std::collections::HashMap;

use kernel::{PersonId, Timestamp};
use store::{Result, Tx, sql};

use crate::{Email, person::Person};

sql! {
    INSERT: System = "INSERT INTO people (id, email, email_key, name, password_hash, created_at, updated_at)
                      VALUES ($1, $2, $3, $4, $5, $6, $6)";
    GET: System = "SELECT id, email, name, password_hash FROM people WHERE id = $1";
    BY_EMAIL: System = "SELECT id, email, name, password_hash FROM people WHERE email_key = $1";
    ANY: System = "SELECT id FROM people LIMIT 1";
    RENAME: System = "UPDATE people SET name = $1, updated_at = $2 WHERE id = $3";
    SET_PASSWORD: System = "UPDATE people SET password_hash = $1, updated_at = $2 WHERE id = $3";
}

pub(crate) async fn insert(
    tx: &mut Tx,
    person: &Person,
    email: &Email,
    now: Timestamp,
) -> Result<()> {
    let Person {
        id,
        email: written,
        name,
        password_hash,
    } = person;
    tx.execute_one(
        &INSERT,
        (
            *id,
            written.as_str(),
            email.key(),
            name.as_str(),
            password_hash.as_str(),
            now,
        ),
    )
    .await
}

pub(crate) async fn get(tx: &mut Tx, id: PersonId) -> Result<Person> {
    tx.one(&GET, (id,)).await
}

pub(crate) async fn by_email(tx: &mut Tx, email: &Email) -> Result<Option<Person>> {
    tx.optional(&BY_EMAIL, (email.key(),)).await
}

/// Whether anybody has registered.
pub(crate) async fn any(tx: &mut Tx) -> Result<bool> {
    let first: Option<(PersonId,)> = tx.optional(&ANY, ()).await?;
    Ok(first.is_some())
}

pub(crate) async fn rename(tx: &mut Tx, id: PersonId, name: &str, now: Timestamp) -> Result<()> {
    tx.execute_one(&RENAME, (name, now, id)).await
}

pub(crate) async fn set_password(
    tx: &mut Tx,
    id: PersonId,
    hash: &str,
    now: Timestamp,
) -> Result<()> {
    tx.execute_one(&SET_PASSWORD, (hash, now, id)).await
}

pub(crate) async fn names(tx: &mut Tx, ids: &[PersonId]) -> Result<HashMap<PersonId, String>> {
    let select = tx
        .select("SELECT id, name FROM people")
        .filter_in("id", ids.iter().copied());
    Ok(tx
        .list::<(PersonId, String)>(select)
        .await?
        .into_iter()
        .collect())
}
