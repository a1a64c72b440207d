//! The theme of what the page does not draw: the frame where the desktop lets a program choose, menus, and what the page's
//! media queries are told.

use gatepass_wire::Theme;

/// The theme that is set, and what the system had before one was.
#[derive(Debug)]
pub struct Shown {
    set: Theme,
    /// On Linux alone: the toolkit there keeps no system theme that a program could go back to.
    system: Option<tauri::Theme>,
}

impl Shown {
    /// A window that is still to be made.
    pub fn new(set: Theme) -> Self {
        Self { set, system: None }
    }

    /// The window is made, and was not touched yet. On the main thread. The theme to show it in, if not as it is.
    pub fn is_made(&mut self) -> Option<tauri::Theme> {
        self.system = of_the_toolkit();
        native(self.set)
    }

    /// Another one is set: whether it is another, and the theme to show the window in.
    pub fn set(&mut self, set: Theme) -> Option<Option<tauri::Theme>> {
        let is_other = std::mem::replace(&mut self.set, set) != set;
        is_other.then(|| native(set).or(self.system))
    }
}

/// The theme as Tauri has it; `None` for the system's.
pub fn native(theme: Theme) -> Option<tauri::Theme> {
    match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    }
}

/// What GTK has from the person's settings, or from the desktop's portal by way of Tauri.
#[cfg(target_os = "linux")]
fn of_the_toolkit() -> Option<tauri::Theme> {
    use gtk::prelude::GtkSettingsExt as _;
    // Another thread would make it panic, and so would a test without a display.
    let settings = gtk::is_initialized_main_thread().then(gtk::Settings::default).flatten()?;
    Some(if settings.is_gtk_application_prefer_dark_theme() { tauri::Theme::Dark } else { tauri::Theme::Light })
}

#[cfg(not(target_os = "linux"))]
fn of_the_toolkit() -> Option<tauri::Theme> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_shown_and_the_systems_again() {
        let mut shown = Shown { set: Theme::System, system: Some(tauri::Theme::Dark) };
        assert_eq!(shown.set(Theme::System), None, "nothing changed");
        assert_eq!(shown.set(Theme::Light), Some(Some(tauri::Theme::Light)));
        assert_eq!(shown.set(Theme::System), Some(Some(tauri::Theme::Dark)));
    }

    #[test]
    fn a_window_without_a_theme_of_its_own_is_left_as_the_system_has_it() {
        assert_eq!(Shown::new(Theme::System).is_made(), None);
        assert_eq!(Shown::new(Theme::Dark).is_made(), Some(tauri::Theme::Dark));
    }
}
