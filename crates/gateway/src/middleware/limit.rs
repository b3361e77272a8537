//! Rate limits: so many requests a minute for each person and for each anonymous address.

use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::HeaderValue,
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};
use http_kit::{ClientIp, Failure};
use kernel::{Caller, Code, PersonId, Problem};

use crate::Parts;

/// Requests a minute; 0 switches a limit off.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Of one person, over all his sessions and tokens.
    pub per_person: u32,
    /// Of one address that is not logged in.
    pub per_address: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_person: 1_200,
            per_address: 300,
        }
    }
}

type Keyed<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// The buckets of one process.
#[derive(Clone)]
pub(crate) struct Limiter {
    people: Option<Arc<Keyed<PersonId>>>,
    addresses: Option<Arc<Keyed<IpAddr>>>,
}

impl Limiter {
    pub(crate) fn new(parts: &Parts) -> Self {
        let limits = parts.config.limits;
        Self {
            people: keyed(limits.per_person),
            addresses: keyed(limits.per_address),
        }
    }
}

fn keyed<K: std::hash::Hash + Eq + Clone>(per_minute: u32) -> Option<Arc<Keyed<K>>> {
    let quota = Quota::per_minute(NonZeroU32::new(per_minute)?);
    Some(Arc::new(
        DefaultKeyedRateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>(),
    ))
}

/// What a look at a bucket says.
struct Verdict {
    limit: u32,
    remaining: u32,
    /// Until a request is accepted again, if this one is not.
    wait: Option<Duration>,
}

fn look<K: std::hash::Hash + Eq + Clone>(bucket: &Keyed<K>, key: &K) -> Verdict {
    match bucket.check_key(key) {
        Ok(state) => Verdict {
            limit: state.quota().burst_size().get(),
            remaining: state.remaining_burst_capacity(),
            wait: None,
        },
        Err(refused) => Verdict {
            limit: refused.quota().burst_size().get(),
            remaining: 0,
            wait: Some(refused.wait_time_from(DefaultClock::default().now())),
        },
    }
}

/// Refuses requests beyond the limit, and tells how much is left.
pub(crate) async fn limit(
    State(limiter): State<Limiter>,
    request: Request,
    next: Next,
) -> Response {
    let verdict = match (
        request.extensions().get::<Caller>(),
        request.extensions().get::<ClientIp>(),
    ) {
        (Some(caller), _) => limiter
            .people
            .as_deref()
            .map(|people| look(people, &caller.person)),
        (None, Some(ClientIp(ip))) => limiter
            .addresses
            .as_deref()
            .map(|addresses| look(addresses, ip)),
        (None, None) => None,
    };
    let Some(Verdict {
        limit,
        remaining,
        wait,
    }) = verdict
    else {
        return next.run(request).await;
    };
    let mut response = match wait {
        None => next.run(request).await,
        Some(wait) => Failure::from(
            Problem::new(
                Code::RateLimited,
                "Too many requests in a short time. Wait a moment, then go on.",
            )
            .with_retry_after(wait),
        )
        .into_response(),
    };
    let reset = wait.map_or(0, |wait| wait.as_secs() + 1);
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", HeaderValue::from(limit));
    headers.insert("x-ratelimit-remaining", HeaderValue::from(remaining));
    headers.insert("x-ratelimit-reset", HeaderValue::from(reset));
    response
}
