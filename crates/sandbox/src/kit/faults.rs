//! Faults on demand.
//!
//! A test, or a person at the panel, queues faults; each request to a network takes the first one
//! that is meant for it. Two kinds meet work instead of requests: slow processing and rejected
//! files wait for the next file that is processed.

use std::{collections::VecDeque, time::Duration};

use axum::{
    extract::{Request, State},
    http::{StatusCode, header::CONTENT_TYPE},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::{Profile, Site, Trouble, mangle::mangle};

/// What shall go wrong with the next request that it fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub(crate) kind: Kind,
    /// Only on this network, such as `x`. Without it, on whichever is asked first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) network: Option<String>,
    /// Only for requests with this method, such as `POST`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) method: Option<String>,
    /// Only for paths that begin so, such as `/api/v1/statuses`; with or without the network's
    /// name in front. `*` stands for one segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// Only for requests of this sort.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) on: Option<Sort>,
    /// How many requests it meets: 1 where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<u32>,
}

/// Sorts of requests, which each network tells apart by its [`Profile`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sort {
    /// Makes something public.
    Publish,
    /// Brings a file.
    Upload,
    /// Asks for tokens.
    SignIn,
    /// Any other request.
    Read,
}

/// The ways to go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Waits before it does what it is asked.
    Delay {
        /// For how long.
        ms: u64,
    },
    /// Takes the request and never answers.
    Hang,
    /// Closes the connection and does nothing.
    DropBefore,
    /// Does what it is asked and closes the connection instead of answering.
    DropAfterAccept,
    /// Answers with a status and does nothing. 429 is a reached rate limit, in the network's form.
    Status {
        /// The status.
        status: u16,
        /// For 429: how long until the limit resets. 300 where it is missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reset_seconds: Option<u64>,
    },
    /// Does what it is asked and answers something that is no JSON.
    Garbage,
    /// Does what it is asked and answers with one value that is not what it should be.
    Mangle {
        /// Which value, and what is there instead.
        seed: u64,
    },
    /// Answers with more bytes than any client should read.
    Flood,
    /// Answers with a redirect.
    Redirect {
        /// To where.
        location: String,
    },
    /// People withdraw the app's access just before the request.
    RevokeToken,
    /// All access tokens of the network expire just before the request. Refresh tokens stay.
    ExpireToken,
    /// Refuses because a permission is missing.
    PermissionMissing {
        /// Which one; the network names a likely one where it is missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scope: Option<String>,
    },
    /// Refuses because the same was published before. Meets publishing only, unless a path says
    /// otherwise.
    DuplicateContent,
    /// The next file is found unusable when it is processed. Takes neither method nor path.
    MediaRejected,
    /// The next file takes so much longer to process. Takes neither method nor path.
    SlowProcessing {
        /// How much longer.
        seconds: u64,
    },
}

impl Kind {
    /// Whether it meets the processing of a file instead of a request.
    pub(crate) const fn meets_work(&self) -> bool {
        matches!(self, Self::MediaRejected | Self::SlowProcessing { .. })
    }
}

impl Fault {
    /// Whether it is for this network, as far as it says.
    pub(crate) fn is_for(&self, network: &str) -> bool {
        self.network.as_deref().is_none_or(|name| name == network)
    }

    /// What is wrong with the fault itself, if anything.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let narrowed = self.method.is_some() || self.path.is_some() || self.on.is_some();
        (self.kind.meets_work() && narrowed)
            .then_some("media_rejected and slow_processing take no method, path or on: they meet the next file.")
    }

    fn fits(&self, profile: &Profile, request: &Request) -> bool {
        let (method, path) = (request.method().as_str(), request.uri().path());
        let sort = || Sort::of(profile, method, path);
        let publishing_only = self.kind == Kind::DuplicateContent && self.path.is_none();
        self.is_for(profile.id)
            && !self.kind.meets_work()
            && self
                .method
                .as_ref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path.as_ref().is_none_or(|wanted| {
                let below = wanted.strip_prefix(&profile.prefix()).unwrap_or(wanted);
                begins(path, wanted) || begins(path, below)
            })
            && self.on.is_none_or(|wanted| wanted == sort())
            && (!publishing_only || sort() == Sort::Publish)
    }

    /// Takes the fault at this place of the queue, once.
    pub(crate) fn take(queue: &mut VecDeque<Self>, position: usize) -> Option<Kind> {
        let fault = queue.get_mut(position)?;
        match fault.times {
            Some(times) if times > 1 => {
                fault.times = Some(times - 1);
                Some(fault.kind.clone())
            }
            _ => queue.remove(position).map(|fault| fault.kind),
        }
    }
}

impl Sort {
    fn of(profile: &Profile, method: &str, path: &str) -> Self {
        let among = |routes: &[&str]| {
            routes.iter().any(|route| {
                route
                    .split_once(' ')
                    .is_some_and(|(verb, pattern)| verb == method && is(path, pattern))
            })
        };
        let oauth = &profile.oauth;
        let mut sign_in = [oauth.authorize, oauth.token, oauth.revoke]
            .into_iter()
            .flatten();
        if among(profile.publishing) {
            Self::Publish
        } else if among(profile.uploading) {
            Self::Upload
        } else if sign_in.any(|pattern| is(path, pattern))
            || oauth.exchanges.iter().any(|swap| is(path, swap.path))
        {
            Self::SignIn
        } else {
            Self::Read
        }
    }
}

/// Whether the path begins with the pattern. The last segment may be begun only.
fn begins(path: &str, pattern: &str) -> bool {
    if !pattern.contains('*') {
        return path.starts_with(pattern);
    }
    let mut segments = path.split('/');
    let mut wanted = pattern.split('/').peekable();
    while let Some(want) = wanted.next() {
        let Some(segment) = segments.next() else {
            return false;
        };
        let last = wanted.peek().is_none();
        if want != "*" && segment != want && !(last && segment.starts_with(want)) {
            return false;
        }
    }
    true
}

/// Whether the path is the pattern's: as many segments, each the same, `*` or `{…}`.
fn is(path: &str, pattern: &str) -> bool {
    let (mut segments, mut wanted) = (path.split('/'), pattern.split('/'));
    loop {
        match (segments.next(), wanted.next()) {
            (None, None) => return true,
            (Some(segment), Some(want))
                if want == "*" || want.starts_with('{') || segment == want => {}
            _ => return false,
        }
    }
}

/// Lets the request through, unless a fault waits for it.
pub(crate) async fn apply(State(site): State<Site>, request: Request, next: Next) -> Response {
    let fault = {
        let mut faults = site.hub.faults();
        let position = faults
            .iter()
            .position(|fault| fault.fits(site.profile, &request));
        position.and_then(|position| Fault::take(&mut faults, position))
    };
    let Some(kind) = fault else {
        return next.run(request).await;
    };
    let refuse = |trouble: Trouble| site.refuse(&trouble).into_response();
    match kind {
        Kind::Delay { ms } => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            next.run(request).await
        }
        Kind::Hang => std::future::pending().await,
        Kind::DropBefore => drop_connection(),
        Kind::DropAfterAccept => {
            next.run(request).await;
            drop_connection()
        }
        Kind::Status {
            status: 429,
            reset_seconds,
        } => refuse(Trouble::RateLimited {
            reset: site.now() + Duration::from_secs(reset_seconds.unwrap_or(300)),
        }),
        Kind::Status { status, .. } => refuse(Trouble::Status(status)),
        Kind::Garbage => {
            next.run(request).await;
            ([(CONTENT_TYPE, "text/html")], "<html><h1>It works!</h1>").into_response()
        }
        Kind::Mangle { seed } => mangle(next.run(request).await, seed).await,
        Kind::Flood => {
            ([(CONTENT_TYPE, "application/json")], "[0,".repeat(4 << 20)).into_response()
        }
        Kind::Redirect { location } => {
            (StatusCode::FOUND, [("location", location)]).into_response()
        }
        Kind::RevokeToken => {
            site.oauth().revoke_all();
            next.run(request).await
        }
        Kind::ExpireToken => {
            site.oauth().expire_all(site.now());
            next.run(request).await
        }
        Kind::PermissionMissing { scope } => refuse(Trouble::PermissionMissing {
            scope: scope.unwrap_or_default(),
        }),
        Kind::DuplicateContent => refuse(Trouble::Duplicate),
        // They never fit a request.
        Kind::MediaRejected | Kind::SlowProcessing { .. } => next.run(request).await,
    }
}

/// Ends the task that serves the connection, and thereby the connection. It unwinds without a
/// panic's message, for nothing is wrong.
fn drop_connection() -> Response {
    std::panic::resume_unwind(Box::new("the connection is dropped on purpose"))
}
