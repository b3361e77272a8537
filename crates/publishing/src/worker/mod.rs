//! The background half: finds the tenants that have posts due and gives each of them turns.

mod attempt;
mod backoff;
mod end;
mod journal;
mod lease;
mod returns;
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

use self::{lease::Leases, returns::Returns};
use crate::{Publishing, wakeup};

/// Tenants whose jobs are claimed at once.
const TURNS: usize = 16;
/// Posts in hand at once, most of them waiting for their instant, a network or the disk.
const IN_HAND: usize = 4_000;
/// Posts that are prepared at once. They have places of their own, so that no number of uploads
/// is in the way of a post that is due.
const UPLOADS: usize = 64;
/// Requests of this process that networks have to answer at once.
const SLOTS: usize = 256;
/// How long before they are due posts are taken in hand, so that all but the public request is
/// done when their instant comes. They can't be changed from then on: it is short.
pub(crate) const AHEAD: Duration = Duration::from_secs(2);
/// A tenant that takes its turn takes along what is due so much later, rather than to take a turn
/// for each of many posts that follow one another closely.
const ALONG: Duration = Duration::from_secs(1);
/// How often the dispatcher looks for work that another process scheduled.
const POLL: Duration = Duration::from_millis(250);
/// How long a stopping worker waits for the posts it has in hand.
const GRACE: Duration = Duration::from_secs(25);

/// The worker of one process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Worker {
    publishing: Publishing,
    id: Uuid,
    turns: Arc<Semaphore>,
    in_hand: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
    slots: Arc<Semaphore>,
    returns: Returns,
    leases: Leases,
    /// Turns and attempts under way.
    tasks: TaskTracker,
    stopping: CancellationToken,
    seen_at: Arc<AtomicI64>,
    /// Nobody else can be at work on this installation: a lease of another worker is a dead one's.
    alone: bool,
}

impl Worker {
    /// A worker of `publishing`. `alone`: this process holds the installation to itself.
    pub fn new(publishing: Publishing, alone: bool) -> Self {
        let id = publishing.env.uuid();
        let returns = Returns::new(publishing.db.clone(), id);
        Self {
            publishing,
            id,
            turns: Arc::new(Semaphore::new(TURNS)),
            in_hand: Arc::new(Semaphore::new(IN_HAND)),
            uploads: Arc::new(Semaphore::new(UPLOADS)),
            slots: Arc::new(Semaphore::new(SLOTS)),
            returns,
            leases: Leases::default(),
            tasks: TaskTracker::new(),
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
        // Subscribed before the first look, so that no poke falls between a look and the sleep.
        let poke = self.publishing.poke.clone();
        loop {
            let poked = poke.notified();
            tokio::pin!(poked);
            poked.as_mut().enable();
            self.seen_at
                .store(self.publishing.env.now().as_micros(), Ordering::Relaxed);
            let pause = match self.dispatch().await {
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
        self.tasks.close();
        if tokio::time::timeout(GRACE, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("stopped with posts in hand; their attempts resume when the lease ends");
        }
    }

    /// Gives turns to tenants that are due, and answers how long to sleep.
    async fn dispatch(&self) -> Result<Duration, Problem> {
        let db = &self.publishing.db;
        loop {
            let free = self.turns.available_permits();
            if free == 0 {
                return Ok(POLL);
            }
            let now = self.publishing.env.now();
            let horizon = now + AHEAD;
            // A cheap look first: claiming would take the system database's write lock.
            match wakeup::next(db, now).await? {
                Some(due) if due <= horizon => {}
                Some(due) => return Ok(due.since(horizon).min(POLL)),
                None => return Ok(POLL),
            }
            let most = i64::try_from(free).unwrap_or(1);
            let claims = wakeup::claim(db, self.id, now, horizon, lease::LEASE, most).await?;
            if claims.is_empty() {
                return Ok(POLL);
            }
            for claim in claims {
                let Ok(permit) = Arc::clone(&self.turns).acquire_owned().await else {
                    return Ok(POLL);
                };
                let worker = self.clone();
                self.tasks.spawn(async move {
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
        self.returns.give_back(claim, next).await;
    }
}
