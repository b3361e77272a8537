//! Connecting, and failing to.

use serde_json::json;

use super::{app, world};
use crate::{
    connector::{Callback, Connector, ProfileKind},
    error::{ConnectReason, ErrorKind},
    linkedin::{Linkedin, auth::check_scopes},
};

#[tokio::test]
async fn offers_the_profile_and_every_page() {
    use ProfileKind::{Organization, Person};

    let world = world().await;
    let connections = world.connect(None).await.unwrap();
    let kinds: Vec<_> = connections.iter().map(|one| one.profile.kind).collect();
    assert_eq!(kinds, [Person, Organization, Organization]);
    let mut names: Vec<_> = connections
        .iter()
        .map(|one| one.profile.display_name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["Fernway Bicycles", "Harbour Light Coffee", "Mara Lindqvist"]
    );
    for connection in &connections {
        assert!(connection.server.path().ends_with("/rest"));
        let id = &connection.profile.platform_account_id;
        assert!(id.starts_with("urn:li:"), "{id}");
    }
}

#[tokio::test]
async fn an_app_without_pages_connects_the_profile() {
    let world = world().await;
    let (page, _) = world.begin(Some("profile")).await;
    let query = page.query().unwrap();
    assert!(
        query.ends_with("scope=openid%20profile%20w_member_social"),
        "{query}"
    );
    let account = world.person().await;
    assert!(account.server.path().ends_with("/v2"));
    let profile = Linkedin.profile(&world.net, &account).await.unwrap();
    assert_eq!(profile.display_name, "Mara Lindqvist");
    assert!(profile.avatar_url.is_some());
    // To connect it again, the same is asked for.
    let (again, _) = world.begin(Some(account.server.as_str())).await;
    assert!(
        again.query().unwrap().contains("scope=openid%20"),
        "{again}"
    );
    // LinkedIn gives such apps nothing to renew the access with.
    let error = Linkedin.refresh(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect, "{error}");
}

#[tokio::test]
async fn a_code_is_good_once_and_a_person_may_say_no() {
    let world = world().await;
    let (page, pending) = world.begin(None).await;
    let form = [("decision", "approve"), ("account", "mara")];
    let answer = world.consent(&page, &form).await;
    assert_eq!(answer["state"], "the-state");
    let callback = || Callback {
        code: answer["code"].clone().into(),
        pending: pending.clone(),
        app: app("sandbox-secret"),
    };
    Linkedin
        .finish_connect(&world.net, callback())
        .await
        .unwrap();
    let again = Linkedin.finish_connect(&world.net, callback()).await;
    assert_eq!(again.unwrap_err().reason, ConnectReason::Denied);
    let (page, _) = world.begin(None).await;
    let answer = world.consent(&page, &[("decision", "deny")]).await;
    assert!(answer.contains_key("error"), "{answer:?}");
}

#[test]
fn a_missing_permission_is_named() {
    assert_eq!(
        check_scopes("openid,profile,w_member_social")
            .unwrap()
            .len(),
        3
    );
    let error = check_scopes("openid profile").unwrap_err();
    assert_eq!(error.reason, ConnectReason::PermissionMissing, "{error}");
    assert!(error.message.contains("publish"), "{error}");
}

#[tokio::test]
async fn the_app_is_checked() {
    let world = world().await;
    Linkedin
        .check_app(&world.net, &app("sandbox-secret"))
        .await
        .unwrap();
    let error = Linkedin.check_app(&world.net, &app("wrong")).await;
    assert_eq!(error.unwrap_err().reason, ConnectReason::AppNotAccepted);
}

#[tokio::test]
async fn tokens_are_renewed_and_revoked() {
    let world = world().await;
    let mut account = world.page().await;
    world.fault(json!({ "kind": "expire_token" })).await;
    let expired = Linkedin.profile(&world.net, &account).await.unwrap_err();
    assert_eq!(expired.kind, ErrorKind::TokenExpired, "{expired}");
    account.credentials = Linkedin.refresh(&world.net, &account).await.unwrap();
    Linkedin.profile(&world.net, &account).await.unwrap();
    world.fault(json!({ "kind": "revoke_token" })).await;
    let revoked = Linkedin.profile(&world.net, &account).await.unwrap_err();
    assert_eq!(revoked.kind, ErrorKind::Reconnect, "{revoked}");

    let account = world.page().await;
    Linkedin.revoke(&world.net, &account).await.unwrap();
    assert!(Linkedin.profile(&world.net, &account).await.is_err());
    Linkedin.revoke(&world.net, &account).await.unwrap();
}
