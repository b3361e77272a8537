//! Consent, tokens, and what becomes of them.

use std::time::Duration;

use serde_json::json;

use super::{Tiktok, video, world};
use crate::{
    connector::{Connector, Metric},
    error::{ConnectReason, ErrorKind},
    testing::approve,
};

#[tokio::test]
async fn a_consent_gives_the_account() {
    let world = world().await;
    let page = world.begin().await;
    let query: std::collections::BTreeMap<_, _> = page.query_pairs().into_owned().collect();
    assert_eq!(query["client_key"], "sandbox-app");
    assert_eq!(
        query["scope"],
        "user.info.basic,user.info.stats,video.list,video.publish"
    );
    let connection = world.connect(&approve("mara")).await.unwrap().remove(0);
    assert_eq!(connection.profile.username, "mara");
    assert_eq!(connection.profile.display_name, "Mara Lindqvist");
    assert_eq!(connection.limits, json!({ "maxSeconds": 300 }));
    let account = world.account().await;
    let again = Tiktok.standing(&world.net, &account).await.unwrap();
    assert_eq!(
        (again.profile, again.limits),
        (connection.profile, connection.limits)
    );
}

#[tokio::test]
async fn a_denied_consent_comes_back_as_such() {
    let world = world().await;
    let answer = world.consent(&[("decision", "deny")]).await;
    assert_eq!(&answer["error"], "access_denied");
}

#[tokio::test]
async fn publishing_must_be_permitted_and_numbers_need_not() {
    let world = world().await;
    let mut form = approve("mara").to_vec();
    form.extend([("chosen", "1"), ("scope", "user.info.basic")]);
    let error = world.connect(&form).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::PermissionMissing);
    assert!(error.message.contains("every permission ticked"), "{error}");

    form.push(("scope", "video.publish"));
    let connection = world.connect(&form).await.unwrap().remove(0);
    let account = world.as_account(connection);
    let done = world.published(&account, &video(&world, json!({}))).await;
    let insights = Tiktok.insights().unwrap();
    assert!(
        insights
            .post(&world.net, &account, &done)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        insights
            .account(&world.net, &account)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_code_works_once() {
    let world = world().await;
    let answer = world.consent(&approve("mara")).await;
    world.finish(&answer).await.unwrap();
    let error = world.finish(&answer).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::Denied);
}

#[tokio::test]
async fn the_operators_app_can_be_checked() {
    let world = world().await;
    Tiktok.check_app(&world.net, &world.app()).await.unwrap();
    let wrong = Tiktok.check_app(&world.net, &world.wrong_app()).await;
    let error = wrong.unwrap_err();
    assert_eq!(error.reason, ConnectReason::AppNotAccepted);
}

#[tokio::test]
async fn each_refresh_replaces_both_tokens() {
    let world = world().await;
    let first = world.account().await;
    world.clock.advance(Duration::from_hours(3));
    let error = Tiktok.standing(&world.net, &first).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TokenExpired);
    let second = world.renewed(&first).await;
    Tiktok.standing(&world.net, &second).await.unwrap();
    // The old refresh token stopped working at once.
    let error = Tiktok.refresh(&world.net, &first).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect);
    world.renewed(&second).await;
}

#[tokio::test]
async fn a_withdrawn_consent_asks_to_connect_again() {
    let world = world().await;
    let account = world.account().await;
    Tiktok.revoke(&world.net, &account).await.unwrap();
    let error = Tiktok.refresh(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect);
}

#[tokio::test]
async fn numbers_of_posts_and_accounts_grow() {
    let world = world().await;
    let account = world.account().await;
    let done = world.published(&account, &video(&world, json!({}))).await;
    world.clock.advance(Duration::from_hours(24 * 6));
    let account = world.renewed(&account).await;
    let insights = Tiktok.insights().unwrap();
    let post = insights.post(&world.net, &account, &done).await.unwrap();
    assert!(
        post[&Metric::Views] > 0 && post[&Metric::Likes] > 0,
        "{post:?}"
    );
    assert!(post.contains_key(&Metric::Comments) && post.contains_key(&Metric::Shares));
    let all = insights.account(&world.net, &account).await.unwrap();
    assert_eq!(all[&Metric::Posts], 1);
    assert!(all[&Metric::Followers] > 2_000);
}
