//! The media library and posts through their router and their functions, on both engines.

mod access;
mod drafts;
mod files;
mod films;
mod handover;
mod lists;
mod preflight;
mod progress;
mod refusals;
mod render;
mod renditions;
mod samples;
mod states;
mod support;
mod upkeep;
mod videos;

#[tokio::test]
async fn statements_of_this_crate_prepare_on_both_engines() {
    assert_eq!(
        store::testing::statements_that_fail().await,
        Vec::<String>::new()
    );
}
