//! Accounts through their router, against real servers, on both engines.

mod bluesky;
mod instance;
mod linkedin;
mod mastodon;
mod pds;
mod refusals;
mod renewal;
mod rules;
mod support;

#[tokio::test]
async fn statements_of_this_crate_prepare_on_both_engines() {
    assert_eq!(
        store::testing::statements_that_fail().await,
        Vec::<String>::new()
    );
}
