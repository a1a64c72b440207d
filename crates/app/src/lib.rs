//! The resident without its shell: what the agent needs of the machine (keyring, browser, clock), the local API's
//! server, the conversion of what the agent knows into what may be drawn, and the words for people.
//!
//! This crate draws nothing. Tray, notices, clipboard and links are the shell's, which does what [`Shell`] asks.
//!
//! Start reading at [`App::start`].

mod activity;
mod app;
mod browser;
mod carry_out;
mod clock;
mod convert;
mod diagnostics;
mod hardening;
mod import;
mod invitation;
mod language;
mod lock;
mod logging;
mod machine;
mod note;
mod notices;
mod options;
mod problem;
mod report;
mod server;
mod settings;
mod system;
#[cfg(test)]
mod testing;
mod text;
mod vault;
mod words;

pub use app::{App, Clip, Shell, ShellRequest};
pub use browser::SystemBrowser;
pub use clock::SystemClock;
pub use gatepass_wire::{Activity, ActivityEntry};
pub use hardening::harden_process;
pub use import::is_link as is_profile_link;
pub use language::{language_as_set, speak, spoken};
pub use lock::{ResidentLock, WindowLock};
pub use logging::{Logging, start_logging};
pub use notices::{NoticeAction, NoticeForPeople, NoticeRequest};
pub use options::{AppOptions, Paths, StartError};
pub use settings::settings_on_disk;
pub use text::people_text;
pub use vault::KeyringVault;
pub use words::{NoResident, ShellWords, Texts};
