//! `GET /social-accounts/{id}/choices/{key}`

use axum::extract::State;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Query, Result};
use networks::{connector::Lookup, descriptor::Choice};

use super::{ChoiceSearch, List};
use crate::{Accounts, SocialAccountId};

/// What an account has to choose from
///
/// The values for an option of the kind `lookup`, asked from the network: the boards of a
/// Pinterest account, the playlists of a channel.
#[utoipa::path(
    get,
    path = "/social-accounts/{id}/choices/{key}",
    operation_id = "listAccountChoices",
    tag = "social accounts",
    params(
        ("id" = SocialAccountId, Path, description = "The account"),
        ("key" = String, Path, description = "The option's key"),
        ChoiceSearch,
    ),
    responses((status = 200, description = "The choices", body = List<Choice>), ProblemResponses)
)]
pub(super) async fn account_choices(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
    Path((id, key)): Path<(SocialAccountId, String)>,
    Query(query): Query<ChoiceSearch>,
) -> Result<Json<List<Choice>>> {
    let lookup = Lookup {
        key,
        search: query.search,
        of: query.of,
    };
    let data = accounts.choices(&caller, id, lookup).await?;
    Ok(Json(List { data }))
}
