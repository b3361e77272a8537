//! What Meta's networks share: the Graph API, v26.0.
//!
//! Written from developers.facebook.com, state of September 2026 (v26.0 is of 29 July 2026):
//! *Graph API: overview, handling errors, rate limits*, *Facebook Login: manually build a login
//! flow*, *Long-lived access tokens*, *Securing requests*.

pub(crate) mod auth;
pub(crate) mod error;
pub(crate) mod limit;
pub(crate) mod pages;
pub(crate) mod upload;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use kernel::Timestamp;
use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use sha2::Sha256;
use url::Url;

use crate::{
    Platform,
    connector::Account,
    descriptor::KnownError,
    error::NetworkError,
    http::{Answer, Endpoint, Net, TransportError},
    step,
};

/// The version in every path.
pub(crate) const VERSION: &str = "v26.0";

/// A network on the Graph API.
#[derive(Clone, Copy)]
pub(crate) struct Graph {
    pub(crate) platform: Platform,
    /// What people know it by.
    pub(crate) name: &'static str,
    /// Its own error codes; those of Graph are known beside them.
    pub(crate) errors: &'static [KnownError],
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Graph({})", self.platform)
    }
}

impl Graph {
    /// The address of a node or an edge: `/me/accounts`.
    pub(crate) fn url(&self, net: &Net, path: &str) -> Result<Url, TransportError> {
        net.endpoint(self.platform, Endpoint::Api, &format!("/{VERSION}{path}"))
    }

    /// Sends one request as the account. The answer may be a refusal.
    pub(crate) async fn call(
        &self,
        net: &Net,
        account: &Account,
        method: Method,
        path: &str,
        build: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
    ) -> Result<Answer, NetworkError> {
        let token = auth::token(account)?;
        let failed = |error: TransportError| NetworkError::transport(self.name, &error);
        let mut url = self.url(net, path).map_err(failed)?;
        if let Some(app) = &account.app {
            let proof = app_secret_proof(&token, &app.client_secret);
            url.query_pairs_mut().append_pair("appsecret_proof", &proof);
        }
        let request = net
            .request(method, url)
            .map_err(failed)?
            .bearer_auth(token.expose_secret());
        net.send(build(request)).await.map_err(failed)
    }

    /// `GET`, read.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        net: &Net,
        account: &Account,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, NetworkError> {
        let answer = self
            .call(net, account, Method::GET, path, |request| {
                request.query(query)
            })
            .await?;
        self.read(net, &answer)
    }

    /// `POST` of a form, read.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        net: &Net,
        account: &Account,
        path: &str,
        form: &[(&str, String)],
    ) -> Result<T, NetworkError> {
        let answer = self
            .call(net, account, Method::POST, path, |request| {
                request.form(form)
            })
            .await?;
        self.read(net, &answer)
    }

    /// `DELETE`. What is gone already counts as deleted.
    pub(crate) async fn delete(
        &self,
        net: &Net,
        account: &Account,
        path: &str,
    ) -> Result<(), NetworkError> {
        let answer = self
            .call(net, account, Method::DELETE, path, |request| request)
            .await?;
        if answer.status.is_success() || error::is_gone(&answer) {
            return Ok(());
        }
        Err(self.parse_error(&answer, net.env.now()))
    }

    /// The JSON of a success, or what the refusal means.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        net: &Net,
        answer: &Answer,
    ) -> Result<T, NetworkError> {
        if !answer.status.is_success() {
            return Err(self.parse_error(answer, net.env.now()));
        }
        answer
            .json()
            .map_err(|error| error::unreadable(self.name, answer, &error))
    }
}

/// Graph's form of a time: `2026-09-05T14:33:01+0000`.
pub(crate) fn time(text: &str) -> Option<Timestamp> {
    let time = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%z", text).ok()?;
    Some(time.to_timestamp().ok()?.into())
}

/// Proves that the request comes from who has the app's secret; Graph asks for it where the app
/// has *Require app secret* switched on, and takes it everywhere.
fn app_secret_proof(token: &SecretString, secret: &str) -> String {
    #[expect(clippy::expect_used, reason = "an HMAC takes keys of every length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
    mac.update(token.expose_secret().as_bytes());
    step::hex(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        let at = time("2026-09-05T14:33:01+0000").unwrap();
        assert_eq!(at.to_string(), "2026-09-05T14:33:01Z");
        assert!(time("yesterday").is_none());
    }

    #[test]
    fn the_proof_is_the_keyed_digest_of_the_token() {
        // RFC 4231, test case 2.
        let token = SecretString::from("what do ya want for nothing?".to_owned());
        assert_eq!(
            app_secret_proof(&token, "Jefe"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
