//! D-Bus on the wire: where messages begin and end, and the few of their header fields that say what they are (D-Bus
//! Specification, "Authentication Protocol" and "Message Protocol").

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// The specification's own limit for a message, in bytes.
const MAX_MESSAGE: usize = 128 * 1024 * 1024;
/// Bytes before the header fields.
const FIXED: usize = 16;
const ERROR: u8 = 3;
const FIELD_MEMBER: u8 = 3;
const FIELD_REPLY_SERIAL: u8 = 5;

/// A part of what one side says.
#[derive(Debug)]
pub(super) enum Piece {
    /// What comes before the first message: lines that authenticate.
    Greeting(Vec<u8>),
    /// One message.
    Message(Message),
}

/// One message, as it came.
#[derive(Debug)]
pub(super) struct Message(Vec<u8>);

/// Cuts a stream into pieces.
pub(super) struct Framing {
    read: Vec<u8>,
    is_greeting: bool,
    is_client: bool,
}

impl Piece {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Greeting(bytes) | Self::Message(Message(bytes)) => bytes,
        }
    }
}

impl Message {
    pub(super) fn is_error(&self) -> bool {
        self.0[1] == ERROR
    }

    /// The number that its answer refers to.
    pub(super) fn serial(&self) -> u32 {
        self.number(8).unwrap_or_default()
    }

    /// The number of the call that this is an answer to.
    pub(super) fn reply_serial(&self) -> Option<u32> {
        self.field(FIELD_REPLY_SERIAL, b'u').and_then(|at| self.number(at))
    }

    /// The name of the method that is called.
    pub(super) fn member(&self) -> Option<&str> {
        let at = self.field(FIELD_MEMBER, b's')?;
        let length = usize::try_from(self.number(at)?).ok()?;
        std::str::from_utf8(self.0.get(at + 4..at + 4 + length)?).ok()
    }

    /// Where the value of a header field begins. Each field is a struct, so it begins at a multiple of eight: its code,
    /// and a signature of one letter. All values that are looked for are aligned to four and so follow at once.
    fn field(&self, code: u8, kind: u8) -> Option<usize> {
        let end = FIXED + usize::try_from(self.number(12)?).ok()?;
        (FIXED..end).step_by(8).find(|at| self.0.get(*at..at + 4) == Some(&[code, 1, kind, 0])).map(|at| at + 4)
    }

    fn number(&self, at: usize) -> Option<u32> {
        number(&self.0, at)
    }
}

impl Framing {
    /// Of what a client says: lines until `BEGIN`, then messages.
    pub(super) fn of_client() -> Self {
        Self { read: Vec::new(), is_greeting: true, is_client: true }
    }

    /// Of what a bus says: lines until the first byte that begins a message, which begins no line.
    pub(super) fn of_bus() -> Self {
        Self { is_client: false, ..Self::of_client() }
    }

    /// The next piece; `None` at the end.
    pub(super) async fn next(&mut self, from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Piece>> {
        loop {
            if let Some(piece) = self.take()? {
                return Ok(Some(piece));
            }
            if from.read_buf(&mut self.read).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Takes a piece from what was read, if there is a whole one.
    fn take(&mut self) -> io::Result<Option<Piece>> {
        if self.is_greeting && !self.is_client && matches!(self.read.first(), Some(b'l' | b'B')) {
            self.is_greeting = false;
        }
        if self.is_greeting {
            let Some(end) = self.read.windows(2).position(|two| two == b"\r\n").map(|at| at + 2) else {
                return Ok(None);
            };
            let line: Vec<u8> = self.read.drain(..end).collect();
            self.is_greeting = !(self.is_client && line.ends_with(b"BEGIN\r\n"));
            return Ok(Some(Piece::Greeting(line)));
        }
        let Some(length) = length(&self.read)? else { return Ok(None) };
        if self.read.len() < length {
            return Ok(None);
        }
        Ok(Some(Piece::Message(Message(self.read.drain(..length).collect()))))
    }
}

/// How long the message is that begins here, once that can be told.
fn length(read: &[u8]) -> io::Result<Option<usize>> {
    let (Some(body), Some(fields)) = (number(read, 4), number(read, 12)) else { return Ok(None) };
    let length = FIXED + (fields as usize).next_multiple_of(8) + body as usize;
    if length > MAX_MESSAGE {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(Some(length))
}

/// A number in the byte order that the first byte tells.
fn number(message: &[u8], at: usize) -> Option<u32> {
    let bytes = message.get(at..at + 4)?.try_into().ok()?;
    Some(if message[0] == b'B' { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
}
