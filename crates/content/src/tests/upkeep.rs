//! Files made to fit when something goes wrong, and what is removed in time.

use std::time::Duration;

use image::ImageFormat;
use serde_json::json;

use super::{
    films::mp4,
    render::{ALL, rules},
    renditions::{opened, video_rules},
    samples::encoded,
    support::{fixture, fixtures},
};
use crate::{
    media::{child::ToolError, plan::Plan, rendition::Prepared, tool::Input},
    repo,
};

#[tokio::test]
async fn work_of_a_process_that_died_is_done_again_when_its_lease_ends() {
    for fixture in fixtures().await {
        let (id, source) = fixture.source(&mp4()).await;
        let rules = video_rules();
        // Somebody else is at it, and a tenth is done.
        let file = opened(&source, &rules).await;
        drop(file);
        let recipe = fixture.renditions(id).await[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let (now, worker) = (fixture.env.now(), fixture.env.uuid());
        let until = now + Duration::from_secs(30);
        let mut tx = fixture.write().await;
        let claimed = repo::renditions::claim(&mut tx, id, &recipe, worker, now, until).await;
        assert!(claimed.unwrap());
        let renewed = repo::renditions::renew(&mut tx, id, &recipe, worker, 100, until).await;
        assert!(renewed.unwrap());
        tx.commit().await.unwrap();

        let record = fixture.record(id).await;
        let plan = Plan::new(&record, &rules).unwrap();
        let tenant = fixture.caller.tenant;
        let ask = || {
            fixture
                .content
                .fitting_video(tenant, &record, plan.clone(), rules.max_bytes)
        };
        assert_eq!(ask().await.unwrap(), Prepared::Working(100));
        let shown = fixture.renditions(id).await;
        assert_eq!(
            (&shown[0]["state"], &shown[0]["progress"]),
            (&json!("working"), &json!(0.1))
        );

        fixture.clock.advance(Duration::from_secs(31));
        assert_eq!(ask().await.unwrap(), Prepared::Working(0));
        let file = opened(&source, &rules).await;
        assert_eq!(file.facts().width, Some(320));
        // The dead process, should it wake, can't write over it.
        let mut tx = fixture.write().await;
        let renewed = repo::renditions::renew(&mut tx, id, &recipe, worker, 100, until).await;
        assert!(!renewed.unwrap());
    }
}

#[tokio::test]
async fn a_disk_that_fills_up_while_a_video_is_made_is_told() {
    let fixture = fixture().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.mp4");
    std::fs::write(&path, mp4()).unwrap();
    let input = Input {
        path: &path,
        format: "mov",
    };
    let options = ["-c", "copy", "-f", "matroska"].map(str::to_owned);
    let tools = &fixture.content.media.tools;
    let limit = Duration::from_secs(20);
    let answer = tools
        .convert(input, &options, "/dev/full".as_ref(), limit, |_| {})
        .await;
    assert!(matches!(answer, Err(ToolError::DiskFull)), "{answer:?}");
}

#[tokio::test]
async fn what_nobody_needs_is_swept() {
    for fixture in fixtures().await {
        let tenant = fixture.caller.tenant;
        let storage = &fixture.content.media.storage;
        let (id, source) = fixture.source(&encoded(900, 600, ImageFormat::Png)).await;
        source.image(&rules(1 << 20, 300, ALL)).await.unwrap();
        // A crash between the file and its row.
        let lost = storage.path(tenant, fixture.env.id(), "original.mp4");
        std::fs::create_dir(lost.parent().unwrap()).unwrap();
        std::fs::write(&lost, "x").unwrap();
        let half = storage.path(tenant, id, "0123456789ab.mp4");
        std::fs::write(&half, "x").unwrap();
        let files = fixture.files();

        // Perhaps somebody is just about to write its row.
        let swept = fixture.content.sweep(tenant).await.unwrap();
        assert_eq!((swept.renditions, swept.files), (0, 0));
        fixture.clock.advance(Duration::from_hours(2));
        let swept = fixture.content.sweep(tenant).await.unwrap();
        assert_eq!((swept.renditions, swept.files), (0, 2));
        assert!(!lost.parent().unwrap().exists() && !half.exists());
        assert_eq!(fixture.files(), files - 2);

        // A use keeps it; a month without one does not.
        fixture.clock.advance(Duration::from_hours(20 * 24));
        source.image(&rules(1 << 20, 300, ALL)).await.unwrap();
        fixture.clock.advance(Duration::from_hours(20 * 24));
        assert_eq!(fixture.content.sweep(tenant).await.unwrap().renditions, 0);
        fixture.clock.advance(Duration::from_hours(20 * 24));
        let swept = fixture.content.sweep(tenant).await.unwrap();
        assert_eq!((swept.renditions, swept.files), (1, 1));
        // The original and its thumbnail are there, and it can be made again.
        source.image(&rules(1 << 20, 300, ALL)).await.unwrap();
    }
}
