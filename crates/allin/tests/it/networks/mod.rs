//! Every network that asks for consent, through the whole program, against the sandbox: connected,
//! published in every format, read back and deleted; and what becomes of a post when the network
//! misbehaves.

mod faults;
mod files;
mod formats;
mod uploads;

use std::time::Duration;

use serde_json::{Value, json};

pub(crate) use self::files::film;

use self::files::Files;
use crate::support::{Instance, User, World, eventually};

/// Seconds that the slowest network may take over a video.
const PATIENCE: u32 = 150;

/// A network, connected.
#[derive(Clone)]
struct Connected {
    platform: String,
    account: Value,
    formats: Vec<Value>,
    can_delete: bool,
    can_comment: bool,
}

impl Connected {
    /// The format of that name.
    fn format(&self, id: &str) -> &Value {
        let format = self.formats.iter().find(|format| format["id"] == id);
        format.unwrap_or_else(|| panic!("{} has no format {id}", self.platform))
    }
}

/// Connects every network that asks for consent; of Mastodon's servers, the simulated one.
async fn connect_all(user: &User, instance: &Instance) -> Vec<Connected> {
    let networks = user.get("networks").await.ok();
    let mut connected = Vec::new();
    for network in networks["data"].as_array().unwrap() {
        let platform = network["platform"].as_str().unwrap();
        let account = match network["connect"]["app"].as_str().unwrap() {
            "operator" => instance.consent(user, platform, "mara").await,
            "automatic" => {
                let id = instance.connect(user, "mara").await;
                user.get(&format!("social-accounts/{id}")).await.ok()
            }
            _ => continue,
        };
        let formats = match &account["formats"] {
            Value::Null => &network["formats"],
            own => own,
        };
        connected.push(Connected {
            platform: platform.to_owned(),
            formats: formats.as_array().unwrap().clone(),
            can_delete: network["features"]["delete"] == true,
            can_comment: network["features"]["comments"] == true,
            account,
        });
    }
    assert!(connected.len() >= 9, "{} networks", connected.len());
    connected
}

/// Something to fill an option with.
async fn value(user: &User, account: &Value, option: &Value, files: &Files) -> Value {
    let (key, kind) = (option["key"].as_str().unwrap(), &option["kind"]);
    match kind["kind"].as_str().unwrap() {
        "text" => json!(match key {
            "coverSecond" | "coverPhoto" => "1",
            "place" | "location" => "7640348500",
            "language" | "captionsLanguage" => "en",
            _ => "A test",
        }),
        "choice" => kind["choices"][0]["value"].clone(),
        "lookup" => {
            let first = async |key: &Value, query: &str| {
                let key = key.as_str().unwrap();
                let path = format!("social-accounts/{}/choices/{key}{query}", id(account));
                user.get(&path).await.ok()["data"][0]["value"].clone()
            };
            match &kind["of"] {
                Value::Null => first(&option["key"], "").await,
                board => {
                    let of = first(board, "").await;
                    first(&option["key"], &format!("?of={}", of.as_str().unwrap())).await
                }
            }
        }
        // A first comment needs comments, which these two switch off.
        "switch" => json!(!["madeForKids", "commentsOff"].contains(&key)),
        "list" => json!([match key {
            "cardLinks" => "https://example.org/card",
            "collaborators" | "userTags" => "jonas",
            _ => "test",
        }]),
        "poll" => json!({ "choices": ["Yes", "No"], "minutes": kind["minutes"][0] }),
        "link" => json!("https://example.org/page"),
        "file" => files.captions.clone(),
        _ => files.picture.clone(),
    }
}

/// The options of the format that it asks for, and those that `and` names.
async fn options(
    user: &User,
    to: &Connected,
    format: &Value,
    files: &Files,
    and: impl Fn(&str) -> bool,
) -> Value {
    let mut options = json!({});
    for option in format["options"].as_array().unwrap() {
        let key = option["key"].as_str().unwrap();
        if option["required"] == true || and(key) {
            options[key] = value(user, &to.account, option, files).await;
        }
    }
    options
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

/// A post in the given format, to be published now; its text holds `mark`.
fn post(to: &Connected, format: &Value, media: &[&Value], options: &Value, mark: &str) -> Value {
    let media: Vec<_> = media
        .iter()
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
            "settings": { "format": format["id"], "options": options },
        }],
        "publishNow": true,
    })
}

/// Writes a post that is to be published now, and answers its id.
async fn publish(user: &User, name: &str, post: Value) -> String {
    let made = user.post("posts", post).await;
    assert_eq!(made.status, 201, "{name}: {}", made.body);
    id(&made.body).to_owned()
}

/// Waits until a post is in one of these states; `scheduled` means that it waits for another try.
async fn until(user: &User, post: &str, name: &str, states: &[&str]) -> Value {
    let mut last = Value::Null;
    for _ in 0..PATIENCE {
        last = user.get(&format!("posts/{post}")).await.ok();
        let waits = !last["targets"][0]["problem"]["retryAt"].is_null();
        let status = last["status"].as_str().unwrap();
        if states.contains(&status) && (status != "scheduled" || waits) {
            return last;
        }
        let over = !["scheduled", "publishing"].contains(&status);
        assert!(!over, "{name}: {status}, {}", last["targets"]);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("{name} did not come to an end within {PATIENCE} s: {last}");
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
