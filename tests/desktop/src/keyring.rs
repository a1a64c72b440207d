//! The keyring, locked and unlocked as its owner would.

use std::collections::HashMap;

use anyhow::{Context, ensure};
use tokio::process::Command;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};

use crate::eventually;

/// What `script/virtual-desktop` unlocks the keyring with.
const PASSWORD: &str = "a password nobody needs";

/// The Secret Service of this session.
pub struct Keyring {
    service: zbus::Proxy<'static>,
    collection: OwnedObjectPath,
}

impl Keyring {
    /// The collection that programs store in.
    pub async fn of_this_session() -> anyhow::Result<Self> {
        let bus = zbus::Connection::session().await?;
        let name = "org.freedesktop.secrets";
        let service =
            zbus::Proxy::new(&bus, name, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service").await?;
        let collection: OwnedObjectPath = service.call("ReadAlias", &("default",)).await?;
        ensure!(collection.as_str() != "/", "there is no collection to store in");
        Ok(Self { service, collection })
    }

    /// Locks it, as a screen lock may.
    pub async fn lock(&self) -> anyhow::Result<()> {
        let _: (Vec<OwnedObjectPath>, OwnedObjectPath) = self.service.call("Lock", &(vec![&self.collection],)).await?;
        ensure!(self.is_locked().await?, "it does not lock");
        Ok(())
    }

    /// Waits for the system's password dialog, and answers it.
    pub async fn answers_the_dialog(&self) -> anyhow::Result<()> {
        eventually("the keyring to be unlocked in its dialog", || async {
            let dialog = ["search", "--onlyvisible", "--class", "gcr-prompter"];
            let found = Command::new("xdotool").args(dialog).output().await?;
            if found.status.success() {
                Command::new("xdotool").args(["type", "--delay", "5", PASSWORD]).status().await?;
                Command::new("xdotool").args(["key", "Return"]).status().await?;
            }
            ensure!(!self.is_locked().await?, "it is locked; a dialog is there: {}", found.status.success());
            Ok(())
        })
        .await
    }

    async fn is_locked(&self) -> anyhow::Result<bool> {
        let bus = self.service.connection();
        let name = self.service.destination().to_owned();
        let properties =
            zbus::Proxy::new(bus, name, self.collection.clone(), "org.freedesktop.DBus.Properties").await?;
        let all: HashMap<String, OwnedValue> =
            properties.call("GetAll", &("org.freedesktop.Secret.Collection",)).await?;
        bool::try_from(all.get("Locked").context("a collection is locked or not")?).map_err(Into::into)
    }
}
