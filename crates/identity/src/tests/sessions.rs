use serde_json::json;

use super::*;

const DAY: Duration = Duration::from_hours(24);

async fn refresh(app: &App, token: &str) -> Answer {
    app.post(
        &Client::anonymous(),
        "/auth/refresh",
        json!({ "refreshToken": token }),
    )
    .await
}

async fn browser(app: &App) -> Answer {
    let mut request = newcomer("ada");
    request["transport"] = json!("cookie");
    app.post(&Client::anonymous(), "/auth/register", request)
        .await
}

#[tokio::test]
async fn an_access_token_lasts_a_quarter_of_an_hour_and_a_refresh_token_gets_the_next() {
    for app in apps().await {
        let first = app.register("ada").await;
        app.pass(Duration::from_mins(15));
        app.get(&first, "/auth/me")
            .await
            .fails(401, "SESSION_EXPIRED");
        // An outdated access token does not keep anybody from refreshing.
        let body = json!({ "refreshToken": first.refresh });
        let second = app.post(&first, "/auth/refresh", body).await;
        assert_eq!(second.is(200)["expiresIn"], 900);
        let second = second.client();
        assert_ne!(second.refresh, first.refresh);
        app.get(&second, "/auth/me").await.is(200);
    }
}

#[tokio::test]
async fn a_refresh_token_that_comes_again_ends_the_session() {
    for app in apps().await {
        let first = app.register("ada").await;
        let second = refresh(&app, &first.refresh).await.client();
        let other_device = app.log_in("ada", PASSWORD).await.client();
        app.pass(Duration::from_secs(11));
        refresh(&app, &first.refresh)
            .await
            .fails(401, "SESSION_EXPIRED");
        refresh(&app, &second.refresh)
            .await
            .fails(401, "SESSION_EXPIRED");
        app.get(&second, "/auth/me")
            .await
            .fails(401, "SESSION_EXPIRED");
        app.get(&other_device, "/auth/me").await.is(200);
    }
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_both_go_on() {
    for app in apps().await {
        let first = app.register("ada").await;
        let (one, other) =
            tokio::join!(refresh(&app, &first.refresh), refresh(&app, &first.refresh));
        let (one, other) = (one.client(), other.client());
        app.pass(Duration::from_secs(10));
        let late = refresh(&app, &first.refresh).await.client();
        for tab in [one, other, late] {
            app.get(&tab, "/auth/me").await.is(200);
            refresh(&app, &tab.refresh).await.is(200);
        }
    }
}

#[tokio::test]
async fn a_session_lasts_thirty_days_after_its_last_use() {
    for app in apps().await {
        let mut client = app.register("ada").await;
        for _ in 0..3 {
            app.pass(DAY * 29);
            app.identity.prune().await.unwrap();
            client = refresh(&app, &client.refresh).await.client();
        }
        app.pass(DAY * 30);
        refresh(&app, &client.refresh)
            .await
            .fails(401, "SESSION_EXPIRED");
        app.identity.prune().await.unwrap();
        refresh(&app, &client.refresh)
            .await
            .fails(401, "SESSION_EXPIRED");
        refresh(&app, "nonsense")
            .await
            .fails(401, "SESSION_EXPIRED");
        app.post(&Client::anonymous(), "/auth/refresh", json!({}))
            .await
            .fails(401, "UNAUTHENTICATED");
        app.call(&Client::anonymous(), "POST", "/auth/refresh", Value::Null)
            .await
            .fails(401, "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn logging_out_ends_the_session_at_once_and_elsewhere_within_moments() {
    for app in apps().await {
        let client = app.register("ada").await;
        let remembers = || IdentityConfig {
            recheck_after: Duration::from_millis(200),
            ..config()
        };
        let replica = router(&app.replica(remembers()), &app.env);
        let there = || send(replica.clone(), &client, "GET", "/auth/me", Value::Null);
        there().await.is(200);
        app.post(&client, "/auth/logout", Value::Null).await.is(204);
        app.get(&client, "/auth/me")
            .await
            .fails(401, "SESSION_EXPIRED");
        refresh(&app, &client.refresh)
            .await
            .fails(401, "SESSION_EXPIRED");
        tokio::time::sleep(Duration::from_millis(250)).await;
        there().await.fails(401, "SESSION_EXPIRED");
        app.post(&Client::anonymous(), "/auth/logout", Value::Null)
            .await
            .fails(401, "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn what_was_proven_is_forgotten_at_once_in_the_process_that_changes_it() {
    let remembers = || IdentityConfig {
        recheck_after: Duration::from_hours(1),
        ..config()
    };
    for app in apps_with(remembers).await {
        let client = app.register("ada").await;
        app.get(&client, "/auth/me").await.is(200);
        app.post(&client, "/auth/logout", Value::Null).await.is(204);
        app.get(&client, "/auth/me")
            .await
            .fails(401, "SESSION_EXPIRED");
    }
}

#[tokio::test]
async fn a_browser_gets_cookies_and_no_tokens_in_the_body() {
    for app in apps().await {
        let answer = browser(&app).await;
        let body = answer.is(201);
        assert_eq!(
            (&body["accessToken"], &body["refreshToken"]),
            (&Value::Null, &Value::Null)
        );
        let cookies = answer.cookies();
        assert_eq!(body["csrfToken"], json!(cookies["allin_csrf"].0));
        let attributes = |name: &str| cookies[name].1.as_str();
        assert_eq!(
            attributes("allin_access"),
            "Path=/api; SameSite=Lax; HttpOnly; Max-Age=2592000"
        );
        assert_eq!(
            attributes("allin_refresh"),
            "Path=/api/v1/auth; SameSite=Strict; HttpOnly; Max-Age=2592000"
        );
        assert_eq!(
            attributes("allin_csrf"),
            "Path=/; SameSite=Lax; Max-Age=2592000"
        );
        app.get(&answer.browser(), "/auth/me").await.is(200);
    }
    let https = || {
        let public_url = "https://allin.example.org".parse().unwrap();
        IdentityConfig {
            public_url,
            ..config()
        }
    };
    for app in apps_with(https).await {
        assert!(
            browser(&app)
                .await
                .cookies()
                .values()
                .all(|(_, a)| a.ends_with("; Secure"))
        );
    }
}

#[tokio::test]
async fn a_cookie_changes_nothing_without_the_csrf_token() {
    for app in apps().await {
        let answer = browser(&app).await;
        let good = answer.browser();
        let cookie = good.headers[0].1.clone();
        let bare = Client::anonymous().with("cookie", &cookie);
        let csrf = &answer.cookies()["allin_csrf"].0;
        let foreign = bare
            .clone()
            .with("x-csrf-token", &csrf.replace(|c: char| c != '-', "A"));
        for client in [&bare, &foreign] {
            app.get(client, "/auth/me").await.is(200);
            let rename = json!({ "name": "Eve" });
            app.call(client, "PATCH", "/auth/me", rename)
                .await
                .fails(403, "CSRF_REJECTED");
            for path in ["/auth/refresh", "/auth/logout", "/auth/switch"] {
                app.post(client, path, json!({}))
                    .await
                    .fails(403, "CSRF_REJECTED");
            }
        }
        let me = app
            .call(&good, "PATCH", "/auth/me", json!({ "name": "Ada L." }))
            .await;
        assert_eq!(me.is(200)["user"]["name"], "Ada L.");
    }
}

#[tokio::test]
async fn a_browser_refreshes_and_logs_out_by_cookie() {
    for app in apps().await {
        let first = browser(&app).await.browser();
        app.pass(Duration::from_mins(16));
        app.get(&first, "/auth/me")
            .await
            .fails(401, "SESSION_EXPIRED");
        let refreshed = app.post(&first, "/auth/refresh", json!({})).await;
        assert_eq!(refreshed.is(200), &json!({ "expiresIn": 900 }));
        let second = refreshed.browser();
        app.get(&second, "/auth/me").await.is(200);

        // The access token has run out, but the refresh cookie says which session to end.
        app.pass(Duration::from_mins(16));
        let out = app.post(&second, "/auth/logout", Value::Null).await;
        out.is(204);
        assert!(
            out.cookies()
                .values()
                .all(|(value, a)| value.is_empty() && a.contains("Max-Age=0"))
        );
        app.post(&second, "/auth/refresh", json!({}))
            .await
            .fails(401, "SESSION_EXPIRED");
        // A cookie of a session that is over keeps nobody from logging in.
        let body = json!({ "email": "ada@example.org", "password": PASSWORD });
        app.post(&second, "/auth/login", body).await.is(200);
    }
}

#[tokio::test]
async fn a_switch_goes_on_in_another_organisation_with_the_same_transport() {
    for app in apps().await {
        let answer = browser(&app).await;
        let ada = answer.browser();
        let made = app
            .post(&ada, "/organizations", json!({ "name": "Second" }))
            .await;
        let second = made.is(201)["id"].clone();
        let switched = app
            .post(&ada, "/auth/switch", json!({ "organizationId": second }))
            .await;
        assert_eq!(switched.is(200)["accessToken"], Value::Null);
        let me = app.get(&switched.browser(), "/auth/me").await;
        assert_eq!(me.is(200)["organization"]["id"], second);
        // The refresh goes on where the person is.
        let refreshed = app
            .post(&switched.browser(), "/auth/refresh", json!({}))
            .await
            .browser();
        let me = app.get(&refreshed, "/auth/me").await;
        assert_eq!(me.is(200)["organization"]["name"], "Second");
        assert_eq!(me.body["organizations"].as_array().unwrap().len(), 2);

        let bearer = app.log_in("ada", PASSWORD).await;
        let back = me.body["organizations"][0]["id"].clone();
        let switched = app
            .post(
                &bearer.client(),
                "/auth/switch",
                json!({ "organizationId": back }),
            )
            .await;
        switched.is(200);
        app.get(&switched.client(), "/organizations/current")
            .await
            .is(200);
        let stranger = app.register("bob").await;
        let foreign = json!({ "organizationId": second });
        app.post(&stranger, "/auth/switch", foreign)
            .await
            .fails(404, "NOT_FOUND");
    }
}

#[tokio::test]
async fn what_is_not_a_token_of_ours_is_refused() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let token = ada.headers[0].1["Bearer ".len()..].to_owned();
        let (claims, _) = token.rsplit_once('.').unwrap();
        for bad in [
            "",
            "x",
            "a.b.c",
            "allin_nonsense",
            &format!("{claims}."),
            &format!("{token}x"),
        ] {
            app.get(&Client::bearer(bad), "/auth/me")
                .await
                .fails(401, "UNAUTHENTICATED");
        }
        let basic = Client::anonymous().with("authorization", "Basic YTpi");
        app.get(&basic, "/auth/me")
            .await
            .fails(401, "UNAUTHENTICATED");
        let other_key = IdentityConfig::new(
            SecretBox::new(Box::new([8; 32])),
            "http://localhost".parse().unwrap(),
        );
        let stranger = router(&app.replica(other_key), &app.env);
        send(stranger, &ada, "GET", "/auth/me", Value::Null)
            .await
            .fails(401, "UNAUTHENTICATED");
    }
}
