//! What publishing is given.

use std::collections::BTreeMap;

use axum::http::Method;
use networks::{Platform, descriptor::ImageRules};
use serde_json::json;

use super::{
    samples::{new_post, part, part_with},
    support::{fixture, fixtures},
};
use crate::{NextStep, Override, PartMedia, TargetStatus};

#[tokio::test]
async fn publishing_gets_what_each_account_is_to_have() {
    for fixture in fixtures().await {
        let (a, b) = (
            fixture.account(Platform::Bluesky, "a").await,
            fixture.account(Platform::Mastodon, "b").await,
        );
        let (file, other) = (fixture.picture().await, fixture.picture().await);
        fixture
            .ask(
                Method::PATCH,
                &format!("/content/{file}"),
                json!({ "altText": "From the library" }),
            )
            .await
            .assert_status(200);
        let mut new = new_post("", &[a, b]);
        new.title = Some("T".to_owned());
        new.parts = vec![part_with("for all", &[file, other]), part("second")];
        let mut special = part_with("for b", &[file]);
        special.media[0] = PartMedia {
            alt_text: Some("By hand".to_owned()),
            ..special.media[0].clone()
        };
        new.targets[1].override_ = Some(Override {
            parts: vec![special],
        });
        let post = fixture.draft(new).await.unwrap();
        let ids: Vec<_> = post.targets.iter().map(|target| target.id).collect();

        let mut tx = fixture.read().await;
        let asked = [ids[0], ids[1], fixture.env.id()];
        let loaded = fixture
            .content
            .load_for_publishing(&mut tx, fixture.caller.tenant, &asked)
            .await
            .unwrap();
        let mut loaded: BTreeMap<_, _> = loaded
            .into_iter()
            .map(|target| (target.target, target))
            .collect();
        assert_eq!(loaded.len(), 2);
        let (first, second) = (
            loaded.remove(&ids[0]).unwrap(),
            loaded.remove(&ids[1]).unwrap(),
        );
        assert_eq!(
            (first.post, first.account, first.platform),
            (post.id, a, Platform::Bluesky)
        );
        assert_eq!(
            (first.post_title.as_deref(), first.created_by, first.status),
            (Some("T"), fixture.caller.person, TargetStatus::Draft)
        );
        let parts = first.content.unwrap().parts;
        assert_eq!(
            parts.iter().map(|part| &*part.text).collect::<Vec<_>>(),
            ["for all", "second"]
        );
        let alts: Vec<_> = parts[0]
            .media
            .iter()
            .map(|media| &*media.alt_text)
            .collect();
        assert_eq!(alts, ["From the library", ""]);
        let rules = ImageRules {
            max_bytes: 1 << 20,
            max_side: 2000,
            types: &["image/png"],
            min_side: 1,
            aspect: None,
        };
        let image = parts[0].media[0].source.image(&rules).await.unwrap();
        assert_eq!((image.width, image.height), (30, 20));
        let parts = second.content.unwrap().parts;
        assert_eq!(
            (&*parts[0].text, &*parts[0].media[0].alt_text, parts.len()),
            ("for b", "By hand", 1)
        );
    }
}

#[tokio::test]
async fn a_file_that_is_gone_is_told_for_its_target_alone() {
    let fixture = fixture().await;
    let account = fixture.account(Platform::Bluesky, "a").await;
    let file = fixture.picture().await;
    let mut with_file = new_post("", &[account]);
    with_file.parts = vec![part_with("x", &[file])];
    let broken = fixture.draft(with_file).await.unwrap();
    let fine = fixture.draft(new_post("y", &[account])).await.unwrap();
    let mut tx = fixture.write().await;
    crate::repo::contents::delete(&mut tx, file).await.unwrap();
    let ids = [broken.targets[0].id, fine.targets[0].id];
    let loaded = fixture
        .content
        .load_for_publishing(&mut tx, fixture.caller.tenant, &ids)
        .await
        .unwrap();
    for target in loaded {
        match target.content {
            Err(problem) => {
                assert_eq!(
                    (target.target, &*problem.code, problem.next_step),
                    (ids[0], "missing_file", NextStep::Edit)
                );
            }
            Ok(content) => {
                assert_eq!((target.target, &*content.parts[0].text), (ids[1], "y"));
            }
        }
    }
}
