//! The icon in the tray and its menu: applies what [`tray::render`](super::tray::render) says, and touches nothing that
//! is right already. A desktop without a tray, or whose tray comes and goes, is no error.

use gatepass_wire::{Intent, Status};
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};
use tokio::sync::{mpsc, oneshot};

use super::tray::{Deed, Entry, Icon, TrayView};

/// The icon, from the first time that there was a tray for it.
pub struct Tray {
    shell: AppHandle,
    intents: mpsc::UnboundedSender<Intent>,
    icon: Option<TrayIcon>,
    shown: Option<Shown>,
}

/// What the desktop has of us.
struct Shown {
    view: TrayView,
    lines: Vec<Line>,
}

/// A line of the menu as the desktop has it; `None` for a separator.
type Line = Option<MenuItem<Wry>>;

impl Tray {
    /// An icon that is nowhere yet. What is clicked is sent to `intents`.
    pub fn new(shell: AppHandle, intents: mpsc::UnboundedSender<Intent>) -> Self {
        Self { shell, intents, icon: None, shown: None }
    }

    /// Whether there is an icon.
    pub fn is_shown(&self) -> bool {
        self.shown.is_some()
    }

    /// Shows `view`. Returns whether there is an icon now; without one, nothing is remembered, so that the next call
    /// tries again.
    pub async fn show(&mut self, view: TrayView) -> bool {
        let shown = match self.shown.take() {
            Some(shown) if shown.view == view => {
                self.shown = Some(shown);
                return true;
            }
            shown => shown,
        };
        let applied = match self.icon.clone() {
            Some(icon) => {
                let shell = self.shell.clone();
                self.on_main_thread(move || Ok((update(&shell, &icon, shown, view)?, icon))).await
            }
            None => {
                let (shell, intents) = (self.shell.clone(), self.intents.clone());
                self.on_main_thread(move || build(&shell, intents, view)).await
            }
        };
        match applied {
            Some(Ok((shown, icon))) => {
                self.icon = Some(icon);
                self.shown = Some(shown);
            }
            Some(Err(error)) => tracing::warn!(%error, "the tray does not take the icon"),
            // The event loop ended.
            None => {}
        }
        self.icon.is_some()
    }

    /// Menus belong to the main thread on every system.
    async fn on_main_thread<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (done, finished) = oneshot::channel();
        self.shell.run_on_main_thread(move || drop(done.send(work()))).ok()?;
        finished.await.ok()
    }
}

fn build(
    shell: &AppHandle,
    intents: mpsc::UnboundedSender<Intent>,
    view: TrayView,
) -> tauri::Result<(Shown, TrayIcon)> {
    let clicked = intents.clone();
    let (menu, lines) = menu(shell, &view.entries)?;
    let icon = TrayIconBuilder::with_id("gatepass")
        .title("Gatepass")
        .tooltip(tooltip(&view))
        .icon(picture(view.icon))
        // macOS draws it in the colour of its menu bar: there, the shape alone tells.
        .icon_as_template(true)
        .menu(&menu)
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_menu_event(move |_, event| {
            if let Some(deed) = Deed::of_id(event.id().as_ref()) {
                // Whoever receives is gone only while quitting.
                let _ = intents.send(deed.intent());
            }
        })
        .on_tray_icon_event(move |_, event| {
            if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event
                && !cfg!(target_os = "macos")
            {
                let _ = clicked.send(Intent::ShowWindow);
            }
        })
        .build(shell)?;
    Ok((Shown { view, lines }, icon))
}

/// Touches only what is another than before. Where `shown` is `None`, it is not known what the desktop has.
fn update(shell: &AppHandle, icon: &TrayIcon, shown: Option<Shown>, view: TrayView) -> tauri::Result<Shown> {
    let before = shown.as_ref().map(|shown| &shown.view);
    if before.is_none_or(|before| before.icon != view.icon) {
        icon.set_icon_with_as_template(Some(picture(view.icon)), true)?;
    }
    if before.is_none_or(|before| before.tooltip != view.tooltip) {
        icon.set_tooltip(Some(tooltip(&view)))?;
    }
    let lines = match shown {
        Some(shown) if view.has_lines_of(&shown.view) => {
            rewrite(&shown, &view.entries)?;
            shown.lines
        }
        _ => {
            let (menu, lines) = menu(shell, &view.entries)?;
            icon.set_menu(Some(menu))?;
            lines
        }
    };
    Ok(Shown { view, lines })
}

/// Changes what stands in the lines of the menu, and none of the lines: a menu that is set anew closes under the pointer,
/// or flickers.
fn rewrite(shown: &Shown, entries: &[Entry]) -> tauri::Result<()> {
    for ((line, before), after) in shown.lines.iter().zip(&shown.view.entries).zip(entries) {
        let Some(line) = line.as_ref().filter(|_| before != after) else { continue };
        match after {
            Entry::Heading(text) => line.set_text(literally(text))?,
            Entry::Item { label, enabled, .. } => {
                line.set_text(literally(label))?;
                line.set_enabled(*enabled)?;
            }
            Entry::Separator => {}
        }
    }
    Ok(())
}

/// A menu and its lines.
fn menu(shell: &AppHandle, entries: &[Entry]) -> tauri::Result<(Menu<Wry>, Vec<Line>)> {
    let (menu, mut lines) = (Menu::new(shell)?, Vec::with_capacity(entries.len()));
    for entry in entries {
        let line = match entry {
            Entry::Heading(text) => Some(MenuItem::new(shell, literally(text), false, None::<&str>)?),
            Entry::Item { deed, label, enabled } => {
                Some(MenuItem::with_id(shell, deed.id(), literally(label), *enabled, None::<&str>)?)
            }
            Entry::Separator => None,
        };
        match &line {
            Some(line) => menu.append(line)?,
            None => menu.append(&PredefinedMenuItem::separator(shell)?)?,
        }
        lines.push(line);
    }
    Ok((menu, lines))
}

/// Linux puts the title above it; elsewhere a tooltip stands alone.
fn tooltip(view: &TrayView) -> String {
    if cfg!(target_os = "linux") { without_markup(&view.tooltip) } else { format!("Gatepass: {}", view.tooltip) }
}

/// Text that reads the same whether a desktop takes it for markup or not: some do, and would show what is escaped for
/// the others.
fn without_markup(text: &str) -> String {
    text.replace('&', "＆").replace('<', "‹").replace('>', "›")
}

/// Text in which `&` underlines nothing.
fn literally(text: &str) -> String {
    text.replace('&', "&&")
}

/// The gate with the shape of the state in it; a dotted gate where a session is in memory alone.
fn picture(icon: Icon) -> Image<'static> {
    match (icon.status, icon.memory_only) {
        (Status::SignedIn, false) => tauri::include_image!("../icons/tray-signed-in.png"),
        (Status::SignedIn, true) => tauri::include_image!("../icons/tray-signed-in-until-quit.png"),
        (Status::Renewing, false) => tauri::include_image!("../icons/tray-renewing.png"),
        (Status::Renewing, true) => tauri::include_image!("../icons/tray-renewing-until-quit.png"),
        (Status::Offline, false) => tauri::include_image!("../icons/tray-offline.png"),
        (Status::Offline, true) => tauri::include_image!("../icons/tray-offline-until-quit.png"),
        (Status::Blocked, false) => tauri::include_image!("../icons/tray-blocked.png"),
        (Status::Blocked, true) => tauri::include_image!("../icons/tray-blocked-until-quit.png"),
        (Status::SignInNeeded, false) => tauri::include_image!("../icons/tray-sign-in-needed.png"),
        (Status::SignInNeeded, true) => tauri::include_image!("../icons/tray-sign-in-needed-until-quit.png"),
        (Status::SignedOut, false) => tauri::include_image!("../icons/tray-signed-out.png"),
        (Status::SignedOut, true) => tauri::include_image!("../icons/tray-signed-out-until-quit.png"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Status; 6] =
        [Status::SignedIn, Status::Renewing, Status::Offline, Status::Blocked, Status::SignInNeeded, Status::SignedOut];

    /// What is drawn at the size of most panels, colours left out: how much of each of 22 by 22 pixels is covered.
    fn shape(icon: Icon) -> Vec<i32> {
        let picture = picture(icon);
        assert_eq!((picture.width(), picture.height()), (44, 44));
        let covered = |x: usize, y: usize| i32::from(picture.rgba()[(y * 44 + x) * 4 + 3]);
        let pixels = (0..22).flat_map(|y| (0..22).map(move |x| (2 * x, 2 * y)));
        pixels
            .map(|(x, y)| (covered(x, y) + covered(x + 1, y) + covered(x, y + 1) + covered(x + 1, y + 1)) / 4)
            .collect()
    }

    #[test]
    fn every_state_and_the_mark_are_told_apart_without_colour() {
        /// As many pixels as a stroke of the drawings is long.
        const AT_A_GLANCE: usize = 10;
        let icons: Vec<_> =
            ALL.into_iter().flat_map(|status| [false, true].map(|memory_only| Icon { status, memory_only })).collect();
        for (n, one) in icons.iter().enumerate() {
            for other in &icons[n + 1..] {
                let pairs = shape(*one).into_iter().zip(shape(*other));
                let n_different = pairs.filter(|(one, other)| (one - other).abs() > 96).count();
                assert!(n_different >= AT_A_GLANCE, "{one:?} and {other:?} differ in {n_different} pixels");
            }
        }
    }

    #[test]
    fn a_tooltip_has_nothing_that_could_be_markup() {
        assert_eq!(without_markup("R&D <b>: signed in"), "R＆D ‹b›: signed in");
    }
}
