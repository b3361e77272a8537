//! Lists of posts and of files.

use std::time::Duration;

use networks::Platform;

use super::{
    samples::{encoded, new_post},
    support::{Answer, fixtures},
};
use crate::{NewPost, PostFilter, TargetOutcome, TargetStatus};

fn texts(answer: &Answer) -> Vec<String> {
    let rows = answer.body["data"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer:?}"));
    rows.iter()
        .map(|row| row["parts"][0]["text"].as_str().unwrap().to_owned())
        .collect()
}

fn titles(answer: &Answer) -> Vec<String> {
    let rows = answer.body["data"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer:?}"));
    rows.iter()
        .map(|row| row["title"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
async fn posts_are_found_by_everything_they_are_filtered_by() {
    for fixture in fixtures().await {
        let (sky, elephant) = (
            fixture.account(Platform::Bluesky, "sky").await,
            fixture.account(Platform::Mastodon, "elephant").await,
        );
        let start = fixture.env.now() + Duration::from_hours(1);
        for (index, (text, accounts)) in [
            ("Äpfel 100% pure", vec![sky]),
            ("b_b", vec![sky, elephant]),
            ("bxb", vec![]),
            ("d", vec![elephant]),
        ]
        .iter()
        .enumerate()
        {
            fixture.clock.advance(Duration::from_secs(1));
            let post = fixture
                .draft(NewPost {
                    title: Some(format!("Title {index}")),
                    ..new_post(text, accounts)
                })
                .await
                .unwrap();
            if index != 2 {
                let due = start + Duration::from_hours(10 - index as u64);
                let ids: Vec<_> = post.targets.iter().map(|target| target.id).collect();
                let mut tx = fixture.write().await;
                fixture
                    .content
                    .mark_scheduled(&mut tx, post.id, &ids, due)
                    .await
                    .unwrap();
                if index == 3 {
                    let outcome = TargetOutcome::new(ids[0], TargetStatus::Cancelled);
                    fixture
                        .content
                        .set_target_states(&mut tx, &[outcome])
                        .await
                        .unwrap();
                }
                tx.commit().await.unwrap();
            }
        }
        let list = async |query: &str| {
            texts(
                &fixture
                    .get(&format!("/posts{query}"))
                    .await
                    .assert_status(200),
            )
        };
        assert_eq!(list("").await, ["d", "bxb", "b_b", "Äpfel 100% pure"]);
        assert_eq!(
            list("?sort=updatedAt").await,
            ["Äpfel 100% pure", "b_b", "bxb", "d"]
        );
        assert_eq!(
            list("?sort=scheduledAt").await,
            ["d", "b_b", "Äpfel 100% pure", "bxb"]
        );
        assert_eq!(
            list("?sort=-scheduledAt").await,
            ["Äpfel 100% pure", "b_b", "d", "bxb"]
        );
        assert_eq!(list("?status=draft,cancelled").await, ["d", "bxb"]);
        assert_eq!(list("?status=").await.len(), 4);
        assert_eq!(list(&format!("?accountId={elephant}")).await, ["d", "b_b"]);
        assert_eq!(list("?platform=bluesky").await, ["b_b", "Äpfel 100% pure"]);
        let from = (start + Duration::from_hours(9)).to_string();
        assert_eq!(
            list(&format!("?from={from}")).await,
            ["b_b", "Äpfel 100% pure"]
        );
        assert_eq!(list(&format!("?to={from}")).await, ["d"]);
        // What a search pattern would read as "anything" is itself.
        assert_eq!(list("?search=%C3%A4PFEL").await, ["Äpfel 100% pure"]);
        assert_eq!(list("?search=100%25").await, ["Äpfel 100% pure"]);
        assert_eq!(list("?search=B_B").await, ["b_b"]);
        assert_eq!(list("?search=title%201").await, ["b_b"]);
        assert_eq!(list("?search=%5C").await, Vec::<String>::new());
        let counts = async |query: &str| {
            let answer = fixture.get(&format!("/posts/counts{query}")).await;
            let rows = answer.assert_status(200).body["data"].clone();
            let rows = rows.as_array().unwrap().iter();
            rows.filter(|row| row["count"] != 0)
                .map(|row| format!("{} {}", row["count"], row["status"].as_str().unwrap()))
                .collect::<Vec<_>>()
        };
        assert_eq!(counts("").await, ["1 draft", "2 scheduled", "1 cancelled"]);
        assert_eq!(
            counts("?platform=mastodon").await,
            ["1 scheduled", "1 cancelled"]
        );
        assert_eq!(
            counts("?search=b&status=draft,cancelled").await,
            ["1 draft"]
        );
        assert_eq!(counts("?search=%5C").await, Vec::<String>::new());
        let page = fixture.get("/posts?page=2&limit=3").await;
        assert_eq!(texts(&page), ["Äpfel 100% pure"]);
        assert_eq!(
            page.body["pagination"],
            serde_json::json!({ "page": 2, "limit": 3, "total": 4, "totalPages": 2 })
        );
        for (query, words) in [
            ("status=done", "needs_attention"),
            ("platform=myspace", ""),
            ("from=yesterday", "RFC 3339"),
            ("accountId=1", ""),
            ("search=%00", "U+0000"),
        ] {
            fixture
                .get(&format!("/posts?{query}"))
                .await
                .assert_problem(400, "MALFORMED_PARAMETER", words);
        }
        // Another organisation has none of them.
        let stranger = fixture.stranger().await;
        let request = super::support::json_request(
            axum::http::Method::GET,
            "/posts",
            &serde_json::Value::Null,
        );
        assert_eq!(
            fixture.send(Some(&stranger), request).await.body["pagination"]["total"],
            0
        );
        let counts = fixture
            .content
            .count_posts(&stranger, &PostFilter::default())
            .await
            .unwrap();
        assert!(counts.iter().all(|state| state.count == 0), "{counts:?}");
    }
}

#[tokio::test]
async fn files_are_found_by_type_and_text() {
    for fixture in fixtures().await {
        let png = encoded(9, 9, image::ImageFormat::Png);
        let mut pdf = b"%PDF-1.7\nstartxref 0 %%EOF".to_vec();
        pdf.resize(300, b' ');
        for (title, tags, file, mime) in [
            ("Öl", "art", &png, "image/png"),
            ("Plan", "Work,2026", &pdf, "application/pdf"),
        ] {
            fixture.clock.advance(Duration::from_secs(1));
            let fields = [("title", title), ("tags", tags)];
            fixture
                .upload_with(&fixture.caller, &fields, Some(("file", mime, file)))
                .await
                .assert_status(201);
        }
        let list = async |query: &str| {
            titles(
                &fixture
                    .get(&format!("/content{query}"))
                    .await
                    .assert_status(200),
            )
        };
        assert_eq!(list("").await, ["Plan", "Öl"]);
        assert_eq!(list("?type=image").await, ["Öl"]);
        assert_eq!(list("?status=archived").await, Vec::<String>::new());
        assert_eq!(list("?search=%C3%B6l").await, ["Öl"]);
        assert_eq!(list("?search=work&type=document").await, ["Plan"]);
        assert_eq!(list("?limit=1&page=2").await, ["Öl"]);
        fixture
            .get("/content?type=smell")
            .await
            .assert_problem(400, "MALFORMED_PARAMETER", "");
    }
}
