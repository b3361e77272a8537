//! Connecting Pages: *Pages API: get started*, *Page* (September 2026).

use serde_json::Value;
use url::Url;

use super::GRAPH;
use crate::{
    connector::{Account, Callback, Connection, Profile, ProfileKind},
    descriptor::Permission,
    error::{ConnectError, ConnectReason, NetworkError},
    http::Net,
    meta::pages::Page,
};

/// *Pages API: posts: before you start*, *Comment*, *Page Insights: requirements*.
pub(super) const PERMISSIONS: &[Permission] = &[
    permission("pages_show_list", "to find the Pages that you manage", true),
    permission(
        "pages_read_engagement",
        "to read what is on your Pages",
        true,
    ),
    permission("pages_manage_posts", "to publish and delete posts", true),
    permission(
        "pages_manage_engagement",
        "to write, answer and hide comments",
        false,
    ),
    permission(
        "pages_read_user_content",
        "to read what others comment",
        false,
    ),
    permission("read_insights", "to show how posts do", false),
    permission(
        "business_management",
        "to find Pages that belong to a business portfolio",
        false,
    ),
];

const fn permission(scope: &'static str, why: &'static str, required: bool) -> Permission {
    Permission {
        scope,
        why,
        required,
    }
}

/// The fields of a Page that are read.
const FIELDS: &str = "id,name,username,link,access_token,tasks,picture{url}";

/// Redeems the code, and reads which Pages it is for.
pub(super) async fn finish(net: &Net, callback: Callback) -> Result<Vec<Connection>, ConnectError> {
    let login = GRAPH.login(net, &callback, PERMISSIONS, FIELDS).await?;
    if login.pages.is_empty() {
        return Err(ConnectError::new(
            ConnectReason::NothingToConnect,
            "You gave AllIN no Facebook Page on which you may publish. Please connect again and choose a Page; you need full control of it, or the task to create content.",
            "no page takes posts",
        ));
    }
    let server = GRAPH.server(net)?;
    Ok(login
        .pages
        .iter()
        .map(|page| Connection {
            profile: profile_of(page),
            server: server.clone(),
            credentials: page.credentials(&login.user_token),
            limits: Value::Null,
        })
        .collect())
}

fn profile_of(page: &Page) -> Profile {
    let link = page.link.as_deref().and_then(|link| Url::parse(link).ok());
    Profile {
        kind: ProfileKind::Page,
        platform_account_id: page.id.clone(),
        username: page.username.clone().unwrap_or_else(|| page.id.clone()),
        display_name: page.name.clone(),
        avatar_url: page.picture(),
        profile_url: link.unwrap_or_else(|| super::on_facebook(&page.id)),
    }
}

/// Reads the Page, which proves that the token still works.
pub(super) async fn profile(net: &Net, account: &Account) -> Result<Profile, NetworkError> {
    let path = format!("/{}", account.platform_account_id);
    let query = [("fields", "id,name,username,link,picture{url}")];
    let page: Page = GRAPH.get(net, account, &path, &query).await?;
    Ok(profile_of(&page))
}
