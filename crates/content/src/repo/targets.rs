//! Rows of `post_targets`.
//!
//! The second half serves publishing, which moves thousands of targets a second: every statement
//! there takes a whole batch as one JSON array.

use accounts::SocialAccountId;
use kernel::{PersonId, Timestamp};
use networks::Platform;
use serde::Serialize;
use serde_json::Value;
use store::{FromRow, Json, Result, Tx, sql};

use crate::{
    post::{Override, Part, PostId, PostStatus, TargetSettings},
    target::{TargetId, TargetProblem, TargetRecord, TargetStatus},
};

sql! {
    INSERT: Tenant = "INSERT INTO post_targets
            (id, post_id, position, account_id, platform, account_name, override_parts, settings, status, attempts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)";
    REWRITE: Tenant = "UPDATE post_targets SET position = $1, override_parts = $2, settings = $3 WHERE id = $4";
    DELETE: Tenant = "DELETE FROM post_targets WHERE id = $1";
}

const COLUMNS: &str =
    "SELECT id, post_id, account_id, platform, account_name, override_parts, settings, status,
    scheduled_at, published_at, platform_post_id, platform_post_url, result, problem, attempts
    FROM post_targets";

#[derive(FromRow)]
struct Row {
    id: TargetId,
    post_id: PostId,
    account_id: SocialAccountId,
    platform: Platform,
    account_name: String,
    override_parts: Option<Json<Vec<Part>>>,
    settings: Json<TargetSettings>,
    status: TargetStatus,
    scheduled_at: Option<Timestamp>,
    published_at: Option<Timestamp>,
    platform_post_id: Option<String>,
    platform_post_url: Option<String>,
    result: Option<Json<Value>>,
    problem: Option<Json<TargetProblem>>,
    attempts: i64,
}

impl From<Row> for TargetRecord {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            post_id: row.post_id,
            account: row.account_id,
            platform: row.platform,
            account_name: row.account_name,
            override_: row.override_parts.map(|Json(parts)| Override { parts }),
            settings: row.settings.0,
            status: row.status,
            scheduled_at: row.scheduled_at,
            published_at: row.published_at,
            platform_post_id: row.platform_post_id,
            platform_post_url: row.platform_post_url,
            result: row.result.map(|Json(result)| result),
            problem: row.problem.map(|Json(problem)| problem),
            attempts: row.attempts,
        }
    }
}

fn override_parts(target: &TargetRecord) -> Option<Json<Vec<Part>>> {
    target
        .override_
        .as_ref()
        .map(|override_| Json(override_.parts.clone()))
}

/// Writes a new target, which nothing has become of yet.
pub(crate) async fn insert(tx: &mut Tx, target: &TargetRecord, position: i64) -> Result<()> {
    let values = (
        target.id,
        target.post_id,
        position,
        target.account,
        target.platform,
        target.account_name.clone(),
        override_parts(target),
        Json(target.settings.clone()),
        target.status,
    );
    tx.execute_one(&INSERT, values).await
}

/// Writes what an edit can change of a target.
pub(crate) async fn rewrite(tx: &mut Tx, target: &TargetRecord, position: i64) -> Result<()> {
    let settings = Json(target.settings.clone());
    let values = (position, override_parts(target), settings, target.id);
    tx.execute_one(&REWRITE, values).await
}

/// Removes a target.
pub(crate) async fn delete(tx: &mut Tx, id: TargetId) -> Result<()> {
    tx.execute_one(&DELETE, (id,)).await
}

/// The targets of these posts, each post's in the author's order.
pub(crate) async fn of_posts(
    tx: &mut Tx,
    posts: impl IntoIterator<Item = PostId>,
) -> Result<Vec<TargetRecord>> {
    let select = tx
        .select(COLUMNS)
        .filter_in("post_id", posts)
        .push(" ORDER BY position");
    let rows: Vec<Row> = tx.list(select).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

sql! {
    LOCK_POSTS: Tenant = {
        sqlite: "SELECT id, title, status FROM posts WHERE id IN
                   (SELECT post_id FROM post_targets WHERE id IN (SELECT unhex(value) FROM json_each($1)))",
        // In the order of their ids, so that two batches can't wait for each other.
        postgres: "SELECT id, title, status FROM posts WHERE id IN
                     (SELECT post_id FROM post_targets
                      WHERE id IN (SELECT value::uuid FROM jsonb_array_elements_text($1)))
                   ORDER BY id FOR UPDATE",
    };
    STATES: Tenant = {
        sqlite: "SELECT id, post_id, status FROM post_targets
                 WHERE post_id IN (SELECT unhex(value) FROM json_each($1))",
        postgres: "SELECT id, post_id, status FROM post_targets
                   WHERE post_id IN (SELECT value::uuid FROM jsonb_array_elements_text($1))",
    };
    WRITE_STATES: Tenant = {
        sqlite: "UPDATE post_targets SET
                   status = new.value ->> 'status',
                   problem = new.value -> 'problem',
                   attempts = COALESCE(new.value ->> 'attempts', attempts),
                   scheduled_at = COALESCE(new.value ->> 'scheduledAt', scheduled_at),
                   published_at = COALESCE(new.value ->> 'publishedAt', published_at),
                   platform_post_id = COALESCE(new.value ->> 'platformPostId', platform_post_id),
                   platform_post_url = COALESCE(new.value ->> 'platformPostUrl', platform_post_url),
                   result = COALESCE(new.value -> 'result', result)
                 FROM jsonb_each($1) AS new WHERE post_targets.id = unhex(new.value ->> 'id')",
        postgres: "UPDATE post_targets SET
                     status = new.value ->> 'status',
                     problem = new.value -> 'problem',
                     attempts = COALESCE((new.value ->> 'attempts')::bigint, attempts),
                     scheduled_at = COALESCE(to_timestamp((new.value ->> 'scheduledAt')::bigint / 1000000.0), scheduled_at),
                     published_at = COALESCE(to_timestamp((new.value ->> 'publishedAt')::bigint / 1000000.0), published_at),
                     platform_post_id = COALESCE(new.value ->> 'platformPostId', platform_post_id),
                     platform_post_url = COALESCE(new.value ->> 'platformPostUrl', platform_post_url),
                     result = COALESCE(new.value -> 'result', result)
                   FROM jsonb_array_elements($1) AS new(value)
                   WHERE post_targets.id = (new.value ->> 'id')::uuid",
    };
    WRITE_POST_STATES: Tenant = {
        sqlite: "UPDATE posts SET status = new.value ->> 'status', updated_at = $2
                 FROM jsonb_each($1) AS new WHERE posts.id = unhex(new.value ->> 'id')",
        postgres: "UPDATE posts SET status = new.value ->> 'status', updated_at = $2
                   FROM jsonb_array_elements($1) AS new(value) WHERE posts.id = (new.value ->> 'id')::uuid",
    };
    TO_PUBLISH: Tenant = {
        sqlite: "SELECT t.id, t.post_id, t.account_id, t.platform, t.status, t.scheduled_at, t.settings,
                   COALESCE(t.override_parts, p.parts) AS parts, p.title, p.created_by
                 FROM post_targets AS t JOIN posts AS p ON p.id = t.post_id
                 WHERE t.id IN (SELECT unhex(value) FROM json_each($1))",
        postgres: "SELECT t.id, t.post_id, t.account_id, t.platform, t.status, t.scheduled_at, t.settings,
                     COALESCE(t.override_parts, p.parts) AS parts, p.title, p.created_by
                   FROM post_targets AS t JOIN posts AS p ON p.id = t.post_id
                   WHERE t.id IN (SELECT value::uuid FROM jsonb_array_elements_text($1))",
    };
}

/// A post's state, as the batch statements read it.
#[derive(FromRow)]
pub(crate) struct PostState {
    pub(crate) id: PostId,
    pub(crate) title: Option<String>,
    pub(crate) status: PostStatus,
}

/// A target's state, as the batch statements read it.
#[derive(FromRow)]
pub(crate) struct TargetState {
    pub(crate) id: TargetId,
    pub(crate) post_id: PostId,
    pub(crate) status: TargetStatus,
}

/// A target's new state, as the batch statement takes it. What is `None` stays as it is, but for
/// the problem, which is cleared.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewState {
    pub(crate) id: String,
    pub(crate) status: TargetStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<TargetProblem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attempts: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scheduled_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) published_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) platform_post_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) platform_post_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) result: Option<Value>,
}

/// What is to be published, as the batch statement reads it.
#[derive(FromRow)]
pub(crate) struct Outgoing {
    pub(crate) id: TargetId,
    pub(crate) post_id: PostId,
    pub(crate) account_id: SocialAccountId,
    pub(crate) platform: Platform,
    pub(crate) status: TargetStatus,
    pub(crate) scheduled_at: Option<Timestamp>,
    pub(crate) parts: Json<Vec<Part>>,
    pub(crate) settings: Json<TargetSettings>,
    pub(crate) title: Option<String>,
    pub(crate) created_by: PersonId,
}

/// A target that takes of quotas.
#[derive(FromRow)]
pub(crate) struct Planned {
    pub(crate) id: TargetId,
    pub(crate) post_id: PostId,
    pub(crate) account_id: SocialAccountId,
    pub(crate) platform: Platform,
    pub(crate) status: TargetStatus,
    pub(crate) scheduled_at: Timestamp,
    pub(crate) published_at: Option<Timestamp>,
    pub(crate) problem: Option<Json<TargetProblem>>,
    pub(crate) settings: Json<TargetSettings>,
    pub(crate) parts: Json<Vec<Part>>,
}

/// What is or was to go out on these networks between two times, and was not called off.
pub(crate) async fn planned(
    tx: &mut Tx,
    platforms: impl IntoIterator<Item = Platform>,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Planned>> {
    let select = tx
        .select(
            "SELECT t.id, t.post_id, t.account_id, t.platform, t.status, t.scheduled_at,
                    t.published_at, t.problem, t.settings, COALESCE(t.override_parts, p.parts) AS parts
             FROM post_targets AS t JOIN posts AS p ON p.id = t.post_id",
        )
        .filter_in("t.platform", platforms)
        .filter_in(
            "t.status",
            [
                TargetStatus::Scheduled,
                TargetStatus::Publishing,
                TargetStatus::Published,
                TargetStatus::NeedsAttention,
                TargetStatus::Deleted,
            ],
        )
        .filter_by("t.scheduled_at > ", from)
        .filter_by("t.scheduled_at < ", to);
    tx.list(select).await
}

/// An id as the statements read it out of JSON.
pub(crate) fn hex(id: uuid::Uuid) -> String {
    id.simple().to_string()
}

fn hexes(ids: impl IntoIterator<Item = uuid::Uuid>) -> Json<Vec<String>> {
    Json(ids.into_iter().map(hex).collect())
}

/// The posts of these targets, kept from changing until the transaction ends.
pub(crate) async fn lock_posts(
    tx: &mut Tx,
    ids: impl IntoIterator<Item = TargetId>,
) -> Result<Vec<PostState>> {
    tx.all(&LOCK_POSTS, (hexes(ids.into_iter().map(|id| id.0)),))
        .await
}

/// The states of all targets of these posts.
pub(crate) async fn states(
    tx: &mut Tx,
    posts: impl IntoIterator<Item = PostId>,
) -> Result<Vec<TargetState>> {
    tx.all(&STATES, (hexes(posts.into_iter().map(|id| id.0)),))
        .await
}

/// Writes new states of targets.
pub(crate) async fn write_states(tx: &mut Tx, states: Vec<NewState>) -> Result<()> {
    tx.execute(&WRITE_STATES, (Json(states),)).await.map(drop)
}

/// Writes new states of posts.
pub(crate) async fn write_post_states(
    tx: &mut Tx,
    states: impl IntoIterator<Item = (PostId, PostStatus)>,
    now: Timestamp,
) -> Result<()> {
    let rows: Vec<Value> = states
        .into_iter()
        .map(|(id, status)| serde_json::json!({ "id": hex(id.0), "status": status }))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    tx.execute(&WRITE_POST_STATES, (Json(rows), now))
        .await
        .map(drop)
}

/// What these targets are to be published with.
pub(crate) async fn to_publish(tx: &mut Tx, ids: &[TargetId]) -> Result<Vec<Outgoing>> {
    tx.all(&TO_PUBLISH, (hexes(ids.iter().map(|id| id.0)),))
        .await
}
