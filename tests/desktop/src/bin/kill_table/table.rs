//! What came of the kills, as the table that goes into `docs/reliability.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;

use crate::issuer::Kind;
use crate::step::Step;

#[cfg(test)]
mod tests;

const BEGIN: &str = "<!-- kill-table -->\n";
const END: &str = "<!-- /kill-table -->\n";

/// What became of the session that was killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was renewed by the next start.
    Kept,
    /// It is over, and no client could have kept it.
    Impossible,
    /// It is over, and need not be.
    Lost,
}

/// What else a kill led to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// How often the server saw a spent token because of it.
    pub n_reused: u64,
    /// How often the person was told to sign in.
    pub n_notices: u64,
}

/// The kills of one row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    kept: u64,
    impossible: u64,
    lost: u64,
    notices: u64,
    reused: u64,
    missed: u64,
}

/// All rows.
#[derive(Debug, Default)]
pub struct Table {
    rows: BTreeMap<(Kind, Step), Tally>,
}

impl Tally {
    fn n_kills(self) -> u64 {
        self.kept + self.impossible + self.lost
    }

    fn plus(self, other: Self) -> Self {
        Self {
            kept: self.kept + other.kept,
            impossible: self.impossible + other.impossible,
            lost: self.lost + other.lost,
            notices: self.notices + other.notices,
            reused: self.reused + other.reused,
            missed: self.missed + other.missed,
        }
    }
}

impl Table {
    /// Notes a kill, and what else came of it.
    pub fn note(&mut self, kind: Kind, step: Step, verdict: Verdict, seen: Seen) {
        let tally = self.rows.entry((kind, step)).or_default();
        tally.reused += seen.n_reused;
        tally.notices += seen.n_notices;
        match verdict {
            Verdict::Kept => tally.kept += 1,
            Verdict::Impossible => tally.impossible += 1,
            Verdict::Lost => tally.lost += 1,
        }
    }

    /// Notes a kill that came too early or too late, and is repeated.
    pub fn note_missed(&mut self, kind: Kind, step: Step) {
        self.rows.entry((kind, step)).or_default().missed += 1;
    }

    /// How many kills hit their step.
    pub fn n_kills(&self) -> u64 {
        self.total().n_kills()
    }

    /// What must not be: sessions lost that could have been kept, spent tokens used where there is a grace, and sessions
    /// that are over or kept with any other number of notices than one or none.
    pub fn n_failures(&self) -> u64 {
        let needless = |((kind, _), tally): (&(Kind, Step), &Tally)| {
            let reused = if kind.forgives_nothing() { 0 } else { tally.reused };
            tally.lost + reused + tally.notices.abs_diff(tally.impossible + tally.lost)
        };
        self.rows.iter().map(needless).sum()
    }

    /// As Markdown: the sums of each server, then each step in what the reader may unfold. `origin` says where it comes
    /// from.
    pub fn markdown(&self, origin: &str) -> String {
        let figures = "Kills | Kept | Could not be kept | Lost | Told once | Reuse seen |";
        let mut text = format!("| Server | Refresh token | {figures}\n|---|---|--:|--:|--:|--:|--:|--:|\n");
        for kind in Kind::ALL {
            let of_kind = self.rows.iter().filter(|((of, _), _)| *of == kind);
            let sum = of_kind.fold(Tally::default(), |sum, (_, tally)| sum.plus(*tally));
            let (server, refresh) = kind.names();
            row(&mut text, &[server, refresh], sum);
        }
        let total = self.total();
        row(&mut text, &["**all**", ""], total);
        // Writing to a `String` does not fail.
        let _ = writeln!(text, "\n{origin}\n{} more kills missed their step and were repeated.\n", total.missed);
        let _ = writeln!(text, "<details>\n<summary>Step by step</summary>\n");
        let _ = writeln!(text, "| Server | Refresh token | Killed | {figures}\n|---|---|---|--:|--:|--:|--:|--:|--:|");
        for ((kind, step), tally) in &self.rows {
            let (server, refresh) = kind.names();
            row(&mut text, &[server, refresh, step.name()], *tally);
        }
        text.push_str("\n</details>\n");
        text
    }

    fn total(&self) -> Tally {
        self.rows.values().fold(Tally::default(), |sum, tally| sum.plus(*tally))
    }
}

fn row(text: &mut String, names: &[&str], tally: Tally) {
    let Tally { kept, impossible, lost, notices, reused, .. } = tally;
    let figures = format!("{} | {kept} | {impossible} | {lost} | {notices} | {reused}", tally.n_kills());
    // Writing to a `String` does not fail.
    let _ = writeln!(text, "| {} | {figures} |", names.join(" | "));
}

/// Puts the table into the page at `path`, in the place of the one before.
pub fn write_into(path: &Path, table: &str) -> anyhow::Result<()> {
    let page = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    std::fs::write(path, replaced(&page, table)?).with_context(|| format!("{} cannot be written", path.display()))
}

/// The page with the table between the marks.
fn replaced(page: &str, table: &str) -> anyhow::Result<String> {
    let (before, rest) = page.split_once(BEGIN).context("the page has no mark where the table begins")?;
    let (_, after) = rest.split_once(END).context("the page has no mark where the table ends")?;
    Ok(format!("{before}{BEGIN}{table}{END}{after}"))
}
