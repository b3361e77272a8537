//! What Threads remembers, and how it shows it: reference/media-retrieval.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use kernel::Timestamp;
use serde_json::{Map, Value, json};

use super::user_id;
use crate::kit::{
    self, Here, Site,
    blobs::Blob,
    comments::{Comment, Comments},
    feed::{FeedMedia, FeedPost},
    processing::Processing,
};

/// Everything there is. Ids are numbers of one length, so the order of keys is that of time.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(super) containers: BTreeMap<String, Container>,
    pub(super) posts: BTreeMap<String, Post>,
    pub(super) comments: Comments,
}

/// What is put together before it is published.
#[derive(Clone, Debug)]
pub(super) struct Container {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) created_at: Timestamp,
    pub(super) is_item: bool,
    pub(super) work: Option<Processing>,
    /// What is wrong with the file, once it is looked at.
    pub(super) error: Option<&'static str>,
    pub(super) published: Option<String>,
    pub(super) content: Content,
}

/// What a post says and shows.
#[derive(Clone, Debug)]
pub(super) struct Content {
    /// `TEXT`, `IMAGE`, `VIDEO` or `CAROUSEL`.
    pub(super) media_type: String,
    pub(super) text: String,
    pub(super) media: Vec<(Blob, Option<String>)>,
    pub(super) reply_to: Option<String>,
    pub(super) reply_control: String,
    pub(super) topic_tag: Option<String>,
    pub(super) link: Option<String>,
    pub(super) quote: Option<String>,
    pub(super) poll: Vec<String>,
    pub(super) spoiler: bool,
    pub(super) approvals: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) created_at: Timestamp,
    /// The first post of its conversation, where it is a reply.
    pub(super) root: Option<String>,
    pub(super) content: Content,
}

/// An id: a number of 17 digits that grows.
pub(super) fn next_id(site: &Site) -> String {
    (18_000_000_000_000_000 + site.next_number()).to_string()
}

/// `2024-09-12T23:17:39+0000`
pub(super) fn time(at: Timestamp) -> String {
    at.to_jiff()
        .to_zoned(TimeZone::UTC)
        .strftime("%Y-%m-%dT%H:%M:%S%z")
        .to_string()
}

/// Those fields that were asked for, and the id.
pub(super) fn only(entity: Value, fields: Option<&str>) -> Value {
    let Value::Object(all) = entity else {
        return entity;
    };
    // `poll_attachment{option_a,…}` asks for parts of a field.
    let mut wanted = vec!["id".to_owned()];
    let mut depth = 0;
    let mut word = String::new();
    for c in fields.unwrap_or_default().chars().chain([',']) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => wanted.push(std::mem::take(&mut word).trim().to_owned()),
            _ if depth == 0 => word.push(c),
            _ => {}
        }
    }
    let kept: Map<_, _> = all
        .into_iter()
        .filter(|(name, value)| !value.is_null() && wanted.contains(name))
        .collect();
    Value::Object(kept)
}

impl Post {
    pub(super) fn entity(&self, here: &Here, asking: &str) -> Value {
        let content = &self.content;
        let url = |blob: &Blob| format!("{}{}", here.origin, blob.path());
        let file = content.media.first();
        let single = content.media.len() == 1;
        let children: Vec<_> = content
            .media
            .iter()
            .map(|(blob, _)| json!({ "id": blob.id() }))
            .collect();
        json!({
            "id": self.id,
            "media_product_type": "THREADS",
            "media_type": match content.media_type.as_str() {
                "TEXT" => "TEXT_POST",
                "CAROUSEL" => "CAROUSEL_ALBUM",
                other => other,
            },
            "media_url": file.filter(|_| single).map(|(blob, _)| url(blob)),
            "alt_text": file.filter(|_| single).and_then(|(_, alt)| alt.clone()),
            "children": (!single && !children.is_empty()).then(|| json!({ "data": children })),
            "permalink": format!("{}/feed/{}", here.base, self.id),
            "owner": { "id": user_id(&self.account) },
            "username": self.account,
            "text": (!content.text.is_empty()).then_some(&content.text),
            "timestamp": time(self.created_at),
            "shortcode": format!("D{}", &self.id[6..]),
            "is_quote_post": content.quote.is_some(),
            "quoted_post": content.quote.as_ref().map(|id| json!({ "id": id })),
            "link_attachment_url": content.link,
            "topic_tag": content.topic_tag,
            "poll_attachment": poll(&content.poll),
            "reply_audience": content.reply_control.to_uppercase(),
            "is_spoiler_media": content.spoiler,
            "has_replies": false,
            "is_reply": content.reply_to.is_some(),
            "is_reply_owned_by_me": content.reply_to.is_some() && self.account == asking,
            "replied_to": content.reply_to.as_ref().map(|id| json!({ "id": id })),
            "root_post": self.root.as_ref().map(|id| json!({ "id": id })),
            "hide_status": "NOT_HUSHED",
        })
    }

    pub(super) fn feed(&self) -> FeedPost {
        let content = &self.content;
        let format = match content.media_type.as_str() {
            "CAROUSEL" => "carousel",
            "VIDEO" => "video",
            _ if !content.poll.is_empty() => "poll",
            _ => "post",
        };
        let mut details = Vec::new();
        if let Some(topic) = &content.topic_tag {
            details.push(("Topic", topic.clone()));
        }
        if content.reply_control != "everyone" {
            details.push(("Who can reply", content.reply_control.clone()));
        }
        if content.approvals {
            details.push(("Replies", "appear once they are approved".to_owned()));
        }
        FeedPost {
            media: content
                .media
                .iter()
                .map(|(blob, alt)| FeedMedia {
                    alt: alt.clone(),
                    ..blob.clone().into()
                })
                .collect(),
            link: content.link.clone(),
            poll: content.poll.clone(),
            in_reply_to: content.reply_to.clone(),
            quotes: content.quote.clone(),
            warning: content.spoiler.then(|| "Spoiler".to_owned()),
            details,
            ..FeedPost::new(
                &self.id,
                &self.account,
                format,
                self.created_at,
                &content.text,
            )
        }
    }
}

/// create-posts/polls, "Media retrieval".
fn poll(options: &[String]) -> Option<Value> {
    let mut poll = Map::new();
    for (letter, option) in ["a", "b", "c", "d"].iter().zip(options) {
        poll.insert(format!("option_{letter}"), json!(option));
    }
    (!poll.is_empty()).then_some(Value::Object(poll))
}

impl kit::Memory for Memory {
    fn posts(&self, _: &Site) -> Vec<FeedPost> {
        self.posts.values().map(Post::feed).collect()
    }

    fn comments(&self, site: &Site, post: &FeedPost) -> Vec<Comment> {
        self.comments
            .below(&post.id, &post.exposure("threads", 0), site.now())
    }
}
