//! What the page may do: exactly what it is granted, in no other place.

use std::collections::BTreeSet;

use base64::Engine as _;
use gatepass_wire::Settings;
use gatepass_wire::place::Place;
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewWindow};

use super::*;

/// The commands as build.rs declares them.
fn declared() -> BTreeSet<&'static str> {
    env!("GATEPASS_COMMANDS").split(',').collect()
}

/// The real commands behind the real capability file, in a runtime without a display.
fn program(folder: &std::path::Path) -> App<MockRuntime> {
    commands::with_handler(mock_builder())
        .manage(Page::default())
        .manage(Place { path: folder.join("nobody-listens-here") })
        .build(crate::context())
        .expect("a program")
}

fn window(app: &App<MockRuntime>, label: &str) -> WebviewWindow<MockRuntime> {
    WebviewWindowBuilder::new(app, label, Default::default()).build().expect("a window")
}

/// What a page at `url` is answered to `command`.
fn ask(window: &WebviewWindow<MockRuntime>, url: &str, command: &str) -> Result<serde_json::Value, String> {
    let draft = serde_json::json!({ "name": "", "issuer": "", "client_id": "", "redirect_uri": "" });
    let arguments = serde_json::json!({
        "profile": "a", "asSomeoneElse": false, "replace": false, "draft": draft, "channel": "__CHANNEL__:1",
        "what": "curl", "group": "ops", "audience": "a", "maySignOut": false, "name": "n", "up": true, "asLink": true, "text": "t",
        "settings": Settings::default(), "of": "log", "withNames": false,
        "withCode": false, "inBrowser": false, "accept": false, "key": "k", "method": "GET", "url": "u",
    });
    let request = InvokeRequest {
        cmd: command.into(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: url.parse().expect("a URL"),
        body: InvokeBody::Json(arguments),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.into(),
    };
    get_ipc_response(window, request)
        .map(|body| body.deserialize().expect("JSON"))
        .map_err(|refusal| refusal.as_str().unwrap_or_default().to_owned())
}

const OURS: &str = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };

#[test]
fn every_declared_command_is_granted_and_handled() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = program(folder.path());
    let window = window(&app, LABEL);
    for command in declared() {
        let answered = ask(&window, OURS, command).unwrap_or_else(|refusal| panic!("{command}: {refusal}"));
        if command != "watch" {
            // Handled: it went as far as looking for the resident.
            assert_eq!(answered["answer"], "refused", "{command}");
            assert_eq!(answered["code"], "resident-not-reached", "{command}");
        }
    }
}

#[test]
fn what_is_granted_is_what_is_declared() {
    let capability = include_str!("../../capabilities/window.json");
    let capability: serde_json::Value = serde_json::from_str(capability).expect("JSON");
    let granted: BTreeSet<String> = capability["permissions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|permission| {
            let permission = permission.as_str().expect("by name");
            permission.strip_prefix("allow-").expect("a command of ours").replace('-', "_")
        })
        .collect();
    assert_eq!(granted.iter().map(String::as_str).collect::<BTreeSet<_>>(), declared());
}

#[test]
fn the_isolation_frame_lets_through_what_is_declared() {
    let frame = include_str!("../../isolation/isolation.js");
    let lets_through: BTreeSet<&str> = frame
        .lines()
        .filter_map(|line| line.trim().strip_prefix("['")?.split_once("', {").map(|(command, _)| command))
        .collect();
    assert_eq!(lets_through, declared());
}

#[test]
fn a_command_that_is_not_granted_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = program(folder.path());
    let window = window(&app, LABEL);
    for command in
        ["show_window", "deliver_redirect", "plugin:shell|open", "plugin:shell|execute", "plugin:event|listen"]
    {
        let refusal = ask(&window, OURS, command).expect_err(command);
        assert!(refusal.contains("not allowed") || refusal.contains("not found"), "{command}: {refusal}");
    }
}

#[test]
fn another_window_and_another_origin_are_granted_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = program(folder.path());
    let (main, other) = (window(&app, LABEL), window(&app, "other"));
    for command in declared() {
        assert!(ask(&other, OURS, command).is_err(), "{command} from another window");
        assert!(ask(&main, "https://evil.example/", command).is_err(), "{command} from another origin");
    }
}

#[test]
fn the_page_goes_nowhere_but_to_itself() {
    let goes = |url: &str| is_our_own(&url.parse().expect("a URL"));
    assert!(goes(&format!("{OURS}/index.html")));
    for elsewhere in [
        "https://evil.example/",
        "http://localhost:8080/",
        "file:///etc/passwd",
        "data:text/html,x",
        "about:blank",
        "tauri://evil.example/",
        "dev.gatepass.desktop:/redirect",
    ] {
        assert!(!goes(elsewhere), "{elsewhere}");
    }
}

/// Tauri hides its isolation frame by an inline style, and forgets to allow it: the policy in `tauri.conf.json` does. If
/// Tauri changes the style, the frame shows as an empty box below the page.
#[test]
fn the_policy_lets_the_isolation_frame_be_hidden() {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(tauri::utils::pattern::isolation::IFRAME_STYLE);
    let policy = crate::context::<MockRuntime>().config().app.security.csp.clone().expect("a policy").to_string();
    assert!(
        policy.contains(&format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(hash))),
        "{policy}"
    );
}

#[test]
fn the_policy_lets_nothing_in_from_elsewhere() {
    let policy = crate::context::<MockRuntime>().config().app.security.csp.clone().expect("a policy").to_string();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    for careless in ["unsafe", "https:", "*", "blob:"] {
        assert!(!policy.contains(careless), "{careless} in {policy}");
    }
}
