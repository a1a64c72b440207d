//! Embeds the page, and writes the permission of each command that the page may be granted.

use std::path::Path;

/// Every command of `window::commands`. What is not in this list cannot be granted, and a test compares it with the
/// handler.
const COMMANDS: &[&str] = &[
    "watch",
    "sign_in",
    "cancel_sign_in",
    "copy_sign_in_link",
    "answer_other_person",
    "client_keys",
    "take_client_secret",
    "take_api_token",
    "forget_api_token",
    "make_client_key",
    "copy_public_key",
    "copy_curl",
    "copy_code",
    "refresh",
    "sign_out",
    "copy_access_token",
    "copy",
    "copy_token_for",
    "copy_groups",
    "copy_group",
    "copy_redirect_uri",
    "copy_note_for_admin",
    "find_out",
    "dismiss_problem",
    "activity",
    "check_profile",
    "add_profile",
    "edit_profile",
    "duplicate_profile",
    "move_profile",
    "remove_profile",
    "copy_profile",
    "save_profile",
    "read_profile",
    "take_offered",
    "answer_invitation",
    "change_settings",
    "places",
    "copy_place",
    "copy_diagnostics",
    "quit",
];

fn main() {
    println!("cargo::rerun-if-changed=../ui/dist");
    println!("cargo::rustc-env=GATEPASS_COMMANDS={}", COMMANDS.join(","));
    if !Path::new("../ui/dist/index.html").exists() {
        println!(
            "cargo::error=the page is not built: run `npm --prefix ui ci --ignore-scripts && npm --prefix ui run build` first"
        );
        return;
    }
    let commands = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
