//! Order statistics.

use std::time::Duration;

/// Times, in their order.
#[derive(Clone, Debug)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// At least one time.
    pub(crate) fn new(mut times: Vec<Duration>) -> anyhow::Result<Self> {
        anyhow::ensure!(!times.is_empty(), "nothing was measured");
        times.sort_unstable();
        Ok(Self(times))
    }

    /// The time that `percent` of all do not exceed (nearest rank).
    pub(crate) fn at(&self, percent: u32) -> Duration {
        let rank = (self.0.len() * percent as usize).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or_default()
    }

    /// The middle one.
    pub(crate) fn median(&self) -> Duration {
        self.at(50)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let times = Times::new((1..=200).rev().map(Duration::from_millis).collect()).unwrap();
        assert_eq!(times.median(), Duration::from_millis(100));
        assert_eq!(times.at(99), Duration::from_millis(198));
        assert_eq!(times.at(100), Duration::from_millis(200));
        let one = Times::new(vec![Duration::from_millis(7)]).unwrap();
        assert_eq!(one.at(1), Duration::from_millis(7));
    }
}
