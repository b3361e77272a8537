//! One request to YouTube as an account: where it goes, and what comes back.

use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use url::Url;

use super::{auth, error};
use crate::{
    Net, NetworkError, Platform,
    connector::Account,
    http::{Answer, Endpoint},
};

/// The name that people know the network by.
pub(super) const NAME: &str = "YouTube";

/// The hosts that have no address of their own among the settings. An operator who moves the
/// network to another address moves them along.
const DATA_HOST: &str = "youtube.googleapis.com";
const ANALYTICS_HOST: &str = "youtubeanalytics.googleapis.com";

/// A method of the Data API, such as `/videos`.
pub(super) fn data(net: &Net, path: &str) -> Result<Url, NetworkError> {
    endpoint(net, Endpoint::Api, &format!("/youtube/v3{path}"))
}

/// A method of the Data API that takes a file.
pub(super) fn upload(net: &Net, path: &str) -> Result<Url, NetworkError> {
    endpoint(net, Endpoint::Upload, &format!("/upload/youtube/v3{path}"))
}

/// The reports of the Analytics API.
pub(super) fn reports(net: &Net) -> Result<Url, NetworkError> {
    let mut url = endpoint(net, Endpoint::Api, "/v2/reports")?;
    if url.host_str() == Some(DATA_HOST) {
        url.set_host(Some(ANALYTICS_HOST)).map_err(error::address)?;
    }
    Ok(url)
}

fn endpoint(net: &Net, endpoint: Endpoint, path: &str) -> Result<Url, NetworkError> {
    net.endpoint(Platform::Youtube, endpoint, path)
        .map_err(|error| NetworkError::transport(NAME, &error))
}

/// Sends one request as the account. The answer may be a refusal.
pub(super) async fn call(
    net: &Net,
    account: &Account,
    method: Method,
    url: Url,
    build: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
) -> Result<Answer, NetworkError> {
    let secret = auth::secret(account)?;
    let request = net
        .request(method, url)
        .map_err(|error| NetworkError::transport(NAME, &error))?
        .bearer_auth(secret.access_token.expose_secret());
    net.send(build(request))
        .await
        .map_err(|error| NetworkError::transport(NAME, &error))
}

/// Sends one request as the account, and reads what it answers. A refusal is an error.
pub(super) async fn read<T: DeserializeOwned>(
    net: &Net,
    account: &Account,
    method: Method,
    url: Url,
    build: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
) -> Result<T, NetworkError> {
    let answer = call(net, account, method, url, build).await?;
    if !answer.status.is_success() {
        return Err(error::parse_error(&answer, net.env.now()));
    }
    answer
        .json()
        .map_err(|cause| error::unreadable(&answer, &cause))
}
