//! Rows of `contents`.

use kernel::{PageRequest, PersonId, Timestamp};
use store::{FromRow, Json, Result, Select, Tx, sql};

use super::{searched, signed};
use crate::media::{
    ContentId, ContentRecord, ContentStatus, Facts, MediaType, library::ContentFilter,
};

sql! {
    INSERT: Tenant = "INSERT INTO contents
            (id, type, status, title, description, alt_text, tags, file_name, mime_type, file_size,
             sha256, facts, search_text, uploaded_by, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    GET: Tenant = "SELECT id, type, status, title, description, alt_text, tags, file_name, mime_type,
            file_size, sha256, facts, uploaded_by, created_at, updated_at
        FROM contents WHERE id = $1";
    UPDATE: Tenant = "UPDATE contents
        SET title = $1, description = $2, alt_text = $3, tags = $4, search_text = $5, updated_at = $6
        WHERE id = $7";
    DELETE: Tenant = "DELETE FROM contents WHERE id = $1";
}

#[derive(FromRow)]
struct Row {
    id: ContentId,
    #[sqlx(rename = "type")]
    media_type: MediaType,
    status: ContentStatus,
    title: String,
    description: Option<String>,
    alt_text: Option<String>,
    tags: Json<Vec<String>>,
    file_name: String,
    mime_type: String,
    file_size: i64,
    sha256: Vec<u8>,
    facts: Json<Facts>,
    uploaded_by: PersonId,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for ContentRecord {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            media_type: row.media_type,
            status: row.status,
            title: row.title,
            description: row.description,
            alt_text: row.alt_text,
            tags: row.tags.0,
            file_name: row.file_name,
            mime_type: row.mime_type,
            file_size: u64::try_from(row.file_size).unwrap_or(0),
            sha256: row.sha256.try_into().unwrap_or_default(),
            facts: row.facts.0,
            uploaded_by: row.uploaded_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn search_text(content: &ContentRecord) -> String {
    let mut text = format!("{}\n{}", content.title, content.file_name);
    for more in content
        .description
        .iter()
        .chain(&content.alt_text)
        .chain(&content.tags)
    {
        text.push('\n');
        text.push_str(more);
    }
    text.to_lowercase()
}

pub(crate) async fn insert(tx: &mut Tx, content: &ContentRecord) -> Result<()> {
    let values = (
        content.id,
        content.media_type,
        content.status,
        content.title.clone(),
        content.description.clone(),
        content.alt_text.clone(),
        Json(content.tags.clone()),
        content.file_name.clone(),
        content.mime_type.clone(),
        signed(content.file_size),
        content.sha256.to_vec(),
        Json(content.facts.clone()),
        search_text(content),
        content.uploaded_by,
        content.created_at,
        content.updated_at,
    );
    tx.execute_one(&INSERT, values).await
}

pub(crate) async fn get(tx: &mut Tx, id: ContentId) -> Result<Option<ContentRecord>> {
    let row: Option<Row> = tx.optional(&GET, (id,)).await?;
    Ok(row.map(Into::into))
}

/// Writes what a person can change of it.
pub(crate) async fn update(tx: &mut Tx, content: &ContentRecord) -> Result<()> {
    let values = (
        content.title.clone(),
        content.description.clone(),
        content.alt_text.clone(),
        Json(content.tags.clone()),
        search_text(content),
        content.updated_at,
        content.id,
    );
    tx.execute_one(&UPDATE, values).await
}

pub(crate) async fn delete(tx: &mut Tx, id: ContentId) -> Result<()> {
    tx.execute_one(&DELETE, (id,)).await
}

/// Those of the given ids that exist, in no order.
pub(crate) async fn get_many(
    tx: &mut Tx,
    ids: impl IntoIterator<Item = ContentId>,
) -> Result<Vec<ContentRecord>> {
    let ids: Vec<_> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let select = tx.select(COLUMNS).filter_in("id", ids);
    let rows: Vec<Row> = tx.list(select).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

const COLUMNS: &str =
    "SELECT id, type, status, title, description, alt_text, tags, file_name, mime_type,
    file_size, sha256, facts, uploaded_by, created_at, updated_at FROM contents";

/// One page, the newest first, and how many there are in all.
pub(crate) async fn list(
    tx: &mut Tx,
    filter: &ContentFilter,
    page: PageRequest,
) -> Result<(Vec<ContentRecord>, i64)> {
    let filtered = |select: Select| {
        let select = select
            .filter_if("type = ", filter.media_type)
            .filter_if("status = ", filter.status);
        searched(select, filter.search.as_deref())
    };
    let count = filtered(tx.select("SELECT count(*) FROM contents"));
    let total: Vec<(i64,)> = tx.list(count).await?;
    let select = filtered(tx.select(COLUMNS))
        .push(" ORDER BY created_at DESC, id DESC")
        .page(page);
    let rows: Vec<Row> = tx.list(select).await?;
    Ok((
        rows.into_iter().map(Into::into).collect(),
        total.first().map_or(0, |(total,)| *total),
    ))
}
