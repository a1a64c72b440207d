//! Starting this program, without its window, when the person signs in to the system: an entry in the desktop's autostart
//! folder on Linux (Desktop Application Autostart Specification), a launch agent on macOS, a value under `Run` in the
//! registry on Windows. The system's own settings can take it out again, so it is asked and not remembered.

use std::io;
use std::path::{Path, PathBuf};

use crate::program;

/// What names the entry.
const NAME: &str = "dev.gatepass.desktop";

/// Where this system keeps the entry.
pub struct SignInStart {
    #[cfg_attr(windows, expect(dead_code, reason = "the registry has one place"))]
    file: PathBuf,
}

impl SignInStart {
    /// As this user has it. `home` and `config` are their folders; which one counts, the system says.
    pub fn of_this_user(home: &Path, config: &Path) -> Self {
        let file = if cfg!(target_os = "macos") {
            home.join("Library/LaunchAgents").join(format!("{NAME}.plist"))
        } else {
            config.join("autostart").join(format!("{NAME}.desktop"))
        };
        Self { file }
    }

    /// Whether the system starts this program.
    pub fn is_on(&self) -> bool {
        system::is_on(self)
    }

    /// Has the system start this program, or not any more. May wait for the disk.
    ///
    /// # Errors
    /// What the system said.
    pub fn set(&self, start: bool) -> io::Result<()> {
        if !start {
            return system::take_out(self);
        }
        let path = program::path()?;
        let path = path.to_str().filter(|path| !path.contains(char::is_control));
        let path =
            path.ok_or_else(|| io::Error::other("the path of the program has characters that cannot be written"))?;
        system::put_in(self, path)
    }
}

/// An entry that is a file.
#[cfg(not(windows))]
mod system {
    use std::io;

    use gatepass_agent::edited_file::EditedFile;

    use super::SignInStart;

    pub(super) fn is_on(at: &SignInStart) -> bool {
        std::fs::read_to_string(&at.file).is_ok_and(|text| !super::is_switched_off(&text))
    }

    pub(super) fn take_out(at: &SignInStart) -> io::Result<()> {
        match std::fs::remove_file(&at.file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    pub(super) fn put_in(at: &SignInStart, program: &str) -> io::Result<()> {
        let entry =
            if cfg!(target_os = "macos") { super::launch_agent(program) } else { super::desktop_entry(program) };
        EditedFile::new(at.file.clone()).replace(&entry)
    }
}

#[cfg(windows)]
mod system {
    use std::io;

    use windows_registry::CURRENT_USER;

    use super::{NAME, SignInStart};

    const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
    /// What Task Manager and Settings switch off. The first byte of a value is odd where it is off.
    const APPROVED: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run";

    pub(super) fn is_on(_: &SignInStart) -> bool {
        let is_there = CURRENT_USER.open(RUN).and_then(|key| key.get_string(NAME)).is_ok();
        let approved = CURRENT_USER.open(APPROVED).and_then(|key| key.get_value(NAME));
        let is_off = approved.is_ok_and(|value| value.first().is_some_and(|first| first % 2 == 1));
        is_there && !is_off
    }

    pub(super) fn take_out(at: &SignInStart) -> io::Result<()> {
        if is_on(at) {
            CURRENT_USER.create(RUN)?.remove_value(NAME)?;
        }
        Ok(())
    }

    pub(super) fn put_in(_: &SignInStart, program: &str) -> io::Result<()> {
        // No path on Windows has a quote in it.
        CURRENT_USER.create(RUN)?.set_string(NAME, format!("\"{program}\" --resident"))?;
        // That it was switched off there before counts no longer. Where it never was, there is nothing to take out.
        let _ = CURRENT_USER.create(APPROVED).and_then(|key| key.remove_value(NAME));
        Ok(())
    }
}

/// A desktop's own settings switch an entry off by a key in it.
#[cfg(not(windows))]
fn is_switched_off(entry: &str) -> bool {
    let set = |key: &str, value: &str| {
        entry.lines().filter_map(|line| line.split_once('=')).any(|(k, v)| k.trim() == key && v.trim() == value)
    };
    set("Hidden", "true") || set("X-GNOME-Autostart-enabled", "false")
}

/// The Desktop Entry Specification quotes a path twice: as an argument of `Exec`, then as a string.
#[cfg(any(test, not(windows)))]
fn desktop_entry(program: &str) -> String {
    let mut quoted = String::new();
    for character in program.chars() {
        match character {
            '"' | '`' | '$' => quoted.push_str(r"\\"),
            '\\' => quoted.push_str(r"\\\"),
            '%' => quoted.push('%'),
            _ => {}
        }
        quoted.push(character);
    }
    format!(
        "[Desktop Entry]\nType=Application\nName=Gatepass\nComment=Sign-in companion for Okta\n\
         Exec=\"{quoted}\" --resident\nIcon=gatepass-desktop\nTerminal=false\nStartupNotify=false\nNoDisplay=true\n"
    )
}

/// As launchd.plist(5) has it.
#[cfg(any(test, not(windows)))]
fn launch_agent(program: &str) -> String {
    let escaped = program.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n<key>Label</key><string>{NAME}</string>\n<key>ProgramArguments</key>\n\
         <array><string>{escaped}</string><string>--resident</string></array>\n<key>RunAtLoad</key><true/>\n</dict>\n\
         </plist>\n"
    )
}

#[cfg(test)]
mod tests;
