//! Comments: read, answered, hidden.

use std::time::Duration;

use serde_json::json;

use super::{Youtube, video, world};
use crate::connector::{Comment, Connector};

#[tokio::test]
async fn comments_are_read_answered_and_hidden() {
    let world = world().await;
    let account = world.account().await;
    let done = world
        .published(
            &account,
            &video(&world, json!({ "firstComment": "Which roast is yours?" })),
        )
        .await;
    world.clock.advance(Duration::from_hours(24 * 3));
    let account = world.renewed(&account).await;
    let comments = Youtube.comments().unwrap();
    let all = async || {
        let mut all: Vec<Comment> = Vec::new();
        let mut cursor = None;
        loop {
            let page = comments
                .list(&world.net, &account, &done, cursor.as_deref())
                .await
                .unwrap();
            all.extend(page.comments);
            match page.next {
                Some(next) => cursor = Some(next),
                None => break all,
            }
        }
    };
    let before = all().await;
    let own: Vec<_> = before.iter().filter(|comment| comment.own).collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].text, "Which roast is yours?");
    let stranger = before.iter().find(|comment| !comment.own).unwrap().clone();

    let reply = comments
        .reply(&world.net, &account, &done, &stranger.id, "Thank you!")
        .await
        .unwrap();
    assert_eq!(reply.parent_id.as_deref(), Some(stranger.id.as_str()));
    assert!(reply.own);
    // An answer to the answer goes below the same comment.
    let second = comments
        .reply(&world.net, &account, &done, &reply.id, "Really.")
        .await
        .unwrap();
    assert_eq!(second.parent_id, reply.parent_id);

    let other = before
        .iter()
        .filter(|comment| !comment.own)
        .nth(1)
        .unwrap()
        .id
        .clone();
    comments
        .set_hidden(&world.net, &account, &other, true)
        .await
        .unwrap();
    let hidden = all()
        .await
        .into_iter()
        .find(|comment| comment.id == other)
        .unwrap();
    assert!(hidden.hidden);
    comments
        .set_hidden(&world.net, &account, &other, false)
        .await
        .unwrap();
    let shown = all()
        .await
        .into_iter()
        .find(|comment| comment.id == other)
        .unwrap();
    assert!(!shown.hidden);
    assert_eq!(all().await.len(), before.len() + 2);
}
