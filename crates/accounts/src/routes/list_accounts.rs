//! `GET /social-accounts`

use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Query, Result};
use networks::Platform;
use serde::Deserialize;
use utoipa::IntoParams;

use super::List;
use crate::{Accounts, SocialAccount};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Only accounts of this network.
    platform: Option<Platform>,
}

/// List the connected accounts
///
/// Those of the organisation, oldest first.
#[utoipa::path(
    get,
    path = "/social-accounts",
    operation_id = "listSocialAccounts",
    tag = "Social accounts",
    responses((status = 200, description = "The accounts", body = List<SocialAccount>), ProblemResponses)
)]
pub(super) async fn list_accounts(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
    Query(filter): Query<Filter>,
) -> Result<Json<List<SocialAccount>>> {
    Ok(Json(List {
        data: accounts.list(&caller, filter.platform).await?,
    }))
}
