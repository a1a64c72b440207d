//! Which program holds a port, where the system tells: on Linux, for programs of the same user.
//!
//! `/proc/net/tcp` names the socket by its inode, `/proc/<pid>/fd` links to it. Elsewhere nobody is named: macOS and
//! Windows tell it through calls that safe Rust does not have.

use std::net::SocketAddr;

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

    let inode = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .find_map(|table| proc_net::listener_inode(&table, address))?;
    let link = format!("socket:[{inode}]");
    let holds_it = |process: &Path| {
        // Another user's files cannot be listed; their program stays unnamed.
        let Ok(files) = fs::read_dir(process.join("fd")) else { return false };
        files.flatten().any(|file| fs::read_link(file.path()).is_ok_and(|target| target == Path::new(&link)))
    };
    let process = fs::read_dir("/proc").ok()?.flatten().map(|entry| entry.path()).find(|process| holds_it(process))?;
    proc_net::program_name(&fs::read(process.join("comm")).ok()?)
}

#[cfg(not(target_os = "linux"))]
fn find(_address: SocketAddr) -> Option<String> {
    None
}

/// The formats of proc(5), apart from the files they stand in.
#[cfg(any(target_os = "linux", test))]
mod proc_net {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

    /// `TCP_LISTEN` of the kernel's `tcp_states.h`, as the table prints it.
    const LISTENING: &str = "0A";

    /// The inode of the socket in `table` (`/proc/net/tcp` or `tcp6`) that keeps `wanted` from being listened on.
    pub(super) fn listener_inode(table: &str, wanted: SocketAddr) -> Option<u64> {
        table.lines().filter_map(listener).find(|(local, _)| shuts_out(*local, wanted)).map(|(_, inode)| inode)
    }

    /// What a person calls the program whose `/proc/<pid>/comm` is `comm`. A process may write into it what it likes.
    pub(super) fn program_name(comm: &[u8]) -> Option<String> {
        let name: String = String::from_utf8_lossy(comm).chars().filter(|c| !c.is_control()).collect();
        let name = name.trim();
        if name.is_empty() { None } else { Some(name.to_owned()) }
    }

    /// Address and inode, if `line` is of a listening socket.
    fn listener(line: &str) -> Option<(SocketAddr, u64)> {
        let mut fields = line.split_ascii_whitespace();
        let local = socket_address(fields.nth(1)?)?;
        let state = fields.nth(1)?;
        let inode = fields.nth(5)?.parse().ok()?;
        if state == LISTENING { Some((local, inode)) } else { None }
    }

    /// `0100007F:1F90`: the address in 32-bit words as they lie in memory, the port in reading order.
    fn socket_address(text: &str) -> Option<SocketAddr> {
        let (address, port) = text.split_once(':')?;
        let port = u16::from_str_radix(port, 16).ok()?;
        let word = |n: usize| {
            let digits = address.get(8 * n..8 * n + 8)?;
            Some(u32::from_str_radix(digits, 16).ok()?.to_ne_bytes())
        };
        let address = match address.len() {
            8 => IpAddr::V4(Ipv4Addr::from(word(0)?)),
            32 => {
                let words = [word(0)?, word(1)?, word(2)?, word(3)?];
                let mut bytes = [0; 16];
                bytes.copy_from_slice(words.as_flattened());
                IpAddr::V6(Ipv6Addr::from(bytes))
            }
            _ => return None,
        };
        Some(SocketAddr::new(address, port))
    }

    /// Whether a listener on `local` keeps others from `wanted`: it has the same address, or all of them. `::` stands
    /// for every IPv4 address too, unless its owner said otherwise, which the table does not show.
    fn shuts_out(local: SocketAddr, wanted: SocketAddr) -> bool {
        let all = match local.ip() {
            IpAddr::V4(address) => address.is_unspecified() && wanted.is_ipv4(),
            IpAddr::V6(address) => address.is_unspecified(),
        };
        local.port() == wanted.port() && (all || local.ip().to_canonical() == wanted.ip())
    }
}
