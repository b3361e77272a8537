//! The table at the end.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    time::Duration,
};

/// The figures, in groups.
#[derive(Debug, Default)]
pub(crate) struct Report {
    groups: Vec<(String, Vec<Row>)>,
}

#[derive(Debug)]
struct Row {
    what: String,
    figure: String,
    budget: Option<(String, bool)>,
}

impl Report {
    /// Begins a group of figures.
    pub(crate) fn group(&mut self, title: impl Into<String>) {
        self.groups.push((title.into(), Vec::new()));
    }

    /// A figure that has no budget.
    pub(crate) fn note(&mut self, what: impl Into<String>, figure: impl Into<String>) {
        self.add(what.into(), figure.into(), None);
    }

    /// A figure, its budget, and whether it is met.
    pub(crate) fn judge(
        &mut self,
        what: impl Into<String>,
        figure: impl Into<String>,
        budget: impl Into<String>,
        met: bool,
    ) {
        self.add(what.into(), figure.into(), Some((budget.into(), met)));
    }

    fn add(&mut self, what: String, figure: String, budget: Option<(String, bool)>) {
        progress(&format!("{what}: {figure}"));
        if let Some((_, rows)) = self.groups.last_mut() {
            rows.push(Row {
                what,
                figure,
                budget,
            });
        }
    }

    /// Writes the table to standard output.
    pub(crate) fn print(&self) {
        let rows = || self.groups.iter().flat_map(|(_, rows)| rows);
        let width = |of: fn(&Row) -> &str| rows().map(|row| of(row).chars().count()).max();
        let what_width = width(|row| &row.what).unwrap_or(0);
        let figure_width = width(|row| &row.figure).unwrap_or(0);
        let mut text = String::new();
        for (title, rows) in &self.groups {
            let _ = writeln!(text, "\n{title}");
            for Row {
                what,
                figure,
                budget,
            } in rows
            {
                let verdict = match budget {
                    Some((budget, true)) => format!("{budget:<12}  met"),
                    Some((budget, false)) => format!("{budget:<12}  NOT MET"),
                    None => String::new(),
                };
                let line = format!("  {what:<what_width$}  {figure:>figure_width$}  {verdict}");
                let _ = writeln!(text, "{}", line.trim_end());
            }
        }
        let _ = io::stdout().write_all(text.as_bytes());
    }
}

/// Says how it goes, beside the table.
pub(crate) fn progress(text: &str) {
    let _ = writeln!(io::stderr(), "    {text}");
}

/// `12.3 ms`.
pub(crate) fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// `p50 1.2  p95 3.4  p99 5.6 ms`.
pub(crate) fn quantiles(times: &crate::stats::Times, of: &[u32]) -> String {
    let figures: Vec<String> = of
        .iter()
        .map(|percent| {
            format!(
                "p{percent} {:.1}",
                times.at(*percent).as_secs_f64() * 1000.0
            )
        })
        .collect();
    format!("{} ms", figures.join("  "))
}
