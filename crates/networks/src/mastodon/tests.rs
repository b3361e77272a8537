//! The connector against the sandbox, over HTTP.

use std::{collections::HashMap, time::Duration};

use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::Mastodon;
use crate::{
    connector::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connector, Found, StepWork,
    },
    descriptor::Platform,
    error::{Certainty, ConnectError, ConnectReason, ErrorKind},
    http::Net,
    testing::{Engine, Instance, TestClock, account, net, part, request, strict_net},
};

struct World {
    clock: TestClock,
    net: Net,
    instance: Instance,
}

async fn world(change: impl FnOnce(&mut sandbox::Config)) -> World {
    let clock = TestClock::default();
    let mut config = sandbox::Config::new(clock.env());
    change(&mut config);
    World {
        net: net(&clock),
        instance: Instance::start(config).await,
        clock,
    }
}

fn connect_request(server: &str, app: Option<AppRegistration>) -> ConnectRequest {
    ConnectRequest {
        server: Some(server.to_owned()),
        identifier: None,
        secret: None,
        redirect_uri: "https://allin.example/oauth/callback".parse().unwrap(),
        state: "the-state".to_owned(),
        app,
    }
}

impl World {
    async fn begin(&self, app: Option<AppRegistration>) -> (Url, Value, AppRegistration) {
        let request = connect_request(self.instance.url.as_str(), app);
        match Mastodon.connect(&self.net, request).await.unwrap() {
            ConnectStep::Redirect { url, pending, app } => (url, pending, app),
            ConnectStep::Connected(_) => panic!("Mastodon needs consent"),
        }
    }

    /// Presses a button of the consent page; answers the query of the address it leads to.
    async fn consent(&self, page: &Url, decision: &str) -> HashMap<String, String> {
        let browser = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let html = browser
            .get(page.clone())
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        assert!(html.contains("Approve") && html.contains("AllIN"), "{html}");
        let form = [("decision", decision), ("account", "alice")];
        let answer = browser.post(page.clone()).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        let target: Url = answer.headers()["location"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(target.path(), "/oauth/callback");
        target.query_pairs().into_owned().collect()
    }

    async fn account(&self) -> Account {
        let (page, pending, app) = self.begin(None).await;
        let code = SecretString::from(self.consent(&page, "approve").await["code"].clone());
        let callback = Callback { code, pending, app };
        account(
            Platform::Mastodon,
            Mastodon.finish_connect(&self.net, callback).await.unwrap(),
        )
    }

    fn engine<'a>(&'a self, account: &'a Account) -> Engine<'a> {
        Engine::new(&Mastodon, &self.net, &self.clock, account)
    }

    async fn refused(&self, app: Option<AppRegistration>) -> ConnectError {
        let request = connect_request(self.instance.url.as_str(), app);
        Mastodon.connect(&self.net, request).await.unwrap_err()
    }
}

fn on_post(kind: &str) -> Value {
    json!([{ "kind": kind, "method": "POST", "path": "/api/v1/statuses" }])
}

#[tokio::test]
async fn connects_by_consent_and_learns_the_limits() {
    let world = world(|config| config.max_characters = 1_000).await;
    let (page, pending, app) = world.begin(None).await;
    let answer = world.consent(&page, "approve").await;
    assert_eq!(answer["state"], "the-state");
    let callback = |code: &str, pending: Value| Callback {
        code: code.to_owned().into(),
        pending,
        app: app.clone(),
    };
    let connection = Mastodon
        .finish_connect(&world.net, callback(&answer["code"], pending.clone()))
        .await
        .unwrap();
    let domain = format!("127.0.0.1:{}", world.instance.url.port().unwrap());
    assert_eq!(connection.profile.username, format!("alice@{domain}"));
    assert_eq!(connection.profile.display_name, "Alice");
    assert_eq!(connection.server, world.instance.url);
    assert_eq!(connection.limits.max_characters, 1_000);
    assert_eq!(connection.credentials.expires_at, None);
    let profile = Mastodon
        .profile(&world.net, &account(Platform::Mastodon, connection))
        .await
        .unwrap();
    assert_eq!(profile.username, format!("alice@{domain}"));

    // A code is good once, and only for who began.
    let again = Mastodon
        .finish_connect(&world.net, callback(&answer["code"], pending))
        .await;
    assert_eq!(again.unwrap_err().reason, ConnectReason::Denied);
    let (page, _, app) = world.begin(Some(app.clone())).await;
    let answer = world.consent(&page, "approve").await;
    let stolen = Callback {
        code: answer["code"].clone().into(),
        pending: json!({ "verifier": "somebody else's" }),
        app,
    };
    let stolen = Mastodon.finish_connect(&world.net, stolen).await;
    assert_eq!(stolen.unwrap_err().reason, ConnectReason::Denied);
}

#[tokio::test]
async fn a_person_may_say_no() {
    let world = world(|_| {}).await;
    let (page, ..) = world.begin(None).await;
    assert_eq!(world.consent(&page, "deny").await["error"], "access_denied");
}

#[tokio::test]
async fn a_registered_app_is_used_again_while_the_server_knows_it() {
    let world = world(|_| {}).await;
    let (_, _, app) = world.begin(None).await;
    let (page, _, same) = world.begin(Some(app.clone())).await;
    assert_eq!(same.client_id, app.client_id);
    // Another account of this server may be meant, whoever the browser is logged in as.
    assert!(page.query().unwrap().contains("force_login=true"));
    let forgotten = AppRegistration {
        client_id: "forgotten".to_owned(),
        ..app.clone()
    };
    let (_, _, other) = world.begin(Some(forgotten)).await;
    assert_ne!(other.client_id, "forgotten");
}

#[tokio::test]
async fn old_instances_work_too() {
    let world = world(|config| config.old = true).await;
    let (page, ..) = world.begin(None).await;
    assert!(!page.query().unwrap().contains("code_challenge"));
    let account = world.account().await;
    let mut engine = world.engine(&account);
    world.instance.faults(on_post("drop_after_accept")).await;
    let post = request(
        &world.net,
        vec![part("a <b> & https://c.example/d @eve@f.org", &[])],
    );
    engine.publish(&post).await.unwrap();
    assert_eq!(engine.log, ["post:0 unknown", "post:0 found"]);
    assert_eq!(world.instance.statuses().await.len(), 1);
}

#[tokio::test]
async fn publishes_a_thread_with_images_and_deletes_it() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    let post = request(
        &world.net,
        vec![
            part("first #hello", &["one", "two"]),
            part("second", &[]),
            part("third", &["three"]),
        ],
    );
    engine.publish(&post).await.unwrap();
    let names: Vec<_> = engine.done.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "media:0:0",
            "media:0:1",
            "media:2:0",
            "post:0",
            "post:1",
            "post:2"
        ]
    );
    let statuses = world.instance.statuses().await;
    let texts: Vec<_> = statuses
        .iter()
        .map(|status| status["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["first #hello", "second", "third"]);
    assert_eq!(statuses[0]["in_reply_to_id"], Value::Null);
    assert_eq!(statuses[1]["in_reply_to_id"], statuses[0]["id"]);
    assert_eq!(statuses[2]["in_reply_to_id"], statuses[1]["id"]);
    let images = statuses[0]["media_attachments"].as_array().unwrap();
    assert_eq!(
        [&images[0]["description"], &images[1]["description"]],
        ["one", "two"]
    );

    let published = Mastodon.published(&account, &post, &engine.done);
    assert_eq!(
        published.platform_post_id,
        statuses[0]["id"].as_str().unwrap()
    );
    let page = reqwest::get(published.url.unwrap())
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("first") && page.contains("third") && page.contains("alt=\"two\""),
        "{page}"
    );

    Mastodon
        .delete(&world.net, &account, &engine.done)
        .await
        .unwrap();
    assert_eq!(world.instance.statuses().await.len(), 0);
    Mastodon
        .delete(&world.net, &account, &engine.done)
        .await
        .unwrap();
}

#[tokio::test]
async fn waits_for_an_image_that_takes_its_time() {
    let world = world(|config| config.media_polls = 12).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    let post = request(&world.net, vec![part("slow", &["alt"])]);
    let error = engine.publish(&post).await.unwrap_err();
    assert_eq!(
        (error.kind, error.retry_after.is_some()),
        (ErrorKind::Temporary, true),
        "{error}"
    );
    engine.publish(&post).await.unwrap();
    let names: Vec<_> = engine.done.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["media:0:0", "ready:0:0", "post:0"]);
    assert_eq!(world.instance.statuses().await.len(), 1);
}

#[tokio::test]
async fn a_lost_answer_is_found_and_never_repeated() {
    for fault in ["drop_after_accept", "garbage"] {
        let world = world(|_| {}).await;
        let account = world.account().await;
        let mut engine = world.engine(&account);
        // A thread of equal parts, with and without files: each must be told from the others.
        let post = request(
            &world.net,
            vec![part("same", &[]), part("same", &[]), part("same", &["x"])],
        );
        for _ in 0..3 {
            world.instance.faults(on_post(fault)).await;
        }
        engine.publish(&post).await.unwrap();
        let found = [
            "post:0 unknown",
            "post:0 found",
            "post:1 unknown",
            "post:1 found",
            "post:2 unknown",
            "post:2 found",
        ];
        assert_eq!(engine.log, found, "{fault}");
        assert_eq!(world.instance.statuses().await.len(), 3, "{fault}");
        let published = Mastodon.published(&account, &post, &engine.done);
        assert!(published.url.is_some(), "{fault}");
    }
}

#[tokio::test]
async fn what_never_happened_is_absent_and_is_sent_again() {
    let faults = [
        on_post("drop_before"),
        on_post("hang"),
        json!([{ "kind": "status", "status": 500, "method": "POST", "path": "/api/v1/statuses" }]),
        json!([{ "kind": "status", "status": 503, "method": "POST", "path": "/api/v1/statuses" }]),
    ];
    for fault in faults {
        let world = world(|_| {}).await;
        let account = world.account().await;
        let mut engine = world.engine(&account);
        // The same words, published a while ago, are another post.
        engine
            .publish(&request(&world.net, vec![part("hello", &[])]))
            .await
            .unwrap();
        world.clock.advance(Duration::from_secs(60));
        world.instance.faults(fault.clone()).await;
        engine.done.clear();
        engine
            .publish(&request(&world.net, vec![part("hello", &[])]))
            .await
            .unwrap();
        assert_eq!(engine.log, ["post:0 unknown", "post:0 absent"], "{fault}");
        assert_eq!(world.instance.statuses().await.len(), 2, "{fault}");
    }
}

#[tokio::test]
async fn an_absent_post_is_not_believed_at_once() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let post = request(&world.net, vec![part("hello", &[])]);
    let step = Mastodon.next_step(&post, &[]).unwrap();
    let first_sent_at = world.net.env.now();
    let work = StepWork {
        account: &account,
        request: &post,
        done: &[],
        step: &step,
        first_sent_at,
    };
    let early = Mastodon.find_step(&world.net, work).await.unwrap_err();
    assert_eq!(early.kind, ErrorKind::Temporary);
    world.clock.advance(early.retry_after.unwrap());
    assert_eq!(
        Mastodon.find_step(&world.net, work).await,
        Ok(Found::Absent)
    );
}

#[tokio::test]
async fn a_server_with_a_wrong_clock_is_understood() {
    for wrong_by in [-3_600_000_000i64, 3_600_000_000] {
        let clock = TestClock::default();
        let server_clock = TestClock::default();
        server_clock.shift(wrong_by);
        let instance = Instance::start(sandbox::Config::new(server_clock.env())).await;
        let world = World {
            net: net(&clock),
            instance,
            clock,
        };
        let account = world.account().await;
        let mut engine = world.engine(&account);
        world.instance.faults(on_post("drop_after_accept")).await;
        engine
            .publish(&request(&world.net, vec![part("hello", &[])]))
            .await
            .unwrap();
        assert_eq!(engine.log, ["post:0 unknown", "post:0 found"], "{wrong_by}");
    }
}

#[tokio::test]
async fn a_repetition_with_the_same_key_makes_no_second_post() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let post = request(&world.net, vec![part("hello", &[])]);
    let mut engine = world.engine(&account);
    engine.publish(&post).await.unwrap();
    engine.done.clear();
    engine.publish(&post).await.unwrap();
    assert_eq!(world.instance.statuses().await.len(), 1);
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    let post = request(&world.net, vec![part("hello", &[])]);

    world.instance.faults(json!([{ "kind": "status", "status": 429, "reset_seconds": 120, "path": "/api/v1/statuses" }])).await;
    let limited = engine.publish(&post).await.unwrap_err();
    assert_eq!(
        (limited.kind, limited.certainty),
        (ErrorKind::RateLimited, Certainty::Refused)
    );
    let wait = limited.retry_after.unwrap().as_secs();
    assert!((115..=120).contains(&wait), "{wait}");

    let long = request(&world.net, vec![part(&"a".repeat(501), &[])]);
    let refused = engine.publish(&long).await.unwrap_err();
    assert_eq!(
        (refused.kind, refused.certainty),
        (ErrorKind::Refused, Certainty::Refused)
    );
    assert!(
        refused.message.contains("character limit of 500"),
        "{refused}"
    );

    world
        .instance
        .faults(json!([{ "kind": "redirect", "location": "http://127.0.0.1:1/" }]))
        .await;
    assert_eq!(
        engine.publish(&post).await.unwrap_err().kind,
        ErrorKind::Refused
    );

    world.instance.faults(on_post("revoke_token")).await;
    let revoked = engine.publish(&post).await.unwrap_err();
    assert_eq!(
        (revoked.kind, revoked.certainty),
        (ErrorKind::Reconnect, Certainty::Refused)
    );
    assert_eq!(
        Mastodon
            .refresh(&world.net, &account)
            .await
            .unwrap_err()
            .kind,
        ErrorKind::Reconnect
    );
    assert_eq!(world.instance.statuses().await.len(), 0);

    drop(world.instance);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let gone = Engine::new(&Mastodon, &world.net, &world.clock, &account)
        .publish(&post)
        .await;
    let gone = gone.unwrap_err();
    assert_eq!(
        (gone.kind, gone.certainty),
        (ErrorKind::Temporary, Certainty::NotSent),
        "{gone}"
    );
}

#[tokio::test]
async fn failing_to_connect_says_why() {
    let world = world(|_| {}).await;
    for (fault, reason) in [
        (json!({ "kind": "hang" }), ConnectReason::TimedOut),
        (json!({ "kind": "garbage" }), ConnectReason::NotAServer),
        (json!({ "kind": "flood" }), ConnectReason::BadAnswer),
        (json!({ "kind": "drop_before" }), ConnectReason::BadAnswer),
        (
            json!({ "kind": "status", "status": 500 }),
            ConnectReason::BadAnswer,
        ),
        (
            json!({ "kind": "redirect", "location": "ftp://127.0.0.1/" }),
            ConnectReason::NotAServer,
        ),
        (
            json!({ "kind": "redirect", "location": "http://127.0.0.1:1/" }),
            ConnectReason::Unreachable,
        ),
        (
            json!({ "kind": "garbage", "path": "/api/v1/apps" }),
            ConnectReason::BadAnswer,
        ),
        (
            json!({ "kind": "status", "status": 403, "path": "/api/v1/apps" }),
            ConnectReason::Denied,
        ),
    ] {
        world.instance.faults(json!([fault])).await;
        let error = world.refused(None).await;
        assert_eq!(error.reason, reason, "{fault}: {error}");
    }
    let endless: Vec<_> = (0..6)
        .map(|_| json!({ "kind": "redirect", "location": "/api/v2/instance" }))
        .collect();
    world.instance.faults(json!(endless)).await;
    let error = world.refused(None).await;
    assert!(error.message.contains("without end"), "{error}");
}

#[tokio::test]
async fn private_addresses_are_refused_unless_allowed() {
    let world = world(|_| {}).await;
    let port = world.instance.url.port().unwrap();
    for server in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
    ] {
        let error = Mastodon
            .connect(&strict_net(), connect_request(&server, None))
            .await
            .unwrap_err();
        assert_eq!(
            error.reason,
            ConnectReason::PrivateAddress,
            "{server}: {error}"
        );
        assert!(
            error.message.contains("security.allow_private_targets"),
            "{error}"
        );
    }
}

#[test]
fn servers_are_recognised_however_they_are_typed() {
    let net = strict_net();
    for typed in [
        "mastodon.social",
        " Mastodon.Social ",
        "@me@mastodon.social",
        "me@mastodon.social",
        "https://mastodon.social",
        "http://mastodon.social/",
        "https://mastodon.social/@me/1?x#y",
    ] {
        let server = Mastodon.server(&net, Some(typed)).unwrap();
        assert_eq!(server.as_str(), "https://mastodon.social/", "{typed}");
    }
    for typed in ["", "   ", "@", "https://", "a b"] {
        assert!(Mastodon.server(&net, Some(typed)).is_err(), "{typed}");
    }
}
