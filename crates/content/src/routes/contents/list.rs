use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Query, Result};
use kernel::{Page, PageRequest};

use crate::{Content, MediaItem, media::library::ContentFilter};

/// The media library, the newest first
#[utoipa::path(
    get,
    path = "/content",
    operation_id = "listContent",
    tag = "content",
    params(ContentFilter, PageRequest),
    responses((status = OK, body = Page<MediaItem>), ProblemResponses),
)]
pub(in crate::routes) async fn list_content(
    State(content): State<Content>,
    Authenticated(caller): Authenticated,
    Query(filter): Query<ContentFilter>,
    Query(page): Query<PageRequest>,
) -> Result<Json<Page<MediaItem>>> {
    Ok(Json(content.list(&caller, &filter, page).await?))
}
