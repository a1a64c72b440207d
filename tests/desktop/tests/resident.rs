//! What the desktop has of Gatepass while no window is open: the icon, its menu, and the notices.

use std::time::Duration;

use anyhow::ensure;
use gatepass_desktop_tests::{Desktop, Notices, OpenMenu, Opener, Resident, TrayHost, eventually};
use gatepass_fake_okta::{Endpoint, FakeOkta, Fault, Org};
use gatepass_relay::{BusPoint, BusRelay};

/// A person's machine with the program running, and an org that knows the person's browser.
struct Scene {
    okta: FakeOkta,
    desktop: Desktop,
    opener: Opener,
    tray: TrayHost,
    /// What stands in front of the keyring.
    bus: BusRelay,
    resident: Resident,
}

impl Scene {
    /// With these profiles, nobody signed in.
    async fn with(org: Org, profiles: &[&str]) -> anyhow::Result<Self> {
        let (okta, desktop, tray) = (FakeOkta::start(org).await, Desktop::new()?, TrayHost::start().await?);
        okta.sign_in_as("robin");
        let mut file = String::from("version = 1\n");
        for name in profiles {
            let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            let redirect_uri = format!("http://localhost:{port}/redirect");
            okta.register_redirect_uri(&redirect_uri);
            file += &format!(
                "\n[[profile]]\nid = \"{name}\"\nname = \"{name}\"\nissuer = \"{}\"\nclient_id = \"{}\"\n\
                 scopes = \"openid offline_access\"\nredirect_uris = [\"{redirect_uri}\"]\n",
                okta.issuer(),
                okta.client_id()
            );
        }
        desktop.write_profiles(&file)?;
        let opener = Opener::install(&desktop.path("bin"), &desktop.path("opened"))?;
        let bus = BusRelay::start(&desktop.path("bus"), &std::env::var("DBUS_SESSION_BUS_ADDRESS")?)?;
        let resident = desktop.resident_in(&[("DBUS_SESSION_BUS_ADDRESS", bus.address())]).await?;
        Ok(Self { okta, desktop, opener, tray, bus, resident })
    }

    async fn sign_in(&mut self, profile: &str) -> anyhow::Result<()> {
        self.tray.click_at(profile, "Sign in with Okta…").await?;
        self.follow_the_browser(profile).await
    }

    /// Goes where the browser was sent, and comes back signed in.
    async fn follow_the_browser(&mut self, profile: &str) -> anyhow::Result<()> {
        gatepass_fake_okta::browse(&self.opener.sent_to().await?).await?;
        self.tray.shows(&heading('●', profile)).await.map(drop)
    }

    async fn refresh(&self, profile: &str) -> anyhow::Result<()> {
        self.tray.click_at(profile, "Refresh now").await
    }

    /// Renews, and the keyring refuses what comes of it: the call, and the second one with which it is made sure.
    async fn refresh_past_the_keyring(&self, profile: &str) -> anyhow::Result<()> {
        let mut first = self.bus.hold(BusPoint::StoreCalled);
        self.refresh(profile).await?;
        first.reached().await?;
        let mut second = self.bus.hold(BusPoint::StoreCalled);
        drop(first);
        second.reached().await?;
        drop(second);
        self.tray.shows(&format!("{} — 59 min ◌ until you quit", heading('●', profile))).await.map(drop)
    }

    async fn quit(self) -> anyhow::Result<()> {
        self.tray.click("Quit").await?;
        self.resident.ended().await
    }
}

fn heading(shape: char, profile: &str) -> String {
    format!("{shape} {}", isolated(profile))
}

fn isolated(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

fn refusal() -> Fault {
    Fault::Refuse { status: 400, error: "access_denied".into(), description: "Policy evaluation failed.".into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn icon_tooltip_and_menu_tell_each_state_and_the_mark() -> anyhow::Result<()> {
    let mut scene = Scene::with(Org::default(), &["work"]).await?;
    let mut icons = Vec::new();
    let mut see = async |scene: &Scene, tooltip: &str, shape: char, standing: &str| {
        let said = scene.tray.tells(tooltip).await?;
        ensure!(said.starts_with(&format!("Gatepass — {tooltip}")), "the tooltip is {said}");
        scene.tray.shows(&format!("{} — {standing}", heading(shape, "work"))).await?;
        let icon = scene.tray.icon().await?;
        ensure!(!icons.contains(&icon), "{tooltip} has the icon of another state");
        icons.push(icon);
        anyhow::Ok(())
    };
    see(&scene, "Signed out", '○', "signed out").await?;
    scene.sign_in("work").await?;
    see(&scene, "Signed in, 59 min left", '●', "59 min").await?;

    let gate = scene.okta.hold(Endpoint::Token);
    scene.refresh("work").await?;
    see(&scene, "Renewing, 59 min left", '◔', "renewing, 59 min").await?;
    gate.release();
    scene.tray.tells("Signed in").await?;

    scene.okta.fault_always(Endpoint::Token, Fault::ServerError(503));
    scene.refresh("work").await?;
    see(&scene, "Offline, 59 min left", '◐', "offline, 59 min").await?;
    scene.okta.fault_always(Endpoint::Token, refusal());
    scene.refresh("work").await?;
    see(&scene, "Blocked, 59 min left", '▲', "blocked, 59 min").await?;

    scene.okta.clear_faults();
    scene.refresh_past_the_keyring("work").await?;
    see(&scene, "Signed in, 59 min left, until you quit", '●', "59 min ◌ until you quit").await?;
    scene.okta.end_sessions_of("robin");
    scene.refresh("work").await?;
    see(&scene, "Sign-in needed", '◆', "ended").await?;

    // A left click, where the desktop passes it on.
    scene.tray.activate().await?;
    eventually("a window on the screen", || async {
        let n = scene.desktop.n_windows().await?;
        ensure!(n == 1, "{n} windows");
        Ok(())
    })
    .await?;
    scene.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn minutes_pass_in_an_open_menu_that_stays_as_it_is() -> anyhow::Result<()> {
    let access_token_lifetime = Duration::from_secs(70);
    let mut scene = Scene::with(Org { access_token_lifetime, ..Org::default() }, &["work"]).await?;
    scene.sign_in("work").await?;
    scene.tray.shows("— 1 min").await?;
    let menu: OpenMenu = scene.tray.opens_the_menu().await?;
    scene.tray.shows("— under 1 min").await?;
    scene.tray.tells("Signed in, under 1 min left").await?;
    // A renewal is shown in place as well.
    let gate = scene.okta.hold(Endpoint::Token);
    scene.refresh("work").await?;
    scene.tray.shows("renewing").await?;
    gate.release();
    scene.tray.shows("— 1 min").await?;
    let n_rewritten = menu.stayed_open().await?;
    ensure!(n_rewritten >= 3, "lines were rewritten {n_rewritten} times");
    scene.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_comes_once_for_what_lasts_never_for_what_heals_and_goes_when_it_is_over() -> anyhow::Result<()> {
    let notices = Notices::start().await?;
    let mut scene = Scene::with(Org::default(), &["heals", "lasts"]).await?;
    scene.sign_in("heals").await?;
    scene.sign_in("lasts").await?;

    scene.refresh_past_the_keyring("heals").await?;
    scene.okta.fault_always(Endpoint::Token, refusal());
    scene.refresh("lasts").await?;
    scene.tray.shows(&heading('▲', "lasts")).await?;
    let blocked = notices.shows(&format!("Renewal is blocked: {}", isolated("lasts"))).await?;
    ensure!(blocked.from == "Gatepass" && blocked.actions.ends_with(&["Open Gatepass".into()]), "{blocked:?}");
    // It is the first, though what the keyring refused came before it.
    ensure!(notices.all() == [blocked.clone()], "told were {:?}", notices.all());
    ensure!(!scene.tray.tooltip().await?.contains("until you quit"), "the keyring was not offered it again");
    scene.refresh("lasts").await?;
    scene.okta.clear_faults();
    scene.refresh("lasts").await?;
    notices.closes(&blocked).await?;

    // Told at once, and signed in from the notice.
    scene.okta.end_sessions_of("robin");
    scene.refresh("lasts").await?;
    let ended = notices.shows(&format!("Sign in again: {}", isolated("lasts"))).await?;
    ensure!(!ended.body.contains("Open Gatepass"), "it says what its button does: {}", ended.body);
    scene.okta.sign_in_as("robin");
    notices.choose(&ended, Some("Sign in")).await?;
    scene.follow_the_browser("lasts").await?;
    notices.closes(&ended).await?;
    ensure!(notices.all().len() == 2, "told were {:?}", notices.all());

    // A click on the notice itself opens the window.
    scene.refresh("heals").await?;
    let ended = notices.shows(&format!("Sign in again: {}", isolated("heals"))).await?;
    notices.choose(&ended, None).await?;
    eventually("a window on the screen", || async {
        let n = scene.desktop.n_windows().await?;
        ensure!(n == 1, "{n} windows");
        Ok(())
    })
    .await?;
    scene.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_says_what_to_do_where_nothing_can_be_offered() -> anyhow::Result<()> {
    let notices = Notices::start_without_actions().await?;
    let mut scene = Scene::with(Org::default(), &["work"]).await?;
    scene.sign_in("work").await?;
    scene.okta.end_sessions_of("robin");
    scene.refresh("work").await?;
    let ended = notices.shows(&format!("Sign in again: {}", isolated("work"))).await?;
    ensure!(ended.actions.is_empty(), "offered is {:?}", ended.actions);
    ensure!(ended.body.ends_with("Open Gatepass to sign in."), "it says {}", ended.body);
    scene.quit().await
}
