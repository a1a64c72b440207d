//! A TOML file that a person may edit by hand: read whole and bounded, replaced in one step, looked at without reading it;
//! how an edit keeps its line ends; and on which line of it something is wrong. What stands in the file is for others to
//! say.

use std::fs;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use toml_edit::{Document, Item, TableLike, TomlError, Value};

use crate::{Mistake, Wrong, private_file};

mod line_ends;

pub use line_ends::with_ends_of;

/// Many times more than anybody writes by hand.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// The file. It need not exist.
#[derive(Clone, Debug)]
pub struct EditedFile {
    pub(crate) path: PathBuf,
    /// Replaced in a test, by a disk that cannot say whether it has the folder.
    pub(crate) sync_folder: fn(&Path) -> io::Result<()>,
}

/// Tells one state of a file from another without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp(Result<(u64, Option<SystemTime>, u64), io::ErrorKind>);

impl EditedFile {
    /// The file at `path`.
    pub fn new(path: PathBuf) -> Self {
        Self { path, sync_folder: private_file::sync_folder }
    }

    /// The file's length, time and identity: editors write a new one and rename it.
    pub fn stamp(&self) -> Stamp {
        let stamp = fs::metadata(&self.path).map(|metadata| {
            #[cfg(unix)]
            let identity = std::os::unix::fs::MetadataExt::ino(&metadata);
            #[cfg(not(unix))]
            let identity = 0;
            (metadata.len(), metadata.modified().ok(), identity)
        });
        Stamp(stamp.map_err(|error| error.kind()))
    }

    /// The file as it is now; empty where there is none.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn text(&self) -> Result<String, Mistake> {
        match fs::metadata(&self.path) {
            Ok(metadata) if metadata.len() > MAX_BYTES => return Err(Wrong::TooLarge.into()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
            Err(error) => return Err(Wrong::System(error.to_string()).into()),
        }
        let bytes = fs::read(&self.path).map_err(|error| Wrong::System(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| {
            let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count();
            Mistake::on_line(line, Wrong::NotText)
        })
    }

    /// Puts `text` in place of the file in one step, so that a crash leaves the old file or the new one; on Unix the new
    /// one can be read by its owner alone. A symbolic link is followed: people keep such files in a repository of their
    /// own.
    ///
    /// # Errors
    /// What the system said. The file is then as it was.
    pub fn replace(&self, text: &str) -> io::Result<()> {
        let path = follow_links(&self.path)?;
        prepare(&path, text.as_bytes())?.persist(&path)?;
        // It is in place, whatever the folder says.
        if let Err(error) = (self.sync_folder)(folder_of(&path)) {
            tracing::warn!(%error, "an edit of a file may not survive a loss of power");
        }
        Ok(())
    }

    /// Does all of [`Self::replace`] but the last step, which needs no room on the disk.
    ///
    /// # Errors
    /// What the system said.
    pub fn check_replace(&self, text: &str) -> io::Result<()> {
        prepare(&follow_links(&self.path)?, text.as_bytes()).map(drop)
    }
}

/// The document in `text`, if it is of `version`. One that names no version was written by a person, and is of this one.
///
/// # Errors
/// What is wrong with it, and on which line.
pub fn parse(text: &str, version: i64) -> Result<Document<&str>, Mistake> {
    let document = Document::parse(text).map_err(|error| explain(text, &error))?;
    let stated = document.as_table().get("version");
    match stated.map(|item| (item, item.as_integer())) {
        None => Ok(document),
        Some((_, Some(stated))) if stated == version => Ok(document),
        Some((item, Some(stated))) if stated > version => {
            Err(mistake_at(text, item.span(), "version", Wrong::NewerVersion { stated, known: version }))
        }
        Some((item, _)) => Err(mistake_at(text, item.span(), "version", Wrong::OtherVersion { known: version })),
    }
}

/// What is wrong with the TOML, and on which line.
pub fn explain(text: &str, error: &TomlError) -> Mistake {
    Mistake::on_line(line_of(text, error.span()), Wrong::NotToml(error.message().to_owned()))
}

/// What is wrong with the value of `key`, which is at `span`.
pub fn mistake_at(text: &str, span: Option<Range<usize>>, key: &'static str, what: Wrong) -> Mistake {
    Mistake::on_line(line_of(text, span), what).of_key(key)
}

/// The number of the line on which `span` begins, counted from 1.
pub(crate) fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let start = span.map_or(0, |span| span.start.min(text.len()));
    1 + text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count()
}

/// Puts a value in the place of another, whose comment stays.
pub fn set(table: &mut dyn TableLike, key: &str, mut new: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(value) => {
            *new.decor_mut() = value.decor().clone();
            *value = new;
        }
        None => drop(table.insert(key, Item::Value(new))),
    }
}

/// What is to take the file's place, on the disk beside it. Dropped, it is gone.
fn prepare(path: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    fs::create_dir_all(folder_of(path))?;
    // Readable by its owner alone, on Unix: tempfile sees to that.
    let mut file = tempfile::Builder::new().prefix(".gatepass").suffix(".tmp").tempfile_in(folder_of(path))?;
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
