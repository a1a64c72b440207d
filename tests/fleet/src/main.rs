//! A fleet of desktops of one org over a working week, in virtual time: the program's own session machine, driven by its
//! inputs alone, beside simple rules of thumb. What is counted is what the org sees: token requests by the minute, and how
//! many of them are over its limit.
//!
//! `script/bench fleet` runs it. It prints Markdown, and brings the tables and the picture of the Wednesday in the folder
//! `docs` up to date if it is given that. It is the same every time.
#![allow(clippy::print_stdout, reason = "it prints what it found")]

mod chance;
mod draw;
mod record;
mod report;
mod scenario;
mod schedule;
mod server;
#[cfg(test)]
mod tests;
mod world;

use std::path::PathBuf;

use anyhow::Context as _;

use draw::Panel;
use report::Week;
use scenario::{Outage, Scenario};
use schedule::Schedule;
use world::live;

const DESKTOPS: u32 = 100_000;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let docs = arguments.next().map(PathBuf::from);
    let desktops = match arguments.next() {
        Some(desktops) => desktops.parse().context("how many desktops?")?,
        None => DESKTOPS,
    };
    let scenario = Scenario::new(desktops);
    let week = |name, scenario: Scenario, schedule| {
        eprintln!("{name} …");
        Week { name, record: live(&scenario, schedule) }
    };
    let ours = week("Gatepass", scenario, Schedule::Ours);
    let rules = [
        week("four fifths", scenario, Schedule::FourFifths),
        week("five minutes before", scenario, Schedule::FiveMinutesBefore),
        week("at once", scenario, Schedule::AtOnce),
    ];
    let weeks = [&ours, &rules[0], &rules[1], &rules[2]];
    let table = report::table(&weeks);
    println!("{table}");
    let harder = [
        week("two in three lids", Scenario { lids_closed: 67, ..scenario }, Schedule::Ours),
        week("a lower limit", Scenario { limit_percent: 219, ..scenario }, Schedule::Ours),
        week("no connection", Scenario { outage: Outage::NoConnection, ..scenario }, Schedule::Ours),
    ];
    let harder_table = report::table(&harder.each_ref());
    println!("{harder_table}");
    let others = [
        week("a second week", Scenario { seed: 2, ..scenario }, Schedule::Ours),
        week("a third", Scenario { seed: 3, ..scenario }, Schedule::Ours),
        week("the first, rotating", Scenario { rotates: true, ..scenario }, Schedule::Ours),
        week("the second, rotating", Scenario { seed: 2, rotates: true, ..scenario }, Schedule::Ours),
    ];
    let others_table = report::table(&others.each_ref());
    println!("{others_table}");
    for week in std::iter::once(&ours).chain(&others) {
        for missed in report::missed(&week.record) {
            eprintln!("Aim missed in {}: {missed}", week.name);
        }
    }
    if let Some(docs) = docs {
        report::put(&docs.join("reliability.md"), "fleet", &table)?;
        report::put(&docs.join("reliability.md"), "fleet-others", &others_table)?;
        report::put(&docs.join("reliability.md"), "fleet-harder", &harder_table)?;
        let names = [
            "Gatepass",
            "At four fifths of a token's life; again after 1, 2, 4 … 300 seconds",
            "Five minutes before a token ends; again every minute",
            "At four fifths of a token's life; again after five seconds",
        ];
        let panels: Vec<_> = weeks.iter().zip(names).map(|(week, name)| Panel { name, record: &week.record }).collect();
        let title = format!("A Wednesday of {desktops} desktops: token requests a second");
        let svg = draw::svg(&title, &panels);
        std::fs::write(docs.join("images/fleet.svg"), &svg)?;
        draw::write_png(&svg, &docs.join("images/fleet.png"))?;
    }
    Ok(())
}
