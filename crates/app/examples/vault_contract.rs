//! The vault's contract against a real keyring: `script/test` runs it where there is one, since plain `cargo test`
//! needs no bus. It ends with a panic where the contract is broken.
//!
//! ```text
//! vault_contract            the contract, on any system with a keyring that is unlocked
//! vault_contract restarts   Linux: in a session bus of its own; starts, kills, locks and stops gnome-keyring by itself
//! vault_contract absent     Linux: with no bus at all
//! vault_contract late PATH  Linux: with a session bus at PATH that is not there yet
//! ```

#![expect(clippy::print_stdout, reason = "says what was seen")]

use gatepass_agent::testing::vault_contract;
use gatepass_agent::{ProfileId, SecretRecord, Vault, VaultError, VaultKey};
use gatepass_app::KeyringVault;

fn main() {
    match std::env::args().nth(1).as_deref() {
        None => vault_contract(&KeyringVault::of_this_user()),
        #[cfg(target_os = "linux")]
        Some("restarts") => linux::restarts(),
        #[cfg(target_os = "linux")]
        Some("late") => linux::late(&std::env::args().nth(2).expect("the path of the bus to come")),
        Some("absent") => absent(),
        Some(other) => panic!("no such check: {other}"),
    }
    println!("the vault keeps its contract");
}

fn key() -> VaultKey {
    VaultKey::session(ProfileId::parse("restarts").expect("an id"))
}

fn text(vault: &KeyringVault) -> Result<Option<String>, VaultError> {
    vault.load(&key()).map(|record| record.map(|record| record.expose().to_owned()))
}

fn absent() {
    let vault = KeyringVault::of_this_user();
    for _ in 0..2 {
        assert_eq!(text(&vault), Err(VaultError::Missing));
        assert_eq!(vault.store(&key(), &SecretRecord::new("x")), Err(VaultError::Missing));
        assert_eq!(vault.erase(&key()), Err(VaultError::Missing));
    }
    println!("no bus: missing, and said so at once");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::Write;
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// A gnome-keyring in the foreground, so that it can be killed by its own process id.
    struct Daemon(Child);

    impl Daemon {
        fn start() -> Self {
            let mut child = Command::new("gnome-keyring-daemon")
                .args(["--foreground", "--components=secrets", "--unlock"])
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("gnome-keyring is installed");
            child.stdin.take().expect("piped").write_all(b"testpw").expect("it reads the password");
            let daemon = Self(child);
            daemon.wait_until_it_owns_the_name();
            daemon
        }

        /// Stopped, it holds the bus name and answers nothing.
        fn signal(&self, signal: &str) {
            let sent = Command::new("kill").args([signal, &self.0.id().to_string()]).status();
            assert!(sent.is_ok_and(|status| status.success()), "kill {signal}");
        }

        fn wait_until_it_owns_the_name(&self) {
            for _ in 0..200 {
                if owner_pid() == Some(self.0.id()) {
                    return;
                }
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            panic!("gnome-keyring did not appear on the bus");
        }
    }

    /// Killed, not asked to end: it must be gone however this program ends.
    impl Drop for Daemon {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    /// The process that owns the Secret Service's name.
    fn owner_pid() -> Option<u32> {
        let asked = bus(&[
            "--dest=org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus.GetConnectionUnixProcessID",
            "string:org.freedesktop.secrets",
        ]);
        asked?.split_whitespace().last()?.parse().ok()
    }

    fn bus(arguments: &[&str]) -> Option<String> {
        let sent = Command::new("dbus-send").args(["--session", "--print-reply"]).args(arguments).output().ok()?;
        sent.status.success().then(|| String::from_utf8_lossy(&sent.stdout).into_owned())
    }

    fn lock() {
        bus(&[
            "--dest=org.freedesktop.secrets",
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/collection/login",
        ])
        .expect("the collection is locked");
    }

    /// As the system does at a login: the password goes to the daemon's control socket. (One byte, by which the daemon
    /// learns whose socket it is; then length, the operation *unlock*, and the password with its length.)
    fn unlock() {
        use std::io::Read;
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").expect("a runtime folder");
        let control = std::path::Path::new(&runtime).join("keyring/control");
        let mut socket = std::os::unix::net::UnixStream::connect(control).expect("a control socket");
        let mut message = vec![0];
        for word in [18_u32, 1, 6] {
            message.extend(word.to_be_bytes());
        }
        message.extend(b"testpw");
        socket.write_all(&message).expect("it listens");
        let mut answer = [0; 8];
        socket.read_exact(&mut answer).expect("it answers");
        assert_eq!(answer, [0, 0, 0, 8, 0, 0, 0, 0], "unlocking");
    }

    pub fn restarts() {
        let vault = KeyringVault::of_this_user();

        let first = Daemon::start();
        vault_contract(&vault);
        vault.store(&key(), &SecretRecord::new("kept")).expect("an unlocked keyring");
        println!("unlocked: the contract holds");

        drop(first);
        let second = Daemon::start();
        assert_eq!(text(&vault), Ok(Some("kept".into())), "the same vault, a new daemon");
        println!("killed and started again: found again");

        lock();
        let fresh = VaultKey::session(ProfileId::parse("fresh").expect("an id"));
        // The first call asks for a password, or would; the others find the keyring locked without asking.
        for times in ["once", "twice"] {
            assert_eq!(text(&vault), Err(VaultError::Locked), "loading {times}");
            assert_eq!(vault.store(&key(), &SecretRecord::new("other")), Err(VaultError::Locked), "storing {times}");
            assert_eq!(
                vault.store(&fresh, &SecretRecord::new("new")),
                Err(VaultError::Locked),
                "a first record {times}"
            );
            assert_eq!(vault.erase(&key()), Err(VaultError::Locked), "erasing {times}");
        }
        println!("locked, with nobody to ask: locked, and said so at once");
        unlock();
        assert_eq!(text(&vault), Ok(Some("kept".into())), "what was locked is as it was");
        vault.store(&key(), &SecretRecord::new("newer")).expect("an unlocked keyring");
        println!("unlocked later: found again, by the same vault");

        second.signal("-STOP");
        #[allow(clippy::disallowed_methods, reason = "what is waited for here is the keyring, not a clock of ours")]
        let began = std::time::Instant::now();
        assert_eq!(text(&vault), Err(VaultError::Unresponsive), "loading from one that hangs");
        assert!(began.elapsed() < std::time::Duration::from_secs(25), "it took {:?}", began.elapsed());
        second.signal("-CONT");
        assert_eq!(text(&vault), Ok(Some("newer".into())), "it goes on");
        println!("hanging: given up after {} s, and found again when it goes on", began.elapsed().as_secs());

        drop(second);
        // The bus would start another by itself, without a password: it is locked, or not there.
        assert!(text(&vault).is_err(), "loading from one that is gone");
        println!("killed: not there, and nobody counts as signed out");
    }

    /// The bus and the keyring come up after the program did.
    pub fn late(path: &str) {
        let vault = KeyringVault::of_this_user();
        for _ in 0..2 {
            assert_eq!(text(&vault), Err(VaultError::Missing));
            assert_eq!(vault.store(&key(), &SecretRecord::new("x")), Err(VaultError::Missing));
        }
        println!("no bus yet: missing, and said so at once");
        let listening = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", &format!("--address=unix:path={path}")])
            .spawn()
            .expect("dbus is installed");
        let bus = Daemon(listening);
        while !std::path::Path::new(path).exists() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let daemon = Daemon::start();
        vault.store(&key(), &SecretRecord::new("kept")).expect("a keyring that came late");
        assert_eq!(text(&vault), Ok(Some("kept".into())));
        println!("bus and keyring came later: found by the same vault");
        drop((daemon, bus));
    }
}
