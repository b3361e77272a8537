use serde_json::json;

use super::*;

async fn invite(app: &App, by: &Client, email: &str, role: &str) -> Answer {
    app.post(by, "/invitations", json!({ "email": email, "role": role }))
        .await
}

async fn preview(app: &App, token: &str) -> Answer {
    app.post(
        &Client::anonymous(),
        "/invitations/preview",
        json!({ "token": token }),
    )
    .await
}

async fn accept(app: &App, client: &Client, token: &str, more: Value) -> Answer {
    let mut body = json!({ "token": token });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    app.post(client, "/invitations/accept", body).await
}

#[tokio::test]
async fn a_new_person_joins_by_link_once() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let invited = invite(&app, &ada, "Bob@example.org", "contributor").await;
        let url = invited.is(201)["url"].as_str().unwrap();
        assert!(
            url.starts_with("http://localhost:8080/invite?token="),
            "{url}"
        );
        let listed = app.get(&ada, "/invitations").await;
        let listed = &listed.is(200)["data"];
        assert_eq!(listed.as_array().unwrap().len(), 1);
        assert_eq!(
            (&listed[0]["invitedBy"], &listed[0]["role"]),
            (&json!("ada"), &json!("contributor"))
        );
        assert_eq!(listed[0].get("url"), None);

        let token = invited.link_token();
        assert_eq!(
            preview(&app, &token).await.is(200),
            &json!({
                "organizationName": "ada's team", "email": "Bob@example.org", "role": "contributor",
                "accountExists": false,
            })
        );
        let anonymous = Client::anonymous();
        let empty = accept(&app, &anonymous, &token, json!({})).await;
        assert_eq!(empty.fields(), ["password:required", "name:required"]);
        let weak = accept(
            &app,
            &anonymous,
            &token,
            json!({ "name": "Bob", "password": "Bob-is-12" }),
        )
        .await;
        assert_eq!(weak.fields(), ["password:contains_email"]);
        let good = json!({ "name": "Bob", "password": PASSWORD });
        let (one, other) = tokio::join!(
            accept(&app, &anonymous, &token, good.clone()),
            accept(&app, &anonymous, &token, good.clone())
        );
        let accepted = if one.status == 200 { &one } else { &other };
        assert_eq!(accepted.is(200)["user"]["role"], "contributor");
        assert_eq!(
            one.status.max(other.status) / 100,
            4,
            "{} {}",
            one.body,
            other.body
        );
        accept(&app, &anonymous, &token, good)
            .await
            .fails(404, "NOT_FOUND");
        preview(&app, &token).await.fails(404, "NOT_FOUND");
        assert_eq!(
            app.get(&ada, "/invitations").await.is(200)["data"],
            json!([])
        );
        invite(&app, &ada, "BOB@example.org", "viewer")
            .await
            .fails(409, "CONFLICT");
    }
}

#[tokio::test]
async fn a_person_with_an_account_joins_with_it() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let bob = app.register("bob").await;
        let eve = app.register("eve").await;
        let token = invite(&app, &ada, "bob@example.org", "manager")
            .await
            .link_token();
        assert_eq!(preview(&app, &token).await.is(200)["accountExists"], true);
        accept(&app, &eve, &token, json!({}))
            .await
            .fails(403, "FORBIDDEN");
        let joined = accept(&app, &bob, &token, json!({})).await;
        assert_eq!(joined.is(200)["user"]["role"], "manager");
        let me = app.get(&joined.client(), "/auth/me").await;
        assert_eq!(me.is(200)["organization"]["name"], "ada's team");
        assert_eq!(me.body["organizations"].as_array().unwrap().len(), 2);

        // Not logged in: the account's password proves who it is, and guesses count.
        let token = invite(&app, &ada, "eve@example.org", "viewer")
            .await
            .link_token();
        let anonymous = Client::anonymous();
        accept(
            &app,
            &anonymous,
            &token,
            json!({ "password": "Wrong-Horse-7", "name": "Eve" }),
        )
        .await
        .fails(401, "INVALID_CREDENTIALS");
        let browser = json!({ "password": PASSWORD, "transport": "cookie" });
        let joined = accept(&app, &anonymous, &token, browser).await;
        joined.is(200);
        let me = app.get(&joined.browser(), "/auth/me").await;
        assert_eq!(me.is(200)["user"]["name"], "eve");
    }
}

#[tokio::test]
async fn an_invitation_runs_out_is_replaced_and_is_withdrawn() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let first = invite(&app, &ada, "bob@example.org", "viewer").await;
        let second = invite(&app, &ada, "BOB@example.org", "admin").await;
        preview(&app, &first.link_token())
            .await
            .fails(404, "NOT_FOUND");
        assert_eq!(
            preview(&app, &second.link_token()).await.is(200)["role"],
            "admin"
        );

        app.pass(Duration::from_hours(7 * 24));
        let late = preview(&app, &second.link_token()).await;
        assert_eq!(
            late.fails(409, "INVALID_STATE")["details"]["status"],
            "expired"
        );
        let body = json!({ "name": "Bob", "password": PASSWORD });
        accept(&app, &Client::anonymous(), &second.link_token(), body)
            .await
            .fails(409, "INVALID_STATE");

        let ada = app.log_in("ada", PASSWORD).await.client();
        let third = invite(&app, &ada, "bob@example.org", "viewer").await;
        let path = format!("/invitations/{}", third.body["id"].as_str().unwrap());
        app.call(&ada, "DELETE", &path, Value::Null).await.is(204);
        app.call(&ada, "DELETE", &path, Value::Null)
            .await
            .fails(404, "NOT_FOUND");
        preview(&app, &third.link_token())
            .await
            .fails(404, "NOT_FOUND");
        let wrong = invite(&app, &ada, "bob", "boss").await;
        assert_eq!(wrong.fields(), ["email:not_an_email", "role:unknown_role"]);
    }
}
