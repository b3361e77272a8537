//! Rows of `posts`.

use std::collections::HashMap;

use kernel::{PageRequest, PersonId, Timestamp};
use store::{FromRow, Json, Result, Select, Tx, sql};

use super::{searched, targets};
use crate::post::{
    Part, PostId, PostRecord, PostStatus,
    view::{PostFilter, PostOrder},
};

sql! {
    INSERT: Tenant = "INSERT INTO posts
            (id, title, status, parts, search_text, scheduled_at, time_zone, created_by, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    GET: Tenant = "SELECT id, title, status, parts, scheduled_at, time_zone, created_by, version, created_at, updated_at
        FROM posts WHERE id = $1";
    LOCK: Tenant = {
        sqlite: "SELECT id, title, status, parts, scheduled_at, time_zone, created_by, version, created_at, updated_at
                 FROM posts WHERE id = $1",
        postgres: "SELECT id, title, status, parts, scheduled_at, time_zone, created_by, version, created_at, updated_at
                   FROM posts WHERE id = $1 FOR UPDATE",
    };
    UPDATE: Tenant = "UPDATE posts SET title = $1, status = $2, parts = $3, search_text = $4, scheduled_at = $5,
            version = $6, updated_at = $7
        WHERE id = $8";
    DELETE: Tenant = "DELETE FROM posts WHERE id = $1";
}

const COUNT: &str = "SELECT count(*) FROM posts";
const COUNT_BY_STATUS: &str = "SELECT status, count(*) FROM posts";
/// One page, and with each of its rows how many there are in all.
const LIST: &str = "SELECT (SELECT count(*) FROM posts";
const LIST_COLUMNS: &str =
    ") AS total, id, title, status, parts, scheduled_at, time_zone, created_by,
    version, created_at, updated_at FROM posts";

#[derive(FromRow)]
struct Row {
    id: PostId,
    title: Option<String>,
    status: PostStatus,
    parts: Json<Vec<Part>>,
    scheduled_at: Option<Timestamp>,
    time_zone: String,
    created_by: PersonId,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(FromRow)]
struct Listed {
    total: i64,
    #[sqlx(flatten)]
    row: Row,
}

impl From<Row> for PostRecord {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            title: row.title,
            status: row.status,
            parts: row.parts.0,
            scheduled_at: row.scheduled_at,
            time_zone: row.time_zone,
            created_by: row.created_by,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            targets: Vec::new(),
        }
    }
}

fn search_text(post: &PostRecord) -> String {
    let overrides = post
        .targets
        .iter()
        .filter_map(|target| target.override_.as_ref());
    let parts = post
        .parts
        .iter()
        .chain(overrides.flat_map(|override_| &override_.parts));
    let texts: Vec<_> = post
        .title
        .as_deref()
        .into_iter()
        .chain(parts.map(|part| &*part.text))
        .collect();
    texts.join("\n").to_lowercase()
}

/// Writes a new post with its targets.
pub(crate) async fn insert(tx: &mut Tx, post: &PostRecord) -> Result<()> {
    let values = (
        post.id,
        post.title.clone(),
        post.status,
        Json(post.parts.clone()),
        search_text(post),
        post.scheduled_at,
        post.time_zone.clone(),
        post.created_by,
        post.version,
        post.created_at,
        post.updated_at,
    );
    tx.execute_one(&INSERT, values).await?;
    for (position, target) in (0..).zip(&post.targets) {
        targets::insert(tx, target, position).await?;
    }
    Ok(())
}

/// Writes the post itself; its targets are written one by one.
pub(crate) async fn update(tx: &mut Tx, post: &PostRecord) -> Result<()> {
    let values = (
        post.title.clone(),
        post.status,
        Json(post.parts.clone()),
        search_text(post),
        post.scheduled_at,
        post.version,
        post.updated_at,
        post.id,
    );
    tx.execute_one(&UPDATE, values).await
}

/// Removes a post, and with it its targets and uses.
pub(crate) async fn delete(tx: &mut Tx, id: PostId) -> Result<()> {
    tx.execute_one(&DELETE, (id,)).await
}

/// The post with its targets; with `lock`, nobody else changes it until the transaction ends.
pub(crate) async fn get(tx: &mut Tx, id: PostId, lock: bool) -> Result<Option<PostRecord>> {
    let row: Option<Row> = tx.optional(if lock { &LOCK } else { &GET }, (id,)).await?;
    let Some(row) = row else { return Ok(None) };
    let mut posts = vec![row.into()];
    add_targets(tx, &mut posts).await?;
    Ok(posts.pop())
}

/// One page, and how many there are in all.
pub(crate) async fn list(
    tx: &mut Tx,
    filter: &PostFilter,
    page: PageRequest,
) -> Result<(Vec<PostRecord>, i64)> {
    let select = filtered(filtered(tx.select(LIST), filter).then(LIST_COLUMNS), filter)
        .push(match filter.order {
            PostOrder::ScheduledAt => " ORDER BY scheduled_at ASC NULLS LAST, id ASC",
            PostOrder::ScheduledAtDescending => " ORDER BY scheduled_at DESC NULLS LAST, id DESC",
            PostOrder::UpdatedAt => " ORDER BY updated_at ASC, id ASC",
            PostOrder::UpdatedAtDescending => " ORDER BY updated_at DESC, id DESC",
        })
        .page(page);
    let rows: Vec<Listed> = tx.list(select).await?;
    let total = match rows.first() {
        Some(Listed { total, .. }) => *total,
        // A page behind the last one.
        None if page.offset() > 0 => {
            let count: Vec<(i64,)> = tx.list(filtered(tx.select(COUNT), filter)).await?;
            count.first().map_or(0, |(total,)| *total)
        }
        None => 0,
    };
    let mut posts = rows
        .into_iter()
        .map(|listed| listed.row.into())
        .collect::<Vec<_>>();
    add_targets(tx, &mut posts).await?;
    Ok((posts, total))
}

/// How many there are in each state that any of them is in.
pub(crate) async fn count(tx: &mut Tx, filter: &PostFilter) -> Result<Vec<(PostStatus, i64)>> {
    let select = filtered(tx.select(COUNT_BY_STATUS), filter).push(" GROUP BY status");
    tx.list(select).await
}

fn filtered(select: Select, filter: &PostFilter) -> Select {
    let select = if filter.status.is_empty() {
        select
    } else {
        select.filter_in("status", filter.status.iter().copied())
    };
    let select = match filter.account {
        Some(account) => select
            .filter_by(
                "id IN (SELECT post_id FROM post_targets WHERE account_id = ",
                account,
            )
            .push(")"),
        None => select,
    };
    let select = match filter.platform {
        Some(platform) => select
            .filter_by(
                "id IN (SELECT post_id FROM post_targets WHERE platform = ",
                platform,
            )
            .push(")"),
        None => select,
    };
    let select = select
        .filter_if("scheduled_at >= ", filter.from)
        .filter_if("scheduled_at < ", filter.to);
    searched(select, filter.search.as_deref())
}

async fn add_targets(tx: &mut Tx, posts: &mut [PostRecord]) -> Result<()> {
    let mut of_post: HashMap<PostId, Vec<_>> = HashMap::new();
    for target in targets::of_posts(tx, posts.iter().map(|post| post.id)).await? {
        of_post.entry(target.post_id).or_default().push(target);
    }
    for post in posts {
        post.targets = of_post.remove(&post.id).unwrap_or_default();
    }
    Ok(())
}
