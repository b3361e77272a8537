use serde_json::json;

use super::*;

async fn make(app: &App, by: &Client, body: Value) -> Answer {
    app.post(by, "/api-tokens", body).await
}

fn program(made: &Answer) -> Client {
    Client::bearer(made.is(201)["token"].as_str().unwrap())
}

async fn names(app: &App, client: &Client) -> Vec<String> {
    let list = app.get(client, "/api-tokens").await;
    let list = list.is(200)["data"].as_array().unwrap();
    list.iter()
        .map(|token| token["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_and_no_more() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let request =
            json!({ "name": "n8n", "scopes": ["members:read", "posts:read", "posts:read"] });
        let made = make(&app, &ada, request).await;
        let body = made.is(201);
        let token = body["token"].as_str().unwrap();
        assert!(
            token.starts_with("allin_")
                && token.ends_with(body["hint"].as_str().unwrap().trim_start_matches('…'))
        );
        assert_eq!(body["scopes"], json!(["posts:read", "members:read"]));
        assert_eq!(
            (&body["kind"], &body["expiresAt"]),
            (&json!("personal"), &Value::Null)
        );

        let program = program(&made);
        app.get(&program, "/members").await.is(200);
        let me = app.get(&program, "/auth/me").await;
        assert_eq!(me.is(200)["permissions"], body["scopes"]);
        let refused = app.get(&program, "/organizations/current").await;
        assert_eq!(
            refused.fails(403, "FORBIDDEN")["details"]["permission"],
            "organization:read"
        );
        // What concerns the person needs a log-in.
        let me = json!({ "name": "Eve" });
        app.call(&program, "PATCH", "/auth/me", me)
            .await
            .fails(403, "FORBIDDEN");
        let password = json!({ "currentPassword": PASSWORD, "newPassword": "Other-Horse-8" });
        app.post(&program, "/auth/password", password)
            .await
            .fails(403, "FORBIDDEN");
        app.post(&program, "/auth/logout", Value::Null)
            .await
            .fails(403, "FORBIDDEN");
        app.post(&program, "/organizations", json!({ "name": "X" }))
            .await
            .fails(403, "FORBIDDEN");
        app.post(&ada, "/organizations", json!({ "name": "Second" }))
            .await
            .is(201);
        let seen = app.get(&program, "/organizations").await;
        assert_eq!(seen.is(200)["data"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn nobody_makes_a_token_that_can_do_more_than_he() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let bob = app.join(&ada, "bob", "programmer").await;
        let beyond = make(
            &app,
            &bob,
            json!({ "name": "t", "scopes": ["posts:read", "posts:publish"] }),
        )
        .await;
        assert_eq!(
            beyond.fails(403, "FORBIDDEN")["details"]["permission"],
            "posts:publish"
        );
        let service = json!({ "name": "t", "scopes": ["posts:read"], "kind": "service" });
        make(&app, &bob, service).await.fails(403, "FORBIDDEN");
        let narrow = make(
            &app,
            &ada,
            json!({ "name": "t", "scopes": ["tokens:manage"] }),
        )
        .await;
        let narrow = program(&narrow);
        make(
            &app,
            &narrow,
            json!({ "name": "u", "scopes": ["posts:read"] }),
        )
        .await
        .fails(403, "FORBIDDEN");
        make(
            &app,
            &narrow,
            json!({ "name": "u", "scopes": ["tokens:manage"] }),
        )
        .await
        .is(201);
        let wrong = make(
            &app,
            &ada,
            json!({ "name": "", "scopes": ["posts:eat"], "expiresInDays": 0 }),
        )
        .await;
        assert_eq!(
            wrong.fields(),
            [
                "name:required",
                "scopes[0]:unknown_scope",
                "expiresInDays:out_of_range"
            ]
        );
        let none = make(&app, &ada, json!({ "name": "x", "scopes": [] })).await;
        assert_eq!(none.fields(), ["scopes:required"]);
    }
}

#[tokio::test]
async fn a_personal_token_follows_its_maker_and_a_service_token_stays() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let bob = app.join(&ada, "bob", "admin").await;
        let scopes = ["members:read", "members:manage"];
        let personal = program(&make(&app, &bob, json!({ "name": "p", "scopes": scopes })).await);
        let service = program(
            &make(
                &app,
                &bob,
                json!({ "name": "s", "scopes": scopes, "kind": "service" }),
            )
            .await,
        );
        let invite = |client, email: &'static str| {
            app.post(
                client,
                "/invitations",
                json!({ "email": email, "role": "viewer" }),
            )
        };
        invite(&personal, "x@example.org").await.is(201);

        let path = format!("/members/{}", bob.id);
        app.call(&ada, "PATCH", &path, json!({ "role": "viewer" }))
            .await
            .is(200);
        invite(&personal, "y@example.org")
            .await
            .fails(403, "FORBIDDEN");
        app.get(&personal, "/members").await.is(200);
        invite(&service, "y@example.org").await.is(201);

        app.call(&ada, "DELETE", &path, Value::Null).await.is(204);
        app.get(&personal, "/members")
            .await
            .fails(401, "UNAUTHENTICATED");
        app.get(&service, "/members").await.is(200);
        assert_eq!(names(&app, &ada).await, ["s"]);
    }
}

#[tokio::test]
async fn a_token_runs_out_and_is_revoked() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let request = json!({ "name": "t", "scopes": ["members:read"], "expiresInDays": 2 });
        let short = program(&make(&app, &ada, request).await);
        app.get(&short, "/members").await.is(200);
        app.pass(Duration::from_hours(48));
        app.get(&short, "/members")
            .await
            .fails(401, "UNAUTHENTICATED");

        let ada = app.log_in("ada", PASSWORD).await.client();
        let made = make(
            &app,
            &ada,
            json!({ "name": "u", "scopes": ["members:read"] }),
        )
        .await;
        let path = format!("/api-tokens/{}", made.body["id"].as_str().unwrap());
        app.get(&program(&made), "/members").await.is(200);
        app.call(&ada, "DELETE", &path, Value::Null).await.is(204);
        app.get(&program(&made), "/members")
            .await
            .fails(401, "UNAUTHENTICATED");
        app.call(&ada, "DELETE", &path, Value::Null)
            .await
            .fails(404, "NOT_FOUND");
    }
}

#[tokio::test]
async fn others_see_and_revoke_what_is_theirs_to() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let bob = app.join(&ada, "bob", "programmer").await;
        let adas = make(
            &app,
            &ada,
            json!({ "name": "adas", "scopes": ["posts:read"] }),
        )
        .await;
        let service = make(
            &app,
            &ada,
            json!({ "name": "service", "scopes": ["posts:read"], "kind": "service" }),
        )
        .await;
        app.pass(Duration::from_secs(1));
        let bobs = make(
            &app,
            &bob,
            json!({ "name": "bobs", "scopes": ["posts:read"] }),
        )
        .await;
        assert_eq!(names(&app, &bob).await, ["bobs", "service"]);
        assert_eq!(names(&app, &ada).await.len(), 3);
        let revoke = async |by: &Client, made: &Answer| {
            let path = format!("/api-tokens/{}", made.body["id"].as_str().unwrap());
            app.call(by, "DELETE", &path, Value::Null).await
        };
        revoke(&bob, &adas).await.fails(404, "NOT_FOUND");
        revoke(&bob, &service).await.fails(403, "FORBIDDEN");
        revoke(&ada, &bobs).await.is(204);
    }
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_minute() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let program = program(
            &make(
                &app,
                &ada,
                json!({ "name": "t", "scopes": ["members:read"] }),
            )
            .await,
        );
        let last_used = async || {
            let list = app.get(&ada, "/api-tokens").await;
            list.is(200)["data"][0]["lastUsedAt"].clone()
        };
        assert_eq!(last_used().await, Value::Null);
        app.get(&program, "/members").await.is(200);
        let first = last_used().await;
        assert_ne!(first, Value::Null);
        app.pass(Duration::from_secs(59));
        app.get(&program, "/members").await.is(200);
        assert_eq!(last_used().await, first);
        app.pass(Duration::from_secs(1));
        app.get(&program, "/members").await.is(200);
        assert_ne!(last_used().await, first);
    }
}
