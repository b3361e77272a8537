//! The Pages that a person let AllIN act for: *Pages API: get started*, *Page*, *Granular scopes*
//! (September 2026).

use std::collections::BTreeSet;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{Graph, auth::Secret};
use crate::{
    connector::{AppRegistration, Credentials},
    descriptor::Permission,
    error::{ConnectError, ConnectReason},
    http::Net,
};

/// Pages of a list that are read.
const MOST_PAGES: usize = 20;

/// A Page that the person let AllIN act for.
#[derive(Deserialize)]
pub(crate) struct Page {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) username: Option<String>,
    pub(crate) link: Option<String>,
    pub(super) access_token: Option<String>,
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
    pub(super) fn takes_posts(&self) -> bool {
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

#[derive(Deserialize)]
struct List<T> {
    data: Vec<T>,
    #[serde(default)]
    paging: Value,
}

impl Graph {
    /// `GET /me/permissions`: a person may untick what he likes.
    pub(super) async fn check_permissions(
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
    pub(super) async fn pages(
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
    pub(super) async fn add_unlisted(
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
}
