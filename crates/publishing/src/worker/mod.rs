//! The background half: finds the tenants that have posts due and gives each of them turns.

mod attempt;
mod backoff;
mod journal;
mod lease;
mod steps;
mod sweep;
mod turn;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use kernel::{Problem, Timestamp};
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{Publishing, wakeup};

/// Tenants that take their turn at once.
const TURNS: usize = 16;
/// Attempts of this process that speak to networks at once.
const SLOTS: usize = 256;
/// How often the dispatcher looks for work that another process scheduled.
const POLL: Duration = Duration::from_millis(250);
/// How long a stopping worker waits for the posts it has in hand.
const GRACE: Duration = Duration::from_secs(25);

/// The worker of one process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Worker {
    publishing: Publishing,
    id: Uuid,
    /// Bounds the attempts that speak to networks.
    slots: Arc<Semaphore>,
    stopping: CancellationToken,
    seen_at: Arc<AtomicI64>,
    /// Nobody else can be at work on this installation: a lease of another worker is a dead one's.
    alone: bool,
}

impl Worker {
    /// A worker of `publishing`. `alone`: this process holds the installation to itself.
    pub fn new(publishing: Publishing, alone: bool) -> Self {
        let id = publishing.env.uuid();
        Self {
            publishing,
            id,
            slots: Arc::new(Semaphore::new(SLOTS)),
            stopping: CancellationToken::new(),
            seen_at: Arc::new(AtomicI64::new(0)),
            alone,
        }
    }

    /// When the worker last gave a sign of life.
    pub fn seen_at(&self) -> Timestamp {
        Timestamp::from_micros(self.seen_at.load(Ordering::Relaxed))
    }

    /// Works until `stop` is cancelled; then finishes what it has in hand and gives back the rest.
    pub async fn run(self, stop: CancellationToken) {
        if self.alone
            && let Err(error) = wakeup::free_others(&self.publishing.db, self.id).await
        {
            tracing::error!(%error, "leases of the last run could not be freed; they will end");
        }
        let sweep = tokio::spawn(sweep::run(self.clone()));
        let tracker = TaskTracker::new();
        let turns = Arc::new(Semaphore::new(TURNS));
        // Subscribed before the first look, so that no poke falls between a look and the sleep.
        let poke = self.publishing.poke.clone();
        loop {
            let poked = poke.notified();
            tokio::pin!(poked);
            poked.as_mut().enable();
            self.seen_at
                .store(self.publishing.env.now().as_micros(), Ordering::Relaxed);
            let pause = match self.dispatch(&turns, &tracker).await {
                Ok(pause) => pause,
                Err(problem) => {
                    tracing::error!(%problem, "the dispatcher could not look for due posts");
                    Duration::from_secs(1)
                }
            };
            tokio::select! {
                () = stop.cancelled() => break,
                () = &mut poked => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        self.stopping.cancel();
        sweep.abort();
        tracker.close();
        if tokio::time::timeout(GRACE, tracker.wait()).await.is_err() {
            tracing::warn!("stopped with posts in hand; their attempts resume when the lease ends");
        }
    }

    /// Gives turns to tenants that are due, and answers how long to sleep.
    async fn dispatch(
        &self,
        turns: &Arc<Semaphore>,
        tracker: &TaskTracker,
    ) -> Result<Duration, Problem> {
        let db = &self.publishing.db;
        loop {
            let free = turns.available_permits();
            if free == 0 {
                return Ok(POLL);
            }
            let now = self.publishing.env.now();
            // A cheap look first: claiming would take the system database's write lock.
            let due = wakeup::next(db, now).await?;
            match due {
                Some(due) if due <= now => {}
                Some(due) => return Ok(due.since(now).min(POLL)),
                None => return Ok(POLL),
            }
            let most = i64::try_from(free).unwrap_or(1);
            let claims = wakeup::claim(db, self.id, now, lease::LEASE, most).await?;
            if claims.is_empty() {
                return Ok(POLL);
            }
            for claim in claims {
                let Ok(permit) = Arc::clone(turns).acquire_owned().await else {
                    return Ok(POLL);
                };
                let worker = self.clone();
                tracker.spawn(async move {
                    worker.turn(claim).await;
                    drop(permit);
                    worker.publishing.poke.notify_one();
                });
            }
        }
    }

    async fn turn(&self, claim: wakeup::Claim) {
        let tenant = claim.tenant_id;
        let next = match turn::run(self, tenant).await {
            Ok(next) => next,
            Err(problem) => {
                tracing::error!(%tenant, %problem, "a tenant's turn failed");
                self.publishing.env.now() + Duration::from_secs(5)
            }
        };
        if let Err(error) = wakeup::release(&self.publishing.db, self.id, claim, next).await {
            tracing::error!(%tenant, %error, "a tenant could not be given back; its lease will end");
        }
    }
}
