//! Where the resident listens: one address a user.

use std::path::PathBuf;

/// The address of the local API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// A Unix socket's path, or a Windows pipe's name (`\\.\pipe\…`).
    pub path: PathBuf,
}

impl Place {
    /// The place for the user who runs this program.
    ///
    /// Linux: `$XDG_RUNTIME_DIR/gatepass/api`, else `/tmp/gatepass-UID/api`. macOS: `$TMPDIR/gatepass/api`. Windows:
    /// `\\.\pipe\gatepass-USER-api`. `GATEPASS_RUNTIME_DIR` overrides the folder on Unix, and the middle of the name on Windows, so that
    /// tests and a second installation keep apart.
    pub fn of_this_user() -> Self {
        #[cfg(unix)]
        let path = unix_folder().join("api");
        #[cfg(windows)]
        let path = PathBuf::from(format!(r"\\.\pipe\gatepass-{}-api", windows_user()));
        Self { path }
    }
}

#[cfg(unix)]
fn unix_folder() -> PathBuf {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = set("GATEPASS_RUNTIME_DIR") {
        return folder;
    }
    let runtime = if cfg!(target_os = "macos") { set("TMPDIR") } else { set("XDG_RUNTIME_DIR") };
    match runtime {
        Some(folder) => folder.join("gatepass"),
        None => PathBuf::from(format!("/tmp/gatepass-{}", rustix::process::getuid().as_raw())),
    }
}

#[cfg(windows)]
fn windows_user() -> String {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let name = set("GATEPASS_RUNTIME_DIR").or_else(|| set("USERNAME")).unwrap_or_default();
    name.to_string_lossy().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect()
}
