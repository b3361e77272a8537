//! What was published, the way the network would show it.

mod page;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use kernel::Timestamp;
use serde::Serialize;

use super::{
    Mounted, Site,
    blobs::Blob,
    comments::Comment,
    html::{each, escape, page as html_page},
    insights::{Exposure, Form, followers},
};

/// What a feed looks like, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Text first, media below: X, LinkedIn, Facebook, Threads, Mastodon.
    Text,
    /// A picture with its caption below: Instagram.
    Picture,
    /// A player with a title: YouTube.
    Video,
    /// Tall players: TikTok.
    Tall,
    /// Cards in columns: Pinterest.
    Pins,
}

/// A published post, as every network's can be shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FeedPost {
    /// The network's id of it.
    pub(crate) id: String,
    /// The username of the account (see [`super::people`]).
    pub(crate) account: String,
    /// The format's name: `post`, `reel`, `story`, `video`, `short`, `carousel`, `article`, `pin` …
    pub(crate) format: &'static str,
    pub(crate) published_at: Timestamp,
    pub(crate) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    pub(crate) media: Vec<FeedMedia>,
    /// A link that is shown as a card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<String>,
    /// The choices of a poll.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) poll: Vec<String>,
    /// The id of the post that this one answers or continues.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) in_reply_to: Option<String>,
    /// The id of the post that this one quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) quotes: Option<String>,
    /// What hides the rest until somebody opens it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) warning: Option<String>,
    /// Whatever else the network shows or knows, in its order: privacy, board, place, tags …
    pub(crate) details: Vec<(&'static str, String)>,
}

/// A file of a post.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FeedMedia {
    #[serde(flatten)]
    pub(crate) blob: Blob,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alt: Option<String>,
    /// The picture shown before a video plays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cover: Option<Blob>,
    /// Its captions, as WebVTT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) captions: Option<Blob>,
}

impl FeedPost {
    /// A post of text alone; the rest is added by `FeedPost { title: …, ..FeedPost::new(…) }`.
    pub(crate) fn new(
        id: impl Into<String>,
        account: impl Into<String>,
        format: &'static str,
        published_at: Timestamp,
        text: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            account: account.into(),
            format,
            published_at,
            text: text.into(),
            title: None,
            media: Vec::new(),
            link: None,
            poll: Vec::new(),
            in_reply_to: None,
            quotes: None,
            warning: None,
            details: Vec::new(),
        }
    }
}

impl From<Blob> for FeedMedia {
    fn from(blob: Blob) -> Self {
        Self {
            blob,
            alt: None,
            cover: None,
            captions: None,
        }
    }
}

impl FeedPost {
    /// The post before the public: what its numbers and its comments come from, on the feed page
    /// as in the network's API. `seconds` is the length of its video.
    pub(crate) fn exposure(&self, network: &str, seconds: u64) -> Exposure {
        Exposure {
            id: format!("{network}/{}", self.id),
            published_at: self.published_at,
            form: self.form(),
            // As they were then: numbers must not jump with each new follower.
            followers: followers(&self.account, self.published_at),
            seconds,
        }
    }

    fn form(&self) -> Form {
        let is_video = |media: &FeedMedia| media.blob.mime_type().starts_with("video/");
        match (self.format, self.media.first()) {
            ("story", _) => Form::Story,
            ("reel" | "short", _) => Form::ShortVideo,
            ("carousel", _) => Form::Carousel,
            ("document", _) => Form::Document,
            (_, Some(media)) if is_video(media) => Form::Video,
            (_, Some(_)) if self.media.len() > 1 => Form::Carousel,
            (_, Some(_)) => Form::Image,
            _ if !self.poll.is_empty() => Form::Poll,
            _ if self.link.is_some() => Form::Link,
            _ => Form::Text,
        }
    }
}

/// What the feed pages of one network are given: all networks, and which it is.
type One = (Arc<Vec<Mounted>>, usize);

/// `/feed`, and the feed pages of every network. Each has addresses of its own, which win over
/// whatever the network answers to what it does not know.
pub(crate) fn routes(networks: &Arc<Vec<Mounted>>) -> Router {
    let mut router = Router::new()
        .route("/feed", get(overview))
        .with_state(Arc::clone(networks));
    for (place, network) in networks.iter().enumerate() {
        let base = format!("/{}/feed", network.site.profile.id);
        let pages = Router::new()
            .route(&base, get(feed))
            .route(&format!("{base}/{{id}}"), get(single))
            .with_state((Arc::clone(networks), place));
        router = router.merge(pages);
    }
    router
}

/// `GET /feed`: all networks and what is new on each.
async fn overview(State(networks): State<Arc<Vec<Mounted>>>) -> Html<String> {
    let cards = each(networks.iter(), |network| {
        let profile = network.site.profile;
        let posts = (network.posts)();
        let newest = posts.last().map_or_else(
            || "Nothing yet.".to_owned(),
            |post| {
                let words = post.title.as_deref().unwrap_or(&post.text);
                let short: String = words.chars().take(120).collect();
                escape(&short)
            },
        );
        format!(
            "<section class=\"card\" style=\"border-left:6px solid {}\"><h2 style=\"margin-top:0\"><a href=\"/{}/feed\">{}</a> \
                 <span class=\"quiet\">{} posts</span></h2><p>{newest}</p></section>",
            profile.brand.colour,
            profile.id,
            escape(profile.name),
            posts.len()
        )
    });
    let body = format!(
        "<h1>What was published</h1><p class=\"quiet\">On simulated networks, on this machine alone. \
         <a href=\"/sandbox\">Panel</a></p>{cards}"
    );
    html_page("Feeds of the sandbox", "#4f46c9", &body)
}

fn nothing() -> Response {
    let body =
        "<h1>Nothing is here</h1><p>It may have been deleted. <a href=\"/feed\">All feeds</a></p>";
    let page = html_page("Not found", "#4f46c9", body);
    (StatusCode::NOT_FOUND, page).into_response()
}

/// `GET /x/feed`: the newest first, each with what continues or answers it.
async fn feed(State((networks, place)): State<One>) -> Response {
    let Some(network) = networks.get(place) else {
        return nothing();
    };
    let posts = (network.posts)();
    let known = |id: &Option<String>| {
        id.as_ref()
            .is_some_and(|id| posts.iter().any(|one| one.id == *id))
    };
    let mut shown: Vec<&FeedPost> = Vec::new();
    for root in posts.iter().rev().filter(|post| !known(&post.in_reply_to)) {
        shown.extend(thread(root, &posts));
    }
    show(&network.site, &shown, &posts, "").into_response()
}

/// `GET /x/feed/1`: one post, its thread and its comments.
async fn single(State((networks, place)): State<One>, Path(id): Path<String>) -> Response {
    let Some(network) = networks.get(place) else {
        return nothing();
    };
    let posts = (network.posts)();
    let Some(post) = posts.iter().find(|post| post.id == id) else {
        return nothing();
    };
    single_page(&network.site, post, &posts, &(network.comments)(post)).into_response()
}

/// The page of one post: its thread and its comments.
pub(crate) fn single_page(
    site: &Site,
    post: &FeedPost,
    all: &[FeedPost],
    comments: &[Comment],
) -> Html<String> {
    show(site, &thread(post, all), all, &page::comments(comments))
}

/// A post and all that continues or answers it, in the order of time.
fn thread<'a>(root: &'a FeedPost, posts: &'a [FeedPost]) -> Vec<&'a FeedPost> {
    let mut thread = vec![root];
    for post in posts {
        if thread
            .iter()
            .any(|earlier| post.in_reply_to.as_ref() == Some(&earlier.id))
        {
            thread.push(post);
        }
    }
    thread
}

/// The page that shows these posts of all that there are, and HTML after them.
pub(crate) fn show(
    site: &Site,
    shown: &[&FeedPost],
    all: &[FeedPost],
    after: &str,
) -> Html<String> {
    let (profile, now) = (site.profile, site.now());
    let articles = each(shown, |post| {
        let numbers = post.exposure(profile.id, 30).insights(now);
        page::article(profile, post, numbers, all)
    });
    let articles = if articles.is_empty() {
        "<p>Nothing has been published here yet.</p>".to_owned()
    } else {
        articles
    };
    let name = escape(profile.name);
    let body = format!(
        "{}<p class=\"band\">{name}</p><h1>{name}, simulated</h1><p class=\"quiet\">What is published here stays on this machine. \
         <a href=\"/feed\">All feeds</a> · <a href=\"/{}/feed\">This feed</a> · <a href=\"/sandbox\">Panel</a></p>\
         <div class=\"{}\">{articles}</div>{after}",
        page::STYLE,
        profile.id,
        page::class(profile.brand.look)
    );
    html_page(
        &format!("{} · sandbox", profile.name),
        profile.brand.colour,
        &body,
    )
}
