//! Connecting, and failing to.

use serde_json::json;

use super::{connect, page, person, world};
use crate::{
    connector::{ConnectRequest, ConnectStep, Connector, ProfileKind},
    error::{ConnectReason, ErrorKind},
    linkedin::{Linkedin, auth::check_scopes},
    testing::approve,
};

#[tokio::test]
async fn offers_the_profile_and_every_page() {
    use ProfileKind::{Organization, Person};

    let world = world().await;
    let connections = connect(&world, None).await.unwrap();
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
        let id = &connection.profile.platform_account_id;
        assert!(id.starts_with("urn:li:"), "{id}");
    }
}

#[tokio::test]
async fn an_app_without_pages_connects_the_profile() {
    let world = world().await;
    let (page, _) = world.begin_at(Some("profile")).await;
    let query = page.query().unwrap();
    assert!(
        query.ends_with("scope=openid%20profile%20w_member_social"),
        "{query}"
    );
    let account = person(&world).await;
    let profile = Linkedin
        .standing(&world.net, &account)
        .await
        .unwrap()
        .profile;
    assert_eq!(profile.display_name, "Mara Lindqvist");
    assert!(profile.avatar_url.is_some());
    // To connect it again, the same is asked for.
    let wish = ConnectRequest {
        limits: account.limits.clone(),
        ..world.wish(Some(account.server.as_str()), Some(world.app()))
    };
    let again = Linkedin.connect(&world.net, wish).await.unwrap();
    let ConnectStep::Redirect { url, .. } = again else {
        panic!("LinkedIn needs consent")
    };
    assert!(url.query().unwrap().contains("scope=openid%20"), "{url}");
    // LinkedIn gives such apps nothing to renew the access with.
    let error = Linkedin.refresh(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect, "{error}");
}

#[tokio::test]
async fn a_code_is_good_once_and_a_person_may_say_no() {
    let world = world().await;
    let answer = world.consent(&approve("mara")).await;
    assert_eq!(&answer["state"], "the-state");
    world.finish(&answer).await.unwrap();
    let again = world.finish(&answer).await.unwrap_err();
    assert_eq!(again.reason, ConnectReason::Denied);
    let answer = world.consent(&[("decision", "deny")]).await;
    assert!(answer.get("error").is_some(), "{answer:?}");
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
    Linkedin.check_app(&world.net, &world.app()).await.unwrap();
    let wrong = Linkedin.check_app(&world.net, &world.wrong_app()).await;
    assert_eq!(wrong.unwrap_err().reason, ConnectReason::AppNotAccepted);
}

#[tokio::test]
async fn tokens_are_renewed_and_revoked() {
    let world = world().await;
    let mut account = page(&world).await;
    world.fault(json!({ "kind": "expire_token" })).await;
    let expired = Linkedin.standing(&world.net, &account).await.unwrap_err();
    assert_eq!(expired.kind, ErrorKind::TokenExpired, "{expired}");
    account.credentials = Linkedin.refresh(&world.net, &account).await.unwrap();
    Linkedin.standing(&world.net, &account).await.unwrap();
    world.fault(json!({ "kind": "revoke_token" })).await;
    let revoked = Linkedin.standing(&world.net, &account).await.unwrap_err();
    assert_eq!(revoked.kind, ErrorKind::Reconnect, "{revoked}");

    let account = page(&world).await;
    Linkedin.revoke(&world.net, &account).await.unwrap();
    assert!(Linkedin.standing(&world.net, &account).await.is_err());
    Linkedin.revoke(&world.net, &account).await.unwrap();
}
