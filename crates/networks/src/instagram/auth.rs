//! Connecting accounts: the professional accounts that are linked to the person's Pages (field
//! `instagram_business_account` of *Page*; *IG User*, September 2026).

use serde_json::Value;
use url::Url;

use super::GRAPH;
use crate::{
    connector::{Account, Callback, Connection, Profile, ProfileKind},
    descriptor::Permission,
    error::{ConnectError, ConnectReason, NetworkError},
    http::Net,
    meta::pages::InstagramAccount,
};

/// *Permissions* of each reference page.
pub(super) const PERMISSIONS: &[Permission] = &[
    permission("instagram_basic", "to show the account and its posts", true),
    permission(
        "instagram_content_publish",
        "to publish posts, reels and stories",
        true,
    ),
    permission(
        "pages_show_list",
        "to find the Page that the account is linked to",
        true,
    ),
    permission(
        "pages_read_engagement",
        "to act for the account through its Page",
        true,
    ),
    permission(
        "instagram_manage_comments",
        "to read, answer and hide comments",
        false,
    ),
    permission("instagram_manage_insights", "to show how posts do", false),
    permission("instagram_manage_contents", "to delete posts", false),
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
const FIELDS: &str =
    "id,name,access_token,tasks,instagram_business_account{id,username,name,profile_picture_url}";

/// Redeems the code, and reads which accounts it is for.
pub(super) async fn finish(net: &Net, callback: Callback) -> Result<Vec<Connection>, ConnectError> {
    let login = GRAPH.login(net, &callback, PERMISSIONS, FIELDS).await?;
    let server = GRAPH.server(net)?;
    let linked: Vec<_> = login
        .pages
        .iter()
        .filter_map(|page| Some((page, page.instagram_business_account.clone()?)))
        .map(|(page, account)| Connection {
            profile: profile_of(account),
            server: server.clone(),
            credentials: page.credentials(&login.user_token),
            limits: Value::Null,
        })
        .collect();
    if !linked.is_empty() {
        return Ok(linked);
    }
    let message = if login.pages.is_empty() {
        "You gave AllIN no Facebook Page on which you may publish. An Instagram account is reached through the Page it is linked to: please connect again and choose that Page and the Instagram account."
    } else {
        "None of the Facebook Pages you chose is linked to an Instagram professional account. Please switch the account to a professional one in the Instagram app, link it to the Page, and connect again."
    };
    Err(ConnectError::new(
        ConnectReason::NothingToConnect,
        message,
        format!("{} pages, none linked", login.pages.len()),
    ))
}

fn profile_of(account: InstagramAccount) -> Profile {
    let page = format!("https://www.instagram.com/{}/", account.username);
    let avatar = account.profile_picture_url.as_deref();
    #[expect(
        clippy::expect_used,
        reason = "user names are made of letters, digits, dots and underscores"
    )]
    let fallback = Url::parse("https://www.instagram.com/").expect("it is an address");
    Profile {
        kind: ProfileKind::Business,
        display_name: account
            .name
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| account.username.clone()),
        avatar_url: avatar.and_then(|url| Url::parse(url).ok()),
        profile_url: Url::parse(&page).unwrap_or(fallback),
        platform_account_id: account.id,
        username: account.username,
    }
}

/// Reads the profile, which proves that the token still works.
pub(super) async fn profile(net: &Net, account: &Account) -> Result<Profile, NetworkError> {
    let path = format!("/{}", account.platform_account_id);
    let query = [("fields", "id,username,name,profile_picture_url")];
    Ok(profile_of(GRAPH.get(net, account, &path, &query).await?))
}
