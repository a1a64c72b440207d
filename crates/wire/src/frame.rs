//! Framing of the local API: JSON, one value a line, a version in the first line of each side.
//!
//! A client writes [`Hello`], then one [`Request`]. To [`Request::Do`] the resident answers one [`Message::Answer`] and
//! closes; to [`Request::Watch`] it sends [`Message::Change`] for as long as both live, the first one at once. One
//! request a connection keeps both sides free of request numbers, and a Windows pipe free of reading while writing.
//!
//! Two things are the same in every version, so that a window of after an update can end a resident of before it: that
//! each side begins with [`Hello`], the resident without waiting for the client's, and how [`Intent::Quit`] is asked for
//! (`{"do":{"intent":"quit"}}`).

use std::io::{self, BufRead, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Answer, Change, Intent};

/// The version of this protocol. A client of another version is refused, in words that say which side is older.
pub const VERSION: u32 = 1;

/// The longest line that either side reads, in bytes. A snapshot of 1,000 profiles stays far below.
pub const MAX_LINE: usize = 16 * 1024 * 1024;

/// The first line of each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`VERSION`] of the sender.
    pub gatepass: u32,
}

/// The second line of the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::large_enum_variant, reason = "one at a time, read or written at once")]
pub enum Request {
    /// Send the present, and every change from now on.
    Watch {
        /// Whether the client is the window, which is then brought forward by [`Message::ComeForward`].
        window: bool,
    },
    /// Do something, once.
    Do(Intent),
}

/// Every further line of the resident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::large_enum_variant, reason = "one at a time, read or written at once")]
pub enum Message {
    /// A new snapshot.
    Change(Box<Change>),
    /// The answer to [`Request::Do`].
    Answer(Answer),
    /// To the window: somebody wants to see it.
    ComeForward,
    /// The resident ends because somebody wanted it to. The last line; without it, the resident died.
    Bye,
}

/// Writes one line.
pub fn write_line(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    to.write_all(&line)?;
    to.flush()
}

/// Reads one line; `None` at the end of the stream.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] where the line is longer than [`MAX_LINE`] or is not the JSON expected.
pub fn read_line<T: DeserializeOwned>(from: &mut impl BufRead) -> io::Result<Option<T>> {
    let mut line = Vec::new();
    io::Read::take(&mut *from, MAX_LINE as u64 + 1).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.len() > MAX_LINE {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the line is too long"));
    }
    // The reason is left out: serde_json quotes what it read.
    serde_json::from_slice(&line)
        .map(Some)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not the JSON expected"))
}
