//! Connecting accounts by Facebook Login: *Manually build a login flow* (March 2026),
//! *Long-lived access tokens*, *Pages API: get started* (September 2026).
//!
//! The person's own token lives for hours, and is swapped for one of about 60 days. What AllIN
//! acts with are the tokens of his Pages, which do not expire when they were asked for with the
//! longer one; an Instagram account is acted for with the token of the Page it is linked to.
//! Access can't be taken back for one Page alone (`DELETE /me/permissions` ends it for all Pages
//! and Instagram accounts of the person), so AllIN only forgets its tokens.
//! PKCE is offered only in a variant that is still in testing, so it is not used.

use std::collections::BTreeSet;

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::Url;

use super::{Graph, VERSION};
use crate::{
    connector::{Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Credentials},
    descriptor::Permission,
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError},
    http::{Endpoint, Net, TransportError},
};

/// Pages of a list that are read.
const MOST_PAGES: usize = 20;

/// What an account is called with.
#[derive(Serialize, Deserialize)]
struct Secret {
    /// That of the Page.
    token: String,
    /// The Page that it is of.
    page: String,
    /// That of the person who connected it, to ask for a new one with.
    user_token: String,
}

/// A Page that the person let AllIN act for.
#[derive(Deserialize)]
pub(crate) struct Page {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) username: Option<String>,
    pub(crate) link: Option<String>,
    access_token: Option<String>,
    /// What he may do with it; missing where Graph does not tell.
    tasks: Option<Vec<String>>,
    picture: Option<Picture>,
    pub(crate) instagram_business_account: Option<InstagramAccount>,
}

#[derive(Deserialize)]
struct Picture {
    data: PictureData,
}

#[derive(Deserialize)]
struct PictureData {
    url: Option<String>,
}

/// The Instagram account that is linked to a Page.
#[derive(Clone, Deserialize)]
pub(crate) struct InstagramAccount {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) name: Option<String>,
    pub(crate) profile_picture_url: Option<String>,
}

impl Page {
    pub(crate) fn picture(&self) -> Option<Url> {
        Url::parse(self.picture.as_ref()?.data.url.as_deref()?).ok()
    }

    /// Whether the person may publish on it.
    fn takes_posts(&self) -> bool {
        self.access_token.is_some()
            && self.tasks.as_ref().is_none_or(|tasks| {
                tasks
                    .iter()
                    .any(|task| task.ends_with("CREATE_CONTENT") || task.ends_with("MANAGE"))
            })
    }

    /// What to act for it with. The token does not expire.
    pub(crate) fn credentials(&self, user_token: &SecretString) -> Credentials {
        let secret = Secret {
            token: self.access_token.clone().unwrap_or_default(),
            page: self.id.clone(),
            user_token: user_token.expose_secret().to_owned(),
        };
        Credentials {
            secret: json!(secret).to_string().into(),
            expires_at: None,
        }
    }
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

#[derive(Deserialize)]
struct List<T> {
    data: Vec<T>,
    #[serde(default)]
    paging: Value,
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

    /// `GET /me/permissions`: a person may untick what he likes.
    async fn check_permissions(
        &self,
        net: &Net,
        token: &SecretString,
        permissions: &[Permission],
    ) -> Result<(), ConnectError> {
        #[derive(Deserialize)]
        struct Granted {
            permission: String,
            status: String,
        }
        let list: List<Granted> = self
            .connect_get(net, "/me/permissions", &[], Some(token))
            .await?;
        let granted: BTreeSet<_> = list
            .data
            .iter()
            .filter(|one| one.status == "granted")
            .map(|one| one.permission.as_str())
            .collect();
        let missing: Vec<_> = permissions
            .iter()
            .filter(|one| one.required && !granted.contains(one.scope))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let reasons: Vec<_> = missing.iter().map(|one| one.why).collect();
        let scopes: Vec<_> = missing.iter().map(|one| one.scope).collect();
        Err(ConnectError::new(
            ConnectReason::PermissionMissing,
            format!(
                "AllIN was not given every permission that it needs on {}: {}. Please connect again and allow everything that is asked for.",
                self.name,
                reasons.join("; ")
            ),
            format!("missing: {}", scopes.join(" ")),
        ))
    }

    /// `GET /me/accounts`, to its end.
    async fn pages(
        &self,
        net: &Net,
        token: &SecretString,
        fields: &str,
    ) -> Result<Vec<Page>, ConnectError> {
        let mut all = Vec::new();
        let mut after = String::new();
        for _ in 0..MOST_PAGES {
            let mut query = vec![("fields", fields), ("limit", "100")];
            if !after.is_empty() {
                query.push(("after", &after));
            }
            let list: List<Page> = self
                .connect_get(net, "/me/accounts", &query, Some(token))
                .await?;
            all.extend(list.data);
            match (&list.paging["next"], &list.paging["cursors"]["after"]) {
                (Value::String(_), Value::String(cursor)) => cursor.clone_into(&mut after),
                _ => break,
            }
        }
        Ok(all)
    }

    /// Pages in a business portfolio where the person has no role are missing from the list, but
    /// can be read by their ids, which the token itself tells (`granular_scopes`). What can't be
    /// read is left out.
    async fn add_unlisted(
        &self,
        net: &Net,
        app: &AppRegistration,
        token: &SecretString,
        fields: &str,
        pages: &mut Vec<Page>,
    ) {
        #[derive(Deserialize)]
        struct Debugged {
            data: Facts,
        }
        #[derive(Deserialize)]
        struct Facts {
            #[serde(default)]
            granular_scopes: Vec<Granular>,
        }
        #[derive(Deserialize)]
        struct Granular {
            scope: String,
            #[serde(default)]
            target_ids: Vec<String>,
        }
        let own = format!("{}|{}", app.client_id, app.client_secret);
        let query = [
            ("input_token", token.expose_secret()),
            ("access_token", own.as_str()),
        ];
        let Ok(debugged) = self
            .connect_get::<Debugged>(net, "/debug_token", &query, None)
            .await
        else {
            return;
        };
        let granted = debugged.data.granular_scopes.into_iter();
        let targets = granted
            .filter(|one| one.scope == "pages_show_list")
            .flat_map(|one| one.target_ids);
        for id in targets.collect::<BTreeSet<_>>() {
            if pages.iter().any(|page| page.id == id) {
                continue;
            }
            let path = format!("/{id}");
            let query = [("fields", fields)];
            if let Ok(page) = self.connect_get(net, &path, &query, Some(token)).await {
                pages.push(page);
            }
        }
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
    async fn connect_get<T: DeserializeOwned>(
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
