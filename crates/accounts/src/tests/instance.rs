//! A simulated Mastodon instance, and a person with a browser in front of it.

use reqwest::{Client, redirect::Policy};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::support::{Answer, Fixture, query};

/// A simulated instance; answers its origin.
pub(super) async fn instance() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let config = sandbox::Config::new(kernel::Env::system());
    tokio::spawn(sandbox::serve(listener, config));
    origin
}

pub(super) fn browser() -> Client {
    Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

pub(super) async fn next_fault(origin: &str, fault: Value) {
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
pub(super) async fn begin(fixture: &Fixture, origin: &str) -> String {
    let body = json!({ "platform": "mastodon", "instanceUrl": origin });
    let answer = fixture.post("/social-accounts", body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.text("/authUrl").to_owned()
}

/// Decides on the network's page; answers where it sends the browser, without `/api/v1`.
pub(super) async fn decide(page: &str, decision: &str, account: &str) -> String {
    let form = [("decision", decision), ("account", account)];
    let response = browser().post(page).form(&form).send().await.unwrap();
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    location
        .strip_prefix("http://allin.test/api/v1")
        .unwrap()
        .to_owned()
}

pub(super) async fn connect(fixture: &Fixture, origin: &str, account: &str) -> Answer {
    let callback = decide(&begin(fixture, origin).await, "approve", account).await;
    fixture.get(&callback).await
}

pub(super) async fn connected(fixture: &Fixture, origin: &str, account: &str) -> String {
    let answer = connect(fixture, origin, account).await;
    assert_eq!(answer.status, 303);
    let query = query(answer.header("location"));
    query
        .get("connected")
        .unwrap_or_else(|| panic!("{query:?}"))
        .clone()
}

/// Fails unless the browser was sent on with this error.
#[track_caller]
pub(super) fn assert_refused(answer: &Answer, code: &str, words: &str) {
    let location = answer.header("location");
    assert!(location.starts_with("/accounts?"), "{location}");
    let query = query(location);
    assert_eq!(
        query.get("connectError").map(String::as_str),
        Some(code),
        "{query:?}"
    );
    assert!(query["message"].contains(words), "{query:?}");
}
