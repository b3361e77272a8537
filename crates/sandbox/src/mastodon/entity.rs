//! How the instance shows what it remembers to a client: docs.joinmastodon.org/entities.

use kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    state::{Media, Memory, Poll, Status, account_id, display_name, millis},
    text,
};
use crate::kit::{Here, comments::Comment, insights, people};

impl Memory {
    pub(super) fn account_entity(&self, name: &str, now: Timestamp, here: &Here) -> Value {
        let bio = people::find(name).map_or("An account of the sandbox.", |known| known.bio);
        let avatar = format!("{}/avatars/{name}.svg", here.origin);
        let own = self
            .statuses
            .values()
            .filter(|status| status.account == name);
        json!({
            "id": account_id(name),
            "username": name,
            "acct": name,
            "display_name": display_name(name),
            "locked": false,
            "bot": false,
            "created_at": "2026-01-01T00:00:00.000Z",
            "note": format!("<p>{bio}</p>"),
            "url": format!("{}/@{name}", here.origin),
            "uri": format!("{}/users/{name}", here.origin),
            "avatar": avatar,
            "avatar_static": avatar,
            "followers_count": insights::followers(name, now),
            "following_count": 0,
            "statuses_count": own.count(),
            "emojis": [],
            "fields": [],
        })
    }

    pub(super) fn media_entity(media: &Media, now: Timestamp, here: &Here) -> Value {
        let ready = media.is_ready(now);
        let url = format!("{}/media/{}/original", here.origin, media.id);
        let kind = media
            .blob
            .mime_type()
            .split('/')
            .next()
            .unwrap_or("unknown");
        json!({
            "id": media.id,
            "type": kind,
            "url": ready.then_some(&url),
            "preview_url": ready.then_some(&url),
            "remote_url": null,
            "meta": {},
            "description": media.description,
            "blurhash": null,
        })
    }

    pub(super) fn status_entity(&self, status: &Status, now: Timestamp, here: &Here) -> Value {
        let mut entity = self.shallow(status, now, here);
        if let Some(quoted) = &status.quoted {
            let found = self.statuses.get(quoted);
            entity["quote"] = json!({
                "state": if found.is_some() { "accepted" } else { "deleted" },
                "quoted_status": found.map(|quoted| self.shallow(quoted, now, here)),
            });
        }
        entity
    }

    /// A status without the one that it quotes: quotes are shown one deep.
    fn shallow(&self, status: &Status, now: Timestamp, here: &Here) -> Value {
        let attachments: Vec<_> = status
            .media
            .iter()
            .filter_map(|id| self.media.get(id))
            .map(|media| Self::media_entity(media, now, here))
            .collect();
        let parent = status
            .in_reply_to
            .as_ref()
            .and_then(|id| self.statuses.get(id));
        let replies = self
            .statuses
            .values()
            .filter(|other| other.in_reply_to.as_ref() == Some(&status.id))
            .count();
        let numbers = self.feed_post(status).exposure("mastodon", 0).insights(now);
        json!({
            "id": status.id,
            "created_at": millis(status.created_at),
            "in_reply_to_id": status.in_reply_to,
            "in_reply_to_account_id": parent.map(|parent| account_id(&parent.account)),
            "sensitive": status.sensitive,
            "spoiler_text": status.spoiler_text,
            "visibility": status.visibility,
            "language": status.language,
            "uri": format!("{}/users/{}/statuses/{}", here.origin, status.account, status.id),
            "url": format!("{}/@{}/{}", here.origin, status.account, status.id),
            "replies_count": replies + self.strangers(status, now).len(),
            "reblogs_count": numbers.shares,
            "quotes_count": 0,
            "favourites_count": numbers.likes,
            "edited_at": null,
            "content": text::html(&status.text, &here.origin),
            "reblog": null,
            "quote": null,
            "application": { "name": status.app_name, "website": null },
            "account": self.account_entity(&status.account, now, here),
            "media_attachments": attachments,
            "mentions": [],
            "tags": text::hashtags(&status.text)
                .map(|tag| json!({ "name": tag, "url": format!("{}/tags/{tag}", here.origin) }))
                .collect::<Vec<_>>(),
            "emojis": [],
            "card": null,
            "poll": status.poll.as_ref().map(|poll| poll_entity(&status.id, poll, now)),
        })
    }

    /// What a stranger on another instance answered.
    pub(super) fn stranger_entity(status: &Status, answer: &Comment) -> Value {
        let (name, id) = (&answer.author.username, &answer.id);
        let home = "https://elsewhere.example";
        json!({
            "id": id,
            "created_at": millis(answer.at),
            "in_reply_to_id": status.id,
            "in_reply_to_account_id": account_id(&status.account),
            "sensitive": false,
            "spoiler_text": "",
            "visibility": "public",
            "language": "en",
            "uri": format!("{home}/users/{name}/statuses/{id}"),
            "url": format!("{home}/@{name}/{id}"),
            "replies_count": 0,
            "reblogs_count": 0,
            "favourites_count": answer.likes,
            "edited_at": null,
            "content": text::html(&answer.text, home),
            "reblog": null,
            "account": {
                "id": account_id(name),
                "username": name,
                "acct": format!("{name}@elsewhere.example"),
                "display_name": answer.author.name,
                "url": format!("{home}/@{name}"),
            },
            "media_attachments": [],
            "mentions": [],
            "tags": [],
            "emojis": [],
            "card": null,
            "poll": null,
        })
    }
}

/// A poll goes by the id of its status. Nobody votes here.
pub(super) fn poll_entity(status: &str, poll: &Poll, now: Timestamp) -> Value {
    let options: Vec<_> = poll
        .options
        .iter()
        .map(|title| json!({ "title": title, "votes_count": (!poll.hide_totals).then_some(0) }))
        .collect();
    json!({
        "id": status,
        "expires_at": millis(poll.expires_at),
        "expired": poll.expires_at <= now,
        "multiple": poll.multiple,
        "votes_count": 0,
        "voters_count": 0,
        "options": options,
        "emojis": [],
    })
}
