//! `POST /social-accounts/{id}/check`

use axum::extract::State;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::{Accounts, SocialAccount, SocialAccountId};

/// Check an account
///
/// Asks the network whether the account still works, and learns its present name and picture, and
/// what it may publish. If the network can't be asked, the account stays as it was and the answer
/// says why.
#[utoipa::path(
    post,
    path = "/social-accounts/{id}/check",
    operation_id = "checkSocialAccount",
    tag = "social accounts",
    params(("id" = SocialAccountId, Path, description = "The account")),
    responses((status = 200, description = "The account as it is now", body = SocialAccount), ProblemResponses)
)]
pub(super) async fn check_account(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
    Path(id): Path<SocialAccountId>,
) -> Result<Json<SocialAccount>> {
    Ok(Json(accounts.check(&caller, id).await?))
}
