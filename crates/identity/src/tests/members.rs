use kernel::{Role, TenantId};
use serde_json::json;
use store::{Scope, outbox};

use super::*;

async fn roles(app: &App, client: &Client) -> Vec<(String, String)> {
    let members = app.get(client, "/members").await;
    let members = members.is(200)["data"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    members
        .iter()
        .map(|member| (text(&member["name"]), text(&member["role"])))
        .collect()
}

async fn set_role(app: &App, by: &Client, of: &Client, role: &str) -> Answer {
    app.call(
        by,
        "PATCH",
        &format!("/members/{}", of.id),
        json!({ "role": role }),
    )
    .await
}

async fn remove(app: &App, by: &Client, who: &Client) -> Answer {
    app.call(by, "DELETE", &format!("/members/{}", who.id), Value::Null)
        .await
}

async fn tenant(app: &App, client: &Client) -> TenantId {
    let current = app.get(client, "/organizations/current").await;
    current.is(200)["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn roles_change_at_once_and_are_told() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let bob = app.join(&ada, "bob", "viewer").await;
        assert_eq!(
            roles(&app, &bob).await,
            [
                ("ada".into(), "owner".into()),
                ("bob".into(), "viewer".into())
            ]
        );
        app.post(
            &bob,
            "/invitations",
            json!({ "email": "x@example.org", "role": "viewer" }),
        )
        .await
        .fails(403, "FORBIDDEN");

        let changed = set_role(&app, &ada, &bob, "editor").await;
        assert_eq!(changed.is(200)["role"], "publisher");
        assert_eq!(changed.body["email"], "bob@example.org");
        let unknown = set_role(&app, &ada, &bob, "boss").await;
        assert_eq!(unknown.fields(), ["role:unknown_role"]);
        set_role(&app, &ada, &bob, "admin").await.is(200);
        app.post(
            &bob,
            "/invitations",
            json!({ "email": "x@example.org", "role": "viewer" }),
        )
        .await
        .is(201);

        let mut tx = app
            .db
            .db
            .read(Scope::Tenant(tenant(&app, &ada).await))
            .await
            .unwrap();
        let events = outbox::read_after(&mut tx, 0, 10).await.unwrap();
        let told: Vec<_> = events
            .iter()
            .map(|(_, event)| (event.kind.as_str(), &event.data["change"]))
            .collect();
        assert_eq!(
            told,
            [
                ("member.changed", &json!("joined")),
                ("member.changed", &json!("role_changed")),
                ("member.changed", &json!("role_changed")),
            ]
        );
        assert_eq!(events[0].1.subject_id.to_string(), bob.id);
    }
}

#[tokio::test]
async fn only_an_owner_makes_and_unmakes_owners() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let bob = app.join(&ada, "bob", "admin").await;
        set_role(&app, &bob, &bob, "owner")
            .await
            .fails(403, "FORBIDDEN");
        set_role(&app, &bob, &ada, "viewer")
            .await
            .fails(403, "FORBIDDEN");
        remove(&app, &bob, &ada).await.fails(403, "FORBIDDEN");
        let invite = json!({ "email": "eve@example.org", "role": "owner" });
        app.post(&bob, "/invitations", invite.clone())
            .await
            .fails(403, "FORBIDDEN");
        app.post(&ada, "/invitations", invite).await.is(201);
        set_role(&app, &ada, &bob, "owner").await.is(200);
        set_role(&app, &bob, &ada, "viewer").await.is(200);
    }
}

#[tokio::test]
async fn the_last_owner_stays() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let bob = app.join(&ada, "bob", "manager").await;
        for answer in [
            set_role(&app, &ada, &ada, "admin").await,
            remove(&app, &ada, &ada).await,
        ] {
            let error = answer.fails(409, "CONFLICT");
            assert!(
                error["message"].as_str().unwrap().contains("last"),
                "{error}"
            );
        }
        // Two owners who demote each other at once: one of them stays.
        let (mut owner, mut other) = (ada, bob);
        for _ in 0..10 {
            set_role(&app, &owner, &other, "owner").await.is(200);
            let (one, two) = tokio::join!(
                set_role(&app, &owner, &other, "viewer"),
                set_role(&app, &other, &owner, "viewer")
            );
            let mut statuses = [one.status, two.status];
            statuses.sort_unstable();
            assert!(matches!(statuses, [200, 403 | 409]), "{statuses:?}");
            if two.status == 200 {
                (owner, other) = (other, owner);
            }
            let owners = roles(&app, &owner).await;
            assert_eq!(owners.iter().filter(|(_, role)| role == "owner").count(), 1);
        }
    }
}

#[tokio::test]
async fn who_is_removed_is_out_at_once_and_who_wants_to_leaves() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let bob = app.join(&ada, "bob", "programmer").await;
        let eve = app.join(&ada, "eve", "viewer").await;
        let token = json!({ "name": "n8n", "scopes": ["posts:read"] });
        let made = app.post(&bob, "/api-tokens", token).await;
        let program = Client::bearer(made.is(201)["token"].as_str().unwrap());
        app.get(&program, "/auth/me").await.is(200);
        remove(&app, &eve, &bob).await.fails(403, "FORBIDDEN");

        remove(&app, &ada, &bob).await.is(204);
        app.get(&bob, "/auth/me")
            .await
            .fails(401, "SESSION_EXPIRED");
        app.get(&program, "/auth/me")
            .await
            .fails(401, "UNAUTHENTICATED");
        let refresh = json!({ "refreshToken": bob.refresh });
        app.post(&Client::anonymous(), "/auth/refresh", refresh)
            .await
            .fails(401, "SESSION_EXPIRED");
        app.log_in("bob", PASSWORD).await.fails(403, "FORBIDDEN");
        remove(&app, &ada, &bob).await.fails(404, "NOT_FOUND");

        remove(&app, &eve, &eve).await.is(204);
        assert_eq!(roles(&app, &ada).await, [("ada".into(), "owner".into())]);
    }
}

#[tokio::test]
async fn who_is_removed_goes_on_where_he_still_belongs() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let bob = app.register("bob").await;
        let invited = app
            .post(
                &ada,
                "/invitations",
                json!({ "email": "bob@example.org", "role": "viewer" }),
            )
            .await;
        let joined = app
            .post(
                &bob,
                "/invitations/accept",
                json!({ "token": invited.link_token() }),
            )
            .await;
        let bob = joined.client();
        remove(&app, &ada, &bob).await.is(204);
        let refresh = json!({ "refreshToken": bob.refresh });
        let at_home = app
            .post(&Client::anonymous(), "/auth/refresh", refresh)
            .await
            .client();
        let me = app.get(&at_home, "/auth/me").await;
        assert_eq!(me.is(200)["organization"]["name"], "bob's team");
    }
}

/// Each operation, asked by each role: the permission table is what decides.
#[tokio::test]
async fn the_permission_table_decides() {
    use kernel::Permission::{
        self, MembersManage, MembersRead, OrganizationManage, OrganizationRead, TokensManage,
    };
    let nobody = "01900000-0000-7000-8000-000000000000";
    let invitation = json!({ "email": "new@example.org", "role": "viewer" });
    let token = json!({ "name": "t", "scopes": ["posts:read"] });
    let operations: Vec<(&str, String, Value, Permission)> = vec![
        (
            "GET",
            "/organizations/current".into(),
            Value::Null,
            OrganizationRead,
        ),
        (
            "PATCH",
            "/organizations/current".into(),
            json!({}),
            OrganizationManage,
        ),
        ("GET", "/members".into(), Value::Null, MembersRead),
        (
            "PATCH",
            format!("/members/{nobody}"),
            json!({ "role": "viewer" }),
            MembersManage,
        ),
        (
            "DELETE",
            format!("/members/{nobody}"),
            Value::Null,
            MembersManage,
        ),
        ("GET", "/invitations".into(), Value::Null, MembersRead),
        ("POST", "/invitations".into(), invitation, MembersManage),
        (
            "DELETE",
            format!("/invitations/{nobody}"),
            Value::Null,
            MembersManage,
        ),
        ("GET", "/api-tokens".into(), Value::Null, TokensManage),
        ("POST", "/api-tokens".into(), token, TokensManage),
        (
            "DELETE",
            format!("/api-tokens/{nobody}"),
            Value::Null,
            TokensManage,
        ),
    ];
    for app in apps().await {
        let owner = app.register("ada").await;
        for role in Role::ALL {
            let client = app.join(&owner, &format!("a-{role}"), role.as_str()).await;
            for (method, path, body, permission) in &operations {
                let answer = app.call(&client, method, path, body.clone()).await;
                if role.holds(*permission) {
                    assert!(
                        matches!(answer.status, 200 | 201 | 404),
                        "{role} {answer:?}"
                    );
                } else {
                    let error = answer.fails(403, "FORBIDDEN");
                    assert_eq!(error["details"]["permission"], json!(permission), "{role}");
                }
            }
        }
    }
}
