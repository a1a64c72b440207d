//! Ways to sign in and out beside the usual one, on the real desktop.

use std::process::Stdio;

use anyhow::{Context, ensure};
use fantoccini::Locator;
use gatepass_desktop_tests::{Desktop, Opener, TrayHost, Window, eventually, http, quit, signed_in};
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_code_from_the_window_is_entered_in_a_browser_and_signs_in() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    let org = desktop.org(&["--device"]).await?;
    let browser = desktop.browser().await?;
    desktop.write_profiles(&org.profiles)?;
    let window = Window::open(desktop.program(), &[], &desktop.environment()).await?;
    window.click("Sign in on another device").await?;
    window.shows("Copy code").await?;
    window.click("Copy code").await?;
    window.shows("Code copied").await?;
    let code = desktop.clipboard().await?;
    ensure!(window.text().await?.contains(&code), "the code is not the one that is shown");
    browser.was_not_opened().await?;

    let (origin, _) = org.issuer.split_once("/oauth2").context("an issuer of a custom server")?;
    let page = browser.page();
    page.driver().goto(&format!("{origin}/activate?user_code={code}")).await?;
    for button in ["next", "person-robin", "allow"] {
        // Which of the pages come is Okta's business.
        if let Ok(button) = page.driver().find(Locator::Id(button)).await {
            button.click().await?;
        }
    }
    window.shows("Signed in").await?;
    browser.was_not_opened().await?;
    quit(&desktop, &tray).await
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_here_and_in_the_browser_ends_the_session_that_the_browser_has() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    let org = desktop.org(&[]).await?;
    let mut browser = desktop.browser().await?;
    let window = signed_in(&desktop, &org, &mut browser).await?;

    // Signed out here alone, the Okta session lives: the next sign-in asks for nothing.
    window.click("Sign out").await?;
    window.click("Sign in with Okta").await?;
    browser.follows().await?;
    window.shows("Signed in").await?;

    window.driver().find(Locator::Css("[aria-haspopup=menu].opener")).await?.click().await?;
    window.click("Sign out here and in the browser").await?;
    let address = browser.follows().await?;
    ensure!(!address.contains("hint") && !address.contains("token"), "the address tells too much: {address}");
    browser.page().shows("You are signed out").await?;
    ensure!(!browser.page().driver().current_url().await?.as_str().contains("hint"), "the hint is in the address");
    window.shows("Sign in with Okta").await?;

    window.click("Sign in with Okta").await?;
    browser.follows().await?;
    browser.page().driver().find(Locator::Id("person-robin")).await.context("Okta still knew who it was")?;
    window.click("Cancel").await?;
    quit(&desktop, &tray).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_by_a_scheme_of_the_companys_own_comes_through_the_desktop() -> anyhow::Result<()> {
    const REDIRECT_URI: &str = "com.okta.demo:/callback";
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    let org = desktop.org(&["--auto", "robin", "--redirect-uri", REDIRECT_URI]).await?;
    let mut opener = Opener::install(&desktop.path("bin"), &desktop.path("opened"))?;
    let loopback = org.profiles.lines().find(|line| line.starts_with("redirect_uris")).context("redirect URIs")?;
    desktop.write_profiles(&org.profiles.replace(loopback, &format!("redirect_uris = [\"{REDIRECT_URI}\"]")))?;
    let window = Window::open(desktop.program(), &[], &desktop.environment()).await?;
    window.click("Sign in with Okta").await?;

    // What a browser would do, which hands such an address to the desktop.
    drop(http());
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let mut address = opener.sent_to().await?;
    while !address.starts_with(REDIRECT_URI) {
        let answer = browser.get(&address).send().await?;
        let next = answer.headers().get("location").context("a redirect")?.to_str()?.to_owned();
        ensure!(next != address, "it leads to itself: {next}");
        address = next;
    }
    xdg_open(&desktop, &address).await?;
    window.shows("Signed in").await?;
    quit(&desktop, &tray).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_comes_through_the_desktop_to_a_program_that_runs_and_to_one_that_does_not() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    desktop.write_profiles("version = 1\n")?;
    let link = "dev.gatepass.desktop://profile?name=A&issuer=https%3A%2F%2Facme.okta.com&client_id=0oa1";
    let window = Window::open(desktop.program(), &[], &desktop.environment()).await?;
    window.shows("Redirect URI").await?;
    xdg_open(&desktop, link).await?;
    window.shows("This came from somebody else").await?;
    quit(&desktop, &tray).await?;
    drop(window);
    ensure!(desktop.processes("--resident")?.is_empty(), "it still runs");

    // The entry is there from the first time on.
    xdg_open(&desktop, link).await?;
    desktop.one_of_each().await?;
    quit(&desktop, &tray).await
}

/// Has the desktop open an address, by the entry that Gatepass made. The desktop is told of it beside all else, and its
/// tools take their time.
async fn xdg_open(desktop: &Desktop, address: &str) -> anyhow::Result<()> {
    eventually("the desktop to know somebody for the scheme", || async {
        let opened = Command::new("/usr/bin/xdg-open")
            .arg(address)
            .envs(desktop.environment())
            // As GNOME does it: without a desktop, xdg-open reads the entries itself, and stumbles over a quoted program.
            .env("XDG_CURRENT_DESKTOP", "GNOME")
            .stdin(Stdio::null())
            .output()
            .await?;
        let said = String::from_utf8_lossy(&opened.stderr);
        ensure!(opened.status.success(), "{}: {said}", opened.status);
        Ok(())
    })
    .await
}
