//! Changes of the network: addresses and routes that come and go. What exactly changed is nobody's business here.

use tokio::sync::mpsc;

use super::News;

/// Follows the network, as long as that is possible.
pub(super) async fn follow(tell: mpsc::UnboundedSender<News>) {
    if let Err(error) = listen(&tell).await {
        tracing::info!(%error, "changes of the network are not heard of; what waits for it tries again by itself");
    }
}

/// The kernel's own word (rtnetlink(7)). Every message in these groups is a change; what it says is left unread.
#[cfg(target_os = "linux")]
async fn listen(tell: &mpsc::UnboundedSender<News>) -> std::io::Result<()> {
    use rustix::net::netlink::SocketAddrNetlink;
    use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, socket_with};
    use std::os::unix::net::UnixDatagram;

    // RTMGRP_IPV4_IFADDR, RTMGRP_IPV4_ROUTE, RTMGRP_IPV6_IFADDR, RTMGRP_IPV6_ROUTE
    const ADDRESSES_AND_ROUTES: u32 = 0x10 | 0x40 | 0x100 | 0x400;
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    // Without a protocol it is NETLINK_ROUTE.
    let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, None)?;
    bind(&socket, &SocketAddrNetlink::new(0, ADDRESSES_AND_ROUTES))?;
    // To wait for any socket takes `unsafe`; one that is received from is the same whatever its family.
    let socket = tokio::net::UnixDatagram::from_std(UnixDatagram::from(socket))?;
    loop {
        match socket.recv(&mut [0; 64]).await {
            // More came than there was room for: changes, in any case.
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::NOBUFS.raw_os_error()) => {}
            heard => drop(heard?),
        }
        if tell.send(News::NetworkChanged).is_err() {
            return Ok(());
        }
    }
}

/// Addresses alone, which no change of network that matters leaves as they were.
#[cfg(not(target_os = "linux"))]
async fn listen(tell: &mpsc::UnboundedSender<News>) -> std::io::Result<()> {
    let mut watcher = if_watch::tokio::IfWatcher::new()?;
    // It begins by telling of the addresses that are there, which costs one needless look.
    loop {
        std::future::poll_fn(|context| watcher.poll_if_event(context)).await?;
        if tell.send(News::NetworkChanged).is_err() {
            return Ok(());
        }
    }
}

#[cfg(target_os = "linux")]
#[cfg(test)]
#[cfg(feature = "system-tests")]
mod tests;
