use std::net::SocketAddr;

use proptest::prelude::*;

use super::{ANSWER, request, user, user_at};

const VISITOR: &str = "127.0.0.1:50000";
const US: &str = "127.0.0.1:27097";

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// As Linux answers for the end 127.0.0.1:50000 of a connection to 127.0.0.1:27097 that belongs to user 1001.
fn answer() -> [u8; ANSWER] {
    let mut answer = [0; ANSWER];
    answer[0..4].copy_from_slice(&88_u32.to_ne_bytes());
    answer[4..6].copy_from_slice(&20_u16.to_ne_bytes());
    answer[16..18].copy_from_slice(&[2, 1]);
    answer[20..24].copy_from_slice(&[0xc3, 0x50, 0x69, 0xd9]);
    answer[24..28].copy_from_slice(&[127, 0, 0, 1]);
    answer[40..44].copy_from_slice(&[127, 0, 0, 1]);
    answer[80..84].copy_from_slice(&1001_u32.to_ne_bytes());
    answer
}

fn user_in(answer: &[u8]) -> Option<u32> {
    user(answer, address(VISITOR), address(US))
}

#[test]
fn the_user_is_read_from_the_answer() {
    assert_eq!(user_in(&answer()), Some(1001));
    // From a socket that speaks IPv6, which names both ends as mapped ones.
    let mut mapped = answer();
    mapped[16] = 10;
    for at in [24, 40] {
        mapped[at..at + 16].copy_from_slice(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1]);
    }
    assert_eq!(user_in(&mapped), Some(1001));
}

#[test]
fn an_answer_about_anything_else_names_nobody() {
    let with = |at: usize, byte: u8| {
        let mut other = answer();
        other[at] = byte;
        other
    };
    // An error, a listener, another family, other ports and other addresses.
    for (at, byte) in [(4, 2), (17, 10), (16, 1), (21, 0x51), (23, 0xd8), (27, 2), (43, 2)] {
        assert_eq!(user_in(&with(at, byte)), None, "byte {at}");
    }
    assert_eq!(user_in(&answer()[..ANSWER - 1]), None, "half an answer");
    assert_eq!(user_in(&[]), None);
}

#[test]
fn two_ends_of_different_families_are_no_connection() {
    assert_eq!(request(address(VISITOR), address("[::1]:27097")), None);
    assert!(request(address("[::ffff:127.0.0.1]:50000"), address(US)).is_some());
}

/// What [`super::super::visitor`] tries over real connections, of this way of asking alone.
#[test]
fn the_kernel_answers_for_a_connection_and_not_for_a_listener() {
    let ours = rustix::process::geteuid().as_raw();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let visitor = std::net::TcpStream::connect(at).unwrap();
    let from = visitor.local_addr().unwrap();
    assert_eq!(user_at(from, at), Some(ours));
    assert_eq!(user_at(address("127.0.0.1:1"), at), None);
    assert_eq!(user_at(at, address("127.0.0.1:1")), None, "a listener is connected to nobody");
}

proptest! {
    #[test]
    fn no_answer_is_a_panic(answer in proptest::collection::vec(any::<u8>(), 0..120)) {
        let _ = user_in(&answer);
    }
}
