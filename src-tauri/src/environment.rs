//! The environment, put in order before anything reads it and before there is a second thread.

use std::path::Path;
use std::process::Command;

use crate::role::Role;

/// Lets a test drive the webview. WebKit and Tauri read it at any time, in release builds too.
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Has WebKit paint without OpenGL; `0` turns that off.
const NO_COMPOSITING: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Takes the WebDriver switch away unless this build is for tests, works around WebKit's blank windows on Nvidia's
/// driver, and keeps the window from an OpenGL that would only be imitated.
pub fn prepare(role: &Role) {
    if !cfg!(feature = "automation") {
        remove(AUTOMATION);
    }
    // https://github.com/tauri-apps/tauri/issues/9304
    const DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if cfg!(target_os = "linux") && std::env::var_os(DMABUF).is_none() && Path::new("/proc/driver/nvidia").exists() {
        set(DMABUF, "1");
    }
    // In a virtual machine or over a remote desktop there is often no graphics card. WebKit would load a driver that
    // imitates one and a compiler for its shaders, to draw text and a few lines: a quarter of the window's memory and
    // much of its start. WebDriver's pictures of the window never come without, so a build for tests goes without this.
    if cfg!(target_os = "linux")
        && !cfg!(feature = "automation")
        && matches!(role, Role::Window { .. })
        && std::env::var_os(NO_COMPOSITING).is_none()
        && !has_graphics_card(Path::new("/dev/dri"))
    {
        set(NO_COMPOSITING, "1");
    }
}

/// Keeps what is for the window alone from a program that it starts, which may start a browser in turn.
pub fn keep_from(command: &mut Command) {
    command.env_remove(NO_COMPOSITING);
}

/// Whether the folder of the kernel's graphics devices has one that draws.
fn has_graphics_card(devices: &Path) -> bool {
    let Ok(mut devices) = devices.read_dir() else { return false };
    devices.any(|device| device.is_ok_and(|device| device.file_name().to_string_lossy().starts_with("renderD")))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graphics_card_is_a_device_that_draws() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(!has_graphics_card(&folder.path().join("nothing")));
        // A screen alone: what virtual machines often have.
        std::fs::write(folder.path().join("card0"), "").expect("a file");
        assert!(!has_graphics_card(folder.path()));
        std::fs::write(folder.path().join("renderD128"), "").expect("a file");
        assert!(has_graphics_card(folder.path()));
    }
}
