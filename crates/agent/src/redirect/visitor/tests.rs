use super::is_stranger;

const OURS: u32 = 1000;

#[test]
fn another_user_is_a_stranger() {
    for user in [1, 999, 1001, 65_534, u32::MAX] {
        assert!(is_stranger(Some(user), OURS), "{user}");
    }
}

#[test]
fn our_user_root_and_nobody_known_are_no_strangers() {
    for user in [Some(OURS), Some(0), None] {
        assert!(!is_stranger(user, OURS), "{user:?}");
    }
}

#[test]
fn to_root_every_other_user_is_a_stranger() {
    assert!(is_stranger(Some(OURS), 0));
    assert!(!is_stranger(Some(0), 0));
}

#[test]
fn a_user_that_is_not_mapped_lets_in_those_who_show_alike() {
    assert!(!is_stranger(Some(65_534), 65_534));
}

#[cfg(target_os = "linux")]
mod on_linux {
    use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

    use tokio::net::{TcpListener, TcpSocket, TcpStream};

    use super::super::{Visitors, proc_net, sock_diag, user_of};

    /// A visitor at the end `from` of a connection to a listener on `at`, and our end of it.
    async fn visit(from: SocketAddr, at: SocketAddr) -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind(at).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let socket = if from.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.unwrap();
        socket.bind(from).unwrap();
        // From an IPv6 socket, 127.0.0.1 is reached by its mapped address.
        let to = match (from, at.ip()) {
            (SocketAddr::V6(_), std::net::IpAddr::V4(ip)) => SocketAddr::from((ip.to_ipv6_mapped(), port)),
            (_, ip) => SocketAddr::from((ip, port)),
        };
        let (visitor, accepted) = tokio::join!(socket.connect(to), listener.accept());
        (visitor.unwrap(), accepted.unwrap().0)
    }

    fn any(ip: impl Into<std::net::IpAddr>) -> SocketAddr {
        SocketAddr::new(ip.into(), 0)
    }

    #[tokio::test]
    async fn the_kernel_says_whose_connection_it_is() {
        let ours = Visitors::of_this_user().ours;
        let mut ways =
            vec![(any(Ipv4Addr::LOCALHOST), any(Ipv4Addr::LOCALHOST)), (any([127, 0, 0, 2]), any(Ipv4Addr::LOCALHOST))];
        if std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok() {
            ways.push((any(Ipv6Addr::LOCALHOST), any(Ipv6Addr::LOCALHOST)));
            ways.push((any(Ipv6Addr::UNSPECIFIED), any(Ipv4Addr::LOCALHOST)));
        }
        for (from, at) in ways {
            let (_visitor, stream) = visit(from, at).await;
            let (visitor, us) = (stream.peer_addr().unwrap(), stream.local_addr().unwrap());
            assert_eq!(user_of(visitor, us), Some(ours), "{from} to {at}");
            // Each way alone, since one stands in for the other.
            assert_eq!(sock_diag::user_at(visitor, us), Some(ours), "{from} to {at}");
            let in_tables = proc_net::tables().find_map(|table| proc_net::user_at(&table, visitor, us));
            assert_eq!(in_tables, Some(ours), "{from} to {at}");
        }
    }

    #[tokio::test]
    async fn nothing_is_known_of_an_end_that_is_no_socket_here() {
        let (_visitor, stream) = visit(any(Ipv4Addr::LOCALHOST), any(Ipv4Addr::LOCALHOST)).await;
        assert_eq!(user_of("127.0.0.1:1".parse().unwrap(), stream.local_addr().unwrap()), None);
    }
}
