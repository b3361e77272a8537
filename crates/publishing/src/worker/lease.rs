//! The time until which a worker may act on what it has claimed.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use networks::connector::REQUEST_TIMEOUT;

use super::journal::Lost;

/// How long a claim lasts unless it is extended.
pub(crate) const LEASE: Duration = Duration::from_mins(1);
/// How often a claim is extended.
pub(crate) const EXTEND_EVERY: Duration = Duration::from_secs(15);

/// Until when a worker's claims last, by this process's own monotonic clock.
///
/// A process that was paused (a suspended laptop, a stopped container) must not go on speaking
/// when it wakes: others may have taken over. So every request is preceded by a look whether the
/// lease outlasts it. What remains is a pause between this look and the first byte on the wire;
/// the networks' own idempotency keys cover it.
#[derive(Clone, Debug)]
pub(crate) struct Lease {
    until: Arc<Mutex<Instant>>,
}

impl Lease {
    /// A lease from an instant noted *before* the claim was written.
    pub(crate) fn from(claimed_at: Instant) -> Self {
        Self {
            until: Arc::new(Mutex::new(claimed_at + LEASE)),
        }
    }

    /// The lease was extended by a write that began at `at`.
    pub(crate) fn extended(&self, at: Instant) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = at + LEASE;
    }

    /// Fails unless the lease outlasts one more request.
    pub(crate) fn check(&self) -> Result<(), Lost> {
        let until = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if Instant::now() + REQUEST_TIMEOUT < until {
            Ok(())
        } else {
            Err(Lost::Lease)
        }
    }
}
