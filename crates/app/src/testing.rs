//! A resident for tests: the real one on a socket in a folder of its own, with a vault in memory, no browser, and an
//! issuer that answers from a list.

use std::sync::Arc;

use gatepass_agent::{Browser, BrowserFailed, MemoryVault, ProfileId, SecretRecord, Vault, VaultKey};
use gatepass_oidc::okta::ServerKind;
use gatepass_oidc::{Capabilities, HttpPolicy};
use gatepass_wire::Change;
use gatepass_wire::place::Place;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use crate::{App, AppOptions, Paths, ResidentLock, Shell, StartError, SystemClock};

pub(crate) const ACCESS_TOKEN: &str = "planted-access-token.0123456789";
pub(crate) const REFRESH_TOKEN: &str = "planted-refresh-token.0123456789";
const MACHINE: &str = "test-machine";

pub(crate) struct Running {
    pub(crate) app: App,
    pub(crate) shell: Shell,
    pub(crate) place: Place,
    _folder: tempfile::TempDir,
}

/// A resident without profiles.
pub(crate) async fn resident() -> Running {
    resident_with("", MemoryVault::default()).await
}

/// A resident with one profile, `acme`, of `issuer`, and a session of Robin's in its vault.
pub(crate) async fn resident_of_robin(issuer: &str) -> Running {
    let vault = MemoryVault::default();
    let record = format!(
        r#"{{"v":1,"issuer":"{issuer}","client_id":"0oa1acme0000000000","machine":"{MACHINE}",
            "refresh_token":"{REFRESH_TOKEN}","subject":"00u1","name":"Robin Ito","email":null}}"#
    );
    let key = VaultKey::session(ProfileId::parse("acme").unwrap());
    vault.store(&key, &SecretRecord::new(record)).unwrap();
    resident_with(&profiles_file(issuer), vault).await
}

async fn resident_with(profiles: &str, vault: MemoryVault) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let (options, lock) = options(&folder, vault);
    std::fs::write(options.paths.profiles_file(), profiles).unwrap();
    let place = options.place.clone();
    let (app, shell) = App::start(options, lock).await.unwrap();
    Running { app, shell, place, _folder: folder }
}

/// Of a server that can do as little as there is.
pub(crate) fn no_capabilities() -> Capabilities {
    Capabilities {
        kind: ServerKind::Custom,
        pkce_s256: false,
        device_authorization: false,
        userinfo: false,
        revocation: false,
        end_session: false,
        pushed_authorization: false,
        requires_pushed_authorization: false,
    }
}

/// What a resident in `folder` is made of.
pub(crate) fn options(folder: &tempfile::TempDir, vault: MemoryVault) -> (AppOptions, ResidentLock) {
    let paths = Paths { config: folder.path().join("config"), state: folder.path().join("state") };
    let lock = ResidentLock::take(&paths).unwrap().expect("nobody else is in this folder");
    let options = AppOptions {
        place: Place { path: folder.path().join("runtime").join("api") },
        vault: Arc::new(vault),
        browser: Arc::new(NoBrowser),
        clock: Arc::new(SystemClock),
        http: HttpPolicy::default(),
        machine: MACHINE.into(),
        exports: folder.path().join("exports"),
        paths,
    };
    (options, lock)
}

/// Starts an empty resident in `folder`.
pub(crate) async fn start_in(folder: &tempfile::TempDir) -> Result<(App, Shell), StartError> {
    let (options, lock) = options(folder, MemoryVault::default());
    App::start(options, lock).await
}

fn profiles_file(issuer: &str) -> String {
    format!(
        "version = 1\n[[profile]]\nid = \"acme\"\nname = \"Acme\"\nissuer = \"{issuer}\"\n\
         client_id = \"0oa1acme0000000000\"\n"
    )
}

/// Waits for a change that is as wanted, and returns it.
pub(crate) async fn wait_for(app: &App, wanted: impl Fn(&Change) -> bool) -> Arc<Change> {
    let mut changes = app.changes();
    let waited = changes.wait_for(|change| wanted(change));
    let found = tokio::time::timeout(std::time::Duration::from_secs(30), waited).await;
    found.expect("it comes within half a minute").expect("the agent runs").clone()
}

struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&self, _url: &Url) -> Result<(), BrowserFailed> {
        Err(BrowserFailed { reason: "no browser in this test".into() })
    }
}

/// An issuer on loopback. `answer` maps a path to status and JSON; `{issuer}` in the JSON is its own address.
pub(crate) async fn issuer(path: &'static str, answer: impl Fn(&str) -> (u16, String) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}{path}", listener.local_addr().unwrap());
    let own = issuer.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            // The requests here are small, and their bodies are of no interest: what matters is the first line.
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                    break;
                }
            }
            let line = String::from_utf8_lossy(&request);
            let (status, body) = answer(line.split_whitespace().nth(1).unwrap_or_default());
            let body = body.replace("{issuer}", &own);
            let reply = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(reply.as_bytes()).await;
        }
    });
    issuer
}

/// Metadata of an issuer that can do what Okta can.
pub(crate) const METADATA: &str = r#"{"issuer":"{issuer}","authorization_endpoint":"{issuer}/v1/authorize",
    "token_endpoint":"{issuer}/v1/token","jwks_uri":"{issuer}/v1/keys","revocation_endpoint":"{issuer}/v1/revoke",
    "device_authorization_endpoint":"{issuer}/v1/device","code_challenge_methods_supported":["S256"]}"#;

/// Answers of an issuer that renews every session with `access_token`.
pub(crate) fn renewing(access_token: &str) -> impl Fn(&str) -> (u16, String) + Send + 'static {
    let token = serde_json::json!({
        "access_token": access_token, "token_type": "Bearer", "expires_in": 3600, "scope": "openid offline_access",
        "refresh_token": REFRESH_TOKEN,
    });
    move |path| match path {
        path if path.ends_with("/openid-configuration") => (200, METADATA.into()),
        path if path.ends_with("/v1/keys") => (200, r#"{"keys":[]}"#.into()),
        path if path.ends_with("/v1/token") => (200, token.to_string()),
        path if path.ends_with("/v1/revoke") => (200, String::new()),
        other => panic!("nobody asks for {other}"),
    }
}

/// A D-Bus daemon that only a test knows of.
#[cfg(all(target_os = "linux", feature = "system-tests"))]
pub(crate) struct PrivateBus {
    daemon: std::process::Child,
    address: String,
    _folder: tempfile::TempDir,
}

#[cfg(all(target_os = "linux", feature = "system-tests"))]
impl PrivateBus {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("bus");
        let address = format!("unix:path={}", socket.display());
        let daemon = std::process::Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nosyslog", &format!("--address={address}")])
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("dbus-daemon, which script/bootstrap installs");
        let bus = Self { daemon, address, _folder: folder };
        let started = async {
            while zbus::connection::Builder::address(bus.address()).unwrap().build().await.is_err() {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), started).await.expect("a bus");
        bus
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) async fn connect(&self) -> zbus::Connection {
        zbus::connection::Builder::address(self.address()).unwrap().build().await.unwrap()
    }

    pub(crate) fn stop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

#[cfg(all(target_os = "linux", feature = "system-tests"))]
impl Drop for PrivateBus {
    fn drop(&mut self) {
        self.stop();
    }
}
