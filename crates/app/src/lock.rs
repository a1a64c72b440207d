//! Who is the one: locks of the operating system, which end with the process however it ends. A file with a process id
//! in it would outlive a crash.

use std::fs::{File, OpenOptions, TryLockError};

use crate::{Paths, StartError};

/// The right to be the one resident of this user, as long as it lives.
#[derive(Debug)]
pub struct ResidentLock {
    _file: File,
}

/// The right to be the one window of this user, as long as it lives.
#[derive(Debug)]
pub struct WindowLock {
    _file: File,
}

impl ResidentLock {
    /// Takes the lock; `None` where another process has it.
    ///
    /// # Errors
    /// [`StartError::Folder`] where the file cannot be opened or locked.
    pub fn take(paths: &Paths) -> Result<Option<Self>, StartError> {
        Ok(lock(paths, "resident.lock")?.map(|file| Self { _file: file }))
    }
}

impl WindowLock {
    /// Takes the lock; `None` where another process has it.
    ///
    /// # Errors
    /// [`StartError::Folder`] where the file cannot be opened or locked.
    pub fn take(paths: &Paths) -> Result<Option<Self>, StartError> {
        Ok(lock(paths, "window.lock")?.map(|file| Self { _file: file }))
    }
}

fn lock(paths: &Paths, name: &str) -> Result<Option<File>, StartError> {
    paths.make()?;
    let failed = |source| StartError::Folder { folder: paths.state.clone(), source };
    // The file stays when the lock goes: two that race to remove and make it would both hold a lock.
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(paths.state.join(name)).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

#[cfg(test)]
mod tests;
