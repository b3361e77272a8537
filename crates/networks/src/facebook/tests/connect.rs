use super::*;
use crate::{
    connector::ProfileKind,
    error::{ConnectReason, ErrorKind},
};

const APPROVE: (&str, &str) = ("decision", "approve");

#[tokio::test]
async fn every_linked_account_can_be_chosen() {
    let world = world().await;
    let page = world.begin().await;
    let query: BTreeMap<_, _> = page.query_pairs().into_owned().collect();
    assert!(page.path().ends_with("/v26.0/dialog/oauth"), "{page}");
    assert_eq!(query["response_type"], "code");
    assert_eq!(query["state"], "the-state");
    assert!(query["scope"].contains("pages_manage_posts"));
    let answer = world.consent(&[APPROVE, ("account", "mara")]).await;
    assert_eq!(answer["state"], "the-state");
    let all = world.finish(&answer["code"]).await.unwrap();
    let names: Vec<_> = all
        .iter()
        .map(|one| one.profile.username.as_str())
        .collect();
    assert_eq!(names, ["harbourlight", "fernway"]);
    assert_eq!(all[0].profile.kind, ProfileKind::Page);
    assert!(all[0].credentials.expires_at.is_none());

    // The token of a Page outlives the person's 60 days.
    let account = Account {
        app: Some(world.app()),
        ..account(Platform::Facebook, world_first(all))
    };
    world.clock.advance(Duration::from_hours(24 * 90));
    let profile = Facebook.profile(&world.net, &account).await.unwrap();
    assert_eq!(profile.display_name, "Harbour Light Coffee");
}

fn world_first(mut all: Vec<Connection>) -> Connection {
    all.remove(0)
}

#[tokio::test]
async fn only_chosen_pages_come() {
    let world = world().await;
    let mut form = vec![
        APPROVE,
        ("account", "mara"),
        ("chosen", "1"),
        ("company", "fernway"),
    ];
    form.extend(
        crate::facebook::auth::PERMISSIONS
            .iter()
            .map(|one| ("scope", one.scope)),
    );
    let answer = world.consent(&form).await;
    let all = world.finish(&answer["code"]).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].profile.username, "fernway");
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let world = world().await;
    let denied = world.consent(&[("decision", "deny")]).await;
    assert_eq!(denied["error"], "access_denied");

    let mut form = vec![
        APPROVE,
        ("account", "mara"),
        ("chosen", "1"),
        ("company", "fernway"),
    ];
    form.extend([
        ("scope", "pages_read_engagement"),
        ("scope", "pages_show_list"),
    ]);
    let answer = world.consent(&form).await;
    let error = world.finish(&answer["code"]).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::PermissionMissing);
    assert!(
        error.message.contains("to publish and delete posts"),
        "{error}"
    );

    let answer = world.consent(&[APPROVE, ("account", "priya")]).await;
    let error = world.finish(&answer["code"]).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::NothingToConnect);
    assert!(error.message.contains("Page"), "{error}");
}

#[tokio::test]
async fn a_code_works_once() {
    let world = world().await;
    let answer = world.consent(&[APPROVE, ("account", "mara")]).await;
    assert_eq!(world.finish(&answer["code"]).await.unwrap().len(), 2);
    let error = world.finish(&answer["code"]).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::Denied);
    assert!(error.message.contains("used already"), "{error}");
}

#[tokio::test]
async fn the_app_is_proven() {
    let world = world().await;
    Facebook.check_app(&world.net, &world.app()).await.unwrap();
    let wrong = AppRegistration {
        client_secret: "guessed".to_owned(),
        ..world.app()
    };
    let error = Facebook.check_app(&world.net, &wrong).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::AppNotAccepted);
    assert!(!error.to_string().contains("guessed"));
}

#[tokio::test]
async fn a_new_token_is_had_while_the_persons_own_lives() {
    let world = world().await;
    let account = world.account().await;
    let fresh = Facebook.refresh(&world.net, &account).await.unwrap();
    let renewed = Account {
        credentials: fresh,
        ..account.clone()
    };
    Facebook.profile(&world.net, &renewed).await.unwrap();
    world.clock.advance(Duration::from_hours(24 * 61));
    let error = Facebook.refresh(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect);
}
