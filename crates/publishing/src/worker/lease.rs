//! What a worker has in hand, and until when it may act on it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use networks::connector::REQUEST_TIMEOUT;
use tokio::sync::watch;

use super::journal::Lost;
use crate::{job::Held, repo::jobs::Extended};

/// How long a claim lasts unless it is extended.
pub(crate) const LEASE: Duration = Duration::from_mins(1);
/// How often a claim is extended.
pub(crate) const EXTEND_EVERY: Duration = Duration::from_secs(15);

/// The jobs that a worker has in hand. Cheap to clone.
///
/// A job in here is never taken over by its own worker, however late its lease is extended: a
/// database that is slow to write is no dead worker. One whose attempt broke off is not in here any
/// more; its lease ends, and the job is taken in hand again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leases(Arc<Mutex<HashMap<Held, watch::Sender<Instant>>>>);

impl Leases {
    /// Notes a job that was claimed by a write that began at `began`.
    pub(crate) fn take(&self, held: Held, began: Instant) -> Lease {
        let (sender, until) = watch::channel(began + LEASE);
        self.jobs().insert(held, sender);
        Lease {
            held,
            until,
            leases: self.clone(),
        }
    }

    /// Whether the job is in hand.
    pub(crate) fn holds(&self, held: &Held) -> bool {
        self.jobs().contains_key(held)
    }

    /// Notes what a write that began at `began` has extended, and what is in other hands.
    pub(crate) fn extended(&self, extended: &Extended, began: Instant) {
        let mut jobs = self.jobs();
        for held in &extended.lost {
            jobs.remove(held);
        }
        for until in extended.kept.iter().filter_map(|held| jobs.get(held)) {
            until.send_replace(began + LEASE);
        }
    }

    fn jobs(&self) -> MutexGuard<'_, HashMap<Held, watch::Sender<Instant>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Until when one attempt may act on its job, by this process's own monotonic clock. The job is out
/// of the worker's hands when this is dropped.
///
/// A process that was paused (a suspended laptop, a stopped container) must not go on speaking
/// when it wakes: others may have taken over. So every request is preceded by a look whether the
/// lease outlasts it. What remains is a pause between this look and the first byte on the wire;
/// the networks' own idempotency keys cover it.
#[derive(Debug)]
pub(crate) struct Lease {
    held: Held,
    until: watch::Receiver<Instant>,
    leases: Leases,
}

impl Lease {
    /// Waits until the lease outlasts one more request. Fails if somebody else has the job.
    pub(crate) async fn outlasts_a_request(&self) -> Result<(), Lost> {
        let outlasts = |until: &Instant| Instant::now() + REQUEST_TIMEOUT < *until;
        let extended = self.until.clone().wait_for(outlasts).await.map(drop);
        extended.map_err(|_| Lost::Lease)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.leases.jobs().remove(&self.held);
    }
}

#[cfg(test)]
mod tests {
    use kernel::Env;

    use super::*;

    fn held(attempt: i64) -> Held {
        let job = Env::system().id();
        Held { job, attempt }
    }

    fn kept(held: Held) -> Extended {
        Extended {
            kept: vec![held],
            ..Extended::default()
        }
    }

    /// A lease from then has run out.
    fn long_ago(now: Instant) -> Instant {
        now.checked_sub(LEASE).unwrap()
    }

    #[tokio::test]
    async fn who_was_late_to_extend_waits_and_goes_on() {
        let (leases, held) = (Leases::default(), held(1));
        let now = Instant::now();
        let lease = leases.take(held, now);
        assert!(lease.outlasts_a_request().await.is_ok());

        leases.extended(&kept(held), long_ago(now));
        let wait = tokio::time::timeout(Duration::from_millis(20), lease.outlasts_a_request());
        assert!(wait.await.is_err(), "it has run out");
        assert!(leases.holds(&held), "and is in hand all the same");
        let (again, ()) = tokio::join!(lease.outlasts_a_request(), async {
            leases.extended(&kept(held), now);
        });
        assert!(again.is_ok());
    }

    #[tokio::test]
    async fn who_was_overtaken_stops() {
        let (leases, lost, other) = (Leases::default(), held(1), held(1));
        let now = Instant::now();
        let of_lost = leases.take(lost, long_ago(now));
        let of_other = leases.take(other, now);
        let lost = Extended {
            lost: vec![lost],
            ..Extended::default()
        };
        let (stops, ()) = tokio::join!(of_lost.outlasts_a_request(), async {
            leases.extended(&lost, now);
        });
        assert!(matches!(stops, Err(Lost::Lease)), "{stops:?}");
        assert!(of_other.outlasts_a_request().await.is_ok());
    }

    #[test]
    fn an_attempt_that_ends_takes_no_later_one_out_of_hand() {
        let leases = Leases::default();
        let first = held(1);
        let second = Held {
            attempt: 2,
            ..first
        };
        let now = Instant::now();
        let (of_first, _of_second) = (leases.take(first, now), leases.take(second, now));
        drop(of_first);
        assert!(!leases.holds(&first) && leases.holds(&second));
    }
}
