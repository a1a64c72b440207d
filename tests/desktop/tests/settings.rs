//! What is set in the real window counts on the real desktop.

use anyhow::ensure;
use fantoccini::Locator;
use gatepass_desktop_tests::{Desktop, TrayHost, Window, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_set_in_the_window_counts_on_the_desktop() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    let org = desktop.org(&[]).await?;
    desktop.write_profiles(&org.profiles)?;
    let home = desktop.path("config-home");
    // Somebody whose desktop is dark.
    std::fs::create_dir_all(home.join("gtk-3.0"))?;
    std::fs::write(home.join("gtk-3.0/settings.ini"), "[Settings]\ngtk-application-prefer-dark-theme=1\n")?;
    let resident = desktop.resident_in(&[("XDG_CONFIG_HOME", home.display().to_string())]).await?;
    let mut environment = desktop.environment();
    environment.push(("XDG_CONFIG_HOME".into(), home.display().to_string()));
    let window = Window::open(desktop.program(), &["--window"], &environment).await?;
    shown_in(&window, true, None).await?;
    window.click("Settings").await?;

    let entry = home.join("autostart").join("dev.gatepass.desktop.desktop");
    window.driver().find(Locator::Id("start-at-sign-in")).await?.click().await?;
    window.shows("Saved").await?;
    let text = std::fs::read_to_string(&entry)?;
    let started = format!("Exec=\"{}\" --resident\n", desktop.program().display());
    ensure!(text.contains(&started), "{text}");

    // Page and native parts alike: the media query is told by the toolkit.
    for (theme, is_dark, set) in [
        ("light", false, Some("light")),
        ("dark", true, Some("dark")),
        ("system", true, None),
        ("light", false, Some("light")),
    ] {
        let choose = format!("document.querySelector('input[name=theme][value={theme}]').click()");
        window.driver().execute(&choose, Vec::new()).await?;
        shown_in(&window, is_dark, set).await?;
    }
    let settings = std::fs::read_to_string(desktop.path("config").join("settings.toml"))?;
    ensure!(settings == "version = 1\nstart_at_sign_in = true\ntheme = \"light\"\n", "{settings}");

    window.click("About").await?;
    window.shows(&desktop.path("config").join("settings.toml").display().to_string()).await?;
    window.click("Copy diagnostics").await?;
    window.shows("Diagnostics copied").await?;
    let copied = desktop.clipboard().await?;
    ensure!(copied.contains("profile 1: signed-out, custom server, demo"), "{copied}");
    ensure!(!copied.contains("127.0.0.1"), "{copied}");
    // A script that the page fetches when it is wanted, under the policy that is shipped.
    window.driver().find(Locator::Css("summary")).await?.click().await?;
    window.shows("zeroize").await?;

    window.close().await?;
    tray.click("Quit").await?;
    resident.ended().await
}

/// Waits until the toolkit tells the page that it is dark or light, and the page has this theme set.
async fn shown_in(window: &Window, is_dark: bool, set: Option<&str>) -> anyhow::Result<()> {
    eventually(&format!("the theme {set:?}"), || async {
        let told = window.driver().execute(
            "return [matchMedia('(prefers-color-scheme: dark)').matches, document.documentElement.dataset.theme ?? null]",
            Vec::new(),
        );
        let told = told.await?;
        ensure!(told == serde_json::json!([is_dark, set]), "{told}");
        Ok(())
    })
    .await
}
