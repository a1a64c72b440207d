//! Putting a text in the place of the file.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Puts `bytes` in place of the file in one step, so that a crash leaves the old file or the new one. A symbolic link
/// is followed: people keep such files in a repository of their own.
pub(super) fn replace(path: &Path, bytes: &[u8], sync_folder: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let path = follow_links(path)?;
    prepare(&path, bytes)?.persist(&path)?;
    // It is in place, whatever the folder says.
    if let Err(error) = sync_folder(folder_of(&path)) {
        tracing::warn!(%error, "an edit of the profiles file may not survive a loss of power");
    }
    Ok(())
}

/// What is to take the file's place, on the disk beside it. Dropped, it is gone.
pub(super) fn prepare(path: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let path = follow_links(path)?;
    fs::create_dir_all(folder_of(&path))?;
    // Readable by its owner alone, on Unix: tempfile sees to that.
    let mut file = tempfile::Builder::new().prefix(".profiles").suffix(".tmp").tempfile_in(folder_of(&path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Where `path` leads, whether or not there is a file yet.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..16 {
        match fs::read_link(&path) {
            // An absolute target replaces the whole path.
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}
