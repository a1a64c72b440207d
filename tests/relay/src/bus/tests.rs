use super::message::{Framing, Message, Piece};

/// A method call as libraries write it: path, interface, member, destination, signature, and a body.
fn call(member: &str, serial: u32, is_big_endian: bool) -> Vec<u8> {
    let number = |n: u32| if is_big_endian { n.to_be_bytes() } else { n.to_le_bytes() };
    let mut fields = Vec::new();
    for (code, kind, value) in [(1, b'o', "/a"), (2, b's', "org.freedesktop.Secret.Item"), (3, b's', member)] {
        fields.resize(usize::next_multiple_of(fields.len(), 8), 0);
        fields.extend_from_slice(&[code, 1, kind, 0]);
        fields.extend_from_slice(&number(u32::try_from(value.len()).unwrap()));
        fields.extend_from_slice(value.as_bytes());
        fields.push(0);
    }
    message([1, 0, 1], &fields, serial, is_big_endian)
}

fn answer(kind: u8, to: u32, is_big_endian: bool) -> Vec<u8> {
    let number = |n: u32| if is_big_endian { n.to_be_bytes() } else { n.to_le_bytes() };
    let mut fields = vec![6, 1, b's', 0];
    fields.extend_from_slice(&number(4));
    fields.extend_from_slice(b":1.9\0\0\0\0");
    fields.extend_from_slice(&[5, 1, b'u', 0]);
    fields.extend_from_slice(&number(to));
    message([kind, 1, 1], &fields, 77, is_big_endian)
}

fn message(kind: [u8; 3], fields: &[u8], serial: u32, is_big_endian: bool) -> Vec<u8> {
    let number = |n: u32| if is_big_endian { n.to_be_bytes() } else { n.to_le_bytes() };
    let mut all = vec![if is_big_endian { b'B' } else { b'l' }];
    all.extend_from_slice(&kind);
    all.extend_from_slice(&number(5));
    all.extend_from_slice(&number(serial));
    all.extend_from_slice(&number(u32::try_from(fields.len()).unwrap()));
    all.extend_from_slice(fields);
    all.resize(all.len().next_multiple_of(8), 0);
    all.extend_from_slice(b"hello");
    all
}

async fn pieces(mut framing: Framing, said: &[u8], in_steps_of: usize) -> Vec<Piece> {
    let (mut there, mut here) = tokio::io::duplex(in_steps_of);
    let said = said.to_vec();
    let saying = tokio::spawn(async move {
        tokio::io::AsyncWriteExt::write_all(&mut there, &said).await.unwrap();
    });
    let mut all = Vec::new();
    while let Some(piece) = framing.next(&mut here).await.unwrap() {
        all.push(piece);
    }
    saying.await.unwrap();
    all
}

fn messages(pieces: &[Piece]) -> Vec<&Message> {
    pieces.iter().filter_map(|piece| if let Piece::Message(message) = piece { Some(message) } else { None }).collect()
}

#[tokio::test]
async fn a_stream_is_cut_into_messages_however_it_arrives_and_nothing_of_it_is_lost() {
    for is_big_endian in [false, true] {
        let mut said = b"\0AUTH EXTERNAL 30\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n".to_vec();
        said.extend(call("SetSecret", 7, is_big_endian));
        said.extend(call("GetSecret", 8, is_big_endian));
        for in_steps_of in [1, 3, 16, 4096] {
            let pieces = pieces(Framing::of_client(), &said, in_steps_of).await;
            assert_eq!(pieces.iter().flat_map(|piece| piece.bytes()).copied().collect::<Vec<_>>(), said);
            let messages = messages(&pieces);
            let seen: Vec<_> = messages.iter().map(|message| (message.member().unwrap(), message.serial())).collect();
            assert_eq!(seen, [("SetSecret", 7), ("GetSecret", 8)]);
        }
    }
}

#[tokio::test]
async fn an_answer_tells_what_it_answers_and_whether_it_is_an_error() {
    for is_big_endian in [false, true] {
        let mut said = b"OK 1234deadbeef\r\nAGREE_UNIX_FD\r\n".to_vec();
        said.extend(answer(2, 7, is_big_endian));
        said.extend(answer(3, 8, is_big_endian));
        let pieces = pieces(Framing::of_bus(), &said, 5).await;
        let messages = messages(&pieces);
        let seen: Vec<_> =
            messages.iter().map(|message| (message.reply_serial().unwrap(), message.is_error())).collect();
        assert_eq!(seen, [(7, false), (8, true)]);
        assert_eq!(messages[0].member(), None);
    }
}

#[tokio::test]
async fn a_length_that_no_message_has_is_an_error() {
    let mut said = answer(2, 7, false);
    said[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut framing = Framing::of_bus();
    assert!(framing.next(&mut said.as_slice()).await.is_err());
}
