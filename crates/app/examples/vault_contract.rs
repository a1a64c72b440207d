//! The vault's contract against a real keyring: `script/test` runs it where there is one, since plain `cargo test`
//! needs no bus. It ends with a panic where the contract is broken.
//!
//! ```text
//! vault_contract            the contract, on any system with a keyring that is unlocked
//! vault_contract restarts   Linux: in a session bus of its own; starts, kills and locks gnome-keyring by itself
//! vault_contract absent     Linux: with no bus at all
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
        Some("absent") => absent(),
        Some(other) => panic!("no such check: {other}"),
    }
    println!("the vault keeps its contract");
}

fn key() -> VaultKey {
    VaultKey(ProfileId::parse("restarts").expect("an id"))
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
        fn start(arguments: &[&str]) -> Self {
            let mut child = Command::new("gnome-keyring-daemon")
                .args(["--foreground", "--components=secrets"])
                .args(arguments)
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

    pub fn restarts() {
        let vault = KeyringVault::of_this_user();

        let first = Daemon::start(&["--unlock"]);
        vault_contract(&vault);
        vault.store(&key(), &SecretRecord::new("kept")).expect("an unlocked keyring");
        println!("unlocked: the contract holds");

        drop(first);
        let second = Daemon::start(&["--unlock"]);
        assert_eq!(text(&vault), Ok(Some("kept".into())), "the same vault, a new daemon");
        println!("killed and started again: found again");

        bus(&[
            "--dest=org.freedesktop.secrets",
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/collection/login",
        ])
        .expect("the collection is locked");
        assert_eq!(text(&vault), Err(VaultError::Locked), "loading");
        assert_eq!(vault.store(&key(), &SecretRecord::new("other")), Err(VaultError::Locked), "storing over a record");
        let fresh = VaultKey(ProfileId::parse("fresh").expect("an id"));
        assert_eq!(vault.store(&fresh, &SecretRecord::new("new")), Err(VaultError::Locked), "storing a first record");
        assert_eq!(vault.erase(&key()), Err(VaultError::Locked), "erasing");
        println!("locked, with nobody to ask: locked, and said so at once");

        drop(second);
    }
}
