//! Every format with every kind of file, and with every option.
//!
//! What was sent is kept where `ALLIN_TEST_REQUESTS` says, for the judges in `tests/judges`.

use std::{env, fs, path::PathBuf};

use serde_json::{Value, json};

use super::{Connected, Files, connect_all, id, options, post, publish, until};
use crate::support::{Instance, User, World};

/// Options that keep a post from being seen, refer to another post, or need what a test has not.
const LEFT_OUT: [&str; 6] = [
    "publishAt",
    "trial",
    "transfer",
    "quote",
    "replyTo",
    "replyApprovals",
];
/// Options that files do not go with.
const WITHOUT_FILES: [&str; 2] = ["poll", "link"];

/// A post to be made.
struct Made<'a> {
    network: &'a Connected,
    format: &'a Value,
    files: Vec<&'a Value>,
    options: Value,
    name: String,
}

/// The posts that show everything that a format takes.
async fn variants<'a>(
    user: &User,
    files: &'a Files,
    network: &'a Connected,
    format: &'a Value,
) -> Vec<Made<'a>> {
    let sets = files.sets(format);
    let has = |key: &&&str| {
        let mut options = format["options"].as_array().unwrap().iter();
        options.any(|option| option["key"] == **key)
    };
    let required = options(user, network, format, files, |_| false).await;
    let mut made: Vec<(String, Vec<&Value>, Value)> = sets
        .iter()
        .map(|(what, set)| ((*what).to_owned(), set.clone(), required.clone()))
        .collect();
    let takes_files = format["media"]["max"] != 0;
    let alone = |key: &str| takes_files && WITHOUT_FILES.contains(&key);
    let all = options(user, network, format, files, |key| {
        !LEFT_OUT.contains(&key) && !alone(key)
    });
    let (_, with) = sets.last().unwrap();
    made.push(("everything said".to_owned(), with.clone(), all.await));
    if takes_files && format["media"]["min"] == 0 {
        for key in WITHOUT_FILES.iter().filter(has) {
            let only = options(user, network, format, files, |one| one == *key).await;
            made.push(((*key).to_owned(), Vec::new(), only));
        }
    }
    made.into_iter()
        .map(|(what, files, options)| Made {
            name: format!("{} as {} with {what}", network.platform, id(format)),
            network,
            format,
            files,
            options,
        })
        .collect()
}

#[tokio::test]
async fn every_format_of_every_network_is_published_once_read_back_and_deleted() {
    let (world, instance) = World::simulated().await;
    let user = world.owner("olivia").await;
    let files = Files::upload(&user).await;
    let networks = connect_all(&user, &instance).await;
    let mut all = Vec::new();
    for network in &networks {
        for format in &network.formats {
            all.extend(variants(&user, &files, network, format).await);
        }
    }
    let each = all.iter().map(|made| check(&user, &instance, made));
    futures::future::join_all(each).await;

    if let Some(folder) = env::var_os("ALLIN_TEST_REQUESTS").map(PathBuf::from) {
        fs::create_dir_all(&folder).unwrap();
        for Connected { platform, .. } in &networks {
            let sent = instance.requests(platform).await;
            fs::write(folder.join(format!("{platform}.json")), sent.to_string()).unwrap();
        }
    }
}

/// Publishes a post, looks at it in every way there is, and deletes it.
async fn check(user: &User, instance: &Instance, made: &Made<'_>) {
    let Made {
        network,
        format,
        name,
        ..
    } = made;
    let draft = post(network, format, &made.files, &made.options, name);
    let post = publish(user, name, draft).await;
    let post = until(user, &post, name, &["published"]).await;
    let target = &post["targets"][0];
    assert!(target["platformPostUrl"].is_string(), "{name} has no link");
    let path = format!("posts/{}/targets/{}", id(&post), id(target));
    if format["text"]["maxCharacters"] != 0 {
        assert_eq!(instance.marked(&network.platform, name).await, 1, "{name}");
    }
    let live = user.get(&format!("{path}/live")).await;
    // LinkedIn lets nobody read a person's posts, and says so.
    assert!([200, 422].contains(&live.status), "{name}: {}", live.body);
    assert_ne!(live.body["live"], false, "{name}");
    user.get(&format!("{path}/insights")).await.ok();
    if network.can_comment {
        talk(user, &path, name).await;
    }
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
}

/// Answers the first comment below a post, and hides it, as far as the network allows.
async fn talk(user: &User, path: &str, name: &str) {
    let comments = user.get(&format!("{path}/comments")).await;
    assert!(
        [200, 422].contains(&comments.status),
        "{name}: {}",
        comments.body
    );
    let Some(first) = comments.body["data"].get(0) else {
        return;
    };
    let comment = format!("{path}/comments/{}", urlencoded(id(first)));
    let replied = user
        .post(
            &format!("{comment}/replies"),
            json!({ "text": "Thank you" }),
        )
        .await;
    assert!(
        [201, 422].contains(&replied.status),
        "{name}: {}",
        replied.body
    );
    let hidden = json!({ "hidden": true });
    let hidden = user
        .call("PUT", &format!("{comment}/hidden"), Some(hidden))
        .await;
    assert!(
        [204, 422].contains(&hidden.status),
        "{name}: {}",
        hidden.body
    );
}

fn urlencoded(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes()).collect()
}
