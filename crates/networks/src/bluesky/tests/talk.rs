//! Numbers and replies, as the AppView tells them.

use serde_json::json;

use super::{eventually, known, network, posted};
use crate::{
    bluesky::{Bluesky, link},
    connector::{Comments, DoneStep, Insights, Metric},
    error::ErrorKind,
    testing::{part, request},
};

#[tokio::test]
async fn numbers_are_those_of_all_parts() {
    let Some(pds) = network() else { return };
    let (account, other) = (pds.somebody().await, pds.somebody().await);
    let parts = vec![part("one", &[]), part("two", &[])];
    let mut engine = pds.engine(&account);
    engine.publish(&request(&pds.net, parts)).await.unwrap();
    let first = engine.done[0].result.clone();
    let second = engine.done[1].result.clone();
    for (kind, subject) in [("like", &first), ("like", &second), ("repost", &first)] {
        let record = json!({ "$type": format!("app.bsky.feed.{kind}"), "subject": subject });
        pds.write(&other, record).await;
    }
    let embed = json!({ "$type": "app.bsky.embed.record", "record": first });
    pds.write(
        &other,
        json!({ "$type": "app.bsky.feed.post", "text": "see", "embed": embed }),
    )
    .await;
    let reply = json!({ "root": first, "parent": first });
    pds.write(
        &other,
        json!({ "$type": "app.bsky.feed.post", "text": "yes", "reply": reply }),
    )
    .await;
    let did = &account.platform_account_id;
    pds.write(
        &other,
        json!({ "$type": "app.bsky.graph.follow", "subject": did }),
    )
    .await;

    let expected = [
        (Metric::Likes, 2),
        (Metric::Comments, 1),
        (Metric::Shares, 1),
        (Metric::Quotes, 1),
        (Metric::Saves, 0),
    ];
    eventually("the numbers of the post", || async {
        let numbers = Insights::post(&Bluesky, &pds.net, &account, &engine.done)
            .await
            .unwrap();
        (numbers == expected.into_iter().collect()).then_some(())
    })
    .await;
    let expected = [
        (Metric::Followers, 1),
        (Metric::Following, 0),
        (Metric::Posts, 2),
    ];
    eventually("the numbers of the account", || async {
        let numbers = Insights::account(&Bluesky, &pds.net, &account)
            .await
            .unwrap();
        (numbers == expected.into_iter().collect()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn replies_are_read_answered_and_hidden() {
    let Some(pds) = network() else { return };
    let (account, other) = (pds.somebody().await, pds.somebody().await);
    let parts = vec![part("one", &[]), part("two", &[])];
    let mut engine = pds.engine(&account);
    engine.publish(&request(&pds.net, parts)).await.unwrap();
    let first = engine.done[0].result.clone();
    let reply = json!({ "root": first, "parent": first });
    let asked = pds
        .write(
            &other,
            json!({ "$type": "app.bsky.feed.post", "text": "How much?", "reply": reply }),
        )
        .await;
    let asked = asked["uri"].as_str().unwrap();
    known(&pds, &account, asked).await;

    let list = || async {
        let page = Bluesky
            .list(&pds.net, &account, &engine.done, None)
            .await
            .unwrap();
        assert_eq!(page.next, None);
        page.comments
    };
    let comments = eventually("the reply", || async {
        Some(list().await).filter(|comments| !comments.is_empty())
    })
    .await;
    assert_eq!(comments.len(), 1, "{comments:?}");
    assert_eq!(comments[0].id, asked);
    assert_eq!(comments[0].author, other.username);
    assert_eq!(comments[0].text, "How much?");
    assert_eq!(comments[0].parent_id, None);
    assert!(!comments[0].own && !comments[0].hidden);

    let text = format!("Ask @{} #tea", other.username);
    let answer = Bluesky
        .reply(&pds.net, &account, &engine.done, asked, &text)
        .await
        .unwrap();
    let record = pds.record(&answer.id).await;
    assert_eq!(record["reply"]["root"], first);
    assert_eq!(record["reply"]["parent"]["uri"], asked);
    assert_eq!(record["facets"].as_array().unwrap().len(), 2);
    let comments = eventually("the answer", || async {
        Some(list().await).filter(|comments| comments.len() == 2)
    })
    .await;
    assert_eq!(comments[1].parent_id.as_deref(), Some(asked));
    assert!(comments[1].own && comments[1].text == text);

    for hidden in [true, true, false, false] {
        Bluesky
            .set_hidden(&pds.net, &account, asked, hidden)
            .await
            .unwrap();
        eventually("hidden or shown", || async {
            let comments = list().await;
            let found = comments.iter().find(|comment| comment.id == asked)?;
            (found.hidden == hidden).then_some(())
        })
        .await;
    }
    let gate = super::beside(&posted(&engine, 0), "app.bsky.feed.threadgate");
    let gate = pds.record(&gate).await;
    assert_eq!(gate["hiddenReplies"], json!([]));
    assert!(gate["allow"].is_null(), "still anybody may reply");

    // The other side began no conversation here.
    let error = Bluesky
        .set_hidden(&pds.net, &other, asked, true)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    let gone = DoneStep {
        name: "post:0".to_owned(),
        result: json!({ "uri": format!("{asked}x"), "cid": "x" }),
    };
    let error = Bluesky
        .list(&pds.net, &account, &[gone], None)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused, "{error}");
    let missing = link::post(&pds.net, &account, &format!("{asked}x")).await;
    assert!(missing.is_err());
}
