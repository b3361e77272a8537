//! The contract of the store, on both engines.

use kernel::{Env, Event, PageRequest, Timestamp};

use uuid::Uuid;

use crate::{Error, Scope, outbox, sql, testing};

sql! {
    PUT: Tenant = "INSERT INTO idempotency_keys (key_hash, request_hash, status, response, created_at)
                   VALUES ($1, $2, $3, $4, $5)";
    GET: Tenant = "SELECT status, response, created_at FROM idempotency_keys WHERE key_hash = $1";
}

fn event(env: &Env, kind: &str) -> Event {
    Event {
        id: env.uuid(),
        kind: kind.to_owned(),
        subject_id: env.uuid(),
        at: env.now(),
        data: serde_json::json!({ "title": "Grüße \"quoted\" \u{1F600}" }),
    }
}

#[tokio::test]
async fn values_come_back_as_they_went_in() {
    for test in testing::both().await {
        let tenant = testing::tenant(&test.db).await;
        let at = Timestamp::from_micros(1_790_000_000_123_456);
        let mut tx = test.db.write(Scope::Tenant(tenant)).await.unwrap();
        tx.execute_one(
            &PUT,
            (vec![1u8, 2], vec![3u8], Some(201i64), None::<&str>, at),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let mut tx = test.db.read(Scope::Tenant(tenant)).await.unwrap();
        let row: (Option<i64>, Option<String>, Timestamp) =
            tx.one(&GET, (vec![1u8, 2],)).await.unwrap();
        assert_eq!(row, (Some(201), None, at), "{}", test.db.engine_name());
    }
}

#[tokio::test]
async fn a_tenant_does_not_see_another_one() {
    for test in testing::both().await {
        let (ours, theirs) = (
            testing::tenant(&test.db).await,
            testing::tenant(&test.db).await,
        );
        let mut tx = test.db.write(Scope::Tenant(ours)).await.unwrap();
        tx.execute_one(
            &PUT,
            (
                vec![1u8],
                vec![1u8],
                None::<i64>,
                None::<&str>,
                Timestamp::from_micros(0),
            ),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let mut tx = test.db.read(Scope::Tenant(theirs)).await.unwrap();
        let found: Option<(Option<i64>, Option<String>, Timestamp)> =
            tx.optional(&GET, (vec![1u8],)).await.unwrap();
        assert!(found.is_none());
    }
}

#[tokio::test]
async fn what_is_not_committed_leaves_no_trace_and_a_duplicate_is_told_apart() {
    for test in testing::both().await {
        let tenant = testing::tenant(&test.db).await;
        let row = || {
            (
                vec![1u8],
                vec![1u8],
                None::<i64>,
                None::<&str>,
                Timestamp::from_micros(0),
            )
        };
        let mut dropped = test.db.write(Scope::Tenant(tenant)).await.unwrap();
        dropped.execute_one(&PUT, row()).await.unwrap();
        drop(dropped);
        let mut tx = test.db.write(Scope::Tenant(tenant)).await.unwrap();
        tx.execute_one(&PUT, row()).await.unwrap();
        assert!(
            tx.execute_one(&PUT, row())
                .await
                .unwrap_err()
                .is_duplicate()
        );
    }
}

#[tokio::test]
async fn a_reader_can_not_write_and_an_unknown_tenant_is_refused() {
    for test in testing::both().await {
        let tenant = testing::tenant(&test.db).await;
        let mut tx = test.db.read(Scope::Tenant(tenant)).await.unwrap();
        let row = (
            vec![1u8],
            vec![1u8],
            None::<i64>,
            None::<&str>,
            Timestamp::from_micros(0),
        );
        assert!(tx.execute(&PUT, row).await.is_err());
        let stranger = Env::system().id();
        assert!(matches!(
            test.db.read(Scope::Tenant(stranger)).await,
            Err(Error::NoSuchTenant(_))
        ));
    }
}

#[tokio::test]
async fn events_are_read_in_order_from_a_cursor() {
    let env = Env::system();
    for test in testing::both().await {
        let tenant = testing::tenant(&test.db).await;
        let mut changes = test.db.changes();
        let events: Vec<_> = ["a", "b", "c"].map(|kind| event(&env, kind)).into();
        let mut tx = test.db.write(Scope::Tenant(tenant)).await.unwrap();
        outbox::append(&mut tx, &events).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(changes.recv().await.unwrap(), tenant);

        let mut tx = test.db.read(Scope::Tenant(tenant)).await.unwrap();
        let read = outbox::read_after(&mut tx, 0, 10).await.unwrap();
        assert_eq!(
            read.iter()
                .map(|(_, event)| event.clone())
                .collect::<Vec<_>>(),
            events
        );
        let rest = outbox::read_after(&mut tx, read[0].0, 1).await.unwrap();
        assert_eq!(rest[0].1.kind, "b");
        assert_eq!(outbox::last(&mut tx).await.unwrap(), read[2].0);
    }
}

#[tokio::test]
async fn built_lists_filter_and_page() {
    let env = Env::system();
    for test in testing::both().await {
        let tenant = testing::tenant(&test.db).await;
        let events: Vec<_> = ["a", "b", "a", "c"].map(|kind| event(&env, kind)).into();
        let mut tx = test.db.write(Scope::Tenant(tenant)).await.unwrap();
        outbox::append(&mut tx, &events).await.unwrap();
        let select = tx
            .select("SELECT kind, subject_id FROM outbox")
            .filter_in("kind", ["a", "c"])
            .filter_if("subject_id <> ", Some(events[0].subject_id))
            .filter_if("kind = ", None::<&str>)
            .push(" ORDER BY seq")
            .page(PageRequest { page: 2, limit: 1 });
        let rows: Vec<(String, Uuid)> = tx.list(select).await.unwrap();
        assert_eq!(rows, [("c".to_owned(), events[3].subject_id)]);
        let none = tx
            .select("SELECT kind FROM outbox")
            .filter_in("kind", Vec::<&str>::new());
        assert!(tx.list::<(String,)>(none).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn eight_writers_on_one_tenant_all_succeed() {
    let env = Env::system();
    for test in testing::both().await {
        let tenant = testing::tenant(&test.db).await;
        let writers = (0..8).map(|_| {
            let (db, env) = (test.db.clone(), env.clone());
            tokio::spawn(async move {
                for _ in 0..10 {
                    let mut tx = db.write(Scope::Tenant(tenant)).await.unwrap();
                    let seen = outbox::last(&mut tx).await.unwrap();
                    outbox::append(&mut tx, &[event(&env, &seen.to_string())])
                        .await
                        .unwrap();
                    tx.commit().await.unwrap();
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let mut tx = test.db.read(Scope::Tenant(tenant)).await.unwrap();
        assert_eq!(outbox::read_after(&mut tx, 0, 100).await.unwrap().len(), 80);
    }
}

#[tokio::test]
async fn statements_of_this_crate_prepare_on_both_engines() {
    assert_eq!(testing::statements_that_fail().await, Vec::<String>::new());
}
