use axum::extract::State;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::{Content, PostId, PreflightReport};

/// Every problem that a post has
///
/// Changes nothing. Looks at the accounts that it is still to be published on.
#[utoipa::path(
    post,
    path = "/posts/{id}/preflight",
    operation_id = "preflightPost",
    tag = "posts",
    params(("id" = PostId, Path, description = "The post")),
    responses((status = OK, body = PreflightReport), ProblemResponses),
)]
pub(in crate::routes) async fn preflight_post(
    State(content): State<Content>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PostId>,
) -> Result<Json<PreflightReport>> {
    Ok(Json(content.preflight_post(&caller, id).await?))
}
