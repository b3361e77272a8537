//! `GET /posts/{id}/targets/{target}/insights`

use axum::extract::State;
use content::{PostId, TargetId};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};
use networks::connector::{Metric, Numbers};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Publishing;

/// What a network has counted of a post.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct PostNumbers {
    /// By what is counted.
    #[schema(value_type = std::collections::HashMap<Metric, i64>)]
    data: Numbers,
}

/// The numbers of a published post
///
/// What the network has counted so far. What it does not tell is missing, and is not zero.
#[utoipa::path(
    get,
    path = "/posts/{id}/targets/{target}/insights",
    operation_id = "getPostInsights",
    tag = "posts",
    params(
        ("id" = PostId, Path, description = "The post"),
        ("target" = TargetId, Path, description = "The target"),
    ),
    responses((status = 200, description = "The numbers", body = PostNumbers), ProblemResponses)
)]
pub(in crate::routes) async fn get_numbers(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path((id, target)): Path<(PostId, TargetId)>,
) -> Result<Json<PostNumbers>> {
    let data = publishing.post_numbers(&caller, id, target).await?;
    Ok(Json(PostNumbers { data }))
}
