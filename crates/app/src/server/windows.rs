//! The named pipe: open to its owner alone, closed to other machines, and ours from the first instance on.

use std::io;

use gatepass_wire::place::Place;
use interprocess::os::windows::named_pipe::PipeListenerOptions;
use interprocess::os::windows::named_pipe::pipe_mode::Bytes;
use interprocess::os::windows::named_pipe::tokio::{DuplexPipeStream, PipeListener};
use interprocess::os::windows::security_descriptor::SecurityDescriptor;
use widestring::u16cstr;

use crate::{ResidentLock, StartError};

pub(crate) struct Listener(PipeListener<Bytes, Bytes>);

impl Listener {
    /// Listens at `place`.
    pub(crate) fn bind(place: &Place, _lock: &ResidentLock) -> Result<Self, StartError> {
        let listen = || -> io::Result<_> {
            // Without a descriptor everyone may read. `P` inherits nothing; `OW` is the owner, whoever that is.
            let owner_only = SecurityDescriptor::deserialize(u16cstr!("D:P(A;;GA;;;OW)"))?;
            // The first instance of the name or an error: otherwise a program that was there first would share our
            // clients. `accept_remote` is off unless it is turned on.
            PipeListenerOptions::new()
                .path(place.path.as_path())
                .security_descriptor(Some(owner_only))
                .create_tokio_duplex::<Bytes>()
        };
        match listen() {
            Ok(listener) => Ok(Self(listener)),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                Err(StartError::PlaceTaken { place: place.path.clone() })
            }
            Err(source) => Err(StartError::Listen { place: place.path.clone(), source }),
        }
    }

    /// The next connection. The descriptor has turned other users away.
    pub(crate) async fn accept(&self) -> io::Result<Option<DuplexPipeStream<Bytes>>> {
        self.0.accept().await.map(Some)
    }
}
