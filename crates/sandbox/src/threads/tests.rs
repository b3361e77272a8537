//! What no test of the connector touches.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header::CONTENT_TYPE},
};
use kernel::Env;
use serde_json::Value;
use tower::ServiceExt;

use crate::{Config, router};

async fn send(
    sandbox: &Router,
    method: &str,
    path: &str,
    form: &str,
) -> (StatusCode, String, Value) {
    let request = Request::builder()
        .method(method)
        .uri(format!("/threads{path}"))
        .header("host", "sandbox.test")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap();
    let answer = sandbox.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let location = answer
        .headers()
        .get("location")
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    (status, location, body)
}

/// A sandbox, and a token of an account that permitted everything.
async fn signed_in() -> (Router, String) {
    let sandbox = router(Config::new(Env::system()));
    let scopes = "threads_basic,threads_content_publish,threads_read_replies";
    let page = format!(
        "/oauth/authorize?client_id=sandbox-app&redirect_uri=https://a.example/&response_type=code&scope={scopes}"
    );
    let (_, location, _) = send(&sandbox, "POST", &page, "decision=approve&account=jonas").await;
    let code = location.split("code=").nth(1).unwrap();
    let code = code.split('&').next().unwrap();
    let form = format!(
        "client_id=sandbox-app&client_secret=sandbox-secret&grant_type=authorization_code&redirect_uri=https://a.example/&code={code}"
    );
    let (status, _, body) = send(&sandbox, "POST", "/oauth/access_token", &form).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let token = body["access_token"].as_str().unwrap().to_owned();
    (sandbox, token)
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_with_a_code() {
    let (sandbox, token) = signed_in().await;
    let long = "x".repeat(501);
    let links = "https://a.example/0 https://a.example/1 https://a.example/2 https://a.example/3 https://a.example/4 https://a.example/5 ";
    for form in [
        "media_type=TEXT".to_owned(),
        "media_type=NOTE&text=x".to_owned(),
        format!("media_type=TEXT&text={long}"),
        format!("media_type=TEXT&text={links}"),
        "media_type=TEXT&text=x&topic_tag=a.b".to_owned(),
        "media_type=TEXT&text=x&reply_control=nobody".to_owned(),
        "media_type=TEXT&text=x&poll_attachment={\"option_a\":\"alone\"}".to_owned(),
        "media_type=IMAGE&text=x".to_owned(),
        "media_type=CAROUSEL&children=1".to_owned(),
    ] {
        let form = format!("{form}&access_token={token}");
        let (status, _, body) = send(&sandbox, "POST", "/v1.0/me/threads", &form).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{form}");
        assert_eq!(body["error"]["code"], 100, "{form}: {body}");
    }
}

#[tokio::test]
async fn a_permission_that_was_not_given_is_asked_for() {
    let (sandbox, token) = signed_in().await;
    let path = format!("/v1.0/me/threads_insights?metric=views&access_token={token}");
    let (status, _, body) = send(&sandbox, "GET", &path, "").await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (StatusCode::FORBIDDEN, &10.into())
    );
    let (status, _, body) = send(&sandbox, "GET", "/v1.0/me", "").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(body["error"]["code"], 190);
}

#[tokio::test]
async fn only_the_fields_that_are_asked_for_come() {
    let (sandbox, token) = signed_in().await;
    let path = format!("/v1.0/me?access_token={token}");
    let (_, _, body) = send(&sandbox, "GET", &path, "").await;
    assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
    let (_, _, body) = send(&sandbox, "GET", &format!("{path}&fields=id,username"), "").await;
    assert_eq!(body["username"], "jonas");
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
}
