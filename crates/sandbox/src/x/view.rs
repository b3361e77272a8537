//! Posts as X shows them: schemas `Post`, `Expansions`, `Poll` and `Media` of the OpenAPI 2.167,
//! and docs.x.com/x-api/fundamentals/data-dictionary for the old names.

use serde_json::{Value, json};

use super::{
    Net,
    state::{Media, Memory, Post},
    text, users,
};
use crate::kit::{Here, Params, comments::Comment};

/// How fields are called: as the OpenAPI has it since August 2026, or as before.
#[derive(Clone, Copy)]
pub(super) struct Names {
    pub(super) fields: &'static str,
    referenced: &'static str,
    reposts: &'static str,
    note: &'static str,
    history: &'static str,
    included: &'static str,
    pub(super) post_count: &'static str,
}

const NEW: Names = Names {
    fields: "post.fields",
    referenced: "referenced_posts",
    reposts: "repost_count",
    note: "note_post",
    history: "edit_history_post_ids",
    included: "posts",
    post_count: "post_count",
};

const OLD: Names = Names {
    fields: "tweet.fields",
    referenced: "referenced_tweets",
    reposts: "retweet_count",
    note: "note_tweet",
    history: "edit_history_tweet_ids",
    included: "tweets",
    post_count: "tweet_count",
};

impl Names {
    /// The old ones, if the request uses one of them.
    pub(super) fn of(params: &Params) -> Self {
        let expansions = params.get("expansions").unwrap_or_default();
        if params.get(OLD.fields).is_some() || expansions.contains("referenced_tweets") {
            OLD
        } else {
            NEW
        }
    }
}

/// What a request wants to see of posts.
pub(super) struct View<'a> {
    pub(super) net: &'a Net,
    pub(super) here: &'a Here,
    pub(super) params: &'a Params,
    pub(super) names: Names,
}

impl View<'_> {
    fn wants(&self, field: &str) -> bool {
        let fields = self.params.get(self.names.fields).unwrap_or_default();
        fields.split(',').any(|one| one == field)
    }

    fn expands(&self, expansion: &str) -> bool {
        let expansions = self.params.get("expansions").unwrap_or_default();
        expansions
            .split(',')
            .any(|one| one == expansion || one == format!("{expansion}.id"))
    }

    /// A post, as much of it as is asked for.
    pub(super) fn post(&self, memory: &Memory, post: &Post) -> Value {
        let kept = text::keep(&post.text, post.id, !post.media.is_empty());
        let long = kept.text.chars().count() > 280 && text::weigh(&post.text) > 280;
        let shown = if long {
            let start: String = kept.text.chars().take(276).collect();
            format!("{start}…")
        } else {
            kept.text.clone()
        };
        let mut entity = json!({ "id": post.id.to_string(), "text": shown });
        entity[self.names.history] = json!([post.id.to_string()]);
        let media: Vec<_> = post
            .media
            .iter()
            .filter_map(|id| memory.media.get(id))
            .collect();
        let keys: Vec<_> = media.iter().map(|media| media.key()).collect();
        if self.wants("created_at") {
            entity["created_at"] = json!(format!("{:.3}", post.created_at.to_jiff()));
        }
        if self.wants("author_id") || self.expands("author_id") {
            entity["author_id"] = json!(users::id(&post.account));
        }
        if self.wants("conversation_id") {
            entity["conversation_id"] = json!(post.conversation.to_string());
        }
        if self.wants("reply_settings") {
            entity["reply_settings"] = json!(post.reply_settings);
        }
        if self.wants("paid_partnership") {
            entity["paid_partnership"] = json!(post.paid_partnership);
        }
        if self.wants("lang") {
            entity["lang"] = json!("en");
        }
        if self.wants(self.names.referenced) || self.expands(self.names.referenced) {
            let mut referenced = Vec::new();
            if let Some(parent) = &post.parent {
                referenced.push(json!({ "type": "replied_to", "id": parent }));
            }
            if let Some(quoted) = &post.quoted {
                referenced.push(json!({ "type": "quoted", "id": quoted }));
            }
            if !referenced.is_empty() {
                entity[self.names.referenced] = json!(referenced);
            }
        }
        if (self.wants("attachments") || self.expands("attachments.media_keys")) && !keys.is_empty()
        {
            entity["attachments"] = json!({ "media_keys": keys });
        }
        if self.wants("attachments") && post.poll.is_some() {
            entity["attachments"] = json!({ "poll_ids": [post.id.to_string()] });
        }
        let urls: Vec<_> = kept
            .links
            .iter()
            .map(|(short, long)| {
                let start = kept.text.find(short.as_str()).unwrap_or_default();
                let mut url = json!({ "start": start, "end": start + short.len(), "url": short });
                if long.is_empty() {
                    url["media_key"] = json!(keys.first());
                    url["expanded_url"] = json!(format!(
                        "{}/{}/status/{}/photo/1",
                        self.here.base, post.account, post.id
                    ));
                } else {
                    url["expanded_url"] = json!(long);
                }
                url
            })
            .collect();
        if self.wants("entities") && !urls.is_empty() {
            entity["entities"] = json!({ "urls": urls });
        }
        if self.wants(self.names.note) && long {
            entity[self.names.note] = json!({ "text": kept.text, "entities": { "urls": urls } });
        }
        self.metrics(memory, post, &mut entity);
        entity
    }

    fn metrics(&self, memory: &Memory, post: &Post, entity: &mut Value) {
        let now = self.net.now();
        let numbers = memory.shown(post).exposure("x", 0).insights(now);
        let quotes = memory
            .posts
            .values()
            .filter(|other| other.quoted.as_deref() == Some(&post.id.to_string()))
            .count();
        if self.wants("public_metrics") {
            let mut metrics = json!({
                "reply_count": numbers.comments,
                "like_count": numbers.likes,
                "quote_count": quotes,
                "bookmark_count": numbers.saves,
                "impression_count": numbers.impressions,
            });
            metrics[self.names.reposts] = json!(numbers.shares);
            entity["public_metrics"] = metrics;
        }
        if self.wants("non_public_metrics") {
            entity["non_public_metrics"] = json!({
                "impression_count": numbers.impressions,
                "url_link_clicks": numbers.clicks,
                "user_profile_clicks": numbers.clicks / 3,
                "engagements": numbers.likes + numbers.comments + numbers.shares + numbers.clicks,
            });
        }
    }

    /// A stranger's reply, as a post.
    pub(super) fn reply(&self, post: &Post, reply: &Comment) -> Value {
        let mut entity = json!({
            "id": reply.id,
            "text": format!("@{} {}", post.account, reply.text),
        });
        entity[self.names.history] = json!([reply.id]);
        if self.wants("created_at") {
            entity["created_at"] = json!(format!("{:.3}", reply.at.to_jiff()));
        }
        if self.wants("conversation_id") {
            entity["conversation_id"] = json!(post.conversation.to_string());
        }
        if self.wants("author_id") || self.expands("author_id") {
            entity["author_id"] = json!(users::id(&reply.author.username));
        }
        if self.wants(self.names.referenced) || self.expands(self.names.referenced) {
            let parent = reply.parent.clone().unwrap_or_else(|| post.id.to_string());
            entity[self.names.referenced] = json!([{ "type": "replied_to", "id": parent }]);
        }
        entity
    }

    /// What is told beside the posts: schema `Expansions`.
    pub(super) fn includes(
        &self,
        memory: &Memory,
        posts: &[&Post],
        replies: &[Comment],
    ) -> Option<Value> {
        let mut includes = json!({});
        if self.expands("author_id") {
            let mut people: Vec<_> = posts
                .iter()
                .map(|post| (post.account.as_str(), post.account.as_str()))
                .chain(
                    replies
                        .iter()
                        .map(|reply| (reply.author.username.as_str(), reply.author.name.as_str())),
                )
                .collect();
            people.sort_unstable();
            people.dedup_by_key(|(username, _)| *username);
            includes["users"] = people
                .into_iter()
                .map(|(username, name)| users::named(self.here, username, name, self.params))
                .collect();
        }
        let media: Vec<_> = posts
            .iter()
            .flat_map(|post| &post.media)
            .filter_map(|id| memory.media.get(id))
            .collect();
        if self.expands("attachments.media_keys") && !media.is_empty() {
            includes["media"] = media
                .into_iter()
                .map(|media| self.media(media, posts, memory))
                .collect();
        }
        if self.expands(self.names.referenced) {
            let referenced: Vec<_> = posts
                .iter()
                .flat_map(|post| [&post.parent, &post.quoted])
                .flatten()
                .filter_map(|id| memory.post(id))
                .map(|post| self.post(memory, post))
                .collect();
            if !referenced.is_empty() {
                includes[self.names.included] = json!(referenced);
            }
        }
        if self.expands("attachments.poll_ids") {
            let polls: Vec<_> = posts.iter().filter_map(|post| self.poll(post)).collect();
            if !polls.is_empty() {
                includes["polls"] = json!(polls);
            }
        }
        includes
            .as_object()
            .is_some_and(|map| !map.is_empty())
            .then_some(includes)
    }

    fn media(&self, media: &Media, posts: &[&Post], memory: &Memory) -> Value {
        let kind = match media.category.as_str() {
            "tweet_image" => "photo",
            "tweet_gif" => "animated_gif",
            _ => "video",
        };
        let mut entity = json!({ "media_key": media.key(), "type": kind });
        let fields = self.params.get("media.fields").unwrap_or_default();
        if fields.contains("alt_text") && media.alt_text.is_some() {
            entity["alt_text"] = json!(media.alt_text);
        }
        if fields.contains("url")
            && let Some(blob) = &media.blob
        {
            entity["url"] = json!(format!("{}{}", self.here.origin, blob.path()));
        }
        if fields.contains("public_metrics") && kind == "video" {
            let post = posts.iter().find(|post| post.media.contains(&media.id));
            let views = post.map_or(0, |post| {
                let shown = memory.shown(post);
                shown.exposure("x", 10).insights(self.net.now()).views
            });
            entity["public_metrics"] = json!({ "view_count": views });
        }
        entity
    }

    fn poll(&self, post: &Post) -> Option<Value> {
        let poll = post.poll.as_ref()?;
        let ends = post.created_at + std::time::Duration::from_secs(poll.minutes * 60);
        let options: Vec<_> = poll
            .options
            .iter()
            .zip(1..)
            .map(|(label, position)| json!({ "position": position, "label": label, "votes": 0 }))
            .collect();
        Some(json!({
            "id": post.id.to_string(),
            "options": options,
            "duration_minutes": poll.minutes,
            "end_datetime": format!("{:.3}", ends.to_jiff()),
            "voting_status": if ends > self.net.now() { "open" } else { "closed" },
        }))
    }
}
