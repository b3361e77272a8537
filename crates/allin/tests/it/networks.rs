//! Every network that needs a developer app, through the whole program, against the sandbox:
//! connected by consent, published in every format, read back and deleted; and what becomes of a
//! post when the network misbehaves.

use std::{fmt::Write as _, process::Command, time::Duration};

use serde_json::{Value, json};

use crate::support::{Instance, User, World, eventually, png};

/// Seconds that the slowest network may take over a video.
const PATIENCE: u32 = 150;

/// Files to publish, by what they are.
struct Files {
    picture: Value,
    second: Value,
    tall: Value,
    wide: Value,
    document: Value,
}

impl Files {
    async fn upload(user: &User) -> Self {
        let of = |answer: Value| answer["id"].clone();
        Self {
            picture: of(user
                .upload("a.png", "image/png", png(1_080, 1_080))
                .await
                .ok()),
            second: of(user
                .upload("b.png", "image/png", png(1_080, 1_350))
                .await
                .ok()),
            tall: of(user
                .upload("tall.mp4", "video/mp4", film("720x1280"))
                .await
                .ok()),
            wide: of(user
                .upload("wide.mp4", "video/mp4", film("1280x720"))
                .await
                .ok()),
            document: of(user.upload("a.pdf", "application/pdf", pdf()).await.ok()),
        }
    }

    /// As many files as the format asks for, of a kind and a shape that it takes.
    fn for_format(&self, format: &Value) -> Vec<&Value> {
        let media = &format["media"];
        let most = media["max"].as_u64().unwrap();
        let least = media["min"].as_u64().unwrap();
        let is_tall = |rules: &Value| rules["aspect"]["max"].as_f64().is_some_and(|max| max < 1.0);
        if most == 0 {
            return Vec::new();
        }
        if media["images"].is_object() && !is_tall(&media["images"]) {
            return if least > 1 {
                vec![&self.picture, &self.second]
            } else {
                vec![&self.picture]
            };
        }
        if media["videos"].is_object() {
            let tall = ["reel", "short", "story"]
                .iter()
                .any(|id| format["id"] == *id);
            return vec![if tall || is_tall(&media["videos"]) {
                &self.tall
            } else {
                &self.wide
            }];
        }
        vec![&self.document]
    }
}

/// Twelve seconds of a test picture with a tone.
fn film(size: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    let made = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-f", "lavfi", "-i"])
        .arg(format!("testsrc=size={size}:rate=24:duration=12"))
        .args([
            "-f",
            "lavfi",
            "-i",
            "sine=440:duration=12",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
        ])
        .args(["-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest"])
        .arg(&path)
        .status()
        .unwrap();
    assert!(made.success(), "ffmpeg made no film");
    std::fs::read(path).unwrap()
}

/// The smallest document with a page.
fn pdf() -> Vec<u8> {
    let mut text = String::from("%PDF-1.4\n");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ];
    let mut table = String::from("xref\n0 4\n0000000000 65535 f \n");
    for (number, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", text.len()).unwrap();
        writeln!(text, "{} 0 obj\n{object}\nendobj", number + 1).unwrap();
    }
    let at = text.len();
    writeln!(
        text,
        "{table}trailer << /Size 4 /Root 1 0 R >>\nstartxref\n{at}\n%%EOF"
    )
    .unwrap();
    text.into_bytes()
}

/// A network, connected.
#[derive(Clone)]
struct Connected {
    platform: String,
    account: Value,
    formats: Vec<Value>,
    can_delete: bool,
}

/// Connects every network that needs a developer app.
async fn connect_all(user: &User, instance: &Instance) -> Vec<Connected> {
    let networks = user.get("networks").await.ok();
    let mut connected = Vec::new();
    for network in networks["data"].as_array().unwrap() {
        if network["connect"]["app"] != "operator" {
            continue;
        }
        let platform = network["platform"].as_str().unwrap();
        let account = instance.consent(user, platform, "mara").await;
        let formats = match &account["formats"] {
            Value::Null => &network["formats"],
            own => own,
        };
        connected.push(Connected {
            platform: platform.to_owned(),
            formats: formats.as_array().unwrap().clone(),
            can_delete: network["features"]["delete"] == true,
            account,
        });
    }
    assert!(connected.len() >= 8, "{} networks", connected.len());
    connected
}

/// What the format's required options are set to.
async fn options(user: &User, account: &Value, format: &Value, picture: &Value) -> Value {
    let mut options = json!({});
    for option in format["options"].as_array().unwrap() {
        if option["required"] != true {
            continue;
        }
        let (key, kind) = (option["key"].as_str().unwrap(), &option["kind"]);
        options[key] = match kind["kind"].as_str().unwrap() {
            "text" => json!("A test"),
            "choice" => kind["choices"][0]["value"].clone(),
            "lookup" => {
                let path = format!("social-accounts/{}/choices/{key}", id(account));
                user.get(&path).await.ok()["data"][0]["value"].clone()
            }
            "switch" => json!(false),
            "list" => json!(["test"]),
            "poll" => json!({ "choices": ["Yes", "No"], "minutes": kind["minutes"][0] }),
            "link" => json!("https://example.org/page"),
            _ => picture.clone(),
        };
    }
    options
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

/// A post in the given format, to be published now; its text holds `mark`.
async fn post(user: &User, files: &Files, to: &Connected, format: &Value, mark: &str) -> Value {
    let media: Vec<_> = files
        .for_format(format)
        .into_iter()
        .map(|content| json!({ "contentId": content, "altText": "A test picture" }))
        .collect();
    let text = match format["text"]["maxCharacters"].as_u64() {
        Some(0) => String::new(),
        _ => format!("Published {mark}"),
    };
    json!({
        "parts": [{ "text": text, "media": media }],
        "targets": [{
            "socialAccountId": to.account["id"],
            "settings": {
                "format": format["id"],
                "options": options(user, &to.account, format, &files.picture).await,
            },
        }],
        "publishNow": true,
    })
}

/// Waits until a post is in one of these states; `scheduled` means that it waits for another try.
async fn until(user: &User, post: &str, name: &str, states: &[&str]) -> Value {
    let mut last = Value::Null;
    for _ in 0..PATIENCE * 5 {
        last = user.get(&format!("posts/{post}")).await.ok();
        let waits = !last["targets"][0]["problem"]["retryAt"].is_null();
        let status = last["status"].as_str().unwrap();
        if states.contains(&status) && (status != "scheduled" || waits) {
            return last;
        }
        let over = !["scheduled", "publishing"].contains(&status);
        assert!(!over, "{name}: {status}, {}", last["targets"]);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("{name} did not come to an end within {PATIENCE} s: {last}");
}

#[tokio::test]
async fn every_format_of_every_network_is_published_once_read_back_and_deleted() {
    let (world, instance) = World::simulated().await;
    let user = world.owner("olivia").await;
    let files = Files::upload(&user).await;
    let networks = connect_all(&user, &instance).await;
    let one = async |network: &Connected, format: &Value| {
        let name = format!("{} as {}", network.platform, format["id"].as_str().unwrap());
        let draft = post(&user, &files, network, format, &name).await;
        let made = user.post("posts", draft).await;
        assert_eq!(made.status, 201, "{name}: {}", made.body);
        let post = until(&user, id(&made.body), &name, &["published"]).await;
        let target = &post["targets"][0];
        assert!(target["platformPostUrl"].is_string(), "{name} has no link");
        let path = format!("posts/{}/targets/{}", id(&post), id(target));
        if format["text"]["maxCharacters"] != 0 {
            assert_eq!(instance.marked(&network.platform, &name).await, 1, "{name}");
        }
        let live = user.get(&format!("{path}/live")).await;
        // LinkedIn lets nobody read a person's posts, and says so.
        assert!([200, 422].contains(&live.status), "{name}: {}", live.body);
        assert_ne!(live.body["live"], false, "{name}");
        user.get(&format!("{path}/insights")).await.ok();
        if network.can_delete {
            let gone = user
                .post(&format!("posts/{}/unpublish", id(&post)), json!({}))
                .await;
            // Some networks can't delete everything: a Story, for example.
            assert!([200, 422].contains(&gone.status), "{name}: {}", gone.body);
            if gone.status == 200 {
                assert_eq!(gone.body["targets"][0]["status"], "deleted", "{name}");
            }
        }
    };
    let all = networks
        .iter()
        .flat_map(|network| network.formats.iter().map(move |format| (network, format)))
        .map(|(network, format)| one(network, format));
    futures::future::join_all(all).await;
}

/// What a post must be after a fault: its state, and the next step that a person is shown.
const FAULTS: [(&str, &[&str]); 6] = [
    ("drop_after_accept", &["published", "needs_attention"]),
    (
        "drop_before",
        &["published", "needs_attention", "scheduled"],
    ),
    ("expire_token", &["published", "failed"]),
    ("revoke_token", &["failed"]),
    ("permission_missing", &["failed"]),
    ("status", &["scheduled"]),
];

#[tokio::test]
async fn a_network_that_misbehaves_gets_nothing_twice_and_no_success_is_claimed_falsely() {
    let one_kind = async |(kind, allowed): (&str, &[&str])| {
        // Each kind of fault has networks of its own: a fault meets the next request, whosever it is.
        let (world, instance) = World::simulated().await;
        let user = world.owner(&kind.replace('_', "-")).await;
        let files = Files::upload(&user).await;
        let networks = connect_all(&user, &instance).await;
        let one = async |network: &Connected| {
            let name = format!("{kind} on {}", network.platform);
            let draft = post(&user, &files, network, &network.formats[0], &name).await;
            let mut fault = json!({ "network": network.platform, "kind": kind, "on": "publish" });
            if kind == "status" {
                fault["status"] = json!(429);
                fault["reset_seconds"] = json!(120);
            }
            instance.faults(json!([fault])).await;
            let made = user.post("posts", draft).await;
            assert_eq!(made.status, 201, "{name}: {}", made.body);
            let post = until(&user, id(&made.body), &name, allowed).await;
            let status = post["status"].as_str().unwrap();
            let problem = &post["targets"][0]["problem"];
            let there = instance.marked(&network.platform, &name).await;
            assert!(there <= 1, "{name}: {there} posts");
            if status == "published" {
                assert_eq!(there, 1, "{name}: nothing is there");
            } else {
                assert!(
                    problem["message"]
                        .as_str()
                        .is_some_and(|words| words.len() > 20),
                    "{name}: {problem}"
                );
            }
            if kind == "revoke_token" {
                assert_eq!(problem["nextStep"], "reconnect", "{name}: {problem}");
            }
        };
        futures::future::join_all(networks.iter().map(one)).await;
    };
    futures::future::join_all(FAULTS.map(one_kind)).await;
}

#[tokio::test]
async fn a_consent_that_is_denied_connects_nothing_and_says_so() {
    let (world, instance) = World::simulated().await;
    let user = world.owner("olivia").await;
    let networks = user.get("networks").await.ok();
    for network in networks["data"].as_array().unwrap() {
        if network["connect"]["app"] != "operator" {
            continue;
        }
        let platform = network["platform"].as_str().unwrap();
        let landed = instance
            .answer_consent(
                &user,
                platform,
                &[("decision", "deny"), ("account", "mara")],
            )
            .await;
        assert!(
            landed.contains("connectError=denied"),
            "{platform}: {landed}"
        );
    }
    eventually("nothing to be connected", || async {
        let accounts = user.get("social-accounts").await.ok();
        (accounts["data"] == json!([])).then_some(())
    })
    .await;
}
