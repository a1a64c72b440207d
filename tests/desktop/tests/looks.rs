//! What the real window shows to people who have more, or other, than most.

use anyhow::ensure;
use fantoccini::Locator;
use gatepass_desktop_tests::{Desktop, TrayHost, Window, eventually, quit, quit_by, signed_in};
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_groups_are_narrowed_down_as_one_types() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    let org = desktop.org(&["--groups", "5000"]).await?;
    let mut browser = desktop.browser().await?;
    let window = signed_in(&desktop, &org, &mut browser).await?;
    window.shows("group-0001").await?;
    let n_drawn = window.driver().find_all(Locator::Css("[role=row]")).await?.len();
    ensure!(n_drawn < 100, "{n_drawn} rows are in the page, though nobody sees that many");

    let filter = window.driver().find(Locator::Css("input[type=search]")).await?;
    ensure!(filter.attr("placeholder").await? == Some("Filter 5,000 groups".into()), "their number is not told");
    filter.send_keys("GROUP-499").await?;
    window.shows("group-4990").await?;
    window.no_longer_shows("group-0001").await?;
    eventually("the ten that match", || async {
        let n = window.driver().find_all(Locator::Css("[role=row]")).await?.len();
        ensure!(n == 10, "{n} rows");
        Ok(())
    })
    .await?;
    window.click("Copy all 5,000").await?;
    window.shows("List copied").await?;
    let copied = desktop.clipboard().await?;
    ensure!(copied.lines().count() == 5000 && copied.starts_with("group-0001\n"), "not all of them were copied");
    quit(&desktop, &tray).await
}

#[tokio::test(flavor = "multi_thread")]
async fn window_tray_and_browser_speak_german_where_the_system_does() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    let org = desktop.org(&[]).await?;
    desktop.write_profiles(&org.profiles)?;
    // As on a system that was installed in German: the locale is there, and it is the one of this session.
    let locales = desktop.path("locales");
    std::fs::create_dir(&locales)?;
    let made = Command::new("localedef").args(["-i", "de_DE", "-f", "UTF-8"]).arg(locales.join("de_DE.UTF-8")).status();
    ensure!(made.await?.success(), "there is no German locale");
    let mut german = desktop.environment();
    let locales = locales.display().to_string();
    german.extend([
        ("LOCPATH".into(), locales),
        ("LANG".into(), "de_DE.UTF-8".into()),
        ("LC_ALL".into(), String::new()),
    ]);
    let mut browser = desktop.browser().await?;
    let window = Window::open(desktop.program(), &[], &german).await?;
    window.click("Mit Okta anmelden").await?;
    browser.follows().await?;
    browser.page().shows("Robin Calder").await?;
    browser.page().driver().find(Locator::Id("person-robin")).await?.click().await?;
    browser.page().shows("Sie können diesen Tab schließen").await?;
    window.shows("Angemeldet").await?;
    window.click("Access Token kopieren").await?;
    window.shows("Kopiert").await?;
    org.confirms(&desktop.clipboard().await?).await?;
    let language = window.driver().find(Locator::Css("html")).await?.attr("lang").await?;
    ensure!(language.as_deref() == Some("de"), "readers are told {language:?}");
    quit_by(&desktop, &tray, "Beenden").await
}
