//! What no operation may let through, for all of them.

use serde_json::json;
use store::testing::statements_that_fail;

use super::*;

/// The operations of the API's documentation: method, path, and whether anybody may call it.
fn operations(app: &App) -> Vec<(String, String, bool)> {
    let (_, api) = routes(app.identity.clone()).split_for_parts();
    let api = serde_json::to_value(&api).unwrap();
    let mut operations = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(
                operation["operationId"].is_string() && operation["summary"].is_string(),
                "{path}"
            );
            let anonymous = operation["security"] == json!([{}]);
            operations.push((method.to_uppercase(), path.clone(), anonymous));
        }
    }
    operations
}

#[tokio::test]
async fn an_anonymous_caller_gets_nowhere() {
    for app in apps().await {
        let operations = operations(&app);
        assert_eq!(operations.len(), 23);
        assert_eq!(
            operations
                .iter()
                .filter(|(_, _, anonymous)| *anonymous)
                .count(),
            5
        );
        for (method, path, anonymous) in operations {
            let path = path.replace("{id}", "01900000-0000-7000-8000-000000000000");
            let body = if matches!(method.as_str(), "POST" | "PATCH") {
                json!({})
            } else {
                Value::Null
            };
            let answer = app
                .call(&Client::anonymous(), &method, &path, body.clone())
                .await;
            if anonymous && path != "/auth/refresh" {
                answer.fails(400, "MALFORMED_BODY");
            } else {
                answer.fails(401, "UNAUTHENTICATED");
            }
        }
    }
}

#[tokio::test]
async fn the_ids_of_another_tenant_name_nothing() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let invitation = app
            .post(
                &ada,
                "/invitations",
                json!({ "email": "x@example.org", "role": "viewer" }),
            )
            .await;
        let token = app
            .post(
                &ada,
                "/api-tokens",
                json!({ "name": "t", "scopes": ["posts:read"] }),
            )
            .await;
        let mallory = app.register("mallory").await;
        let id = |answer: &Answer| answer.is(201)["id"].as_str().unwrap().to_owned();
        for (method, path) in [
            ("PATCH", format!("/members/{}", ada.id)),
            ("DELETE", format!("/members/{}", ada.id)),
            ("DELETE", format!("/invitations/{}", id(&invitation))),
            ("DELETE", format!("/api-tokens/{}", id(&token))),
            ("DELETE", "/api-tokens/not-an-id".to_owned()),
        ] {
            let body = if method == "PATCH" {
                json!({ "role": "viewer" })
            } else {
                Value::Null
            };
            app.call(&mallory, method, &path, body)
                .await
                .fails(404, "NOT_FOUND");
        }
        preview_still_works(&app, &invitation).await;
        app.get(
            &Client::bearer(token.body["token"].as_str().unwrap()),
            "/auth/me",
        )
        .await
        .is(200);
    }
}

async fn preview_still_works(app: &App, invitation: &Answer) {
    let body = json!({ "token": invitation.link_token() });
    app.post(&Client::anonymous(), "/invitations/preview", body)
        .await
        .is(200);
}

#[tokio::test]
async fn every_statement_prepares() {
    assert_eq!(statements_that_fail().await, Vec::<String>::new());
}

/// What a thief of the database would find.
#[tokio::test]
async fn no_secret_is_stored_in_the_clear() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let invitation = app
            .post(
                &ada,
                "/invitations",
                json!({ "email": "x@example.org", "role": "viewer" }),
            )
            .await;
        let token = app
            .post(
                &ada,
                "/api-tokens",
                json!({ "name": "t", "scopes": ["posts:read"] }),
            )
            .await;
        let store::Location::Sqlite(folder) = &app.db.location else {
            continue;
        };
        app.db.db.close().await;
        let mut stored = Vec::new();
        for file in ["system.db", "system.db-wal"] {
            stored.extend(std::fs::read(folder.join(file)).unwrap_or_default());
        }
        assert!(!stored.is_empty());
        let secrets = [
            PASSWORD.to_owned(),
            ada.refresh,
            invitation.link_token(),
            token.body["token"].as_str().unwrap().to_owned(),
        ];
        for secret in secrets {
            assert!(
                !stored
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes())
            );
        }
    }
}
