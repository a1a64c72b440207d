//! What was measured, its medians, and how they stand to what we aim at.

use std::fmt::Write as _;
use std::time::Duration;

/// Measurements of one thing, in milliseconds or megabytes.
#[derive(Default)]
pub struct Figures(Vec<f64>);

/// A unit to print.
#[derive(Clone, Copy)]
pub enum Unit {
    /// Milliseconds.
    Ms,
    /// Megabytes, of a million bytes.
    Mb,
}

/// The report as it grows.
#[derive(Default)]
pub struct Report(String);

impl Figures {
    /// One more measurement.
    pub fn note(&mut self, value: f64) {
        self.0.push(value);
    }

    /// One more time.
    pub fn time(&mut self, took: Duration) {
        self.note(took.as_secs_f64() * 1e3);
    }

    /// How often it was measured.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The one in the middle.
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        match sorted.len() {
            0 => f64::NAN,
            n if n % 2 == 1 => sorted[middle],
            _ => (sorted[middle - 1] + sorted[middle]) / 2.0,
        }
    }

    /// The slowest of every `n` in a row.
    pub fn slowest_of(&self, n: usize) -> Self {
        Self(self.0.chunks(n).map(|some| some.iter().copied().fold(f64::MIN, f64::max)).collect())
    }

    /// The two added, round by round.
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a + b).collect())
    }

    /// The other taken away, round by round.
    pub fn less(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a - b).collect())
    }
}

impl Report {
    /// A table of ours beside another's.
    pub fn heading(&mut self, beside: &str) {
        let _ = write!(self.0, "\n| | Gatepass | {beside} | Ratio | Aim | |\n|---|--:|--:|--:|--:|---|\n");
    }

    /// Ours beside another's, and what the ratio is meant to be at most.
    pub fn beside(&mut self, what: &str, unit: Unit, ours: &Figures, other: &Figures, aim: Option<f64>) {
        let (ours, other) = (ours.median(), other.median());
        // As printed, so that nobody reads «1.15» beside «missed».
        let ratio = (ours / other * 100.0).round() / 100.0;
        // Beside nothing there is none.
        let shown = if ratio.is_finite() { format!("{ratio:.2}") } else { "–".to_owned() };
        let _ = write!(self.0, "| {what} | {} | {} | {shown} | ", in_unit(ours, unit), in_unit(other, unit));
        self.aim(aim.map(|aim| (ratio <= aim, format!("≤ {aim:.2}"))));
    }

    /// A table of ours alone.
    pub fn heading_alone(&mut self) {
        self.0 += "\n| | Gatepass | Aim | |\n|---|--:|--:|---|\n";
    }

    /// Ours, and what it is meant to be at most.
    pub fn alone(&mut self, what: &str, unit: Unit, ours: &Figures, aim: Option<f64>) {
        let ours = ours.median();
        let _ = write!(self.0, "| {what} | {} | ", in_unit(ours, unit));
        self.aim(aim.map(|aim| (ours < aim, format!("< {}", in_unit(aim, unit)))));
    }

    /// The whole of it, as Markdown.
    pub fn markdown(&self) -> &str {
        &self.0
    }

    fn aim(&mut self, aim: Option<(bool, String)>) {
        let _ = match aim {
            Some((is_met, aim)) => writeln!(self.0, "{aim} | {} |", if is_met { "met" } else { "missed" }),
            None => writeln!(self.0, "| |"),
        };
    }
}

fn in_unit(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Ms if value < 10.0 => format!("{value:.1} ms"),
        Unit::Ms => format!("{value:.0} ms"),
        Unit::Mb => format!("{value:.1} MB"),
    }
}

#[cfg(test)]
mod tests;
