//! The person's browser: a real Chromium, sent where the system's `xdg-open` was asked to go.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde_json::json;

use crate::eventually;
use crate::window::Window;

/// What stands for the system's browser: an `xdg-open` that notes the address, and a Chromium that goes there.
pub struct Browser {
    chromium: Window,
    opener: Opener,
}

/// An `xdg-open` that notes the address it is asked to open, and opens nothing.
pub struct Opener {
    notes: PathBuf,
    seen: usize,
}

impl Browser {
    /// Puts a noting `xdg-open` into `folder` (which the app's `PATH` must begin with) and starts Chromium.
    pub async fn start(folder: &Path, notes: &Path) -> anyhow::Result<Self> {
        let opener = Opener::install(folder, notes)?;
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=900,700",
        ];
        let options = json!({ "binary": chromium()?, "args": arguments });
        let chromium = Window::start("chromedriver", &[], json!({ "goog:chromeOptions": options })).await?;
        Ok(Self { chromium, opener })
    }

    /// Waits until the app has opened the browser once more, and goes where it was sent.
    pub async fn follows(&mut self) -> anyhow::Result<String> {
        let address = self.sent_to().await?;
        self.chromium.driver().goto(&address).await?;
        Ok(address)
    }

    /// Waits until the app has opened the browser once more; where to.
    pub async fn sent_to(&mut self) -> anyhow::Result<String> {
        self.opener.sent_to().await
    }

    /// Fails if the app has opened the browser since it was last followed.
    pub async fn was_not_opened(&self) -> anyhow::Result<()> {
        self.opener.was_not_opened().await
    }

    /// The page.
    pub fn page(&self) -> &Window {
        &self.chromium
    }
}

impl Opener {
    /// Puts it into `folder`, which the app's `PATH` must begin with.
    pub fn install(folder: &Path, notes: &Path) -> anyhow::Result<Self> {
        use std::os::unix::fs::PermissionsExt;
        std::fs::create_dir_all(folder)?;
        let opener = folder.join("xdg-open");
        std::fs::write(&opener, format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", notes.display()))?;
        std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755))?;
        Ok(Self { notes: notes.to_owned(), seen: 0 })
    }

    /// Waits until the app has opened the browser once more; where to.
    pub async fn sent_to(&mut self) -> anyhow::Result<String> {
        let seen = self.seen;
        let address = eventually("the browser to be opened", || async {
            let notes = tokio::fs::read_to_string(&self.notes).await.unwrap_or_default();
            notes.lines().nth(seen).map(str::to_owned).context("it was not opened")
        })
        .await?;
        self.seen += 1;
        Ok(address)
    }

    /// Fails if the app has opened the browser since it was last followed.
    pub async fn was_not_opened(&self) -> anyhow::Result<()> {
        let notes = tokio::fs::read_to_string(&self.notes).await.unwrap_or_default();
        ensure!(notes.lines().count() == self.seen, "a browser was opened: {:?}", notes.lines().nth(self.seen));
        Ok(())
    }
}

/// The browser on this machine's `PATH`, by whichever of its names.
fn chromium() -> anyhow::Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found =
        names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()));
    found.context("neither Chromium nor Chrome is on the PATH")
}
