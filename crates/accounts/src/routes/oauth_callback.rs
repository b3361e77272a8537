//! `GET /oauth/callback`

use axum::{extract::State, response::Redirect};
use http_kit::{Authenticated, Query};
use kernel::Problem;
use url::form_urlencoded::Serializer;

use crate::{Accounts, CallbackInput, Finished};

/// Finish connecting an account
///
/// The network sends the browser here. It is sent on to `/accounts`, with `connected` (the
/// account's id) or with `connectError` and `message` in the query; or to `/accounts/choose/{id}`
/// where the person has to say which of several pages or channels to connect.
#[utoipa::path(
    get,
    path = "/oauth/callback",
    operation_id = "finishConnecting",
    tag = "social accounts",
    params(CallbackInput),
    responses((status = 303, description = "On to `/accounts`"))
)]
pub(super) async fn oauth_callback(
    State(accounts): State<Accounts>,
    caller: Option<Authenticated>,
    query: http_kit::Result<Query<CallbackInput>>,
) -> Redirect {
    // A person waits here in a browser, so that even an unreadable query leads to a page.
    let input = query.map(|Query(input)| input).unwrap_or_default();
    let caller = caller.map(|Authenticated(caller)| caller);
    let outcome = accounts.finish(caller.as_ref(), input).await;
    if let Err(problem) = &outcome {
        if problem.code().status() >= 500 {
            tracing::error!(%problem, "an account was not connected");
        } else {
            tracing::info!(%problem, "an account was not connected");
        }
    }
    Redirect::to(&page(&outcome))
}

/// The page to go on to.
fn page(outcome: &Result<Finished, Problem>) -> String {
    let mut query = Serializer::new(String::new());
    match outcome {
        Ok(Finished::Choose(offer)) => return format!("/accounts/choose/{offer}"),
        Ok(Finished::Connected(id)) => query.append_pair("connected", &id.to_string()),
        Err(problem) => query
            .append_pair("connectError", &reason(problem))
            .append_pair("message", problem.message()),
    };
    format!("/accounts?{}", query.finish())
}

/// The word for what happened: the reason of a failed connection, else the problem's code.
fn reason(problem: &Problem) -> String {
    problem
        .details()
        .and_then(|details| details["reason"].as_str())
        .map_or_else(|| problem.code().as_str().to_lowercase(), str::to_owned)
}
