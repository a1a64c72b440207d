//! The environment, put in order before anything reads it and before there is a second thread.

use std::process::Command;

use crate::role::Role;

/// Lets a test drive the webview. WebKit and Tauri read it at any time, in release builds too.
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Has WebKit paint without the graphics card; `0` turns that off.
const NO_COMPOSITING: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Takes the WebDriver switch away unless this build is for tests, works around WebKit's blank windows on Nvidia's
/// driver, and keeps the window off the graphics card.
pub fn prepare(role: &Role) {
    if !cfg!(feature = "automation") {
        remove(AUTOMATION);
    }
    // https://github.com/tauri-apps/tauri/issues/9304
    const DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if cfg!(target_os = "linux")
        && std::env::var_os(DMABUF).is_none()
        && std::path::Path::new("/proc/driver/nvidia").exists()
    {
        set(DMABUF, "1");
    }
    // Text and a few lines need no graphics card. Without it, no driver and no shader compiler is loaded: a quarter of
    // the window's memory, and much of its start where OpenGL is made by software, as in virtual machines. No fault of
    // a driver can leave the window blank either. WebKit keeps this way of painting for such programs.
    if cfg!(target_os = "linux") && matches!(role, Role::Window { .. }) && std::env::var_os(NO_COMPOSITING).is_none() {
        set(NO_COMPOSITING, "1");
    }
}

/// Keeps what is for the window alone from a program that it starts, which may start a browser in turn.
pub fn keep_from(command: &mut Command) {
    command.env_remove(NO_COMPOSITING);
}

#[allow(unsafe_code, reason = "the environment can only be changed while nobody else can read it")]
fn remove(name: &str) {
    // SAFETY: `prepare` is called by `main` before anything that could start a thread, so this is the only thread.
    unsafe { std::env::remove_var(name) }
}

#[allow(unsafe_code, reason = "the environment can only be changed while nobody else can read it")]
fn set(name: &str, value: &str) {
    // SAFETY: as in `remove`.
    unsafe { std::env::set_var(name, value) }
}
