//! The keyring, locked and unlocked as its owner would.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::process::Command;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};

use crate::eventually;

/// What `script/virtual-desktop` unlocks the keyring with.
const PASSWORD: &str = "a password nobody needs";

/// How long the keyring takes to say yes or no to a password.
const TIME_TO_TRY: Duration = Duration::from_secs(4);

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

    /// Waits for the system's password dialog, and answers it. A key that came before the dialog listened is missing from
    /// what was typed, so a dialog that says no is answered again, from an empty field.
    pub async fn answers_the_dialog(&self) -> anyhow::Result<()> {
        eventually("the keyring to be unlocked in its dialog", || async {
            let dialog = xdotool(&["search", "--onlyvisible", "--class", "gcr-prompter"]).await?;
            ensure!(dialog || !self.is_locked().await?, "it is locked, and there is no dialog");
            if dialog {
                xdotool(&["key", "ctrl+a", "BackSpace"]).await?;
                xdotool(&["type", "--delay", "5", PASSWORD]).await?;
                xdotool(&["key", "Return"]).await?;
            }
            // The dialog takes keys while the password is tried, so it is left alone for as long as that takes.
            tokio::time::timeout(TIME_TO_TRY, self.is_unlocked()).await.context("it says no to the password")?
        })
        .await
    }

    async fn is_unlocked(&self) -> anyhow::Result<()> {
        eventually("the password to be tried", || async {
            ensure!(!self.is_locked().await?, "it is locked");
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

/// Returns whether it succeeded.
async fn xdotool(arguments: &[&str]) -> anyhow::Result<bool> {
    Ok(Command::new("xdotool").args(arguments).output().await?.status.success())
}
