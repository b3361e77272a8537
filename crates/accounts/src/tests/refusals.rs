//! Connections that must not come about, and secrets that must not show.

use std::time::Duration;

use axum::http::Method;
use kernel::Role;
use networks::NetConfig;
use serde_json::{Value, json};
use store::Location;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{
    instance::{assert_refused, begin, connected, decide, instance},
    support::{caller, config, fixtures, fixtures_with, query},
};

#[tokio::test]
async fn a_no_on_the_networks_page_connects_nothing() {
    let origin = instance().await;
    for fixture in fixtures().await {
        let callback = decide(&begin(&fixture, &origin).await, "deny", "alice").await;
        assert_refused(&fixture.get(&callback).await, "denied", "did not allow");
        assert_eq!(
            fixture.get("/social-accounts").await.body,
            json!({ "data": [] })
        );
    }
}

#[tokio::test]
async fn a_state_works_once_for_ten_minutes_and_for_the_person_who_began() {
    let origin = instance().await;
    for fixture in fixtures().await {
        let callback = decide(&begin(&fixture, &origin).await, "approve", "alice").await;
        assert!(query(fixture.get(&callback).await.header("location")).contains_key("connected"));
        assert_refused(
            &fixture.get(&callback).await,
            "invalid_state",
            "connect the account again",
        );

        for broken in [
            "/oauth/callback",
            "/oauth/callback?state=unknown&code=x",
            "/oauth/callback?state=%FF",
        ] {
            assert_refused(
                &fixture.get(broken).await,
                "invalid_state",
                "connect the account again",
            );
        }

        let callback = decide(&begin(&fixture, &origin).await, "approve", "bob").await;
        fixture.clock.advance(Duration::from_secs(601));
        assert_refused(
            &fixture.get(&callback).await,
            "invalid_state",
            "ten minutes",
        );

        let page = begin(&fixture, &origin).await;
        let callback = decide(&page, "approve", "bob").await;
        let colleague = caller(fixture.caller.tenant, Role::Owner);
        let answer = fixture
            .call_as(Some(&colleague), Method::GET, &callback, None)
            .await;
        assert_refused(&answer, "invalid_state", "another person");
        assert_refused(
            &fixture.get(&callback).await,
            "invalid_state",
            "finished before",
        );

        let callback = decide(&begin(&fixture, &origin).await, "approve", "bob").await;
        let mut elsewhere = fixture.caller.clone();
        elsewhere.tenant = store::testing::tenant(&fixture.test.db).await;
        let answer = fixture
            .call_as(Some(&elsewhere), Method::GET, &callback, None)
            .await;
        assert_refused(&answer, "invalid_state", "another organisation");

        let callback = decide(&begin(&fixture, &origin).await, "approve", "bob").await;
        let answer = fixture.call_as(None, Method::GET, &callback, None).await;
        assert_refused(&answer, "unauthenticated", "Log in");
        let mut demoted = fixture.caller.clone();
        demoted.role = Role::Viewer;
        let answer = fixture
            .call_as(Some(&demoted), Method::GET, &callback, None)
            .await;
        assert_refused(&answer, "forbidden", "viewer");
        assert_eq!(
            fixture.get("/social-accounts").await.body["data"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
    }
}

#[tokio::test]
async fn a_server_that_can_not_be_connected_is_told_in_plain_words() {
    let hasty = NetConfig {
        timeout: Some(Duration::from_millis(1_500)),
        ..config()
    };
    for fixture in fixtures_with(hasty).await {
        let post = async |server: &str| {
            let body = json!({ "platform": "mastodon", "instanceUrl": server });
            let answer = fixture.post("/social-accounts", body).await;
            let reason = answer.body["error"]["details"]["reason"]
                .as_str()
                .unwrap_or("none")
                .to_owned();
            (answer, reason)
        };
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = gone.local_addr().unwrap();
        drop(gone);
        let (answer, reason) = post(&format!("http://{address}")).await;
        answer.assert_problem(422, "CONNECT_FAILED", "can't be reached");
        assert_eq!(reason, "unreachable");

        let hanging = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (answer, reason) = post(&format!("http://{}", hanging.local_addr().unwrap())).await;
        answer.assert_problem(422, "CONNECT_FAILED", "did not answer in time");
        assert_eq!(reason, "timed_out");

        let garbage = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = garbage.local_addr().unwrap();
        let server = tokio::spawn(async move {
            loop {
                let (mut socket, _) = garbage.accept().await.unwrap();
                tokio::spawn(async move {
                    let mut request = [0; 4_096];
                    let _ = socket.read(&mut request).await;
                    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 14\r\nconnection: close\r\n\r\n<h1>It works!\n";
                    let _ = socket.write_all(answer.as_bytes()).await;
                });
            }
        });
        let (answer, reason) = post(&format!("http://{address}")).await;
        assert_eq!(
            (answer.status, answer.text("/error/code")),
            (422, "CONNECT_FAILED"),
            "{answer:?}"
        );
        assert_eq!(reason, "not_a_server", "{answer:?}");
        server.abort();
    }
}

#[tokio::test]
async fn private_addresses_are_refused_unless_allowed() {
    for fixture in fixtures_with(NetConfig::default()).await {
        for server in [
            "https://127.0.0.1",
            "https://10.0.0.1:8443",
            "https://[::1]",
            "https://localhost",
        ] {
            let body = json!({ "platform": "mastodon", "instanceUrl": server });
            let answer = fixture.post("/social-accounts", body).await;
            answer.assert_problem(422, "CONNECT_FAILED", "");
            let reason = answer.text("/error/details/reason");
            assert!(
                ["private_address", "not_a_server"].contains(&reason),
                "{server}: {answer:?}"
            );
        }
    }
}

#[tokio::test]
async fn no_secret_stands_in_the_database_or_in_an_event() {
    let origin = instance().await;
    for fixture in fixtures().await {
        let tenant = fixture.caller.tenant;
        let id = connected(&fixture, &origin, "alice").await.parse().unwrap();
        let page = begin(&fixture, &origin).await;
        let state = query(&page)["state"].clone();
        let acting = fixture.accounts.acting(tenant, id).await.unwrap();
        let secret = secrecy::ExposeSecret::expose_secret(&acting.account.credentials.secret);
        let secret: Value = serde_json::from_str(secret).unwrap();
        let token = secret["access_token"].as_str().unwrap();
        assert!(token.len() > 20);
        assert!(!format!("{acting:?} {:?}", fixture.accounts).contains(token));
        let events = serde_json::to_string(&fixture.raw_events().await).unwrap();
        assert!(!events.contains(token));

        let Location::Sqlite(folder) = &fixture.test.location else {
            continue;
        };
        let mut files = vec![folder.join("system.db"), folder.join("system.db-wal")];
        files.extend(
            std::fs::read_dir(folder.join("tenants"))
                .unwrap()
                .map(|file| file.unwrap().path()),
        );
        let bytes: Vec<u8> = files
            .iter()
            .flat_map(|file| std::fs::read(file).unwrap_or_default())
            .collect();
        let holds = |needle: &str| {
            bytes
                .windows(needle.len())
                .any(|window| window == needle.as_bytes())
        };
        assert!(holds("alice@"), "the files are those of the database");
        assert!(!holds(token), "the token");
        assert!(!holds(&state), "the state");
        assert!(!holds("access_token") && !holds("client_secret"));
    }
}
