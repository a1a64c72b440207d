//! The journey that `script/demo` makes by itself where there is no display: from an empty machine to a token on the
//! clipboard, renewed by itself, and still there after a restart. Each step asserts on what it sees before its picture
//! is taken. Prints what it did and saw.
//!
//! Usage: `journey PICTURES`, with `GATEPASS_BIN` naming the folder of the programs.
#![allow(clippy::print_stdout, reason = "a program that tells what it does")]

use std::path::PathBuf;

use anyhow::{Context, ensure};
use gatepass_desktop_tests::{Browser, Desktop, Org, TrayHost, Window, eventually};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let pictures = PathBuf::from(std::env::args_os().nth(1).context("usage: journey PICTURES")?);
    let desktop = Desktop::new()?;
    // Short, so that the renewal comes while we watch.
    let org = desktop.org(&["--access-token-seconds", "30"]).await?;
    desktop.write_profiles(&org.profiles)?;
    let tray = TrayHost::start().await?;
    let browser = desktop.browser().await?;
    let mut journey = Journey { n_pictures: 0, pictures, desktop, org, tray, browser };

    let window = journey.opens_the_program().await?;
    journey.signs_in(&window).await?;
    journey.reads_groups_and_tokens(&window).await?;
    journey.copies(&window).await?;
    journey.closes_the_window(window).await?;
    journey.sees_it_renew_by_itself().await?;
    let window = journey.quits_and_starts_again().await?;
    journey.signs_out(&window).await?;
    println!("\nThe whole journey was made. Pictures: {}", journey.pictures.display());
    Ok(())
}

struct Journey {
    n_pictures: u32,
    pictures: PathBuf,
    desktop: Desktop,
    org: Org,
    tray: TrayHost,
    browser: Browser,
}

impl Journey {
    async fn opens_the_program(&mut self) -> anyhow::Result<Window> {
        step("Start Gatepass on a machine that has a profile for the demo org and nothing else");
        let window = Window::open(self.desktop.program(), &[], &self.desktop.environment()).await?;
        window.shows("Sign in with Okta").await?;
        window.shows("demo").await?;
        saw("the window, signed out, the profile labelled demo");
        let entry = self.tray.shows("Sign in with Okta").await?;
        saw(&format!("in the tray menu: {entry}"));
        self.picture(&window, "signed-out").await?;
        Ok(window)
    }

    async fn signs_in(&mut self, window: &Window) -> anyhow::Result<()> {
        step("Click «Sign in with Okta»");
        window.click("Sign in with Okta").await?;
        let address = self.browser.follows().await?;
        ensure!(address.starts_with("http://localhost:"), "the browser was sent to {address}");
        saw("the system browser, sent to a local address of Gatepass, which leads to the org");
        window.shows("Finish signing in").await?;
        self.picture(window, "waiting-for-the-browser").await?;

        step("Choose Robin Calder on the org's page, in a real Chromium");
        let pictures = [self.next_picture("the-orgs-page"), self.next_picture("the-browser-says-so")];
        let page = self.browser.page();
        page.shows("Robin Calder").await?;
        page.picture(&pictures[0]).await?;
        page.driver().find(fantoccini::Locator::Id("person-robin")).await?.click().await?;
        page.shows("Robin Calder").await?;
        page.shows("close this tab").await?;
        let address = page.driver().current_url().await?;
        ensure!(!address.as_str().contains("code="), "the code stands in the address bar");
        saw("the browser says who is signed in and that the tab may be closed; no code in its address bar");
        page.picture(&pictures[1]).await?;

        window.shows("Signed in").await?;
        window.shows("robin.calder@acme.example").await?;
        saw("the window says who is signed in");
        self.picture(window, "signed-in").await
    }

    async fn reads_groups_and_tokens(&mut self, window: &Window) -> anyhow::Result<()> {
        step("Filter the groups");
        window.shows("platform-engineers").await?;
        let field = window.driver().find(fantoccini::Locator::Css("input[type=search]")).await?;
        field.send_keys("oncall").await?;
        window.shows("oncall-primary").await?;
        window.no_longer_shows("platform-engineers").await?;
        saw("37 groups, and fewer with a filter");
        self.picture(window, "groups-filtered").await?;

        step("Look at the tokens");
        window.click("Tokens").await?;
        window.shows(&self.org.issuer.clone()).await?;
        window.shows("verified").await?;
        saw("the verified claims of the access token");
        self.picture(window, "tokens").await
    }

    async fn copies(&mut self, window: &Window) -> anyhow::Result<()> {
        step("Copy the access token from the window");
        window.click("Groups").await?;
        window.click("Copy access token").await?;
        window.shows("Copied").await?;
        let first = self.token_on_clipboard().await?;
        saw("the clipboard has a token that the org says it issued to Robin");
        self.picture(window, "copied").await?;

        step("Refresh, and copy from the tray");
        self.tray.click("Refresh now").await?;
        let second = self.another_token_by_tray(&first).await?;
        ensure!(first != second, "the same token again");
        saw("another token of the org's");
        Ok(())
    }

    async fn closes_the_window(&mut self, window: Window) -> anyhow::Result<()> {
        step("Close the window");
        window.close().await?;
        eventually("WebKit to be gone", || async {
            let left = self.desktop.processes("WebKit")?;
            ensure!(left.is_empty(), "{} WebKit processes are left", left.len());
            Ok(())
        })
        .await?;
        let entry = self.tray.shows("Demo org").await?;
        saw(&format!("no webview process is left; in the tray: {entry}"));
        Ok(())
    }

    async fn sees_it_renew_by_itself(&mut self) -> anyhow::Result<()> {
        step("Wait until it has renewed by itself");
        self.tray.click("Copy access token").await?;
        let before = self.token_on_clipboard().await?;
        let after = self.another_token_by_tray(&before).await?;
        ensure!(before != after, "the same token again");
        self.browser.was_not_opened().await?;
        saw("a new token, with no window and no browser");
        Ok(())
    }

    async fn quits_and_starts_again(&mut self) -> anyhow::Result<Window> {
        step("Quit from the tray");
        self.tray.click("Quit").await?;
        eventually("every process to end", || async {
            let left = self.desktop.processes("gatepass-desktop")?;
            ensure!(left.is_empty(), "{} processes are left", left.len());
            Ok(())
        })
        .await?;
        saw("no process is left");

        step("Start again, on a desktop with a dark theme");
        let mut environment = self.desktop.environment();
        environment.push(("GTK_THEME".into(), "Adwaita:dark".into()));
        let window = Window::open(self.desktop.program(), &[], &environment).await?;
        window.shows("Signed in").await?;
        window.shows("robin.calder@acme.example").await?;
        self.browser.was_not_opened().await?;
        saw("still signed in, and no browser was opened");
        self.picture(&window, "signed-in-dark").await?;
        window.click("Tokens").await?;
        window.shows("verified").await?;
        self.picture(&window, "tokens-dark").await?;
        Ok(window)
    }

    async fn signs_out(&mut self, window: &Window) -> anyhow::Result<()> {
        step("Sign out");
        self.tray.click("Copy access token").await?;
        let token = self.token_on_clipboard().await?;
        window.click("Groups").await?;
        window.click("Sign out").await?;
        self.tray.shows("Sign in with Okta").await?;
        eventually("the org to know the token as revoked", || async {
            ensure!(self.org.confirms(&token).await.is_err(), "the token is alive");
            Ok(())
        })
        .await?;
        saw("the tray offers to sign in, and the org has revoked the token");
        self.tray.click("Quit").await
    }

    /// The token on the clipboard, once it is one that the org confirms.
    async fn token_on_clipboard(&self) -> anyhow::Result<String> {
        eventually("a token of the org's on the clipboard", || async {
            let token = self.desktop.clipboard().await?;
            let said = self.org.confirms(&token).await?;
            ensure!(said["username"] == "robin.calder@acme.example", "it belongs to {}", said["username"]);
            Ok(token)
        })
        .await
    }

    /// Copies by the tray until what comes is another token than `before`.
    async fn another_token_by_tray(&self, before: &str) -> anyhow::Result<String> {
        eventually("another token", || async {
            self.tray.click("Copy access token").await?;
            let token = self.token_on_clipboard().await?;
            ensure!(token != before, "it is the same token");
            Ok(token)
        })
        .await
    }

    async fn picture(&mut self, window: &Window, name: &str) -> anyhow::Result<()> {
        let to = self.next_picture(name);
        window.picture(&to).await
    }

    fn next_picture(&mut self, name: &str) -> PathBuf {
        self.n_pictures += 1;
        self.pictures.join(format!("{:02}-{name}.png", self.n_pictures))
    }
}

fn step(what: &str) {
    println!("\n{what}");
}

fn saw(what: &str) {
    println!("  saw: {what}");
}
