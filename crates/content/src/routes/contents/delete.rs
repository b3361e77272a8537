use axum::{extract::State, http::StatusCode};
use http_kit::{Authenticated, Path, ProblemResponses, Result};

use crate::{Content, ContentId};

/// Delete an item and its files
///
/// `CONFLICT` while a post that is not published yet uses it.
#[utoipa::path(
    delete,
    path = "/content/{id}",
    operation_id = "deleteContent",
    tag = "content",
    params(("id" = ContentId, Path, description = "The item")),
    responses((status = NO_CONTENT, description = "It is deleted"), ProblemResponses),
)]
pub(in crate::routes) async fn delete_content(
    State(content): State<Content>,
    Authenticated(caller): Authenticated,
    Path(id): Path<ContentId>,
) -> Result<StatusCode> {
    content.delete(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
