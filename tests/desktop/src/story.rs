//! What many stories begin and end with.

use crate::{Browser, Desktop, Org, TrayHost, Window, eventually};
use anyhow::ensure;
use fantoccini::Locator;

/// Signs Robin in, with the window and the browser, as a person does.
pub async fn signed_in(desktop: &Desktop, org: &Org, browser: &mut Browser) -> anyhow::Result<Window> {
    desktop.write_profiles(&org.profiles)?;
    let window = Window::open(desktop.program(), &[], &desktop.environment()).await?;
    window.click("Sign in with Okta").await?;
    browser.follows().await?;
    let page = browser.page();
    page.shows("Robin Calder").await?;
    page.driver().find(Locator::Id("person-robin")).await?.click().await?;
    window.shows("Signed in").await?;
    Ok(window)
}

/// Quits from the tray, and waits until nothing is left.
pub async fn quit(desktop: &Desktop, tray: &TrayHost) -> anyhow::Result<()> {
    quit_by(desktop, tray, "Quit").await
}

/// The same in another language.
pub async fn quit_by(desktop: &Desktop, tray: &TrayHost, label: &str) -> anyhow::Result<()> {
    tray.click(label).await?;
    all_end(desktop).await
}

/// Waits until no process of the program is left.
pub async fn all_end(desktop: &Desktop) -> anyhow::Result<()> {
    eventually("every process to end", || async {
        let left = desktop.processes("gatepass-desktop")?;
        ensure!(left.is_empty(), "left are {:?}", left.into_iter().map(command_line).collect::<Vec<_>>());
        Ok(())
    })
    .await
}

/// The command line of a process; empty if it is gone.
pub fn command_line(pid: u32) -> String {
    let arguments = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&arguments).replace('\0', " ")
}
