//! `DELETE /social-accounts/{id}`

use axum::{extract::State, http::StatusCode};
use http_kit::{Authenticated, Path, ProblemResponses, Result};

use crate::{Accounts, SocialAccountId};

/// Remove an account
///
/// Its credentials are erased. What was published stays on the network, and the history keeps the
/// account's name.
#[utoipa::path(
    delete,
    path = "/social-accounts/{id}",
    operation_id = "removeSocialAccount",
    tag = "social accounts",
    params(("id" = SocialAccountId, Path, description = "The account")),
    responses((status = 204, description = "The account is removed"), ProblemResponses)
)]
pub(super) async fn remove_account(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
    Path(id): Path<SocialAccountId>,
) -> Result<StatusCode> {
    accounts.remove(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
