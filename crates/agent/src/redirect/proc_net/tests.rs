use std::net::SocketAddr;

use proptest::prelude::*;

use super::{listener_inode, user_at};

/// As Linux prints them on a little-endian machine.
const TCP: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 108 1 0000000053327b76 100 0 0 10 0
   1: 0100007F:69D9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 20275 1 000000007760fa51 100 0 0 10 0
   2: 0100007F:69DA 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 20276 1 000000007760fa52 100 0 0 10 0
";
const TCP6: &str = "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:69D9 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 301 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000000000000:07E8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 302 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 303 1 0000000000000000 100 0 0 10 0
";

fn inode(table: &str, address: &str) -> Option<u64> {
    listener_inode(table, address.parse().unwrap())
}

#[cfg(target_endian = "little")]
#[test]
fn a_listener_on_the_address_is_found() {
    assert_eq!(inode(TCP, "127.0.0.1:27097"), Some(20275));
    assert_eq!(inode(TCP6, "[::1]:27097"), Some(301));
    assert_eq!(inode(TCP6, "127.0.0.1:8080"), Some(303));
}

#[test]
fn a_listener_on_every_address_is_found() {
    assert_eq!(inode(TCP, "127.0.0.1:2024"), Some(108));
    assert_eq!(inode(TCP6, "[::1]:2024"), Some(302));
    assert_eq!(inode(TCP6, "127.0.0.1:2024"), Some(302));
}

#[test]
fn a_listener_on_another_address_is_not_meant() {
    assert_eq!(inode(TCP, "127.0.0.2:27097"), None);
    assert_eq!(inode(TCP, "127.0.0.1:27096"), None);
    assert_eq!(inode(TCP, "[::1]:2024"), None);
    assert_eq!(inode(TCP6, "127.0.0.1:27097"), None);
}

/// Connections to 127.0.0.1:27097 and [::1]:27097: both ends of each, a closed one, and one from a socket that speaks
/// IPv6 alone.
const CONNECTIONS: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:69D9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 20275 1 000000007760fa51 100 0 0 10 0
   1: 0100007F:69D9 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 20290 1 000000007760fa53 20 4 30 10 -1
   2: 0100007F:C350 0100007F:69D9 01 00000000:00000000 00:00000000 00000000  1001        0 20276 1 000000007760fa52 20 4 30 10 -1
   3: 0100007F:C350 0100007F:69DA 01 00000000:00000000 00:00000000 00000000  1002        0 20277 1 000000007760fa54 20 4 30 10 -1
   4: 0100007F:C351 0100007F:69D9 06 00000000:00000000 03:00000A5B 00000000     0        0 0 3 0000000000000000
";
const CONNECTIONS6: &str = "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:C350 00000000000000000000000001000000:69D9 01 00000000:00000000 00:00000000 00000000  1003        0 301 1 0000000000000000 20 4 30 10 -1
   1: 0000000000000000FFFF00000100007F:C352 0000000000000000FFFF00000100007F:69D9 01 00000000:00000000 00:00000000 00000000 65534        0 302 1 0000000000000000 20 4 30 10 -1
";

#[cfg(target_endian = "little")]
#[test]
fn the_user_at_the_other_end_is_found() {
    let user = |table, local: &str, remote: &str| user_at(table, local.parse().unwrap(), remote.parse().unwrap());
    let us = "127.0.0.1:27097";
    assert_eq!(user(CONNECTIONS, "127.0.0.1:50000", us), Some(1001));
    assert_eq!(user(CONNECTIONS, us, "127.0.0.1:50000"), Some(1000));
    assert_eq!(user(CONNECTIONS, "127.0.0.1:50000", "127.0.0.1:27098"), Some(1002));
    assert_eq!(user(CONNECTIONS, "127.0.0.1:50001", us), Some(0));
    assert_eq!(user(CONNECTIONS6, "[::1]:50000", "[::1]:27097"), Some(1003));
    assert_eq!(user(CONNECTIONS6, "127.0.0.1:50002", us), Some(65_534));
}

#[test]
fn nobody_is_found_at_an_end_that_is_not_in_the_table() {
    let user = |table, local: &str, remote: &str| user_at(table, local.parse().unwrap(), remote.parse().unwrap());
    assert_eq!(user(CONNECTIONS, "127.0.0.1:50002", "127.0.0.1:27097"), None);
    assert_eq!(user(CONNECTIONS, "127.0.0.2:50000", "127.0.0.1:27097"), None);
    assert_eq!(user(CONNECTIONS, "127.0.0.1:27097", "0.0.0.0:0"), None, "a listener is connected to nobody");
    assert_eq!(user(CONNECTIONS, "[::1]:50000", "[::1]:27097"), None);
    assert_eq!(user("", "127.0.0.1:50000", "127.0.0.1:27097"), None);
}

#[test]
fn a_connection_is_not_a_listener() {
    assert_eq!(inode(TCP, "127.0.0.1:27098"), None);
}

proptest! {
    #[test]
    fn no_table_is_a_panic(table in any::<String>()) {
        let _ = inode(&table, "127.0.0.1:27097");
    }

    #[test]
    fn no_line_is_a_panic(
        address in "[0-9A-Fé+]{0,40}", port in "[0-9A-F]{0,5}", state in "0[0-9A-F]", number in "[0-9]{0,25}",
    ) {
        let line = format!("0: {address}:{port} {address}:{port} {state} 0:0 0:0 0 {number} 0 {number} 1");
        let any = "127.0.0.1:1".parse().unwrap();
        let _ = (listener_inode(&line, any), user_at(&line, any, any));
    }

    #[test]
    fn what_the_kernel_prints_is_read_back(address: std::net::Ipv4Addr, port: u16, inode: u64) {
        let word = u32::from_ne_bytes(address.octets());
        let line = format!("   0: {word:08X}:{port:04X} 00000000:0000 0A 0:0 00:0 0  1000        0 {inode} 1 0");
        prop_assert_eq!(listener_inode(&line, SocketAddr::from((address, port))), Some(inode));
    }
}
