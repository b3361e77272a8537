//! channels.list and videoCategories.list. Every account of the sandbox has a channel but `jonas`, so that a
//! Google account without one can be tried too.

use axum::{Json, extract::State};
use kernel::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    Net,
    details::Privacy,
    quota,
    refusal::{self, bad},
    request::{Query, etag, page, permit},
    scope,
};
use crate::kit::{self, Actor, Answer, Here, people, seed};

/// The account without a channel.
const WITHOUT: &str = "jonas";
/// The account whose phone number is not verified: its videos end after 15 minutes.
const UNVERIFIED: &str = "priya";

const PARTS: &[&str] = &[
    "auditDetails",
    "brandingSettings",
    "contentDetails",
    "contentOwnerDetails",
    "id",
    "localizations",
    "snippet",
    "statistics",
    "status",
    "topicDetails",
];

/// The categories of the region US that videos can be put into.
pub(super) const CATEGORIES: &[(&str, &str)] = &[
    ("1", "Film & Animation"),
    ("2", "Autos & Vehicles"),
    ("10", "Music"),
    ("15", "Pets & Animals"),
    ("17", "Sports"),
    ("19", "Travel & Events"),
    ("20", "Gaming"),
    ("22", "People & Blogs"),
    ("23", "Comedy"),
    ("24", "Entertainment"),
    ("25", "News & Politics"),
    ("26", "Howto & Style"),
    ("27", "Education"),
    ("28", "Science & Technology"),
    ("29", "Nonprofits & Activism"),
];

/// The id of an account's channel: `UC` and 22 letters.
pub(super) fn id(account: &str) -> String {
    format!("UC{}", letters(account))
}

/// The playlist of its uploads.
pub(super) fn uploads(account: &str) -> String {
    format!("UU{}", letters(account))
}

fn letters(account: &str) -> String {
    let text = format!("youtube/{account}");
    let mut letters = format!("{:016x}{:016x}", seed(&text), seed(&format!("{text}/2")));
    letters.truncate(22);
    letters
}

/// Whose channel, or whose playlist of uploads, this is.
pub(super) fn owner(id: &str) -> Option<&'static str> {
    people::ACCOUNTS
        .iter()
        .map(|account| account.username)
        .find(|account| id.get(2..) == Some(letters(account).as_str()))
}

/// The name of an account's channel.
pub(super) fn title(account: &str) -> String {
    people::find(account).map_or_else(|| account.to_owned(), |known| known.name.to_owned())
}

/// Refuses the account without a channel.
pub(super) fn need(actor: &Actor) -> Answer<()> {
    if actor.account() == WITHOUT {
        return Err(refusal::new(
            401,
            "youtube.header",
            "youtubeSignupRequired",
            "Unauthorized",
        ));
    }
    Ok(())
}

/// `GET /channels`.
pub(super) async fn list(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    query: Query,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::READ, quota::LIST)?;
    let parts = query.parts(PARTS)?;
    let handle = query
        .get("forHandle")
        .map(|handle| handle.trim_start_matches('@'));
    let accounts: Vec<&str> = if query.is_true("mine") {
        vec![actor.account()]
    } else if let Some(handle) = handle {
        people::find(handle)
            .map(|account| account.username)
            .into_iter()
            .collect()
    } else {
        let ids = query.list("id");
        if ids.is_empty() {
            return Err(refusal::missing("id, mine, forHandle"));
        }
        ids.into_iter()
            .filter(|id| id.starts_with("UC"))
            .filter_map(owner)
            .collect()
    };
    let now = net.now();
    let items: Vec<Value> = accounts
        .into_iter()
        .filter(|account| *account != WITHOUT)
        .map(|account| show(&net, account, &parts, now, &here))
        .collect();
    let total = items.len();
    let mut list = page("youtube#channelListResponse", items, (5, 0));
    // Google leaves the field out where there is nothing.
    if total == 0
        && let Some(list) = list.as_object_mut()
    {
        list.remove("items");
    }
    Ok(Json(list))
}

fn show(net: &Net, account: &str, parts: &[&str], now: Timestamp, here: &Here) -> Value {
    let known = people::find(account);
    let mut shown = Map::new();
    shown.insert("kind".to_owned(), json!("youtube#channel"));
    shown.insert("id".to_owned(), json!(id(account)));
    for part in parts {
        let value = match *part {
            "snippet" => {
                let picture = |side: u32| json!({ "url": format!("{}{}", here.origin, people::avatar_path(account)), "width": side, "height": side });
                let description = known.map_or("", |known| known.bio);
                json!({
                    "title": title(account),
                    "description": description,
                    "customUrl": format!("@{account}"),
                    "publishedAt": "2019-05-01T08:00:00Z",
                    "thumbnails": { "default": picture(88), "medium": picture(240), "high": picture(800) },
                    "localized": { "title": title(account), "description": description },
                    "country": "SE",
                })
            }
            "contentDetails" => {
                json!({ "relatedPlaylists": { "likes": "LL", "uploads": uploads(account) } })
            }
            "status" => json!({
                "privacyStatus": "public",
                "isLinked": true,
                "longUploadsStatus": if account == UNVERIFIED { "eligible" } else { "allowed" },
                "madeForKids": false,
            }),
            "statistics" => {
                let memory = net.memory();
                let own: Vec<_> = memory
                    .videos
                    .iter()
                    .filter(|video| {
                        video.account == account && video.privacy(now) == Privacy::Public
                    })
                    .collect();
                let views: u64 = own
                    .iter()
                    .map(|video| super::reports::counts(video, now).views)
                    .sum();
                json!({
                    "viewCount": views.to_string(),
                    "subscriberCount": kit::insights::followers(account, now).to_string(),
                    "hiddenSubscriberCount": false,
                    "videoCount": own.len().to_string(),
                })
            }
            _ => continue,
        };
        shown.insert((*part).to_owned(), value);
    }
    let tag = etag(&shown);
    shown.insert("etag".to_owned(), json!(tag));
    Value::Object(shown)
}

/// `GET /videoCategories`.
pub(super) async fn categories(
    State(net): State<Net>,
    actor: Actor,
    query: Query,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::READ, quota::LIST)?;
    query.parts(&["snippet", "id"])?;
    let ids = query.list("id");
    if ids.is_empty() && query.get("regionCode").is_none() {
        return Err(bad(
            "parameter",
            "missingRequiredParameter",
            "No filter selected. Expected one of: id, regionCode",
        ));
    }
    let items: Vec<Value> = CATEGORIES
        .iter()
        .filter(|(id, _)| ids.is_empty() || ids.contains(id))
        .map(|(id, title)| {
            let snippet = json!({ "title": title, "assignable": true, "channelId": "UCBR8-60-B28hp2BmDPdntcQ" });
            json!({ "kind": "youtube#videoCategory", "etag": etag(&snippet), "id": id, "snippet": snippet })
        })
        .collect();
    Ok(Json(json!({
        "kind": "youtube#videoCategoryListResponse",
        "etag": etag(&items),
        "items": items,
    })))
}
