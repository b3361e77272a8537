//! Requests that can't be read, through a real router.

use axum::{Router, body::Body, http::Request, middleware, routing::post};
use http_body_util::BodyExt;
use kernel::{Env, Problem};
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt;

use crate::{Json, RequestId, Result, render_problems};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thing {
    #[expect(dead_code, reason = "only its reading matters")]
    name: String,
}

async fn answer(request: Request<Body>) -> (u16, Value) {
    async fn take(Json(_): Json<Thing>) {}
    async fn fail() -> Result<()> {
        Err(Problem::internal("password=hunter2").into())
    }
    let router = Router::new()
        .route("/things", post(take))
        .route("/fail", post(fail))
        .layer(middleware::from_fn_with_state(
            Env::system(),
            render_problems,
        ))
        .layer(axum::Extension(RequestId("req-1".to_owned())));
    let response = router.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

fn request(path: &str, content_type: &str, body: &str) -> Request<Body> {
    Request::post(path)
        .header("content-type", content_type)
        .body(Body::from(body.to_owned()))
        .unwrap()
}

#[tokio::test]
async fn what_can_not_be_read_is_named() {
    for (content_type, body, status, code, words) in [
        (
            "application/json",
            "{\"name\":",
            400,
            "MALFORMED_BODY",
            "not valid JSON",
        ),
        (
            "application/json",
            "{\"name\":7}",
            400,
            "MALFORMED_BODY",
            "field name",
        ),
        (
            "application/json",
            "{\"nmae\":\"x\"}",
            400,
            "MALFORMED_BODY",
            "nmae",
        ),
        (
            "application/json",
            "{\"name\":\"x\"} {}",
            400,
            "MALFORMED_BODY",
            "more than one",
        ),
        (
            "text/plain",
            "{\"name\":\"x\"}",
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "Content-Type",
        ),
        (
            "application/json",
            r#"{"name":"a\u0000b"}"#,
            422,
            "VALIDATION_FAILED",
            "U+0000",
        ),
        (
            "application/json",
            r#"{"name":"a\\u0000b","\u0000":1}"#,
            422,
            "VALIDATION_FAILED",
            "U+0000",
        ),
    ] {
        let (got, answer) = answer(request("/things", content_type, body)).await;
        assert_eq!(
            (got, &answer["error"]["code"]),
            (status, &Value::from(code)),
            "{body}"
        );
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(message.contains(words), "{message}");
    }
}

#[tokio::test]
async fn a_backslash_before_zeros_is_a_backslash() {
    let (status, _) = answer(request(
        "/things",
        "application/json",
        r#"{"name":"\\u0000"}"#,
    ))
    .await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_fault_of_ours_shows_no_cause_but_the_request_id() {
    let (status, answer) = answer(request("/fail", "application/json", "{}")).await;
    assert_eq!(status, 500);
    assert_eq!(answer["error"]["requestId"], "req-1");
    assert!(
        answer["error"]["timestamp"]
            .as_str()
            .unwrap()
            .ends_with('Z')
    );
    assert!(!answer.to_string().contains("hunter2"));
}
