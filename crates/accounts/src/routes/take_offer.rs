//! `POST /social-accounts/pending/{id}`

use axum::{extract::State, http::StatusCode};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};
use serde::Deserialize;
use utoipa::ToSchema;

use super::List;
use crate::{Accounts, OfferId, SocialAccount};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccountChoice)]
pub(super) struct Input {
    /// The keys of the accounts to connect.
    keys: Vec<String>,
}

/// Connect the chosen accounts
///
/// One that is connected already gets the new credentials and keeps its id.
#[utoipa::path(
    post,
    path = "/social-accounts/pending/{id}",
    operation_id = "takeAccountOffer",
    tag = "social accounts",
    params(("id" = OfferId, Path, description = "The id in the address `/accounts/choose/{id}`")),
    request_body = Input,
    responses((status = 201, description = "The accounts", body = List<SocialAccount>), ProblemResponses)
)]
pub(super) async fn take_offer(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
    Path(id): Path<OfferId>,
    Json(input): Json<Input>,
) -> Result<(StatusCode, Json<List<SocialAccount>>)> {
    let data = accounts.take_offer(&caller, id, &input.keys).await?;
    Ok((StatusCode::CREATED, Json(List { data })))
}
