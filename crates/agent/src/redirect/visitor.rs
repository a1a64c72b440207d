//! Whose program it is that connects. The launch address stands in the browser's arguments, which other users of the
//! machine can read, and a loopback address is open to all of them: whoever opens it could answer the sign-in as
//! themselves.
//!
//! Both ends of a connection over loopback are sockets of this machine, so Linux tells whose the other one is. macOS and
//! Windows tell it through calls that safe Rust does not have; there, everyone is let in.

use std::net::SocketAddr;

use tokio::net::TcpStream;

#[cfg(target_os = "linux")]
use super::{proc_net, sock_diag};

#[cfg(test)]
mod tests;

/// Says whose socket is the end `visitor` of the connection to `us`; `None` where the system does not tell.
pub(super) type UserOf = fn(visitor: SocketAddr, us: SocketAddr) -> Option<u32>;

/// Who is let in.
#[derive(Clone, Copy)]
pub(super) struct Visitors {
    /// The user whom this program acts for.
    pub(super) ours: u32,
    pub(super) user_of: UserOf,
}

impl Visitors {
    /// Those of the user who runs this program.
    pub(super) fn of_this_user() -> Self {
        #[cfg(target_os = "linux")]
        let ours = rustix::process::geteuid().as_raw();
        // Nobody is asked there.
        #[cfg(not(target_os = "linux"))]
        let ours = 0;
        Self { ours, user_of }
    }

    /// Whether whoever connected by `stream` is turned away.
    pub(super) async fn turn_away(self, stream: &TcpStream) -> bool {
        // Where the addresses are gone, so is the visitor.
        let (Ok(visitor), Ok(us)) = (stream.peer_addr(), stream.local_addr()) else { return false };
        // The table can be long, and the kernel prints it line by line: not for a thread that runs the others. It is read
        // where the kernel does not answer for the one socket.
        let user = tokio::task::spawn_blocking(move || (self.user_of)(visitor, us)).await.ok().flatten();
        is_stranger(user, self.ours)
    }
}

/// Whether a visitor who belongs to `user` is turned away.
///
/// - Nobody known: let in. There is no `/proc`, or the visitor has gone meanwhile. Who has gone reads no answer, and so
///   does not learn the `state` without which nothing can be answered or ended.
/// - Root: let in. It may be a relay of the system's that carries a connection in for somebody (as from Windows into its
///   Linux), and there is nothing that could be kept from root. Older kernels also print 0 for a socket that its program
///   has let go of: again nobody who reads.
/// - Anyone else, the overflow user (65534) of a user namespace included: turned away. Whoever shows as that one is not
///   mapped here, and we are; and if we are not, we are the same.
fn is_stranger(user: Option<u32>, ours: u32) -> bool {
    const ROOT: u32 = 0;
    user.is_some_and(|user| user != ours && user != ROOT)
}

#[cfg(target_os = "linux")]
fn user_of(visitor: SocketAddr, us: SocketAddr) -> Option<u32> {
    // A table is read in pieces, and a line can slip between two while others come and go. So it is not missing before
    // it was missed a few times.
    const READINGS: usize = 3;
    let in_tables = || proc_net::tables().find_map(|table| proc_net::user_at(&table, visitor, us));
    sock_diag::user_at(visitor, us).or_else(|| (0..READINGS).find_map(|_| in_tables()))
}

#[cfg(not(target_os = "linux"))]
fn user_of(_visitor: SocketAddr, _us: SocketAddr) -> Option<u32> {
    None
}
