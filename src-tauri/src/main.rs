//! The shell of Gatepass: one program in two roles, as two processes.
//!
//! The *resident* owns what must never fall over: sessions, tray, notices, clipboard, deep links. It never makes a
//! webview. The *window* is a webview and nothing else, a client of the resident over the local API: it holds no session
//! and no token, and closing it ends its process. Started without a word, the program becomes the window and sees to it
//! that there is a resident.
//!
//! Start reading at [`Role::of`], then [`resident::run`] and [`window::run`].

// A console of its own would open beside the window.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod environment;
mod program;
mod resident;
mod role;
#[cfg(test)]
mod samples;
mod starting;
mod window;

use std::process::ExitCode;

use gatepass_app::Paths;
use gatepass_wire::place::Place;

use role::Role;

fn main() -> ExitCode {
    let role = Role::of(std::env::args().skip(1));
    environment::prepare(&role);
    match act(role) {
        Ok(code) => code,
        Err(error) => {
            // Once: the log goes to standard error too. One that is gone must not become a panic.
            if tracing::dispatcher::has_been_set() {
                tracing::error!("{error:#}");
            } else {
                let mut stderr = std::io::stderr();
                let _ = std::io::Write::write_fmt(&mut stderr, format_args!("gatepass-desktop: {error:#}\n"));
            }
            program::exit_code(&error)
        }
    }
}

fn act(role: Role) -> anyhow::Result<ExitCode> {
    let paths = Paths::of_this_user()?;
    gatepass_app::speak(gatepass_app::language_as_set(gatepass_app::settings_on_disk(&paths).language));
    match role {
        Role::Resident { started_by_window } => return resident::run(paths, started_by_window),
        Role::Window { started_by_resident } => window::run(&paths, Place::of_this_user(), started_by_resident)?,
        Role::Deliver(redirect) => program::deliver(&Place::of_this_user(), redirect)?,
        Role::Misused(what) => anyhow::bail!("unknown argument {what:?}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// The page, its policy and the icons, embedded once for both roles.
fn context<R: tauri::Runtime>() -> tauri::Context<R> {
    tauri::generate_context!()
}
