//! A clock that a test sets.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use kernel::{Clock, Entropy, Env, Timestamp};

/// A clock that a test sets. Cheap to clone; all clones show the same time.
#[derive(Clone)]
pub struct TestClock {
    system: Env,
    /// Where it stands; else it runs with the system's.
    stands_at: Option<Timestamp>,
    /// By how much the test moved it, in microseconds.
    moved: Arc<AtomicI64>,
}

impl Default for TestClock {
    fn default() -> Self {
        Self::running()
    }
}

impl TestClock {
    /// A clock that runs with the system's, moved by as much as the test wants.
    pub fn running() -> Self {
        Self {
            system: Env::system(),
            stands_at: None,
            moved: Arc::default(),
        }
    }

    /// A clock that stands until the test moves it.
    pub fn standing_at(instant: Timestamp) -> Self {
        Self {
            stands_at: Some(instant),
            ..Self::running()
        }
    }

    /// An environment on this clock, with the system's randomness.
    pub fn env(&self) -> Env {
        Env::new(self.clone(), self.clone())
    }

    /// Puts it forward.
    pub fn advance(&self, by: Duration) {
        self.shift(i64::try_from(by.as_micros()).unwrap());
    }

    /// Moves it by microseconds, back too.
    pub fn shift(&self, micros: i64) {
        self.moved.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let base = self.stands_at.unwrap_or_else(|| self.system.now());
        Timestamp::from_micros(base.as_micros() + self.moved.load(Ordering::SeqCst))
    }
}

impl Entropy for TestClock {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill_with(|| self.system.bytes::<1>()[0]);
    }
}
