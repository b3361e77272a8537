//! Preflight, as a composer asks for it.

use std::time::Duration;

use accounts::AccountStatus;
use axum::http::Method;
use networks::Platform;
use serde_json::{Value, json};

use super::{
    samples::{new_post, part_with},
    support::{Answer, fixtures},
};
use crate::{Plan, PublishedPost, TargetOutcome, TargetStatus};

/// Codes, each with its part and file, of one target or (at "") of the post as a whole.
fn codes(answer: &Answer, at: &str) -> Vec<Value> {
    let problems = answer
        .body
        .pointer(&format!("{at}/problems"))
        .and_then(Value::as_array);
    let problems = problems.unwrap_or_else(|| panic!("{answer:?}"));
    problems
        .iter()
        .map(|problem| json!([problem["code"], problem["part"], problem["mediaIndex"]]))
        .collect()
}

#[tokio::test]
async fn each_account_is_judged_by_its_own_text_and_rules() {
    for fixture in fixtures().await {
        let (sky, elephant) = (
            fixture.account(Platform::Bluesky, "sky").await,
            fixture.account(Platform::Mastodon, "elephant").await,
        );
        let long = "a".repeat(400);
        let plan = json!({ "parts": [{ "text": long }], "targets": [{ "socialAccountId": sky }, { "socialAccountId": elephant }] });
        let report = fixture
            .ask(Method::POST, "/posts/preflight", plan)
            .await
            .assert_status(200);
        assert_eq!(report.body["ok"], false);
        assert_eq!(
            (
                &report.body["targets"][0]["ok"],
                &report.body["targets"][1]["ok"]
            ),
            (&json!(false), &json!(true))
        );
        assert_eq!(
            report.body["targets"][0]["counts"],
            json!([{ "part": 0, "characters": 400, "limit": 300 }])
        );
        assert_eq!(
            report.body["targets"][1]["counts"],
            json!([{ "part": 0, "characters": 400, "limit": 500 }])
        );
        assert_eq!(
            codes(&report, "/targets/0"),
            [json!(["text_too_long", 0, null])]
        );
        assert!(
            report
                .text("/targets/0/problems/0/message")
                .contains("shorten it by 100")
        );

        let short = json!({ "parts": [{ "text": "short" }] });
        let plan = json!({
            "parts": [{ "text": long }],
            "targets": [{ "socialAccountId": sky, "override": short }, { "socialAccountId": elephant }],
        });
        let report = fixture
            .ask(Method::POST, "/posts/preflight", plan)
            .await
            .assert_status(200);
        assert_eq!(
            (&report.body["ok"], &report.body["problems"]),
            (&json!(true), &json!([]))
        );
    }
}

#[tokio::test]
async fn every_problem_is_told_at_once() {
    for fixture in fixtures().await {
        let (expired, doubtful) = (
            fixture.account(Platform::Bluesky, "expired").await,
            fixture.account(Platform::Bluesky, "doubtful").await,
        );
        fixture
            .set_account_status(expired, AccountStatus::Expired)
            .await;
        fixture
            .set_account_status(doubtful, AccountStatus::Error)
            .await;
        let file = fixture.picture().await;
        let mut pdf = b"%PDF-1.7\nstartxref 0 %%EOF".to_vec();
        pdf.resize(300, b' ');
        let document = fixture
            .upload("a.pdf", "application/pdf", &pdf)
            .await
            .assert_status(201);
        let missing = fixture.env.uuid();
        let media = json!([
            { "contentId": missing, "altText": "" },
            { "contentId": file },
            { "contentId": document.text("/id"), "altText": "A plan" },
        ]);
        let plan = json!({
            "parts": [{ "text": "", "media": media }],
            "targets": [{ "socialAccountId": expired }, { "socialAccountId": doubtful }, { "socialAccountId": fixture.env.uuid() }],
            "scheduledAt": "2020-01-01T00:00:00Z",
        });
        let report = fixture
            .ask(Method::POST, "/posts/preflight", plan)
            .await
            .assert_status(200);
        assert_eq!(
            codes(&report, ""),
            [
                json!(["schedule_in_past", null, null]),
                json!(["unknown_account", null, null])
            ]
        );
        let of_files = [
            json!(["missing_file", 0, 0]),
            json!(["alt_text_missing", 0, 1]),
            json!(["media_type_not_supported", 0, 2]),
        ];
        assert_eq!(
            codes(&report, "/targets/0"),
            [&[json!(["account_expired", null, null])], &of_files[..]].concat()
        );
        assert_eq!(
            codes(&report, "/targets/1"),
            [&[json!(["account_in_doubt", null, null])], &of_files[..]].concat()
        );
        assert_eq!(report.body["ok"], false);

        let nothing = json!({ "parts": [{ "text": "x" }], "targets": [] });
        let report = fixture
            .ask(Method::POST, "/posts/preflight", nothing)
            .await
            .assert_status(200);
        assert_eq!(codes(&report, ""), [json!(["no_targets", null, null])]);
        let shapeless = json!({ "parts": [], "targets": [] });
        fixture
            .ask(Method::POST, "/posts/preflight", shapeless)
            .await
            .assert_problem(422, "VALIDATION_FAILED", "");
        let unread = json!({ "parts": [{ "txt": "x" }], "targets": [] });
        fixture
            .ask(Method::POST, "/posts/preflight", unread)
            .await
            .assert_problem(400, "MALFORMED_BODY", "txt");
    }
}

#[tokio::test]
async fn a_stored_post_is_judged_where_it_is_still_to_go() {
    for fixture in fixtures().await {
        let (out, open) = (
            fixture.account(Platform::Bluesky, "out").await,
            fixture.account(Platform::Bluesky, "open").await,
        );
        let file = fixture.picture().await;
        fixture
            .ask(
                Method::PATCH,
                &format!("/content/{file}"),
                json!({ "altText": "Described" }),
            )
            .await
            .assert_status(200);
        let mut new = new_post("", &[out, open]);
        new.parts = vec![part_with("x", &[file])];
        let post = fixture.draft(new).await.unwrap();
        let mut tx = fixture.write().await;
        for status in [
            TargetStatus::Scheduled,
            TargetStatus::Publishing,
            TargetStatus::Published,
        ] {
            let published = PublishedPost {
                at: fixture.env.now(),
                platform_post_id: "1".to_owned(),
                url: None,
                result: Value::Null,
            };
            let outcome = TargetOutcome {
                published: Some(published),
                ..TargetOutcome::new(post.targets[0].id, status)
            };
            fixture
                .content
                .set_target_states(&mut tx, &[outcome])
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        fixture
            .set_account_status(out, AccountStatus::Expired)
            .await;

        let report = fixture
            .ask(
                Method::POST,
                &format!("/posts/{}/preflight", post.id),
                Value::Null,
            )
            .await
            .assert_status(200);
        assert_eq!(
            (
                &report.body["ok"],
                report.body["targets"].as_array().unwrap().len()
            ),
            (&json!(true), 1)
        );
        // The library's description counts.
        assert_eq!(codes(&report, "/targets/0"), Vec::<Value>::new());

        let mut tx = fixture.read().await;
        let stored = fixture.content.load(&mut tx, post.id).await.unwrap();
        let mut plan = Plan::from(&stored);
        plan.scheduled_at = Some(fixture.env.now());
        fixture.clock.advance(Duration::from_secs(1));
        let report = fixture.content.preflight(&mut tx, &plan).await.unwrap();
        let problem = report.into_problem();
        assert_eq!(problem.code(), kernel::Code::PreflightFailed);
        assert!(problem.message().contains("has passed"), "{problem}");
        assert_eq!(
            problem.details().unwrap()["problems"][0]["code"],
            "schedule_in_past"
        );
    }
}
