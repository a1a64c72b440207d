//! The file of the activity log: bounded in age, number and bytes, readable by its user alone, and written so that a
//! crash or a full disk costs an entry and never the log.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use gatepass_wire::Millis;

use super::{ActivityEntry, from_line, to_line};

/// Entries older than this go when room is made, unless the person set less.
pub(super) const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A person's month, many times over.
pub(super) const MAX_ENTRIES: usize = 10_000;
pub(super) const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// Of what is there at most, what stays when room is made: not all, or room would be made for every entry.
const KEPT: (usize, usize) = (3, 4);

/// The file, opened anew for each entry: a person may remove it while the program runs.
pub(super) struct ActivityFile {
    path: PathBuf,
    /// Older entries go when room is made. Zero: none are kept.
    max_age: Duration,
    /// What is known of the file since it was last read; `None` until then.
    known: Option<Known>,
}

/// What is in the file.
#[derive(Default)]
pub(super) struct Contents {
    /// What could be understood, in the order of the file.
    pub(super) entries: Vec<ActivityEntry>,
    bytes: u64,
    /// The last line has no end.
    is_torn: bool,
}

struct Known {
    n: usize,
    bytes: u64,
    oldest: Option<Millis>,
    is_torn: bool,
}

impl ActivityFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, max_age: MAX_AGE, known: None }
    }

    /// From now on keeps entries for `max_age`, and takes the older ones out now. Zero: takes the file away.
    ///
    /// # Errors
    /// Where the disk does not do it. The next entry tries again.
    pub(super) fn keep_for(&mut self, max_age: Duration, now: Millis) -> io::Result<()> {
        self.max_age = max_age;
        self.known = None;
        if max_age.is_zero() {
            return match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        let first = self.first_kept(now);
        if read(&self.path).entries.iter().any(|entry| entry.at < first) {
            self.make_room(now, true)?;
        }
        Ok(())
    }

    /// Adds an entry, after making room if there is none.
    ///
    /// # Errors
    /// Where the disk takes it not, or not all of it. The next entry begins on a line of its own.
    pub(super) fn append(&mut self, entry: &ActivityEntry) -> io::Result<()> {
        if self.max_age.is_zero() {
            return Ok(());
        }
        let Some(line) = to_line(entry) else { return Ok(()) };
        let has_room = |known: &Known| known.has_room(entry.at, self.max_age) && self.path.exists();
        if !self.known.as_ref().is_some_and(has_room) {
            self.make_room(entry.at, false)?;
        }
        let Some(known) = &mut self.known else { return Ok(()) };
        let line = format!("{}{line}\n", if known.is_torn { "\n" } else { "" });
        let written = open(&self.path).and_then(|mut file| file.write_all(line.as_bytes()));
        // Perhaps a part of it was written.
        known.is_torn = written.is_err();
        known.bytes += line.len() as u64;
        known.n += 1;
        known.oldest = known.oldest.or(Some(entry.at));
        written
    }

    /// The first instant of which something is kept.
    fn first_kept(&self, now: Millis) -> Millis {
        Millis(now.0.saturating_sub(i64::try_from(self.max_age.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Reads the file, and writes it anew without its oldest entries if it is full or `is_due`.
    fn make_room(&mut self, now: Millis, is_due: bool) -> io::Result<()> {
        let Contents { mut entries, bytes, is_torn } = read(&self.path);
        let mut known = Known { n: entries.len(), bytes, oldest: entries.first().map(|entry| entry.at), is_torn };
        if is_due || !known.has_room(now, self.max_age) {
            let first = self.first_kept(now);
            entries.retain(|entry| entry.at >= first);
            let (of, kept) = (KEPT.1, KEPT.0);
            let mut lines: Vec<String> = entries.iter().filter_map(to_line).collect();
            let (mut n, mut size) = (0, 0);
            for line in lines.iter().rev() {
                size += line.len() as u64 + 1;
                if n == MAX_ENTRIES / of * kept || size > MAX_BYTES / of as u64 * kept as u64 {
                    break;
                }
                n += 1;
            }
            let dropped = lines.len() - n;
            lines.drain(..dropped);
            let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
            replace(&self.path, text.as_bytes())?;
            known = Known {
                n,
                bytes: text.len() as u64,
                oldest: entries.get(dropped).map(|entry| entry.at),
                is_torn: false,
            };
        }
        self.known = Some(known);
        Ok(())
    }
}

impl Known {
    fn has_room(&self, now: Millis, max_age: Duration) -> bool {
        // A day more than is kept, so that room is made once a day and not for every entry.
        let age = max_age + Duration::from_secs(24 * 60 * 60);
        let is_old = |oldest: Millis| u128::from(now.0.saturating_sub(oldest.0).unsigned_abs()) > age.as_millis();
        self.n < MAX_ENTRIES
            && self.bytes < MAX_BYTES
            && !self.oldest.is_some_and(|oldest| now > oldest && is_old(oldest))
    }
}

/// What is in the file; nothing where it is not there or cannot be read.
pub(super) fn read(path: &Path) -> Contents {
    let mut bytes = Vec::new();
    // Somebody else may have written to it.
    let read = File::open(path).and_then(|file| file.take(4 * MAX_BYTES).read_to_end(&mut bytes));
    if read.is_err() {
        return Contents::default();
    }
    let text = String::from_utf8_lossy(&bytes);
    let is_torn = !text.is_empty() && !text.ends_with('\n');
    Contents { entries: text.lines().filter_map(from_line).collect(), bytes: bytes.len() as u64, is_torn }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// In one step: a crash leaves the old file or the new one.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // For its owner alone, on Unix: tempfile sees to that.
    let mut file = tempfile::Builder::new().prefix(".activity").suffix(".tmp").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}
