//! Writing posts, editing them, copying them, deleting them.

use accounts::{AccountStatus, SocialAccountId};
use axum::http::Method;
use kernel::Code;
use networks::Platform;
use serde_json::Value;

use super::{
    samples::{for_account, new_post, part, part_with},
    support::{TO_PUBLISHED, field_codes, fixtures},
};
use crate::{NewPost, NewTarget, Override, PostChanges, TargetSettings};

#[tokio::test]
async fn a_draft_comes_back_as_it_was_written() {
    for fixture in fixtures().await {
        fixture.introduce_caller().await;
        let (sky, elephant) = (
            fixture.account(Platform::Bluesky, "ada.bsky.social").await,
            fixture
                .account(Platform::Mastodon, "ada@example.social")
                .await,
        );
        let (shared, special) = (fixture.picture().await, fixture.picture().await);
        let post = fixture
            .draft(NewPost {
                title: Some(" Launch ".to_owned()),
                parts: vec![
                    part_with("Grüße \"quoted\" \u{1F600}", &[shared]),
                    part("second"),
                ],
                targets: vec![
                    for_account(elephant),
                    NewTarget {
                        social_account_id: sky,
                        override_: Some(Override {
                            parts: vec![part_with("short", &[special])],
                        }),
                        settings: TargetSettings::default(),
                    },
                ],
                time_zone: Some("Europe/Berlin".to_owned()),
            })
            .await
            .unwrap();
        let answer = fixture
            .get(&format!("/posts/{}", post.id))
            .await
            .assert_status(200);
        let body = &answer.body;
        assert_eq!(
            (&body["title"], &body["status"], &body["version"]),
            (&"Launch".into(), &"draft".into(), &1.into())
        );
        assert_eq!(body["parts"][0]["text"], "Grüße \"quoted\" \u{1F600}");
        assert_eq!(
            body["parts"][0]["media"][0]["contentId"],
            shared.to_string()
        );
        assert_eq!(body["parts"][1]["media"], serde_json::json!([]));
        assert_eq!(body["media"].as_array().unwrap().len(), 2);
        assert_eq!(body["timeZone"], "Europe/Berlin");
        assert_eq!(body["createdBy"]["name"], "Ada Lovelace");
        assert_eq!(body["scheduledAt"], Value::Null);
        let target = |index: usize| &body["targets"][index];
        assert_eq!(
            (&target(0)["platform"], &target(0)["accountName"]),
            (&"mastodon".into(), &"ada@example.social".into())
        );
        assert_eq!(
            (
                &target(0)["override"],
                &target(0)["status"],
                &target(0)["attempts"]
            ),
            (&Value::Null, &"draft".into(), &0.into())
        );
        assert_eq!(target(1)["override"]["parts"][0]["text"], "short");
        let created = fixture
            .events()
            .await
            .into_iter()
            .find(|event| event.kind == "post.created")
            .unwrap();
        assert_eq!(created.subject_id, post.id.0);
    }
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    for fixture in fixtures().await {
        let account = fixture.account(Platform::Bluesky, "a").await;
        let removed = fixture.account(Platform::Bluesky, "b").await;
        fixture
            .set_account_status(removed, AccountStatus::Disconnected)
            .await;
        let unknown: SocialAccountId = fixture.env.id();
        let refused = |new: NewPost| async { field_codes(&fixture.draft(new).await.unwrap_err()) };
        let pair = |path: &str, code: &str| (path.to_owned(), code.to_owned());

        let nothing = NewPost {
            title: Some("x".repeat(201)),
            ..NewPost::default()
        };
        assert_eq!(
            refused(nothing).await,
            [pair("title", "too_long"), pair("parts", "required")]
        );
        let twice = new_post("x", &[account, account]);
        assert_eq!(
            refused(twice).await,
            [pair("targets[1].socialAccountId", "repeated")]
        );
        let zone = NewPost {
            time_zone: Some("Mars/Base".to_owned()),
            ..new_post("x", &[])
        };
        assert_eq!(refused(zone).await, [pair("timeZone", "unknown_time_zone")]);

        let stranger = fixture.stranger().await;
        let png = super::samples::encoded(9, 9, image::ImageFormat::Png);
        let theirs = fixture
            .upload_with(&stranger, &[], Some(("a.png", "image/png", &png)))
            .await
            .assert_status(201);
        let mut post = new_post("x", &[account, unknown, removed]);
        post.parts.push(part_with("y", &[theirs.id()]));
        post.targets[0].override_ = Some(Override {
            parts: vec![part_with("z", &[fixture.env.id()])],
        });
        assert_eq!(
            refused(post).await,
            [
                pair("targets[1].socialAccountId", "unknown_account"),
                pair("targets[2].socialAccountId", "unknown_account"),
                pair("parts[1].media[0].contentId", "unknown_content"),
                pair(
                    "targets[0].override.parts[0].media[0].contentId",
                    "unknown_content"
                ),
            ]
        );
        assert_eq!(fixture.get("/posts").await.body["pagination"]["total"], 0);
    }
}

#[tokio::test]
async fn an_edit_changes_what_it_names_and_counts_versions() {
    for fixture in fixtures().await {
        let (first, second, third) = (
            fixture.account(Platform::Bluesky, "one").await,
            fixture.account(Platform::Bluesky, "two").await,
            fixture.account(Platform::Mastodon, "three").await,
        );
        let post = fixture
            .draft(new_post("old", &[first, second]))
            .await
            .unwrap();
        let changes = PostChanges {
            version: 1,
            title: Some(Some("T".to_owned())),
            ..PostChanges::default()
        };
        let updated = fixture.edit(post.id, changes.clone()).await.unwrap();
        assert_eq!(
            (
                updated.post.version,
                updated.post.title.as_deref(),
                updated.post.parts[0].text.as_str()
            ),
            (2, Some("T"), "old")
        );

        let late = fixture.edit(post.id, changes).await.unwrap_err();
        assert_eq!(
            (late.code(), &late.details().unwrap()["version"]),
            (Code::VersionConflict, &2.into())
        );

        let changes = PostChanges {
            version: 2,
            title: Some(None),
            parts: Some(vec![part("new")]),
            targets: Some(vec![for_account(third), for_account(first)]),
        };
        let updated = fixture.edit(post.id, changes).await.unwrap();
        assert_eq!(updated.added.len(), 1);
        assert_eq!(updated.removed, [post.targets[1].id]);
        let mut tx = fixture.read().await;
        let stored = fixture.content.load(&mut tx, post.id).await.unwrap();
        assert_eq!(stored, updated.post);
        assert_eq!(
            stored
                .targets
                .iter()
                .map(|target| target.account)
                .collect::<Vec<_>>(),
            [third, first]
        );
        // The account that stayed is still the same target.
        assert_eq!(stored.targets[1].id, post.targets[0].id);
        assert_eq!((stored.title, stored.parts), (None, vec![part("new")]));
        assert_eq!(
            fixture.event_kinds().await,
            ["post.created", "post.updated", "post.updated"]
        );
    }
}

#[tokio::test]
async fn a_copy_is_a_fresh_draft_of_what_still_exists() {
    for fixture in fixtures().await {
        let (stays, goes) = (
            fixture.account(Platform::Bluesky, "stays").await,
            fixture.account(Platform::Bluesky, "goes").await,
        );
        let file = fixture.picture().await;
        let mut new = new_post("text", &[stays, goes]);
        new.parts[0] = part_with("text", &[file]);
        let post = fixture.draft(new).await.unwrap();
        for target in &post.targets {
            fixture.bring(target.id, TO_PUBLISHED).await;
        }
        fixture
            .set_account_status(goes, AccountStatus::Disconnected)
            .await;
        fixture
            .ask(Method::DELETE, &format!("/content/{file}"), Value::Null)
            .await
            .assert_status(204);

        // The original still opens, although its file is gone.
        let original = fixture
            .get(&format!("/posts/{}", post.id))
            .await
            .assert_status(200);
        assert_eq!(original.body["media"], serde_json::json!([]));
        let copy = fixture
            .ask(
                Method::POST,
                &format!("/posts/{}/duplicate", post.id),
                Value::Null,
            )
            .await
            .assert_status(201);
        assert_ne!(copy.text("/id"), post.id.to_string());
        assert_eq!(
            (&copy.body["status"], &copy.body["version"]),
            (&"draft".into(), &1.into())
        );
        assert_eq!(
            copy.body["parts"],
            serde_json::json!([{ "text": "text", "media": [] }])
        );
        assert_eq!(copy.body["targets"].as_array().unwrap().len(), 1);
        assert_eq!(
            (
                &copy.body["targets"][0]["status"],
                &copy.body["targets"][0]["publishedAt"]
            ),
            (&"draft".into(), &Value::Null)
        );
    }
}
