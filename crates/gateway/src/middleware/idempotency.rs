//! `Idempotency-Key`: the same request sent twice has the effect of one.
//!
//! The first request with a key reserves it, and its answer is kept for a day; a repetition gets
//! the same answer. After the draft <https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_kit::Failure;
use kernel::{Caller, Code, Problem, TenantId, Timestamp};
use sha2::{Digest, Sha256};
use store::{FromRow, Scope, sql};

use crate::{BODY_LIMIT, Parts};

/// How long an answer is kept.
const KEEP: Duration = Duration::from_hours(24);
/// A reservation without an answer is a crashed request's after this long.
const ABANDONED: Duration = Duration::from_mins(2);
/// Says that an answer is a repetition.
const REPLAYED: &str = "idempotent-replayed";

sql! {
    RESERVE: Tenant = "
        INSERT INTO idempotency_keys (key_hash, request_hash, created_at) VALUES ($1, $2, $3)
        ON CONFLICT (key_hash) DO UPDATE SET request_hash = excluded.request_hash,
            status = NULL, response = NULL, created_at = excluded.created_at
        WHERE idempotency_keys.created_at < $4
           OR (idempotency_keys.status IS NULL AND idempotency_keys.created_at < $5)";
    FIND: Tenant = "SELECT request_hash, status, response FROM idempotency_keys WHERE key_hash = $1";
    KEEP_ANSWER: Tenant = "UPDATE idempotency_keys SET status = $2, response = $3 WHERE key_hash = $1";
    FREE: Tenant = "DELETE FROM idempotency_keys WHERE key_hash = $1";
    PRUNE: Tenant = "DELETE FROM idempotency_keys WHERE created_at < $1";
}

#[derive(FromRow)]
struct Kept {
    request_hash: Vec<u8>,
    status: Option<i64>,
    response: Option<String>,
}

/// Middleware for the whole API; requests without a key pass untouched.
pub(crate) async fn idempotency(
    State(parts): State<Arc<Parts>>,
    request: Request,
    next: Next,
) -> Response {
    let key = request
        .headers()
        .get("idempotency-key")
        .and_then(|key| key.to_str().ok());
    let (Some(key), Some(caller), &Method::POST) = (
        key,
        request.extensions().get::<Caller>().cloned(),
        request.method(),
    ) else {
        return next.run(request).await;
    };
    if key.is_empty() || key.len() > 255 {
        return Failure::from(Problem::new(
            Code::MalformedParameter,
            "An Idempotency-Key has 1 to 255 characters.",
        ))
        .into_response();
    }
    let key_hash = key_hash(&caller, request.uri().path(), key);
    match once(&parts, caller.tenant, key_hash, request, next).await {
        Ok(response) => response,
        Err(problem) => Failure::from(problem).into_response(),
    }
}

async fn once(
    parts: &Parts,
    tenant: TenantId,
    key_hash: Vec<u8>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (request, request_hash) = fingerprint(request).await?;
    if let Some(kept) = reserve(parts, tenant, &key_hash, &request_hash, parts.env.now()).await? {
        return replay(kept, &request_hash);
    }
    let response = next.run(request).await;
    // What did not take effect may be tried again with the same key.
    let took_effect = response.status().is_success();
    let (head, body) = response.into_parts();
    let body = to_bytes(body, BODY_LIMIT)
        .await
        .map_err(|error| Problem::internal(format!("an answer could not be kept: {error}")))?;
    let mut tx = parts.db.write(Scope::Tenant(tenant)).await?;
    if took_effect {
        let text = String::from_utf8_lossy(&body).into_owned();
        tx.execute(
            &KEEP_ANSWER,
            (key_hash, i64::from(head.status.as_u16()), text),
        )
        .await?;
    } else {
        tx.execute(&FREE, (key_hash,)).await?;
    }
    tx.commit().await?;
    Ok(Response::from_parts(head, Body::from(body)))
}

/// The key belongs to one person and one endpoint.
fn key_hash(caller: &Caller, path: &str, key: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in [
        caller.person.to_string().as_bytes(),
        path.as_bytes(),
        key.as_bytes(),
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

/// What tells a repetition from another request: the body, or an upload's size.
async fn fingerprint(request: Request) -> Result<(Request, Vec<u8>), Problem> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    if content_type.starts_with("multipart/") {
        let length = request.headers().get(header::CONTENT_LENGTH);
        let hash = Sha256::digest(length.map(HeaderValue::as_bytes).unwrap_or_default()).to_vec();
        return Ok((request, hash));
    }
    let (head, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| {
        Problem::new(
            Code::PayloadTooLarge,
            "The request is larger than this endpoint accepts.",
        )
    })?;
    let hash = Sha256::digest(&body).to_vec();
    Ok((Request::from_parts(head, Body::from(body)), hash))
}

/// Reserves the key, or answers what is kept under it.
async fn reserve(
    parts: &Parts,
    tenant: TenantId,
    key_hash: &[u8],
    request_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Kept>, Problem> {
    let mut tx = parts.db.write(Scope::Tenant(tenant)).await?;
    tx.execute(&PRUNE, (now - KEEP,)).await?;
    let args = (
        key_hash.to_vec(),
        request_hash.to_vec(),
        now,
        now - KEEP,
        now - ABANDONED,
    );
    let reserved = tx.execute(&RESERVE, args).await? == 1;
    let kept = if reserved {
        None
    } else {
        tx.optional(&FIND, (key_hash.to_vec(),)).await?
    };
    tx.commit().await?;
    Ok(kept)
}

fn replay(kept: Kept, request_hash: &[u8]) -> Result<Response, Problem> {
    if kept.request_hash != request_hash {
        return Err(Problem::new(
            Code::IdempotencyMismatch,
            "This Idempotency-Key was used with another request. Use a new key for a new request.",
        ));
    }
    let status = kept.status.and_then(|status| u16::try_from(status).ok());
    let Some(status) = status.and_then(|status| StatusCode::from_u16(status).ok()) else {
        return Err(Problem::new(
            Code::IdempotencyInProgress,
            "The first request with this Idempotency-Key is still under way. Ask again in a moment.",
        )
        .with_retry_after(Duration::from_secs(1)));
    };
    let headers = [
        (header::CONTENT_TYPE.as_str(), "application/json"),
        (REPLAYED, "true"),
    ];
    Ok((status, headers, kept.response.unwrap_or_default()).into_response())
}
