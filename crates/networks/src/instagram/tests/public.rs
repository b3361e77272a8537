use super::*;
use crate::connector::Metric;

#[tokio::test]
async fn numbers_of_posts_grow() {
    let world = world().await;
    let account = world.account().await;
    let insights = Instagram.insights().unwrap();
    for (format, media) in [("post", image("")), ("reel", video()), ("story", image(""))] {
        let request = world.request(
            format,
            if format == "story" { "" } else { "Numbers" },
            vec![media],
            json!({}),
        );
        let mut engine = world.engine(&account);
        engine.publish(&request).await.unwrap();
        let early = insights
            .post(&world.net, &account, &engine.done)
            .await
            .unwrap();
        world.clock.advance(Duration::from_hours(20));
        let late = insights
            .post(&world.net, &account, &engine.done)
            .await
            .unwrap();
        assert!(late[&Metric::Reach] > early.get(&Metric::Reach).copied().unwrap_or(0));
        assert_eq!(late.contains_key(&Metric::WatchSeconds), format == "reel");
        assert_eq!(late.contains_key(&Metric::Likes), format != "story");
    }
    let numbers = insights.account(&world.net, &account).await.unwrap();
    assert!(numbers[&Metric::Followers] > 12_000);
    assert_eq!(numbers[&Metric::Posts], 2, "without the story");
}

#[tokio::test]
async fn comments_are_read_answered_and_hidden() {
    let world = world().await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    engine
        .publish(&post(&world, "What do you think?"))
        .await
        .unwrap();
    world.clock.advance(Duration::from_hours(24 * 14));
    let comments = Instagram.comments().unwrap();
    let list = async || {
        let page = comments
            .list(&world.net, &account, &engine.done, None)
            .await;
        page.unwrap().comments
    };
    let before = list().await;
    assert!(!before.is_empty() && before.iter().all(|one| !one.own));
    assert!(
        before[0].created_at >= before.last().unwrap().created_at,
        "newest first"
    );

    let first = before.last().unwrap().id.clone();
    let reply = comments
        .reply(&world.net, &account, &engine.done, &first, "Thank you!")
        .await
        .unwrap();
    comments
        .set_hidden(&world.net, &account, &first, true)
        .await
        .unwrap();
    let after = list().await;
    let found = after.iter().find(|one| one.id == reply.id).unwrap();
    assert!(found.own && found.parent_id.as_deref() == Some(&first));
    assert!(after.iter().find(|one| one.id == first).unwrap().hidden);
    comments
        .set_hidden(&world.net, &account, &first, false)
        .await
        .unwrap();
    assert!(
        !list()
            .await
            .iter()
            .find(|one| one.id == first)
            .unwrap()
            .hidden
    );
}
