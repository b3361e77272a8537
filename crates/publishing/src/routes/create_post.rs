//! `POST /posts`

use axum::extract::State;
use axum::http::StatusCode;
use content::Post;
use http_kit::{Authenticated, Json, ProblemResponses, Result};

use crate::actions::CreatePost;

use crate::Publishing;

/// Makes a post: a draft, or scheduled, or published at once.
///
/// Without a time it stays a draft. With `scheduledAt`, `scheduledLocal` or `publishNow` it must pass
/// preflight, and the caller needs `posts:publish`.
#[utoipa::path(
    post,
    path = "/posts",
    operation_id = "createPost",
    tag = "posts",
    request_body = CreatePost,
    responses((status = 201, description = "The post.", body = Post), ProblemResponses),
)]
pub(super) async fn create_post(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Json(body): Json<CreatePost>,
) -> Result<(StatusCode, Json<Post>)> {
    Ok((
        StatusCode::CREATED,
        Json(publishing.create(&caller, body).await?),
    ))
}
