//! Consent, tokens, and what becomes of them.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::Value;

use super::{Youtube, video, world};
use crate::{
    connector::{Account, Connector, Metric, ProfileKind},
    error::{ConnectReason, ErrorKind},
    testing::{Consent, approve},
};

const MANAGE: &str = "https://www.googleapis.com/auth/youtube.force-ssl";

#[tokio::test]
async fn a_consent_gives_the_channel() {
    let world = world().await;
    let page = world.begin().await;
    let query: std::collections::BTreeMap<_, _> = page.query_pairs().into_owned().collect();
    assert_eq!(query["access_type"], "offline");
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!(query["state"], "the-state");
    let connection = world.connect(&approve("mara")).await.unwrap().remove(0);
    let profile = connection.profile;
    assert_eq!(profile.kind, ProfileKind::Channel);
    assert!(profile.platform_account_id.starts_with("UC"));
    assert_eq!(profile.username, "mara");
    assert_eq!(profile.display_name, "Mara Lindqvist");
    assert_eq!(connection.limits["longUploads"], true);
    assert!(connection.credentials.expires_at.unwrap() > world.net.env.now());
    let account = world.account().await;
    let again = Youtube.standing(&world.net, &account).await.unwrap();
    assert_eq!((again.profile, again.limits), (profile, connection.limits));
}

#[tokio::test]
async fn a_denied_consent_comes_back_as_such() {
    let world = world().await;
    let answer = world.consent(&[("decision", "deny")]).await;
    assert_eq!(&answer["error"], "access_denied");
    assert_eq!(&answer["state"], "the-state");
}

#[tokio::test]
async fn the_permission_to_manage_can_not_be_left_out_and_the_other_can() {
    let world = world().await;
    let mut form = approve("mara").to_vec();
    form.push(("chosen", "1"));
    let error = world.connect(&form).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::PermissionMissing);
    assert!(error.message.contains("manage your videos"), "{error}");

    form.push(("scope", MANAGE));
    let connection = world.connect(&form).await.unwrap().remove(0);
    let account = world.as_account(connection);
    let done = world
        .published(&account, &video(&world, serde_json::json!({})))
        .await;
    world.clock.advance(Duration::from_hours(24 * 7));
    let account = world.renewed(&account).await;
    let numbers = Youtube
        .insights()
        .unwrap()
        .post(&world.net, &account, &done)
        .await
        .unwrap();
    assert!(numbers[&Metric::Views] > 0);
    assert!(!numbers.contains_key(&Metric::WatchSeconds));
}

#[tokio::test]
async fn an_account_without_a_channel_is_told_to_make_one() {
    let world = world().await;
    let error = world.connect(&approve("jonas")).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::NothingToConnect);
    assert!(error.message.contains("no YouTube channel"), "{error}");
}

#[tokio::test]
async fn a_code_works_once() {
    let world = world().await;
    let answer = world.consent(&approve("mara")).await;
    world.finish(&answer).await.unwrap();
    let error = world.finish(&answer).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::Denied);
    assert!(!error.to_string().contains(&answer["code"]));
}

#[tokio::test]
async fn a_code_needs_the_proof_of_who_asked_for_it() {
    let world = world().await;
    let (_, other) = world.begin_at(None).await;
    let stolen = Consent {
        pending: other,
        ..world.consent(&approve("mara")).await
    };
    let error = world.finish(&stolen).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::Denied);
}

#[tokio::test]
async fn the_operators_app_can_be_checked() {
    let world = world().await;
    Youtube.check_app(&world.net, &world.app()).await.unwrap();
    let wrong = Youtube.check_app(&world.net, &world.wrong_app()).await;
    let error = wrong.unwrap_err();
    assert_eq!(error.reason, ConnectReason::AppNotAccepted);
    assert!(error.message.contains("client id and secret"), "{error}");
}

#[tokio::test]
async fn an_expired_token_is_renewed_and_the_refresh_token_stays() {
    let world = world().await;
    let account = world.account().await;
    world.clock.advance(Duration::from_hours(2));
    let error = Youtube.standing(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TokenExpired);
    let credentials = Youtube.refresh(&world.net, &account).await.unwrap();
    let read = |secret: &str| serde_json::from_str::<Value>(secret).unwrap();
    let (old, new) = (
        read(account.credentials.secret.expose_secret()),
        read(credentials.secret.expose_secret()),
    );
    assert_eq!(old["refresh_token"], new["refresh_token"]);
    assert_ne!(old["access_token"], new["access_token"]);
    let account = Account {
        credentials,
        ..account
    };
    Youtube.standing(&world.net, &account).await.unwrap();
}

#[tokio::test]
async fn a_withdrawn_consent_asks_to_connect_again() {
    let world = world().await;
    let account = world.account().await;
    Youtube.revoke(&world.net, &account).await.unwrap();
    let error = Youtube.refresh(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect);
    assert!(
        error.message.contains("connect the account again"),
        "{error}"
    );
    // Twice is as good as once.
    Youtube.revoke(&world.net, &account).await.unwrap();
}
