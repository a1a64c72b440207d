//! The icon in the tray and its menu: applies what [`tray::render`](super::tray::render) says, and touches nothing that
//! is right already. A desktop without a tray, or whose tray comes and goes, is no error.

use gatepass_wire::Status;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};
use tokio::sync::{mpsc, oneshot};

use super::tray::{Deed, Entry, TrayView};

/// The icon, from the first time that there was a tray for it.
pub struct Tray {
    shell: AppHandle,
    deeds: mpsc::UnboundedSender<Deed>,
    icon: Option<TrayIcon>,
    shown: Option<TrayView>,
}

impl Tray {
    /// An icon that is nowhere yet. What is clicked is sent to `deeds`.
    pub fn new(shell: AppHandle, deeds: mpsc::UnboundedSender<Deed>) -> Self {
        Self { shell, deeds, icon: None, shown: None }
    }

    /// Whether there is an icon.
    pub fn is_shown(&self) -> bool {
        self.shown.is_some()
    }

    /// Shows `view`. Returns whether there is an icon now; without one, nothing is remembered, so that the next call
    /// tries again.
    pub async fn show(&mut self, view: TrayView) -> bool {
        if self.shown.as_ref() == Some(&view) {
            return true;
        }
        let applied = match self.icon.clone() {
            Some(icon) => {
                let (shell, shown, view) = (self.shell.clone(), self.shown.clone(), view.clone());
                self.on_main_thread(move || update(&shell, &icon, shown.as_ref(), &view).map(|()| icon)).await
            }
            None => {
                let (shell, deeds, view) = (self.shell.clone(), self.deeds.clone(), view.clone());
                self.on_main_thread(move || build(&shell, deeds, &view)).await
            }
        };
        match applied {
            Some(Ok(icon)) => {
                self.icon = Some(icon);
                self.shown = Some(view);
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

fn build(shell: &AppHandle, deeds: mpsc::UnboundedSender<Deed>, view: &TrayView) -> tauri::Result<TrayIcon> {
    let clicked = deeds.clone();
    TrayIconBuilder::with_id("gatepass")
        .title("Gatepass")
        .tooltip(tooltip(view))
        .icon(picture(view.icon))
        // macOS draws it in the colour of its menu bar: there, the shape alone tells.
        .icon_as_template(true)
        .menu(&menu(shell, &view.entries)?)
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_menu_event(move |_, event| {
            if let Some(deed) = Deed::of_id(event.id().as_ref()) {
                // Whoever receives is gone only while quitting.
                let _ = deeds.send(deed);
            }
        })
        .on_tray_icon_event(move |_, event| {
            if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event
                && !cfg!(target_os = "macos")
            {
                let _ = clicked.send(Deed::Open);
            }
        })
        .build(shell)
}

/// Touches only what is another than before: a menu that is set again closes under the pointer on some desktops.
fn update(shell: &AppHandle, icon: &TrayIcon, shown: Option<&TrayView>, view: &TrayView) -> tauri::Result<()> {
    if shown.is_none_or(|shown| shown.icon != view.icon) {
        icon.set_icon_with_as_template(Some(picture(view.icon)), true)?;
    }
    if shown.is_none_or(|shown| shown.tooltip != view.tooltip) {
        icon.set_tooltip(Some(tooltip(view)))?;
    }
    if shown.is_none_or(|shown| shown.entries != view.entries) {
        icon.set_menu(Some(menu(shell, &view.entries)?))?;
    }
    Ok(())
}

fn menu(shell: &AppHandle, entries: &[Entry]) -> tauri::Result<Menu<Wry>> {
    let menu = Menu::new(shell)?;
    for entry in entries {
        match entry {
            Entry::Heading(text) => menu.append(&MenuItem::new(shell, literally(text), false, None::<&str>)?)?,
            Entry::Item { deed, label, enabled } => {
                menu.append(&MenuItem::with_id(shell, deed.id(), literally(label), *enabled, None::<&str>)?)?;
            }
            Entry::Separator => menu.append(&PredefinedMenuItem::separator(shell)?)?,
        }
    }
    Ok(menu)
}

/// Linux puts the title above it; elsewhere a tooltip stands alone.
fn tooltip(view: &TrayView) -> String {
    if cfg!(target_os = "linux") { view.tooltip.clone() } else { format!("Gatepass: {}", view.tooltip) }
}

/// Text in which `&` underlines nothing.
fn literally(text: &str) -> String {
    text.replace('&', "&&")
}

fn picture(status: Status) -> Image<'static> {
    match status {
        Status::SignedIn => tauri::include_image!("../icons/tray-signed-in.png"),
        Status::Renewing => tauri::include_image!("../icons/tray-renewing.png"),
        Status::Offline => tauri::include_image!("../icons/tray-offline.png"),
        Status::Blocked => tauri::include_image!("../icons/tray-blocked.png"),
        Status::SignInNeeded => tauri::include_image!("../icons/tray-sign-in-needed.png"),
        Status::SignedOut => tauri::include_image!("../icons/tray-signed-out.png"),
    }
}
