//! How the instance shows what it remembers to a client: docs.joinmastodon.org/entities.

use kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    Net, quotes, refusal,
    state::{Media, Memory, Poll, Status, account_id, display_name, millis, stranger_url},
    text,
};
use crate::kit::{Actor, Answer, Here, comments::Comment, insights, people};

/// Every picture's: the one of the documentation.
const BLURHASH: &str = "UFBWY:8_0Jxv4mx]t8t64.%M-:IUWGWAt6M}";

/// Who looks, when, and at which address.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub(super) now: Timestamp,
    pub(super) here: &'a Here,
    /// The account, if it is known.
    pub(super) who: Option<&'a str>,
}

impl<'a> View<'a> {
    pub(super) fn of(net: &Net, here: &'a Here, actor: &'a Actor) -> Self {
        Self {
            who: Some(actor.account()),
            ..Self::of_anybody(net, here)
        }
    }

    pub(super) fn of_anybody(net: &Net, here: &'a Here) -> Self {
        Self {
            now: net.now(),
            here,
            who: None,
        }
    }
}

impl Memory {
    /// The status, if whoever looks may see it.
    pub(super) fn seen(&self, id: &str, view: &View<'_>) -> Answer<&Status> {
        let found = self.statuses.get(id);
        found
            .filter(|status| status.is_seen_by(view.who))
            .ok_or_else(refusal::not_found)
    }

    pub(super) fn account_entity(&self, name: &str, now: Timestamp, here: &Here) -> Value {
        let bio = people::find(name).map_or("An account of the sandbox.", |known| known.bio);
        let avatar = format!("{}/avatars/{name}.svg", here.origin);
        let own = self
            .statuses
            .values()
            .filter(|status| status.account == name);
        let mut account = person(name, name, &display_name(name), &here.origin, &avatar);
        account["note"] = json!(format!("<p>{bio}</p>"));
        account["followers_count"] = json!(insights::followers(name, now));
        account["statuses_count"] = json!(own.count());
        account
    }

    pub(super) fn media_entity(media: &Media, now: Timestamp, here: &Here) -> Value {
        let ready = media.is_ready(now);
        let url = format!("{}/media/{}/original", here.origin, media.id);
        let preview = match &media.thumbnail {
            Some(picture) => Some(format!("{}{}", here.origin, picture.path())),
            None => (media.kind() == "image").then(|| url.clone()),
        };
        let mut meta = json!({});
        if let Some((x, y)) = media.focus {
            meta["focus"] = json!({ "x": x, "y": y });
        }
        json!({
            "id": media.id,
            "type": media.kind(),
            "url": ready.then_some(&url),
            "preview_url": preview,
            "remote_url": null,
            "meta": meta,
            "description": media.description,
            "blurhash": (media.kind() != "audio").then_some(BLURHASH),
        })
    }

    pub(super) fn status_entity(&self, status: &Status, view: &View<'_>) -> Value {
        let mut entity = self.shallow(status, view);
        entity["quote"] = self.quote(status, view);
        entity
    }

    /// A status without the one that it quotes: quotes are shown one deep.
    pub(super) fn shallow(&self, status: &Status, view: &View<'_>) -> Value {
        let (now, here) = (view.now, view.here);
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
            "quotes_count": self.quoting(&status.id).count(),
            "favourites_count": numbers.likes,
            "edited_at": null,
            "content": text::html(&status.text, &here.origin),
            "reblog": null,
            "quote": null,
            "quote_approval": quotes::approval(status, view.who),
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
            "url": stranger_url(answer),
            "quote_approval": { "automatic": ["public"], "manual": [], "current_user": "automatic" },
            "replies_count": 0,
            "reblogs_count": 0,
            "quotes_count": 0,
            "favourites_count": answer.likes,
            "edited_at": null,
            "content": text::html(&answer.text, home),
            "reblog": null,
            "account": person(
                name,
                &format!("{name}@elsewhere.example"),
                &answer.author.name,
                home,
                &format!("{home}/avatars/{name}.png"),
            ),
            "media_attachments": [],
            "mentions": [],
            "tags": [],
            "emojis": [],
            "card": null,
            "poll": null,
        })
    }
}

/// docs.joinmastodon.org/entities/Account, of somebody whom nobody follows and who wrote nothing.
fn person(name: &str, acct: &str, shown: &str, home: &str, avatar: &str) -> Value {
    json!({
        "id": account_id(name),
        "username": name,
        "acct": acct,
        "display_name": shown,
        "locked": false,
        "bot": false,
        "group": false,
        "discoverable": true,
        "indexable": true,
        "noindex": false,
        "hide_collections": false,
        "created_at": "2026-01-01T00:00:00.000Z",
        "last_status_at": null,
        "note": "",
        "url": format!("{home}/@{name}"),
        "uri": format!("{home}/users/{name}"),
        "avatar": avatar,
        "avatar_static": avatar,
        "header": avatar,
        "header_static": avatar,
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": 0,
        "roles": [],
        "emojis": [],
        "fields": [],
    })
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
        "voted": false,
        "own_votes": [],
        "options": options,
        "emojis": [],
    })
}
