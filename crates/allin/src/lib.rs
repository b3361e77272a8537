//! The program: command line, configuration, wiring, telemetry, shutdown.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | [`cli`] | the commands |
//! | [`config`] | every setting, and where it comes from |
//! | [`app`] | how the crates are put together |
//! | [`serve`] | the running server, its roles and its shutdown |
//! | [`doctor`] | checks a set-up and says what to fix |
//! | [`telemetry`] | logs and metrics |

pub mod app;
pub mod cli;
pub mod config;
mod copy;
mod doctor;
mod keys;
pub mod networks;
mod serve;
mod telemetry;
