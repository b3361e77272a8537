//! Files: in one go, in pieces, by address; and the time that they take.

use futures::stream;
use reqwest::{
    Body, Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::World;
use crate::kit::webhooks::hex;

impl World {
    async fn upload(&self, bytes: Vec<u8>) -> reqwest::Response {
        let part = Part::bytes(bytes)
            .file_name("a.png")
            .mime_str("image/png")
            .unwrap();
        self.request(Method::POST, "/toy/files")
            .multipart(Form::new().text("note", "hello").part("media", part))
            .send()
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn files_come_in_one_go_and_are_shown_in_ranges() {
    let world = World::start().await;
    // More than is held in memory, so it goes through the folder.
    for length in [100_usize, 3 << 20] {
        let bytes: Vec<u8> = (0..length)
            .map(|at| u8::try_from(at % 251).unwrap())
            .collect();
        let file: Value = world.upload(bytes.clone()).await.json().await.unwrap();
        assert_eq!(file["bytes"], length);
        assert_eq!(file["sha256"], hex(&Sha256::digest(&bytes)));
        let path = file["path"].as_str().unwrap();
        let whole = world.request(Method::GET, path).send().await.unwrap();
        assert_eq!(whole.headers()["content-type"], "image/png");
        assert_eq!(whole.bytes().await.unwrap(), bytes);
        for (range, expected, span) in [
            ("bytes=10-19", 10..20, format!("bytes 10-19/{length}")),
            (
                "bytes=-5",
                length - 5..length,
                format!("bytes {}-{}/{length}", length - 5, length - 1),
            ),
            (
                "bytes=90-",
                90..length,
                format!("bytes 90-{}/{length}", length - 1),
            ),
        ] {
            let part = world
                .request(Method::GET, path)
                .header("range", range)
                .send()
                .await
                .unwrap();
            assert_eq!(
                (part.status().as_u16(), &part.headers()["content-range"]),
                (206, &span.parse().unwrap())
            );
            assert_eq!(part.bytes().await.unwrap(), bytes[expected]);
        }
    }
}

#[tokio::test]
async fn files_come_in_pieces() {
    let world = World::start().await;
    let begun = world
        .request(Method::POST, "/toy/uploads")
        .send()
        .await
        .unwrap();
    assert_eq!(begun.json::<Value>().await.unwrap()["nth"], 0);
    let piece =
        |byte: u8| stream::iter((0..8).map(move |_| Ok::<_, std::io::Error>(vec![byte; 200_000])));
    for (byte, received) in [(1, 1_600_000), (2, 3_200_000)] {
        let answer = world
            .request(Method::PUT, "/toy/uploads/0")
            .body(Body::wrap_stream(piece(byte)))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.json::<Value>().await.unwrap()["received"], received);
    }
    let expected = [vec![1; 1_600_000], vec![2; 1_600_000]].concat();
    let state = world.get("/toy/uploads/0").await;
    assert_eq!(state["file"]["sha256"], hex(&Sha256::digest(&expected)));
    let requests = world.get("/sandbox/requests?network=toy").await;
    assert_eq!(requests[1]["bytes"], 1_600_000);
}

#[tokio::test]
async fn processing_takes_time_and_faults_meet_it() {
    let world = World::start().await;
    let begin = async || {
        let begun = world
            .request(Method::POST, "/toy/uploads")
            .send()
            .await
            .unwrap();
        begun.json::<Value>().await.unwrap()["nth"]
            .as_u64()
            .unwrap()
    };
    let state = async |nth: u64| world.get(&format!("/toy/uploads/{nth}")).await["state"].clone();
    let usual = begin().await;
    assert_eq!(state(usual).await, "0 % 10 s");
    world
        .fault(json!({ "kind": "slow_processing", "seconds": 90, "network": "toy" }))
        .await;
    let slow = begin().await;
    world.fault(json!({ "kind": "media_rejected" })).await;
    let rejected = begin().await;
    world.advance(5);
    assert_eq!(state(usual).await, "50 % 5 s");
    world.advance(5);
    assert_eq!(state(usual).await, "ready");
    assert_eq!(state(slow).await, "10 % 90 s");
    assert_eq!(state(rejected).await, "rejected");
    world.advance(90);
    assert_eq!(state(slow).await, "ready");

    world
        .fault(json!({ "kind": "media_rejected", "network": "toy" }))
        .await;
    assert_eq!(world.upload(vec![1]).await.status(), 422);
    assert_eq!(world.upload(vec![1]).await.status(), 200);
}

#[tokio::test]
async fn files_are_fetched_from_this_machine_only() {
    let world = World::start().await;
    let fetch = async |url: &str| {
        let answer = world
            .request(Method::POST, "/toy/fetch")
            .form(&[("url", url)])
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, file) = fetch(&format!("{}/avatars/mara.svg", world.origin)).await;
    assert!(status == 200 && file.contains("image/svg+xml"), "{file}");
    let (status, words) = fetch(&format!("{}/sandbox/media/none", world.origin)).await;
    assert_eq!((status, words.as_str()), (502, "Status(404)"));
    for url in [
        "http://10.0.0.1/",
        "http://example.org/",
        "file:///etc/passwd",
        "no address",
    ] {
        assert_eq!(fetch(url).await.0, 403, "{url}");
    }
}
