//! Limits: so much within a window, per app or account.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use kernel::Timestamp;

use super::Site;

/// A limit, as data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quota {
    /// Its name, which tells it from the network's others.
    pub(crate) name: &'static str,
    /// How much may be used within the window.
    pub(crate) limit: u64,
    /// The window.
    pub(crate) window: Window,
}

/// When what was used counts no more.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Window {
    /// So many seconds after it was used.
    Rolling(u64),
    /// At the end of each stretch of so many seconds.
    Fixed {
        /// The length of a stretch in seconds.
        seconds: u64,
        /// How many seconds after midnight UTC stretches begin: 28,800 for midnight in California
        /// (standard time).
        offset: u64,
    },
}

/// Where somebody stands with a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) limit: u64,
    pub(crate) used: u64,
    pub(crate) remaining: u64,
    /// When some of it is free again.
    pub(crate) reset: Timestamp,
}

/// What was used: when and how much, by limit and by who.
#[derive(Debug, Default)]
pub(crate) struct Ledger(HashMap<(&'static str, String), VecDeque<(Timestamp, u64)>>);

impl Window {
    fn length(self) -> Duration {
        let (Self::Rolling(seconds) | Self::Fixed { seconds, .. }) = self;
        Duration::from_secs(seconds.max(1))
    }

    /// The instant from which on use counts.
    fn start(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Rolling(_) => now - self.length(),
            Self::Fixed { seconds, offset } => {
                let length = i64::try_from(seconds.max(1)).unwrap_or(i64::MAX);
                let offset = i64::try_from(offset).unwrap_or(0);
                let into = (now.as_seconds() - offset).rem_euclid(length);
                Timestamp::from_micros((now.as_seconds() - into).saturating_mul(1_000_000))
            }
        }
    }
}

impl Ledger {
    fn usage(&mut self, quota: &Quota, who: &str, now: Timestamp) -> Usage {
        let entries = self.0.entry((quota.name, who.to_owned())).or_default();
        let start = quota.window.start(now);
        let counts = |at: Timestamp| match quota.window {
            Window::Rolling(_) => at > start,
            Window::Fixed { .. } => at >= start,
        };
        entries.retain(|(at, _)| counts(*at));
        let used = entries.iter().map(|(_, amount)| amount).sum();
        let from = match quota.window {
            Window::Rolling(_) => entries.front().map_or(now, |(at, _)| *at),
            Window::Fixed { .. } => start,
        };
        Usage {
            limit: quota.limit,
            used,
            remaining: quota.limit.saturating_sub(used),
            reset: from + quota.window.length(),
        }
    }
}

impl Site {
    /// Where `who`, an account or a client's id, stands.
    pub(crate) fn usage(&self, quota: &Quota, who: &str) -> Usage {
        let now = self.now();
        self.ledger().usage(quota, who, now)
    }

    /// Uses up so much. `Err` if that is more than is left; nothing is used then.
    pub(crate) fn spend(&self, quota: &Quota, who: &str, amount: u64) -> Result<Usage, Usage> {
        let now = self.now();
        let mut ledger = self.ledger();
        let before = ledger.usage(quota, who, now);
        if amount > before.remaining {
            return Err(before);
        }
        let entries = ledger.0.entry((quota.name, who.to_owned())).or_default();
        entries.push_back((now, amount));
        Ok(ledger.usage(quota, who, now))
    }
}
