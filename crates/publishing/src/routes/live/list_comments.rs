//! `GET /posts/{id}/targets/{target}/comments`

use axum::extract::State;
use content::{PostId, TargetId};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Query, Result};
use networks::connector::CommentPage;

use super::super::CommentCursor;

use crate::Publishing;

/// The comments of a published post
///
/// Page by page, in the order in which the network gives them.
#[utoipa::path(
    get,
    path = "/posts/{id}/targets/{target}/comments",
    operation_id = "listPostComments",
    tag = "posts",
    params(
        ("id" = PostId, Path, description = "The post"),
        ("target" = TargetId, Path, description = "The target"),
        CommentCursor,
    ),
    responses((status = 200, description = "A page of comments", body = CommentPage), ProblemResponses)
)]
pub(in crate::routes) async fn list_comments(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path((id, target)): Path<(PostId, TargetId)>,
    Query(page): Query<CommentCursor>,
) -> Result<Json<CommentPage>> {
    let page = publishing
        .comments(&caller, id, target, page.cursor)
        .await?;
    Ok(Json(page))
}
