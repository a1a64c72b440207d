//! What outlives a restart of the program: its folder, its keyring, its browser, its clock.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use gatepass_agent::MemoryVault;
use gatepass_app::{App, AppOptions, Paths, ResidentLock, Shell};
use gatepass_fake_okta::{FakeOkta, Org};
use gatepass_oidc::HttpPolicy;
use gatepass_wire::place::Place;
use tempfile::TempDir;

use crate::browser::Opener;
use crate::{MovableClock, PersonsBrowser, Running, eventually};

/// A machine. Each has ports of its own, so that tests can run beside each other.
pub struct Machine {
    folder: TempDir,
    /// The keyring.
    pub vault: Arc<MemoryVault>,
    /// The browser.
    pub browser: Arc<PersonsBrowser>,
    /// The clock.
    pub clock: Arc<MovableClock>,
    /// Limits of the HTTP client.
    pub http: HttpPolicy,
    /// What the system calls the machine.
    pub name: String,
}

impl Machine {
    /// A machine with nothing on it.
    pub fn new() -> Self {
        Self {
            folder: tempfile::Builder::new().prefix("gatepass-").tempdir().expect("a folder"),
            vault: Arc::default(),
            browser: PersonsBrowser::new(),
            clock: Arc::default(),
            http: HttpPolicy::default(),
            name: "a machine".into(),
        }
    }

    /// A machine with a profile `work` for `okta`, whose one redirect URI is registered there and free here; and Robin
    /// is signed in at Okta, so that the browser needs no page.
    pub fn for_org(okta: &FakeOkta) -> Self {
        let machine = Self::new();
        let redirect_uri = free_redirect_uri();
        okta.register_redirect_uri(&redirect_uri);
        okta.sign_in_as("robin");
        machine.write_profiles(&[("work", &okta.issuer(), &okta.client_id(), &redirect_uri)]);
        machine
    }

    /// Writes the profiles file: id, issuer, client ID and redirect URI of each.
    pub fn write_profiles(&self, profiles: &[(&str, &str, &str, &str)]) {
        let mut text = String::from("version = 1\n");
        for (id, issuer, client_id, redirect_uri) in profiles {
            text += &format!(
                "\n[[profile]]\nid = \"{id}\"\nname = \"{id} profile\"\nissuer = \"{issuer}\"\nclient_id = \"{client_id}\"\n\
                 scopes = \"openid profile email groups offline_access\"\nredirect_uris = [\"{redirect_uri}\"]\n"
            );
        }
        self.write_profiles_file(&text);
    }

    /// Writes the profile `work` for the first application of `okta` at its first server. `options` are more lines of the
    /// profiles file.
    pub fn write_profile(&self, okta: &FakeOkta, redirect_uris: &[String], options: &str) {
        self.write_profile_of(&okta.issuer(), &okta.client_id(), redirect_uris, options);
    }

    /// The same for any issuer and client.
    pub fn write_profile_of(&self, issuer: &str, client_id: &str, redirect_uris: &[String], options: &str) {
        let text = format!(
            "version = 1\n\n[[profile]]\nid = \"work\"\nname = \"work profile\"\nissuer = \"{issuer}\"\n\
             client_id = \"{client_id}\"\nredirect_uris = {redirect_uris:?}\n{options}\n"
        );
        self.write_profiles_file(&text);
    }

    /// Writes the profiles file.
    pub fn write_profiles_file(&self, text: &str) {
        std::fs::create_dir_all(self.paths().config).expect("a folder");
        std::fs::write(self.paths().profiles_file(), text).expect("a file");
    }

    /// The profiles file as it is.
    pub fn profiles_text(&self) -> String {
        std::fs::read_to_string(self.paths().profiles_file()).unwrap_or_default()
    }

    /// Replaces text in the profiles file, as a person with an editor does.
    pub fn edit_profiles(&self, from: &str, to: &str) {
        let text = self.profiles_text();
        assert!(text.contains(from), "nothing to replace");
        std::fs::write(self.paths().profiles_file(), text.replace(from, to)).expect("a file");
    }

    /// Where its files are.
    pub fn paths(&self) -> Paths {
        Paths { config: self.folder.path().join("config"), state: self.folder.path().join("state") }
    }

    /// The text of every file that the program has written, to search for secrets.
    pub fn files(&self) -> Vec<(&'static str, String)> {
        let mut files = Vec::new();
        for folder in [self.paths().config, self.paths().state] {
            read_all(&folder, &mut files);
        }
        files
    }

    /// Where profiles are saved that are handed on.
    pub fn exports(&self) -> PathBuf {
        self.folder.path().join("exports")
    }

    /// Where its local API is.
    pub fn place(&self) -> Place {
        Place { path: self.folder.path().join("run").join("api") }
    }

    /// Starts the program.
    pub async fn start(&self) -> Running {
        let (app, shell) = self.start_unobserved().await;
        Running::new(app, shell)
    }

    /// Starts the program without anybody who writes down what it does: to measure it.
    pub async fn start_unobserved(&self) -> (App, Shell) {
        // One that quit may have a task left that lets go of it in a moment.
        let mut lock = None;
        eventually("the resident before to be gone", || {
            lock = ResidentLock::take(&self.paths()).expect("a lock file");
            lock.is_some()
        })
        .await;
        let lock = lock.expect("it was just taken");
        let options = AppOptions {
            paths: self.paths(),
            place: self.place(),
            vault: self.vault.clone(),
            browser: Arc::new(Opener(self.browser.clone())),
            clock: self.clock.clone(),
            http: self.http.clone(),
            machine: self.name.clone(),
            exports: self.exports(),
        };
        App::start(options, lock).await.expect("it starts")
    }
}

impl Default for Machine {
    fn default() -> Self {
        Self::new()
    }
}

/// An org as most tests want it, and a machine with a profile for it.
pub async fn org_and_machine(org: Org) -> (FakeOkta, Machine) {
    let okta = FakeOkta::start(org).await;
    let machine = Machine::for_org(&okta);
    (okta, machine)
}

/// A redirect URI whose port is free.
pub fn free_redirect_uri() -> String {
    format!("http://127.0.0.1:{}/redirect", free_port())
}

/// A port that nobody holds just now, and that nobody else here is given. Below the ports that the system hands out by
/// itself: those may be taken again before the program under test asks for one.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    const FIRST: u16 = 20_000;
    const COUNT: u16 = 12_000;
    // Another run of the same tests beside this one begins elsewhere.
    let start = u16::try_from(std::process::id().wrapping_mul(97) % u32::from(COUNT)).expect("it is less than COUNT");
    loop {
        let port = FIRST + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn read_all(folder: &Path, into: &mut Vec<(&'static str, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_all(&path, into);
        } else {
            into.push(("a file", String::from_utf8_lossy(&std::fs::read(&path).expect("a file")).into_owned()));
        }
    }
}
