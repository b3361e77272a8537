//! Consent, codes, proofs, refresh and revocation.

use std::collections::HashMap;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::{Method, Response};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use super::World;

const VERIFIER: &str = "a verifier that is long enough for the standard's taste";
const BACK: &str = "https://allin.example/callback";

/// What the app asks for.
fn asked() -> Vec<(&'static str, String)> {
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    vec![
        ("client_id", "sandbox-app".to_owned()),
        ("redirect_uri", BACK.to_owned()),
        ("response_type", "code".to_owned()),
        ("scope", "read write".to_owned()),
        ("state", "the state".to_owned()),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256".to_owned()),
        ("offline", "1".to_owned()),
    ]
}

fn with(name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let mut asked = asked();
    asked.retain(|(other, _)| *other != name);
    if !value.is_empty() {
        asked.push((name, value.to_owned()));
    }
    asked
}

impl World {
    async fn decide(&self, asked: &[(&str, String)], form: &[(&str, &str)]) -> Response {
        self.request(Method::POST, "/toy/oauth/authorize")
            .query(asked)
            .form(form)
            .send()
            .await
            .unwrap()
    }

    /// Where the browser is sent, as the parameters of the query.
    async fn sent(
        &self,
        asked: &[(&str, String)],
        form: &[(&str, &str)],
    ) -> HashMap<String, String> {
        let answer = self.decide(asked, form).await;
        assert_eq!(answer.status(), 303);
        let url: Url = answer.headers()["location"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!(url.as_str().starts_with(BACK));
        url.query_pairs().into_owned().collect()
    }

    async fn code(&self) -> String {
        let sent = self.sent(&asked(), &[("decision", "approve")]).await;
        assert_eq!(sent["state"], "the state");
        sent["code"].clone()
    }

    async fn token(&self, form: &[(&str, &str)]) -> (u16, Value) {
        let answer = self
            .request(Method::POST, "/toy/oauth/token")
            .basic_auth("sandbox-app", Some("sandbox-secret"))
            .form(form)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn redeem(&self, code: &str, verifier: &str, back: &str) -> (u16, Value) {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", verifier),
            ("redirect_uri", back),
        ])
        .await
    }

    /// An access token and a refresh token.
    pub(super) async fn connect(&self) -> (String, String) {
        let (status, answer) = self.redeem(&self.code().await, VERIFIER, BACK).await;
        assert_eq!(status, 200, "{answer}");
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        (text("access_token"), text("refresh_token"))
    }

    async fn me(&self, token: &str) -> (u16, String) {
        let answer = self
            .request(Method::GET, "/toy/me")
            .bearer_auth(token)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

#[tokio::test]
async fn a_person_sees_what_is_asked_and_may_untick_it() {
    let world = World::start().await;
    let page = world
        .request(Method::GET, "/toy/oauth/authorize")
        .query(&asked())
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    for words in [
        "Authorise AllIN",
        "Toy",
        "Post for you",
        "Mara Lindqvist",
        "Fernway Bicycles",
        "#7a2048",
        "Deny",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let chosen = [
        ("chosen", "1"),
        ("decision", "approve"),
        ("account", "mara"),
        ("scope", "read"),
        ("company", "fernway"),
        // He does not manage this one.
        ("company", "somebodyelses"),
    ];
    let sent = world.sent(&asked(), &chosen).await;
    assert_eq!(sent["granted"], "read");
    let (_, answer) = world.redeem(&sent["code"], VERIFIER, BACK).await;
    assert_eq!(answer["scope"], "read");
    let token = answer["access_token"].as_str().unwrap();
    let (_, me) = world.me(token).await;
    let me: Value = serde_json::from_str(&me).unwrap();
    assert_eq!(me["companies"], serde_json::json!(["fernway"]));
    assert!(me["base"].as_str().unwrap().ends_with("/toy"));
    let refused = world.publish(token, "hello").await.unwrap();
    assert_eq!(refused.status(), 403);
    assert_eq!(refused.text().await.unwrap(), "missing write");

    let denied = world.sent(&asked(), &[("decision", "deny")]).await;
    assert_eq!(
        (denied["error"].as_str(), denied["state"].as_str()),
        ("access_denied", "the state")
    );
}

#[tokio::test]
async fn what_an_app_asks_wrongly_is_refused() {
    let world = World::start().await;
    let approve = [("decision", "approve")];
    // What can't be sent back is shown.
    for wrong in [
        with("client_id", "stranger"),
        with("client_id", ""),
        with("redirect_uri", "nowhere"),
    ] {
        assert_eq!(
            world.decide(&wrong, &approve).await.status(),
            400,
            "{wrong:?}"
        );
    }
    for (wrong, error) in [
        (with("scope", "read everything"), "invalid_scope"),
        (with("response_type", "token"), "unsupported_response_type"),
        (with("code_challenge", ""), "invalid_request"),
        (with("code_challenge_method", "S512"), "invalid_request"),
    ] {
        assert_eq!(
            world.sent(&wrong, &approve).await["error"],
            error,
            "{wrong:?}"
        );
    }
}

#[tokio::test]
async fn a_code_is_good_once_for_ten_minutes_for_who_asked() {
    let world = World::start().await;
    for (verifier, back) in [
        ("another", BACK),
        ("", BACK),
        (VERIFIER, "https://evil.example/"),
    ] {
        let (status, answer) = world.redeem(&world.code().await, verifier, back).await;
        assert_eq!(
            (status, answer["error"].as_str()),
            (400, Some("invalid_grant"))
        );
    }
    let code = world.code().await;
    world.advance(601);
    assert_eq!(world.redeem(&code, VERIFIER, BACK).await.0, 400);

    let code = world.code().await;
    let (_, answer) = world.redeem(&code, VERIFIER, BACK).await;
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(world.me(token).await.0, 200);
    // Whoever comes second may be a thief, so the first one's tokens end too (RFC 6749 §4.1.2).
    assert_eq!(world.redeem(&code, VERIFIER, BACK).await.0, 400);
    assert_eq!(world.me(token).await, (401, "revoked".to_owned()));
}

#[tokio::test]
async fn clients_must_prove_themselves() {
    let world = World::start().await;
    for (id, secret) in [("sandbox-app", "wrong"), ("stranger", "sandbox-secret")] {
        let code = world.code().await;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("code_verifier", VERIFIER),
            ("redirect_uri", BACK),
            ("client_id", id),
            ("client_secret", secret),
        ];
        let answer = world
            .request(Method::POST, "/toy/oauth/token")
            .form(&form)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 401);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"], "invalid_client");
    }
    let (status, answer) = world.token(&[("grant_type", "password")]).await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (400, Some("unsupported_grant_type"))
    );
}

#[tokio::test]
async fn tokens_expire_are_renewed_in_turn_swapped_and_revoked() {
    let world = World::start().await;
    let (access, refresh) = world.connect().await;
    assert_eq!(world.me(&access).await.0, 200);
    world.advance(3_601);
    assert_eq!(world.me(&access).await, (401, "expired".to_owned()));

    let renew = async |token: &str| {
        world
            .token(&[("grant_type", "refresh_token"), ("refresh_token", token)])
            .await
    };
    let (status, renewed) = renew(&refresh).await;
    assert_eq!((status, renewed["expires_in"].as_u64()), (200, Some(3_600)));
    // It rotates: the old one is spent.
    assert_eq!(renew(&refresh).await.0, 400);
    let access = renewed["access_token"].as_str().unwrap();
    let refresh = renewed["refresh_token"].as_str().unwrap();
    assert_eq!(world.me(access).await.0, 200);

    let swap = async |secret: &str| {
        let form = [
            ("grant_type", "toy_exchange"),
            ("access_token", access),
            ("client_secret", secret),
        ];
        let answer = world
            .request(Method::GET, "/toy/longer")
            .query(&form)
            .send()
            .await
            .unwrap();
        (answer.status(), answer.json::<Value>().await.unwrap())
    };
    assert_eq!(swap("wrong").await.0, 401);
    let (_, longer) = swap("sandbox-secret").await;
    assert_eq!(longer["expires_in"], 5_184_000);
    let longer = longer["access_token"].as_str().unwrap();
    world.advance(86_401);
    assert_eq!(world.me(longer).await.0, 200);
    assert_eq!(renew(refresh).await.0, 400, "too old");

    let revoked = world
        .request(Method::POST, "/toy/oauth/revoke")
        .basic_auth("sandbox-app", Some("sandbox-secret"))
        .form(&[("token", longer)])
        .send()
        .await
        .unwrap();
    assert_eq!(revoked.status(), 200);
    assert_eq!(world.me(longer).await, (401, "revoked".to_owned()));
    assert_eq!(world.me("made up").await, (401, "unknown".to_owned()));
}
