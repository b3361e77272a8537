//! Bluesky, against a real server.

use axum::http::Method;
use kernel::Role;
use serde_json::{Value, json};

use super::{
    pds::{LIFE, Person, noted_renewals},
    support::{caller, fixtures},
};
use crate::{AccountError, SocialAccountId};

#[tokio::test]
async fn an_app_password_connects_the_account_at_once() {
    let Some(person) = Person::new().await else {
        return;
    };
    for fixture in fixtures().await {
        let answer = person.connect(&fixture, &person.app_password).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        assert_eq!(answer.text("/username"), person.handle);
        assert_eq!(answer.text("/platform"), "bluesky");
        assert_eq!(answer.text("/serverUrl"), person.pds);
        assert_eq!(answer.text("/status"), "connected");
        assert_eq!(
            answer.body["formats"],
            Value::Null,
            "all accounts are alike"
        );
        let again = person.connect(&fixture, &person.app_password).await;
        assert_eq!((again.status, again.text("/id")), (201, answer.text("/id")));
        let check = format!("/social-accounts/{}/check", answer.text("/id"));
        let checked = fixture.call(Method::POST, &check, None).await;
        assert_eq!(
            (checked.status, checked.text("/status")),
            (200, "connected"),
            "{checked:?}"
        );
        assert_eq!(
            fixture.events().await,
            ["account.connected connected", "account.updated connected"],
            "a check that finds nothing new tells nothing"
        );
    }
}

#[tokio::test]
async fn a_wrong_password_is_told_in_plain_words_and_changes_nothing() {
    let Some(person) = Person::new().await else {
        return;
    };
    for fixture in fixtures().await {
        let answer = person.connect(&fixture, "aaaa-bbbb-cccc-dddd").await;
        answer.assert_problem(422, "CONNECT_FAILED", "password");
        assert_eq!(answer.text("/error/details/reason"), "wrong_credentials");
        assert!(!answer.body.to_string().contains("aaaa-bbbb"));

        let id = person.connected(&fixture).await;
        let path = format!("/social-accounts/{id}/reconnect");
        let answer = fixture
            .post(&path, json!({ "appPassword": "aaaa-bbbb-cccc-dddd" }))
            .await;
        answer.assert_problem(422, "CONNECT_FAILED", "password");
        let answer = fixture.post(&path, json!({})).await;
        answer.assert_problem(422, "VALIDATION_FAILED", "app password");
        let answer = fixture.get(&format!("/social-accounts/{id}")).await;
        assert_eq!(answer.text("/status"), "connected");
        assert_eq!(
            fixture
                .accounts
                .acting(fixture.caller.tenant, id)
                .await
                .unwrap()
                .secret_version,
            1
        );
    }
}

#[tokio::test]
async fn two_organisations_may_connect_the_same_account_and_share_nothing() {
    let Some(person) = Person::new().await else {
        return;
    };
    for mut fixture in fixtures().await {
        let ours = person.connected(&fixture).await;
        let tenant = store::testing::tenant(&fixture.test.db).await;
        let first = std::mem::replace(&mut fixture.caller, caller(tenant, Role::Owner));
        for (method, path) in [
            (Method::GET, format!("/social-accounts/{ours}")),
            (Method::POST, format!("/social-accounts/{ours}/check")),
            (Method::POST, format!("/social-accounts/{ours}/reconnect")),
            (Method::DELETE, format!("/social-accounts/{ours}")),
        ] {
            fixture
                .call(method, &path, None)
                .await
                .assert_problem(404, "NOT_FOUND", "");
        }
        let theirs = person.connected(&fixture).await;
        assert_ne!(theirs, ours);
        fixture
            .accounts
            .remove(&fixture.caller, theirs)
            .await
            .unwrap();
        assert!(fixture.accounts.acting(first.tenant, ours).await.is_ok());
    }
}

#[tokio::test]
async fn a_revoked_password_expires_the_account_and_a_new_one_cures_it() {
    let Some(person) = Person::new().await else {
        return;
    };
    for (index, fixture) in fixtures().await.into_iter().enumerate() {
        let name = format!("for {index}");
        let password = person.new_app_password(&name).await;
        let answer = person.connect(&fixture, &password).await;
        let id: SocialAccountId = answer.text("/id").parse().unwrap();
        let tenant = fixture.caller.tenant;
        person.revoke_app_password(&name).await;
        fixture.clock.advance(LIFE);
        let error = fixture.accounts.acting(tenant, id).await.unwrap_err();
        assert!(
            matches!(&error, AccountError::Reconnect { .. }),
            "{error:?}"
        );
        let path = format!("/social-accounts/{id}");
        let account = fixture.get(&path).await;
        assert_eq!(account.text("/status"), "expired");
        assert!(
            account.text("/statusMessage").contains("app password"),
            "{account:?}"
        );
        let check = fixture
            .call(Method::POST, &format!("{path}/check"), None)
            .await;
        assert_eq!((check.status, check.text("/status")), (200, "expired"));
        assert_eq!(
            noted_renewals(&fixture).await,
            0,
            "there is nothing to renew"
        );

        let body = json!({ "appPassword": person.app_password });
        let answer = fixture.post(&format!("{path}/reconnect"), body).await;
        assert_eq!(
            (answer.status, answer.text("/status")),
            (200, "connected"),
            "{answer:?}"
        );
        assert!(fixture.accounts.acting(tenant, id).await.is_ok());
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
async fn reconnecting_with_another_accounts_password_is_refused() {
    let (Some(person), Some(other)) = (Person::new().await, Person::new().await) else {
        return;
    };
    for fixture in fixtures().await {
        let id = person.connected(&fixture).await;
        let body = json!({ "appPassword": other.app_password });
        let answer = fixture
            .post(&format!("/social-accounts/{id}/reconnect"), body)
            .await;
        answer.assert_problem(422, "CONNECT_FAILED", "password");
    }
}
