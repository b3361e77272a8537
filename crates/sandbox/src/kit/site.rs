//! The part of a network that has one shape everywhere, and what all networks share.

use std::{
    collections::VecDeque,
    fmt,
    ops::Deref,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::Timestamp;

use super::{
    Profile, Refusal, Trouble,
    blobs::Blobs,
    faults::{Fault, Kind},
    fetch,
    oauth::Store,
    quota::Ledger,
    recorder::Recorder,
    webhooks::Subscribers,
};
use crate::Config;

/// What all networks of one sandbox share.
#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) config: Config,
    /// How far the sandbox's clock was put forward, in microseconds.
    ahead: AtomicI64,
    faults: Mutex<VecDeque<Fault>>,
    pub(crate) recorder: Recorder,
    pub(crate) blobs: Blobs,
    pub(crate) subscribers: Subscribers,
    /// For fetching files and telling subscribers.
    pub(crate) client: reqwest::Client,
}

impl Hub {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            blobs: Blobs::new(config.env.clone()),
            config,
            ahead: AtomicI64::new(0),
            faults: Mutex::default(),
            recorder: Recorder::default(),
            subscribers: Subscribers::default(),
            client: fetch::client(),
        }
    }

    /// The faults that wait for requests.
    pub(crate) fn faults(&self) -> MutexGuard<'_, VecDeque<Fault>> {
        lock(&self.faults)
    }

    /// The sandbox's clock: the one it was given, put forward by what was asked for.
    pub(crate) fn now(&self) -> Timestamp {
        let ahead = self.ahead.load(Ordering::Relaxed);
        Timestamp::from_micros(self.config.env.now().as_micros().saturating_add(ahead))
    }

    /// Puts the clock forward, for everybody.
    pub(crate) fn advance(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.ahead.fetch_add(micros, Ordering::Relaxed);
    }

    /// A value nobody guesses: 256 bits in URL-safe Base64.
    pub(crate) fn secret(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.config.env.bytes::<32>())
    }
}

/// One network without its own memory. Cheap to clone; a [`super::Net`] derefs to it.
#[derive(Clone)]
pub(crate) struct Site(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) profile: &'static Profile,
    pub(crate) hub: Arc<Hub>,
    last_id: AtomicU64,
    accepted: AtomicU64,
    oauth: Mutex<Store>,
    ledger: Mutex<Ledger>,
}

impl Deref for Site {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Site({})", self.profile.id)
    }
}

impl Site {
    pub(crate) fn new(hub: &Arc<Hub>, profile: &'static Profile) -> Self {
        Self(Arc::new(Inner {
            profile,
            hub: Arc::clone(hub),
            last_id: AtomicU64::new(0),
            accepted: AtomicU64::new(0),
            oauth: Mutex::new(Store::new()),
            ledger: Mutex::default(),
        }))
    }
}

impl Inner {
    /// The present instant, by the sandbox's clock. There is no other clock here.
    pub(crate) fn now(&self) -> Timestamp {
        self.hub.now()
    }

    /// A value nobody guesses: 256 bits in URL-safe Base64.
    pub(crate) fn secret(&self) -> String {
        self.hub.secret()
    }

    /// 1, 2, 3 …, for ids that grow: a network adds the offset or the letters it likes.
    pub(crate) fn next_number(&self) -> u64 {
        self.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// `length` random letters of URL-safe Base64, 43 at most, as YouTube's ids are made of.
    pub(crate) fn short_id(&self, length: usize) -> String {
        let mut id = self.secret();
        id.truncate(length);
        id
    }

    /// To be called once for each request that made something public, whatever becomes of its
    /// answer: tests compare the number with what stands published.
    pub(crate) fn count_published(&self) {
        self.accepted.fetch_add(1, Ordering::Relaxed);
    }

    /// How many requests made something public.
    pub(crate) fn published(&self) -> u64 {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Where OAuth keeps apps, codes and tokens.
    pub(crate) fn oauth(&self) -> MutexGuard<'_, Store> {
        lock(&self.oauth)
    }

    /// What was used of the network's limits.
    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    /// Takes the next fault of a kind that meets work instead of requests, such as slow
    /// processing.
    pub(crate) fn take_fault(&self, wanted: impl Fn(&Kind) -> bool) -> Option<Kind> {
        let mut faults = self.hub.faults();
        let position = faults
            .iter()
            .position(|fault| fault.is_for(self.profile.id) && wanted(&fault.kind))?;
        Fault::take(&mut faults, position)
    }
}

impl Site {
    /// What the network says to this trouble.
    pub(crate) fn refuse(&self, trouble: &Trouble) -> Refusal {
        (self.profile.refuse)(self, trouble)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
