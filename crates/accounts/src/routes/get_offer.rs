//! `GET /social-accounts/pending/{id}`

use axum::extract::State;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::{Accounts, Offer, OfferId};

/// Accounts to choose among
///
/// What a yes on a network's page let AllIN act for: pages, channels, organisations. The person
/// who said yes has half an hour to choose.
#[utoipa::path(
    get,
    path = "/social-accounts/pending/{id}",
    operation_id = "getAccountOffer",
    tag = "social accounts",
    params(("id" = OfferId, Path, description = "The id in the address `/accounts/choose/{id}`")),
    responses((status = 200, description = "The accounts", body = Offer), ProblemResponses)
)]
pub(super) async fn get_offer(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
    Path(id): Path<OfferId>,
) -> Result<Json<Offer>> {
    Ok(Json(accounts.offered(&caller, id).await?))
}
