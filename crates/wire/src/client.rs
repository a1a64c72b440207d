//! A client of the local API, blocking and without a runtime: the window runs it on threads of its own, and a program
//! that only asks once needs nothing more.

use std::io::{self, BufReader, Read, Write};

use crate::frame::{self, Hello, Message, Request, VERSION};
use crate::place::Place;
use crate::{Answer, Change, Intent};

/// Why the resident did not answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody listens: Gatepass is not running.
    #[error("Gatepass is not running")]
    NotRunning,
    /// The resident is of another version than this program.
    #[error("the running Gatepass speaks version {theirs} of the local API and this program version {VERSION}")]
    OtherVersion {
        /// The version of the resident.
        theirs: u32,
    },
    /// The connection broke, or what came over it was not ours.
    #[error("the connection to Gatepass broke: {0}")]
    Broken(#[from] io::Error),
}

/// Something that the resident tells a watcher.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// A new snapshot.
    Change(Box<Change>),
    /// Somebody wants to see the window.
    ComeForward,
    /// The resident ends because somebody wanted it to. A stream that ends without it is a resident that died.
    Bye,
}

/// Asks the resident for one thing and waits for the answer. A renewal may take as long as the network's time limit.
pub fn ask(place: &Place, intent: Intent) -> Result<Answer, ClientError> {
    let mut from = request(place, &Request::Do(intent))?;
    match frame::read_line(&mut from)? {
        Some(Message::Answer(answer)) => Ok(answer),
        _ => Err(ClientError::Broken(io::ErrorKind::UnexpectedEof.into())),
    }
}

/// Asks the resident to quit, of whatever version it is: that much is understood by all of them.
pub fn quit(place: &Place) -> Result<Answer, ClientError> {
    let (mut to, mut from, theirs) = meet(place)?;
    frame::write_line(&mut to, &theirs)?;
    frame::write_line(&mut to, &Request::Do(Intent::Quit))?;
    // What another version answers may be of another form; that it answers says that it heard.
    match frame::read_line::<serde::de::IgnoredAny>(&mut from)? {
        Some(_) => Ok(Answer::Done),
        None => Err(ClientError::Broken(io::ErrorKind::UnexpectedEof.into())),
    }
}

/// Watches: the first item is the present. The iterator ends when the resident does.
pub fn watch(
    place: &Place,
    window: bool,
) -> Result<impl Iterator<Item = Result<Told, ClientError>> + Send, ClientError> {
    let mut from = request(place, &Request::Watch { window })?;
    Ok(std::iter::from_fn(move || match frame::read_line(&mut from) {
        Ok(Some(Message::Change(change))) => Some(Ok(Told::Change(change))),
        Ok(Some(Message::ComeForward)) => Some(Ok(Told::ComeForward)),
        Ok(Some(Message::Bye)) => Some(Ok(Told::Bye)),
        Ok(Some(Message::Answer(_))) => Some(Err(io::Error::from(io::ErrorKind::InvalidData).into())),
        Ok(None) => None,
        Err(error) => Some(Err(error.into())),
    }))
}

type Writer = Box<dyn Write + Send>;
type Reader = Box<dyn Read + Send>;
type Ends = (Writer, Reader);

fn request(place: &Place, request: &Request) -> Result<BufReader<Reader>, ClientError> {
    let (mut to, from, theirs) = meet(place)?;
    if theirs.gatepass != VERSION {
        return Err(ClientError::OtherVersion { theirs: theirs.gatepass });
    }
    frame::write_line(&mut to, &Hello { gatepass: VERSION })?;
    frame::write_line(&mut to, request)?;
    Ok(from)
}

/// Connects and hears the resident's hello, which comes unasked: one of another version hangs up at ours.
fn meet(place: &Place) -> Result<(Writer, BufReader<Reader>, Hello), ClientError> {
    let (to, from) = connect(place)?;
    let mut from = BufReader::new(from);
    let theirs = frame::read_line(&mut from)?.ok_or(io::Error::from(io::ErrorKind::UnexpectedEof))?;
    Ok((to, from, theirs))
}

#[cfg(unix)]
fn connect(place: &Place) -> Result<Ends, ClientError> {
    check_folder(place)?;
    let stream = std::os::unix::net::UnixStream::connect(&place.path).map_err(not_running)?;
    Ok((Box::new(stream.try_clone()?), Box::new(stream)))
}

/// Where the runtime folder falls back to `/tmp`, another user can have made it first. What listens there would hear our
/// redirects and draw what it likes in our window, so it is not spoken to.
#[cfg(unix)]
fn check_folder(place: &Place) -> Result<(), ClientError> {
    use std::os::unix::fs::MetadataExt as _;
    let folder = place.path.parent().ok_or(ClientError::NotRunning)?;
    let found = std::fs::symlink_metadata(folder).map_err(not_running)?;
    let is_ours = found.is_dir() && found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o077 == 0;
    if is_ours {
        return Ok(());
    }
    let reason = format!("{} is not this user's alone", folder.display());
    Err(io::Error::new(io::ErrorKind::PermissionDenied, reason).into())
}

#[cfg(windows)]
fn connect(place: &Place) -> Result<Ends, ClientError> {
    use std::os::windows::fs::OpenOptionsExt as _;
    // Whoever made the pipe first may learn who asks, and not act as them, which it may unless it is told.
    const SECURITY_IDENTIFICATION: u32 = 0x0001_0000;
    // All pipe instances may be busy for the moment that the resident needs to make the next one.
    const ERROR_PIPE_BUSY: i32 = 231;
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).security_qos_flags(SECURITY_IDENTIFICATION);
    for _ in 0..100 {
        match options.open(&place.path) {
            Ok(pipe) => return Ok((Box::new(pipe.try_clone()?), Box::new(pipe))),
            Err(error) if error.raw_os_error() == Some(ERROR_PIPE_BUSY) => {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            Err(error) => return Err(not_running(error)),
        }
    }
    Err(ClientError::NotRunning)
}

fn not_running(error: io::Error) -> ClientError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => ClientError::NotRunning,
        _ => ClientError::Broken(error),
    }
}
