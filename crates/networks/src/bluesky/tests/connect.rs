//! Connecting, renewing and disconnecting.

use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use super::{connect, connect_request, pds, with};
use crate::{
    Platform,
    bluesky::Bluesky,
    connector::{Account, Connector},
    error::{Certainty, ConnectReason, ErrorKind},
    testing::{Instance, TestClock, account, net, strict_net},
};

#[tokio::test]
async fn connects_with_an_app_password() {
    let Some(pds) = pds() else { return };
    // As copied from a page: with @, spaces and marks of writing direction.
    let typed = format!(" \u{202A}@{}\u{202C} ", pds.handle);
    let connection = connect(&pds.net, connect_request(&pds.url, &typed, &pds.password))
        .await
        .unwrap();
    assert_eq!(connection.profile.username, pds.handle);
    assert!(
        connection
            .profile
            .platform_account_id
            .starts_with("did:plc:")
    );
    let page = format!("https://bsky.app/profile/{}", pds.handle);
    assert_eq!(connection.profile.profile_url.as_str(), page);
    let left = connection
        .credentials
        .expires_at
        .unwrap()
        .since(pds.net.env.now())
        .as_secs();
    assert!((60..100_000).contains(&left), "{left}");
    assert!(!format!("{connection:?}").contains(&pds.password));

    let account = account(Platform::Bluesky, connection);
    let profile = Bluesky.standing(&pds.net, &account).await.unwrap().profile;
    assert_eq!(profile.username, pds.handle);
}

#[tokio::test]
async fn failing_to_connect_says_why() {
    let Some(pds) = pds() else { return };
    let wrong = connect(
        &pds.net,
        connect_request(&pds.url, &pds.handle, "nope-nope"),
    )
    .await;
    assert_eq!(wrong.unwrap_err().reason, ConnectReason::WrongCredentials);
    let empty = connect(&pds.net, connect_request(&pds.url, "@", "x")).await;
    assert_eq!(empty.unwrap_err().reason, ConnectReason::WrongCredentials);
    let strict = connect(&strict_net(), connect_request(&pds.url, &pds.handle, "x")).await;
    assert_eq!(strict.unwrap_err().reason, ConnectReason::PrivateAddress);
}

#[tokio::test]
async fn another_server_is_no_bluesky() {
    let clock = TestClock::default();
    let instance = Instance::start(sandbox::Config::new(clock.env())).await;
    let net = net(&clock);
    let request = connect_request(instance.url.as_str(), "alice.test", "x");
    let error = connect(&net, request).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::NotAServer, "{error}");
    drop(instance);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let request = connect_request("http://127.0.0.1:9/", "alice.test", "x");
    let error = connect(&net, request).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::Unreachable, "{error}");
}

#[tokio::test]
async fn refreshes_with_the_token_and_else_with_the_password() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let expired = with(&account, "access_token", "expired");
    let error = Bluesky.standing(&pds.net, &expired).await.unwrap_err();
    assert_eq!(
        (error.kind, error.certainty),
        (ErrorKind::TokenExpired, Certainty::Refused)
    );

    let handle = async |account: &Account| {
        let standing = Bluesky.standing(&pds.net, account).await.unwrap();
        standing.profile.username
    };
    let mut fresh = expired.clone();
    fresh.credentials = Bluesky.refresh(&pds.net, &expired).await.unwrap();
    assert_eq!(handle(&fresh).await, pds.handle);

    let spent = with(&fresh, "refresh_token", "spent");
    fresh.credentials = Bluesky.refresh(&pds.net, &spent).await.unwrap();
    assert_eq!(handle(&fresh).await, pds.handle);

    let withdrawn = with(&spent, "app_password", "withdrawn");
    let error = Bluesky.refresh(&pds.net, &withdrawn).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect, "{error}");
    assert!(!error.to_string().contains("withdrawn"), "{error}");
}

#[test]
fn the_usual_server_is_bluesky_itself() {
    let server = Bluesky.server(&strict_net(), None).unwrap();
    assert_eq!(server, Url::parse("https://bsky.social/").unwrap());
}

#[tokio::test]
async fn removing_an_account_ends_its_session() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    Bluesky.revoke(&pds.net, &account).await.unwrap();
    let secret: Value = serde_json::from_str(account.credentials.secret.expose_secret()).unwrap();
    let answer = reqwest::Client::new()
        .post(format!(
            "{}/xrpc/com.atproto.server.refreshSession",
            pds.url
        ))
        .bearer_auth(secret["refresh_token"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 400);
    // Once more, and after somebody else ended it.
    Bluesky.revoke(&pds.net, &account).await.unwrap();
    let spent = with(&account, "refresh_token", "spent");
    Bluesky.revoke(&pds.net, &spent).await.unwrap();
}
