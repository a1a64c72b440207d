//! ARCHITECTURE.md is held to its word: who depends on whom, and that every path it names is there. So are the other
//! documents, as far as they name paths, lead somewhere, or write profiles.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use gatepass_agent::Profile;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// What each package may depend on, of ours; in any kind of dependency. As in ARCHITECTURE.md.
const ALLOWED: &[(&str, &[&str])] = &[
    ("gatepass-oidc", &[]),
    ("gatepass-wire", &[]),
    ("gatepass-fake-okta", &[]),
    ("gatepass-agent", &["gatepass-oidc"]),
    ("gatepass-app", &["gatepass-agent", "gatepass-oidc", "gatepass-wire"]),
    ("gatepass-desktop", &["gatepass-app", "gatepass-agent", "gatepass-oidc", "gatepass-wire"]),
    ("gatepass-bare", &[]),
    ("gatepass-fleet", &["gatepass-agent", "gatepass-oidc"]),
    ("gatepass-relay", &[]),
    (
        "gatepass-tests",
        &["gatepass-app", "gatepass-agent", "gatepass-fake-okta", "gatepass-oidc", "gatepass-relay", "gatepass-wire"],
    ),
];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    serde_json::from_slice(&output.stdout).expect("metadata")
}

#[test]
fn nobody_depends_on_whom_they_may_not() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    let ours: BTreeSet<&str> = packages.iter().map(|package| package["name"].as_str().expect("a name")).collect();
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let allowed = ALLOWED
            .iter()
            .find(|(of, _)| *of == name)
            .unwrap_or_else(|| panic!("{name} is new: say what it may know"))
            .1;
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let on = dependency["name"].as_str().expect("a name");
            assert!(!ours.contains(on) || allowed.contains(&on), "{name} must not depend on {on}");
        }
    }
}

#[test]
fn no_frontend_type_reaches_the_agent_and_no_protocol_type_the_window() {
    let forbidden = [
        ("crates/agent/src", "derive(Serialize", "the agent's public types are not serializable"),
        ("crates/wire/src", "gatepass_", "wire knows nothing else of ours"),
        ("crates/oidc/src", "SystemTime::now", "the protocol knows no time but the one it is given"),
        ("ui/src/lib/wire", "access_token\":", "no type of the UI has a token"),
    ];
    for (folder, text, why) in forbidden {
        for (path, content) in files(&root().join(folder)) {
            let private_record = ["record.rs", "credentials.rs", "profiles_file.rs", "earlier_groups.rs"]
                .iter()
                .any(|name| path.ends_with(name));
            assert!(private_record || !content.contains(text), "{}: {why}", path.display());
        }
    }
}

#[test]
fn only_one_file_of_the_ui_imports_tauri() {
    for (path, content) in files(&root().join("ui/src")) {
        let is_the_door = path.ends_with("lib/backend/tauri.ts") || path.ends_with("lib/backend/tauri.test.ts");
        let is_a_list_of_names = path.ends_with("lib/licences.json");
        assert!(
            is_the_door || is_a_list_of_names || !content.contains("@tauri-apps/"),
            "{} imports Tauri",
            path.display()
        );
    }
}

/// What people read.
const DOCUMENTS: [&str; 16] = [
    "ARCHITECTURE.md",
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/decisions.md",
    "docs/errors.md",
    "docs/guide.md",
    "docs/reliability.md",
    "docs/settings.md",
    "docs/okta/apache.md",
    "docs/okta/app-wizard.md",
    "docs/okta/choosing.md",
    "docs/okta/kong.md",
    "docs/okta/mongodb.md",
    "docs/okta/openmetadata.md",
    "docs/okta/pomerium.md",
];

fn text_of(document: &Path) -> String {
    std::fs::read_to_string(root().join(document)).unwrap_or_else(|_| panic!("no {}", document.display()))
}

#[test]
fn every_path_that_the_documents_name_is_there() {
    for document in DOCUMENTS {
        let text = text_of(Path::new(document));
        for name in text.split('`').skip(1).step_by(2) {
            let path = name.split_whitespace().next().unwrap_or_default();
            let top = path.split('/').next().unwrap_or_default();
            let is_path =
                path.contains('/') && ["crates", "src-tauri", "ui", "tests", "script", "docs", "icons"].contains(&top);
            assert!(!is_path || root().join(path).exists(), "{document} names {path}, which is not there");
        }
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let folder = Path::new(document).parent().expect("a folder");
            let target = if path.is_empty() { document.into() } else { folder.join(path) };
            let is_there = || root().join(&target).exists();
            let leads_there = || heading.is_empty() || text_of(&target).lines().any(|line| slug(line) == heading);
            assert!(link.contains("://") || is_there() && leads_there(), "{document} links to {link}");
        }
    }
}

/// How a heading is linked to; of another line nothing.
fn slug(line: &str) -> String {
    let heading = line.strip_prefix('#').map(|rest| rest.trim_start_matches('#').trim()).unwrap_or_default();
    let kept = heading.chars().filter(|character| character.is_alphanumeric() || " -".contains(*character));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[test]
fn every_profile_that_the_documents_write_is_one() {
    let mut found = 0;
    for document in DOCUMENTS {
        let text = text_of(Path::new(document));
        for block in text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            if !block.contains("[[profile]]") {
                continue;
            }
            let parts = Profile::parts_in_toml(block).unwrap_or_else(|why| panic!("{document}: {why}\n{block}"));
            let read =
                parts.iter().map(|one| Profile::from_parts(one).unwrap_or_else(|why| panic!("{document}: {why}")));
            let written: String = read.map(|profile| profile.to_toml()).collect();
            // A key that is misspelt, or of a value that is none, is not written again.
            for line in block.lines().filter(|line| line.contains(" = ") && !line.starts_with(['#', 'v'])) {
                let key = line.split(" = ").next().unwrap_or_default();
                assert!(written.contains(&format!("{key} = ")), "{document}: {line}");
            }
            found += parts.len();
        }
    }
    assert!(found >= 8, "only {found} profiles are written");
}

#[test]
fn the_licences_that_the_window_shows_are_those_of_the_lock_files() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap_or_else(|_| panic!("no {path}"));
    let shown: Vec<[String; 3]> = serde_json::from_str(&read("ui/src/lib/licences.json")).expect("a list");
    let locked = read("Cargo.lock");
    let npm: Value = serde_json::from_str(&read("ui/package-lock.json")).expect("JSON");
    let is_locked = |name: &str, version: &str| {
        locked.contains(&format!("name = \"{name}\"\nversion = \"{version}\"\n"))
            || npm["packages"][format!("node_modules/{name}")]["version"] == version
    };
    for [name, version, licence] in &shown {
        assert!(is_locked(name, version), "{name} {version} is not in the lock files: run `script/licences`");
        assert!(!licence.is_empty(), "{name} has no licence");
    }
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    let shipped = ["gatepass-desktop", "gatepass-app", "gatepass-agent", "gatepass-oidc", "gatepass-wire"];
    for package in packages.iter().filter(|package| shipped.iter().any(|name| package["name"] == *name)) {
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let name = dependency["name"].as_str().expect("a name");
            let is_shown = name.starts_with("gatepass-") || shown.iter().any(|[shown, ..]| shown == name);
            assert!(is_shown || !dependency["kind"].is_null(), "{name} is not shown: run `script/licences`");
        }
    }
}

fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|_| panic!("no {}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if let Ok(content) = std::fs::read_to_string(&path) {
            found.push((path, content));
        }
    }
    assert!(!found.is_empty(), "nothing in {}", folder.display());
    found
}

#[test]
fn every_test_that_the_page_on_reliability_names_is_there() {
    let page = std::fs::read_to_string(root().join("docs/reliability.md")).expect("the page");
    let named: BTreeSet<&str> = page.split('`').skip(1).step_by(2).filter(|code| code.contains("::")).collect();
    assert!(named.len() > 10, "only {} tests are named", named.len());
    let sources =
        ["crates", "tests/it", "tests/desktop/tests", "src-tauri/src"].map(|folder| files(&root().join(folder)));
    let sources = sources.concat();
    for test in named {
        let (module, name) = test.rsplit_once("::").expect("it has a module");
        let is_there = |(path, text): &(PathBuf, String)| {
            let of_module = path.with_extension("").components().any(|part| part.as_os_str() == module);
            of_module && text.contains(&format!("fn {name}("))
        };
        assert!(sources.iter().any(is_there), "no test {test}");
    }
}
