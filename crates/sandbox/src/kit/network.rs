//! A network: what it is as data, and what its handlers are given.

use std::{
    fmt,
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{Router, extract::FromRef};

use super::{
    Hub, Refusal, Site, Trouble,
    comments::{Comment, Comments},
    feed::{FeedPost, Look},
    oauth::OAuth,
    webhooks::Webhooks,
};

/// What a network is, as data. One constant per network.
#[derive(Debug)]
pub(crate) struct Profile {
    /// Its name in addresses, such as `x`: its API lies under `/x`. Small letters.
    pub(crate) id: &'static str,
    /// Its name for people.
    pub(crate) name: &'static str,
    /// How it looks.
    pub(crate) brand: Brand,
    /// How apps are let in.
    pub(crate) oauth: OAuth,
    /// How it words what goes wrong.
    pub(crate) refuse: fn(&Site, &Trouble) -> Refusal,
    /// The requests that make something public, for faults that shall meet only those: method and
    /// path, where `*` stands for one segment, such as `POST /2/tweets`.
    pub(crate) publishing: &'static [&'static str],
    /// The requests that bring files.
    pub(crate) uploading: &'static [&'static str],
    /// How it tells subscribers what happened, where it does.
    pub(crate) webhooks: Option<Webhooks>,
}

impl Profile {
    /// What its addresses begin with. Mastodon is an instance of its own, so it has the root.
    pub(crate) fn prefix(&self) -> String {
        if self.id == "mastodon" {
            String::new()
        } else {
            format!("/{}", self.id)
        }
    }
}

/// How a network looks on its consent page and its feed.
#[derive(Debug)]
pub(crate) struct Brand {
    /// Its colour, as CSS has it. Text on it is white, so it must be dark enough.
    pub(crate) colour: &'static str,
    /// What its feed looks like.
    pub(crate) look: Look,
}

/// What one network remembers, in a type of its own.
pub(crate) trait Memory: Send + 'static {
    /// Everything that stands published, the oldest first, as the feed page shows it.
    /// `site` tells the time, in case something is published by and by.
    fn posts(&self, site: &Site) -> Vec<FeedPost>;

    /// What stands below a post, the oldest first. A network that lets people answer and hide
    /// comments keeps a [`Comments`] and asks that one.
    fn comments(&self, site: &Site, post: &FeedPost) -> Vec<Comment> {
        let exposure = post.exposure(site.profile.id, 0);
        Comments::default().below(&post.id, &exposure, site.now())
    }
}

/// A network at work, as its handlers are given it: `State(net): State<Net<Memory>>`.
/// It is a [`Site`] with the network's own memory. Cheap to clone.
pub(crate) struct Net<M> {
    site: Site,
    memory: Arc<Mutex<M>>,
}

impl<M: Memory> Net<M> {
    /// A network of this profile.
    pub(crate) fn new(hub: &Arc<Hub>, profile: &'static Profile, memory: M) -> Self {
        Self {
            site: Site::new(hub, profile),
            memory: Arc::new(Mutex::new(memory)),
        }
    }

    /// The memory. Don't `.await` while holding it.
    pub(crate) fn memory(&self) -> MutexGuard<'_, M> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The network with its API, ready to be registered in `lib.rs`.
    ///
    /// The addresses of OAuth, the feed page and everything under `/sandbox` come by themselves.
    pub(crate) fn mount(self, api: Router<Self>) -> Mounted {
        self.mount_with_pages(api, Router::new())
    }

    /// As [`Net::mount`], with pages for browsers that no fault meets and nobody records.
    pub(crate) fn mount_with_pages(self, api: Router<Self>, pages: Router<Self>) -> Mounted {
        let site = self.site.clone();
        let posts = {
            let net = self.clone();
            move || net.memory().posts(&net.site)
        };
        let comments = {
            let net = self.clone();
            move |post: &FeedPost| net.memory().comments(&net.site, post)
        };
        Mounted {
            site,
            api: api.with_state(self.clone()),
            pages: pages.with_state(self),
            posts: Box::new(posts),
            comments: Box::new(comments),
        }
    }
}

/// Tells what stands published.
type Posts = Box<dyn Fn() -> Vec<FeedPost> + Send + Sync>;
/// Tells what stands below a post.
type CommentsOf = Box<dyn Fn(&FeedPost) -> Vec<Comment> + Send + Sync>;

/// A network, ready to be served.
pub(crate) struct Mounted {
    pub(crate) site: Site,
    pub(crate) api: Router,
    pub(crate) pages: Router,
    pub(crate) posts: Posts,
    pub(crate) comments: CommentsOf,
}

impl<M> Deref for Net<M> {
    type Target = Site;
    fn deref(&self) -> &Site {
        &self.site
    }
}

impl<M> Clone for Net<M> {
    fn clone(&self) -> Self {
        Self {
            site: self.site.clone(),
            memory: Arc::clone(&self.memory),
        }
    }
}

impl<M> fmt::Debug for Net<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.site.fmt(f)
    }
}

impl<M> FromRef<Net<M>> for Site {
    fn from_ref(net: &Net<M>) -> Self {
        net.site.clone()
    }
}
