//! Mastodon, against the sandbox.

use std::time::Duration;

use axum::http::Method;
use kernel::Role;
use networks::NetConfig;
use reqwest::{Client, redirect::Policy};
use serde_json::{Value, json};
use store::Location;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::support::{Answer, Fixture, caller, config, fixtures, fixtures_with, query};
use crate::AccountError;

/// A simulated instance; answers its origin.
async fn instance() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let config = sandbox::Config::new(kernel::Env::system());
    tokio::spawn(sandbox::serve(listener, config));
    origin
}

fn browser() -> Client {
    Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

async fn next_fault(origin: &str, fault: Value) {
    let faults = json!({ "next": [fault] });
    let url = format!("{origin}/sandbox/faults");
    browser()
        .post(url)
        .json(&faults)
        .send()
        .await
        .unwrap()
        .error_for_status()
        .unwrap();
}

/// Begins to connect; answers the network's page.
async fn begin(fixture: &Fixture, origin: &str) -> String {
    let body = json!({ "platform": "mastodon", "instanceUrl": origin });
    let answer = fixture.post("/social-accounts", body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.text("/authUrl").to_owned()
}

/// Decides on the network's page; answers where it sends the browser, without `/api/v1`.
async fn decide(page: &str, decision: &str, account: &str) -> String {
    let form = [("decision", decision), ("account", account)];
    let response = browser().post(page).form(&form).send().await.unwrap();
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    location
        .strip_prefix("http://allin.test/api/v1")
        .unwrap()
        .to_owned()
}

async fn connect(fixture: &Fixture, origin: &str, account: &str) -> Answer {
    let callback = decide(&begin(fixture, origin).await, "approve", account).await;
    fixture.get(&callback).await
}

async fn connected(fixture: &Fixture, origin: &str, account: &str) -> String {
    let answer = connect(fixture, origin, account).await;
    assert_eq!(answer.status, 303);
    let query = query(answer.location.as_ref().unwrap());
    query
        .get("connected")
        .unwrap_or_else(|| panic!("{query:?}"))
        .clone()
}

/// Fails unless the browser was sent on with this error.
#[track_caller]
fn assert_refused(answer: &Answer, code: &str, words: &str) {
    let location = answer
        .location
        .as_deref()
        .unwrap_or_else(|| panic!("{answer:?}"));
    assert!(location.starts_with("/accounts?"), "{location}");
    let query = query(location);
    assert_eq!(
        query.get("connectError").map(String::as_str),
        Some(code),
        "{query:?}"
    );
    assert!(query["message"].contains(words), "{query:?}");
}

#[tokio::test]
async fn a_yes_on_the_networks_page_connects_the_account() {
    let origin = instance().await;
    for fixture in fixtures().await {
        let id = connected(&fixture, &origin, "alice").await;
        let account = fixture.get(&format!("/social-accounts/{id}")).await;
        assert_eq!(account.status, 200);
        assert!(
            account.text("/username").starts_with("alice@127.0.0.1"),
            "{account:?}"
        );
        assert_eq!(account.text("/status"), "connected");
        assert_eq!(account.text("/serverUrl"), origin);
        assert_eq!(account.body["limits"]["maxCharacters"], 500);
        assert_eq!(account.body["statusMessage"], Value::Null);
        let list = fixture.get("/social-accounts?platform=mastodon").await;
        assert_eq!(list.body["data"][0], account.body);
        assert_eq!(
            fixture.get("/social-accounts?platform=bluesky").await.body,
            json!({ "data": [] })
        );
        assert_eq!(fixture.events().await, ["account.connected connected"]);

        let acting = fixture
            .accounts
            .acting(fixture.caller.tenant, id.parse().unwrap())
            .await
            .unwrap();
        assert_eq!(acting.secret_version, 1);
    }
}

#[tokio::test]
async fn connecting_again_keeps_the_id_and_a_removed_account_comes_back() {
    let origin = instance().await;
    for fixture in fixtures().await {
        let id = connected(&fixture, &origin, "alice").await;
        assert_eq!(connected(&fixture, &origin, "alice").await, id);
        assert_ne!(connected(&fixture, &origin, "bob").await, id);
        let removed = fixture
            .call(Method::DELETE, &format!("/social-accounts/{id}"), None)
            .await;
        assert_eq!(removed.status, 204);
        fixture
            .get(&format!("/social-accounts/{id}"))
            .await
            .assert_problem(404, "NOT_FOUND", "social account");
        assert_eq!(
            fixture.get("/social-accounts").await.body["data"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
        assert!(matches!(
            fixture
                .accounts
                .acting(fixture.caller.tenant, id.parse().unwrap())
                .await,
            Err(AccountError::Removed)
        ));
        assert_eq!(connected(&fixture, &origin, "alice").await, id);
        assert_eq!(
            fixture.events().await,
            [
                "account.connected connected",
                "account.updated connected",
                "account.connected connected",
                "account.removed disconnected",
                "account.connected connected",
            ]
        );
    }
}

#[tokio::test]
async fn history_keeps_the_name_of_a_removed_account() {
    let origin = instance().await;
    for fixture in fixtures().await {
        let id: crate::SocialAccountId =
            connected(&fixture, &origin, "alice").await.parse().unwrap();
        fixture.accounts.remove(&fixture.caller, id).await.unwrap();
        let scope = store::Scope::Tenant(fixture.caller.tenant);
        let mut tx = fixture.test.db.read(scope).await.unwrap();
        let summaries = fixture.accounts.summaries(&mut tx, &[id]).await.unwrap();
        assert!(summaries[0].username.starts_with("alice@"));
        assert_eq!(summaries[0].status, crate::AccountStatus::Disconnected);
        let stored = fixture.accounts.load(&mut tx, &[id]).await.unwrap();
        assert_eq!(stored[0].secret, None);
    }
}

#[tokio::test]
async fn an_app_is_registered_once_a_server_and_again_when_the_server_forgot_it() {
    let origin = instance().await;
    for fixture in fixtures().await {
        let client = |page: &str| query(page)["client_id"].clone();
        let first = client(&begin(&fixture, &origin).await);
        assert_eq!(client(&begin(&fixture, &format!("{origin}/")).await), first);
        // Another server at the same address knows nothing of it.
        next_fault(
            &origin,
            json!({ "kind": "status", "status": 401, "path": "/oauth/token" }),
        )
        .await;
        let second = client(&begin(&fixture, &origin).await);
        assert_ne!(second, first);
        assert_eq!(client(&begin(&fixture, &origin).await), second);
    }
}

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
        assert!(
            query(fixture.get(&callback).await.location.as_ref().unwrap())
                .contains_key("connected")
        );
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
        fixture.clock.forward(Duration::from_secs(601));
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
async fn reconnecting_must_lead_to_the_same_account() {
    let origin = instance().await;
    for fixture in fixtures().await {
        let id = connected(&fixture, &origin, "alice").await;
        let path = format!("/social-accounts/{id}/reconnect");
        let page = fixture
            .post(&path, json!({}))
            .await
            .text("/authUrl")
            .to_owned();
        let wrong = decide(&page, "approve", "mallory").await;
        assert_refused(
            &fixture.get(&wrong).await,
            "conflict",
            "the account to reconnect is alice@",
        );

        let page = fixture
            .call(Method::POST, &path, None)
            .await
            .text("/authUrl")
            .to_owned();
        let right = decide(&page, "approve", "alice").await;
        let location = fixture.get(&right).await.location.unwrap();
        assert_eq!(query(&location)["connected"], id);
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
async fn a_withdrawn_access_is_found_by_the_check_and_cured_by_reconnecting() {
    let origin = instance().await;
    for fixture in fixtures().await {
        let tenant = fixture.caller.tenant;
        let id = connected(&fixture, &origin, "alice").await;
        let check = format!("/social-accounts/{id}/check");
        let answer = fixture.call(Method::POST, &check, None).await;
        assert_eq!((answer.status, answer.text("/status")), (200, "connected"));

        next_fault(&origin, json!({ "kind": "status", "status": 503 })).await;
        let answer = fixture.call(Method::POST, &check, None).await;
        answer.assert_problem(422, "NETWORK_REFUSED", "");
        assert_eq!(
            fixture.get("/social-accounts").await.body["data"][0]["status"],
            "connected"
        );

        next_fault(&origin, json!({ "kind": "revoke_token" })).await;
        let answer = fixture.call(Method::POST, &check, None).await;
        assert_eq!(
            (answer.status, answer.text("/status")),
            (200, "expired"),
            "{answer:?}"
        );
        assert!(
            answer.text("/statusMessage").contains("connect"),
            "{answer:?}"
        );
        let error = fixture
            .accounts
            .acting(tenant, id.parse().unwrap())
            .await
            .unwrap_err();
        assert!(matches!(error, AccountError::Reconnect { .. }));

        assert_eq!(connected(&fixture, &origin, "alice").await, id);
        assert_eq!(
            fixture.get("/social-accounts").await.body["data"][0]["status"],
            "connected"
        );
        assert_eq!(
            fixture.events().await,
            [
                "account.connected connected",
                "account.updated expired",
                "account.updated connected"
            ]
        );
    }
}

#[tokio::test]
async fn a_token_that_the_network_refuses_expires_the_account_unless_it_was_renewed_since() {
    let origin = instance().await;
    for fixture in fixtures().await {
        let tenant = fixture.caller.tenant;
        let id = connected(&fixture, &origin, "alice").await.parse().unwrap();
        let before = fixture.accounts.acting(tenant, id).await.unwrap();
        connected(&fixture, &origin, "alice").await;
        let words = "Please reconnect.";
        fixture
            .accounts
            .mark_expired(tenant, id, before.secret_version, words)
            .await
            .unwrap();
        let after = fixture
            .accounts
            .refresh_after_refusal(tenant, id, before.secret_version)
            .await;
        let after = after.unwrap();
        assert_eq!(after.secret_version, 2);

        // Mastodon's tokens can't be renewed.
        let error = fixture
            .accounts
            .refresh_after_refusal(tenant, id, 2)
            .await
            .unwrap_err();
        assert!(matches!(error, AccountError::Reconnect { .. }), "{error:?}");
        assert_eq!(
            fixture.get("/social-accounts").await.body["data"][0]["status"],
            "expired"
        );
        for _ in 0..3 {
            fixture
                .accounts
                .mark_expired(tenant, id, 2, words)
                .await
                .unwrap();
        }
        assert_eq!(
            fixture.events().await.len(),
            4,
            "repeating it tells nobody anything new"
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
