use std::io::ErrorKind;

use super::*;

#[test]
fn a_port_that_is_forbidden_is_not_taken() {
    assert!(means_taken(&ErrorKind::AddrInUse.into()));
    // Windows says the one and means the other.
    assert_eq!(means_taken(&ErrorKind::PermissionDenied.into()), cfg!(windows));
    assert!(!means_taken(&ErrorKind::AddrNotAvailable.into()));
}

#[test]
fn a_machine_without_ipv6_says_so_in_two_ways() {
    let no_such_family = match () {
        () if cfg!(windows) => 10047,
        () if cfg!(target_os = "linux") => 97,
        () => 47,
    };
    assert!(means_no_such_address(&io::Error::from_raw_os_error(no_such_family)));
    assert!(means_no_such_address(&ErrorKind::AddrNotAvailable.into()));
    assert!(!means_no_such_address(&ErrorKind::AddrInUse.into()));
    assert!(!means_no_such_address(&ErrorKind::PermissionDenied.into()));
}

/// Kept for documentation (RFC 5737), so no machine has it.
const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

#[tokio::test]
async fn an_address_that_the_machine_does_not_have_is_left_out() {
    let Ok(sockets) = listen(&[NOWHERE, IpAddr::V4(Ipv4Addr::LOCALHOST)], 0).await else { panic!("one is enough") };
    assert_eq!(sockets.len(), 1);
    assert!(matches!(listen(&[NOWHERE], 0).await, Err(Obstacle::NoLoopback)));
}

/// A link-local address without its interface is not missing, it is wrong.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn another_refusal_of_the_system_is_passed_on() {
    let has_v6 = std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    let link_local = IpAddr::V6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 1));
    assert!(!has_v6 || matches!(listen(&[link_local], 0).await, Err(Obstacle::Io(_))));
}
