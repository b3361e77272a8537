//! Giving tenants back: group commit.

use std::sync::{Arc, Mutex, PoisonError};

use kernel::Timestamp;
use store::Db;
use uuid::Uuid;

use crate::wakeup::{self, Claim};

/// Tenants that wait to be given back. While one commit is made durable, those that come meanwhile
/// gather and go into the next one together. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Returns {
    db: Db,
    worker: Uuid,
    waiting: Arc<Mutex<Vec<(Claim, Timestamp)>>>,
    committing: Arc<tokio::sync::Mutex<()>>,
}

impl Returns {
    /// The returns of one worker.
    pub(crate) fn new(db: Db, worker: Uuid) -> Self {
        Self {
            db,
            worker,
            waiting: Arc::default(),
            committing: Arc::default(),
        }
    }

    /// Gives a tenant back; `next` is when its next job is due.
    pub(crate) async fn give_back(&self, claim: Claim, next: Timestamp) {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((claim, next));
        let _first = self.committing.lock().await;
        let given =
            std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        // Empty: whoever was first took ours along.
        if !given.is_empty()
            && let Err(error) = wakeup::release(&self.db, self.worker, &given).await
        {
            tracing::error!(tenants = given.len(), %error,
                "tenants could not be given back; their lease will end");
        }
    }
}
