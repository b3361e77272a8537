//! What no test of a connector touches. The rest is tested with the connectors, in `networks`.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header::CONTENT_TYPE},
};
use kernel::Env;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Config, router};

fn sandbox() -> Router {
    router(Config::new(Env::system()))
}

async fn call(sandbox: &Router, method: Method, path: &str, body: &Value) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "sandbox.test")
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let answer = sandbox.clone().oneshot(request).await.unwrap();
    assert!(answer.headers().contains_key("date"));
    let status = answer.status();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_trailing_slash_changes_nothing() {
    let sandbox = sandbox();
    for path in [
        "/api/v2/instance",
        "/api/v2/instance/",
        "/api/v1/instance/?x=1",
    ] {
        let (status, body) = call(&sandbox, Method::GET, path, &Value::Null).await;
        assert!(
            status == StatusCode::OK && body.contains("sandbox.test"),
            "{path}: {body}"
        );
    }
}

#[tokio::test]
async fn nothing_is_published_without_a_token() {
    let sandbox = sandbox();
    let status = json!({ "status": "hello" });
    let (refused, _) = call(&sandbox, Method::POST, "/api/v1/statuses", &status).await;
    assert_eq!(refused, StatusCode::UNAUTHORIZED);
    let (_, all) = call(&sandbox, Method::GET, "/sandbox/statuses", &Value::Null).await;
    assert_eq!(serde_json::from_str::<Value>(&all).unwrap()["count"], 0);
}

#[tokio::test]
async fn faults_meet_only_what_they_are_meant_for_and_only_once() {
    let sandbox = sandbox();
    let faults = json!({ "next": [
        { "kind": "status", "status": 503, "path": "/api/v2" },
        { "kind": "hang", "method": "POST" },
    ] });
    assert_eq!(
        call(&sandbox, Method::POST, "/sandbox/faults", &faults)
            .await
            .0,
        204
    );
    let get = async |path| call(&sandbox, Method::GET, path, &Value::Null).await;
    assert_eq!(get("/api/v1/instance").await.0, 200);
    assert_eq!(get("/api/v2/instance").await.0, 503);
    assert_eq!(get("/api/v2/instance").await.0, 200);
    let (_, left) = get("/sandbox/faults").await;
    let expected = json!([{ "kind": "hang", "method": "POST" }]);
    assert_eq!(serde_json::from_str::<Value>(&left).unwrap(), expected);
    let unknown = json!({ "next": [{ "kind": "earthquake" }] });
    assert_eq!(
        call(&sandbox, Method::POST, "/sandbox/faults", &unknown)
            .await
            .0,
        422
    );
}

#[tokio::test]
async fn pages_that_are_not_there_say_so() {
    let sandbox = sandbox();
    for path in ["/@nobody/1", "/nonsense"] {
        let (status, body) = call(&sandbox, Method::GET, path, &Value::Null).await;
        assert!(
            status == StatusCode::NOT_FOUND && body.contains("Nothing is here"),
            "{path}"
        );
    }
    let (status, body) = call(&sandbox, Method::GET, "/", &Value::Null).await;
    assert!(status == StatusCode::OK && body.contains("Nothing has been published here yet"));
}
