//! Live updates: an organisation's outbox as server-sent events.
//!
//! Every connection keeps a cursor into the outbox and reads on from it. A commit of this process
//! wakes it at once; commits of other processes are found by looking every other second. A client
//! that comes back sends `Last-Event-ID` and misses nothing.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event as SseEvent, KeepAlive, Sse},
};
use futures::Stream;
use http_kit::{Authenticated, ProblemResponses, Result};
use kernel::{Event, Permission, TenantId};
use store::{Db, Scope, outbox};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::Instant,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Parts;

/// How often other processes' events are looked for.
const LOOK: Duration = Duration::from_secs(2);
/// A connection ends after this long and the client comes back, so that one that lost its rights
/// does not listen for ever.
const LIFE: Duration = Duration::from_mins(15);
/// Events read at once.
const BATCH: i64 = 100;

pub(crate) fn routes(parts: &Parts) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(follow_events))
        .with_state(parts.db.clone())
}

/// What happens in the organisation, as it happens: server-sent events.
///
/// Each message has the event's type as `event`, a cursor as `id` and the event as `data`. A client
/// that comes back with `Last-Event-ID` misses nothing. The line ends after fifteen minutes at the
/// latest; browsers come back by themselves.
#[utoipa::path(
    get,
    path = "/events",
    operation_id = "followEvents",
    tag = "live",
    params(("Last-Event-ID" = Option<i64>, Header, description = "The last message's `id`.")),
    responses(
        (status = 200, description = "The stream.", body = Event, content_type = "text/event-stream"),
        ProblemResponses,
    ),
)]
async fn follow_events(
    State(db): State<Db>,
    Authenticated(caller): Authenticated,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<SseEvent, Infallible>>>> {
    caller.require(Permission::PostsRead)?;
    // Before the cursor is read: a commit in between must wake the tail.
    let changes = db.changes();
    let resumed = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .and_then(|id| id.parse().ok());
    let mut tx = db.read(Scope::Tenant(caller.tenant)).await?;
    let last = outbox::last(&mut tx).await?;
    drop(tx);
    // A cursor beyond the end is of another database (restored, or copied): start at its end.
    let cursor = resumed.map_or(last, |cursor: i64| cursor.min(last));
    let tail = Tail {
        db,
        tenant: caller.tenant,
        changes,
        cursor,
        ready: Vec::new(),
        ends_at: Instant::now() + LIFE,
        greeted: false,
    };
    let stream = futures::stream::unfold(tail, |mut tail| async move {
        let event = tail.next().await?;
        Some((Ok(event), tail))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))))
}

/// One connection's place in the outbox.
struct Tail {
    db: Db,
    tenant: TenantId,
    changes: broadcast::Receiver<TenantId>,
    cursor: i64,
    /// Events that were read and are still to be sent, the next one last.
    ready: Vec<SseEvent>,
    ends_at: Instant,
    greeted: bool,
}

impl Tail {
    async fn next(&mut self) -> Option<SseEvent> {
        if !self.greeted {
            self.greeted = true;
            // Tells the client at once that the line stands, and from where to resume.
            return Some(
                SseEvent::default()
                    .event("hello")
                    .id(self.cursor.to_string())
                    .data("{}"),
            );
        }
        loop {
            if let Some(event) = self.ready.pop() {
                return Some(event);
            }
            if Instant::now() >= self.ends_at {
                return None;
            }
            match self.read().await {
                Ok(()) if !self.ready.is_empty() => {}
                Ok(()) => self.wait().await,
                Err(error) => {
                    tracing::warn!(tenant = %self.tenant, %error, "live updates could not be read");
                    return None;
                }
            }
        }
    }

    async fn read(&mut self) -> store::Result<()> {
        let mut tx = self.db.read(Scope::Tenant(self.tenant)).await?;
        let events = outbox::read_after(&mut tx, self.cursor, BATCH).await?;
        for (seq, event) in events.into_iter().rev() {
            self.cursor = self.cursor.max(seq);
            let message = SseEvent::default()
                .id(seq.to_string())
                .event(event.kind.clone());
            // An event is plain data, so writing it as JSON can't fail.
            self.ready.extend(message.json_data(event));
        }
        Ok(())
    }

    /// Until something was committed here for this tenant, or it is time to look again.
    async fn wait(&mut self) {
        let look = tokio::time::sleep(LOOK);
        tokio::pin!(look);
        loop {
            tokio::select! {
                () = &mut look => return,
                change = self.changes.recv() => match change {
                    Ok(tenant) if tenant != self.tenant => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    Err(RecvError::Closed) => { look.as_mut().await; return; }
                },
            }
        }
    }
}
