//! Requests to `graph.threads.net`, and what all answers have in common.

use reqwest::Method;
use secrecy::ExposeSecret;
use serde::{Deserialize, de::DeserializeOwned};

use super::{NAME, auth, error};
use crate::{
    Platform,
    connector::Account,
    error::NetworkError,
    http::{Answer, Endpoint, Net},
};

/// A list in pages; `after` is the next page's cursor (retrieve-and-discover-posts, "Pagination").
#[derive(Deserialize)]
pub(super) struct Page<T> {
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) paging: Paging,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Paging {
    pub(super) cursors: Cursors,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Cursors {
    pub(super) after: Option<String>,
}

/// Sends one request to `/v1.0` as the account, with the token and `parameters` where the
/// documentation has them: in the query of a `GET` or `DELETE`, in the form of a `POST`. The
/// answer may be a refusal.
pub(super) async fn call(
    net: &Net,
    account: &Account,
    method: Method,
    path: &str,
    parameters: &[(&str, &str)],
) -> Result<Answer, NetworkError> {
    let token = auth::token(account)?;
    let mut all = parameters.to_vec();
    all.push(("access_token", token.expose_secret()));
    let failed = |error| NetworkError::transport(NAME, &error);
    let url = net
        .endpoint(Platform::Threads, Endpoint::Api, &format!("/v1.0{path}"))
        .map_err(failed)?;
    let is_post = method == Method::POST;
    let request = net.request(method, url).map_err(failed)?;
    let request = if is_post {
        request.form(&all)
    } else {
        request.query(&all)
    };
    net.send(request).await.map_err(failed)
}

/// The JSON of a success, or what the refusal means.
pub(super) fn read<T: DeserializeOwned>(net: &Net, answer: &Answer) -> Result<T, NetworkError> {
    if !answer.status.is_success() {
        return Err(error::parse_error(answer, net.env.now()));
    }
    answer
        .json()
        .map_err(|error| error::unreadable(answer, &error))
}

/// What a `GET` answers.
pub(super) async fn get<T: DeserializeOwned>(
    net: &Net,
    account: &Account,
    path: &str,
    parameters: &[(&str, &str)],
) -> Result<T, NetworkError> {
    let answer = call(net, account, Method::GET, path, parameters).await?;
    read(net, &answer)
}

/// An object of which only the id is told.
#[derive(Deserialize)]
pub(super) struct Node {
    pub(super) id: String,
}

/// A time such as `2024-09-12T23:17:39+0000`.
pub(super) fn parse_time(text: &str) -> Option<kernel::Timestamp> {
    jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%z", text)
        .ok()?
        .to_timestamp()
        .ok()
        .map(kernel::Timestamp::from)
}

/// Why some object of the API is of no use.
pub(super) fn is_gone(answer: &Answer) -> bool {
    error::code(answer) == Some("100/33".to_owned())
        || answer.status == reqwest::StatusCode::NOT_FOUND
}
