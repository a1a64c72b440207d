//! How much memory a program holds: its own process and all that it started, each page that several share counted in
//! parts (PSS).

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use gatepass_desktop_tests::eventually;

/// Between two looks at a program that comes to rest.
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);
/// A program that changed by less than a hundredth over this many looks is at rest.
const N_ALIKE: usize = 8;
/// Some never rest: after so many looks the last one counts.
const MAX_LOOKS: usize = 40;

/// The process `root` and all its descendants.
pub fn tree(root: u32) -> anyhow::Result<Vec<u32>> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc")? {
        let Ok(pid) = entry?.file_name().to_string_lossy().parse::<u32>() else { continue };
        // One that ended meanwhile has no parent.
        if let Some(parent) = parent(pid) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = vec![root];
    let mut next = 0;
    while let Some(pid) = found.get(next) {
        found.extend(children.remove(pid).unwrap_or_default());
        next += 1;
    }
    Ok(found)
}

/// What each program holds, named by its first process, once all of them have come to rest; in MB.
pub async fn at_rest(roots: &[u32]) -> anyhow::Result<Vec<f64>> {
    let mut sums: Vec<f64> = Vec::new();
    loop {
        let now = roots.iter().map(|&root| held(root)).collect::<anyhow::Result<Vec<_>>>()?;
        let sum: f64 = now.iter().sum();
        sums.push(sum);
        let mut lately = sums.iter().rev().take(N_ALIKE);
        let is_at_rest = sums.len() >= N_ALIKE && lately.all(|before| (before / sum - 1.0).abs() < 0.01);
        if is_at_rest || sums.len() >= MAX_LOOKS {
            return Ok(now);
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

/// Waits until none of these processes is left.
pub async fn gone(pids: &[u32]) -> anyhow::Result<()> {
    eventually("processes to end", || async {
        let left: Vec<_> = pids.iter().filter(|pid| Path::new(&format!("/proc/{pid}/exe")).exists()).collect();
        anyhow::ensure!(left.is_empty(), "{left:?} still run");
        Ok(())
    })
    .await
}

fn held(root: u32) -> anyhow::Result<f64> {
    let mut kilobytes = 0.0;
    for pid in tree(root)? {
        let Ok(rollup) = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")) else { continue };
        let line = rollup.lines().find(|line| line.starts_with("Pss:")).context("the kernel tells no PSS")?;
        let number = line.split_whitespace().nth(1).context("the kernel tells no PSS")?;
        kilobytes += number.parse::<f64>()?;
    }
    anyhow::ensure!(kilobytes > 0.0, "the program is not running, or its memory must not be read");
    Ok(kilobytes * 1024.0 / 1e6)
}

fn parent(pid: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in parentheses, may contain anything.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests;
