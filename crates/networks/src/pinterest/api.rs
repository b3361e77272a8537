//! Requests to `api.pinterest.com`, and what all answers have in common.

use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{NAME, auth, error};
use crate::{
    Platform,
    connector::Account,
    error::NetworkError,
    http::{Answer, Endpoint, Net},
};

/// Sends one request to `/v5` as the account. The answer may be a refusal.
pub(super) async fn call(
    net: &Net,
    account: &Account,
    method: Method,
    path: &str,
    build: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
) -> Result<Answer, NetworkError> {
    let token = auth::token(account)?;
    let failed = |error| NetworkError::transport(NAME, &error);
    let url = net
        .endpoint(Platform::Pinterest, Endpoint::Api, &format!("/v5{path}"))
        .map_err(failed)?;
    let request = net
        .request(method, url)
        .map_err(failed)?
        .bearer_auth(token.expose_secret());
    net.send(build(request)).await.map_err(failed)
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
    query: &[(&str, &str)],
) -> Result<T, NetworkError> {
    let answer = call(net, account, Method::GET, path, |request| {
        request.query(query)
    })
    .await?;
    read(net, &answer)
}

/// A list in pages: `bookmark` is the next page's.
#[derive(Deserialize)]
pub(super) struct Page {
    pub(super) items: Vec<Value>,
    pub(super) bookmark: Option<String>,
}
