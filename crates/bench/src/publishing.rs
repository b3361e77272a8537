//! Publishing: due posts per second, and how late they are.

use std::{collections::HashSet, time::Duration};

use anyhow::ensure;
use kernel::{Env, Timestamp};

use crate::{
    client::{Client, When},
    cpu::Cpu,
    installation::Installation,
    peer::{Arrival, Peer},
    report::{Report, progress, quantiles},
    stats::Times,
};

/// Design, §9, of an embedded installation.
const POSTS_PER_SECOND: f64 = 7_000.0;
/// Design, §9: the 99th percentile of [`IN_ONE_SECOND`] posts.
const LATENESS: Duration = Duration::from_millis(100);
const IN_ONE_SECOND: u32 = 1_000;
/// How long before they are due the posts are written: writing them must have ended by then.
const AHEAD: Duration = Duration::from_secs(30);
/// A repetition that should not be would follow soon.
const AFTERMATH: Duration = Duration::from_secs(2);
const PUBLISHED: &str = "allin_publish_attempts_total{outcome=\"published\"}";

pub(crate) async fn measure(
    installation: &Installation,
    peer: &Peer,
    posts: u32,
    report: &mut Report,
) -> anyhow::Result<()> {
    report.group(format!("Publishing on {}", installation.engine));
    throughput(installation, peer, posts, report).await?;
    let spread = |number: u32| {
        Duration::from_micros(u64::from(number) * 1_000_000 / u64::from(IN_ONE_SECOND))
    };
    lateness(installation, peer, "over one second", spread, report).await?;
    lateness(
        installation,
        peer,
        "at one instant",
        |_| Duration::ZERO,
        report,
    )
    .await
}

/// Posts that are all due when the worker starts.
async fn throughput(
    installation: &Installation,
    peer: &Peer,
    posts: u32,
    report: &mut Report,
) -> anyhow::Result<()> {
    let tenants = installation.tenants.len();
    progress(&format!("{}: writing {posts} posts", installation.engine));
    // Without a worker, they wait.
    let server = installation.start(Some("api")).await?;
    let texts: Vec<String> = (0..posts)
        .map(|number| format!("Due post {number}"))
        .collect();
    let due = texts.iter().map(|text| (text.clone(), When::Now));
    installation.write(&Client::new(&server.url)?, due).await?;
    server.stop().await?;

    let mut worker = installation.start(Some("worker")).await?;
    let before = Cpu::read(worker.pid)?;
    let arrivals = peer.receive(posts as usize, &mut worker).await?;
    // The end of the last ones is written after they arrived.
    while worker.counter(PUBLISHED).await? < f64::from(posts) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let cpu = Cpu::read(worker.pid)?.each_since(before, posts);
    once_each(peer, arrivals.as_slice(), texts).await?;
    worker.stop().await?;

    let times = arrivals.iter().map(|arrival| arrival.at);
    let took = times
        .clone()
        .max()
        .zip(times.min())
        .map(|(last, first)| last.since(first));
    let rate = f64::from(posts) / took.unwrap_or_default().as_secs_f64();
    let what = format!("{posts} due posts of {tenants} organisations, each once");
    let figure = format!("{rate:.0} posts/s");
    if installation.is_embedded() {
        report.judge(what, figure, "7,000/s", rate >= POSTS_PER_SECOND);
    } else {
        report.note(what, figure);
    }
    report.note("processor time of each", cpu);
    Ok(())
}

/// Posts that fall due while the whole server runs, `offset` after the same instant.
async fn lateness(
    installation: &Installation,
    peer: &Peer,
    name: &str,
    offset: impl Fn(u32) -> Duration,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut server = installation.start(None).await?;
    let start = Env::system().now() + AHEAD;
    let due: Vec<(String, Timestamp)> = (0..IN_ONE_SECOND)
        .map(|number| {
            (
                format!("Timed post {number} {name}"),
                start + offset(number),
            )
        })
        .collect();
    let posts = due.iter().map(|(text, at)| (text.clone(), When::At(*at)));
    installation
        .write(&Client::new(&server.url)?, posts)
        .await?;
    let arrivals = peer.receive(IN_ONE_SECOND as usize, &mut server).await?;
    once_each(
        peer,
        arrivals.as_slice(),
        due.iter().map(|(text, _)| text.clone()),
    )
    .await?;
    server.stop().await?;

    let due: std::collections::HashMap<String, Timestamp> = due.into_iter().collect();
    let mut late = Vec::with_capacity(arrivals.len());
    for Arrival { text, at } in &arrivals {
        ensure!(*at >= due[text], "{text} came before it was due");
        late.push(at.since(due[text]));
    }
    let late = Times::new(late)?;
    report.judge(
        format!("lateness, {IN_ONE_SECOND} posts due {name}"),
        quantiles(&late, &[50, 99]),
        "p99 100 ms",
        late.at(99) <= LATENESS,
    );
    Ok(())
}

/// Fails unless each of the texts arrived, and once.
async fn once_each(
    peer: &Peer,
    arrivals: &[Arrival],
    texts: impl IntoIterator<Item = String>,
) -> anyhow::Result<()> {
    tokio::time::sleep(AFTERMATH).await;
    let late = peer.take();
    let mut missing: HashSet<String> = texts.into_iter().collect();
    let expected = missing.len();
    for arrival in arrivals.iter().chain(&late) {
        ensure!(
            missing.remove(&arrival.text),
            "{} arrived more than once",
            arrival.text
        );
    }
    ensure!(
        missing.is_empty(),
        "{} of {expected} posts did not arrive",
        missing.len()
    );
    Ok(())
}
