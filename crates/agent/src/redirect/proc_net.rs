//! The kernel's tables of TCP sockets (`/proc/net/tcp` and `tcp6`, proc(5)): who listens, and who is connected to whom.
//! Parsing stands apart from reading, so that it can be tried with any text.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

#[cfg(test)]
mod tests;

/// `TCP_LISTEN` of the kernel's `tcp_states.h`, as the table prints it.
const LISTENING: &str = "0A";

/// A line of a table.
struct Socket<'a> {
    local: SocketAddr,
    remote: SocketAddr,
    state: &'a str,
    user: u32,
    inode: u64,
}

/// Both tables as they are now, of the network that this process is in; none where the system does not show them.
#[cfg(target_os = "linux")]
pub(super) fn tables() -> impl Iterator<Item = String> {
    ["/proc/net/tcp", "/proc/net/tcp6"].into_iter().filter_map(|table| std::fs::read_to_string(table).ok())
}

/// The inode of the socket in `table` that keeps `wanted` from being listened on.
pub(super) fn listener_inode(table: &str, wanted: SocketAddr) -> Option<u64> {
    let mut listeners = table.lines().filter_map(socket).filter(|socket| socket.state == LISTENING);
    listeners.find(|socket| shuts_out(socket.local, wanted)).map(|socket| socket.inode)
}

/// The user whose socket in `table` is the end `local` of the connection to `remote`.
pub(super) fn user_at(table: &str, local: SocketAddr, remote: SocketAddr) -> Option<u32> {
    let mut connected = table.lines().filter_map(socket).filter(|socket| socket.state != LISTENING);
    connected.find(|socket| is_same(socket.local, local) && is_same(socket.remote, remote)).map(|socket| socket.user)
}

fn socket(line: &str) -> Option<Socket<'_>> {
    let mut fields = line.split_ascii_whitespace();
    let local = socket_address(fields.nth(1)?)?;
    let remote = socket_address(fields.next()?)?;
    let state = fields.next()?;
    let user = fields.nth(3)?.parse().ok()?;
    let inode = fields.nth(1)?.parse().ok()?;
    Some(Socket { local, remote, state, user, inode })
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
    local.port() == wanted.port() && (all || is_same(local, wanted))
}

/// Whether both are one address. A program that speaks IPv6 alone reaches 127.0.0.1 as `::ffff:127.0.0.1`, and stands in
/// the other table for it.
pub(super) fn is_same(one: SocketAddr, other: SocketAddr) -> bool {
    one.port() == other.port() && one.ip().to_canonical() == other.ip().to_canonical()
}
