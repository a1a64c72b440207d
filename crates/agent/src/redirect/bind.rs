//! Which sockets a redirect URI means, and what stands in the way of having them.
//!
//! On Unix tokio sets `SO_REUSEADDR`, which lets a port be used again right after the last attempt and never lets two
//! listen on one address. On Windows neither std nor tokio sets it, where it would mean the opposite. Nor do they set
//! `SO_EXCLUSIVEADDRUSE`, and no safe call does: another program that asks to share our address there can. It runs as
//! the same person, and gets a code that is of no use without the code verifier (RFC 7636).

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use gatepass_oidc::{LoopbackHost, RedirectUri};
use tokio::net::TcpListener;

use super::holder::holder_of;

/// Why none of the redirect URIs can be listened on.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Other programs hold the ports.
    #[error("the port of every redirect URI is taken")]
    Taken {
        /// Each URI that is taken, with the name of the program that holds its port, where the system tells it: on
        /// Linux, for programs of the same user.
        uris: Vec<(RedirectUri, Option<String>)>,
    },
    /// The machine does not have the loopback address that the URI names.
    #[error("this machine does not have the loopback address")]
    NoLoopback,
    /// The system refused for another reason, such as a port below 1024; or there was no URI at all.
    #[error("the loopback address cannot be listened on")]
    Io(#[from] io::Error),
}

/// What [`first_free`] found.
pub(super) struct Bound {
    pub(super) uri: RedirectUri,
    /// Host and port that the sockets answer to.
    pub(super) authority: String,
    /// `None` if answers arrive elsewhere, by a private-use scheme.
    pub(super) redirect_path: Option<String>,
    pub(super) sockets: Vec<TcpListener>,
}

enum Obstacle {
    Taken(SocketAddr),
    NoLoopback,
    Io(io::Error),
}

/// The first of `uris` whose every address is free, bound.
pub(super) async fn first_free(uris: &[RedirectUri]) -> Result<Bound, BindError> {
    let mut taken = Vec::new();
    let mut other = None;
    for uri in uris {
        match bind(uri).await {
            Ok(bound) => return Ok(bound),
            Err(Obstacle::Taken(address)) => taken.push((uri, address)),
            Err(Obstacle::NoLoopback) => other = other.or(Some(BindError::NoLoopback)),
            Err(Obstacle::Io(error)) => other = other.or(Some(BindError::Io(error))),
        }
    }
    if taken.is_empty() {
        let none = || io::Error::new(io::ErrorKind::InvalidInput, "no redirect URI");
        return Err(other.unwrap_or_else(|| BindError::Io(none())));
    }
    let mut uris = Vec::new();
    for (uri, address) in taken {
        uris.push((uri.clone(), holder_of(address).await));
    }
    Err(BindError::Taken { uris })
}

async fn bind(uri: &RedirectUri) -> Result<Bound, Obstacle> {
    const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);
    let Some((host, port, path)) = uri.loopback() else {
        let sockets = listen(&[V4], 0).await?;
        let address = sockets[0].local_addr().map_err(Obstacle::Io)?;
        return Ok(Bound { uri: uri.clone(), authority: address.to_string(), redirect_path: None, sockets });
    };
    let (name, addresses): (_, &[IpAddr]) = match host {
        LoopbackHost::V4 => ("127.0.0.1", &[V4]),
        LoopbackHost::V6 => ("[::1]", &[V6]),
        LoopbackHost::Localhost => ("localhost", &[V4, V6]),
    };
    let sockets = listen(addresses, port).await?;
    Ok(Bound { uri: uri.clone(), authority: format!("{name}:{port}"), redirect_path: Some(path.to_owned()), sockets })
}

/// Listens on `port` of those of `addresses` that the machine has: at least one, or it is an error.
async fn listen(addresses: &[IpAddr], port: u16) -> Result<Vec<TcpListener>, Obstacle> {
    let mut sockets = Vec::new();
    for address in addresses {
        let address = SocketAddr::new(*address, port);
        match TcpListener::bind(address).await {
            Ok(socket) => sockets.push(socket),
            Err(error) if means_taken(&error) => return Err(Obstacle::Taken(address)),
            Err(error) if means_no_such_address(&error) => {}
            Err(error) => return Err(Obstacle::Io(error)),
        }
    }
    if sockets.is_empty() { Err(Obstacle::NoLoopback) } else { Ok(sockets) }
}

/// Windows says `WSAEACCES` of a port that another program holds exclusively or that the system has reserved.
fn means_taken(error: &io::Error) -> bool {
    match error.kind() {
        io::ErrorKind::AddrInUse => true,
        io::ErrorKind::PermissionDenied => cfg!(windows),
        _ => false,
    }
}

/// An interface without IPv6 says `EADDRNOTAVAIL`; a kernel without it says `EAFNOSUPPORT`, which std has no word for.
fn means_no_such_address(error: &io::Error) -> bool {
    const EAFNOSUPPORT: i32 = if cfg!(windows) {
        10047
    } else if cfg!(target_os = "linux") {
        97
    } else {
        47
    };
    error.kind() == io::ErrorKind::AddrNotAvailable || error.raw_os_error() == Some(EAFNOSUPPORT)
}

#[cfg(test)]
mod tests;
