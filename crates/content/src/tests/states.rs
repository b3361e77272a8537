//! What may be done to a post in each state.

use kernel::Code;
use networks::Platform;

use super::{
    samples::{for_account, new_post, part},
    support::{TO_FAILED, TO_PUBLISHED, field_codes, fixtures},
};
use crate::{NewTarget, Override, PostChanges, PostStatus, TargetSettings, TargetStatus};

#[tokio::test]
async fn a_post_is_not_edited_or_deleted_while_it_is_being_sent() {
    for fixture in fixtures().await {
        let account = fixture.account(Platform::Bluesky, "one").await;
        let post = fixture.draft(new_post("x", &[account])).await.unwrap();
        let target = post.targets[0].id;
        fixture
            .bring(target, &[TargetStatus::Scheduled, TargetStatus::Publishing])
            .await;
        let changes = PostChanges {
            version: 1,
            ..PostChanges::default()
        };
        let problem = fixture.edit(post.id, changes.clone()).await.unwrap_err();
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

        fixture.bring(target, &[TargetStatus::Published]).await;
        let problem = fixture.edit(post.id, changes).await.unwrap_err();
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
        fixture.bring(post.targets[0].id, TO_PUBLISHED).await;
        fixture.bring(post.targets[1].id, TO_FAILED).await;

        let without = PostChanges {
            version: 1,
            targets: Some(vec![for_account(failed)]),
            ..PostChanges::default()
        };
        let problem = fixture.edit(post.id, without).await.unwrap_err();
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
        let updated = fixture.edit(post.id, changes).await.unwrap().post;
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
            fixture.edit(post.id, changes).await.unwrap().post.status,
            PostStatus::Published
        );
    }
}
