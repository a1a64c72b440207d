//! fleet
#![allow(clippy::print_stdout, reason = "it prints what it found")]
mod chance;
mod record;
mod scenario;
mod schedule;
mod server;
mod world;

use scenario::{MINUTE, Scenario};
use schedule::Schedule;

fn main() {
    let n = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let which: Vec<String> = std::env::args().skip(2).collect();
    let scenario = Scenario::new(n);
    for (name, schedule) in [("ours", Schedule::Ours), ("80", Schedule::FourFifths), ("5min", Schedule::FiveMinutesBefore), ("once", Schedule::AtOnce)] {
        if !which.is_empty() && !which.iter().any(|w| w == name) { continue; }
        for lids in [50] {
            show(name, &Scenario { lids_closed: lids, ..scenario }, schedule);
        }
        if name == "ours" {
            show("ours 67", &Scenario { lids_closed: 67, ..scenario }, schedule);
            show("ours noconn", &Scenario { outage: scenario::Outage::NoConnection, ..scenario }, schedule);
        }
    }
}
fn show(name: &str, scenario: &Scenario, schedule: Schedule) {
    let r = world::live(scenario, schedule);
    let (mean, max) = r.quiet();
    let (b, t) = r.recovery();
    let least = r.least_recovery();
    println!("{name}: mean {:.1} peak {:.2}x limit {:.2}x; refused {:.2}% worst10 {:.1}%; lost {}; waiting {b} left {} recovered {:.1} min least {:.1} ({:.2}x) B/C {:.1}; peak {}; without {:.0}s wake {}ms",
        mean/60.0, f64::from(max)/mean, f64::from(r.limit)/mean, r.refused()*100.0, r.refused_at_worst()*100.0, r.n_lost, r.n_waiting_at_the_end,
        t as f64/MINUTE as f64, least as f64/MINUTE as f64, t as f64/least as f64, b as f64 / r.limit as f64, r.peak()/60, r.seconds_without_token(), r.longest_after_wake());
    println!("   worst10 by day: {:?}", (0..5).map(|d| (r.refused_at_worst_during(|at| at / scenario::DAY == d && at % scenario::DAY < 12*scenario::HOUR) * 1000.0).round() / 10.0).zip((0..5).map(|d| (r.refused_at_worst_during(|at| at / scenario::DAY == d && at % scenario::DAY >= 12*scenario::HOUR) * 1000.0).round() / 10.0)).collect::<Vec<_>>());
    println!("   peaks by day, per half hour from 9: {:?}", (0..5).map(|d| (18..35).map(|h| (h*30..h*30+30).map(|m| r.minutes[(d*1440+m) as usize].all()).max().unwrap() as f64 / mean).map(|x| (x*100.0).round()/100.0).collect::<Vec<_>>()).collect::<Vec<_>>());
    if std::env::args().any(|a| a == "-v") {
        for (a, b, step) in [(2*24*60+8*60+30, 2*24*60+14*60, 5), (2*24*60+10*60+58, 2*24*60+11*60+40,1), (3*24*60+12*60+55, 3*24*60+13*60+25, 1)] {
            for m in (a..b).step_by(step) { let x = r.minutes[m]; print!("{:02}:{:02} {}/{}/{} ", m/60%24, m%60, x.granted/60, x.refused/60, x.failed/60); }
            println!();
        }
    }
}
