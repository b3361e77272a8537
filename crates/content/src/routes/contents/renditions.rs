use axum::extract::State;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::{Content, ContentId, media::rendition::Rendition};

/// The versions of an item that were made for networks
///
/// A video that a network would not take as it is, is re-encoded before it is published there;
/// this tells how far that is.
#[utoipa::path(
    get,
    path = "/content/{id}/renditions",
    operation_id = "listRenditions",
    tag = "content",
    params(("id" = ContentId, Path, description = "The item")),
    responses((status = OK, body = Vec<Rendition>), ProblemResponses),
)]
pub(in crate::routes) async fn list_renditions(
    State(content): State<Content>,
    Authenticated(caller): Authenticated,
    Path(id): Path<ContentId>,
) -> Result<Json<Vec<Rendition>>> {
    Ok(Json(content.renditions(&caller, id).await?))
}
