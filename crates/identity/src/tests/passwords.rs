use serde_json::json;

use super::*;

const WRONG: &str = "Wrong-Horse-7";

#[tokio::test]
async fn a_wrong_password_and_an_unknown_email_answer_alike() {
    for app in apps().await {
        app.register("ada").await;
        app.log_in("ada", PASSWORD).await.is(200);
        let wrong = app.log_in("ada", WRONG).await;
        let unknown = app.log_in("nobody", WRONG).await;
        assert_eq!(
            wrong.fails(401, "INVALID_CREDENTIALS"),
            unknown.fails(401, "INVALID_CREDENTIALS")
        );
    }
}

#[tokio::test]
async fn five_failures_lock_the_email_in_every_process_and_for_longer_each_time() {
    for app in apps().await {
        app.register("ada").await;
        app.register("bob").await;
        for _ in 0..5 {
            app.log_in("ada", WRONG)
                .await
                .fails(401, "INVALID_CREDENTIALS");
        }
        let locked = app.log_in("ADA", PASSWORD).await;
        locked.fails(429, "LOCKED_OUT");
        assert_eq!(locked.headers["retry-after"], "60");
        let other_process = router(&app.replica(config()), &app.env);
        let body = json!({ "email": "ada@example.org", "password": PASSWORD });
        let elsewhere = Client::anonymous().at("198.51.100.9");
        send(other_process, &elsewhere, "POST", "/auth/login", body)
            .await
            .fails(429, "LOCKED_OUT");
        app.log_in("bob", PASSWORD).await.is(200);

        app.pass(Duration::from_mins(1));
        app.log_in("ada", WRONG)
            .await
            .fails(401, "INVALID_CREDENTIALS");
        assert_eq!(
            app.log_in("ada", PASSWORD).await.headers["retry-after"],
            "120"
        );
        app.pass(Duration::from_mins(2));
        app.log_in("ada", PASSWORD).await.is(200);

        // That success reset the count.
        for _ in 0..4 {
            app.log_in("ada", WRONG)
                .await
                .fails(401, "INVALID_CREDENTIALS");
        }
        app.log_in("ada", PASSWORD).await.is(200);
    }
}

#[tokio::test]
async fn attempts_at_once_do_not_slip_past_the_lock() {
    for app in apps().await {
        app.register("ada").await;
        let attempts = (0..20).map(|_| app.log_in("ada", WRONG));
        let answers = futures::future::join_all(attempts).await;
        let tried = answers
            .iter()
            .filter(|answer| answer.code() == "INVALID_CREDENTIALS")
            .count();
        assert!((5..=6).contains(&tried), "{tried} passwords were tried");
    }
}

#[tokio::test]
async fn unknown_emails_lock_too_and_so_does_an_address() {
    for app in apps().await {
        app.register("ada").await;
        for number in 0..20 {
            let name = format!("guess{}", number / 5);
            app.log_in(&name, WRONG)
                .await
                .fails(401, "INVALID_CREDENTIALS");
        }
        app.log_in("guess0", WRONG).await.fails(429, "LOCKED_OUT");
        app.log_in("ada", PASSWORD).await.fails(429, "LOCKED_OUT");
        let body = json!({ "email": "ada@example.org", "password": PASSWORD });
        let elsewhere = Client::anonymous().at("198.51.100.9");
        app.post(&elsewhere, "/auth/login", body).await.is(200);
        app.pass(Duration::from_hours(2));
        app.log_in("guess0", WRONG)
            .await
            .fails(401, "INVALID_CREDENTIALS");
    }
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    for app in apps().await {
        let here = app.register("ada").await;
        let there = app.log_in("ada", PASSWORD).await.client();
        let change =
            |current: &str, new: &str| json!({ "currentPassword": current, "newPassword": new });

        let wrong = app
            .post(&here, "/auth/password", change(WRONG, "Other-Horse-8"))
            .await;
        assert_eq!(wrong.fields(), ["currentPassword:wrong_password"]);
        let weak = app
            .post(&here, "/auth/password", change(PASSWORD, "Ada-is-1"))
            .await;
        assert_eq!(weak.fields(), ["newPassword:contains_email"]);
        app.get(&there, "/auth/me").await.is(200);

        app.post(&here, "/auth/password", change(PASSWORD, "Other-Horse-8"))
            .await
            .is(204);
        app.get(&here, "/auth/me").await.is(200);
        app.get(&there, "/auth/me")
            .await
            .fails(401, "SESSION_EXPIRED");
        let refresh = json!({ "refreshToken": there.refresh });
        app.post(&Client::anonymous(), "/auth/refresh", refresh)
            .await
            .fails(401, "SESSION_EXPIRED");
        app.log_in("ada", PASSWORD)
            .await
            .fails(401, "INVALID_CREDENTIALS");
        app.log_in("ada", "Other-Horse-8").await.is(200);
    }
}

#[tokio::test]
async fn guessing_the_current_password_locks_as_well() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let body = json!({ "currentPassword": WRONG, "newPassword": "Other-Horse-8" });
        for _ in 0..5 {
            app.post(&ada, "/auth/password", body.clone())
                .await
                .fails(422, "VALIDATION_FAILED");
        }
        app.post(&ada, "/auth/password", body)
            .await
            .fails(429, "LOCKED_OUT");
    }
}
