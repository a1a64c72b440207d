//! Small files for this user alone.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

/// Puts a file in place of the one before in one step, its content on the disk. A folder that is not there is made.
///
/// # Errors
/// Where it could not be written; the one before is there then as it was.
pub(crate) fn place(path: &Path, content: &impl Serialize) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    make_private(folder)?;
    // Readable by its owner alone, on Unix: tempfile sees to that.
    let mut file = tempfile::Builder::new().prefix(".new").suffix(".tmp").tempfile_in(folder)?;
    serde_json::to_writer(&mut file, content)?;
    file.flush()?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Removes a file; that there is none is success.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Sees that what was put in a folder is on the disk: a new name is only when its folder is.
///
/// # Errors
/// Where that is not certain. Some file systems of networks cannot say so.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    match fs::File::open(folder) {
        // Nothing was ever put there.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        folder => folder?.sync_all()?,
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
