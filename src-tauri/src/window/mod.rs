//! The role *window*: a webview with our page in it, and nothing else. It draws what the resident tells and passes on
//! what the person wants. It may end at any moment, and nothing is lost.

mod commands;
mod page;
mod theme;
mod trouble;
mod watching;

use anyhow::Context as _;
use gatepass_app::{Logging, Paths, WindowLock};
use gatepass_wire::Theme;
use gatepass_wire::place::Place;
use tauri::webview::NewWindowResponse;
use tauri::{Runtime, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use crate::program;
use page::Page;

/// The label that the capability file grants the commands to.
const LABEL: &str = "main";

/// Shows the window until it is closed, or brings forward the one that is open.
///
/// # Errors
/// Where no window can be made, or the other window's resident does not answer.
pub fn run(paths: &Paths, place: Place, started_by_resident: bool) -> anyhow::Result<()> {
    gatepass_app::start_logging(paths, Logging::Stderr);
    let _the_one_window = match WindowLock::take(paths) {
        Ok(Some(lock)) => Some(lock),
        // The resident that started this process has the other window on the line, or will have in a moment. Asking it
        // to show "the" window would have it start this program once more.
        Ok(None) if started_by_resident => return Ok(()),
        Ok(None) => return program::show_window_of_another_process(&place),
        // A resident will not start either, and only a window can tell a person so.
        Err(error) => {
            tracing::warn!("{:#}", anyhow::Error::from(error));
            None
        }
    };
    let page = Page::default();
    // Before the webview is made: a resident that must be started first is ready by the time the page is.
    let theme = gatepass_app::settings_on_disk(paths).theme;
    let told = watching::start(place.clone(), page.clone(), paths.log_file(), started_by_resident, theme)?;
    let app = commands::with_handler(tauri::Builder::default())
        .manage(page)
        .manage(place)
        .build(crate::context())
        .context("the event loop cannot be had")?;
    // Not in Tauri's setup, where an error would end the process with a panic.
    told.window(open(&app, theme).context("the window cannot be made")?);
    app.run(|_, _| {});
    Ok(())
}

fn open<R: Runtime>(app: &tauri::App<R>, set: Theme) -> tauri::Result<WebviewWindow<R>> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Gatepass")
        .inner_size(880.0, 600.0)
        .min_inner_size(320.0, 480.0)
        .theme(theme::native(set))
        .on_navigation(is_our_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .devtools(cfg!(debug_assertions))
        .build()
}

/// Brings the window in front of the others, as far as the desktop lets a program do that.
fn come_forward<R: Runtime>(window: &WebviewWindow<R>) {
    let shown = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be brought forward");
    }
}

/// Whether the page may go there: only to itself. (Tauri lets its isolation frame pass before it asks.)
fn is_our_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Windows has no schemes of its own for webviews.
        "http" | "https" if cfg!(windows) => url.host_str() == Some("tauri.localhost") && url.port().is_none(),
        // The page as it is developed, served by Vite.
        "http" if cfg!(not(feature = "custom-protocol")) => {
            url.host_str() == Some("localhost") && url.port() == Some(1420)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
