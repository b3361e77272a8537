//! What no test of the connector touches.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header::CONTENT_TYPE},
};
use kernel::Env;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Config, router};

const FORM: &str = "application/x-www-form-urlencoded";

struct Client {
    sandbox: Router,
    token: String,
}

async fn send(sandbox: &Router, request: Request<Body>) -> (StatusCode, String, String) {
    let answer = sandbox.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let location = answer
        .headers()
        .get("location")
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, location, String::from_utf8(body.to_vec()).unwrap())
}

impl Client {
    async fn new() -> Self {
        let sandbox = router(Config::new(Env::system()));
        let scope = "user_accounts:read,boards:read,boards:write,pins:read,pins:write";
        let post = |uri: &str, body: &str| {
            Request::post(uri)
                .header("host", "sandbox.test")
                .header(CONTENT_TYPE, FORM)
                // sandbox-app:sandbox-secret
                .header(
                    "authorization",
                    "Basic c2FuZGJveC1hcHA6c2FuZGJveC1zZWNyZXQ=",
                )
                .body(Body::from(body.to_owned()))
                .unwrap()
        };
        let page = format!(
            "/pinterest/oauth/?client_id=sandbox-app&redirect_uri=https://a.example/&response_type=code&scope={scope}"
        );
        let (_, location, _) = send(&sandbox, post(&page, "decision=approve&account=priya")).await;
        let code = location.split("code=").nth(1).unwrap();
        let code = code.split('&').next().unwrap();
        let body =
            format!("grant_type=authorization_code&redirect_uri=https://a.example/&code={code}");
        let (_, _, body) = send(&sandbox, post("/pinterest/v5/oauth/token", &body)).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        let token = body["access_token"].as_str().unwrap().to_owned();
        Self { sandbox, token }
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/pinterest/v5{path}"))
            .header("host", "sandbox.test")
            .header(CONTENT_TYPE, "application/json")
            .header("authorization", format!("Bearer {}", self.token))
            .body(Body::from(body.to_string()))
            .unwrap();
        let (status, _, body) = send(&self.sandbox, request).await;
        (status, serde_json::from_str(&body).unwrap_or(Value::Null))
    }
}

#[tokio::test]
async fn secret_boards_are_not_shown() {
    let client = Client::new().await;
    let (_, boards) = client.call(Method::GET, "/boards", &Value::Null).await;
    let names: Vec<_> = boards["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|board| board["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Coffee corner", "Harbour mornings", "Workshop"]);
    let secret = json!({ "name": "Hidden", "privacy": "SECRET" });
    let (status, _) = client.call(Method::POST, "/boards", &secret).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_writes_too_often_waits() {
    let client = Client::new().await;
    for number in 0..100 {
        let board = json!({ "name": format!("Board {number}") });
        let (status, _) = client.call(Method::POST, "/boards", &board).await;
        assert_eq!(status, StatusCode::CREATED);
    }
    let board = json!({ "name": "One more" });
    let (status, body) = client.call(Method::POST, "/boards", &board).await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::TOO_MANY_REQUESTS, &json!(8))
    );
    let request = Request::post("/sandbox/clock")
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(r#"{"seconds":61}"#))
        .unwrap();
    send(&client.sandbox, request).await;
    let (status, _) = client.call(Method::POST, "/boards", &board).await;
    assert_eq!(status, StatusCode::CREATED);
}

#[tokio::test]
async fn an_upload_needs_its_signed_fields() {
    let client = Client::new().await;
    let video = json!({ "media_type": "video" });
    let (status, registered) = client.call(Method::POST, "/media", &video).await;
    assert_eq!(status, StatusCode::CREATED);
    let fields = registered["upload_parameters"].as_object().unwrap();
    let form = |without: &str| {
        let fields = fields.iter().filter(|(name, _)| *name != without);
        let mut body: String = fields
            .flat_map(|(name, value)| {
                let value = value.as_str().unwrap_or_default().to_owned();
                let head = "--b\r\nContent-Disposition: form-data; name=";
                [
                    format!("{head}\"{name}\""),
                    "\r\n\r\n".to_owned(),
                    value,
                    "\r\n".to_owned(),
                ]
            })
            .collect();
        // As Pinterest's own samples send it: without a name of the file.
        body +=
            "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n....ftypisom\r\n--b--\r\n";
        Request::post("/pinterest/upload/")
            .header("host", "sandbox.test")
            .header(CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(Body::from(body))
            .unwrap()
    };
    let (status, _, body) = send(&client.sandbox, form("policy")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.contains("<Code>AccessDenied</Code>"), "{body}");
    let (status, _, body) = send(&client.sandbox, form("x-amz-signature")).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{body}");
    let (status, ..) = send(&client.sandbox, form("")).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let path = format!("/media/{}", registered["media_id"].as_str().unwrap());
    let (_, media) = client.call(Method::GET, &path, &Value::Null).await;
    assert_eq!(media["status"], "processing");
}
