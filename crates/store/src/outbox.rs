//! The tenant's outbox: what happened, written in the transaction that did it.
//!
//! The outbox is a log with a growing sequence number. Whoever follows it (the live updates of a
//! browser, and later webhooks and the relay to an event bus) keeps a cursor and reads on from
//! there, so that nothing is lost by a restart and nothing needs to be running for an event to be
//! safe. On PostgreSQL the append takes a lock of the tenant until the end of the transaction:
//! sequence numbers become visible in their order, and a cursor can't run past one that is still
//! to be committed.

use kernel::{Event, Timestamp};
use serde_json::Value;
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

use crate::{Result, Tx, sql};

sql! {
    APPEND: Tenant = {
        sqlite: "INSERT INTO outbox (id, kind, subject_id, at, data)
                 SELECT unhex(value ->> 'id'), value ->> 'kind', unhex(value ->> 'subject'),
                        CAST(value ->> 'at' AS INTEGER), value -> 'data'
                 FROM jsonb_each($1) ORDER BY key",
        postgres: "INSERT INTO outbox (id, kind, subject_id, at, data)
                   SELECT (value ->> 'id')::uuid, value ->> 'kind', (value ->> 'subject')::uuid,
                          to_timestamp((value ->> 'at')::bigint / 1000000.0), value -> 'data'
                   FROM (SELECT pg_advisory_xact_lock(hashtext(current_schema()))) AS lock,
                        jsonb_array_elements($1) WITH ORDINALITY AS events(value, position)
                   ORDER BY position",
    };
    AFTER: Tenant = "SELECT seq, id, kind, subject_id, at, data FROM outbox
                     WHERE seq > $1 ORDER BY seq LIMIT $2";
    LAST: Tenant = "SELECT COALESCE(max(seq), 0) AS seq FROM outbox";
    ANY_BEFORE: Tenant = "SELECT EXISTS (SELECT 1 FROM outbox WHERE at < $1)";
    PRUNE: Tenant = "DELETE FROM outbox WHERE at < $1";
}

/// Writes events, in order. They become visible when the transaction commits.
pub async fn append(tx: &mut Tx, events: &[Event]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let rows: Vec<Value> = events
        .iter()
        .map(|event| {
            serde_json::json!({
                "id": event.id.simple().to_string(),
                "kind": event.kind,
                "subject": event.subject_id.simple().to_string(),
                "at": event.at.as_micros(),
                "data": event.data,
            })
        })
        .collect();
    tx.execute(&APPEND, (Json(rows),)).await.map(drop)
}

/// Up to `limit` events after the cursor `after`, each with its own cursor.
pub async fn read_after(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<(i64, Event)>> {
    #[derive(FromRow)]
    struct Row {
        seq: i64,
        id: Uuid,
        kind: String,
        subject_id: Uuid,
        at: Timestamp,
        data: Json<Value>,
    }
    let rows: Vec<Row> = tx.all(&AFTER, (after, limit)).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let Row {
                seq,
                id,
                kind,
                subject_id,
                at,
                data: Json(data),
            } = row;
            (
                seq,
                Event {
                    id,
                    kind,
                    subject_id,
                    at,
                    data,
                },
            )
        })
        .collect())
}

/// The cursor behind the newest event.
pub async fn last(tx: &mut Tx) -> Result<i64> {
    let (seq,): (i64,) = tx.one(&LAST, ()).await?;
    Ok(seq)
}

/// Whether there are events from before `before`.
pub async fn any_before(tx: &mut Tx, before: Timestamp) -> Result<bool> {
    let (any,): (bool,) = tx.one(&ANY_BEFORE, (before,)).await?;
    Ok(any)
}

/// Forgets events from before `before`.
pub async fn prune(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.execute(&PRUNE, (before,)).await
}
