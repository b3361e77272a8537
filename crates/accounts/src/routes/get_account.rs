//! `GET /social-accounts/{id}`

use axum::extract::State;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::{Accounts, SocialAccount, SocialAccountId};

/// Get a connected account
#[utoipa::path(
    get,
    path = "/social-accounts/{id}",
    operation_id = "getSocialAccount",
    tag = "social accounts",
    params(("id" = SocialAccountId, Path, description = "The account")),
    responses((status = 200, description = "The account", body = SocialAccount), ProblemResponses)
)]
pub(super) async fn get_account(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
    Path(id): Path<SocialAccountId>,
) -> Result<Json<SocialAccount>> {
    Ok(Json(accounts.get(&caller, id).await?))
}
