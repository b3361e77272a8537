//! `GET /social-accounts`

use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Query, Result};

use super::{AccountFilter, List};
use crate::{Accounts, SocialAccount};

/// List the connected accounts
///
/// Those of the organisation, oldest first.
#[utoipa::path(
    get,
    path = "/social-accounts",
    operation_id = "listSocialAccounts",
    tag = "social accounts",
    params(AccountFilter),
    responses((status = 200, description = "The accounts", body = List<SocialAccount>), ProblemResponses)
)]
pub(super) async fn list_accounts(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
    Query(filter): Query<AccountFilter>,
) -> Result<Json<List<SocialAccount>>> {
    Ok(Json(List {
        data: accounts.list(&caller, filter.platform).await?,
    }))
}
