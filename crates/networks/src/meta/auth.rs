//! Connecting accounts by Facebook Login: *Manually build a login flow* (March 2026),
//! *Long-lived access tokens*, *Pages API: get started* (September 2026).
//!
//! The person's own token lives for hours, and is swapped for one of about 60 days. What AllIN
//! acts with are the tokens of his Pages, which do not expire when they were asked for with the
//! longer one; an Instagram account is acted for with the token of the Page it is linked to.
//! Access can't be taken back for one Page alone (`DELETE /me/permissions` ends it for all Pages
//! and Instagram accounts of the person), so AllIN only forgets its tokens.
//! PKCE is offered only in a variant that is still in testing, so it is not used.

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use url::Url;

use super::{Graph, VERSION, pages::Page};
use crate::{
    connector::{Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Credentials},
    descriptor::Permission,
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError},
    http::{Endpoint, Net, TransportError},
};

/// What an account is called with.
#[derive(Serialize, Deserialize)]
pub(super) struct Secret {
    /// That of the Page.
    pub(super) token: String,
    /// The Page that it is of.
    pub(super) page: String,
    /// That of the person who connected it, to ask for a new one with.
    pub(super) user_token: String,
}

/// What a login gave.
pub(crate) struct Login {
    pub(crate) pages: Vec<Page>,
    pub(crate) user_token: SecretString,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

fn secret(account: &Account) -> Result<Secret, NetworkError> {
    serde_json::from_str(account.credentials.secret.expose_secret()).map_err(|_| {
        NetworkError::not_sent(
            ErrorKind::Reconnect,
            "This account's access is missing. Please connect the account again.",
            "the stored credentials can't be read",
        )
    })
}

/// The token of the account's Page.
pub(crate) fn token(account: &Account) -> Result<SecretString, NetworkError> {
    Ok(secret(account)?.token.into())
}

impl Graph {
    /// Its own address, or the operator's.
    pub(crate) fn server(&self, net: &Net) -> Result<Url, ConnectError> {
        net.endpoint(self.platform, Endpoint::Api, "/")
            .map_err(|error| ConnectError::transport(self.name, &error))
    }

    /// Asks for the app's own token, which needs id and secret alone.
    pub(crate) async fn check_app(
        &self,
        net: &Net,
        app: &AppRegistration,
    ) -> Result<(), ConnectError> {
        let query = [
            ("client_id", app.client_id.as_str()),
            ("client_secret", &app.client_secret),
            ("grant_type", "client_credentials"),
        ];
        let _: Token = self
            .connect_get(net, "/oauth/access_token", &query, None)
            .await?;
        Ok(())
    }

    /// Makes the address of the consent page.
    pub(crate) fn connect(
        &self,
        net: &Net,
        request: ConnectRequest,
        permissions: &[Permission],
    ) -> Result<ConnectStep, ConnectError> {
        let app = request.app.ok_or_else(|| {
            ConnectError::new(
                ConnectReason::AppNotAccepted,
                format!(
                    "{} needs a developer app. Please ask your administrator to enter one under Settings → Networks.",
                    self.name
                ),
                "no app is configured",
            )
        })?;
        let path = format!("/{VERSION}/dialog/oauth");
        let mut url = net
            .endpoint(self.platform, Endpoint::Auth, &path)
            .map_err(|error| ConnectError::transport(self.name, &error))?;
        let scopes: Vec<_> = permissions.iter().map(|one| one.scope).collect();
        url.query_pairs_mut()
            .append_pair("client_id", &app.client_id)
            .append_pair("redirect_uri", request.redirect_uri.as_str())
            .append_pair("state", &request.state)
            .append_pair("response_type", "code")
            .append_pair("scope", &scopes.join(","))
            // Asks again for what was declined the last time.
            .append_pair("auth_type", "rerequest");
        Ok(ConnectStep::Redirect {
            url,
            pending: Value::Null,
            app,
        })
    }

    /// Redeems the code, and lists the Pages that AllIN may publish on, with these fields.
    pub(crate) async fn login(
        &self,
        net: &Net,
        callback: &Callback,
        permissions: &[Permission],
        fields: &str,
    ) -> Result<Login, ConnectError> {
        let app = &callback.app;
        let query = [
            ("client_id", app.client_id.as_str()),
            ("redirect_uri", app.redirect_uri.as_str()),
            ("client_secret", &app.client_secret),
            ("code", callback.code.expose_secret()),
        ];
        let short: Token = self
            .connect_get(net, "/oauth/access_token", &query, None)
            .await?;
        let long: Token = self
            .connect_get(
                net,
                "/oauth/access_token",
                &exchange(app, &short.access_token),
                None,
            )
            .await?;
        let user_token = SecretString::from(long.access_token);
        self.check_permissions(net, &user_token, permissions)
            .await?;
        let mut pages = self.pages(net, &user_token, fields).await?;
        self.add_unlisted(net, app, &user_token, fields, &mut pages)
            .await;
        pages.retain(Page::takes_posts);
        Ok(Login { pages, user_token })
    }

    /// A new token for the Page, by the token of the person who connected it.
    pub(crate) async fn refresh(
        &self,
        net: &Net,
        account: &Account,
    ) -> Result<Credentials, NetworkError> {
        let old = secret(account)?;
        let app = account.app.as_ref().ok_or_else(|| {
            NetworkError::not_sent(
                ErrorKind::Temporary,
                format!(
                    "{}'s developer app is not configured any more. Please ask your administrator to enter it under Settings → Networks.",
                    self.name
                ),
                "no app is configured",
            )
        })?;
        let query = exchange(app, &old.user_token);
        let long: Token = self
            .plain_get(net, "/oauth/access_token", &query, None)
            .await
            .map_err(reconnect)?;
        let user_token = SecretString::from(long.access_token);
        let path = format!("/{}", old.page);
        let query = [("fields", "id,name,access_token")];
        let page: Page = self
            .plain_get(net, &path, &query, Some(&user_token))
            .await
            .map_err(reconnect)?;
        if page.access_token.is_none() {
            return Err(NetworkError::refused(
                ErrorKind::Reconnect,
                format!(
                    "The person who connected this account may no longer publish for it on {}. Please connect the account again.",
                    self.name
                ),
                "the Page came without a token",
            ));
        }
        Ok(page.credentials(&user_token))
    }

    /// `GET` while connecting, read.
    pub(super) async fn connect_get<T: DeserializeOwned>(
        &self,
        net: &Net,
        path: &str,
        query: &[(&str, &str)],
        token: Option<&SecretString>,
    ) -> Result<T, ConnectError> {
        let failed = |error: TransportError| ConnectError::transport(self.name, &error);
        let answer = self
            .bare_get(net, path, query, token)
            .await
            .map_err(failed)?;
        if !answer.status.is_success() {
            return Err(self.parse_connect_error(&answer));
        }
        answer.json().map_err(|error| {
            ConnectError::new(
                ConnectReason::BadAnswer,
                format!(
                    "{} answered something that AllIN does not understand. Please try again later.",
                    self.name
                ),
                error.to_string(),
            )
        })
    }

    /// `GET` without an account, read.
    async fn plain_get<T: DeserializeOwned>(
        &self,
        net: &Net,
        path: &str,
        query: &[(&str, &str)],
        token: Option<&SecretString>,
    ) -> Result<T, NetworkError> {
        let answer = self
            .bare_get(net, path, query, token)
            .await
            .map_err(|error| NetworkError::transport(self.name, &error))?;
        self.read(net, &answer)
    }

    async fn bare_get(
        &self,
        net: &Net,
        path: &str,
        query: &[(&str, &str)],
        token: Option<&SecretString>,
    ) -> Result<crate::http::Answer, TransportError> {
        let mut request = net.request(Method::GET, self.url(net, path)?)?.query(query);
        if let Some(token) = token {
            request = request.bearer_auth(token.expose_secret());
        }
        net.send(request).await
    }
}

fn exchange<'a>(app: &'a AppRegistration, token: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("grant_type", "fb_exchange_token"),
        ("client_id", &app.client_id),
        ("client_secret", &app.client_secret),
        ("fb_exchange_token", token),
    ]
}

/// A token that can't be renewed is over.
fn reconnect(mut error: NetworkError) -> NetworkError {
    if error.kind == ErrorKind::TokenExpired {
        error.kind = ErrorKind::Reconnect;
    }
    error
}
