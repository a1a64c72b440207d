//! How much of a processor a program uses while nobody does anything.

use std::time::{Duration, Instant};

use anyhow::Context;

use crate::memory::tree;

/// For how long it is looked at.
const LOOK: Duration = Duration::from_secs(20);

/// The processor time of `root` and all that it started over a minute, reckoned from a third of one.
pub async fn a_minute(root: u32) -> anyhow::Result<Duration> {
    let (before, began) = (used(root)?, Instant::now());
    tokio::time::sleep(LOOK).await;
    let used = used(root)?.saturating_sub(before);
    Ok(used.mul_f64(60.0 / began.elapsed().as_secs_f64()))
}

fn used(root: u32) -> anyhow::Result<Duration> {
    let mut ticks = 0;
    for pid in tree(root)? {
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        // The name, in parentheses, may contain anything. After it, utime and stime are the 12th and 13th (proc(5)).
        let fields = stat.rsplit_once(')').context("no name")?.1.split_whitespace().skip(11).take(2);
        ticks += fields.map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    }
    Ok(Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second()))
}
