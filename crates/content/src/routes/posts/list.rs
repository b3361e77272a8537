use accounts::SocialAccountId;
use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Query, Result};
use kernel::{Code, Page, PageRequest, Problem, Timestamp};
use networks::Platform;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{Content, Post, PostFilter, PostOrder, PostStatus};

/// Which posts are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::routes) struct PostQuery {
    /// Only in one of these states, separated by commas.
    #[param(example = "scheduled,failed")]
    status: Option<String>,
    /// Only for this account.
    account_id: Option<SocialAccountId>,
    /// Only for accounts of this network.
    platform: Option<Platform>,
    /// Only due at this time or later.
    from: Option<Timestamp>,
    /// Only due before this time.
    to: Option<Timestamp>,
    /// Only with this text in the name or a part.
    search: Option<String>,
    /// In which order; the last touched first where left out.
    sort: Option<PostOrder>,
}

impl PostQuery {
    fn filter(self) -> Result<PostFilter, Problem> {
        let words = self.status.as_deref().unwrap_or_default().split(',').map(str::trim);
        let status = words.filter(|word| !word.is_empty()).map(|word| {
            word.parse::<PostStatus>().map_err(|_| {
                let known: Vec<_> = PostStatus::ALL.iter().map(|status| status.as_str()).collect();
                let message = format!("A post's status is one of {}.", known.join(", "));
                Problem::new(Code::MalformedParameter, message)
            })
        });
        Ok(PostFilter {
            status: status.collect::<Result<_, _>>()?,
            account: self.account_id,
            platform: self.platform,
            from: self.from,
            to: self.to,
            search: self.search,
            order: self.sort.unwrap_or_default(),
        })
    }
}

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
