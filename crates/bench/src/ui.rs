//! What a browser loads before a page can be used, as `web/scripts/size.mjs` adds it up, and what
//! Lighthouse says of the pages, each loaded with an empty cache (`lighthouse/run.mjs`).

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::Context as _;
use serde::Deserialize;
use tokio::process::Command;

use crate::{
    client::{Client, OWNER_PASSWORD, owner_email},
    installation::folder,
    report::{Report, progress},
    server::Server,
};

/// Design, §9, in kilobytes.
const SIZE: f64 = 150.0;
/// Design, §9, of 100.
const SCORE: u32 = 95;

pub(crate) async fn measure(binary: &Path, report: &mut Report) -> anyhow::Result<()> {
    report.group("Web UI");
    size(report).await?;
    lighthouse(binary, report).await
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

async fn size(report: &mut Report) -> anyhow::Result<()> {
    let output = Command::new("node")
        .arg("web/scripts/size.mjs")
        .current_dir(root())
        .output()
        .await
        .context("node can't be started")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let pages: Vec<(f64, &str)> = text.lines().filter_map(page).collect();
    anyhow::ensure!(
        !pages.is_empty(),
        "the UI is not built: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let largest = pages.iter().max_by(|a, b| a.0.total_cmp(&b.0));
    let smallest = pages.iter().min_by(|a, b| a.0.total_cmp(&b.0));
    for (name, page) in [("largest", largest), ("smallest", smallest)] {
        let Some((size, page)) = page else { continue };
        report.judge(
            format!(
                "JavaScript of the first load, gzip, {name} of {} pages: {page}",
                pages.len()
            ),
            format!("{size:.1} kB"),
            "150 kB",
            *size <= SIZE,
        );
    }
    Ok(())
}

/// A line such as `ok  123.4 kB  posts/PostsPage`.
fn page(line: &str) -> Option<(f64, &str)> {
    let (size, page) = line.split_once(" kB  ")?;
    let size = size.split_whitespace().next_back()?.parse().ok()?;
    (!line.starts_with("budget")).then_some((size, page))
}

/// What Lighthouse says of a page, from 0 to 100.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Judgement {
    page: String,
    device: String,
    performance: u32,
    accessibility: u32,
    best_practices: u32,
}

/// A category, and its score in a judgement.
type Category = (&'static str, fn(&Judgement) -> u32);

async fn lighthouse(binary: &Path, report: &mut Report) -> anyhow::Result<()> {
    progress("Lighthouse: judging the pages");
    let data = folder()?;
    let server = Server::start(binary, data.path(), "", None).await?;
    Client::new(&server.url)?.register(0).await?;
    let output = Command::new("node")
        .args(["run.mjs", &server.url, &owner_email(0), OWNER_PASSWORD])
        .current_dir(root().join("crates/bench/lighthouse"))
        .stderr(Stdio::inherit())
        .output()
        .await
        .context("node can't be started")?;
    server.stop().await?;
    anyhow::ensure!(output.status.success(), "Lighthouse failed");
    let judgements: Vec<Judgement> = String::from_utf8(output.stdout)?
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let categories: [Category; 3] = [
        ("performance", |one| one.performance),
        ("accessibility", |one| one.accessibility),
        ("best practices", |one| one.best_practices),
    ];
    for device in ["phone", "desktop"] {
        for (name, score) in categories {
            let of_device = judgements.iter().filter(|one| one.device == device);
            let worst = of_device.min_by_key(|one| score(one));
            let worst = worst.context("Lighthouse judged no page")?;
            report.judge(
                format!(
                    "Lighthouse, {device}, {name}, lowest of {} pages: {}",
                    judgements.len() / 2,
                    worst.page
                ),
                score(worst).to_string(),
                SCORE.to_string(),
                score(worst) >= SCORE,
            );
        }
    }
    Ok(())
}
