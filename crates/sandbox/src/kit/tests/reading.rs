//! Requests in every form that clients send, and what the recorder keeps of them.

use reqwest::{
    Method,
    header::CONTENT_TYPE,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use super::World;

impl World {
    async fn echo(&self, request: reqwest::RequestBuilder) -> Value {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }
}

#[tokio::test]
async fn parameters_come_in_any_form() {
    let world = World::start().await;
    let post = || world.request(Method::POST, "/toy/echo?from=query");
    for (request, expected) in [
        (post(), json!([["from", "query"]])),
        (
            post().form(&[("a", "1")]),
            json!([["from", "query"], ["a", "1"]]),
        ),
        (
            post().json(&json!({ "a": 1, "b": ["x", "y"], "c": null })),
            json!([["from", "query"], ["a", "1"], ["b", "x"], ["b", "y"]]),
        ),
        (
            post().multipart(Form::new().text("a", "1")),
            json!([["from", "query"], ["a", "1"]]),
        ),
    ] {
        assert_eq!(world.echo(request).await["pairs"], expected);
    }
}

#[tokio::test]
async fn a_part_that_says_what_it_is_is_a_file_even_without_a_name() {
    let world = World::start().await;
    let bytes = Part::bytes(vec![0, 159, 146, 150])
        .mime_str("application/octet-stream")
        .unwrap();
    let words = Part::text("{}").mime_str("application/json").unwrap();
    let form = Form::new().part("media", bytes).part("words", words);
    let echo = world
        .echo(world.request(Method::POST, "/toy/echo").multipart(form))
        .await;
    assert_eq!(echo["pairs"], json!([["words", "{}"]]));
    assert_eq!(echo["files"][0]["bytes"], 4);
    let recorded = world.get("/sandbox/requests?network=toy").await;
    assert_eq!(recorded[0]["parts"][0]["bytes"], 4);
}

#[tokio::test]
async fn what_has_no_body_may_say_that_it_is_json() {
    let world = World::start().await;
    for (method, status) in [
        (Method::GET, 200),
        (Method::DELETE, 200),
        (Method::POST, 400),
    ] {
        let answer = world
            .request(method.clone(), "/toy/echo?a=1")
            .header(CONTENT_TYPE, "application/json")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{method}");
    }
}

#[tokio::test]
async fn the_recorder_keeps_no_secrets() {
    let world = World::start().await;
    let secrets = [
        ("access_token", "one-secret"),
        ("appsecret_proof", "two-secret"),
    ];
    world
        .echo(
            world
                .request(Method::POST, "/toy/echo?code=three-secret")
                .form(&secrets),
        )
        .await;
    let form = Form::new().text("client_secret", "four-secret");
    world
        .echo(
            world
                .request(Method::POST, "/toy/echo")
                .multipart(form)
                .bearer_auth("five-secret"),
        )
        .await;
    let recorded = world.get("/sandbox/requests?network=toy").await.to_string();
    assert!(recorded.contains("appsecret_proof"), "{recorded}");
    assert!(!recorded.contains("-secret"), "{recorded}");
}
