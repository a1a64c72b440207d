//! The Unix socket: in a folder that is ours alone, open to our user alone, and each peer's user asked of the kernel.

use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use gatepass_wire::place::Place;
use tokio::net::{UnixListener, UnixStream};

use crate::options::make_private;
use crate::{ResidentLock, StartError};

pub(crate) struct Listener {
    listener: UnixListener,
    path: PathBuf,
    user: u32,
}

impl Listener {
    /// Listens at `place`. The lock shows that a socket found there is a dead resident's.
    pub(crate) fn bind(place: &Place, _lock: &ResidentLock) -> Result<Self, StartError> {
        let user = rustix::process::geteuid().as_raw();
        let path = place.path.clone();
        let failed = |source| StartError::Listen { place: path.clone(), source };
        let folder = path.parent().ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?;
        make_private(folder).map_err(failed)?;
        check_folder(folder, user)?;
        remove_stale(&path)?;
        let listener = UnixListener::bind(&path).map_err(failed)?;
        // Nobody else can have come in between: the folder is closed to others.
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
        Ok(Self { listener, path, user })
    }

    /// The next connection; `None` where it is another user's.
    pub(crate) async fn accept(&self) -> io::Result<Option<UnixStream>> {
        let (stream, _) = self.listener.accept().await?;
        let peer = stream.peer_cred()?.uid();
        Ok((peer == self.user).then_some(stream))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(%error, "the socket could not be removed");
        }
    }
}

/// Where the runtime folder falls back to `/tmp`, anyone can have made it first.
pub(super) fn check_folder(folder: &Path, user: u32) -> Result<(), StartError> {
    let foreign = |reason: String| StartError::ForeignFolder { folder: folder.to_owned(), reason };
    let found = std::fs::symlink_metadata(folder).map_err(|error| foreign(error.to_string()))?;
    if !found.is_dir() {
        return Err(foreign("it is not a folder".into()));
    }
    if found.uid() != user {
        return Err(foreign(format!("it belongs to user {}", found.uid())));
    }
    let mode = found.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(foreign(format!("its mode is {mode:o} and must be 700")));
    }
    Ok(())
}

/// Removes the socket of a resident that died. What answers, or is no socket, stays.
fn remove_stale(path: &Path) -> Result<(), StartError> {
    let failed = |source| StartError::Listen { place: path.to_owned(), source };
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
        Ok(found) if !found.file_type().is_socket() => return Err(failed(io::ErrorKind::AlreadyExists.into())),
        Ok(_) => {}
    }
    // A resident with another state folder holds another lock, and is alive all the same.
    if std::os::unix::net::UnixStream::connect(path).is_ok() {
        return Err(StartError::PlaceTaken { place: path.to_owned() });
    }
    std::fs::remove_file(path).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Paths;

    #[tokio::test]
    async fn another_users_program_is_turned_away() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths { config: folder.path().join("config"), state: folder.path().join("state") };
        let lock = ResidentLock::take(&paths).unwrap().expect("nobody else is in this folder");
        let place = Place { path: folder.path().join("runtime").join("api") };
        let mut listener = Listener::bind(&place, &lock).unwrap();

        let _ours = UnixStream::connect(&place.path).await.unwrap();
        assert!(listener.accept().await.unwrap().is_some());
        // A test has one user; so it is the resident that becomes somebody else.
        listener.user += 1;
        let _theirs = UnixStream::connect(&place.path).await.unwrap();
        assert!(listener.accept().await.unwrap().is_none());
    }
}
