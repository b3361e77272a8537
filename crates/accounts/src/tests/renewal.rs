//! Renewing tokens, against a real Bluesky server.

use std::time::Duration;

use kernel::Env;
use secrecy::ExposeSecret;
use store::Scope;
use tokio::net::TcpListener;

use super::{
    pds::{LIFE, Person, Proxy, noted_renewals, set_pds, set_pds_back},
    support::{Fixture, config, fixtures, open},
};
use crate::{AccountError, jobs, repo};

#[tokio::test]
async fn a_failed_renewal_answers_everybody_who_waits_for_it() {
    let Some(person) = Person::new().await else {
        return;
    };
    for (index, fixture) in fixtures().await.into_iter().enumerate() {
        let name = format!("for {index}");
        let password = person.new_app_password(&name).await;
        let id = person
            .connect(&fixture, &password)
            .await
            .text("/id")
            .parse()
            .unwrap();
        let tenant = fixture.caller.tenant;
        let proxy = Proxy::before(&fixture, id, Duration::from_millis(100)).await;
        person.revoke_app_password(&name).await;
        let asking = (0..20).map(|_| {
            let accounts = fixture.accounts.clone();
            tokio::spawn(async move { accounts.refresh_after_refusal(tenant, id, 1).await })
        });
        for asked in asking.collect::<Vec<_>>() {
            let error = asked.await.unwrap().unwrap_err();
            assert!(matches!(error, AccountError::Reconnect { .. }), "{error:?}");
        }
        // The refresh token, once; the app password goes to the server that it was typed for.
        assert_eq!(proxy.renewals(), 1);
        assert_eq!(fixture.events().await.len(), 2);
    }
}

#[tokio::test]
async fn however_many_ask_in_two_processes_a_token_is_renewed_once() {
    let Some(person) = Person::new().await else {
        return;
    };
    for fixture in fixtures().await {
        let id = person.connected(&fixture).await;
        let proxy = Proxy::before(&fixture, id, Duration::from_millis(400)).await;
        let replica = open(&fixture.test, &fixture.clock, &fixture.keys, config());
        fixture
            .clock
            .advance(LIFE.saturating_sub(Duration::from_mins(4)));
        let tenant = fixture.caller.tenant;
        let asking = (0..20).map(|turn| {
            let accounts = [&fixture.accounts, &replica][turn % 2].clone();
            tokio::spawn(async move { accounts.acting(tenant, id).await.unwrap().secret_version })
        });
        for asked in asking.collect::<Vec<_>>() {
            assert_eq!(asked.await.unwrap(), 2);
        }
        assert_eq!(proxy.renewals(), 1);
        let (one, other) = tokio::join!(
            fixture.accounts.refresh_after_refusal(tenant, id, 1),
            replica.refresh_after_refusal(tenant, id, 1)
        );
        assert_eq!(
            (one.unwrap().secret_version, other.unwrap().secret_version),
            (2, 2)
        );
        assert_eq!(proxy.renewals(), 1);
        assert_eq!(
            fixture.events().await.len(),
            1,
            "nobody needs to hear of it"
        );
    }
}

#[tokio::test]
async fn a_late_renewal_does_not_overwrite_newer_credentials() {
    let Some(person) = Person::new().await else {
        return;
    };
    for fixture in fixtures().await {
        let id = person.connected(&fixture).await;
        let tenant = fixture.caller.tenant;
        let proxy = Proxy::before(&fixture, id, Duration::from_millis(800)).await;
        let accounts = fixture.accounts.clone();
        let late = tokio::spawn(async move { accounts.refresh_after_refusal(tenant, id, 1).await });
        while proxy.renewals() == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(person.connected(&fixture).await, id);
        let newer = fixture.accounts.acting(tenant, id).await.unwrap();
        let late = late.await.unwrap().unwrap();
        assert_eq!((newer.secret_version, late.secret_version), (2, 2));
        let secret =
            |acting: &crate::Acting| acting.account.credentials.secret.expose_secret().to_owned();
        assert_eq!(secret(&newer), secret(&late));
        let stored = fixture.accounts.acting(tenant, id).await.unwrap();
        assert_eq!(secret(&stored), secret(&newer));
    }
}

#[tokio::test]
async fn a_caller_who_goes_away_does_not_lose_the_renewed_token() {
    let Some(person) = Person::new().await else {
        return;
    };
    for fixture in fixtures().await {
        let id = person.connected(&fixture).await;
        let tenant = fixture.caller.tenant;
        let proxy = Proxy::before(&fixture, id, Duration::from_millis(300)).await;
        let renewal = fixture.accounts.refresh_after_refusal(tenant, id, 1);
        assert!(
            tokio::time::timeout(Duration::from_millis(150), renewal)
                .await
                .is_err()
        );
        assert_eq!(proxy.renewals(), 1);
        let acting = fixture
            .accounts
            .refresh_after_refusal(tenant, id, 1)
            .await
            .unwrap();
        assert_eq!((acting.secret_version, proxy.renewals()), (2, 1));
    }
}

#[tokio::test]
async fn while_the_server_is_down_the_old_token_serves_until_it_expires() {
    let Some(person) = Person::new().await else {
        return;
    };
    for fixture in fixtures().await {
        let id = person.connected(&fixture).await;
        let tenant = fixture.caller.tenant;
        let gone = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();
        set_pds(&fixture, id, &format!("http://{gone}")).await;
        fixture
            .clock
            .advance(LIFE.saturating_sub(Duration::from_mins(4)));
        assert_eq!(
            fixture
                .accounts
                .acting(tenant, id)
                .await
                .unwrap()
                .secret_version,
            1
        );
        fixture.clock.advance(Duration::from_mins(5));
        let error = fixture.accounts.acting(tenant, id).await.unwrap_err();
        assert!(matches!(error, AccountError::Network(_)), "{error:?}");
        let answer = fixture.get(&format!("/social-accounts/{id}")).await;
        assert_eq!(answer.text("/status"), "connected", "it may pass");
        set_pds_back(&fixture, id, &person.pds).await;
        let error = fixture.accounts.acting(tenant, id).await.unwrap_err();
        assert!(
            matches!(error, AccountError::Network(_)),
            "it is not asked again at once"
        );
        fixture.clock.advance(Duration::from_secs(11));
        assert_eq!(
            fixture
                .accounts
                .acting(tenant, id)
                .await
                .unwrap()
                .secret_version,
            2
        );
    }
}

#[tokio::test]
async fn a_process_that_died_while_renewing_holds_nobody_up_for_long() {
    let Some(person) = Person::new().await else {
        return;
    };
    for fixture in fixtures().await {
        let id = person.connected(&fixture).await;
        let tenant = fixture.caller.tenant;
        let stored = fixture.accounts.stored(tenant, id).await.unwrap();
        let now = kernel::Clock::now(&fixture.clock);
        let mut tx = fixture.test.db.write(Scope::Tenant(tenant)).await.unwrap();
        assert!(
            repo::lease(&mut tx, &stored, now + Duration::from_mins(1), now)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        let accounts = fixture.accounts.clone();
        let waiting =
            tokio::spawn(async move { accounts.refresh_after_refusal(tenant, id, 1).await });
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert!(!waiting.is_finished());
        fixture.clock.advance(Duration::from_secs(61));
        assert_eq!(waiting.await.unwrap().unwrap().secret_version, 2);
    }
}

/// One pass of the background job, and what it came to.
async fn renew_due(fixture: &Fixture) -> usize {
    let due = jobs::due(&fixture.accounts).await.unwrap();
    jobs::renew_all(&fixture.accounts, due).await
}

#[tokio::test]
async fn a_server_that_hangs_does_not_hold_up_who_calls_the_job() {
    let Some(person) = Person::new().await else {
        return;
    };
    for fixture in fixtures().await {
        let id = person.connected(&fixture).await;
        let proxy = Proxy::before(&fixture, id, Duration::from_millis(500)).await;
        fixture
            .clock
            .advance(LIFE.saturating_sub(Duration::from_mins(8)));
        assert_eq!(jobs::refresh_expiring(&fixture.accounts).await.unwrap(), 1);
        assert_eq!(
            jobs::refresh_expiring(&fixture.accounts).await.unwrap(),
            0,
            "one at a time"
        );
        let stored = fixture
            .accounts
            .stored(fixture.caller.tenant, id)
            .await
            .unwrap();
        assert_eq!(stored.secret_version, 1, "it goes on in the background");
        while !jobs::due(&fixture.accounts).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(proxy.renewals(), 1);
    }
}

#[tokio::test]
async fn tokens_are_renewed_ahead_of_time_in_the_background() {
    let Some(person) = Person::new().await else {
        return;
    };
    for fixture in fixtures().await {
        let id = person.connected(&fixture).await;
        let tenant = fixture.caller.tenant;
        assert_eq!(renew_due(&fixture).await, 0);
        fixture
            .clock
            .advance(LIFE.saturating_sub(Duration::from_secs(570)));
        assert_eq!(renew_due(&fixture).await, 1);
        assert_eq!(
            fixture
                .accounts
                .stored(tenant, id)
                .await
                .unwrap()
                .secret_version,
            2
        );

        fixture.clock.advance(Duration::from_mins(5));
        let gone = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();
        set_pds(&fixture, id, &format!("http://{gone}")).await;
        assert_eq!(renew_due(&fixture).await, 0);
        set_pds(&fixture, id, &person.pds).await;
        assert_eq!(renew_due(&fixture).await, 0, "it pauses");
        fixture.clock.advance(Duration::from_secs(190));
        assert_eq!(renew_due(&fixture).await, 1);

        assert_eq!(noted_renewals(&fixture).await, 1);
        fixture.accounts.remove(&fixture.caller, id).await.unwrap();
        assert_eq!(noted_renewals(&fixture).await, 0);
    }
}

#[tokio::test]
async fn credentials_of_another_key_file_are_told_apart_from_expired_ones() {
    let Some(person) = Person::new().await else {
        return;
    };
    for fixture in fixtures().await {
        let id = person.connected(&fixture).await;
        let stranger = vault::Keyring::generate(&Env::system());
        let accounts = open(&fixture.test, &fixture.clock, &stranger, config());
        let error = accounts
            .acting(fixture.caller.tenant, id)
            .await
            .unwrap_err();
        assert!(
            matches!(error, AccountError::Secret(vault::Error::UnknownKey(_))),
            "{error:?}"
        );
    }
}
