//! Files that take time: what a network does with a file after it has come, by the clock.

use std::time::Duration;

use kernel::Timestamp;

use super::{Answer, Site, Trouble, faults::Kind};

/// The processing of one file, kept in the network's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Processing {
    began_at: Timestamp,
    ends_at: Timestamp,
    rejected: bool,
}

/// How far a processing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Under way.
    Working {
        /// How much is done, 0 to 99.
        percent: u64,
        /// Seconds until it ends, rounded up.
        seconds_left: u64,
    },
    /// Done: the file can be used.
    Ready,
    /// Over: the file can't be used.
    Rejected,
}

impl Processing {
    /// How far it is now.
    pub(crate) fn progress(&self, now: Timestamp) -> Progress {
        if now < self.ends_at {
            let whole = self.ends_at.since(self.began_at).as_millis().max(1);
            let done = now.since(self.began_at).as_millis();
            let percent = u64::try_from(done * 100 / whole).unwrap_or(99).min(99);
            let left = self.ends_at.since(now).as_millis().div_ceil(1_000);
            Progress::Working {
                percent,
                seconds_left: u64::try_from(left).unwrap_or(u64::MAX),
            }
        } else if self.rejected {
            Progress::Rejected
        } else {
            Progress::Ready
        }
    }
}

impl Site {
    /// Begins to process a file, which takes so many seconds. The faults *slow processing* and
    /// *media rejected* meet it, if they wait.
    pub(crate) fn process(&self, seconds: u64) -> Processing {
        let now = self.now();
        let more = match self.take_fault(|kind| matches!(kind, Kind::SlowProcessing { .. })) {
            Some(Kind::SlowProcessing { seconds }) => seconds,
            _ => 0,
        };
        Processing {
            began_at: now,
            ends_at: now + Duration::from_secs(seconds.saturating_add(more)),
            rejected: self
                .take_fault(|kind| *kind == Kind::MediaRejected)
                .is_some(),
        }
    }

    /// Refuses a file in the network's words if the fault *media rejected* waits: for networks
    /// that look at a file at once instead of processing it.
    pub(crate) fn accept_media(&self) -> Answer<()> {
        match self.take_fault(|kind| *kind == Kind::MediaRejected) {
            Some(_) => Err(self.refuse(&Trouble::MediaRejected)),
            None => Ok(()),
        }
    }
}
