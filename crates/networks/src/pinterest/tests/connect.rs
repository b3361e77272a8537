//! Connecting, and failing to.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::json;

use super::world;
use crate::{
    connector::{Connector, ProfileKind},
    error::{ConnectReason, ErrorKind},
    pinterest::Pinterest,
    testing::approve,
};

#[tokio::test]
async fn connects_by_consent() {
    let world = world().await;
    let page = world.begin().await;
    assert_eq!(page.path(), "/pinterest/oauth/");
    let query: std::collections::HashMap<_, _> = page.query_pairs().into_owned().collect();
    assert_eq!(
        query["scope"],
        "user_accounts:read,boards:read,boards:write,pins:read,pins:write"
    );
    let answer = world.consent(&approve("mara")).await;
    assert_eq!(&answer["state"], "the-state");
    let connection = world.finish(&answer).await.unwrap().remove(0);
    assert_eq!(connection.profile.username, "mara");
    assert_eq!(connection.profile.kind, ProfileKind::Business);
    assert_eq!(connection.profile.profile_url.path(), "/pinterest/mara/");
    let left = connection
        .credentials
        .expires_at
        .unwrap()
        .since(world.net.env.now());
    assert_eq!(left.as_secs().div_ceil(86_400), 30);

    // A code is good once.
    let again = world.finish(&answer).await.unwrap_err();
    assert_eq!(again.reason, ConnectReason::Denied);
}

#[tokio::test]
async fn a_person_may_say_no() {
    let world = world().await;
    let answer = world.consent(&[("decision", "deny")]).await;
    assert_eq!(&answer["error"], "access_denied");
    assert_eq!(&answer["state"], "the-state");
}

#[tokio::test]
async fn what_was_not_permitted_is_named() {
    let world = world().await;
    let mut form = approve("mara").to_vec();
    form.extend([
        ("chosen", "1"),
        ("scope", "user_accounts:read"),
        ("scope", "boards:read"),
        ("scope", "boards:write"),
        ("scope", "pins:read"),
    ]);
    let error = world.connect(&form).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::PermissionMissing);
    assert!(
        error.message.contains("to publish and delete Pins") && !error.message.contains("board"),
        "{error}"
    );
}

#[tokio::test]
async fn an_app_is_checked_without_a_person() {
    let world = world().await;
    Pinterest.check_app(&world.net, &world.app()).await.unwrap();
    let wrong = Pinterest.check_app(&world.net, &world.wrong_app()).await;
    let error = wrong.unwrap_err();
    assert_eq!(error.reason, ConnectReason::AppNotAccepted);
    assert!(!error.detail.contains("guessed"), "{error}");
    let without = Pinterest.connect(&world.net, world.wish(None, None));
    let error = without.await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::AppNotAccepted);
}

#[tokio::test]
async fn an_expired_token_is_renewed_again_and_again() {
    let world = world().await;
    let mut account = world.account().await;
    for _ in 0..3 {
        world.clock.advance(Duration::from_hours(744));
        let error = Pinterest.standing(&world.net, &account).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::TokenExpired);
        let old = account.credentials.secret.expose_secret().to_owned();
        account.credentials = Pinterest.refresh(&world.net, &account).await.unwrap();
        assert_ne!(account.credentials.secret.expose_secret(), old);
        Pinterest.standing(&world.net, &account).await.unwrap();
    }
    // A refresh token that nobody used for 60 days is over.
    world.clock.advance(Duration::from_hours(1464));
    let error = Pinterest.refresh(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect);
}

#[tokio::test]
async fn withdrawn_access_asks_to_connect_again() {
    let world = world().await;
    let account = world.account().await;
    world
        .fault(json!({ "kind": "revoke_token", "path": "/v5/user_account" }))
        .await;
    let error = Pinterest.standing(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TokenExpired);
    let error = Pinterest.refresh(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect);
}

#[tokio::test]
async fn failing_to_connect_says_why() {
    let world = world().await;
    for (fault, reason) in [
        (json!({ "kind": "hang" }), ConnectReason::TimedOut),
        (json!({ "kind": "garbage" }), ConnectReason::BadAnswer),
        (json!({ "kind": "flood" }), ConnectReason::BadAnswer),
        (json!({ "kind": "drop_before" }), ConnectReason::BadAnswer),
        (
            json!({ "kind": "status", "status": 500 }),
            ConnectReason::BadAnswer,
        ),
        (
            json!({ "kind": "status", "status": 429 }),
            ConnectReason::Denied,
        ),
    ] {
        for path in ["/v5/oauth/token", "/v5/user_account"] {
            let answer = world.consent(&approve("mara")).await;
            let mut fault = fault.clone();
            fault["path"] = json!(path);
            world.fault(fault.clone()).await;
            let error = world.finish(&answer).await.unwrap_err();
            assert_eq!(error.reason, reason, "{fault}: {error}");
        }
    }
}
