//! Which program holds a port, where the system tells: on Linux, for programs of the same user.
//!
//! [`proc_net`] names the socket by its inode, `/proc/<pid>/fd` links to it. Elsewhere nobody is named: macOS and
//! Windows tell it through calls that safe Rust does not have.

use std::net::SocketAddr;

#[cfg(target_os = "linux")]
use super::proc_net;

#[cfg(test)]
mod tests;

/// The name of the program that listens where `address` cannot be bound any more.
pub(super) async fn holder_of(address: SocketAddr) -> Option<String> {
    // A walk over every open file of every process: milliseconds, but not for a thread that runs the others.
    tokio::task::spawn_blocking(move || find(address)).await.ok().flatten()
}

#[cfg(target_os = "linux")]
fn find(address: SocketAddr) -> Option<String> {
    use std::fs;
    use std::path::Path;

    let inode = proc_net::tables().find_map(|table| proc_net::listener_inode(&table, address))?;
    let link = format!("socket:[{inode}]");
    let holds_it = |process: &Path| {
        // Another user's files cannot be listed; their program stays unnamed.
        let Ok(files) = fs::read_dir(process.join("fd")) else { return false };
        files.flatten().any(|file| fs::read_link(file.path()).is_ok_and(|target| target == Path::new(&link)))
    };
    let process = fs::read_dir("/proc").ok()?.flatten().map(|entry| entry.path()).find(|process| holds_it(process))?;
    program_name(&fs::read(process.join("comm")).ok()?)
}

#[cfg(not(target_os = "linux"))]
fn find(_address: SocketAddr) -> Option<String> {
    None
}

/// What a person calls the program whose `/proc/<pid>/comm` is `comm`. A process may write into it what it likes.
#[cfg(any(target_os = "linux", test))]
fn program_name(comm: &[u8]) -> Option<String> {
    let name: String = String::from_utf8_lossy(comm).chars().filter(|c| !c.is_control()).collect();
    let name = name.trim();
    if name.is_empty() { None } else { Some(name.to_owned()) }
}
