//! Where the log goes and what may be in it: our own targets at `info`, third parties at `warn`. Below that, HTTP and
//! bus libraries write down what they carry.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::Paths;

/// Where the log goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logging {
    /// Standard error.
    Stderr,
    /// Standard error and `gatepass.log` in the state folder.
    StderrAndFile,
}

/// The largest log file. When it is full it becomes `gatepass.log.old`, and the one before that is gone.
const MAX_FILE: u64 = 1024 * 1024;

pub(crate) const ALLOWED: &str = "warn,gatepass=info,gatepass_app=info,gatepass_agent=info,gatepass_oidc=info,gatepass_wire=info,\
                       gatepass_desktop=info,gatepass_desktop_lib=info";

/// Starts the log of this process. A second call changes nothing. A file that cannot be written is said on standard
/// error and is no reason not to run.
pub fn start_logging(paths: &Paths, to: Logging) {
    let file = match to {
        Logging::Stderr => None,
        Logging::StderrAndFile => match LogFile::open(paths.log_file(), MAX_FILE) {
            Ok(file) => Some(Mutex::new(file)),
            Err(error) => {
                let _ = writeln!(io::stderr(), "no log file: {error}");
                None
            }
        },
    };
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(ALLOWED))
        .with_ansi(false)
        .with_writer(Places { file })
        .finish();
    let _ = tracing::subscriber::set_global_default(subscriber);
}

struct Places {
    file: Option<Mutex<LogFile>>,
}

impl<'a> MakeWriter<'a> for Places {
    type Writer = &'a Places;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

/// Receives one event a call. What cannot be written is lost; a log must not fail what it reports.
impl Write for &Places {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let _ = io::stderr().write_all(event);
        if let Some(file) = &self.file {
            let _ = file.lock().unwrap_or_else(PoisonError::into_inner).write_event(event);
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file that is bounded by starting anew.
struct LogFile {
    path: PathBuf,
    file: File,
    size: u64,
    max: u64,
}

impl LogFile {
    fn open(path: PathBuf, max: u64) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        let size = file.metadata()?.len();
        Ok(Self { path, file, size, max })
    }

    fn write_event(&mut self, event: &[u8]) -> io::Result<()> {
        if self.size > 0 && self.size + event.len() as u64 > self.max {
            std::fs::rename(&self.path, self.path.with_extension("log.old"))?;
            *self = Self::open(self.path.clone(), self.max)?;
        }
        self.file.write_all(event)?;
        self.size += event.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_never_outgrows_twice_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gatepass.log");
        let mut log = LogFile::open(path.clone(), 100).unwrap();
        for _ in 0..50 {
            log.write_event(b"nine byte").unwrap();
        }
        let old = std::fs::metadata(folder.path().join("gatepass.log.old")).unwrap().len();
        assert!(old <= 100 && std::fs::metadata(&path).unwrap().len() <= 100);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_log_is_readable_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gatepass.log");
        LogFile::open(path.clone(), 100).unwrap();
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn the_filter_is_one() {
        assert!(EnvFilter::try_new(ALLOWED).is_ok());
    }
}
