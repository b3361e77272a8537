//! A running installation, and the people who use it.

mod user;
mod world;

pub(crate) use testkit::TestClock;
pub(crate) use user::{User, png};
pub(crate) use world::{Instance, World, sandbox, until_status};

/// Asks again and again until `look` finds what it looks for.
pub(crate) async fn eventually<T, F>(what: &str, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    for _ in 0..400 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{what} did not happen within 20 seconds");
}
