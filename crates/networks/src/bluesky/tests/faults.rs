//! Answers that the real server does not give on demand, word for word as documented, from a
//! server that says one thing only.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    Platform,
    bluesky::Bluesky,
    connector::{Account, Connector, Credentials, Insights},
    descriptor::KnownError,
    error::{Certainty, ErrorKind, NetworkError},
    http::Net,
    testing::{Engine, TestClock, net, part, request},
};

/// An account whose server answers every request with these bytes; none: it hangs up.
async fn account(answer: String) -> Account {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 8_192];
            let _ = stream.read(&mut request).await.unwrap_or(0);
            stream.write_all(answer.as_bytes()).await.ok();
        }
    });
    let secret = json!({
        "pds": url,
        "identifier": "alice.test",
        "app_password": "x",
        "access_token": "x",
        "refresh_token": "x",
    });
    Account {
        platform: Platform::Bluesky,
        server: url.parse().unwrap(),
        platform_account_id: "did:plc:abc".to_owned(),
        username: "alice.test".to_owned(),
        credentials: Credentials {
            secret: secret.to_string().into(),
            expires_at: None,
        },
        limits: Value::Null,
        app: None,
    }
}

fn refusal(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

async fn asked(net: &Net, answer: String) -> NetworkError {
    let account = account(answer).await;
    Insights::account(&Bluesky, net, &account)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn refusals_mean_what_is_documented() {
    let clock = TestClock::default();
    let net = net(&clock);
    let named = |name: &str| json!({ "error": name, "message": "words" }).to_string();
    for (status, name, kind) in [
        ("400 Bad Request", "ExpiredToken", ErrorKind::TokenExpired),
        ("401 Unauthorized", "AuthMissing", ErrorKind::TokenExpired),
        (
            "401 Unauthorized",
            "AuthenticationRequired",
            ErrorKind::Reconnect,
        ),
        ("401 Unauthorized", "SomethingNew", ErrorKind::Reconnect),
        ("400 Bad Request", "AccountTakedown", ErrorKind::Refused),
        ("400 Bad Request", "InvalidRequest", ErrorKind::Refused),
        (
            "429 Too Many Requests",
            "RateLimitExceeded",
            ErrorKind::RateLimited,
        ),
        ("413 Payload Too Large", "", ErrorKind::Refused),
        ("308 Permanent Redirect", "", ErrorKind::Refused),
    ] {
        let error = asked(&net, refusal(status, "", &named(name))).await;
        let found = (error.kind, error.certainty);
        assert_eq!(
            found,
            (kind, Certainty::Refused),
            "{status} {name}: {error}"
        );
    }
    // A proxy before the server speaks HTML.
    let error = asked(&net, refusal("413 Payload Too Large", "", "<html>")).await;
    assert!(error.message.contains("no file as large"), "{error}");
    let error = asked(
        &net,
        refusal("400 Bad Request", "", &named("InvalidRequest")),
    )
    .await;
    assert!(
        error.message.contains("words"),
        "told in the server's words: {error}"
    );
    for answer in [
        refusal(
            "500 Internal Server Error",
            "",
            &named("InternalServerError"),
        ),
        refusal("502 Bad Gateway", "", "<html>"),
        refusal("200 OK", "", "no JSON"),
        String::new(),
    ] {
        let error = asked(&net, answer).await;
        let found = (error.kind, error.certainty);
        assert_eq!(found, (ErrorKind::Temporary, Certainty::Unknown), "{error}");
    }
}

#[tokio::test]
async fn a_limit_says_when_it_resets() {
    let clock = TestClock::default();
    let net = net(&clock);
    let until = net.env.now() + Duration::from_secs(90);
    let headers = format!(
        "RateLimit-Limit: 3000\r\nRateLimit-Reset: {}\r\n",
        until.as_seconds()
    );
    let body = json!({ "error": "RateLimitExceeded", "message": "Rate Limit Exceeded" });
    let error = asked(
        &net,
        refusal("429 Too Many Requests", &headers, &body.to_string()),
    )
    .await;
    let wait = error.retry_after.unwrap();
    assert!((80..=90).contains(&wait.as_secs()), "{wait:?}");
    // The header stands on every answer, and says nothing there.
    let error = asked(&net, refusal("400 Bad Request", &headers, "{}")).await;
    assert_eq!(error.retry_after, None);
}

#[tokio::test]
async fn a_post_whose_answer_is_lost_is_not_repeated_blindly() {
    let clock = TestClock::default();
    let net = net(&clock);
    let account = account(String::new()).await;
    let mut engine = Engine::new(&Bluesky, &net, &clock, &account);
    // Looking for it fails too, so nothing is sent again.
    let post = request(&net, vec![part("once", &[])]);
    engine.publish(&post).await.unwrap_err();
    assert_eq!(engine.log, ["post:0 unknown"]);
    assert!(engine.done.is_empty());
}

#[test]
fn every_known_error_is_told_in_a_sentence() {
    let table = Bluesky.descriptor().errors;
    for known in table {
        let sentence = known.sentence;
        assert!(
            sentence.ends_with('.') && sentence.len() > 30,
            "{}",
            known.code
        );
        assert!(
            std::ptr::eq(KnownError::find(table, known.code).unwrap(), known),
            "{}",
            known.code
        );
    }
}
