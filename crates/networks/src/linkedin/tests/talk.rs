//! The text format, numbers and comments.

use std::time::Duration;

use proptest::prelude::*;

use super::{account, page, world};
use crate::{
    connector::{Connector, Metric, ProfileKind},
    error::ErrorKind,
    linkedin::{
        Linkedin,
        text::{little, of_little, visible},
    },
    testing::{part, request},
};

#[test]
fn texts_are_escaped_as_the_documentation_asks() {
    for (text, expected) in [
        ("Hello World", "Hello World"),
        ("* Point 1\n* Point 2", "\\* Point 1\n\\* Point 2"),
        (
            "a|b{c}d[e](f)<g>\\h_i~j",
            r"a\|b\{c\}d\[e\]\(f\)\<g\>\\h\_i\~j",
        ),
        ("me@example.org", r"me\@example.org"),
        ("Hello #coding", "Hello #coding"),
        ("#snake_case!", r"#snake\_case!"),
        ("We are # 1", r"We are \# 1"),
        ("C#", r"C\#"),
        (
            "Hello @[Devtestco](urn:li:organization:2414183)",
            "Hello @[Devtestco](urn:li:organization:2414183)",
        ),
        ("@[No](http://x)", r"\@\[No\]\(http://x\)"),
    ] {
        assert_eq!(little(text), expected, "{text}");
    }
    assert_eq!(of_little(r"Hello {hashtag|\#|coding}\!"), "Hello #coding!");
}

proptest! {
    #[test]
    fn what_is_escaped_reads_as_it_was_written(text in "[a-zäß #@|{}()\\[\\]<>*_~\\\\\n]{0,40}") {
        prop_assert_eq!(of_little(&little(&text)), visible(&text));
    }
}

#[tokio::test]
async fn numbers_grow() {
    let world = world().await;
    for account in [
        page(&world).await,
        account(&world, None, ProfileKind::Person).await,
    ] {
        let post = request(&world.net, vec![part("Look", &[])]);
        let mut engine = world.engine(&account);
        engine.publish(&post).await.unwrap();
        let done = engine.done;
        let insights = Linkedin.insights().unwrap();
        let mut before = 0;
        for _ in 0..2 {
            world.clock.advance(Duration::from_hours(12));
            let numbers = insights.post(&world.net, &account, &done).await.unwrap();
            assert!(numbers[&Metric::Impressions] > before, "{numbers:?}");
            before = numbers[&Metric::Impressions];
            assert!(numbers.contains_key(&Metric::Reach), "{numbers:?}");
        }
        let numbers = insights.account(&world.net, &account).await.unwrap();
        assert!(numbers[&Metric::Followers] > 1_000, "{numbers:?}");
    }
}

#[tokio::test]
async fn comments_are_read_and_answered() {
    let world = world().await;
    let account = page(&world).await;
    let post = request(&world.net, vec![part("What do you think?", &[])]);
    let mut engine = world.engine(&account);
    engine.publish(&post).await.unwrap();
    let done = engine.done;
    world.clock.advance(Duration::from_hours(48));
    let comments = Linkedin.comments().unwrap();
    let page = comments
        .list(&world.net, &account, &done, None)
        .await
        .unwrap();
    let first = page.comments.first().expect("somebody commented").clone();
    assert!(!first.own);
    let answer = comments
        .reply(&world.net, &account, &done, &first.id, "Thank you!")
        .await
        .unwrap();
    let page = comments
        .list(&world.net, &account, &done, None)
        .await
        .unwrap();
    let own = page
        .comments
        .iter()
        .find(|one| one.id == answer.id)
        .unwrap();
    assert!(
        own.own && own.parent_id.as_deref() == Some(&first.id),
        "{own:?}"
    );
    let error = comments
        .set_hidden(&world.net, &account, &first.id, true)
        .await;
    assert_eq!(error.unwrap_err().kind, ErrorKind::Refused);
}
