use super::*;
use crate::{
    connector::ProfileKind,
    error::{ConnectReason, ErrorKind},
};

#[tokio::test]
async fn every_linked_account_can_be_chosen() {
    let world = world().await;
    let page = world.begin().await;
    let query: BTreeMap<_, _> = page.query_pairs().into_owned().collect();
    assert!(page.path().ends_with("/v26.0/dialog/oauth"), "{page}");
    assert_eq!(query["response_type"], "code");
    assert_eq!(query["state"], "the-state");
    assert!(query["scope"].contains("pages_manage_posts"));
    let answer = world.consent(&approve("mara")).await;
    assert_eq!(&answer["state"], "the-state");
    let mut all = world.finish(&answer).await.unwrap();
    let names: Vec<_> = all
        .iter()
        .map(|one| one.profile.username.as_str())
        .collect();
    assert_eq!(names, ["harbourlight", "fernway"]);
    assert_eq!(all[0].profile.kind, ProfileKind::Page);
    assert!(all[0].credentials.expires_at.is_none());

    // The token of a Page outlives the person's 60 days.
    let account = world.as_account(all.remove(0));
    world.clock.advance(Duration::from_hours(24 * 90));
    let profile = Facebook
        .standing(&world.net, &account)
        .await
        .unwrap()
        .profile;
    assert_eq!(profile.display_name, "Harbour Light Coffee");
}

#[tokio::test]
async fn only_chosen_pages_come() {
    let world = world().await;
    let mut form = approve("mara").to_vec();
    form.extend([("chosen", "1"), ("company", "fernway")]);
    form.extend(
        crate::facebook::auth::PERMISSIONS
            .iter()
            .map(|one| ("scope", one.scope)),
    );
    let all = world.connect(&form).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].profile.username, "fernway");
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let world = world().await;
    let denied = world.consent(&[("decision", "deny")]).await;
    assert_eq!(&denied["error"], "access_denied");

    let mut form = approve("mara").to_vec();
    form.extend([("chosen", "1"), ("company", "fernway")]);
    form.extend([
        ("scope", "pages_read_engagement"),
        ("scope", "pages_show_list"),
    ]);
    let error = world.connect(&form).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::PermissionMissing);
    assert!(
        error.message.contains("to publish and delete posts"),
        "{error}"
    );

    let error = world.connect(&approve("priya")).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::NothingToConnect);
    assert!(error.message.contains("Page"), "{error}");
}

#[tokio::test]
async fn a_code_works_once() {
    let world = world().await;
    let answer = world.consent(&approve("mara")).await;
    assert_eq!(world.finish(&answer).await.unwrap().len(), 2);
    let error = world.finish(&answer).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::Denied);
    assert!(error.message.contains("used already"), "{error}");
}

#[tokio::test]
async fn the_app_is_proven() {
    let world = world().await;
    Facebook.check_app(&world.net, &world.app()).await.unwrap();
    let wrong = Facebook.check_app(&world.net, &world.wrong_app()).await;
    let error = wrong.unwrap_err();
    assert_eq!(error.reason, ConnectReason::AppNotAccepted);
    assert!(!error.to_string().contains("guessed"));
}

#[tokio::test]
async fn a_new_token_is_had_while_the_persons_own_lives() {
    let world = world().await;
    let account = world.account().await;
    let renewed = world.renewed(&account).await;
    Facebook.standing(&world.net, &renewed).await.unwrap();
    world.clock.advance(Duration::from_hours(24 * 61));
    let error = Facebook.refresh(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect);
}
