//! What the public does with a post: numbers that grow as they do on networks, from nothing but
//! the post and the clock. The same post has the same numbers at the same instant, always.

use std::time::Duration;

use kernel::Timestamp;

use super::{mix, people, seed};

/// What a post is made of, as far as the public cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    Link,
    Image,
    Carousel,
    Document,
    Poll,
    Video,
    /// Tall and short: Reels, Shorts, TikTok.
    ShortVideo,
    /// Gone after a day.
    Story,
}

/// A post before the public.
#[derive(Clone, Debug)]
pub(crate) struct Exposure {
    /// The network and the post's id, such as `x/1900000000000000001`: its luck comes from it.
    pub(crate) id: String,
    pub(crate) published_at: Timestamp,
    pub(crate) form: Form,
    /// How many follow the account.
    pub(crate) followers: u64,
    /// How long the video is, in seconds; 0 for what is no video.
    pub(crate) seconds: u64,
}

/// The numbers of a post at an instant. None of them ever falls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Insights {
    /// How often it was shown.
    pub(crate) impressions: u64,
    /// To how many it was shown.
    pub(crate) reach: u64,
    /// How often a video began to play.
    pub(crate) views: u64,
    pub(crate) likes: u64,
    pub(crate) comments: u64,
    /// Passed on: reposts, retweets, shares.
    pub(crate) shares: u64,
    /// Kept for later: saves, bookmarks.
    pub(crate) saves: u64,
    /// On links and on the post itself.
    pub(crate) clicks: u64,
    /// Seconds that all viewers watched together.
    pub(crate) watch_seconds: u64,
}

/// One millionth: what growth is counted in, so that everything else is whole numbers.
const WHOLE: u64 = 1_000_000;
/// When a post has its first like and its first comment at the latest: within five hours.
const CERTAIN: u64 = WHOLE * 2 / 5;
/// How much a post gains by the hour (UTC) that it is published at, in percent of the usual.
const BY_HOUR: [u64; 24] = [
    45, 38, 34, 34, 38, 50, 72, 95, 112, 108, 104, 110, 122, 112, 98, 96, 104, 124, 142, 148, 136,
    110, 82, 60,
];

impl Form {
    /// How far it gets, in percent of a text.
    const fn reach(self) -> u64 {
        match self {
            Self::Text => 100,
            Self::Link => 72,
            Self::Image => 135,
            Self::Carousel => 160,
            Self::Document => 150,
            Self::Poll => 140,
            Self::Video => 170,
            Self::ShortVideo => 260,
            Self::Story => 80,
        }
    }

    /// How many of 1,000 to whom it is shown like it, comment, share, save and click.
    const fn answers(self) -> [u64; 5] {
        match self {
            Self::Text => [28, 5, 4, 3, 6],
            Self::Link => [16, 2, 4, 4, 26],
            Self::Image => [42, 4, 4, 6, 9],
            Self::Carousel => [46, 5, 6, 16, 14],
            Self::Document => [36, 5, 8, 18, 34],
            Self::Poll => [18, 11, 3, 1, 62],
            Self::Video => [38, 6, 8, 9, 11],
            Self::ShortVideo => [58, 5, 11, 10, 7],
            Self::Story => [12, 3, 2, 0, 8],
        }
    }

    const fn is_video(self) -> bool {
        matches!(self, Self::Video | Self::ShortVideo | Self::Story)
    }
}

impl Exposure {
    /// The numbers at this instant. All are zero before it was published.
    pub(crate) fn insights(&self, now: Timestamp) -> Insights {
        let grown = self.growth(now);
        let reach = self.potential() * grown / WHOLE;
        // Between 1.1 and 1.6 times a viewer, by luck.
        let impressions = reach * (110 + self.luck(1) % 51) / 100;
        let [likes, comments, shares, saves, clicks] = self.form.answers();
        let count = |of_thousand: u64, nth: u64| {
            // Each post has its own taste: between 60 and 159 percent of the usual.
            reach * of_thousand * (60 + self.luck(nth) % 100) / 100_000
        };
        // Somebody always cares: who waits for a like or a comment must not wait in vain because
        // a post of few followers went out at night.
        let somebody = u64::from(grown >= CERTAIN);
        let views = if self.form.is_video() {
            impressions * (62 + self.luck(2) % 30) / 100
        } else {
            0
        };
        Insights {
            impressions,
            reach,
            views,
            likes: count(likes, 3).max(somebody),
            comments: count(comments, 4).max(somebody),
            shares: count(shares, 5),
            saves: count(saves, 6),
            clicks: count(clicks, 7),
            // Short ones are watched nearly to the end, long ones to a third.
            watch_seconds: views
                * (self.seconds * (30 + 1_500 / (self.seconds + 25))).min(90 * self.seconds)
                / 100,
        }
    }

    /// When the `nth` of `all` comments comes, counted from 0.
    pub(crate) fn moment(&self, nth: u64, all: u64) -> Timestamp {
        // Stories end before everybody has seen them.
        let end = self.growth(self.published_at + Duration::from_hours(24 * 365));
        let wanted = end * (nth + 1) / (all + 2);
        // Growth never falls, so the first minute that has enough of it can be halved in upon.
        let (mut early, mut late) = (0_u64, 60 * 24 * 60);
        while early < late {
            let middle = early.midpoint(late);
            if self.growth(self.published_at + Duration::from_mins(middle)) >= wanted {
                late = middle;
            } else {
                early = middle + 1;
            }
        }
        self.published_at
            + Duration::from_mins(early)
            + Duration::from_secs(self.luck(90 + nth) % 60)
    }

    /// How many comments there will be in the end.
    pub(crate) fn comments_in_the_end(&self) -> u64 {
        let end = self.published_at + Duration::from_hours(24 * 365);
        self.insights(end).comments
    }

    /// To how many it will have been shown in the end.
    fn potential(&self) -> u64 {
        let hour = usize::try_from(
            self.published_at
                .as_seconds()
                .div_euclid(3_600)
                .rem_euclid(24),
        );
        let by_hour = hour
            .ok()
            .and_then(|hour| BY_HOUR.get(hour))
            .copied()
            .unwrap_or(100);
        // A third of the followers, and some who came by.
        let usual = 40 + self.followers.min(1_000_000_000) * 34 / 100;
        // Luck between 55 and 184 percent; one in fifty goes round the world.
        let luck = 55 + self.luck(8) % 130;
        let viral = if self.luck(9).is_multiple_of(50) {
            6
        } else {
            1
        };
        usual * self.form.reach() * by_hour / 10_000 * luck / 100 * viral
    }

    /// How much of everything has happened, in millionths: quick on the first day, then slowly for
    /// about two weeks. Stories end after a day.
    fn growth(&self, now: Timestamp) -> u64 {
        let mut age = now.since(self.published_at).as_secs_f64() / 3_600.0;
        if self.form == Form::Story {
            age = age.min(24.0);
        }
        // Some minutes pass before anybody sees anything.
        let age = (age - 0.02).max(0.0);
        let grown = 0.68 * (1.0 - (-age / 5.0).exp()) + 0.32 * (1.0 - (-age / 70.0).exp());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 1,000,000"
        )]
        let millionths = (grown.clamp(0.0, 1.0) * 1_000_000.0) as u64;
        millionths
    }

    fn luck(&self, nth: u64) -> u64 {
        mix(seed(&self.id).wrapping_add(nth)) >> 8
    }
}

/// How many follow an account at this instant: a little more each day.
pub(crate) fn followers(username: &str, now: Timestamp) -> u64 {
    let base = people::find(username).map_or(150, |account| account.followers);
    // From 2026-01-01, half a per mille a day.
    let since = now.since(Timestamp::from_micros(1_767_225_600_000_000));
    base + base * (since.as_secs() / 3_600) / (24 * 2_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(form: Form, hour: u64, followers: u64, nth: u64) -> Exposure {
        let midnight = Timestamp::from_micros(1_795_219_200_000_000);
        Exposure {
            id: format!("test/{nth}"),
            published_at: midnight + Duration::from_hours(hour),
            form,
            followers,
            seconds: 30,
        }
    }

    /// Over many posts, so that luck evens out.
    fn likes(form: Form, hour: u64, followers: u64) -> u64 {
        (0..200)
            .map(|nth| post(form, hour, followers, nth))
            .map(|post| {
                post.insights(post.published_at + Duration::from_hours(240))
                    .likes
            })
            .sum()
    }

    #[test]
    fn nothing_falls_and_everything_calms_down() {
        for nth in 0..20 {
            let post = post(Form::Video, 18, 5_000, nth);
            let at = |hours| post.insights(post.published_at + Duration::from_hours(hours));
            assert_eq!(post.insights(post.published_at), Insights::default());
            let mut before = Insights::default();
            for hours in 0..24 * 30 {
                let now = at(hours);
                let numbers = |one: &Insights| {
                    [
                        one.impressions,
                        one.reach,
                        one.views,
                        one.likes,
                        one.comments,
                        one.shares,
                        one.saves,
                        one.clicks,
                        one.watch_seconds,
                    ]
                };
                for (now, before) in numbers(&now).into_iter().zip(numbers(&before)) {
                    assert!(now >= before);
                }
                assert!(now.reach <= now.impressions && now.likes < now.reach.max(1));
                before = now;
            }
            assert!(
                at(24).reach * 10 > at(24 * 30).reach * 6,
                "most on the first day"
            );
            assert!(
                at(24 * 30).reach * 50 < at(24 * 20).reach * 51,
                "then hardly any"
            );
            assert!(at(24).watch_seconds <= at(24).views * 30);
        }
    }

    #[test]
    fn somebody_cares_at_every_hour() {
        for nth in 0..24 * 20 {
            let post = post(Form::Link, nth % 24, 100, nth);
            let in_the_end = post.insights(post.published_at + Duration::from_hours(240));
            assert!(
                in_the_end.likes > 0 && in_the_end.comments > 0,
                "{in_the_end:?}"
            );
            assert!(post.moment(0, 1) < post.published_at + Duration::from_hours(24));
        }
    }

    #[test]
    fn hour_form_and_audience_matter() {
        assert!(likes(Form::Text, 19, 5_000) > 2 * likes(Form::Text, 3, 5_000));
        assert!(likes(Form::ShortVideo, 12, 5_000) > 2 * likes(Form::Text, 12, 5_000));
        assert!(likes(Form::Text, 12, 50_000) > 5 * likes(Form::Text, 12, 5_000));
    }
}
