//! Statuses with all that they can have, through HTTP.

use std::collections::HashMap;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, header::CONTENT_TYPE},
};
use kernel::Env;
use serde_json::{Value, json};
use tower::ServiceExt;
use url::Url;

use crate::{Config, router};

struct Client {
    server: Router,
    token: String,
}

async fn send(server: &Router, request: Request<Body>) -> (u16, HashMap<String, String>, Vec<u8>) {
    let answer = server.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let headers = answer.headers().iter();
    let headers = headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, headers, body.to_vec())
}

fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header("host", "sandbox.test")
}

impl Client {
    async fn new() -> Self {
        Self::of(
            router(Config::new(Env::system())),
            "decision=approve&account=mara",
        )
        .await
    }

    /// Somebody else on the same instance.
    async fn other(&self) -> Self {
        Self::of(self.server.clone(), "decision=approve&account=jonas").await
    }

    async fn of(server: Router, consent: &'static str) -> Self {
        let asked = "/oauth/authorize?client_id=sandbox-app&response_type=code&scope=read+write&redirect_uri=https%3A%2F%2Fa.example%2F";
        let form = |path: &str, body: &'static str| {
            request(Method::POST, path)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(body))
                .unwrap()
        };
        let (_, headers, _) = send(&server, form(asked, consent)).await;
        let back: Url = headers["location"].parse().unwrap();
        let (_, code) = back.query_pairs().next().unwrap();
        let path = format!("/oauth/token?code={code}");
        let rest = "grant_type=authorization_code&client_id=sandbox-app&client_secret=sandbox-secret&redirect_uri=https://a.example/";
        let (status, _, body) = send(&server, form(&path, rest)).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        let body: Value = serde_json::from_slice(&body).unwrap();
        let token = body["access_token"].as_str().unwrap().to_owned();
        Self { server, token }
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let request = request(method, path)
            .header("authorization", format!("Bearer {}", self.token))
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let (status, _, body) = send(&self.server, request).await;
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    async fn upload(&self, mime: &str, bytes: &[u8]) -> (u16, Value) {
        let mut body = format!(
            "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"f\"\r\ncontent-type: {mime}\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--b--\r\n");
        let request = request(Method::POST, "/api/v2/media")
            .header("authorization", format!("Bearer {}", self.token))
            .header(CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(Body::from(body))
            .unwrap();
        let (status, _, body) = send(&self.server, request).await;
        (status, serde_json::from_slice(&body).unwrap())
    }

    async fn publish(&self, body: Value) -> (u16, Value) {
        self.call(Method::POST, "/api/v1/statuses", &body).await
    }

    async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, &Value::Null).await.1
    }

    async fn advance(&self, seconds: u64) {
        let body = json!({ "seconds": seconds });
        self.call(Method::POST, "/sandbox/clock", &body).await;
    }
}

#[tokio::test]
async fn statuses_have_warnings_polls_quotes_and_visibilities() {
    let client = Client::new().await;
    let (status, quoted) = client
        .publish(json!({ "status": "Which roast?", "visibility": "unlisted", "language": "en", "spoiler_text": "Coffee",
            "poll": { "options": ["Light", "Dark"], "expires_in": 3600, "multiple": true } }))
        .await;
    assert_eq!(status, 200, "{quoted}");
    assert_eq!(quoted["poll"]["options"][1]["title"], "Dark");
    assert_eq!(
        (&quoted["sensitive"], &quoted["spoiler_text"]),
        (&json!(true), &json!("Coffee"))
    );
    assert_eq!(
        (&quoted["visibility"], &quoted["poll"]["multiple"]),
        (&json!("unlisted"), &json!(true))
    );
    let id = quoted["id"].as_str().unwrap();
    client.advance(3_700).await;
    let poll = client.get(&format!("/api/v1/polls/{id}")).await;
    assert_eq!(poll["expired"], true);
    let (_, quoting) = client
        .publish(json!({ "status": "See", "quoted_status_id": id }))
        .await;
    assert_eq!(quoting["quote"]["quoted_status"]["id"], quoted["id"]);

    let poll = |options: Value, seconds: u64| json!({ "status": "?", "poll": { "options": options, "expires_in": seconds } });
    for (wrong, status, words) in [
        (poll(json!(["one"]), 3_600), 422, "more than one item"),
        (
            poll(json!(["a", "b", "c", "d", "e"]), 3_600),
            422,
            "more than 4 items",
        ),
        (poll(json!(["a", "a"]), 3_600), 422, "duplicate"),
        (
            poll(json!(["a", "x".repeat(51)]), 3_600),
            422,
            "50 characters",
        ),
        (poll(json!(["a", "b"]), 299), 422, "too soon"),
        (poll(json!(["a", "b"]), 3_000_000), 422, "too far"),
        (
            json!({ "status": "x", "visibility": "secret" }),
            422,
            "Visibility",
        ),
        (
            json!({ "status": "x", "quoted_status_id": "1" }),
            404,
            "trying to quote",
        ),
        (
            json!({ "status": "x".repeat(300), "spoiler_text": "y".repeat(201) }),
            422,
            "500",
        ),
    ] {
        let (refused, body) = client.publish(wrong.clone()).await;
        assert_eq!(refused, status, "{wrong}");
        assert!(
            body["error"].as_str().unwrap().contains(words),
            "{wrong}: {body}"
        );
    }
    let posts = client.get("/sandbox/posts?network=mastodon").await;
    assert_eq!(
        (&posts["accepted"], &posts["count"]),
        (&json!(2), &json!(2))
    );
}

#[tokio::test]
async fn videos_are_processed_and_stand_alone() {
    let client = Client::new().await;
    let (status, video) = client.upload("video/mp4", b"\0\0\0\x18ftypisom0000").await;
    assert_eq!(
        (status, &video["type"], &video["url"]),
        (202, &json!("video"), &Value::Null)
    );
    let (_, image) = client.upload("image/png", b"\x89PNG\r\n\x1a\n0000").await;
    let path = format!("/api/v1/media/{}", video["id"].as_str().unwrap());
    assert_eq!(client.call(Method::GET, &path, &Value::Null).await.0, 206);
    let (status, body) = client
        .publish(json!({ "status": "x", "media_ids": [video["id"]] }))
        .await;
    assert!(
        status == 422 && body["error"].as_str().unwrap().contains("not finished"),
        "{body}"
    );
    client.advance(6).await;
    assert_eq!(client.call(Method::GET, &path, &Value::Null).await.0, 200);
    let both = json!({ "status": "x", "media_ids": [image["id"], video["id"]] });
    assert_eq!(client.publish(both).await.0, 422);
    let (status, body) = client.publish(json!({ "media_ids": [video["id"]] })).await;
    assert_eq!(
        (status, &body["media_attachments"][0]["type"]),
        (200, &json!("video"))
    );
    assert_eq!(client.upload("video/mp4", b"no video at all").await.0, 422);
}

#[tokio::test]
async fn strangers_like_and_answer_and_can_be_answered() {
    let client = Client::new().await;
    let (_, status) = client.publish(json!({ "status": "Open from six." })).await;
    let id = status["id"].as_str().unwrap();
    assert_eq!(status["favourites_count"], 0);
    client.advance(20 * 86_400).await;
    let now = client.get(&format!("/api/v1/statuses/{id}")).await;
    assert!(now["favourites_count"].as_u64().unwrap() > 0, "{now}");
    let context = client.get(&format!("/api/v1/statuses/{id}/context")).await;
    let answers = context["descendants"].as_array().unwrap();
    assert_eq!(json!(answers.len()), now["replies_count"]);
    let answer = &answers[0]["id"];
    let (replied, reply) = client
        .publish(json!({ "status": "Thank you!", "in_reply_to_id": answer }))
        .await;
    assert_eq!((replied, &reply["in_reply_to_id"]), (200, answer));
}

#[tokio::test]
async fn quotes_follow_the_policy_of_what_they_quote() {
    let client = Client::new().await;
    let other = client.other().await;
    let publish = async |by: &Client, body: Value| by.publish(body).await;
    let quoting = |id: &Value| json!({ "status": "See", "quoted_status_id": id });
    let (_, open) = publish(&client, json!({ "status": "Anyone" })).await;
    let (_, closed) = publish(
        &client,
        json!({ "status": "Mine", "quote_approval_policy": "nobody" }),
    )
    .await;
    let (_, private) = publish(
        &client,
        json!({ "status": "Ours", "visibility": "private", "quote_approval_policy": "public" }),
    )
    .await;
    assert_eq!(open["quote_approval"]["automatic"], json!(["public"]));
    assert_eq!(private["quote_approval"]["automatic"], json!([]));
    assert_eq!(closed["quote_approval"]["current_user"], "automatic");

    assert_eq!(publish(&other, quoting(&open["id"])).await.0, 200);
    for refused in [&closed, &private] {
        assert_eq!(publish(&other, quoting(&refused["id"])).await.0, 404);
    }
    let (_, own) = publish(&client, quoting(&private["id"])).await;
    assert_eq!(own["visibility"], "private");
    let poll = json!({ "options": ["a", "b"], "expires_in": 3_600 });
    let mut both = quoting(&open["id"]);
    both["poll"] = poll;
    assert_eq!(publish(&client, both).await.0, 422);

    let path = |status: &Value| format!("/api/v1/statuses/{}", status["id"].as_str().unwrap());
    let now = other.get(&path(&open)).await;
    assert_eq!(now["quotes_count"], 1);
    let quotes = other.get(&format!("{}/quotes", path(&open))).await;
    assert_eq!(quotes[0]["quote"]["quoted_status"]["id"], open["id"]);
    assert_eq!(
        other.get(&path(&private)).await["error"],
        "Record not found"
    );
    let body = json!({ "quote_approval_policy": "nobody" });
    let path = format!("{}/interaction_policy", path(&open));
    let (_, changed) = client.call(Method::PUT, &path, &body).await;
    assert_eq!(changed["quote_approval"]["automatic"], json!([]));
    assert_eq!(other.call(Method::PUT, &path, &body).await.0, 404);
}

#[tokio::test]
async fn posts_are_found_by_their_addresses() {
    let client = Client::new().await;
    let (_, status) = client
        .publish(json!({ "status": "Open from six. #coffee" }))
        .await;
    client.advance(20 * 86_400).await;
    let id = status["id"].as_str().unwrap();
    let context = client.get(&format!("/api/v1/statuses/{id}/context")).await;
    let stranger = &context["descendants"][0];
    let search = async |q: &Value, more: &str| {
        let q: String =
            url::form_urlencoded::byte_serialize(q.as_str().unwrap().as_bytes()).collect();
        client.get(&format!("/api/v2/search?q={q}{more}")).await
    };
    for address in [&status["url"], &status["uri"]] {
        let found = search(address, "&type=statuses&resolve=true").await;
        assert_eq!(found["statuses"][0]["id"], status["id"], "{address}");
    }
    let found = search(&stranger["url"], "&resolve=true").await;
    assert_eq!(found["statuses"][0]["id"], stranger["id"]);
    let found = search(&stranger["url"], "").await;
    assert_eq!(found["statuses"], json!([]));
    let found = search(&json!("https://example.org/1"), "&resolve=true").await;
    assert_eq!(found["statuses"], json!([]));
    let found = search(&json!("coffee"), "").await;
    assert_eq!(found["statuses"][0]["id"], status["id"]);
    assert_eq!(found["hashtags"][0]["name"], "coffee");
    let found = search(&json!("pri"), "&type=accounts").await;
    assert_eq!(found["accounts"][0]["username"], "priya");
    let several = client
        .get(&format!("/api/v1/statuses?id[]={id}&id[]=1"))
        .await;
    assert_eq!(several.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn gifs_move_and_may_not_be_large() {
    let client = Client::new().await;
    let gif = |width: u8, pictures: usize| {
        let mut bytes = b"GIF89a\0\0\0\x03\0\0\0".to_vec();
        bytes[7] = width;
        for _ in 0..pictures {
            bytes.extend_from_slice(b"\x21\xf9\x04\0\0\0\0\0");
        }
        bytes
    };
    let (status, still) = client.upload("image/gif", &gif(1, 1)).await;
    assert_eq!((status, &still["type"]), (200, &json!("image")));
    let (status, moving) = client.upload("image/gif", &gif(1, 2)).await;
    assert_eq!((status, &moving["type"]), (202, &json!("gifv")));
    let (status, body) = client.upload("image/gif", &gif(8, 2)).await;
    assert_eq!(status, 422, "{body}");
    assert!(body["error"].as_str().unwrap().contains("2048x768"));

    let path = format!("/api/v1/media/{}", still["id"].as_str().unwrap());
    let focus = json!({ "focus": "0.5,-1" });
    let (_, focused) = client.call(Method::PUT, &path, &focus).await;
    assert_eq!(focused["meta"]["focus"], json!({ "x": 0.5, "y": -1.0 }));
    let focus = json!({ "focus": "2,0" });
    assert_eq!(client.call(Method::PUT, &path, &focus).await.0, 422);
    assert_eq!(
        client.call(Method::DELETE, &path, &Value::Null).await.0,
        200
    );
    assert_eq!(client.call(Method::GET, &path, &Value::Null).await.0, 404);
}
