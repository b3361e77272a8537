use axum::extract::State;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::{Content, ContentId, MediaItem};

/// One item of the media library
#[utoipa::path(
    get,
    path = "/content/{id}",
    operation_id = "getContent",
    tag = "content",
    params(("id" = ContentId, Path, description = "The item")),
    responses((status = OK, body = MediaItem), ProblemResponses),
)]
pub(in crate::routes) async fn get_content(
    State(content): State<Content>,
    Authenticated(caller): Authenticated,
    Path(id): Path<ContentId>,
) -> Result<Json<MediaItem>> {
    Ok(Json(content.get(&caller, id).await?))
}
