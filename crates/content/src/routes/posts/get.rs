use axum::extract::State;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::{Content, Post, PostId};

/// One post
#[utoipa::path(
    get,
    path = "/posts/{id}",
    operation_id = "getPost",
    tag = "posts",
    params(("id" = PostId, Path, description = "The post")),
    responses((status = OK, body = Post), ProblemResponses),
)]
pub(in crate::routes) async fn get_post(
    State(content): State<Content>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PostId>,
) -> Result<Json<Post>> {
    Ok(Json(content.post(&caller, id).await?))
}
