use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Result};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Content, quota::AccountQuotas};

/// The quotas of all accounts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct QuotaList {
    /// One for each account.
    data: Vec<AccountQuotas>,
}

/// How much of their networks' quotas the accounts have used up
///
/// Counted is what AllIN itself published. What a planned post would come to is said by preflight.
#[utoipa::path(
    get,
    path = "/quotas",
    operation_id = "listQuotas",
    tag = "social accounts",
    responses((status = OK, body = QuotaList), ProblemResponses),
)]
pub(super) async fn list_quotas(
    State(content): State<Content>,
    Authenticated(caller): Authenticated,
) -> Result<Json<QuotaList>> {
    let data = content.quotas(&caller).await?;
    Ok(Json(QuotaList { data }))
}
