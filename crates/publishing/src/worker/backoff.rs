//! When to try again.

use std::time::Duration;

/// Pauses before the second, third, … try. After the last one, a person has to decide.
///
/// The whole row takes about three hours: longer than most outages of a network, shorter than
/// the time after which a post is stale.
const PAUSES: [u64; 8] = [15, 60, 3 * 60, 10 * 60, 20 * 60, 30 * 60, 60 * 60, 60 * 60];

/// The pause after `tries` tries, or `None` when they are used up.
///
/// `jitter` in `0.0..1.0` spreads the pause from 80 % to 120 %, so that posts that failed
/// together do not come back together. A network's own `retry_after` is never cut short.
pub(crate) fn pause(tries: u32, jitter: f64, retry_after: Option<Duration>) -> Option<Duration> {
    let index = usize::try_from(tries.max(1) - 1).ok()?;
    let base = Duration::from_secs(*PAUSES.get(index)?);
    let spread = base.mul_f64(0.8 + 0.4 * jitter.clamp(0.0, 1.0));
    Some(retry_after.map_or(spread, |asked| spread.max(asked)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pauses_end_and_respect_the_network(tries in 0u32..20, jitter in 0.0..1.0, asked in 0u64..7200) {
            let asked = Duration::from_secs(asked);
            match pause(tries, jitter, Some(asked)) {
                Some(pause) => {
                    prop_assert!(pause >= asked);
                    prop_assert!(pause >= Duration::from_secs(12));
                    prop_assert!(tries <= 8);
                }
                None => prop_assert!(tries > 8),
            }
        }
    }
}
