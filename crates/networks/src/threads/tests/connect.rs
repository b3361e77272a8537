//! Connecting, and failing to.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::json;

use super::world;
use crate::{
    connector::Connector,
    error::{ConnectReason, ErrorKind},
    testing::approve,
    threads::Threads,
};

#[tokio::test]
async fn connects_by_consent_with_a_token_that_lives_long() {
    let world = world().await;
    let answer = world.consent(&approve("priya")).await;
    assert_eq!(&answer["state"], "the-state");
    let connection = world.finish(&answer).await.unwrap().remove(0);
    assert_eq!(connection.profile.username, "priya");
    assert_eq!(connection.profile.display_name, "Priya Raman");
    let left = connection
        .credentials
        .expires_at
        .unwrap()
        .since(world.net.env.now());
    // A week before it really ends, for then it could not be renewed.
    assert_eq!(left.as_secs().div_ceil(86_400), 53);
    let again = world.finish(&answer).await.unwrap_err();
    assert_eq!(again.reason, ConnectReason::Denied);
    assert!(again.message.contains("already used"), "{again}");
}

#[tokio::test]
async fn a_person_may_say_no() {
    let world = world().await;
    let answer = world.consent(&[("decision", "deny")]).await;
    assert_eq!(&answer["error"], "access_denied");
}

#[tokio::test]
async fn what_was_unticked_is_named_if_nothing_works_without_it() {
    let world = world().await;
    let chosen = |scopes: &[&'static str]| {
        let mut form = approve("priya").to_vec();
        form.push(("chosen", "1"));
        form.extend(scopes.iter().map(|scope| ("scope", *scope)));
        form
    };
    let basic = chosen(&["threads_basic"]);
    let error = world.connect(&basic).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::PermissionMissing);
    assert!(error.message.contains("to publish posts"), "{error}");
    // The numbers and deleting are not needed.
    let enough = chosen(&[
        "threads_basic",
        "threads_content_publish",
        "threads_manage_replies",
        "threads_read_replies",
    ]);
    world.connect(&enough).await.unwrap();
    let nothing = chosen(&["threads_delete"]);
    let error = world.connect(&nothing).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::PermissionMissing);
}

#[tokio::test]
async fn an_app_is_checked_without_a_person() {
    let world = world().await;
    Threads.check_app(&world.net, &world.app()).await.unwrap();
    let wrong = Threads.check_app(&world.net, &world.wrong_app()).await;
    let error = wrong.unwrap_err();
    assert_eq!(error.reason, ConnectReason::AppNotAccepted);
}

#[tokio::test]
async fn a_token_renews_itself_until_it_has_expired() {
    let world = world().await;
    let mut account = world.account().await;
    for _ in 0..3 {
        world.clock.advance(Duration::from_hours(1296));
        let old = account.credentials.secret.expose_secret().to_owned();
        account.credentials = Threads.refresh(&world.net, &account).await.unwrap();
        assert_ne!(account.credentials.secret.expose_secret(), old);
        Threads.standing(&world.net, &account).await.unwrap();
    }
    world.clock.advance(Duration::from_hours(1464));
    let error = Threads.standing(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TokenExpired);
    let error = Threads.refresh(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect);
}

#[tokio::test]
async fn withdrawn_access_asks_to_connect_again() {
    let world = world().await;
    let account = world.account().await;
    world
        .fault(json!({ "kind": "revoke_token", "path": "/v1.0/me" }))
        .await;
    let error = Threads.standing(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect);
    assert!(!error.to_string().contains("access_token="), "{error}");
}

#[tokio::test]
async fn failing_to_connect_says_why() {
    let world = world().await;
    for (fault, reason) in [
        (json!({ "kind": "hang" }), ConnectReason::TimedOut),
        (json!({ "kind": "garbage" }), ConnectReason::BadAnswer),
        (json!({ "kind": "drop_before" }), ConnectReason::BadAnswer),
        (
            json!({ "kind": "status", "status": 500 }),
            ConnectReason::BadAnswer,
        ),
    ] {
        for path in ["/oauth/access_token", "/access_token", "/v1.0/me"] {
            let answer = world.consent(&approve("priya")).await;
            let mut fault = fault.clone();
            fault["path"] = json!(path);
            world.fault(fault.clone()).await;
            let error = world.finish(&answer).await.unwrap_err();
            assert_eq!(error.reason, reason, "{fault}: {error}");
        }
    }
}
