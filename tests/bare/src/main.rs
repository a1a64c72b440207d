//! The yardstick of `script/bench`: as little as a Tauri program can be in each of Gatepass's two roles, built from the
//! same lock file with the same features of Tauri. It shall never learn anything that Gatepass does.
//!
//! `gatepass-bare tray` is an icon with a menu of one entry and never a webview; `gatepass-bare window` is one window of
//! the size of ours with a page that only draws text; `gatepass-bare hidden` is both in one process, the window hidden,
//! which is how programs in the tray are usually made.

use tauri::menu::{Menu, MenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{App, WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    let role = std::env::args().nth(1).unwrap_or_default();
    tauri::Builder::default()
        .setup(move |app| {
            match role.as_str() {
                "tray" => tray(app)?,
                "hidden" => {
                    tray(app)?;
                    window(app, false)?;
                }
                _ => window(app, true)?,
            }
            Ok(())
        })
        .run(tauri::generate_context!())
}

fn tray(app: &App) -> tauri::Result<()> {
    let quit = MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?;
    TrayIconBuilder::with_id("bare")
        .icon(tauri::include_image!("../../icons/tray-signed-out.png"))
        .menu(&Menu::with_items(app, &[&quit])?)
        .on_menu_event(|app, _| app.exit(0))
        .build(app)?;
    Ok(())
}

fn window(app: &App, is_visible: bool) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
        .title("Bare")
        .inner_size(880.0, 600.0)
        .visible(is_visible)
        .build()?;
    Ok(())
}
