//! What was found, as Markdown for `docs/reliability.md`.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;

use crate::record::Record;
use crate::scenario::MINUTE;

/// What is aimed at.
const MOST_OF_MEAN: f64 = 1.3;
const MOST_REFUSED: f64 = 0.05;
const SOONEST_AFTER_WAKE: i64 = 5000;
const SLOWEST_RECOVERY: f64 = 1.5;

/// A week and how it is called in a table.
pub struct Week {
    pub name: &'static str,
    pub record: Record,
}

/// One row of a table: what is measured, the aim, and the figure of a week.
struct Row(&'static str, String, fn(&Record) -> String);

/// A table with a column for each week.
pub fn table(weeks: &[&Week]) -> String {
    let rows = [
        Row("requests a second in quiet hours, mean", String::new(), |record| {
            format!("{:.1}", record.quiet().0 / 60.0)
        }),
        Row("the busiest quiet minute, of that mean", format!("≤ {MOST_OF_MEAN}"), |record| {
            format!("{:.2}", f64::from(record.quiet().1) / record.quiet().0)
        }),
        Row("the busiest minute of all, requests a second", String::new(), |record| {
            format!("{:.0}", f64::from(record.peak()) / 60.0)
        }),
        Row("refused over the week", String::new(), |record| percent(record.refused())),
        Row("refused in the worst ten minutes", format!("≤ {}", percent(MOST_REFUSED)), |record| {
            percent(record.refused_at_worst())
        }),
        Row("sessions lost", "0".into(), |record| (record.n_lost + record.n_waiting_at_the_end).to_string()),
        Row(
            "renewal begins after a lid opens on an ended token, at the latest",
            format!("≤ {} s", SOONEST_AFTER_WAKE / 1000),
            |record| format!("{:.1} s", record.longest_after_wake() as f64 / 1000.0),
        ),
        Row("sessions whose renewal failed in the outage", String::new(), |record| record.recovery().0.to_string()),
        Row("all of them renewed, after its end", String::new(), |record| {
            format!("{:.0} min", minutes(record.recovery().1))
        }),
        Row("least time that the limit allows for it", String::new(), |record| {
            format!("{:.0} min", minutes(record.least_recovery()))
        }),
        Row("the one, of the other", format!("≤ {SLOWEST_RECOVERY}"), |record| {
            format!("{:.2}", recovery_ratio(record))
        }),
        Row("without a good token, a person and week", String::new(), |record| {
            format!("{:.1} min", record.seconds_without_token() / 60.0)
        }),
    ];
    let mut out = String::from("| |");
    for week in weeks {
        let _ = write!(out, " {} |", week.name);
    }
    out.push_str(" aim |\n|---|");
    out.push_str(&"---:|".repeat(weeks.len() + 1));
    out.push('\n');
    for Row(what, aim, figure) in rows {
        let _ = write!(out, "| {what} |");
        for week in weeks {
            let _ = write!(out, " {} |", figure(&week.record));
        }
        let _ = writeln!(out, " {aim} |");
    }
    out
}

/// Puts `text` into a document, between the two comments that bear this name.
pub fn put(document: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
    let old = std::fs::read_to_string(document)?;
    let (before, rest) = old.split_once(&begin).with_context(|| format!("no {begin}"))?;
    let (_, after) = rest.split_once(&end).with_context(|| format!("no {end}"))?;
    std::fs::write(document, format!("{before}{begin}{text}{end}{after}"))?;
    Ok(())
}

/// The aims that a week misses, in words.
pub fn missed(record: &Record) -> Vec<&'static str> {
    let aims = [
        (f64::from(record.quiet().1) <= MOST_OF_MEAN * record.quiet().0, "quiet hours are not quiet"),
        (record.refused_at_worst() <= MOST_REFUSED, "too many requests are refused"),
        (record.n_lost + record.n_waiting_at_the_end == 0, "sessions are lost"),
        (record.longest_after_wake() <= SOONEST_AFTER_WAKE, "renewal comes late after a wake"),
        (recovery_ratio(record) <= SLOWEST_RECOVERY, "recovery from the outage takes too long"),
    ];
    aims.into_iter().filter(|(is_met, _)| !is_met).map(|(_, what)| what).collect()
}

fn recovery_ratio(record: &Record) -> f64 {
    record.recovery().1 as f64 / record.least_recovery() as f64
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn minutes(millis: i64) -> f64 {
    millis as f64 / MINUTE as f64
}
