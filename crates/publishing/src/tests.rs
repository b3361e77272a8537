//! The queue and its journal, on both engines: who may write what, and when.

use std::time::Duration;

use accounts::SocialAccountId;
use content::{PostId, TargetId, TargetStatus};
use kernel::{Env, TenantId, Timestamp};
use serde_json::json;
use store::{Db, Json, Scope, Tx, sql, testing};
use uuid::Uuid;

use crate::{
    job::{AttemptOutcome, Claimed, Finish, StepRecord, StepState},
    repo::{
        jobs::{self, Claim},
        steps,
    },
    wakeup,
    worker::AHEAD,
};

sql! {
    POST: Tenant = "
        INSERT INTO posts (id, status, parts, search_text, time_zone, created_by, version,
                           created_at, updated_at)
        VALUES ($1, 'scheduled', $2, '', 'UTC', $1, 1, $3, $3)";
    TARGET: Tenant = "
        INSERT INTO post_targets (id, post_id, position, account_id, platform, account_name, settings,
                                  status, attempts)
        VALUES ($1, $2, 0, $3, 'mastodon', 'someone', $4, 'scheduled', 0)";
}

const LEASE: Duration = Duration::from_secs(90);

/// A tenant with one job that is due at `due`.
struct Queue {
    db: Db,
    tenant: TenantId,
    post: PostId,
    target: TargetId,
    account: SocialAccountId,
}

impl Queue {
    async fn new(db: &Db, env: &Env, due: Timestamp) -> Self {
        let tenant = testing::tenant(db).await;
        let queue = Self {
            db: db.clone(),
            tenant,
            post: env.id(),
            target: env.id(),
            account: env.id(),
        };
        let mut tx = queue.write().await;
        tx.execute_one(&POST, (queue.post, Json(json!([])), due))
            .await
            .unwrap();
        let settings = Json(json!({}));
        tx.execute_one(&TARGET, (queue.target, queue.post, queue.account, settings))
            .await
            .unwrap();
        assert!(queue.put(&mut tx, due).await);
        tx.commit().await.unwrap();
        queue
    }

    async fn write(&self) -> Tx {
        self.db.write(Scope::Tenant(self.tenant)).await.unwrap()
    }

    async fn put(&self, tx: &mut Tx, due: Timestamp) -> bool {
        self.put_ahead(tx, due, Duration::ZERO).await
    }

    async fn put_ahead(&self, tx: &mut Tx, due: Timestamp, ahead: Duration) -> bool {
        jobs::put(tx, self.target, self.post, self.account, due, ahead)
            .await
            .unwrap()
    }

    async fn claim(&self, worker: Uuid, now: Timestamp) -> Vec<Claimed> {
        self.claim_for(worker, now, false).await
    }

    async fn claim_for(&self, worker: Uuid, now: Timestamp, preparing: bool) -> Vec<Claimed> {
        let mut tx = self.write().await;
        let expired = jobs::expired(&mut tx, now).await.unwrap();
        jobs::reclaim(&mut tx, now, &expired).await.unwrap();
        let claim = Claim {
            worker,
            horizon: now,
            lease_until: now + LEASE,
            most: 10,
            preparing,
        };
        let claimed = jobs::claim(&mut tx, now, claim).await.unwrap();
        tx.commit().await.unwrap();
        claimed
    }
}

fn sent(job: &Claimed, now: Timestamp) -> StepRecord {
    StepRecord {
        job: job.id,
        attempt: job.attempt,
        name: "post:0".to_owned(),
        is_public: true,
        state: StepState::Sent,
        fingerprint: "f".to_owned(),
        idempotency_key: Some("k".to_owned()),
        result: None,
        detail: None,
        started_at: now,
        finished_at: None,
    }
}

fn published(job: &Claimed, steps: Vec<StepRecord>) -> Finish {
    Finish {
        job: job.id,
        post: job.post_id,
        attempt: job.attempt,
        outcome: AttemptOutcome::Published,
        status: TargetStatus::Published,
        run_again_at: None,
        problem: None,
        detail: None,
        published: None,
        steps,
    }
}

#[tokio::test]
async fn a_job_is_claimed_once_and_not_before_its_time() {
    let env = Env::system();
    for test in testing::both().await {
        let due = env.now();
        let queue = Queue::new(&test.db, &env, due).await;
        assert!(
            queue
                .claim(env.uuid(), due - Duration::from_secs(1))
                .await
                .is_empty()
        );
        assert_eq!(queue.claim(env.uuid(), due).await.len(), 1);
        assert!(queue.claim(env.uuid(), due).await.is_empty());
        let mut tx = queue.write().await;
        assert!(
            !queue.put(&mut tx, due).await,
            "a running job can't be moved"
        );
        assert!(
            jobs::lock(&mut tx, queue.post, due).await.unwrap(),
            "and is seen to be running"
        );
    }
}

#[tokio::test]
async fn a_worker_comes_ahead_of_posts_but_not_of_the_end_of_a_lease() {
    let env = Env::system();
    for test in testing::both().await {
        let due = env.now();
        let queue = Queue::new(&test.db, &env, due).await;
        let next = async || {
            let mut tx = queue.write().await;
            jobs::next_run(&mut tx).await.unwrap().at()
        };
        assert_eq!(next().await, Some(due));
        let soon = due - AHEAD;
        let mut tx = queue.write().await;
        let lease = soon + LEASE;
        let claim = Claim {
            worker: env.uuid(),
            horizon: due,
            lease_until: lease,
            most: 10,
            preparing: false,
        };
        let claimed = jobs::claim(&mut tx, soon, claim).await;
        assert_eq!(claimed.unwrap().len(), 1, "it is taken in hand ahead");
        tx.commit().await.unwrap();
        assert_eq!(next().await, Some(lease + AHEAD));
        let over = lease + Duration::from_secs(1);
        assert_eq!(queue.claim(env.uuid(), over).await.len(), 1);
    }
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_can_write_nothing() {
    let env = Env::system();
    for test in testing::both().await {
        let due = env.now();
        let queue = Queue::new(&test.db, &env, due).await;
        let (slow, quick) = (env.uuid(), env.uuid());
        let before = queue.claim(slow, due).await.remove(0);
        // The lease ran out while the first worker slept.
        let later = due + LEASE + Duration::from_secs(1);
        let after = queue.claim(quick, later).await.remove(0);
        assert_eq!((before.attempt, after.attempt), (1, 2));
        assert_eq!(after.tries, 0, "what a crash cut off uses up no try");

        let mut tx = queue.write().await;
        let stale = sent(&before, later);
        assert!(
            steps::record(&mut tx, slow, &[&stale])
                .await
                .unwrap()
                .is_empty()
        );
        let end = published(&before, vec![]);
        assert!(
            jobs::finish(&mut tx, slow, later, &[&end])
                .await
                .unwrap()
                .is_empty()
        );

        let fresh = sent(&after, later);
        assert_eq!(
            steps::record(&mut tx, quick, &[&fresh]).await.unwrap(),
            [queue.target]
        );
        let end = published(&after, vec![]);
        assert_eq!(
            jobs::finish(&mut tx, quick, later, &[&end]).await.unwrap(),
            [queue.target]
        );
        tx.commit().await.unwrap();
        assert!(
            queue.claim(env.uuid(), later).await.is_empty(),
            "it is done"
        );
    }
}

#[tokio::test]
async fn only_what_is_still_in_hand_is_kept_for_longer() {
    let env = Env::system();
    for test in testing::both().await {
        let due = env.now();
        let queue = Queue::new(&test.db, &env, due).await;
        let (slow, quick) = (env.uuid(), env.uuid());
        let before = queue.claim(slow, due).await.remove(0).held();
        let longer = due + LEASE * 2;
        let mut tx = queue.write().await;
        let extended = jobs::extend(&mut tx, slow, &[before], longer).await;
        assert_eq!(extended.unwrap().kept, [before]);
        tx.commit().await.unwrap();
        assert!(
            queue
                .claim(quick, longer - Duration::from_secs(1))
                .await
                .is_empty()
        );

        let after = queue.claim(quick, longer + Duration::from_secs(1)).await;
        let after = after[0].held();
        let mut tx = queue.write().await;
        for lost in [before, after] {
            let extended = jobs::extend(&mut tx, slow, &[lost], longer).await;
            let extended = extended.unwrap();
            assert!(extended.kept.is_empty(), "{lost:?} is in other hands");
            assert_eq!(extended.lost, [lost]);
        }
        let extended = jobs::extend(&mut tx, quick, &[before, after], longer).await;
        let extended = extended.unwrap();
        assert_eq!(extended.kept, [after]);
        assert_eq!(extended.lost, [before], "the earlier attempt is over");
    }
}

/// What becomes of a job that is prepared: it can be taken out of its worker's hands, and then that
/// worker can write nothing more; nor does it cost a try, or the policy of missed posts.
#[tokio::test]
async fn a_post_that_is_being_prepared_is_still_its_authors() {
    let env = Env::system();
    for test in testing::both().await {
        let now = env.now();
        let due = now + Duration::from_mins(10);
        let queue = Queue::new(&test.db, &env, due).await;
        let worker = env.uuid();
        let mut tx = queue.write().await;
        let minutes = Duration::from_mins(11);
        assert!(queue.put_ahead(&mut tx, due, minutes).await);
        tx.commit().await.unwrap();
        assert!(queue.claim(worker, now).await.is_empty(), "it is not due");
        let job = queue.claim_for(worker, now, true).await.remove(0);
        assert!(job.preparing);

        let mut tx = queue.write().await;
        let running = jobs::lock(&mut tx, queue.post, now).await.unwrap();
        assert!(!running);
        let row = sent(&job, now);
        let lost = steps::record(&mut tx, worker, &[&row]).await.unwrap();
        assert!(lost.is_empty(), "{lost:?}");
        tx.commit().await.unwrap();

        let again = queue.claim_for(worker, now, true).await.remove(0);
        assert_eq!((again.tries, again.attempt), (0, 2));
        // Nor does a crash.
        let later = now + LEASE + Duration::from_secs(1);
        let again = queue.claim_for(worker, later, true).await.remove(0);
        assert_eq!((again.tries, again.attempt), (0, 3));

        let mut tx = queue.write().await;
        let prepared = Finish {
            outcome: AttemptOutcome::Prepared,
            status: TargetStatus::Scheduled,
            run_again_at: Some(due),
            ..published(&again, vec![])
        };
        let finished = jobs::finish(&mut tx, worker, later, &[&prepared]).await;
        assert_eq!(finished.unwrap(), [queue.target]);
        tx.commit().await.unwrap();
        assert!(queue.claim_for(worker, later, true).await.is_empty());
        let job = queue.claim(worker, due).await.remove(0);
        assert_eq!((job.preparing, job.tries), (false, 0));
    }
}

#[tokio::test]
async fn the_journal_keeps_what_an_earlier_attempt_did() {
    let env = Env::system();
    for test in testing::both().await {
        let due = env.now();
        let queue = Queue::new(&test.db, &env, due).await;
        let worker = env.uuid();
        let job = queue.claim(worker, due).await.remove(0);
        let mut tx = queue.write().await;
        let row = sent(&job, due);
        steps::record(&mut tx, worker, &[&row]).await.unwrap();
        let row = row
            .settled(StepState::Accepted, due)
            .with_result(json!({ "id": "7", "n": null }));
        steps::record(&mut tx, worker, &[&row]).await.unwrap();
        let again = due + Duration::from_secs(5);
        let end = Finish {
            outcome: AttemptOutcome::Retrying,
            run_again_at: Some(again),
            ..published(&job, vec![])
        };
        jobs::finish(&mut tx, worker, due, &[&end]).await.unwrap();
        assert_eq!(jobs::next_run(&mut tx).await.unwrap().at(), Some(again));
        let earlier = steps::earlier(&mut tx, &[queue.target]).await.unwrap();
        assert_eq!(earlier.len(), 1);
        assert_eq!(earlier[0].state, StepState::Accepted);
        assert_eq!(earlier[0].result, Some(json!({ "id": "7", "n": null })));
        assert_eq!(earlier[0].started_at, due);
        tx.commit().await.unwrap();
        assert_eq!(queue.claim(worker, again).await.remove(0).tries, 1);
    }
}

#[tokio::test]
async fn a_wake_up_is_not_lost_to_a_worker_that_gives_the_tenant_back() {
    let env = Env::system();
    for test in testing::both().await {
        let (db, tenant, worker) = (&test.db, env.id::<TenantId>(), env.uuid());
        let now = env.now();
        wakeup::hint(db, tenant, now).await.unwrap();
        let claim = wakeup::claim(db, worker, now, now, LEASE, 10)
            .await
            .unwrap()
            .remove(0);
        assert!(
            wakeup::claim(db, env.uuid(), now, now, LEASE, 10)
                .await
                .unwrap()
                .is_empty()
        );
        // Somebody schedules a post while the worker believes that nothing is left.
        wakeup::hint(db, tenant, now + Duration::from_secs(1))
            .await
            .unwrap();
        wakeup::release(db, worker, &[(claim, wakeup::NEVER)])
            .await
            .unwrap();
        let soon = now + Duration::from_secs(2);
        assert_eq!(
            wakeup::claim(db, worker, soon, soon, LEASE, 10)
                .await
                .unwrap()
                .len(),
            1
        );
        // A worker that died: its lease ends.
        let later = soon + LEASE + Duration::from_secs(1);
        assert_eq!(
            wakeup::claim(db, env.uuid(), later, later, LEASE, 10)
                .await
                .unwrap()
                .len(),
            1
        );
    }
}
