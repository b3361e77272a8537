//! What no test of a connector touches. The rest is tested with the connector, in `networks`, and by
//! Google's own clients, in `tests/judges/youtube`.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use kernel::Env;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Config, router};

struct World {
    sandbox: Router,
    token: String,
}

async fn send(sandbox: &Router, request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
    let answer = sandbox.clone().oneshot(request).await.unwrap();
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
    (head.status, head.headers, json)
}

impl World {
    async fn new() -> Self {
        let sandbox = router(Config::new(Env::system()));
        let scope = "https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fyoutube.force-ssl";
        let back = "https%3A%2F%2Fallin.example%2Fback";
        let form = |path: String, body: String| {
            Request::builder()
                .method("POST")
                .uri(path)
                .header("host", "sandbox.test")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(body))
                .unwrap()
        };
        let page = format!(
            "/youtube/o/oauth2/v2/auth?client_id=sandbox-app&response_type=code&scope={scope}&redirect_uri={back}"
        );
        let (_, headers, _) = send(
            &sandbox,
            form(page, "decision=approve&account=mara".to_owned()),
        )
        .await;
        let location = url::Url::parse(headers["location"].to_str().unwrap()).unwrap();
        let (_, code) = location
            .query_pairs()
            .find(|(name, _)| name == "code")
            .unwrap();
        let body = format!(
            "client_id=sandbox-app&client_secret=sandbox-secret&grant_type=authorization_code&code={code}&redirect_uri={back}"
        );
        let (_, _, token) = send(&sandbox, form("/youtube/token".to_owned(), body)).await;
        // Without access_type=offline there is none.
        assert!(token.get("refresh_token").is_none());
        let token = token["access_token"].as_str().unwrap().to_owned();
        Self { sandbox, token }
    }

    async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> (StatusCode, HeaderMap, Value) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "sandbox.test")
            .header("authorization", format!("Bearer {}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        send(&self.sandbox, request.body(Body::from(body)).unwrap()).await
    }

    async fn session(&self, video: &Value) -> (StatusCode, String, Value) {
        let headers = [
            ("content-type", "application/json"),
            ("x-upload-content-length", "600000"),
        ];
        let path = "/youtube/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status";
        let (status, headers, body) = self
            .call("POST", path, &headers, video.to_string().into_bytes())
            .await;
        let url = headers
            .get("location")
            .map_or("", |value| value.to_str().unwrap());
        (status, url.replace("http://sandbox.test", ""), body)
    }

    async fn piece(&self, url: &str, range: &str, length: usize) -> (StatusCode, String) {
        let (status, headers, _) = self
            .call("PUT", url, &[("content-range", range)], vec![7; length])
            .await;
        let range = headers
            .get("range")
            .map_or("", |value| value.to_str().unwrap());
        (status, range.to_owned())
    }
}

#[tokio::test]
async fn pieces_follow_each_other_in_whole_granules() {
    let world = World::new().await;
    let video = json!({ "snippet": { "title": "x" }, "status": { "privacyStatus": "private" } });
    let (status, url, _) = world.session(&video).await;
    assert_eq!(status, StatusCode::OK);
    let none = (StatusCode::PERMANENT_REDIRECT, String::new());
    assert_eq!(world.piece(&url, "bytes */600000", 0).await, none);
    let refused =
        async |range, length| world.piece(&url, range, length).await.0 == StatusCode::BAD_REQUEST;
    assert!(
        refused("bytes 0-99999/600000", 100_000).await,
        "no multiple of 256 KiB"
    );
    assert!(
        refused("bytes 262144-524287/600000", 262_144).await,
        "a gap"
    );
    assert!(
        refused("bytes 0-262143/700000", 262_144).await,
        "another total"
    );
    let first = (StatusCode::PERMANENT_REDIRECT, "bytes=0-262143".to_owned());
    assert_eq!(
        world.piece(&url, "bytes 0-262143/600000", 262_144).await,
        first
    );
    // What came already is skipped.
    let second = (StatusCode::PERMANENT_REDIRECT, "bytes=0-524287".to_owned());
    assert_eq!(
        world.piece(&url, "bytes 0-524287/600000", 524_288).await,
        second
    );
    assert_eq!(
        world
            .piece(&url, "bytes 524288-599999/600000", 75_712)
            .await
            .0,
        StatusCode::CREATED
    );
    assert_eq!(
        world.piece(&url, "bytes */600000", 0).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_video_of_which_nothing_is_said_is_public() {
    let world = World::new().await;
    let (_, url, _) = world.session(&json!({ "snippet": { "title": "x" } })).await;
    world.piece(&url, "bytes 0-599999/600000", 600_000).await;
    let (_, _, posts) = world
        .call("GET", "/sandbox/posts?network=youtube", &[], Vec::new())
        .await;
    assert_eq!(posts["accepted"], 1);
}

#[tokio::test]
async fn metadata_is_refused_with_its_own_reason() {
    let world = World::new().await;
    for (video, reason) in [
        (json!({ "snippet": { "title": "" } }), "invalidTitle"),
        (
            json!({ "snippet": { "title": "x".repeat(101) } }),
            "invalidTitle",
        ),
        (
            json!({ "snippet": { "title": "x", "description": "ä".repeat(2_501) } }),
            "invalidDescription",
        ),
        (
            json!({ "snippet": { "title": "x", "tags": vec!["two words"; 60] } }),
            "invalidTags",
        ),
        (
            json!({ "snippet": { "title": "x", "categoryId": "999" } }),
            "invalidCategoryId",
        ),
        (
            json!({ "status": { "privacyStatus": "public", "publishAt": "2027-01-01T00:00:00Z" } }),
            "invalidPublishAt",
        ),
    ] {
        let (status, _, body) = world.session(&video).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(body["error"]["errors"][0]["reason"], reason);
    }
    let (_, _, body) = world
        .call(
            "GET",
            "/youtube/youtube/v3/videos?part=nonsense&id=x",
            &[],
            Vec::new(),
        )
        .await;
    assert_eq!(body["error"]["errors"][0]["reason"], "unknownPart");
}
