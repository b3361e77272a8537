//! What no test of a connector touches. The rest is tested with the connector, in `networks`.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header::LOCATION},
};
use kernel::Env;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Config, router};

struct World {
    sandbox: Router,
    token: String,
}

async fn send(sandbox: &Router, request: Request<Body>) -> (StatusCode, String, Value) {
    let answer = sandbox.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let location = answer
        .headers()
        .get(LOCATION)
        .map(|value| value.to_str().unwrap().to_owned());
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
    (status, location.unwrap_or_default(), json)
}

fn request(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header("host", "sandbox.test")
}

impl World {
    async fn new() -> Self {
        let sandbox = router(Config::new(Env::system()));
        let query = "client_key=sandbox-app&response_type=code&scope=user.info.basic,video.publish,video.list\
                     &redirect_uri=https%3A%2F%2Fallin.example%2Fback&state=s";
        let form = "application/x-www-form-urlencoded";
        let consent = request("POST", &format!("/tiktok/v2/auth/authorize/?{query}"))
            .header("content-type", form)
            .body(Body::from("decision=approve&account=mara"))
            .unwrap();
        let (_, location, _) = send(&sandbox, consent).await;
        let back = url::Url::parse(&location).unwrap();
        let pair = |name: &str| {
            back.query_pairs()
                .find(|(key, _)| key == name)
                .unwrap()
                .1
                .into_owned()
        };
        assert_eq!(pair("scopes"), "user.info.basic,video.list,video.publish");
        let body = format!(
            "client_key=sandbox-app&client_secret=sandbox-secret&grant_type=authorization_code&code={}\
             &redirect_uri=https%3A%2F%2Fallin.example%2Fback",
            pair("code")
        );
        let redeem = request("POST", "/tiktok/v2/oauth/token/")
            .header("content-type", form)
            .body(Body::from(body))
            .unwrap();
        let (status, _, token) = send(&sandbox, redeem).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(
            (&token["expires_in"], &token["refresh_expires_in"]),
            (&json!(7_200), &json!(15_552_000))
        );
        let token = token["access_token"].as_str().unwrap().to_owned();
        Self { sandbox, token }
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = request("POST", path)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json; charset=UTF-8")
            .body(Body::from(body.to_string()))
            .unwrap();
        let (status, _, json) = send(&self.sandbox, request).await;
        (status, json)
    }

    async fn init(&self, size: u64, chunk: u64, count: u64) -> (StatusCode, Value) {
        let body = json!({
            "post_info": { "title": "x", "privacy_level": "SELF_ONLY" },
            "source_info": {
                "source": "FILE_UPLOAD", "video_size": size, "chunk_size": chunk, "total_chunk_count": count,
            },
        });
        self.post("/tiktok/v2/post/publish/video/init/", &body)
            .await
    }

    async fn piece(&self, url: &str, range: &str, length: usize) -> StatusCode {
        let request = request("PUT", url)
            .header("content-type", "video/mp4")
            .header("content-range", range)
            .body(Body::from(vec![7; length]))
            .unwrap();
        send(&self.sandbox, request).await.0
    }
}

#[tokio::test]
async fn the_rules_of_chunks_are_kept() {
    let world = World::new().await;
    // The documentation's example.
    assert_eq!(
        world.init(50_000_123, 10_000_000, 5).await.0,
        StatusCode::OK
    );
    for (size, chunk, count) in [
        (50_000_123, 10_000_000, 6),
        (4_000_000, 2_000_000, 2),
        (50_000_000, 4_000_000, 12),
        (90_000_000, 90_000_000, 1),
    ] {
        let (status, body) = world.init(size, chunk, count).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{size} {chunk} {count}");
        assert_eq!(body["error"]["code"], "invalid_param");
    }
}

#[tokio::test]
async fn pieces_come_in_order_and_only_with_the_key() {
    let world = World::new().await;
    let (_, body) = world.init(12_000_000, 6_000_000, 2).await;
    let url = body["data"]["upload_url"]
        .as_str()
        .unwrap()
        .replace("http://sandbox.test", "");
    let (first, last) = (
        "bytes 0-5999999/12000000",
        "bytes 6000000-11999999/12000000",
    );
    assert_eq!(
        world.piece(&url, last, 6_000_000).await,
        StatusCode::RANGE_NOT_SATISFIABLE
    );
    assert_eq!(
        world.piece(&format!("{url}x"), first, 6_000_000).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(world.piece(&url, first, 100).await, StatusCode::BAD_REQUEST);
    assert_eq!(
        world.piece(&url, first, 6_000_000).await,
        StatusCode::PARTIAL_CONTENT
    );
    let publish_id = &body["data"]["publish_id"];
    let (_, status) = world
        .post(
            "/tiktok/v2/post/publish/status/fetch/",
            &json!({ "publish_id": publish_id }),
        )
        .await;
    assert_eq!(
        status["data"],
        json!({ "status": "PROCESSING_UPLOAD", "uploaded_bytes": 6_000_000 })
    );
    assert_eq!(
        world.piece(&url, last, 6_000_000).await,
        StatusCode::CREATED
    );
    assert_eq!(
        world.piece(&url, last, 6_000_000).await,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn urls_of_others_are_refused() {
    let world = World::new().await;
    let body = json!({
        "post_info": { "privacy_level": "SELF_ONLY" },
        "source_info": { "source": "PULL_FROM_URL", "video_url": "https://elsewhere.example/film.mp4" },
    });
    let (status, body) = world
        .post("/tiktok/v2/post/publish/video/init/", &body)
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(body["error"]["code"], "url_ownership_unverified");
}
