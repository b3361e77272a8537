//! `GET /networks`

use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Result};
use networks::Descriptor;

use super::List;
use crate::Accounts;

/// List the networks
///
/// What each network can do, what it accepts, and what it asks for to connect an account.
#[utoipa::path(
    get,
    path = "/networks",
    operation_id = "listNetworks",
    tag = "social accounts",
    responses((status = 200, description = "The networks", body = List<Descriptor>), ProblemResponses)
)]
pub(super) async fn list_networks(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
) -> Result<Json<List<&'static Descriptor>>> {
    Ok(Json(List {
        data: accounts.networks(&caller)?,
    }))
}
