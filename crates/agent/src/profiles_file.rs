//! The profiles file: one TOML file that a person may edit by hand. It owns the format, what is said about mistakes in
//! it, and that no write loses what was there: edits keep every comment and every key it does not know. What a profile
//! is, it leaves to [`Profile::from_parts`].
//!
//! The text is read by [`read`], edited by [`with_profile`], `editing` and `removal`, which touch no disk; `fields` has every
//! key of a profile.

use std::ops::Range;
use std::path::PathBuf;

use toml_edit::{ArrayOfTables, Document, DocumentMut, Item, Table, TableLike};

use crate::edited_file::{self, EditedFile, Stamp, explain, line_of, with_ends_of};
use crate::{Error, Mistake, NotAProfile, Profile, ProfileId, ProfileParts, Wrong};
use editing::{with_edited, with_swapped};
use removal::without_profile;

mod editing;
mod fields;
mod removal;

/// The version of the format that is read and written.
const VERSION: i64 = 1;

/// The file. It need not exist.
#[derive(Clone, Debug)]
pub(crate) struct ProfilesFile {
    file: EditedFile,
}

/// What stands in the file.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Reading {
    /// Those that are right, in the order of the file.
    pub(crate) profiles: Vec<Profile>,
    /// The mistakes.
    pub(crate) mistakes: Vec<Mistake>,
    /// There is no file, or it says nothing: not even `version`. A person who removes the last profile leaves that; an
    /// editor that has only begun to write leaves nothing.
    pub(crate) is_blank: bool,
}

impl ProfilesFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { file: EditedFile::new(path) }
    }

    /// Reads the file. One bad profile does not hide the good ones; of a file that cannot be read there are none.
    pub(crate) fn load(&self) -> Reading {
        match self.file.text().and_then(|text| read(&text)) {
            Ok(reading) => reading,
            Err(mistake) => Reading { mistakes: vec![mistake], ..Reading::default() },
        }
    }

    /// Tells one state of the file from another.
    pub(crate) fn stamp(&self) -> Stamp {
        self.file.stamp()
    }

    /// Appends `profile` to what is in the file now, and returns it as it stands there: its id is changed if a profile
    /// in the file, a good one or not, has it already, or if `is_taken` says so.
    ///
    /// # Errors
    /// [`Error::ProfilesFile`] where the file cannot be read or written. It is then as it was.
    pub(crate) fn add(&self, profile: Profile, is_taken: impl Fn(&ProfileId) -> bool) -> Result<Profile, Error> {
        let mut added = profile;
        self.change(|text| {
            let ids = ids(text)?;
            added.id = added.id.made_unique(|id| is_taken(id) || ids.iter().any(|taken| taken == id.as_str()));
            with_profile(text, &added)
        })?;
        Ok(added)
    }

    /// Changes what differs between `old` and `new`, of one id, in what is in the file now, and returns the profile as it
    /// stands there then.
    ///
    /// # Errors
    /// [`Error::ProfilesFile`] where the file cannot be read or written, or has no such profile, or one with a mistake or
    /// of another issuer or client than `old`. It is then as it was.
    pub(crate) fn edit(&self, old: &Profile, new: &Profile) -> Result<Profile, Error> {
        let mut edited = new.clone();
        self.change(|text| {
            let (text, profile) = with_edited(text, old, new)?;
            edited = profile;
            Ok(text)
        })?;
        Ok(edited)
    }

    /// Puts two profiles in each other's place.
    ///
    /// # Errors
    /// [`Error::ProfilesFile`] where the file cannot be read or written, or has them not both. It is then as it was.
    pub(crate) fn swap(&self, one: &ProfileId, other: &ProfileId) -> Result<(), Error> {
        self.change(|text| with_swapped(text, one, other))
    }

    /// Whether [`Self::edit`] to this could read, edit and write the file as it is now. All of it is done but the last
    /// step, which needs no room on the disk.
    ///
    /// # Errors
    /// [`Error::ProfilesFile`] where not.
    pub(crate) fn check_edit(&self, old: &Profile, new: &Profile) -> Result<(), Error> {
        self.check(|text| Ok(with_edited(text, old, new)?.0))
    }

    /// Whether [`Self::remove`] could, in the same way.
    ///
    /// # Errors
    /// [`Error::ProfilesFile`] where not.
    pub(crate) fn check_removal(&self, id: &ProfileId) -> Result<(), Error> {
        self.check(|text| without_profile(text, id))
    }

    /// Takes the profile out of the file. That it is not there is success.
    ///
    /// # Errors
    /// [`Error::ProfilesFile`] where the file cannot be read or written. It is then as it was.
    pub(crate) fn remove(&self, id: &ProfileId) -> Result<(), Error> {
        self.change(|text| without_profile(text, id))
    }

    /// Writes what `edit` makes of the file, if that is another text.
    fn change(&self, edit: impl FnOnce(&str) -> Result<String, Mistake>) -> Result<(), Error> {
        match self.edited(edit)? {
            Some(text) => self.file.replace(&text).map_err(not_written),
            None => Ok(()),
        }
    }

    /// Does the same but for the last step.
    fn check(&self, edit: impl FnOnce(&str) -> Result<String, Mistake>) -> Result<(), Error> {
        match self.edited(edit)? {
            Some(text) => self.file.check_replace(&text).map_err(not_written),
            None => Ok(()),
        }
    }

    fn edited(&self, edit: impl FnOnce(&str) -> Result<String, Mistake>) -> Result<Option<String>, Error> {
        let text = self.file.text().map_err(Error::ProfilesFile)?;
        let edited = with_ends_of(&text, &edit(&text).map_err(Error::ProfilesFile)?);
        Ok((edited != text).then_some(edited))
    }
}

/// Reads the profiles in `text`.
///
/// # Errors
/// Where nothing in it can be used: it is not TOML, of another version, or its profiles are not tables.
fn read(text: &str) -> Result<Reading, Mistake> {
    let document = parse(text)?;
    let is_blank = ["version", "profile"].iter().all(|key| document.get(key).is_none());
    let mut reading = Reading { is_blank, ..Reading::default() };
    for table in tables(document.as_table())? {
        match read_table(text, table) {
            Err(mistake) => reading.mistakes.push(mistake),
            Ok(profile) if reading.profiles.iter().any(|other: &Profile| other.id == profile.id) => {
                let taken = Wrong::IdTaken(profile.id.to_string());
                reading.mistakes.push(mistake_in(text, table, NotAProfile::new("id", taken)));
            }
            Ok(profile) => reading.profiles.push(profile),
        }
    }
    Ok(reading)
}

/// `text` with `profile` at its end and every byte before that as it was.
fn with_profile(text: &str, profile: &Profile) -> Result<String, Mistake> {
    let before = ids(text)?;
    let mut longer = if text.trim().is_empty() { format!("{text}version = {VERSION}\n") } else { text.to_owned() };
    if !longer.ends_with('\n') {
        longer.push('\n');
    }
    longer.push('\n');
    longer.push_str(&as_toml(profile));
    // What a person wrote can have a shape that nothing can be appended to, such as `profile = [{…}]` on one line.
    let after = ids(&longer).map_err(|_| Wrong::NoPlace)?;
    debug_assert_eq!(after.len(), before.len() + 1);
    Ok(longer)
}

/// Every id in `text`, those of profiles that are not right included.
fn ids(text: &str) -> Result<Vec<String>, Mistake> {
    let document = parse(text)?;
    let tables = tables(document.as_table())?;
    Ok(tables.iter().map(|table| table.get("id").and_then(Item::as_str).unwrap_or_default().to_owned()).collect())
}

fn parse(text: &str) -> Result<Document<&str>, Mistake> {
    edited_file::parse(text, VERSION)
}

fn tables(document: &Table) -> Result<Vec<&dyn TableLike>, Mistake> {
    let other_shape = || Mistake::somewhere(Wrong::NotTables).of_key("profile");
    match document.get("profile") {
        None => Ok(Vec::new()),
        Some(Item::ArrayOfTables(profiles)) => Ok(profiles.iter().map(|table| table as &dyn TableLike).collect()),
        Some(Item::Value(toml_edit::Value::Array(profiles))) => profiles
            .iter()
            .map(|entry| entry.as_inline_table().map(|table| table as &dyn TableLike).ok_or_else(other_shape))
            .collect(),
        Some(_) => Err(other_shape()),
    }
}

/// The profile that a table of `text` is, or its mistake with the line.
fn read_table(text: &str, table: &dyn TableLike) -> Result<Profile, Mistake> {
    read_profile(table).map_err(|wrong| mistake_in(text, table, wrong))
}

fn mistake_in(text: &str, table: &dyn TableLike, NotAProfile { field, what }: NotAProfile) -> Mistake {
    Mistake::on_line(line_of_key(text, table, field), what).of_key(field)
}

fn read_profile(table: &dyn TableLike) -> Result<Profile, NotAProfile> {
    Profile::from_parts(&fields::read(table)?)
}

impl Profile {
    /// The profile as it stands in the profiles file.
    pub fn to_toml(&self) -> String {
        as_toml(self)
    }

    /// What the profiles in a text for the profiles file are made of, unchecked. Of a field of a wrong type, or one that
    /// is missing, there is nothing.
    ///
    /// # Errors
    /// Why it is not such a text.
    pub fn parts_in_toml(text: &str) -> Result<Vec<ProfileParts>, Mistake> {
        let document = parse(text)?;
        let tables = tables(document.as_table())?;
        let parts = tables.iter().map(|table| ProfileParts { id: None, ..fields::read_what_is_right(*table) });
        Ok(parts.collect())
    }
}

fn as_toml(profile: &Profile) -> String {
    let mut table = Table::new();
    for (key, value) in fields::values(&profile.to_parts()) {
        value.into_iter().for_each(|value| table[key] = Item::Value(value));
    }
    let mut profiles = ArrayOfTables::new();
    profiles.push(table);
    let mut document = DocumentMut::new();
    document["profile"] = Item::ArrayOfTables(profiles);
    document.to_string()
}

/// Where a table begins. It does not say itself, but its first entry does.
fn span_of(table: &dyn TableLike) -> Option<Range<usize>> {
    table.iter().filter_map(|(_, item)| item.span()).min_by_key(|span| span.start)
}

/// The number of the line on which the table's `key` is, or else the table.
fn line_of_key(text: &str, table: &dyn TableLike, key: &str) -> usize {
    line_of(text, table.get(key).and_then(Item::span).or_else(|| span_of(table)))
}

fn not_written(error: std::io::Error) -> Error {
    Error::ProfilesFile(Wrong::System(error.to_string()).into())
}

#[cfg(test)]
mod tests;
