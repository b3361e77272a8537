use serde_json::json;
use store::{Scope, outbox};

use super::*;

#[tokio::test]
async fn settings_are_changed_one_by_one_and_told() {
    for app in apps().await {
        let ada = app.register("ada").await;
        let change = |body| app.call(&ada, "PATCH", "/organizations/current", body);
        change(json!({ "name": " New name " })).await.is(200);
        let changed = change(json!({ "timeZone": "America/New_York", "missedPolicy": { "publishLateWithinMinutes": 5 } })).await;
        let body = changed.is(200);
        assert_eq!(body["name"], "New name");
        assert_eq!(body["timeZone"], "America/New_York");
        assert_eq!(body["missedPolicy"]["publishLateWithinMinutes"], 5);
        assert_eq!(app.get(&ada, "/organizations/current").await.is(200), body);

        let id = body["id"].as_str().unwrap().parse().unwrap();
        let tenant = app.identity.tenant(id).await.unwrap();
        assert_eq!(
            (
                tenant.time_zone.as_str(),
                tenant.publish_late_within_minutes
            ),
            ("America/New_York", 5)
        );
        let mut tx = app.db.db.read(Scope::Tenant(id)).await.unwrap();
        let events = outbox::read_after(&mut tx, 0, 10).await.unwrap();
        assert!(
            events
                .iter()
                .all(|(_, event)| event.kind == "organization.updated")
        );
        assert_eq!(events.len(), 2);

        let wrong = change(json!({
            "name": "", "timeZone": "Nowhere", "missedPolicy": { "publishLateWithinMinutes": -1 },
        }));
        assert_eq!(
            wrong.await.fields(),
            [
                "name:required",
                "timeZone:unknown_time_zone",
                "missedPolicy.publishLateWithinMinutes:out_of_range"
            ]
        );
        change(json!({ "missedPolicy": { "publishLateWithinMinutes": "soon" } }))
            .await
            .fails(400, "MALFORMED_BODY");
    }
}

#[tokio::test]
async fn a_person_owns_what_he_founds() {
    for app in apps().await {
        let ada = app.register("ada").await;
        app.pass(Duration::from_secs(1));
        let made = app
            .post(
                &ada,
                "/organizations",
                json!({ "name": "Second", "timeZone": "Asia/Tokyo" }),
            )
            .await;
        assert_eq!(made.is(201)["timeZone"], "Asia/Tokyo");
        let list = app.get(&ada, "/organizations").await;
        let list = list.is(200)["data"].as_array().unwrap();
        let names: Vec<_> = list
            .iter()
            .map(|organization| &organization["name"])
            .collect();
        assert_eq!(names, ["ada's team", "Second"]);
        assert!(
            list.iter()
                .all(|organization| organization["role"] == "owner")
        );
        assert_eq!(app.identity.tenants().await.unwrap().len(), 2);
        let wrong = app
            .post(
                &ada,
                "/organizations",
                json!({ "name": " ", "timeZone": "UTC+1" }),
            )
            .await;
        assert_eq!(
            wrong.fields(),
            ["name:required", "timeZone:unknown_time_zone"]
        );
    }
}
