//! Rows of `renditions`.

use kernel::Timestamp;
use store::{FromRow, Json, Result, Tx, sql};
use uuid::Uuid;

use crate::media::{
    ContentId,
    fault::Fault,
    rendition::{Rendered, State},
};

sql! {
    GET: Tenant = "SELECT content_id, recipe, state, progress, lease_until, result, problem, used_at
        FROM renditions WHERE content_id = $1 AND recipe = $2";
    // Nothing where somebody else is at it.
    CLAIM: Tenant = "
        INSERT INTO renditions (content_id, recipe, state, progress, worker, lease_until, used_at)
        VALUES ($1, $2, 'working', 0, $3, $4, $5)
        ON CONFLICT (content_id, recipe) DO UPDATE SET state = 'working', progress = 0,
            worker = excluded.worker, lease_until = excluded.lease_until, used_at = excluded.used_at,
            result = NULL, problem = NULL
        WHERE renditions.state <> 'working' OR renditions.lease_until <= excluded.used_at";
    RENEW: Tenant = "UPDATE renditions SET progress = $1, lease_until = $2
        WHERE content_id = $3 AND recipe = $4 AND state = 'working' AND worker = $5";
    FINISH: Tenant = "UPDATE renditions SET state = $1, result = $2, problem = $3, used_at = $4,
            progress = CASE $1 WHEN 'ready' THEN 1000 ELSE progress END, worker = NULL, lease_until = NULL
        WHERE content_id = $5 AND recipe = $6 AND state = 'working' AND worker = $7";
    USED: Tenant = "UPDATE renditions SET used_at = $1 WHERE content_id = $2 AND recipe = $3";
    PUT: Tenant = "
        INSERT INTO renditions (content_id, recipe, state, progress, result, used_at)
        VALUES ($1, $2, 'ready', 1000, $3, $4)
        ON CONFLICT (content_id, recipe) DO UPDATE
            SET state = 'ready', progress = 1000, result = excluded.result, used_at = excluded.used_at";
    FORGET: Tenant = "DELETE FROM renditions
        WHERE used_at < $1 AND (state <> 'working' OR lease_until < $2)";
}

/// A file made to fit, or the work on it.
#[derive(FromRow)]
pub(crate) struct Row {
    pub(crate) content_id: ContentId,
    pub(crate) recipe: String,
    pub(crate) state: State,
    /// Thousandths.
    pub(crate) progress: i64,
    pub(crate) lease_until: Option<Timestamp>,
    pub(crate) result: Option<Json<Rendered>>,
    pub(crate) problem: Option<Json<Fault>>,
    pub(crate) used_at: Timestamp,
}

pub(crate) async fn get(tx: &mut Tx, id: ContentId, recipe: &str) -> Result<Option<Row>> {
    tx.optional(&GET, (id, recipe.to_owned())).await
}

/// All of these files.
pub(crate) async fn of(tx: &mut Tx, ids: impl IntoIterator<Item = ContentId>) -> Result<Vec<Row>> {
    const COLUMNS: &str =
        "SELECT content_id, recipe, state, progress, lease_until, result, problem, used_at
        FROM renditions";
    let select = tx.select(COLUMNS).filter_in("content_id", ids);
    tx.list(select.push(" ORDER BY content_id, recipe")).await
}

/// Takes the work on it, unless somebody alive has it.
pub(crate) async fn claim(
    tx: &mut Tx,
    id: ContentId,
    recipe: &str,
    worker: Uuid,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<bool> {
    let values = (id, recipe.to_owned(), worker, lease_until, now);
    Ok(tx.execute(&CLAIM, values).await? > 0)
}

/// Notes how far it is. `false`: the work is not ours any more.
pub(crate) async fn renew(
    tx: &mut Tx,
    id: ContentId,
    recipe: &str,
    worker: Uuid,
    thousandths: u32,
    lease_until: Timestamp,
) -> Result<bool> {
    let values = (
        i64::from(thousandths),
        lease_until,
        id,
        recipe.to_owned(),
        worker,
    );
    Ok(tx.execute(&RENEW, values).await? > 0)
}

/// Notes how the work ended. `false`: it is not ours any more.
pub(crate) async fn finish(
    tx: &mut Tx,
    id: ContentId,
    recipe: &str,
    worker: Uuid,
    outcome: &std::result::Result<Rendered, Fault>,
    now: Timestamp,
) -> Result<bool> {
    let (state, rendered, problem) = match outcome {
        Ok(rendered) => (State::Ready, Some(Json(rendered.clone())), None),
        Err(fault) => (State::Failed, None, Some(Json(fault.clone()))),
    };
    let values = (state, rendered, problem, now, id, recipe.to_owned(), worker);
    Ok(tx.execute(&FINISH, values).await? > 0)
}

/// Notes that it was used.
pub(crate) async fn used(tx: &mut Tx, id: ContentId, recipe: &str, now: Timestamp) -> Result<()> {
    tx.execute(&USED, (now, id, recipe.to_owned()))
        .await
        .map(drop)
}

/// Notes a file that was made without a claim.
pub(crate) async fn put(
    tx: &mut Tx,
    id: ContentId,
    recipe: &str,
    rendered: &Rendered,
    now: Timestamp,
) -> Result<()> {
    let values = (id, recipe.to_owned(), Json(rendered.clone()), now);
    tx.execute_one(&PUT, values).await
}

/// Forgets those that were not used since `before`.
pub(crate) async fn forget(tx: &mut Tx, before: Timestamp, now: Timestamp) -> Result<u64> {
    tx.execute(&FORGET, (before, now)).await
}
