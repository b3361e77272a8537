//! The connector against a real PDS: `scripts/pds.sh start`, then `eval "$(scripts/pds.sh env)"`.
//! Without one these tests print that they were skipped; with `ALLIN_TEST_REQUIRE=1` they fail.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;

use super::Bluesky;
use crate::{
    Platform,
    connector::{
        Account, ConnectRequest, ConnectStep, Connection, Connector, DoneStep, Found,
        PublishRequest, StepAnswer, StepWork,
    },
    error::{Certainty, ConnectError, ConnectReason, ErrorKind},
    http::Net,
    testing::{Engine, Instance, TestClock, account, net, part, request, strict_net},
};

/// The server under test and an account on it.
struct Pds {
    clock: TestClock,
    net: Net,
    url: String,
    handle: String,
    password: String,
}

#[expect(
    clippy::print_stderr,
    reason = "a skipped test must not look like one that passed"
)]
fn pds() -> Option<Pds> {
    let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let Some(url) = read("ALLIN_TEST_PDS_URL") else {
        assert!(
            read("ALLIN_TEST_REQUIRE").is_none(),
            "ALLIN_TEST_PDS_URL is not set"
        );
        eprintln!("skipped: ALLIN_TEST_PDS_URL is not set; see scripts/pds.sh");
        return None;
    };
    let clock = TestClock::default();
    Some(Pds {
        net: net(&clock),
        clock,
        url,
        handle: read("ALLIN_TEST_PDS_HANDLE").unwrap(),
        password: read("ALLIN_TEST_PDS_APP_PASSWORD").unwrap(),
    })
}

fn connect_request(server: &str, handle: &str, password: &str) -> ConnectRequest {
    ConnectRequest {
        server: Some(server.to_owned()),
        identifier: Some(handle.to_owned()),
        secret: Some(SecretString::from(password)),
        redirect_uri: "https://allin.example/oauth/callback".parse().unwrap(),
        state: String::new(),
        app: None,
        limits: Value::Null,
    }
}

async fn connect(net: &Net, request: ConnectRequest) -> Result<Connection, ConnectError> {
    match Bluesky.connect(net, request).await? {
        ConnectStep::Connected(connection) => Ok(*connection),
        ConnectStep::Redirect { .. } => panic!("app passwords need no redirect"),
    }
}

impl Pds {
    async fn account(&self) -> Account {
        let request = connect_request(&self.url, &self.handle, &self.password);
        account(
            Platform::Bluesky,
            connect(&self.net, request).await.unwrap(),
        )
    }

    fn engine<'a>(&'a self, account: &'a Account) -> Engine<'a> {
        Engine::new(&Bluesky, &self.net, &self.clock, account)
    }

    /// A record as anybody reads it. `Null` where there is none.
    async fn record(&self, uri: &str) -> Value {
        let [did, collection, rkey]: [&str; 3] = uri
            .trim_start_matches("at://")
            .split('/')
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        let url = format!(
            "{}/xrpc/com.atproto.repo.getRecord?repo={did}&collection={collection}&rkey={rkey}",
            self.url
        );
        let answer: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        answer["value"].clone()
    }
}

/// The same account with one field of its credentials replaced.
fn with(account: &Account, field: &str, value: &str) -> Account {
    let mut secret: Value =
        serde_json::from_str(account.credentials.secret.expose_secret()).unwrap();
    secret[field] = json!(value);
    let mut account = account.clone();
    account.credentials.secret = secret.to_string().into();
    account
}

fn uri(step: &DoneStep) -> &str {
    step.result["uri"].as_str().unwrap()
}

#[tokio::test]
async fn connects_with_an_app_password() {
    let Some(pds) = pds() else { return };
    // As copied from a page: with @, spaces and marks of writing direction.
    let typed = format!(" \u{202A}@{}\u{202C} ", pds.handle);
    let connection = connect(&pds.net, connect_request(&pds.url, &typed, &pds.password))
        .await
        .unwrap();
    assert_eq!(connection.profile.username, pds.handle);
    assert!(
        connection
            .profile
            .platform_account_id
            .starts_with("did:plc:")
    );
    let page = format!("https://bsky.app/profile/{}", pds.handle);
    assert_eq!(connection.profile.profile_url.as_str(), page);
    let left = connection
        .credentials
        .expires_at
        .unwrap()
        .since(pds.net.env.now())
        .as_secs();
    assert!((60..100_000).contains(&left), "{left}");
    assert!(!format!("{connection:?}").contains(&pds.password));

    let account = account(Platform::Bluesky, connection);
    let profile = Bluesky.profile(&pds.net, &account).await.unwrap();
    assert_eq!(profile.username, pds.handle);
}

#[tokio::test]
async fn failing_to_connect_says_why() {
    let Some(pds) = pds() else { return };
    let wrong = connect(
        &pds.net,
        connect_request(&pds.url, &pds.handle, "nope-nope"),
    )
    .await;
    assert_eq!(wrong.unwrap_err().reason, ConnectReason::WrongCredentials);
    let empty = connect(&pds.net, connect_request(&pds.url, "@", "x")).await;
    assert_eq!(empty.unwrap_err().reason, ConnectReason::WrongCredentials);
    let strict = connect(&strict_net(), connect_request(&pds.url, &pds.handle, "x")).await;
    assert_eq!(strict.unwrap_err().reason, ConnectReason::PrivateAddress);
}

#[tokio::test]
async fn another_server_is_no_bluesky() {
    let clock = TestClock::default();
    let instance = Instance::start(sandbox::Config::new(clock.env())).await;
    let net = net(&clock);
    let request = connect_request(instance.url.as_str(), "alice.test", "x");
    let error = connect(&net, request).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::NotAServer, "{error}");
    drop(instance);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let request = connect_request("http://127.0.0.1:9/", "alice.test", "x");
    let error = connect(&net, request).await.unwrap_err();
    assert_eq!(error.reason, ConnectReason::Unreachable, "{error}");
}

#[tokio::test]
async fn publishes_a_thread_with_images_and_deletes_it() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let text = format!(
        "Grüße 👩‍👩‍👧 an @{} und @nobody.test: example.com #hallo",
        pds.handle
    );
    let post = request(
        &pds.net,
        vec![
            part(&text, &["eins", ""]),
            part("zwei", &[]),
            part("drei", &["three"]),
        ],
    );
    let mut engine = pds.engine(&account);
    engine.publish(&post).await.unwrap();
    let posts: Vec<_> = engine
        .done
        .iter()
        .filter(|step| step.name.starts_with("post"))
        .collect();
    assert_eq!(posts.len(), 3);

    let first = pds.record(uri(posts[0])).await;
    assert_eq!(first["text"], text);
    let cut = |facet: &Value| {
        let at = |side: &str| usize::try_from(facet["index"][side].as_u64().unwrap()).unwrap();
        text[at("byteStart")..at("byteEnd")].to_owned()
    };
    let facets = first["facets"].as_array().unwrap();
    assert_eq!(
        facets.len(),
        3,
        "a handle that nobody has stays text: {facets:?}"
    );
    assert_eq!(cut(&facets[0]), format!("@{}", pds.handle));
    assert_eq!(facets[0]["features"][0]["did"], account.platform_account_id);
    assert_eq!(cut(&facets[1]), "example.com");
    assert_eq!(facets[1]["features"][0]["uri"], "https://example.com");
    assert_eq!(cut(&facets[2]), "#hallo");
    let images = first["embed"]["images"].as_array().unwrap();
    assert_eq!([&images[0]["alt"], &images[1]["alt"]], ["eins", ""]);
    assert_eq!(images[0]["aspectRatio"], json!({ "width": 1, "height": 1 }));

    let third = pds.record(uri(posts[2])).await;
    assert_eq!(third["reply"]["root"]["uri"], posts[0].result["uri"]);
    assert_eq!(third["reply"]["parent"]["uri"], posts[1].result["uri"]);

    let published = Bluesky.published(&pds.net, &account, &post, &engine.done);
    assert_eq!(published.platform_post_id, uri(posts[0]));
    let key = uri(posts[0]).rsplit('/').next().unwrap();
    let page = format!("https://bsky.app/profile/{}/post/{key}", pds.handle);
    assert_eq!(published.url.unwrap().as_str(), page);

    for _ in 0..2 {
        Bluesky
            .delete(&pds.net, &account, &engine.done)
            .await
            .unwrap();
        assert_eq!(pds.record(uri(posts[0])).await, Value::Null);
    }
}

#[tokio::test]
async fn a_part_can_not_be_published_twice() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let post = request(&pds.net, vec![part("once", &[])]);
    let step = Bluesky.next_step(&post, &[]).unwrap();
    let first_sent_at = pds.net.env.now();
    let work = StepWork {
        account: &account,
        request: &post,
        done: &[],
        step: &step,
        first_sent_at,
    };
    assert_eq!(Bluesky.find_step(&pds.net, work).await, Ok(Found::Absent));
    let StepAnswer::Done(posted) = Bluesky.run_step(&pds.net, work).await.unwrap() else {
        panic!("nothing to wait for");
    };
    assert_eq!(
        Bluesky.find_step(&pds.net, work).await,
        Ok(Found::Present(posted.clone()))
    );
    // The answer of the first was lost, say, and the engine crashed before it could look.
    let again = Bluesky.run_step(&pds.net, work).await.unwrap_err();
    assert_eq!(again.certainty, Certainty::Unknown, "{again}");
    let mut engine = pds.engine(&account);
    engine.publish(&post).await.unwrap();
    assert_eq!(engine.log, ["post:0 unknown", "post:0 found"]);
    assert_eq!(engine.done[0].result, posted);
    Bluesky
        .delete(&pds.net, &account, &engine.done)
        .await
        .unwrap();
}

#[tokio::test]
async fn refreshes_with_the_token_and_else_with_the_password() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let expired = with(&account, "access_token", "expired");
    let error = Bluesky.profile(&pds.net, &expired).await.unwrap_err();
    assert_eq!(
        (error.kind, error.certainty),
        (ErrorKind::TokenExpired, Certainty::Refused)
    );

    let mut fresh = expired.clone();
    fresh.credentials = Bluesky.refresh(&pds.net, &expired).await.unwrap();
    assert_eq!(
        Bluesky.profile(&pds.net, &fresh).await.unwrap().username,
        pds.handle
    );

    let spent = with(&fresh, "refresh_token", "spent");
    fresh.credentials = Bluesky.refresh(&pds.net, &spent).await.unwrap();
    assert_eq!(
        Bluesky.profile(&pds.net, &fresh).await.unwrap().username,
        pds.handle
    );

    let withdrawn = with(&spent, "app_password", "withdrawn");
    let error = Bluesky.refresh(&pds.net, &withdrawn).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect, "{error}");
    assert!(!error.to_string().contains("withdrawn"), "{error}");
}

#[tokio::test]
async fn a_refusal_is_told_in_the_servers_words() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let post = request(&pds.net, vec![part(&"é".repeat(301), &[])]);
    let error = pds.engine(&account).publish(&post).await.unwrap_err();
    assert_eq!(
        (error.kind, error.certainty),
        (ErrorKind::Refused, Certainty::Refused),
        "{error}"
    );
    assert!(error.message.contains("300"), "{error}");
}

#[tokio::test]
async fn an_image_that_the_server_forgot_is_sent_again() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let post = request(&pds.net, vec![part("forgotten", &["alt"])]);
    let mut engine = pds.engine(&account);
    // A well-formed reference to a file that was never uploaded.
    let blob = json!({
        "$type": "blob",
        "ref": { "$link": "bafkreig5q5rblbzqznwk7ir6mld6aehrb2spzy2k7lch2hcgb2a3u5vu4m" },
        "mimeType": "image/png",
        "size": 11,
    });
    engine.done.push(DoneStep {
        name: "media:0:0".to_owned(),
        result: json!({ "blob": blob, "width": 1, "height": 1 }),
    });
    engine.publish(&post).await.unwrap();
    let record = pds.record(uri(&engine.done[1])).await;
    assert_ne!(record["embed"]["images"][0]["image"]["ref"], blob["ref"]);
    Bluesky
        .delete(&pds.net, &account, &engine.done)
        .await
        .unwrap();
}

#[test]
fn record_keys_are_tids_that_sort_by_time_and_place() {
    let net = strict_net();
    let mut post = request(&net, vec![part("a", &[]), part("b", &[])]);
    let key = |post: &PublishRequest, done: &[DoneStep]| -> String {
        Bluesky
            .next_step(post, done)
            .unwrap()
            .idempotency_key
            .unwrap()
    };
    let done = [DoneStep {
        name: "post:0".to_owned(),
        result: json!({ "uri": "", "cid": "" }),
    }];
    let (first, second) = (key(&post, &[]), key(&post, &done));
    for key in [&first, &second] {
        let legal = |c: char| "234567abcdefghijklmnopqrstuvwxyz".contains(c);
        assert!(
            key.len() == 13 && key.chars().all(legal) && key.as_str() < "k",
            "{key}"
        );
    }
    assert!(first < second, "{first} {second}");
    assert_eq!(first, key(&post, &[]));
    // Another text is the same post; another time or another target is not.
    post.parts[0].text = "corrected".to_owned();
    assert_eq!(first, key(&post, &[]));
    post.due_at = post.due_at + std::time::Duration::from_secs(1);
    assert!(first < key(&post, &[]));
    let other = request(&net, vec![part("a", &[])]);
    assert_ne!(first, key(&other, &[]));
}

#[test]
fn the_usual_server_is_bluesky_itself() {
    let server = Bluesky.server(&strict_net(), None).unwrap();
    assert_eq!(server, Url::parse("https://bsky.social/").unwrap());
}
