//! One request to TikTok as an account: developers.tiktok.com/doc/tiktok-api-v2-introduction
//! (state of November 2026). Every answer is `{"data": …, "error": {"code": …}}`, and only the
//! code `ok` means yes.

use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use url::Url;

use super::{auth, error};
use crate::{
    Net, NetworkError, Platform,
    connector::Account,
    http::{Answer, Endpoint},
};

/// The name that people know the network by.
pub(super) const NAME: &str = "TikTok";

/// An answer without its error.
#[derive(Deserialize)]
struct Envelope<T> {
    data: Option<T>,
}

/// A method of the API. The slash at its end belongs to it.
pub(super) fn method(net: &Net, path: &str) -> Result<Url, NetworkError> {
    net.endpoint(Platform::Tiktok, Endpoint::Api, path)
        .map_err(|error| NetworkError::transport(NAME, &error))
}

/// Sends a request, and gives the answer as it is.
pub(super) async fn send(
    net: &Net,
    method: Method,
    url: Url,
    build: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
) -> Result<Answer, NetworkError> {
    let request = net
        .request(method, url)
        .map_err(|error| NetworkError::transport(NAME, &error))?;
    net.send(build(request))
        .await
        .map_err(|error| NetworkError::transport(NAME, &error))
}

/// Posts as the account, and reads the `data` of the answer. A refusal is an error.
pub(super) async fn post<T: DeserializeOwned>(
    net: &Net,
    account: &Account,
    path: &str,
    body: &(impl Serialize + Sync),
) -> Result<T, NetworkError> {
    let secret = auth::secret(account)?;
    post_with(net, &secret.access_token, path, body).await
}

/// [`post`] with a token that no account has yet.
pub(super) async fn post_with<T: DeserializeOwned>(
    net: &Net,
    token: &SecretString,
    path: &str,
    body: &(impl Serialize + Sync),
) -> Result<T, NetworkError> {
    let url = method(net, path)?;
    let answer = send(net, Method::POST, url, |request| {
        request.bearer_auth(token.expose_secret()).json(body)
    })
    .await?;
    data(net, &answer)
}

/// Reads with `GET`.
pub(super) async fn get<T: DeserializeOwned>(
    net: &Net,
    token: &SecretString,
    path: &str,
) -> Result<T, NetworkError> {
    let url = method(net, path)?;
    let answer = send(net, Method::GET, url, |request| {
        request.bearer_auth(token.expose_secret())
    })
    .await?;
    data(net, &answer)
}

fn data<T: DeserializeOwned>(net: &Net, answer: &Answer) -> Result<T, NetworkError> {
    if let Some(error) = error::parse_error(answer, net.env.now()) {
        return Err(error);
    }
    let envelope: Envelope<T> = answer
        .json()
        .map_err(|cause| error::unreadable(answer, &cause.to_string()))?;
    envelope
        .data
        .ok_or_else(|| error::unreadable(answer, "no data"))
}
