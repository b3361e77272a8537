//! LinkedIn, whose apps are of two kinds.

use std::collections::BTreeMap;

use axum::http::Method;
use networks::{NetConfig, Platform, http::EndpointConfig};
use serde_json::{Value, json};

use super::{
    instance::{decide, instance},
    support::{Answer, Fixture, config, fixtures_with, query},
};

/// Installations that reach the simulated LinkedIn with an app of the organisation's own.
async fn fixtures() -> Vec<Fixture> {
    let base = format!("{}/linkedin", instance().await).parse().unwrap();
    let fixtures = fixtures_with(NetConfig {
        endpoints: BTreeMap::from([(Platform::Linkedin, EndpointConfig::all_at(base))]),
        ..config()
    })
    .await;
    for fixture in &fixtures {
        let app = json!({ "clientId": "sandbox-app", "clientSecret": "sandbox-secret" });
        let set = fixture
            .call(Method::PUT, "/network-apps/linkedin", Some(app))
            .await;
        assert_eq!(set.status, 204, "{set:?}");
    }
    fixtures
}

/// What the consent page is asked for.
fn scopes(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    query(answer.text("/authUrl"))["scope"].clone()
}

#[tokio::test]
async fn a_profile_is_connected_again_as_a_profile() {
    for fixture in fixtures().await {
        let wish = json!({ "platform": "linkedin", "serviceUrl": "profile" });
        let begun = fixture.post("/social-accounts", wish).await;
        let asked = scopes(&begun);
        assert_eq!(asked, "openid profile w_member_social");
        let callback = decide(begun.text("/authUrl"), "approve", "mara").await;
        let connected = fixture.get(&callback).await;
        let id = query(connected.header("location"))["connected"].clone();

        let path = format!("/social-accounts/{id}/reconnect");
        let again = fixture.post(&path, json!({})).await;
        assert_eq!(scopes(&again), asked, "an app of this kind has no other");
        let callback = decide(again.text("/authUrl"), "approve", "mara").await;
        let connected = fixture.get(&callback).await;
        assert_eq!(query(connected.header("location"))["connected"], id);
        let accounts = fixture.get("/social-accounts").await;
        assert_eq!(accounts.body["data"].as_array().map(Vec::len), Some(1));
    }
}

#[tokio::test]
async fn a_page_is_connected_again_with_everything_that_pages_need() {
    for fixture in fixtures().await {
        let wish = json!({ "platform": "linkedin" });
        let begun = fixture.post("/social-accounts", wish).await;
        assert!(scopes(&begun).contains("w_organization_social"));
        let callback = decide(begun.text("/authUrl"), "approve", "mara").await;
        let several = fixture.get(&callback).await;
        let offer = several.header("location").rsplit('/').next().unwrap();
        let path = format!("/social-accounts/pending/{offer}");
        let offered = fixture.get(&path).await;
        let page = offered.body["choices"]
            .as_array()
            .unwrap()
            .iter()
            .find(|account| account["kind"] == "organization")
            .unwrap();
        let taken = fixture.post(&path, json!({ "keys": [page["key"]] })).await;
        let id: Value = taken.body["data"][0]["id"].clone();
        let path = format!("/social-accounts/{}/reconnect", id.as_str().unwrap());
        let again = fixture.post(&path, json!({})).await;
        assert_eq!(scopes(&again), scopes(&begun));
    }
}
