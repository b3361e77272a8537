//! Connecting, and failing to.

use serde_json::json;

use super::world;
use crate::{
    connector::{Connector, ProfileKind},
    error::{ConnectReason, ErrorKind},
    testing::{Consent, approve},
    x::{X, auth::check_scopes},
};

#[tokio::test]
async fn connects_by_consent() {
    let world = world().await;
    let page = world.begin().await;
    let query = page.query().unwrap();
    assert!(query.contains("scope=tweet.read%20tweet.write"), "{query}");
    assert!(query.contains("code_challenge_method=S256"), "{query}");
    let answer = world.consent(&approve("mara")).await;
    assert_eq!(&answer["state"], "the-state");
    let connections = world.finish(&answer).await.unwrap();
    let [connection] = connections.as_slice() else {
        panic!("one consent is one account")
    };
    assert_eq!(connection.profile.kind, ProfileKind::Person);
    assert_eq!(connection.profile.username, "mara");
    assert_eq!(connection.profile.display_name, "Mara Lindqvist");
    assert!(connection.profile.avatar_url.is_some());
    assert!(connection.credentials.expires_at.is_some());
    assert_eq!(X.formats(&connection.limits)[0].text.max_characters, 280);

    // A code is good once.
    let again = world.finish(&answer).await.unwrap_err();
    assert_eq!(again.reason, ConnectReason::Denied);

    // Nobody else's proof will do.
    let stolen = Consent {
        pending: json!({ "verifier": "somebody else's" }),
        ..world.consent(&approve("mara")).await
    };
    let stolen = world.finish(&stolen).await.unwrap_err();
    assert_eq!(stolen.reason, ConnectReason::Denied);
}

#[tokio::test]
async fn a_subscriber_may_write_more() {
    let world = world().await;
    let connections = world.connect(&approve("priya")).await.unwrap();
    let [connection] = connections.as_slice() else {
        panic!("one consent is one account")
    };
    assert_eq!(X.formats(&connection.limits)[0].text.max_characters, 25_000);
}

#[tokio::test]
async fn a_person_may_say_no() {
    let world = world().await;
    let answer = world.consent(&[("decision", "deny")]).await;
    assert_eq!(&answer["error"], "access_denied");
}

/// X's consent page takes all or nothing, but an app may be set up to have less.
#[test]
fn a_missing_permission_is_named() {
    let granted = "tweet.read tweet.write users.read offline.access";
    check_scopes(&format!("{granted} media.write")).unwrap();
    let error = check_scopes(granted).unwrap_err();
    assert_eq!(error.reason, ConnectReason::PermissionMissing, "{error}");
    assert!(error.message.contains("upload images"), "{error}");
}

#[tokio::test]
async fn without_an_app_nothing_can_be_connected() {
    let world = world().await;
    let without = X.connect(&world.net, world.wish(None, None)).await;
    let error = without.unwrap_err();
    assert!(error.message.contains("administrator"), "{error}");
}

#[tokio::test]
async fn the_app_is_checked() {
    let world = world().await;
    X.check_app(&world.net, &world.app()).await.unwrap();
    let wrong = X.check_app(&world.net, &world.wrong_app()).await;
    let error = wrong.unwrap_err();
    assert_eq!(error.reason, ConnectReason::AppNotAccepted, "{error}");
    world
        .fault(json!({ "kind": "status", "status": 500 }))
        .await;
    let error = X.check_app(&world.net, &world.app()).await;
    assert_eq!(error.unwrap_err().reason, ConnectReason::BadAnswer);
}

#[tokio::test]
async fn tokens_are_renewed_once_and_revoked() {
    let world = world().await;
    let old = world.account().await;
    let mut account = old.clone();
    account.credentials = X.refresh(&world.net, &old).await.unwrap();
    // Whoever subscribed since then may write longer posts.
    account.limits = json!({ "subscription": "Premium" });
    let standing = X.standing(&world.net, &account).await.unwrap();
    assert_eq!(standing.limits, old.limits);
    // The refresh token was used up.
    let spent = X.refresh(&world.net, &old).await.unwrap_err();
    assert_eq!(spent.kind, ErrorKind::Reconnect, "{spent}");

    world.fault(json!({ "kind": "expire_token" })).await;
    let expired = X.standing(&world.net, &account).await.unwrap_err();
    assert_eq!(expired.kind, ErrorKind::TokenExpired, "{expired}");
    account.credentials = X.refresh(&world.net, &account).await.unwrap();
    X.standing(&world.net, &account).await.unwrap();

    X.revoke(&world.net, &account).await.unwrap();
    assert!(X.standing(&world.net, &account).await.is_err());
    let gone = X.refresh(&world.net, &account).await.unwrap_err();
    assert_eq!(gone.kind, ErrorKind::Reconnect, "{gone}");
    // What is withdrawn already can be withdrawn again.
    X.revoke(&world.net, &account).await.unwrap();
}

#[tokio::test]
async fn failing_to_connect_says_why() {
    let world = world().await;
    for (fault, reason) in [
        (json!({ "kind": "hang" }), ConnectReason::TimedOut),
        (json!({ "kind": "garbage" }), ConnectReason::BadAnswer),
        (json!({ "kind": "drop_before" }), ConnectReason::BadAnswer),
        (
            json!({ "kind": "status", "status": 503 }),
            ConnectReason::BadAnswer,
        ),
        (
            json!({ "kind": "status", "status": 429 }),
            ConnectReason::Denied,
        ),
    ] {
        let mut fault = fault;
        fault["path"] = json!("/2/oauth2/token");
        world.fault(fault.clone()).await;
        let error = world.connect(&approve("mara")).await.unwrap_err();
        assert_eq!(error.reason, reason, "{fault}: {error}");
    }
}
