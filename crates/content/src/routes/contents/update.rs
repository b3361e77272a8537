use axum::extract::State;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::{Content, ContentId, MediaItem, media::library::ContentChanges};

/// Change what is said about an item
///
/// What is left out stays as it is.
#[utoipa::path(
    patch,
    path = "/content/{id}",
    operation_id = "updateContent",
    tag = "content",
    params(("id" = ContentId, Path, description = "The item")),
    request_body = ContentChanges,
    responses((status = OK, body = MediaItem), ProblemResponses),
)]
pub(in crate::routes) async fn update_content(
    State(content): State<Content>,
    Authenticated(caller): Authenticated,
    Path(id): Path<ContentId>,
    Json(changes): Json<ContentChanges>,
) -> Result<Json<MediaItem>> {
    Ok(Json(content.change(&caller, id, changes).await?))
}
