//! Rate limits: so many requests a minute for each address, and for each person.
//!
//! The address comes first, before anything is looked up, so that a flood of made-up tokens costs
//! no more than any other.

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
    /// Of one address, over everybody behind it.
    pub per_address: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_person: 1_200,
            per_address: 3_000,
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

/// Refuses an address that asks too often.
pub(crate) async fn limit_address(
    State(limiter): State<Limiter>,
    request: Request,
    next: Next,
) -> Response {
    let ip = request
        .extensions()
        .get::<ClientIp>()
        .map(|ClientIp(ip)| *ip);
    let verdict = limiter
        .addresses
        .as_deref()
        .zip(ip)
        .map(|(bucket, ip)| look(bucket, &ip));
    answer(verdict, request, next).await
}

/// Refuses a person who asks too often. What is left for him is told in the headers.
pub(crate) async fn limit_person(
    State(limiter): State<Limiter>,
    request: Request,
    next: Next,
) -> Response {
    let person = request
        .extensions()
        .get::<Caller>()
        .map(|caller| caller.person);
    let verdict = limiter
        .people
        .as_deref()
        .zip(person)
        .map(|(bucket, person)| look(bucket, &person));
    answer(verdict, request, next).await
}

async fn answer(verdict: Option<Verdict>, request: Request, next: Next) -> Response {
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
    // The person's own figures stand, where the inner limit wrote them.
    headers
        .entry("x-ratelimit-limit")
        .or_insert(HeaderValue::from(limit));
    headers
        .entry("x-ratelimit-remaining")
        .or_insert(HeaderValue::from(remaining));
    headers
        .entry("x-ratelimit-reset")
        .or_insert(HeaderValue::from(reset));
    response
}
