//! Faults, the recorder, limits, feeds, webhooks and the panel.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::{Query, State},
    http::HeaderMap,
    routing::get,
};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::World;
use crate::kit::webhooks::{hex, hmac_sha256};

#[tokio::test]
async fn every_fault_does_what_it_says_in_the_words_of_the_network() {
    let world = World::start().await;
    let (token, _) = world.connect().await;
    let publish = async || match world.publish(&token, "hello").await {
        Ok(answer) => (answer.status().as_u16(), answer.text().await.unwrap()),
        Err(_) => (0, String::new()),
    };
    for (fault, status, words, published) in [
        (json!({ "kind": "drop_before" }), 0, "", 0),
        (json!({ "kind": "drop_after_accept" }), 0, "", 1),
        (json!({ "kind": "status", "status": 503 }), 503, "status", 1),
        (
            json!({ "kind": "status", "status": 429, "reset_seconds": 7 }),
            429,
            "slow down",
            1,
        ),
        (
            json!({ "kind": "permission_missing", "scope": "write" }),
            403,
            "missing write",
            1,
        ),
        (json!({ "kind": "duplicate_content" }), 409, "duplicate", 1),
        (
            json!({ "kind": "garbage" }),
            200,
            "<html><h1>It works!</h1>",
            2,
        ),
        (json!({ "kind": "delay", "ms": 1 }), 200, "", 3),
        (json!({ "kind": "expire_token" }), 401, "expired", 3),
        (json!({ "kind": "revoke_token" }), 401, "revoked", 3),
    ] {
        world.fault(fault.clone()).await;
        let (answered, said) = publish().await;
        assert_eq!(answered, status, "{fault}");
        assert!(said.contains(words), "{fault}: {said}");
        assert_eq!(world.count().await, (published, published), "{fault}");
        assert_eq!(world.get("/sandbox/faults").await, json!([]), "{fault}");
    }
}

#[tokio::test]
async fn faults_meet_only_what_they_are_meant_for() {
    let world = World::start().await;
    let (token, _) = world.connect().await;
    world
        .fault(json!({ "kind": "status", "status": 500, "network": "x" }))
        .await;
    world
        .fault(json!({ "kind": "status", "status": 501, "on": "upload" }))
        .await;
    world
        .fault(json!({ "kind": "status", "status": 502, "path": "/toy/p*" }))
        .await;
    world
        .fault(json!({ "kind": "duplicate_content", "network": "toy" }))
        .await;
    world
        .fault(json!({ "kind": "status", "status": 503, "on": "publish", "times": 2 }))
        .await;
    let publish = async || {
        world
            .publish(&token, "hello")
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    // Reading is none of their business.
    let me = world
        .request(Method::GET, "/toy/me")
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    assert_eq!(me.status(), 200);
    assert_eq!(
        [
            publish().await,
            publish().await,
            publish().await,
            publish().await
        ],
        [409, 503, 503, 200]
    );
    let file = world
        .request(Method::POST, "/toy/files")
        .send()
        .await
        .unwrap();
    assert_eq!(file.status(), 501);
    assert_eq!(
        world.get("/sandbox/faults").await.as_array().unwrap().len(),
        2
    );
    for wrong in [
        json!({ "kind": "media_rejected", "path": "/posts" }),
        json!({ "kind": "earthquake" }),
    ] {
        let answer = world
            .request(Method::POST, "/sandbox/faults")
            .json(&json!({ "next": [wrong] }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 422);
    }
}

#[tokio::test]
async fn requests_are_recorded_without_secrets() {
    let world = World::start().await;
    let (token, refresh) = world.connect().await;
    world.publish(&token, "hello").await.unwrap();
    let all = world.get("/sandbox/requests?network=toy").await;
    let last = all.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["path"], &last["method"], &last["status"]),
        (&json!("/posts"), &json!("POST"), &json!(200))
    );
    assert_eq!(last["json"], json!({ "text": "hello" }));
    let token_request = &all[1];
    assert_eq!(
        token_request["form"][0],
        json!(["grant_type", "authorization_code"])
    );
    let text = all.to_string();
    for secret in [&token, &refresh, "sandbox-secret", "c2FuZGJveC1hcHA6"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert_eq!(world.get("/sandbox/requests?network=x").await, json!([]));
}

#[tokio::test]
async fn limits_are_counted_by_account_and_freed_by_the_clock() {
    let world = World::start().await;
    let (token, refresh) = world.connect().await;
    for _ in 0..5 {
        assert_eq!(world.publish(&token, "hello").await.unwrap().status(), 200);
        world.advance(60);
    }
    let refused = world.publish(&token, "hello").await.unwrap();
    assert_eq!(refused.status(), 429);
    // The first one counts no more an hour after it was published.
    let reset = 1_795_262_400 + 3_600;
    assert_eq!(refused.headers()["x-reset"], reset.to_string());
    let body = json!({ "seconds": 3_301 });
    world
        .request(Method::POST, "/sandbox/clock")
        .json(&body)
        .send()
        .await
        .unwrap();
    let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh)];
    let renewed = world
        .request(Method::POST, "/toy/oauth/token")
        .basic_auth("sandbox-app", Some("sandbox-secret"))
        .form(&form)
        .send()
        .await
        .unwrap();
    let renewed: Value = renewed.json().await.unwrap();
    let token = renewed["access_token"].as_str().unwrap();
    assert_eq!(world.publish(token, "hello").await.unwrap().status(), 200);
    assert_eq!(world.publish(token, "hello").await.unwrap().status(), 429);
}

#[tokio::test]
async fn feeds_show_posts_with_numbers_and_comments_that_grow() {
    let world = World::start().await;
    let (token, _) = world.connect().await;
    assert!(
        world
            .page("/toy/feed")
            .await
            .1
            .contains("Nothing has been published")
    );
    world
        .publish(&token, "<b>Fresh</b> #coffee https://a.example/?a=1&b=2")
        .await
        .unwrap();
    let (status, feed) = world.page("/toy/feed").await;
    assert_eq!(status, 200);
    for words in [
        "&lt;b&gt;Fresh&lt;/b&gt;",
        "<b>#coffee</b>",
        "Mara Lindqvist",
        "Nobody has seen it yet",
        "href=\"https://a.example/?a=1&amp;b=2\"",
    ] {
        assert!(feed.contains(words), "{words}: {feed}");
    }
    world.advance(10 * 86_400);
    let posts = world.get("/sandbox/posts?network=toy").await;
    let id = posts["posts"][0]["id"].as_str().unwrap();
    let (_, single) = world.page(&format!("/toy/feed/{id}")).await;
    assert!(
        single.contains(" likes") && single.contains("<ul class=\"comments\">"),
        "{single}"
    );
    assert!(world.page("/feed").await.1.contains("Fresh"));
    for path in ["/toy/feed/none", "/none/feed"] {
        assert_eq!(world.page(path).await.0, 404);
    }
}

#[tokio::test]
async fn subscribers_are_asked_first_and_told_with_a_signature() {
    type Told = Arc<Mutex<Vec<(HeaderMap, String)>>>;
    async fn hello(Query(asked): Query<Value>) -> String {
        let known = asked["hub.verify_token"] == "right";
        asked["hub.challenge"]
            .as_str()
            .filter(|_| known)
            .unwrap_or("")
            .to_owned()
    }
    async fn tell(State(told): State<Told>, headers: HeaderMap, body: String) {
        told.lock().unwrap().push((headers, body));
    }
    let told = Told::default();
    let app = Router::new()
        .route("/hook", get(hello).post(tell))
        .with_state(Arc::clone(&told));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hook = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });

    let world = World::start().await;
    let subscribe = async |network: &str, url: &str, verify: &str| {
        let body =
            json!({ "network": network, "url": url, "secret": "s3cret", "verify_token": verify });
        let answer = world
            .request(Method::POST, "/sandbox/webhooks")
            .json(&body)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(subscribe("toy", &hook, "wrong").await.0, 422);
    let (status, words) = subscribe("toy", "http://10.0.0.1/", "right").await;
    assert!(
        status == 422 && words.contains("--allow-host 10.0.0.1"),
        "{words}"
    );
    assert_eq!(subscribe("none", &hook, "right").await.0, 422);
    let (status, subscription) = subscribe("toy", &hook, "right").await;
    assert!(
        status == 201 && !subscription.contains("s3cret"),
        "{subscription}"
    );

    let (token, _) = world.connect().await;
    world.publish(&token, "hello").await.unwrap();
    let delivered = async || world.get("/sandbox/webhooks").await["deliveries"].clone();
    while delivered().await == json!([]) {
        tokio::task::yield_now().await;
    }
    assert_eq!(delivered().await[0]["status"], 200);
    let (headers, body) = told.lock().unwrap()[0].clone();
    let signature = hex(&hmac_sha256("s3cret", body.as_bytes()));
    assert_eq!(
        headers["x-hub-signature-256"],
        format!("sha256={signature}")
    );
    assert!(body.contains("published"));
    world
        .request(Method::DELETE, "/sandbox/webhooks/1")
        .send()
        .await
        .unwrap();
    assert_eq!(
        world.get("/sandbox/webhooks").await["subscriptions"],
        json!([])
    );
}

#[tokio::test]
async fn the_panel_rules_faults_and_the_clock() {
    let world = World::start().await;
    let (_, page) = world.page("/sandbox").await;
    for words in [
        "Toy",
        "No fault waits",
        "sandbox-app",
        "Saturday, 21 November 2026, 12:00:00 UTC",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let form = [
        ("kind", "429"),
        ("network", "toy"),
        ("on", "publish"),
        ("seconds", "30"),
        ("times", "3"),
    ];
    let answer = world
        .request(Method::POST, "/sandbox/panel/faults")
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["location"]),
        (303, &"/sandbox".parse().unwrap())
    );
    let expected = json!([{ "kind": "status", "status": 429, "reset_seconds": 30, "network": "toy", "on": "publish", "times": 3 }]);
    assert_eq!(world.get("/sandbox/faults").await, expected);
    let (_, ruled) = world.page("/sandbox").await;
    assert!(
        ruled.contains("<li>Rate limit 429, 30 s · toy · publish · 3 times</li>"),
        "{ruled}"
    );
    // Every choice of the form is one that the API takes.
    let choices: Vec<_> = page
        .split("<select id=\"kind\"")
        .nth(1)
        .unwrap()
        .split("</select>")
        .next()
        .unwrap()
        .split("value=\"")
        .skip(1)
        .collect();
    assert!(choices.len() > 15);
    for choice in choices {
        let kind = choice.split('"').next().unwrap();
        let form = [
            ("kind", kind),
            ("network", ""),
            ("on", ""),
            ("seconds", ""),
            ("times", ""),
        ];
        let answer = world
            .request(Method::POST, "/sandbox/panel/faults")
            .form(&form)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 303, "{kind}");
    }
    world
        .request(Method::POST, "/sandbox/panel/clear")
        .send()
        .await
        .unwrap();
    assert_eq!(world.get("/sandbox/faults").await, json!([]));
    world
        .request(Method::POST, "/sandbox/panel/clock")
        .form(&[("seconds", "3600")])
        .send()
        .await
        .unwrap();
    assert!(world.page("/sandbox").await.1.contains("13:00:00 UTC"));
}
