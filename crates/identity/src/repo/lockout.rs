//! Table `login_failures`.

use kernel::Timestamp;
use store::{Result, Tx, sql};

use crate::lockout::{Subject, Tally};

sql! {
    GET: System = "SELECT failures, window_started_at, locked_until FROM login_failures WHERE subject = $1";
    START: System = "INSERT INTO login_failures (subject, failures, window_started_at) VALUES ($1, 0, $2)
                     ON CONFLICT (subject) DO NOTHING";
    LOCK: System = {
        sqlite: "SELECT failures, window_started_at, locked_until FROM login_failures WHERE subject = $1",
        postgres: "SELECT failures, window_started_at, locked_until FROM login_failures WHERE subject = $1
                   FOR UPDATE",
    };
    PUT: System = "UPDATE login_failures SET failures = $1, window_started_at = $2, locked_until = $3
                   WHERE subject = $4";
    DELETE: System = "DELETE FROM login_failures WHERE subject = $1";
    PRUNE: System = "DELETE FROM login_failures WHERE window_started_at < $1";
}

pub(crate) async fn get(tx: &mut Tx, subject: &Subject) -> Result<Option<Tally>> {
    tx.optional(&GET, (subject.text(),)).await
}

/// The subject's failures, kept from others' changes until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, subject: &Subject, now: Timestamp) -> Result<Tally> {
    tx.execute(&START, (subject.text(), now)).await?;
    tx.one(&LOCK, (subject.text(),)).await
}

pub(crate) async fn put(tx: &mut Tx, subject: &Subject, failures: Tally) -> Result<()> {
    let Tally {
        failures,
        window_started_at,
        locked_until,
    } = failures;
    tx.execute_one(
        &PUT,
        (failures, window_started_at, locked_until, subject.text()),
    )
    .await
}

pub(crate) async fn delete(tx: &mut Tx, subject: &Subject) -> Result<()> {
    tx.execute(&DELETE, (subject.text(),)).await.map(drop)
}

pub(crate) async fn prune(tx: &mut Tx, before: Timestamp) -> Result<()> {
    tx.execute(&PRUNE, (before,)).await.map(drop)
}
