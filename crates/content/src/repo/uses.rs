//! Rows of `content_uses`: which posts use which files.

use std::collections::BTreeSet;

use store::{Json, Result, Tx, sql};

use crate::{media::ContentId, post::PostId};

sql! {
    CLEAR: Tenant = "DELETE FROM content_uses WHERE post_id = $1";
    ADD: Tenant = {
        sqlite: "INSERT INTO content_uses (content_id, post_id) SELECT unhex(value), $1 FROM json_each($2)",
        postgres: "INSERT INTO content_uses (content_id, post_id)
                   SELECT value::uuid, $1 FROM jsonb_array_elements_text($2)",
    };
    UNFINISHED: Tenant = "SELECT count(*) FROM content_uses JOIN posts ON posts.id = content_uses.post_id
        WHERE content_uses.content_id = $1 AND posts.status <> 'published'";
    LOCK: Tenant = {
        sqlite: "SELECT id FROM contents WHERE id IN (SELECT unhex(value) FROM json_each($1))",
        // Held until the post that uses it is committed, so that it can't be deleted meanwhile.
        postgres: "SELECT id FROM contents WHERE id IN (SELECT value::uuid FROM jsonb_array_elements_text($1))
                   ORDER BY id FOR SHARE",
    };
}

fn as_json(ids: &BTreeSet<ContentId>) -> Json<Vec<String>> {
    Json(ids.iter().map(|id| id.0.simple().to_string()).collect())
}

/// Those of the given files that exist, kept from being deleted until the transaction ends.
pub(crate) async fn existing(
    tx: &mut Tx,
    ids: &BTreeSet<ContentId>,
) -> Result<BTreeSet<ContentId>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<(ContentId,)> = tx.all(&LOCK, (as_json(ids),)).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Notes that the post uses these files and no others.
pub(crate) async fn replace(tx: &mut Tx, post: PostId, ids: &BTreeSet<ContentId>) -> Result<()> {
    tx.execute(&CLEAR, (post,)).await?;
    if !ids.is_empty() {
        tx.execute(&ADD, (post, as_json(ids))).await?;
    }
    Ok(())
}

/// How many posts that are not published use the file.
pub(crate) async fn unfinished(tx: &mut Tx, id: ContentId) -> Result<i64> {
    let (count,): (i64,) = tx.one(&UNFINISHED, (id,)).await?;
    Ok(count)
}
