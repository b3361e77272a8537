use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Query, Result};
use kernel::{Page, PageRequest};

use super::query::PostQuery;
use crate::{Content, Post};

/// Posts
#[utoipa::path(
    get,
    path = "/posts",
    operation_id = "listPosts",
    tag = "posts",
    params(PostQuery, PageRequest),
    responses((status = OK, body = Page<Post>), ProblemResponses),
)]
pub(in crate::routes) async fn list_posts(
    State(content): State<Content>,
    Authenticated(caller): Authenticated,
    Query(query): Query<PostQuery>,
    Query(page): Query<PageRequest>,
) -> Result<Json<Page<Post>>> {
    Ok(Json(content.posts(&caller, &query.filter()?, page).await?))
}
