//! How often a network lets itself be published on, and the arithmetic of it.

use std::time::Duration;

use kernel::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// How often a network lets an account, or all accounts of an app, publish.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Quota {
    /// What is counted, such as `posts`.
    pub counts: &'static str,
    /// At most this many …
    pub limit: u32,
    /// … in any stretch of this many seconds.
    pub window_seconds: u32,
    /// Who shares it.
    pub per: QuotaScope,
    /// What a post takes of it; `None`: AllIN can't tell.
    #[serde(skip)]
    pub takes: Option<Takes>,
}

kernel::text_enum! {
    /// Who shares a quota.
    pub enum QuotaScope {
        /// One account.
        Account = "account",
        /// All accounts that are connected with one developer app.
        App = "app",
    }
}

/// What a published post takes of a quota.
#[derive(Clone, Copy, Debug, Default)]
pub struct Takes {
    /// For its first part.
    pub post: u32,
    /// For each further part of its thread.
    pub further_part: u32,
    /// For each of its files.
    pub file: u32,
    /// On top, for each of these options that is set.
    pub options: &'static [(&'static str, u32)],
    /// Nothing at all in any other format.
    pub only_format: Option<&'static str>,
}

impl Takes {
    /// One for each post.
    pub const POST: Self = Self::units(1);

    /// So much for each post.
    pub const fn units(post: u32) -> Self {
        Self {
            post,
            further_part: 0,
            file: 0,
            options: &[],
            only_format: None,
        }
    }

    /// What a post of this shape takes.
    pub fn of(&self, shape: &Shape<'_>) -> u32 {
        if self
            .only_format
            .is_some_and(|format| format != shape.format)
        {
            return 0;
        }
        let is_set = |key: &str| {
            let value = shape.options.get(key);
            value.is_some_and(|value| !value.is_null() && value != "" && value != false)
        };
        let options = self.options.iter().filter(|(key, _)| is_set(key));
        let further = shape
            .parts
            .saturating_sub(1)
            .saturating_mul(self.further_part);
        let files = shape.files.saturating_mul(self.file);
        let parts = self.post.saturating_add(further).saturating_add(files);
        options.fold(parts, |sum, (_, units)| sum.saturating_add(*units))
    }
}

/// What a quota needs to know of a post.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'a> {
    /// The format that it is published as.
    pub format: &'a str,
    /// The parts of its thread.
    pub parts: u32,
    /// The files of all parts.
    pub files: u32,
    /// What else is said of it.
    pub options: &'a Map<String, Value>,
}

/// Something that a quota was, or will be, used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// When.
    pub at: Timestamp,
    /// How much of it.
    pub amount: u32,
}

impl Quota {
    /// A quota of each account that AllIN does not count: servers have their own, and each says
    /// itself when it is used up.
    pub const fn uncounted(counts: &'static str, limit: u32, window_seconds: u32) -> Self {
        Self {
            counts,
            limit,
            window_seconds,
            per: QuotaScope::Account,
            takes: None,
        }
    }

    /// The stretch of time that it is about.
    pub fn window(&self) -> Duration {
        Duration::from_secs(self.window_seconds.into())
    }

    /// How much was used in the window that ends at `at`.
    pub fn used(&self, spent: &[Spent], at: Timestamp) -> u64 {
        let window = self.window();
        let counts = |one: &&Spent| one.at <= at && at < one.at + window;
        spent
            .iter()
            .filter(counts)
            .map(|one| u64::from(one.amount))
            .sum()
    }

    /// The most that is used in any window that `at` is in, before and after it.
    pub fn most_around(&self, spent: &[Spent], at: Timestamp) -> u64 {
        let window = self.window();
        // The fullest window can be moved until it ends with something, or at `at` itself.
        let ends = spent.iter().map(|one| one.at);
        ends.filter(|end| at <= *end && *end < at + window)
            .chain([at])
            .map(|end| self.used(spent, end))
            .max()
            .unwrap_or(0)
    }

    /// Whether something that takes `amount` fits at `at`. What takes more than all of the quota
    /// fits where nothing else is: to wait longer would not help it.
    pub fn has_room(&self, spent: &[Spent], at: Timestamp, amount: u32) -> bool {
        let amount = u64::from(amount.min(self.limit));
        self.most_around(spent, at) + amount <= u64::from(self.limit)
    }

    /// The first instant from `from` on at which something that takes `amount` fits.
    pub fn free_at(&self, spent: &[Spent], from: Timestamp, amount: u32) -> Timestamp {
        let window = self.window();
        // Room only comes where something falls out of the window.
        let mut ends: Vec<Timestamp> = spent
            .iter()
            .map(|one| one.at + window)
            .filter(|end| *end > from)
            .collect();
        ends.sort_unstable();
        [from]
            .into_iter()
            .chain(ends)
            .find(|at| self.has_room(spent, *at, amount))
            .unwrap_or(from)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WINDOW: i64 = 10;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000)
    }

    fn quota(limit: u32) -> Quota {
        Quota {
            counts: "posts",
            limit,
            window_seconds: u32::try_from(WINDOW).unwrap(),
            per: QuotaScope::Account,
            takes: Some(Takes::POST),
        }
    }

    fn spent() -> impl Strategy<Value = Vec<Spent>> {
        let one = (0..60i64, 1..4u32).prop_map(|(second, amount)| Spent {
            at: at(second),
            amount,
        });
        prop::collection::vec(one, 0..30)
    }

    /// The fullest window of all that hold `second`, by trying each.
    fn fullest(spent: &[Spent], second: i64) -> u64 {
        let sum = |first: i64| -> u64 {
            let within = |one: &&Spent| at(first) <= one.at && one.at < at(first + WINDOW);
            spent
                .iter()
                .filter(within)
                .map(|one| u64::from(one.amount))
                .sum()
        };
        (second - WINDOW + 1..=second).map(sum).max().unwrap()
    }

    proptest! {
        #[test]
        fn the_fullest_window_is_found(spent in spent(), second in 0..60i64) {
            let quota = quota(5);
            prop_assert_eq!(quota.most_around(&spent, at(second)), fullest(&spent, second));
            prop_assert!(quota.used(&spent, at(second)) <= quota.most_around(&spent, at(second)));
        }

        #[test]
        fn the_first_free_instant_is_free_and_none_before_it_is(
            spent in spent(), from in 0..60i64, limit in 1..8u32, amount in 1..10u32,
        ) {
            let quota = quota(limit);
            let free = quota.free_at(&spent, at(from), amount);
            prop_assert!(quota.has_room(&spent, free, amount));
            for second in from..free.as_seconds() {
                let amount = u64::from(amount.min(limit));
                prop_assert!(fullest(&spent, second) + amount > u64::from(limit));
            }
        }

        /// Whoever waits as long as he is told never breaks a quota that nobody broke before.
        #[test]
        fn posts_that_wait_their_turn_keep_the_quota(due in prop::collection::vec(0..60i64, 1..40), limit in 1..6u32) {
            let quota = quota(limit);
            let mut spent = Vec::new();
            for second in due {
                let at = quota.free_at(&spent, at(second), 1);
                spent.push(Spent { at, amount: 1 });
            }
            for one in &spent {
                prop_assert!(quota.most_around(&spent, one.at) <= u64::from(limit));
            }
        }
    }

    #[test]
    fn what_a_post_takes_follows_from_its_shape() {
        let options =
            serde_json::json!({ "captions": "019a", "thumbnail": null, "firstComment": "" });
        let shape = Shape {
            format: "video",
            parts: 3,
            files: 2,
            options: options.as_object().unwrap(),
        };
        assert_eq!(Takes::POST.of(&shape), 1);
        let takes = Takes {
            further_part: 10,
            file: 100,
            options: &[("captions", 400), ("thumbnail", 50), ("firstComment", 50)],
            ..Takes::POST
        };
        assert_eq!(takes.of(&shape), 621);
        let reels = Takes {
            only_format: Some("reel"),
            ..takes
        };
        assert_eq!(reels.of(&shape), 0);
    }
}
