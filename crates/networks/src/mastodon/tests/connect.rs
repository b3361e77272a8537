//! Connecting, and failing to.

use serde_json::{Value, json};

use super::{connect_request, world};
use crate::{
    Platform,
    connector::{Account, AppRegistration, Callback, Connector},
    error::ConnectReason,
    mastodon::Mastodon,
    testing::{account, strict_net},
};

#[tokio::test]
async fn connects_by_consent_and_learns_the_limits() {
    let world = world(|config| config.max_characters = 1_000).await;
    let (page, pending, app) = world.begin(None).await;
    let answer = world.consent(&page, "approve").await;
    assert_eq!(answer["state"], "the-state");
    let callback = |code: &str, pending: Value| Callback {
        code: code.to_owned().into(),
        pending,
        app: app.clone(),
    };
    let mut connections = Mastodon
        .finish_connect(&world.net, callback(&answer["code"], pending.clone()))
        .await
        .unwrap();
    assert_eq!(connections.len(), 1);
    let connection = connections.remove(0);
    let domain = format!("127.0.0.1:{}", world.instance.url.port().unwrap());
    assert_eq!(connection.profile.username, format!("alice@{domain}"));
    assert_eq!(connection.profile.display_name, "Alice");
    assert_eq!(connection.server, world.instance.url);
    assert_eq!(connection.limits["maxCharacters"], 1_000);
    assert_eq!(connection.credentials.expires_at, None);
    // What the instance allows may change after the account was connected.
    let connected = account(Platform::Mastodon, connection);
    let before = Account {
        limits: json!({ "maxCharacters": 500 }),
        ..connected.clone()
    };
    let standing = Mastodon.standing(&world.net, &before).await.unwrap();
    assert_eq!(standing.profile.username, format!("alice@{domain}"));
    assert_eq!(standing.limits, connected.limits);

    // A code is good once, and only for who began.
    let again = Mastodon
        .finish_connect(&world.net, callback(&answer["code"], pending))
        .await;
    assert_eq!(again.unwrap_err().reason, ConnectReason::Denied);
    let (page, _, app) = world.begin(Some(app.clone())).await;
    let answer = world.consent(&page, "approve").await;
    let stolen = Callback {
        code: answer["code"].clone().into(),
        pending: json!({ "verifier": "somebody else's" }),
        app,
    };
    let stolen = Mastodon.finish_connect(&world.net, stolen).await;
    assert_eq!(stolen.unwrap_err().reason, ConnectReason::Denied);
}

#[tokio::test]
async fn a_person_may_say_no() {
    let world = world(|_| {}).await;
    let (page, ..) = world.begin(None).await;
    assert_eq!(world.consent(&page, "deny").await["error"], "access_denied");
}

#[tokio::test]
async fn a_registered_app_is_used_again_while_the_server_knows_it() {
    let world = world(|_| {}).await;
    let (_, _, app) = world.begin(None).await;
    let (page, _, same) = world.begin(Some(app.clone())).await;
    assert_eq!(same.client_id, app.client_id);
    // Another account of this server may be meant, whoever the browser is logged in as.
    assert!(page.query().unwrap().contains("force_login=true"));
    let forgotten = AppRegistration {
        client_id: "forgotten".to_owned(),
        ..app.clone()
    };
    let (_, _, other) = world.begin(Some(forgotten)).await;
    assert_ne!(other.client_id, "forgotten");
}

#[tokio::test]
async fn failing_to_connect_says_why() {
    let world = world(|_| {}).await;
    for (fault, reason) in [
        (json!({ "kind": "hang" }), ConnectReason::TimedOut),
        (json!({ "kind": "garbage" }), ConnectReason::NotAServer),
        (json!({ "kind": "flood" }), ConnectReason::BadAnswer),
        (json!({ "kind": "drop_before" }), ConnectReason::BadAnswer),
        (
            json!({ "kind": "status", "status": 500 }),
            ConnectReason::BadAnswer,
        ),
        (
            json!({ "kind": "redirect", "location": "ftp://127.0.0.1/" }),
            ConnectReason::NotAServer,
        ),
        (
            json!({ "kind": "redirect", "location": "http://127.0.0.1:1/" }),
            ConnectReason::Unreachable,
        ),
        (
            json!({ "kind": "garbage", "path": "/api/v1/apps" }),
            ConnectReason::BadAnswer,
        ),
        (
            json!({ "kind": "status", "status": 403, "path": "/api/v1/apps" }),
            ConnectReason::Denied,
        ),
    ] {
        world.instance.faults(json!([fault])).await;
        let error = world.refused(None).await;
        assert_eq!(error.reason, reason, "{fault}: {error}");
    }
    let endless: Vec<_> = (0..6)
        .map(|_| json!({ "kind": "redirect", "location": "/api/v2/instance" }))
        .collect();
    world.instance.faults(json!(endless)).await;
    let error = world.refused(None).await;
    assert!(error.message.contains("without end"), "{error}");
}

#[tokio::test]
async fn private_addresses_are_refused_unless_allowed() {
    let world = world(|_| {}).await;
    let port = world.instance.url.port().unwrap();
    for server in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
    ] {
        let error = Mastodon
            .connect(&strict_net(), connect_request(&server, None))
            .await
            .unwrap_err();
        assert_eq!(
            error.reason,
            ConnectReason::PrivateAddress,
            "{server}: {error}"
        );
        assert!(
            error.message.contains("security.allow_private_targets"),
            "{error}"
        );
    }
}

#[test]
fn servers_are_recognised_however_they_are_typed() {
    let net = strict_net();
    for typed in [
        "mastodon.social",
        " Mastodon.Social ",
        "@me@mastodon.social",
        "me@mastodon.social",
        "https://mastodon.social",
        "http://mastodon.social/",
        "https://mastodon.social/@me/1?x#y",
    ] {
        let server = Mastodon.server(&net, Some(typed)).unwrap();
        assert_eq!(server.as_str(), "https://mastodon.social/", "{typed}");
    }
    for typed in ["", "   ", "@", "https://", "a b"] {
        assert!(Mastodon.server(&net, Some(typed)).is_err(), "{typed}");
    }
}
