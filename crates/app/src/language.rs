//! Which language this process speaks to people. There is one in a process, as there is one person before it.

use gatepass_wire::{Language, LanguageSetting};
use tokio::sync::watch;

/// The first of the system's languages, best first, that there are words for; else English.
pub fn system_language() -> Language {
    sys_locale::get_locales().find_map(|tag| Language::of_tag(&tag)).unwrap_or_default()
}

/// The language that a person has set.
pub fn language_as_set(setting: LanguageSetting) -> Language {
    match setting {
        LanguageSetting::System => system_language(),
        LanguageSetting::En => Language::English,
        LanguageSetting::De => Language::German,
    }
}

/// Speaks `language` from now on. Whoever watches an [`App`](crate::App) is told what is true in it at once; what was
/// said before stays said. Until it is called, English is spoken.
pub fn speak(language: Language) {
    with(|spoken| {
        spoken.send_if_modified(|was| std::mem::replace(was, language) != language);
    });
}

/// The language that is spoken now.
pub fn spoken() -> Language {
    with(|spoken| *spoken.borrow())
}

/// Tells of each change.
pub(crate) fn changes() -> watch::Receiver<Language> {
    with(watch::Sender::subscribe)
}

/// What `say` says in `language`, on this thread.
#[cfg(test)]
pub(crate) fn speaking<T>(language: Language, say: impl FnOnce() -> T) -> T {
    let before = spoken();
    speak(language);
    let said = say();
    speak(before);
    said
}

#[cfg(not(test))]
fn with<T>(read: impl FnOnce(&watch::Sender<Language>) -> T) -> T {
    static SPOKEN: std::sync::LazyLock<watch::Sender<Language>> = std::sync::LazyLock::new(watch::Sender::default);
    read(&SPOKEN)
}

/// Tests run beside each other in one process: each thread speaks for itself.
#[cfg(test)]
fn with<T>(read: impl FnOnce(&watch::Sender<Language>) -> T) -> T {
    thread_local! {
        static SPOKEN: watch::Sender<Language> = watch::Sender::default();
    }
    SPOKEN.with(read)
}
