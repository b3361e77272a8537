//! playlists and playlistItems: developers.google.com/youtube/data/reference/rest/v3/playlists and …/playlistItems.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use bytes::Bytes;
use kernel::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Net, channels,
    details::Privacy,
    quota,
    refusal::{self, bad, forbidden, not_found},
    request::{self, Query, etag, page, permit},
    scope,
    state::{Item, Memory, Playlist, instant},
};
use crate::kit::{Actor, Answer, Refusal};

const PARTS: &[&str] = &[
    "contentDetails",
    "id",
    "localizations",
    "player",
    "snippet",
    "status",
];
const ITEM_PARTS: &[&str] = &["contentDetails", "id", "snippet", "status"];
/// Videos of one playlist.
const MOST_ITEMS: usize = 5_000;

fn gone() -> Refusal {
    not_found(
        "playlistItem",
        "playlistNotFound",
        "The playlist identified with the request's playlistId parameter cannot be found.",
    )
}

#[derive(Deserialize)]
struct NewPlaylist {
    snippet: Option<Words>,
    status: Option<Status>,
}

#[derive(Deserialize)]
struct Words {
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    #[serde(default)]
    privacy_status: Privacy,
}

/// `POST /playlists`.
pub(super) async fn insert(
    State(net): State<Net>,
    actor: Actor,
    query: Query,
    body: Bytes,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::WRITE, quota::WRITE)?;
    channels::need(&actor)?;
    query.parts(PARTS)?;
    let body: NewPlaylist = request::json(&body)?;
    let snippet = body
        .snippet
        .filter(|snippet| !snippet.title.trim().is_empty())
        .ok_or_else(|| {
            bad(
                "playlist",
                "playlistTitleRequired",
                "The request must specify a playlist title.",
            )
        })?;
    if snippet.title.chars().count() > 150 || snippet.title.contains(['<', '>']) {
        return Err(bad(
            "playlist",
            "invalidPlaylistSnippet",
            "The request provides an invalid playlist snippet.",
        ));
    }
    let playlist = Playlist {
        id: format!("PL{}", net.short_id(32)),
        account: actor.account().to_owned(),
        title: snippet.title,
        description: snippet.description,
        privacy: body
            .status
            .map_or(Privacy::Public, |status| status.privacy_status),
        created_at: net.now(),
    };
    let mut memory = net.memory();
    let shown = show(&memory, &playlist);
    memory.playlists.push(playlist);
    Ok(Json(shown))
}

fn show(memory: &Memory, playlist: &Playlist) -> Value {
    let count = memory
        .items
        .iter()
        .filter(|item| item.playlist == playlist.id)
        .count();
    let snippet = json!({
        "publishedAt": instant(playlist.created_at),
        "channelId": channels::id(&playlist.account),
        "title": playlist.title,
        "description": playlist.description,
        "channelTitle": channels::title(&playlist.account),
        "localized": { "title": playlist.title, "description": playlist.description },
    });
    json!({
        "kind": "youtube#playlist",
        "etag": etag(&(&snippet, count)),
        "id": playlist.id,
        "snippet": snippet,
        "status": { "privacyStatus": playlist.privacy.as_str() },
        "contentDetails": { "itemCount": count },
    })
}

/// `GET /playlists`.
pub(super) async fn list(
    State(net): State<Net>,
    actor: Actor,
    query: Query,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::READ, quota::LIST)?;
    query.parts(PARTS)?;
    let at = query.page(5, 50)?;
    let ids = query.list("id");
    let account = if query.is_true("mine") {
        Some(actor.account())
    } else {
        query.get("channelId").and_then(channels::owner)
    };
    if ids.is_empty() && account.is_none() {
        return Err(refusal::missing("id, channelId, mine"));
    }
    let memory = net.memory();
    let items: Vec<Value> = memory
        .playlists
        .iter()
        .filter(|playlist| ids.is_empty() || ids.contains(&playlist.id.as_str()))
        .filter(|playlist| account.is_none_or(|account| playlist.account == account))
        .filter(|playlist| {
            playlist.privacy != Privacy::Private || playlist.account == actor.account()
        })
        .map(|playlist| show(&memory, playlist))
        .collect();
    Ok(Json(page("youtube#playlistListResponse", items, at)))
}

/// `DELETE /playlists`.
pub(super) async fn delete(State(net): State<Net>, actor: Actor, query: Query) -> Answer {
    permit(&net, &actor, scope::WRITE, quota::WRITE)?;
    let id = query.need("id")?;
    let mut memory = net.memory();
    let found = memory.playlists.iter().find(|playlist| playlist.id == id);
    if found.ok_or_else(gone)?.account != actor.account() {
        return Err(forbidden(
            "playlist",
            "playlistForbidden",
            "This operation is forbidden.",
        ));
    }
    memory.playlists.retain(|playlist| playlist.id != id);
    memory.items.retain(|item| item.playlist != id);
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn show_item(
    memory: &Memory,
    id: &str,
    playlist: &str,
    video: &str,
    position: usize,
    at: Timestamp,
) -> Value {
    let found = memory.video(video);
    let owner = found.map_or("", |video| video.account.as_str());
    let title = found.map_or("Deleted video", |video| video.details.title.as_str());
    let snippet = json!({
        "publishedAt": instant(at),
        "channelId": channels::id(owner),
        "title": title,
        "description": found.map_or("", |video| video.details.description.as_str()),
        "channelTitle": channels::title(owner),
        "playlistId": playlist,
        "position": position,
        "resourceId": { "kind": "youtube#video", "videoId": video },
        "videoOwnerChannelId": channels::id(owner),
        "videoOwnerChannelTitle": channels::title(owner),
    });
    let privacy = found.map_or(Privacy::Private, |video| video.details.privacy);
    json!({
        "kind": "youtube#playlistItem",
        "etag": etag(&snippet),
        "id": id,
        "snippet": snippet,
        "contentDetails": { "videoId": video, "videoPublishedAt": instant(found.map_or(at, |video| video.uploaded_at)) },
        "status": { "privacyStatus": privacy.as_str() },
    })
}

/// `GET /playlistItems`. The playlist of uploads has the newest first.
pub(super) async fn items(
    State(net): State<Net>,
    actor: Actor,
    query: Query,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::READ, quota::LIST)?;
    query.parts(ITEM_PARTS)?;
    let at = query.page(5, 50)?;
    let playlist = query.need("playlistId")?;
    let memory = net.memory();
    let all: Vec<(String, String, Timestamp)> = if let Some(owner) = playlist
        .strip_prefix("UU")
        .and_then(|_| channels::owner(playlist))
    {
        let visible = |privacy| privacy == Privacy::Public || owner == actor.account();
        let own = memory
            .videos
            .iter()
            .rev()
            .filter(|video| video.account == owner);
        own.filter(|video| visible(video.privacy(net.now())))
            .map(|video| {
                (
                    format!("UU{}", video.id),
                    video.id.clone(),
                    video.uploaded_at,
                )
            })
            .collect()
    } else {
        let found = memory.playlists.iter().find(|one| one.id == playlist);
        let found = found.ok_or_else(gone)?;
        if found.privacy == Privacy::Private && found.account != actor.account() {
            return Err(forbidden(
                "playlistItem",
                "playlistItemsNotAccessible",
                "The request is not properly authorized to retrieve the specified playlist.",
            ));
        }
        let own = memory.items.iter().filter(|item| item.playlist == playlist);
        own.map(|item| (item.id.clone(), item.video.clone(), item.added_at))
            .collect()
    };
    let video = query.get("videoId");
    let items: Vec<Value> = all
        .iter()
        .enumerate()
        .filter(|(_, (_, id, _))| video.is_none_or(|video| id == video))
        .map(|(position, (id, video, at))| show_item(&memory, id, playlist, video, position, *at))
        .collect();
    Ok(Json(page("youtube#playlistItemListResponse", items, at)))
}

#[derive(Deserialize)]
struct NewItem {
    snippet: ItemSnippet,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemSnippet {
    #[serde(default)]
    playlist_id: String,
    resource_id: Option<ResourceId>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResourceId {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    video_id: String,
}

/// `POST /playlistItems`.
pub(super) async fn add(
    State(net): State<Net>,
    actor: Actor,
    query: Query,
    body: Bytes,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::WRITE, quota::WRITE)?;
    query.parts(ITEM_PARTS)?;
    let NewItem { snippet } = request::json(&body)?;
    if snippet.playlist_id.is_empty() {
        return Err(bad(
            "playlistItem",
            "playlistIdRequired",
            "The subscribe request does not specify a value for the required playlistId property.",
        ));
    }
    let resource = snippet
        .resource_id
        .filter(|resource| resource.kind == "youtube#video")
        .ok_or_else(|| bad("playlistItem", "resourceIdRequired", "The request must contain a resource in which the snippet object specifies a resourceId."))?;
    let mut memory = net.memory();
    let found = memory
        .playlists
        .iter()
        .find(|playlist| playlist.id == snippet.playlist_id);
    if found.ok_or_else(gone)?.account != actor.account() {
        return Err(forbidden(
            "playlistItem",
            "playlistItemsNotAccessible",
            "The request is not properly authorized to insert the specified playlist item.",
        ));
    }
    if memory.video(&resource.video_id).is_none() {
        return Err(not_found(
            "playlistItem",
            "videoNotFound",
            "The video that you are trying to add to the playlist cannot be found.",
        ));
    }
    let own = memory
        .items
        .iter()
        .filter(|item| item.playlist == snippet.playlist_id);
    let position = own.count();
    if position >= MOST_ITEMS {
        return Err(forbidden(
            "playlistItem",
            "playlistContainsMaximumNumberOfVideos",
            "The playlist already contains the maximum allowed number of items.",
        ));
    }
    let item = Item {
        id: net.short_id(40),
        playlist: snippet.playlist_id,
        video: resource.video_id,
        added_at: net.now(),
    };
    let shown = show_item(
        &memory,
        &item.id,
        &item.playlist,
        &item.video,
        position,
        item.added_at,
    );
    memory.items.push(item);
    Ok(Json(shown))
}

/// `DELETE /playlistItems`.
pub(super) async fn remove(State(net): State<Net>, actor: Actor, query: Query) -> Answer {
    permit(&net, &actor, scope::WRITE, quota::WRITE)?;
    let id = query.need("id")?;
    let mut memory = net.memory();
    let item = memory.items.iter().find(|item| item.id == id);
    let playlist = item
        .ok_or_else(|| {
            not_found(
                "playlistItem",
                "playlistItemNotFound",
                "The playlist item identified with the request's id parameter cannot be found.",
            )
        })?
        .playlist
        .clone();
    let own = |one: &Playlist| one.id == playlist && one.account == actor.account();
    if !memory.playlists.iter().any(own) {
        return Err(forbidden(
            "playlistItem",
            "playlistItemsNotAccessible",
            "The request is not properly authorized to delete the specified playlist item.",
        ));
    }
    memory.items.retain(|item| item.id != id);
    Ok(StatusCode::NO_CONTENT.into_response())
}
