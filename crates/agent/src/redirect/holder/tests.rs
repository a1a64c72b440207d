use std::net::SocketAddr;

use proptest::prelude::*;

use super::proc_net::{listener_inode, program_name};

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

#[test]
fn a_connection_is_not_a_listener() {
    assert_eq!(inode(TCP, "127.0.0.1:27098"), None);
}

#[test]
fn a_program_is_named_as_a_person_knows_it() {
    assert_eq!(program_name(b"node\n").as_deref(), Some("node"));
    assert_eq!(program_name(b"a \x1b[31m\xffb\n").as_deref(), Some("a [31m\u{fffd}b"));
    assert_eq!(program_name(b" \n"), None);
}

proptest! {
    #[test]
    fn no_table_is_a_panic(table in any::<String>()) {
        let _ = inode(&table, "127.0.0.1:27097");
    }

    #[test]
    fn no_line_is_a_panic(
        address in "[0-9A-Fé+]{0,40}", port in "[0-9A-F]{0,5}", state in "0[0-9A-F]", inode in "[0-9]{0,25}",
    ) {
        let line = format!("0: {address}:{port} 0:0 {state} 0:0 0:0 0 0 0 {inode} 1");
        let _ = listener_inode(&line, "127.0.0.1:1".parse().unwrap());
    }

    #[test]
    fn what_the_kernel_prints_is_read_back(address: std::net::Ipv4Addr, port: u16, inode: u64) {
        let word = u32::from_ne_bytes(address.octets());
        let line = format!("   0: {word:08X}:{port:04X} 00000000:0000 0A 0:0 00:0 0  1000        0 {inode} 1 0");
        prop_assert_eq!(listener_inode(&line, SocketAddr::from((address, port))), Some(inode));
    }
}
