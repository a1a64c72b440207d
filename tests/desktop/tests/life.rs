//! What a person's program must live through, with the real window, tray, keyring and browser.

use std::process::Stdio;

use anyhow::ensure;
use fantoccini::key::Key;
use gatepass_desktop_tests::{
    Desktop, Keyring, Notices, Org, TrayHost, Window, all_end, command_line, eventually, quit, signed_in,
};
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn window_and_resident_survive_each_other() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    let org = desktop.org(&[]).await?;
    let mut browser = desktop.browser().await?;
    let window = signed_in(&desktop, &org, &mut browser).await?;

    // The resident dies: the window says so, starts it again, and the session is there without a browser.
    let [resident] = desktop.processes("--resident")?[..] else { anyhow::bail!("there is not one resident") };
    kill(resident)?;
    eventually("another resident", || async {
        let residents = desktop.processes("--resident")?;
        ensure!(residents.len() == 1 && residents[0] != resident, "residents: {residents:?}");
        Ok(())
    })
    .await?;
    window.shows("Signed in").await?;
    window.shows("robin.calder@acme.example").await?;
    browser.was_not_opened().await?;

    // The window dies: the resident goes on, and opens another when it is asked to.
    let windows = desktop.processes("gatepass-desktop")?;
    let residents = desktop.processes("--resident")?;
    for pid in windows.into_iter().filter(|pid| !residents.contains(pid)) {
        kill(pid)?;
    }
    tray.shows("Copy access token").await?;
    tray.click("Open Gatepass").await?;
    eventually("a window on the screen", || async {
        let n = desktop.n_windows().await?;
        ensure!(n == 1, "{n} windows");
        Ok(())
    })
    .await?;
    quit(&desktop, &tray).await
}

#[tokio::test(flavor = "multi_thread")]
async fn started_many_times_at_once_there_is_one_resident_and_one_window() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    desktop.write_profiles("version = 1\n")?;
    let mut starts = Vec::new();
    for _ in 0..4 {
        let mut command = Command::new(desktop.program());
        command.envs(desktop.environment()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        starts.push(command.spawn()?);
    }
    eventually("all but one start to end, and one window", || async {
        let residents = desktop.processes("--resident")?;
        let all = desktop.processes("gatepass-desktop")?;
        ensure!(residents.len() == 1 && all.len() == 2, "residents {residents:?}, all {all:?}");
        let n = desktop.n_windows().await?;
        ensure!(n == 1, "{n} windows");
        Ok(())
    })
    .await?;
    quit(&desktop, &tray).await?;
    for mut start in starts {
        start.wait().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_tray_it_goes_on_says_so_and_takes_one_that_comes_later() -> anyhow::Result<()> {
    let desktop = Desktop::new()?;
    let org = desktop.org(&[]).await?;
    desktop.write_profiles(&org.profiles)?;
    let window = Window::open(desktop.program(), &[], &desktop.environment()).await?;
    window.shows("no tray").await?;
    let tray = TrayHost::start().await?;
    window.no_longer_shows("no tray").await?;
    tray.shows("Sign in with Okta").await?;

    // The host goes and comes again, as a panel does that is restarted.
    drop(tray);
    window.shows("no tray").await?;
    let tray = TrayHost::start().await?;
    window.no_longer_shows("no tray").await?;
    tray.shows("Sign in with Okta").await?;
    quit(&desktop, &tray).await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_tray_the_window_can_quit_everything() -> anyhow::Result<()> {
    let desktop = Desktop::new()?;
    desktop.write_profiles(&desktop.org(&[]).await?.profiles)?;
    let window = Window::open(desktop.program(), &[], &desktop.environment()).await?;
    window.shows("no tray").await?;
    window.click("Quit Gatepass").await?;
    all_end(&desktop).await
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_locked_keyring_is_asked_nobody_is_said_to_be_signed_out() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    let org = desktop.org(&[]).await?;
    let mut browser = desktop.browser().await?;
    let window = signed_in(&desktop, &org, &mut browser).await?;
    quit(&desktop, &tray).await?;
    drop(window);

    let keyring = Keyring::of_this_session().await?;
    keyring.lock().await?;
    let window = Window::open(desktop.program(), &[], &desktop.environment()).await?;
    window.shows("Looking in the keyring…").await?;
    tray.shows("looking in the keyring…").await?;
    ensure!(tray.tooltip().await?.contains("Looking in the keyring…"), "the tray says: {}", tray.tooltip().await?);
    let menu = tray.menu().await?;
    ensure!(!menu.iter().any(|entry| entry.label.contains("Sign in")), "the menu is {menu:?}");
    let said = window.text().await?;
    ensure!(!said.contains("Sign in") && !said.contains("Signed out"), "the window says: {said}");

    keyring.answers_the_dialog().await?;
    window.shows("Signed in").await?;
    window.shows("robin.calder@acme.example").await?;
    browser.was_not_opened().await?;
    quit(&desktop, &tray).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_whose_resident_cannot_start_says_why_and_goes_on_once_it_can() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    desktop.write_profiles(&desktop.org(&[]).await?.profiles)?;
    // A file in the way stops root as well, which no mode would.
    std::fs::write(desktop.path("state"), "in the way")?;
    let window = Window::open(desktop.program(), &[], &desktop.environment()).await?;
    window.shows("Gatepass cannot write in its folder").await?;
    window.shows(&desktop.path("state").display().to_string()).await?;
    let said = window.driver().find(fantoccini::Locator::Css("main")).await?.text().await?;
    // The reason, once: the error that carries it and its source are not both told.
    ensure!(said.matches("(os error").count() == 1, "the window says: {said}");

    std::fs::remove_file(desktop.path("state"))?;
    window.shows("Sign in with Okta").await?;
    window.no_longer_shows("cannot write").await?;
    quit(&desktop, &tray).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_journey_works_by_keyboard() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    let org = desktop.org(&[]).await?;
    desktop.write_profiles(&org.profiles)?;
    let mut browser = desktop.browser().await?;
    let window = Window::open(desktop.program(), &[], &desktop.environment()).await?;
    window.shows("Sign in with Okta").await?;
    tab_to(&window, "Sign in with Okta").await?;
    browser.follows().await?;
    browser.page().shows("Robin Calder").await?;
    browser.page().driver().find(fantoccini::Locator::Id("person-robin")).await?.send_keys(&Key::Enter).await?;
    window.shows("Signed in").await?;
    tab_to(&window, "Copy access token").await?;
    window.shows("Copied").await?;
    org.confirms(&desktop.clipboard().await?).await?;
    tab_to(&window, "Sign out").await?;
    window.shows("Sign in with Okta").await?;
    quit(&desktop, &tray).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_from_the_tray_is_confirmed_by_a_notice_of_gatepass() -> anyhow::Result<()> {
    let (desktop, tray, notices) = (Desktop::new()?, TrayHost::start().await?, Notices::start().await?);
    let org = desktop.org(&[]).await?;
    let mut browser = desktop.browser().await?;
    let _window = signed_in(&desktop, &org, &mut browser).await?;
    tray.click("Copy access token").await?;
    let notice = notices.shows("Access token copied").await?;
    ensure!(notice.from == "Gatepass", "it is headed {}", notice.from);
    ensure!(notice.body.contains("The clipboard is cleared in"), "it says {}", notice.body);
    quit(&desktop, &tray).await
}

/// The link that somebody was sent to set Gatepass up with.
fn link(org: &Org) -> String {
    let of = |key: &str| {
        let line = org.profiles.lines().find_map(|line| line.strip_prefix(&format!("{key} = \"")));
        line.and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
    };
    format!("dev.gatepass.desktop://profile?name=From%20a%20link&issuer={}&client_id={}", of("issuer"), of("client_id"))
}

fn open_link(desktop: &Desktop, link: &str) -> anyhow::Result<tokio::process::Child> {
    let mut start = Command::new(desktop.program());
    start.arg(link).envs(desktop.environment()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(start.spawn()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_from_a_second_start_fills_in_the_form_and_adds_nothing_until_the_person_says_so() -> anyhow::Result<()>
{
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    let org = desktop.org(&[]).await?;
    desktop.write_profiles("version = 1\n")?;
    let window = Window::open(desktop.program(), &[], &desktop.environment()).await?;
    window.shows("Redirect URI").await?;
    ensure!(open_link(&desktop, &link(&org))?.wait().await?.success(), "the link was not taken");
    window.shows("This came from somebody else").await?;
    let written = || std::fs::read_to_string(desktop.path("config").join("profiles.toml"));
    ensure!(!written()?.contains("From a link"), "it was added without a word");
    window.click("Save and sign in").await?;
    window.shows("You will sign in at").await?;
    ensure!(!written()?.contains("From a link"), "it was added before the host was confirmed");
    window.click("Save and sign in").await?;
    eventually("the profile to be added", || async {
        ensure!(written()?.contains("From a link"), "it is not in the file");
        Ok(())
    })
    .await?;
    // The sign-in that follows has its place in the menu; a click in a menu that is being replaced is for nobody.
    tray.shows("Cancel sign-in").await?;
    quit(&desktop, &tray).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_opened_while_nothing_runs_starts_it_and_a_redirect_does_not() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    desktop.write_profiles("version = 1\n")?;
    let redirect = "dev.gatepass.desktop:/redirect?code=c&state=s";
    ensure!(!open_link(&desktop, redirect)?.wait().await?.success(), "a redirect was taken, and nobody waited for it");
    ensure!(desktop.processes("gatepass-desktop")?.is_empty(), "a redirect started something");

    let org = desktop.org(&[]).await?;
    ensure!(open_link(&desktop, &link(&org))?.wait().await?.success(), "the link was not taken");
    desktop.one_of_each().await?;
    quit(&desktop, &tray).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_is_in_the_page_the_arguments_or_the_files() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::new()?, TrayHost::start().await?);
    let org = desktop.org(&[]).await?;
    let mut browser = desktop.browser().await?;
    let window = signed_in(&desktop, &org, &mut browser).await?;
    window.click("Copy access token").await?;
    window.shows("Copied").await?;
    let token = desktop.clipboard().await?;
    org.confirms(&token).await?;
    let signature = token.rsplit('.').next().unwrap_or_default().to_owned();
    ensure!(signature.len() > 100, "this is no token to search for");

    window.click("Tokens").await?;
    window.shows("verified").await?;
    let page = window.driver().source().await?;
    ensure!(!page.contains(&signature), "the page has the token in it");
    for pid in desktop.processes("")? {
        ensure!(!command_line(pid).contains(&signature), "process {pid} has the token in its arguments");
    }
    for folder in ["config", "state", "runtime"] {
        search(&desktop.path(folder), signature.as_bytes())?;
    }
    quit(&desktop, &tray).await?;
    ensure!(desktop.clipboard().await.unwrap_or_default() != token, "the token outlived the program on the clipboard");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shipped_build_has_no_webdriver_switch() -> anyhow::Result<()> {
    let (desktop, tray) = (Desktop::of_programs("GATEPASS_SHIPPED_BIN")?, TrayHost::start().await?);
    desktop.write_profiles("version = 1\n")?;
    let environment = desktop.environment();
    let session = Window::open(desktop.program(), &[], &environment);
    let window_is_there = eventually("a window on the screen", || async {
        let n = desktop.n_windows().await?;
        ensure!(n == 1, "{n} windows");
        Ok(())
    });
    tokio::select! {
        session = session => anyhow::bail!("the driver got an answer: a session is {}", session.is_ok()),
        there = window_is_there => there?,
    }
    // The driver may have started the program once more. It is gone now, and whatever it started must have come to an
    // end too, or it would find nobody and begin anew.
    eventually("one window and one resident", || async {
        let all = desktop.processes("gatepass-desktop")?;
        ensure!(all.len() == 2, "{} processes", all.len());
        Ok(())
    })
    .await?;
    quit(&desktop, &tray).await
}

/// Presses Tab until the control of this name has the focus, then Enter.
async fn tab_to(window: &Window, name: &str) -> anyhow::Result<()> {
    for _ in 0..40 {
        let focused = window.driver().active_element().await?;
        let label = focused.attr("aria-label").await?.unwrap_or_default();
        if focused.text().await?.contains(name) && focused.tag_name().await? == "button" || label == name {
            return Ok(focused.send_keys(&Key::Enter).await?);
        }
        focused.send_keys(&Key::Tab).await?;
    }
    anyhow::bail!("{name} is not reached by Tab")
}

fn kill(pid: u32) -> anyhow::Result<()> {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid)?).ok_or(anyhow::anyhow!("no such process"))?;
    Ok(rustix::process::kill_process(pid, rustix::process::Signal::KILL)?)
}

fn search(folder: &std::path::Path, secret: &[u8]) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            search(&path, secret)?;
        } else if path.is_file() {
            let found = std::fs::read(&path)?.windows(secret.len()).any(|window| window == secret);
            ensure!(!found, "{} has the token in it", path.display());
        }
    }
    Ok(())
}
