//! Whose a connection is, asked of the kernel directly (sock_diag(7)): it looks up the one socket, where `/proc/net/tcp`
//! is written out line by line from a table of hundreds of thousands of places, which takes milliseconds.
//!
//! The two messages stand here byte by byte, as `linux/netlink.h` and `linux/inet_diag.h` have them: a crate for it is
//! larger than they are.

use std::net::{IpAddr, SocketAddr};

use rustix::net::netlink::{SOCK_DIAG, SocketAddrNetlink};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, connect, recv, send, socket_with};

use super::proc_net::is_same;

#[cfg(test)]
mod tests;

/// Both begin with a `nlmsghdr` of 16 bytes; an `inet_diag_req_v2` or an `inet_diag_msg` follows.
const REQUEST: usize = 16 + 56;
const ANSWER: usize = 16 + 72;

const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLM_F_REQUEST: u16 = 1;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const IPPROTO_TCP: u8 = 6;
/// `TCP_LISTEN` of the kernel's `tcp_states.h`.
const LISTENING: u8 = 10;

/// The user whose socket is the end `local` of the connection to `remote`; `None` where there is no such socket, or the
/// kernel does not say.
pub(super) fn user_at(local: SocketAddr, remote: SocketAddr) -> Option<u32> {
    // The answer is there when the request was sent: the kernel makes it on the way.
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, Some(SOCK_DIAG)).ok()?;
    connect(&socket, &SocketAddrNetlink::new(0, 0)).ok()?;
    send(&socket, &request(local, remote)?, SendFlags::empty()).ok()?;
    let mut answer = [0; 512];
    let (n, _) = recv(&socket, &mut answer[..], RecvFlags::empty()).ok()?;
    user(&answer[..n.min(answer.len())], local, remote)
}

/// Asks for the one socket. A connection of IPv4 is one also where its socket speaks IPv6.
fn request(local: SocketAddr, remote: SocketAddr) -> Option<[u8; REQUEST]> {
    let mut request = [0; REQUEST];
    request[0..4].copy_from_slice(&u32::try_from(REQUEST).ok()?.to_ne_bytes());
    request[4..6].copy_from_slice(&SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    request[6..8].copy_from_slice(&NLM_F_REQUEST.to_ne_bytes());
    // Sockets in whatever state.
    request[20..24].fill(0xff);
    request[24..26].copy_from_slice(&local.port().to_be_bytes());
    request[26..28].copy_from_slice(&remote.port().to_be_bytes());
    let family = match (local.ip().to_canonical(), remote.ip().to_canonical()) {
        (IpAddr::V4(local), IpAddr::V4(remote)) => {
            request[28..32].copy_from_slice(&local.octets());
            request[44..48].copy_from_slice(&remote.octets());
            AF_INET
        }
        (IpAddr::V6(local), IpAddr::V6(remote)) => {
            request[28..44].copy_from_slice(&local.octets());
            request[44..60].copy_from_slice(&remote.octets());
            AF_INET6
        }
        _ => return None,
    };
    request[16..18].copy_from_slice(&[family, IPPROTO_TCP]);
    // `INET_DIAG_NOCOOKIE`, after an interface that is not named.
    request[64..].fill(0xff);
    Some(request)
}

/// Whose the socket in the answer is, if it is the one that was asked for: where there is none, the kernel names one
/// that listens at the same address.
fn user(answer: &[u8], local: SocketAddr, remote: SocketAddr) -> Option<u32> {
    let answer: &[u8; ANSWER] = answer.first_chunk()?;
    let end = |port: usize, address: usize| {
        let port = u16::from_be_bytes([answer[port], answer[port + 1]]);
        let octets: [u8; 16] = answer[address..address + 16].try_into().ok()?;
        let ip = match answer[16] {
            AF_INET => IpAddr::from([octets[0], octets[1], octets[2], octets[3]]),
            AF_INET6 => IpAddr::from(octets),
            _ => return None,
        };
        Some(SocketAddr::new(ip, port))
    };
    let is_it = u16::from_ne_bytes([answer[4], answer[5]]) == SOCK_DIAG_BY_FAMILY
        && answer[17] != LISTENING
        && is_same(end(20, 24)?, local)
        && is_same(end(22, 40)?, remote);
    is_it.then(|| u32::from_ne_bytes([answer[80], answer[81], answer[82], answer[83]]))
}
