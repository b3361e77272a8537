use kernel::Code;
use serde_json::{Value, json};
use store::{Location, Scope};

use super::*;
use crate::Registration;

#[tokio::test]
async fn a_newcomer_owns_his_organisation_and_is_logged_in() {
    for app in apps().await {
        let mut request = newcomer("ada");
        request["timeZone"] = json!("europe/berlin");
        let answer = app
            .post(&Client::anonymous(), "/auth/register", request)
            .await;
        let body = answer.is(201);
        assert_eq!(body["expiresIn"], 900);
        assert_eq!(body["user"]["role"], "owner");
        assert_eq!(body["user"]["avatarUrl"], Value::Null);
        assert!(answer.cookies().is_empty());

        let me = app.get(&answer.client(), "/auth/me").await;
        let me = me.is(200);
        assert_eq!(me["user"]["email"], "ada@example.org");
        assert_eq!(me["organization"]["slug"], "ada-s-team");
        assert_eq!(me["organization"]["timeZone"], "Europe/Berlin");
        assert_eq!(
            me["organization"]["missedPolicy"]["publishLateWithinMinutes"],
            60
        );
        assert_eq!(me["organizations"][0]["name"], "ada's team");
        assert_eq!(me["permissions"].as_array().unwrap().len(), 12);

        let tenants = app.identity.tenants().await.unwrap();
        assert_eq!(tenants.len(), 1);
        app.db.db.read(Scope::Tenant(tenants[0])).await.unwrap();
        let people = app
            .identity
            .people(&[answer.client().id.parse().unwrap()])
            .await
            .unwrap();
        assert_eq!(people.into_values().collect::<Vec<_>>(), ["ada"]);
    }
}

#[tokio::test]
async fn everything_wrong_is_named_at_once() {
    for app in apps().await {
        let request = json!({
            "email": "ada", "password": "ada", "name": " ", "tenantName": "x".repeat(121),
            "timeZone": "Mars/Olympus",
        });
        let answer = app
            .post(&Client::anonymous(), "/auth/register", request)
            .await;
        assert_eq!(
            answer.fields(),
            [
                "email:not_an_email",
                "password:too_short",
                "password:needs_upper_case",
                "password:needs_digit",
                "password:needs_special",
                "password:contains_email",
                "name:required",
                "tenantName:too_long",
                "timeZone:unknown_time_zone",
            ]
        );
        let unknown = json!({ "email": "ada@example.org", "isAdmin": true });
        app.post(&Client::anonymous(), "/auth/register", unknown)
            .await
            .fails(400, "MALFORMED_BODY");
    }
}

#[tokio::test]
async fn an_email_registers_once_whatever_its_case_and_leaves_nothing_half() {
    for app in apps().await {
        let upper = json!({
            "email": " ADA@Example.ORG ", "password": PASSWORD, "name": "Ada", "tenantName": "Ada",
        });
        let anonymous = Client::anonymous();
        let register = |body| app.post(&anonymous, "/auth/register", body);
        let (one, other) = tokio::join!(register(newcomer("ada")), register(upper));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{} {}", one.body, other.body);
        register(newcomer("ada")).await.fails(409, "EMAIL_TAKEN");
        assert_eq!(app.identity.tenants().await.unwrap().len(), 1);
        if let Location::Sqlite(folder) = &app.db.location {
            let files = std::fs::read_dir(folder.join("tenants")).unwrap();
            let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
            assert_eq!(
                names
                    .filter(|name| name.rsplit('.').next() == Some("db"))
                    .count(),
                1
            );
        }
    }
}

#[tokio::test]
async fn slugs_are_unique() {
    for app in apps().await {
        let owner = app.register("ada").await;
        let mut slugs = Vec::new();
        for name in ["Ümläut & Söhne!", "Ümläut & Söhne!", "日本"] {
            let made = app
                .post(&owner, "/organizations", json!({ "name": name }))
                .await;
            slugs.push(made.is(201)["slug"].as_str().unwrap().to_owned());
        }
        assert_eq!(slugs[0], "mlut-shne");
        assert!(slugs[1].starts_with("mlut-shne-"), "{slugs:?}");
        assert_eq!(slugs[2], "organization");
    }
}

#[tokio::test]
async fn an_installation_can_close_its_registration() {
    for app in apps_with(|| IdentityConfig {
        registration: Registration::FirstOnly,
        ..config()
    })
    .await
    {
        app.register("ada").await;
        let second = app
            .post(&Client::anonymous(), "/auth/register", newcomer("bob"))
            .await;
        second.fails(403, "FORBIDDEN");
    }
    for app in apps_with(|| IdentityConfig {
        registration: Registration::InviteOnly,
        ..config()
    })
    .await
    {
        let first = app
            .post(&Client::anonymous(), "/auth/register", newcomer("ada"))
            .await;
        first.fails(403, "FORBIDDEN");
    }
}

#[tokio::test]
async fn the_system_makes_people_and_resets_passwords() {
    for app in apps_with(|| IdentityConfig {
        registration: Registration::InviteOnly,
        ..config()
    })
    .await
    {
        let made = app
            .identity
            .create_user("eve@example.org", "Eve", PASSWORD.into(), "Eve & Co")
            .await;
        let (person, tenant) = made.unwrap();
        let session = app.log_in("eve", PASSWORD).await;
        assert_eq!(session.is(200)["user"]["id"], json!(person));
        assert_eq!(app.identity.tenant(tenant).await.unwrap().name, "Eve & Co");

        let again = app
            .identity
            .create_user("EVE@example.org", "Eve", PASSWORD.into(), "E")
            .await;
        assert_eq!(again.unwrap_err().code(), Code::EmailTaken);
        let weak = app
            .identity
            .reset_password("eve@example.org", "short".into())
            .await;
        assert_eq!(weak.unwrap_err().code(), Code::ValidationFailed);
        let nobody = app
            .identity
            .reset_password("nobody@example.org", "Other-Horse-8".into())
            .await;
        assert_eq!(nobody.unwrap_err().code(), Code::NotFound);

        app.identity
            .reset_password("Eve@example.org", "Other-Horse-8".into())
            .await
            .unwrap();
        app.get(&session.client(), "/auth/me")
            .await
            .fails(401, "SESSION_EXPIRED");
        app.log_in("eve", PASSWORD)
            .await
            .fails(401, "INVALID_CREDENTIALS");
        app.log_in("eve", "Other-Horse-8").await.is(200);
    }
}
