use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Query, Result};
use serde::Serialize;
use utoipa::ToSchema;

use super::query::PostQuery;
use crate::{Content, StatusCount};

/// How many posts there are.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::routes) struct PostCounts {
    /// One for each state, in the order of a post's way.
    data: Vec<StatusCount>,
}

/// How many posts there are in each state
///
/// Takes the filters of the list; their order means nothing here.
#[utoipa::path(
    get,
    path = "/posts/counts",
    operation_id = "countPosts",
    tag = "posts",
    params(PostQuery),
    responses((status = OK, body = PostCounts), ProblemResponses),
)]
pub(in crate::routes) async fn count_posts(
    State(content): State<Content>,
    Authenticated(caller): Authenticated,
    Query(query): Query<PostQuery>,
) -> Result<Json<PostCounts>> {
    let data = content.count_posts(&caller, &query.filter()?).await?;
    Ok(Json(PostCounts { data }))
}
