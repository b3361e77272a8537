//! What publishing tells of each account.

use std::time::Duration;

use kernel::Code;
use networks::Platform;
use serde_json::json;

use super::{samples::new_post, support::fixtures};
use crate::{
    NextStep, PostChange, PostStatus, PublishedPost, Refused, TargetId, TargetOutcome,
    TargetProblem, TargetStatus,
};

fn problem() -> TargetProblem {
    TargetProblem {
        code: "rate_limited".to_owned(),
        message: "Too many \"posts\".".to_owned(),
        next_step: NextStep::RetryLater,
        retry_at: None,
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
async fn outcomes_are_written_and_the_posts_follow() {
    for fixture in fixtures().await {
        let (a, b) = (
            fixture.account(Platform::Bluesky, "a").await,
            fixture.account(Platform::Mastodon, "b").await,
        );
        let post = fixture.draft(new_post("x", &[a, b])).await.unwrap();
        let alone = fixture.draft(new_post("y", &[a])).await.unwrap();
        let untouched = fixture.draft(new_post("z", &[b])).await.unwrap();
        let ids: Vec<TargetId> = post.targets.iter().map(|target| target.id).collect();
        let due = fixture.env.now() + Duration::from_mins(10);

        let mut tx = fixture.write().await;
        let scheduled = fixture
            .content
            .mark_scheduled(&mut tx, post.id, &ids, due)
            .await
            .unwrap();
        assert_eq!(
            (scheduled.status, scheduled.scheduled_at),
            (PostStatus::Scheduled, Some(due))
        );
        fixture
            .content
            .mark_scheduled(&mut tx, alone.id, &[alone.targets[0].id], due)
            .await
            .unwrap();
        let sending: Vec<_> = ids
            .iter()
            .map(|id| TargetOutcome::new(*id, TargetStatus::Publishing))
            .collect();
        let applied = fixture
            .content
            .set_target_states(&mut tx, &sending)
            .await
            .unwrap();
        let change = |before, after| PostChange {
            post: post.id,
            title: None,
            before,
            after,
        };
        assert_eq!(
            applied.changed,
            [change(PostStatus::Scheduled, PostStatus::Publishing)]
        );

        let at = fixture.env.now();
        let gone: TargetId = fixture.env.id();
        let outcomes = [
            TargetOutcome {
                published: Some(PublishedPost {
                    at,
                    platform_post_id: "at://x/1".to_owned(),
                    url: Some("https://bsky.app/1".to_owned()),
                    result: json!([{ "name": "post:0", "result": null }]),
                }),
                attempts: Some(1),
                ..TargetOutcome::new(ids[0], TargetStatus::Published)
            },
            TargetOutcome {
                problem: Some(problem()),
                attempts: Some(3),
                ..TargetOutcome::new(ids[1], TargetStatus::Failed)
            },
            TargetOutcome::new(gone, TargetStatus::Published),
            TargetOutcome::new(untouched.targets[0].id, TargetStatus::Published),
        ];
        let applied = fixture
            .content
            .set_target_states(&mut tx, &outcomes)
            .await
            .unwrap();
        assert_eq!(
            applied.changed,
            [change(PostStatus::Publishing, PostStatus::Failed)]
        );
        assert_eq!(
            applied.refused,
            [
                Refused {
                    target: gone,
                    status: None
                },
                Refused {
                    target: untouched.targets[0].id,
                    status: Some(TargetStatus::Draft)
                },
            ]
        );
        tx.commit().await.unwrap();

        let mut tx = fixture.read().await;
        let stored = fixture.content.load(&mut tx, post.id).await.unwrap();
        assert_eq!(stored.status, PostStatus::Failed);
        assert_eq!(stored.version, 1);
        let [ok, bad] = &stored.targets[..] else {
            panic!("{stored:?}")
        };
        assert_eq!(
            (ok.status, ok.published_at, ok.scheduled_at, ok.attempts),
            (TargetStatus::Published, Some(at), Some(due), 1)
        );
        assert_eq!(
            (
                ok.platform_post_id.as_deref(),
                ok.platform_post_url.as_deref()
            ),
            (Some("at://x/1"), Some("https://bsky.app/1"))
        );
        assert_eq!(
            ok.result,
            Some(json!([{ "name": "post:0", "result": null }]))
        );
        assert_eq!(
            (bad.status, &bad.problem, bad.attempts),
            (TargetStatus::Failed, &Some(problem()), 3)
        );
        assert_eq!(
            fixture
                .content
                .load(&mut tx, alone.id)
                .await
                .unwrap()
                .status,
            PostStatus::Scheduled
        );
        assert_eq!(
            fixture.content.load(&mut tx, untouched.id).await.unwrap(),
            untouched
        );
        drop(tx);

        // Another try clears the problem; taking a post down keeps what was known of it.
        let mut tx = fixture.write().await;
        fixture
            .content
            .mark_scheduled(&mut tx, post.id, &ids[1..], due)
            .await
            .unwrap();
        let down = [TargetOutcome::new(ids[0], TargetStatus::Deleted)];
        fixture
            .content
            .set_target_states(&mut tx, &down)
            .await
            .unwrap();
        let stored = fixture.content.load(&mut tx, post.id).await.unwrap();
        let [ok, bad] = &stored.targets[..] else {
            panic!("{stored:?}")
        };
        assert_eq!(
            (bad.status, &bad.problem, bad.attempts),
            (TargetStatus::Scheduled, &None, 0)
        );
        assert_eq!(
            (ok.status, ok.platform_post_id.as_deref(), ok.published_at),
            (TargetStatus::Deleted, Some("at://x/1"), Some(at))
        );
        let again = fixture
            .content
            .mark_scheduled(&mut tx, post.id, &ids, due)
            .await
            .unwrap_err();
        assert_eq!(again.code(), Code::InvalidState);
    }
}

#[tokio::test]
async fn a_large_batch_is_one_batch() {
    for fixture in fixtures().await {
        let account = fixture.account(Platform::Bluesky, "a").await;
        let mut tx = fixture.write().await;
        let mut targets = Vec::new();
        for index in 0..300 {
            let post = fixture
                .content
                .create_draft(
                    &mut tx,
                    &fixture.caller,
                    new_post(&format!("post {index}"), &[account]),
                )
                .await
                .unwrap();
            targets.push(post.targets[0].id);
        }
        let outcomes = |status| {
            targets
                .iter()
                .map(|id| TargetOutcome::new(*id, status))
                .collect::<Vec<_>>()
        };
        for status in [
            TargetStatus::Scheduled,
            TargetStatus::Publishing,
            TargetStatus::Published,
        ] {
            let applied = fixture
                .content
                .set_target_states(&mut tx, &outcomes(status))
                .await
                .unwrap();
            assert_eq!((applied.changed.len(), applied.refused.len()), (300, 0));
        }
        let loaded = fixture
            .content
            .load_for_publishing(&mut tx, fixture.caller.tenant, &targets)
            .await
            .unwrap();
        assert_eq!(loaded.len(), 300);
        tx.commit().await.unwrap();
        let list = fixture.get("/posts?status=published&limit=1").await;
        assert_eq!(list.body["pagination"]["total"], 300);
    }
}

#[tokio::test]
async fn two_accounts_of_one_post_finish_at_the_same_time() {
    for fixture in fixtures().await {
        let (a, b) = (
            fixture.account(Platform::Bluesky, "a").await,
            fixture.account(Platform::Bluesky, "b").await,
        );
        for _ in 0..5 {
            let post = fixture.draft(new_post("x", &[a, b])).await.unwrap();
            let ids: Vec<_> = post.targets.iter().map(|target| target.id).collect();
            let steps = |id, to: &[TargetStatus]| {
                to.iter()
                    .map(|status| TargetOutcome::new(id, *status))
                    .collect::<Vec<_>>()
            };
            let mut tx = fixture.write().await;
            for id in &ids {
                let outcomes = steps(*id, &[TargetStatus::Scheduled, TargetStatus::Publishing]);
                fixture
                    .content
                    .set_target_states(&mut tx, &outcomes)
                    .await
                    .unwrap();
            }
            tx.commit().await.unwrap();
            let finish = |id| {
                let (content, db, tenant) = (
                    fixture.content.clone(),
                    fixture.test.db.clone(),
                    fixture.caller.tenant,
                );
                tokio::spawn(async move {
                    let mut tx = db.write(store::Scope::Tenant(tenant)).await.unwrap();
                    let outcome = TargetOutcome::new(id, TargetStatus::Published);
                    content
                        .set_target_states(&mut tx, &[outcome])
                        .await
                        .unwrap();
                    tx.commit().await.unwrap();
                })
            };
            let (first, second) = (finish(ids[0]), finish(ids[1]));
            first.await.unwrap();
            second.await.unwrap();
            let mut tx = fixture.read().await;
            let stored = fixture.content.load(&mut tx, post.id).await.unwrap();
            assert_eq!(
                stored.status,
                PostStatus::Published,
                "{}",
                fixture.test.db.engine_name()
            );
        }
    }
}
