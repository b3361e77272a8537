//! Measures AllIN against its budgets: `make bench`.
//!
//! It starts the release binary as people do, speaks to it over HTTP alone, and plays the network
//! that posts are published to. Whatever is measured is measured from outside.
//!
//! | module | what it does |
//! |---|---|
//! | [`program`] | start, memory, size |
//! | [`publishing`] | due posts per second, lateness |
//! | [`api`] | reading and writing over HTTP under load |
//! | [`kills`] | what is lost or published twice when the server is killed again and again |
//! | [`networks`] | requests and time of a post on each network |
//! | [`upload`] | memory and speed of a large video, and what a kill in the middle costs |
//! | [`ui`] | what a browser loads first, and what Lighthouse says of the pages |
//! | [`server`], [`installation`], [`client`], [`peer`], [`sandbox`], [`film`] | what they measure with |
//! | [`stats`], [`cpu`], [`report`] | figures and how they are shown |

mod api;
mod client;
mod cpu;
mod film;
mod installation;
mod kills;
mod networks;
mod peer;
mod program;
mod publishing;
mod report;
mod sandbox;
mod server;
mod stats;
mod ui;
mod upload;

use std::{env, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::{Parser, ValueEnum};

use crate::{
    installation::{Engine, Installation},
    report::Report,
};

/// Measures AllIN against its budgets.
#[derive(Debug, Parser)]
struct Options {
    /// What to measure; everything if nothing is named.
    what: Vec<What>,
    /// The databases to measure on; both if none is named.
    #[arg(long)]
    engine: Vec<EngineName>,
    /// How many organisations there are.
    #[arg(long, default_value_t = 100)]
    tenants: usize,
    /// How many posts fall due at once for the throughput.
    #[arg(long, default_value_t = 20_000)]
    posts: u32,
    /// How often the server is killed.
    #[arg(long, default_value_t = 20)]
    kills: u32,
    /// How large the video is that is uploaded, such as 256m or 2g.
    #[arg(long, default_value = "256m", value_parser = bytes)]
    upload_size: u64,
    /// The networks to measure; all if none is named.
    #[arg(long)]
    network: Vec<String>,
}

/// `2g`, `256m`: gigabytes and megabytes, in tens.
fn bytes(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text} is no size such as 256m or 2g");
    let (number, unit) = text
        .split_at_checked(text.len().saturating_sub(1))
        .ok_or_else(wrong)?;
    let unit = match unit {
        "m" => 1_000_000,
        "g" => 1_000_000_000,
        _ => return Err(wrong()),
    };
    number
        .parse::<u64>()
        .map(|number| number * unit)
        .map_err(|_| wrong())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    Program,
    Publishing,
    Api,
    Kills,
    Ui,
    Networks,
    Upload,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum EngineName {
    Sqlite,
    Postgres,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let mut report = Report::default();
    let result = measure(&options, &mut report).await;
    report.print();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::progress(&format!("something broke: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn measure(options: &Options, report: &mut Report) -> anyhow::Result<()> {
    let is = |what| options.what.is_empty() || options.what.contains(&what);
    let binary = PathBuf::from(env::var_os("ALLIN_BIN").context("ALLIN_BIN names no server")?);
    if is(What::Ui) {
        ui::measure(&binary, report).await?;
    }
    if is(What::Program) {
        program::measure(&binary, report).await?;
    }
    let wanted = |network: &str| {
        options.network.is_empty() || options.network.iter().any(|name| name == network)
    };
    if is(What::Networks) {
        networks::measure(&binary, wanted, report).await?;
    }
    if is(What::Upload) {
        upload::measure(&binary, options.upload_size, wanted, report).await?;
    }
    if !is(What::Publishing) && !is(What::Api) && !is(What::Kills) {
        return Ok(());
    }
    for engine in engines(options)? {
        if is(What::Kills) {
            kills::measure(&binary, &engine, options.kills, report).await?;
        }
        if !is(What::Publishing) && !is(What::Api) {
            continue;
        }
        let peer = peer::start().await?;
        let mut installation =
            Installation::prepare(&binary, &engine, &peer.url, options.tenants).await?;
        if is(What::Publishing) {
            publishing::measure(&installation, &peer, options.posts, report).await?;
        }
        if is(What::Api) {
            api::measure(&mut installation, report).await?;
        }
        installation.remove().await?;
    }
    Ok(())
}

fn engines(options: &Options) -> anyhow::Result<Vec<Engine>> {
    let is = |engine| options.engine.is_empty() || options.engine.contains(&engine);
    let mut engines = Vec::new();
    if is(EngineName::Sqlite) {
        engines.push(Engine::Sqlite);
    }
    if is(EngineName::Postgres) {
        let url = env::var("ALLIN_BENCH_POSTGRES_URL")
            .context("ALLIN_BENCH_POSTGRES_URL names no PostgreSQL; run `make bench`")?;
        engines.push(Engine::Postgres(url));
    }
    Ok(engines)
}
