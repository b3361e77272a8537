//! What LinkedIn remembers.

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde_json::Value;

use crate::kit::{
    self, Actor, Answer, Site,
    blobs::Blob,
    comments::{Comment, Comments},
    feed::{FeedMedia, FeedPost},
    insights::{Exposure, Form},
    people::{self, AccountKind},
    processing::Processing,
};

use super::refusal;

/// Everything there is.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// By URN; URNs grow.
    pub(super) posts: BTreeMap<String, Post>,
    /// By the last part of the URN.
    pub(super) media: BTreeMap<String, Media>,
    pub(super) comments: Comments,
}

/// A published post.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(super) urn: String,
    pub(super) account: String,
    /// As it was sent.
    pub(super) body: Value,
    /// What a reader sees of it.
    pub(super) text: String,
    pub(super) created_at: Timestamp,
    /// The uploaded files, with their descriptions.
    pub(super) files: Vec<(String, Option<String>)>,
}

/// A file, at any stage.
#[derive(Clone, Debug)]
pub(crate) struct Media {
    /// `urn:li:image:…`
    pub(super) urn: String,
    /// The account that it belongs to.
    pub(super) owner: String,
    /// The pieces that were asked for, of a video: how many bytes, and what came.
    pub(super) parts: Vec<(u64, Option<Blob>)>,
    pub(super) token: String,
    pub(super) blob: Option<Blob>,
    pub(super) processing: Option<Processing>,
    pub(super) expires_at: Timestamp,
}

/// The URN of an account.
pub(super) fn urn(username: &str) -> String {
    let account = people::find(username);
    let company = account.is_some_and(|account| account.kind == AccountKind::Company);
    let kind = if company { "organization" } else { "person" };
    format!("urn:li:{kind}:{}", id(username))
}

/// The last part of an account's URN.
pub(super) fn id(username: &str) -> String {
    let number = people::number(&format!("linkedin/{username}"), 8);
    match people::find(username) {
        Some(account) if account.kind == AccountKind::Company => number.to_string(),
        _ => format!("p{number:x}"),
    }
}

/// The account that a request speaks for: the actor, or a company that he manages. `social` is the
/// ending of the scopes: `social`, or `social_feed`.
pub(super) fn author(actor: &Actor, author: &str, social: &str) -> Answer<String> {
    if author == urn(actor.account()) {
        if !actor.may(&format!("w_member_{social}")) {
            return Err(refusal::denied("partnerApiPostsExternal.CREATE.20260901"));
        }
        return Ok(actor.account().to_owned());
    }
    let person = people::find(actor.account());
    let company = person
        .into_iter()
        .flat_map(people::Account::companies)
        .find(|company| urn(company.username) == author);
    match company {
        Some(company) if actor.may(&format!("w_organization_{social}")) => {
            Ok(company.username.to_owned())
        }
        _ => Err(refusal::denied("partnerApiPostsExternal.CREATE.20260901")),
    }
}

impl Memory {
    pub(super) fn file(&self, urn: &str) -> Option<&Media> {
        self.media.get(urn.rsplit(':').next()?)
    }

    /// The format, and what the public makes of it.
    fn form(post: &Post) -> (&'static str, Form) {
        let content = &post.body["content"];
        let media = content["media"]["id"].as_str().unwrap_or_default();
        if content["article"].is_object() {
            ("article", Form::Link)
        } else if content["poll"].is_object() {
            ("poll", Form::Poll)
        } else if content["multiImage"].is_object() {
            ("carousel", Form::Carousel)
        } else if media.starts_with("urn:li:document:") {
            ("document", Form::Document)
        } else if media.starts_with("urn:li:video:") {
            ("video", Form::Video)
        } else if media.is_empty() {
            ("post", Form::Text)
        } else {
            ("post", Form::Image)
        }
    }

    /// What the public sees of a post.
    pub(super) fn exposure(post: &Post, site: &Site) -> Exposure {
        Exposure {
            id: format!("linkedin/{}", post.urn),
            published_at: post.created_at,
            form: Self::form(post).1,
            followers: kit::insights::followers(&post.account, site.now()),
            seconds: 0,
        }
    }

    /// The comments below a post.
    pub(super) fn below(&self, post: &Post, site: &Site) -> Vec<Comment> {
        let exposure = Self::exposure(post, site);
        self.comments.below(&post.urn, &exposure, site.now())
    }
}

impl kit::Memory for Memory {
    fn posts(&self, _: &Site) -> Vec<FeedPost> {
        let shown = self.posts.values().map(|post| {
            let content = &post.body["content"];
            let media = post.files.iter().filter_map(|(urn, alt)| {
                Some(FeedMedia {
                    alt: alt.clone(),
                    ..self.file(urn)?.blob.clone()?.into()
                })
            });
            let text = |value: &Value| value.as_str().map(str::to_owned);
            let options = content["poll"]["options"].as_array();
            let mut details = Vec::new();
            if let Some(question) = text(&content["poll"]["question"]) {
                details.push(("Question", question));
            }
            if post.body["visibility"] != "PUBLIC" {
                details.push(("Who can see it", post.body["visibility"].to_string()));
            }
            FeedPost {
                title: text(&content["article"]["title"])
                    .or_else(|| text(&content["media"]["title"])),
                link: text(&content["article"]["source"]),
                media: media.collect(),
                poll: options
                    .into_iter()
                    .flatten()
                    .filter_map(|option| text(&option["text"]))
                    .collect(),
                details,
                ..FeedPost::new(
                    &post.urn,
                    &post.account,
                    Self::form(post).0,
                    post.created_at,
                    &post.text,
                )
            }
        });
        shown.collect()
    }

    fn comments(&self, site: &Site, post: &FeedPost) -> Vec<Comment> {
        self.posts
            .get(&post.id)
            .map_or_else(Vec::new, |post| self.below(post, site))
    }
}
