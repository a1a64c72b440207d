//! The text of the settings file: read key by key, and edited so that comments, keys that are not ours and what makes no
//! sense stay to the letter.

use gatepass_agent::edited_file::{explain, mistake_at, parse, set, with_ends_of};
use gatepass_agent::{Mistake, Wrong};
use gatepass_wire::{LanguageSetting, Notices, Settings, Theme};
use toml_edit::{DocumentMut, Item, Value};

use crate::browser;

/// The version of the format that is read and written.
const VERSION: i64 = 1;

/// The shortest and longest time, in seconds, after which the clipboard is cleared.
const CLIPBOARD_SECONDS: std::ops::RangeInclusive<u32> = 10..=600;
/// The longest time that activity is kept, in days.
const MAX_ACTIVITY_DAYS: u32 = 31;

const THEMES: Names<Theme, 3> = Names(&["system", "light", "dark"], [Theme::System, Theme::Light, Theme::Dark]);
const LANGUAGES: Names<LanguageSetting, 3> =
    Names(&["system", "en", "de"], [LanguageSetting::System, LanguageSetting::En, LanguageSetting::De]);
const NOTICES: Names<Notices, 3> =
    Names(&["all", "sign-in-needed", "none"], [Notices::All, Notices::SignInNeeded, Notices::None]);

/// The values of a setting by their names in the file, in the same order.
struct Names<T: 'static, const N: usize>(&'static [&'static str; N], [T; N]);

/// What stands in the file.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Reading {
    pub(super) settings: Settings,
    /// What makes no sense.
    pub(super) mistakes: Vec<Mistake>,
}

/// A value that cannot be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotASetting {
    /// The key in the file.
    pub(crate) key: &'static str,
    /// Why.
    pub(crate) what: Wrong,
}

/// Reads the settings in `text`. A key that is missing or makes no sense has its default.
///
/// # Errors
/// Where nothing in it can be used: it is not TOML, or of another version.
pub(super) fn read(text: &str) -> Result<Reading, Mistake> {
    let document = parse(text, VERSION)?;
    let mut reading = Reading::default();
    for (key, take) in KEYS {
        let Some(item) = document.get(key) else { continue };
        if let Err(what) = take(item, &mut reading.settings) {
            reading.mistakes.push(mistake_at(text, item.span(), key, what));
        }
    }
    Ok(reading)
}

/// `text` with what differs between `before` and `after` set to what `after` says: what else was edited by hand stays.
/// The start at sign-in is as `after` says in any case, since it is not the file's to say.
///
/// # Errors
/// As [`read`].
pub(super) fn with_changed(text: &str, before: &Settings, after: &Settings) -> Result<String, Mistake> {
    let in_file = read(text)?.settings;
    let from = Settings { start_at_sign_in: !after.start_at_sign_in, ..before.clone() };
    let mut document: DocumentMut = text.parse().map_err(|error| explain(text, &error))?;
    if text.trim().is_empty() {
        document["version"] = toml_edit::value(VERSION);
    }
    for (((key, after), (_, from)), (_, in_file)) in values(after).into_iter().zip(values(&from)).zip(values(&in_file))
    {
        let after_text = after.to_string();
        if from.to_string() != after_text && in_file.to_string() != after_text {
            set(document.as_table_mut(), key, after);
        }
    }
    Ok(with_ends_of(text, &document.to_string()))
}

/// Whether all of it can be set.
///
/// # Errors
/// The first value that cannot.
pub(crate) fn check(settings: &Settings) -> Result<(), NotASetting> {
    let mut checked = Settings::default();
    for ((key, value), (_, take)) in values(settings).into_iter().zip(KEYS) {
        take(&Item::Value(value), &mut checked).map_err(|what| NotASetting { key, what })?;
    }
    Ok(())
}

type Take = fn(&Item, &mut Settings) -> Result<(), Wrong>;

/// Every key, and how it is read. In the order of [`values`].
const KEYS: [(&str, Take); 7] = [
    ("theme", |item, to| {
        to.theme = one_of(item, THEMES)?;
        Ok(())
    }),
    ("language", |item, to| {
        to.language = one_of(item, LANGUAGES)?;
        Ok(())
    }),
    ("clipboard_seconds", |item, to| {
        let seconds = number(item).filter(|seconds| *seconds == 0 || CLIPBOARD_SECONDS.contains(seconds));
        to.clipboard_seconds =
            seconds.ok_or(Wrong::OutOfRange(*CLIPBOARD_SECONDS.start(), *CLIPBOARD_SECONDS.end()))?;
        Ok(())
    }),
    ("notices", |item, to| {
        to.notices = one_of(item, NOTICES)?;
        Ok(())
    }),
    ("activity_days", |item, to| {
        let days = number(item).filter(|days| *days <= MAX_ACTIVITY_DAYS);
        to.activity_days = days.ok_or(Wrong::OutOfRange(1, MAX_ACTIVITY_DAYS))?;
        Ok(())
    }),
    ("browser", |item, to| {
        let text = item.as_str().ok_or(Wrong::NoString)?.trim();
        browser::check(text)?;
        text.clone_into(&mut to.browser);
        Ok(())
    }),
    ("start_at_sign_in", |item, to| {
        to.start_at_sign_in = item.as_bool().ok_or(Wrong::NoBoolean)?;
        Ok(())
    }),
];

/// Every value as it stands in the file, by its key.
fn values(settings: &Settings) -> [(&'static str, Value); 7] {
    [
        ("theme", name_of(settings.theme, THEMES).into()),
        ("language", name_of(settings.language, LANGUAGES).into()),
        ("clipboard_seconds", i64::from(settings.clipboard_seconds).into()),
        ("notices", name_of(settings.notices, NOTICES).into()),
        ("activity_days", i64::from(settings.activity_days).into()),
        ("browser", settings.browser.trim().into()),
        ("start_at_sign_in", settings.start_at_sign_in.into()),
    ]
}

fn one_of<T: Copy, const N: usize>(item: &Item, Names(names, values): Names<T, N>) -> Result<T, Wrong> {
    let place = item.as_str().and_then(|name| names.iter().position(|of| *of == name));
    place.and_then(|place| values.get(place)).copied().ok_or(Wrong::NoneOf(names))
}

fn name_of<T: PartialEq, const N: usize>(one: T, Names(names, values): Names<T, N>) -> &'static str {
    let place = values.iter().position(|of| *of == one);
    place.and_then(|place| names.get(place)).copied().unwrap_or_default()
}

fn number(item: &Item) -> Option<u32> {
    item.as_integer().and_then(|number| u32::try_from(number).ok())
}
