//! Writing posts, editing them, copying them, deleting them.

use accounts::{AccountStatus, SocialAccountId};
use axum::http::Method;
use kernel::{Code, Problem};
use networks::Platform;
use serde_json::Value;

use super::{
    samples::{for_account, new_post, part, part_with},
    support::{Fixture, field_codes, fixtures},
};
use crate::{
    NewPost, NewTarget, Override, PostChanges, PostId, PostStatus, PublishedPost, TargetOutcome,
    TargetSettings, TargetStatus, UpdatedPost,
};

async fn edit(fixture: &Fixture, id: PostId, changes: PostChanges) -> Result<UpdatedPost, Problem> {
    let mut tx = fixture.write().await;
    let updated = fixture
        .content
        .update_draft(&mut tx, &fixture.caller, id, changes)
        .await?;
    tx.commit().await?;
    Ok(updated)
}

/// Brings targets into a state, on a way that the state machine allows.
async fn bring(fixture: &Fixture, target: crate::TargetId, path: &[TargetStatus]) {
    let mut tx = fixture.write().await;
    for status in path {
        let published = (*status == TargetStatus::Published).then(|| PublishedPost {
            at: fixture.env.now(),
            platform_post_id: "1".to_owned(),
            url: None,
            result: Value::Null,
        });
        let outcome = TargetOutcome {
            published,
            ..TargetOutcome::new(target, *status)
        };
        let applied = fixture
            .content
            .set_target_states(&mut tx, &[outcome])
            .await
            .unwrap();
        assert_eq!(applied.refused, []);
    }
    tx.commit().await.unwrap();
}

const TO_PUBLISHED: &[TargetStatus] = &[
    TargetStatus::Scheduled,
    TargetStatus::Publishing,
    TargetStatus::Published,
];
const TO_FAILED: &[TargetStatus] = &[TargetStatus::Scheduled, TargetStatus::Failed];

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
        assert_eq!(
            refused(new_post("a\0b", &[])).await,
            [pair("parts[0].text", "invalid_character")]
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
        let updated = edit(&fixture, post.id, changes.clone()).await.unwrap();
        assert_eq!(
            (
                updated.post.version,
                updated.post.title.as_deref(),
                updated.post.parts[0].text.as_str()
            ),
            (2, Some("T"), "old")
        );

        let late = edit(&fixture, post.id, changes).await.unwrap_err();
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
        let updated = edit(&fixture, post.id, changes).await.unwrap();
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
async fn a_post_is_not_edited_or_deleted_while_it_is_being_sent() {
    for fixture in fixtures().await {
        let account = fixture.account(Platform::Bluesky, "one").await;
        let post = fixture.draft(new_post("x", &[account])).await.unwrap();
        let target = post.targets[0].id;
        bring(
            &fixture,
            target,
            &[TargetStatus::Scheduled, TargetStatus::Publishing],
        )
        .await;
        let changes = PostChanges {
            version: 1,
            ..PostChanges::default()
        };
        let problem = edit(&fixture, post.id, changes.clone()).await.unwrap_err();
        assert_eq!(
            (problem.code(), &problem.details().unwrap()["status"]),
            (Code::InvalidState, &"publishing".into())
        );
        let mut tx = fixture.write().await;
        let problem = fixture
            .content
            .delete_post(&mut tx, &fixture.caller, post.id)
            .await
            .unwrap_err();
        assert_eq!(problem.code(), Code::InvalidState);
        drop(tx);

        bring(&fixture, target, &[TargetStatus::Published]).await;
        let problem = edit(&fixture, post.id, changes).await.unwrap_err();
        assert_eq!(
            (problem.code(), &problem.details().unwrap()["status"]),
            (Code::InvalidState, &"published".into())
        );
        assert!(problem.message().contains("Duplicate"));
        // Forgetting it here is fine.
        let mut tx = fixture.write().await;
        fixture
            .content
            .delete_post(&mut tx, &fixture.caller, post.id)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        fixture
            .get(&format!("/posts/{}", post.id))
            .await
            .assert_problem(404, "NOT_FOUND", "post");
        assert_eq!(
            fixture.event_kinds().await,
            ["post.created", "post.deleted"]
        );
    }
}

#[tokio::test]
async fn what_is_on_a_network_keeps_its_text_and_its_place() {
    for fixture in fixtures().await {
        let (out, failed) = (
            fixture.account(Platform::Bluesky, "out").await,
            fixture.account(Platform::Bluesky, "failed").await,
        );
        let post = fixture
            .draft(new_post("as sent", &[out, failed]))
            .await
            .unwrap();
        bring(&fixture, post.targets[0].id, TO_PUBLISHED).await;
        bring(&fixture, post.targets[1].id, TO_FAILED).await;

        let without = PostChanges {
            version: 1,
            targets: Some(vec![for_account(failed)]),
            ..PostChanges::default()
        };
        let problem = edit(&fixture, post.id, without).await.unwrap_err();
        assert_eq!(
            field_codes(&problem),
            [("targets".to_owned(), "already_published".to_owned())]
        );

        let another = NewTarget {
            social_account_id: out,
            override_: Some(Override {
                parts: vec![part("rewritten history")],
            }),
            settings: TargetSettings::default(),
        };
        let changes = PostChanges {
            version: 1,
            parts: Some(vec![part("better")]),
            targets: Some(vec![for_account(failed), another]),
            ..PostChanges::default()
        };
        let updated = edit(&fixture, post.id, changes).await.unwrap().post;
        assert_eq!(updated.parts_for(&updated.targets[0]), [part("better")]);
        assert_eq!(updated.parts_for(&updated.targets[1]), [part("as sent")]);
        assert_eq!(updated.status, PostStatus::Failed);
        // With the failed one gone, all of it is published.
        let changes = PostChanges {
            version: 2,
            targets: Some(vec![for_account(out)]),
            ..PostChanges::default()
        };
        assert_eq!(
            edit(&fixture, post.id, changes).await.unwrap().post.status,
            PostStatus::Published
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
            bring(&fixture, target.id, TO_PUBLISHED).await;
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
