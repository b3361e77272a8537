//! Failed log-ins: counted per e-mail and per client address, in the database, so that every
//! process of an installation sees them.

use std::{net::IpAddr, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Code, Problem, Timestamp};
use store::{Scope, Tx};

use crate::{Email, Identity, LockoutRules, repo, secret};

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Attempts on one account, from wherever.
    Email(Email),
    /// Attempts from one client, on whatever account.
    Address(IpAddr),
}

impl Subject {
    /// The subjects of one attempt, always in this order, so that two attempts can't wait for
    /// each other.
    pub(crate) fn of(email: &Email, address: Option<IpAddr>) -> Vec<Self> {
        let email = Self::Email(email.clone());
        // An IPv4 client of a socket that listens on IPv6 is still that client.
        let address = address.map(|address| Self::Address(address.to_canonical()));
        std::iter::once(email).chain(address).collect()
    }

    /// As it is stored.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Email(email) => {
                format!(
                    "email:{}",
                    URL_SAFE_NO_PAD.encode(secret::hash(&email.key()))
                )
            }
            Self::Address(IpAddr::V4(address)) => format!("address:{address}"),
            // A household or a server gets a /64, so a single address of it means little.
            Self::Address(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("address:{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        }
    }

    fn allowed(&self, rules: &LockoutRules) -> i64 {
        match self {
            Self::Email(_) => rules.failures_per_email,
            Self::Address(_) => rules.failures_per_address,
        }
    }
}

/// The failures of one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, store::FromRow)]
pub(crate) struct Tally {
    pub(crate) failures: i64,
    /// What happened in the window after this counts. A lock moves it to the lock's end, so that
    /// the next failure after a lock locks again, for longer.
    pub(crate) window_started_at: Timestamp,
    pub(crate) locked_until: Option<Timestamp>,
}

impl Tally {
    /// How much longer it is locked.
    pub(crate) fn locked_for(self, now: Timestamp) -> Option<Duration> {
        self.locked_until
            .filter(|until| *until > now)
            .map(|until| until.since(now))
    }

    /// None yet.
    fn none(now: Timestamp) -> Self {
        Self {
            failures: 0,
            window_started_at: now,
            locked_until: None,
        }
    }

    /// With one more failure at `now`.
    fn one_more(self, now: Timestamp, allowed: i64, rules: &LockoutRules) -> Self {
        let over = now >= self.window_started_at + rules.window;
        let before = if over { Self::none(now) } else { self };
        let failures = before.failures + 1;
        if failures < allowed {
            return Self {
                failures,
                locked_until: None,
                ..before
            };
        }
        let doublings = u32::try_from(failures - allowed).unwrap_or(0).min(20);
        let lock = rules
            .first_lock
            .saturating_mul(1 << doublings)
            .min(rules.longest_lock);
        Self {
            failures,
            window_started_at: now + lock,
            locked_until: Some(now + lock),
        }
    }
}

impl Identity {
    /// Refuses an attempt while any of its subjects is locked. Answers whether any of them has
    /// failed lately.
    pub(crate) async fn refuse_locked(&self, subjects: &[Subject]) -> Result<bool, Problem> {
        let now = self.env.now();
        let mut tx = self.db.read(Scope::System).await?;
        let mut failed = false;
        let mut locked_for = None;
        for subject in subjects {
            if let Some(failures) = repo::lockout::get(&mut tx, subject).await? {
                failed = true;
                locked_for = locked_for.max(failures.locked_for(now));
            }
        }
        match locked_for {
            Some(left) => Err(locked_out(left)),
            None => Ok(failed),
        }
    }

    /// Counts a failed attempt.
    pub(crate) async fn count_failure(&self, subjects: &[Subject]) -> Result<(), Problem> {
        let (now, rules) = (self.env.now(), &self.settings.lockout);
        let mut tx = self.db.write(Scope::System).await?;
        for subject in subjects {
            let before = repo::lockout::lock(&mut tx, subject, now).await?;
            let after = before.one_more(now, subject.allowed(rules), rules);
            repo::lockout::put(&mut tx, subject, after).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Forgets the failures of an e-mail: its owner got in, or has a new password. Tally of
    /// an address stay, or an attacker with one account of his own could wash them off.
    pub(crate) async fn forgive(tx: &mut Tx, email: &Email) -> Result<(), Problem> {
        Ok(repo::lockout::delete(tx, &Subject::Email(email.clone())).await?)
    }
}

fn locked_out(left: Duration) -> Problem {
    let minutes = left.as_secs().div_ceil(60).max(1);
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    Problem::new(
        Code::LockedOut,
        format!("Too many failed attempts. Try again in {minutes} {unit}."),
    )
    .with_retry_after(Duration::from_secs(
        left.as_millis().div_ceil(1000).try_into().unwrap_or(60),
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    /// The state after failures at these seconds, none of them while locked.
    fn after(seconds: &[u64]) -> Tally {
        let rules = LockoutRules::default();
        let at = |seconds: &u64| START + Duration::from_secs(*seconds);
        seconds.iter().fold(Tally::none(START), |state, seconds| {
            state.one_more(at(seconds), rules.failures_per_email, &rules)
        })
    }

    #[test]
    fn the_fifth_failure_in_a_quarter_of_an_hour_locks_and_each_further_one_for_longer() {
        let now = |seconds| START + Duration::from_secs(seconds);
        assert_eq!(after(&[0, 1, 2, 3]).locked_for(now(3)), None);
        assert_eq!(
            after(&[0, 1, 2, 3, 4]).locked_for(now(4)),
            Some(Duration::from_mins(1))
        );
        assert_eq!(after(&[0, 1, 2, 3, 4]).locked_for(now(64)), None);
        assert_eq!(
            after(&[0, 1, 2, 3, 4, 64]).locked_for(now(64)),
            Some(Duration::from_mins(2))
        );
        let long = after(&[0, 1, 2, 3, 4, 64, 184, 424, 904, 1864, 3784, 7384]);
        assert_eq!(long.locked_for(now(7384)), Some(Duration::from_hours(1)));
    }

    #[test]
    fn old_failures_are_forgotten() {
        assert_eq!(after(&[0, 1, 2, 3, 900]).failures, 1);
        assert_eq!(after(&[0, 1, 2, 3, 4, 64 + 900]).failures, 1);
    }

    #[test]
    fn addresses_of_one_network_are_one_subject() {
        let email = Email::parse("ada@example.org").unwrap();
        let text = |address: &str| Subject::of(&email, Some(address.parse().unwrap()))[1].text();
        assert_eq!(text("2001:db8:1:2::1"), text("2001:db8:1:2:ffff::9"));
        assert_ne!(text("2001:db8:1:2::1"), text("2001:db8:1:3::1"));
        assert_eq!(text("::ffff:192.0.2.7"), text("192.0.2.7"));
        assert_ne!(text("192.0.2.7"), text("192.0.2.8"));
    }

    proptest! {
        /// However an attacker spaces his attempts, he has few in an hour.
        #[test]
        fn guesses_are_few(gaps in proptest::collection::vec(0u64..600, 1..400)) {
            let rules = LockoutRules::default();
            let (mut state, mut seconds, mut guesses) = (Tally::none(START), 0, 0);
            for gap in gaps {
                seconds += gap;
                let now = START + Duration::from_secs(seconds);
                if seconds > 3600 { break }
                if state.locked_for(now).is_some() { continue }
                guesses += 1;
                state = state.one_more(now, rules.failures_per_email, &rules);
            }
            prop_assert!(guesses <= 20, "{guesses} guesses");
        }
    }
}
