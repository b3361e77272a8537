//! What a browser loads before a page can be used, as `web/scripts/size.mjs` adds it up.

use std::path::Path;

use anyhow::Context as _;
use tokio::process::Command;

use crate::report::Report;

/// Design, §9, in kilobytes.
const BUDGET: f64 = 150.0;

pub(crate) async fn measure(report: &mut Report) -> anyhow::Result<()> {
    report.group("Web UI");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new("node")
        .arg("web/scripts/size.mjs")
        .current_dir(root)
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
            *size <= BUDGET,
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
