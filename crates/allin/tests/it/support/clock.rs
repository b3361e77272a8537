//! The system's clock, which a test can set forward.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use kernel::{Clock, Entropy, Env, Timestamp};

/// The system's clock and a distance. Cheap to clone; all clones show the same time.
#[derive(Clone)]
pub(crate) struct TestClock {
    system: Env,
    ahead: Arc<AtomicI64>,
}

struct SystemEntropy(Env);

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            [*byte] = self.0.bytes();
        }
    }
}

impl TestClock {
    pub(crate) fn new() -> Self {
        Self {
            system: Env::system(),
            ahead: Arc::default(),
        }
    }

    /// An environment on this clock.
    pub(crate) fn env(&self) -> Env {
        Env::new(self.clone(), SystemEntropy(self.system.clone()))
    }

    /// Sets the clock forward.
    pub(crate) fn advance(&self, by: Duration) {
        self.ahead
            .fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.system.now().as_micros() + self.ahead.load(Ordering::SeqCst))
    }
}
