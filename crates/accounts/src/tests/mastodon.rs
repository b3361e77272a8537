//! Mastodon, against the sandbox.

use axum::http::Method;
use serde_json::{Value, json};
use store::{Json, Scope, sql};

use super::{
    instance::{assert_refused, begin, connected, decide, instance, next_fault},
    support::{fixtures, query},
};
use crate::{AccountError, SocialAccountId};

sql! {
    SET_LIMITS: Tenant = "UPDATE social_accounts SET limits = $2 WHERE id = $1";
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
        assert_eq!(account.body["formats"][0]["text"]["maxCharacters"], 500);
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
        let id: SocialAccountId = connected(&fixture, &origin, "alice").await.parse().unwrap();
        fixture.accounts.remove(&fixture.caller, id).await.unwrap();
        let scope = Scope::Tenant(fixture.caller.tenant);
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
        let answer = fixture.get(&right).await;
        assert_eq!(query(answer.header("location"))["connected"], id);
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
async fn the_check_learns_what_the_instance_allows_now() {
    let origin = instance().await;
    for fixture in fixtures().await {
        let tenant = Scope::Tenant(fixture.caller.tenant);
        let id: SocialAccountId = connected(&fixture, &origin, "alice").await.parse().unwrap();
        // As if the instance had allowed less when the account was connected.
        let mut tx = fixture.test.db.write(tenant).await.unwrap();
        let less = Json(json!({ "maxCharacters": 100 }));
        tx.execute_one(&SET_LIMITS, (id, less)).await.unwrap();
        tx.commit().await.unwrap();
        let check = format!("/social-accounts/{id}/check");
        for _ in 0..2 {
            let answer = fixture.call(Method::POST, &check, None).await;
            assert_eq!(answer.body["formats"][0]["text"]["maxCharacters"], 500);
        }
        // The second one found nothing new.
        assert_eq!(
            fixture.events().await,
            ["account.connected connected", "account.updated connected"]
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
