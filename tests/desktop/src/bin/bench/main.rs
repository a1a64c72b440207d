//! Measures what a person waits for and what it costs, each beside a bare Tauri program in the same minute, and prints
//! medians as Markdown. The two take turns: on a busy machine times vary two- to fourfold within minutes, ratios do not.
//!
//! Usage: `bench [ROUNDS]` or `bench frames`, with `GATEPASS_BIN` naming the folder of `gatepass-desktop`, `gatepass-bare`, `fake-okta` and
//! `bench_redirect`. `script/bench` builds them and sets the scene.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints what it measured")]

mod api;
mod figures;
mod frames;
mod idle;
mod memory;
mod screen;

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use gatepass_desktop_tests::{Desktop, Org, PATIENCE, TrayHost, eventually};
use serde_json::json;
use tokio::process::{Child, Command};

use api::Api;
use figures::{Figures, Report, Unit};
use screen::{Colour, Screen};

const DEFAULT_ROUNDS: usize = 9;
const N_COPIES: usize = 20;
/// The state's colour, which is nowhere on the page before the resident said how things stand (`ui/src/app.css`).
const SIGNED_IN: Colour = [0x4a, 0x73, 0x12];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let wanted = std::env::args().nth(1);
    if wanted.as_deref() == Some("frames") {
        return frames().await;
    }
    let n_rounds = wanted.map_or(Ok(DEFAULT_ROUNDS), |n| n.parse()).context("usage: bench [ROUNDS]")?;
    ensure!(n_rounds > 0, "usage: bench [ROUNDS]");
    let bench = Bench::set_up().await?;
    let [mut gatepass, mut bare] = [Measured::default(), Measured::default()];
    for round in 0..=n_rounds {
        eprintln!("Round {round} of {n_rounds}{}", if round == 0 { ", which does not count" } else { "" });
        bench.gatepass(&mut gatepass).await?;
        bench.bare(&mut bare).await?;
        if round == 0 {
            // It meets cold disks and empty caches, and no later one does.
            [gatepass, bare] = [Measured::default(), Measured::default()];
        }
    }
    let copying = bench.copying().await?;
    let (redirect, exchange) = bench.redirect().await?;
    let idle = bench.idle().await?;

    let mut report = Report::default();
    report.heading("Bare Tauri");
    report.beside("Start of the resident to its tray icon", Unit::Ms, &gatepass.tray, &bare.tray, Some(1.0));
    report.beside("Start to painted window, resident running", Unit::Ms, &gatepass.window, &bare.window, Some(1.15));
    report.beside("Start to the session in the window", Unit::Ms, &gatepass.session, &bare.window, Some(1.15));
    report.beside("Start to painted window, nothing running", Unit::Ms, &gatepass.cold_window, &bare.window, None);
    report.beside("Memory of the resident alone", Unit::Mb, &gatepass.mb_alone, &bare.mb_alone, Some(1.0));
    report.beside("Memory of the window", Unit::Mb, &gatepass.mb_window, &bare.mb_window, Some(1.15));
    let both = |of: &Measured| of.mb_window.and(&of.mb_beside_window);
    report.beside("Memory of resident and window together", Unit::Mb, &both(&gatepass), &both(&bare), Some(1.15));
    report.heading("Bare Tauri, its window hidden");
    let hidden = &bare.mb_hidden;
    report.beside("Start of the resident to its tray icon", Unit::Ms, &gatepass.tray, &bare.hidden_tray, Some(1.0));
    report.beside("Memory of the resident alone", Unit::Mb, &gatepass.mb_alone, hidden, Some(1.0));
    report.heading("Gatepass, never opened");
    let (closed, never_opened) = (&gatepass.mb_closed, &gatepass.mb_alone);
    report.beside("Memory after the window was closed", Unit::Mb, closed, never_opened, Some(1.0));
    report.heading("Bare Tauri");
    let bare_window = &idle.bare_window;
    report.beside("Processor time of an idle minute, window closed", Unit::Ms, &idle.closed, &idle.bare_tray, None);
    report.beside("The same, of the window while it is open", Unit::Ms, &idle.open, bare_window, None);
    report.beside("The same, while it is minimised", Unit::Ms, &idle.hidden, bare_window, None);
    report.heading_alone();
    let beyond = redirect.less(&exchange);
    report.alone("Redirect received to token usable, beyond the server's time", Unit::Ms, &beyond, Some(20.0));
    report.alone("Click on copy to token on the clipboard", Unit::Ms, &copying, None);
    println!("{}", report.markdown());
    println!(
        "Medians of {n_rounds} rounds taken in turn, {N_COPIES} copies, {} sign-ins. Memory is PSS, in MB of a million bytes, \
         of all processes of the program.\nThe load of the machine was {}, on {} processors.",
        beyond.len(),
        std::fs::read_to_string("/proc/loadavg")?.split(' ').next().unwrap_or_default(),
        std::thread::available_parallelism()?,
    );
    Ok(())
}

/// Measures the frames of the window, of whatever build it is: the engine that draws is the system's.
async fn frames() -> anyhow::Result<()> {
    let (typing, word) = frames::while_filtering().await?;
    let mut report = Report::default();
    report.heading("One word repainted");
    report.beside("A frame while 5,000 groups are filtered, in the middle", Unit::Ms, &typing, &word, Some(1.15));
    let [typing, word] = [typing, word].map(|frames| frames.slowest_of(20));
    report.beside("The slowest frame of twenty", Unit::Ms, &typing, &word, Some(1.15));
    println!("{}", report.markdown());
    Ok(())
}

/// What was measured of one program.
#[derive(Default)]
struct Measured {
    tray: Figures,
    window: Figures,
    /// Until the window shows what it is opened for.
    session: Figures,
    cold_window: Figures,
    mb_alone: Figures,
    mb_window: Figures,
    mb_beside_window: Figures,
    mb_closed: Figures,
    /// As a program that keeps its one window hidden while it sits in the tray.
    hidden_tray: Figures,
    mb_hidden: Figures,
}

/// Processor time of an idle minute.
#[derive(Default)]
struct Idle {
    closed: Figures,
    open: Figures,
    hidden: Figures,
    bare_tray: Figures,
    bare_window: Figures,
}

/// A desktop on which Robin is signed in.
struct Bench {
    desktop: Desktop,
    programs: PathBuf,
    tray: TrayHost,
    screen: Screen,
    api: Api,
    profile: String,
    _org: Org,
}

impl Bench {
    async fn set_up() -> anyhow::Result<Self> {
        let programs = PathBuf::from(std::env::var_os("GATEPASS_BIN").context("GATEPASS_BIN names no folder")?);
        let desktop = Desktop::new()?;
        // Tokens that nobody needs to renew while we measure.
        let org = desktop.org(&["--auto", "robin", "--access-token-seconds", "3600"]).await?;
        desktop.write_profiles(&org.profiles)?;
        let profile = org.profiles.lines().find_map(|line| line.strip_prefix("id = ")).context("no id")?;
        let profile = profile.trim_matches('"').to_owned();
        let api = Api::at(&desktop.path("runtime").join("api"));
        let tray = TrayHost::start().await?;
        let bench = Self { programs, tray, screen: Screen::open()?, api, profile, _org: org, desktop };
        bench.sign_in().await?;
        Ok(bench)
    }

    /// Signs in once; every later start finds the session in the keyring, as it does on any other morning.
    async fn sign_in(&self) -> anyhow::Result<()> {
        self.install_no_browser()?;
        let resident = self.desktop.resident().await?;
        self.api.want(json!({ "intent": "sign-in", "profile": self.profile, "as_someone_else": false }))?;
        let copy_link = json!({ "intent": "copy-sign-in-link", "profile": self.profile });
        let copied = eventually("a link", || async { self.api.want(copy_link.clone()) }).await;
        copied.with_context(|| format!("the sign-in did not start: {:?}", self.api.profile()))?;
        let link = self.desktop.clipboard().await?;
        ensure!(gatepass_desktop_tests::http().get(link).send().await?.status().is_success(), "the sign-in failed");
        self.signed_in().await?;
        self.api.want(json!({ "intent": "quit" }))?;
        resident.ended().await
    }

    /// The browser is not a part of what is measured, and one that really opened would be.
    fn install_no_browser(&self) -> anyhow::Result<()> {
        let folder = self.desktop.path("bin");
        std::fs::create_dir_all(&folder)?;
        Ok(std::os::unix::fs::symlink("/bin/true", folder.join("xdg-open"))?)
    }

    async fn signed_in(&self) -> anyhow::Result<()> {
        eventually("the session", || async {
            let profile = self.api.profile()?;
            ensure!(profile["status"] == "signed-in", "it is {}", profile["status"]);
            Ok(())
        })
        .await
    }

    async fn gatepass(&self, measured: &mut Measured) -> anyhow::Result<()> {
        let resident = self.start_in_tray("gatepass-desktop", "--resident", &mut measured.tray).await?;
        self.signed_in().await?;
        measured.mb_alone.note(memory::at_rest(&[pid(&resident)?]).await?[0]);
        let (began, window) = self.start_window("gatepass-desktop", None, &mut measured.window)?;
        self.screen.shows(SIGNED_IN)?;
        measured.session.time(began.elapsed());
        let held = memory::at_rest(&[pid(&resident)?, pid(&window)?]).await?;
        measured.mb_beside_window.note(held[0]);
        measured.mb_window.note(held[1]);
        self.close(window).await?;
        measured.mb_closed.note(memory::at_rest(&[pid(&resident)?]).await?[0]);
        self.quit().await?;

        let (_, _window) = self.start_window("gatepass-desktop", None, &mut measured.cold_window)?;
        eventually("the resident that the window started", || async { self.api.profile() }).await?;
        self.quit().await
    }

    async fn bare(&self, measured: &mut Measured) -> anyhow::Result<()> {
        let mut tray = self.start_in_tray("gatepass-bare", "tray", &mut measured.tray).await?;
        measured.mb_alone.note(memory::at_rest(&[pid(&tray)?]).await?[0]);
        let (_, window) = self.start_window("gatepass-bare", Some("window"), &mut measured.window)?;
        let held = memory::at_rest(&[pid(&tray)?, pid(&window)?]).await?;
        measured.mb_beside_window.note(held[0]);
        measured.mb_window.note(held[1]);
        self.close(window).await?;
        end(&mut tray).await?;

        let mut hidden = self.start_in_tray("gatepass-bare", "hidden", &mut measured.hidden_tray).await?;
        measured.mb_hidden.note(memory::at_rest(&[pid(&hidden)?]).await?[0]);
        end(&mut hidden).await
    }

    /// From the click, as the resident hears of it, to the token that another program pastes.
    async fn copying(&self) -> anyhow::Result<Figures> {
        eprintln!("Copying");
        let resident = self.desktop.resident().await?;
        self.signed_in().await?;
        let mut figures = Figures::default();
        for copy in 0..=N_COPIES {
            let click = || self.api.ask(json!({ "intent": "copy-access-token", "profile": self.profile }));
            let (took, pasted, asked) = self.screen.copied(click)?;
            asked.answer()?;
            ensure!(pasted.split('.').count() == 3, "what was pasted is no token");
            // The first one opens the clipboard.
            if copy > 0 {
                figures.time(took);
            }
        }
        self.api.want(json!({ "intent": "quit" }))?;
        resident.ended().await?;
        Ok(figures)
    }

    /// From the redirect to the usable token, and of that the time of the server.
    async fn redirect(&self) -> anyhow::Result<(Figures, Figures)> {
        eprintln!("Signing in");
        let output = Command::new(self.programs.join("bench_redirect")).stderr(Stdio::inherit()).output().await?;
        ensure!(output.status.success(), "bench_redirect ended with {}", output.status);
        let (mut whole, mut exchange) = (Figures::default(), Figures::default());
        for line in String::from_utf8(output.stdout)?.lines() {
            let (all, server) = line.split_once(' ').context("two numbers")?;
            whole.time(Duration::from_micros(all.parse()?));
            exchange.time(Duration::from_micros(server.parse()?));
        }
        Ok((whole, exchange))
    }

    /// What each costs while nobody does anything.
    async fn idle(&self) -> anyhow::Result<Idle> {
        eprintln!("Waiting");
        let (mut idle, mut ignored) = (Idle::default(), Figures::default());
        let resident = self.start_in_tray("gatepass-desktop", "--resident", &mut ignored).await?;
        self.signed_in().await?;
        memory::at_rest(&[pid(&resident)?]).await?;
        idle.closed.time(idle::a_minute(pid(&resident)?).await?);
        let (_, window) = self.start_window("gatepass-desktop", None, &mut ignored)?;
        memory::at_rest(&[pid(&window)?]).await?;
        idle.open.time(idle::a_minute(pid(&window)?).await?);
        let minimised = Command::new("xdotool").args(["search", "--name", "^Gatepass$", "windowminimize"]).status();
        ensure!(minimised.await?.success(), "the window was not minimised");
        memory::at_rest(&[pid(&window)?]).await?;
        idle.hidden.time(idle::a_minute(pid(&window)?).await?);
        self.quit().await?;

        let mut tray = self.start_in_tray("gatepass-bare", "tray", &mut ignored).await?;
        idle.bare_tray.time(idle::a_minute(pid(&tray)?).await?);
        let (_, window) = self.start_window("gatepass-bare", Some("window"), &mut ignored)?;
        memory::at_rest(&[pid(&window)?]).await?;
        idle.bare_window.time(idle::a_minute(pid(&window)?).await?);
        self.close(window).await?;
        end(&mut tray).await?;
        Ok(idle)
    }

    async fn start_in_tray(&self, program: &str, role: &str, figures: &mut Figures) -> anyhow::Result<Child> {
        let n_before = self.tray.n_registered();
        let began = Instant::now();
        let child = self.start(program, Some(role))?;
        while self.tray.n_registered() == n_before {
            ensure!(began.elapsed() < PATIENCE, "{program} did not come into the tray");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        figures.time(began.elapsed());
        Ok(child)
    }

    /// Returns when it began, too.
    fn start_window(
        &self,
        program: &str,
        role: Option<&str>,
        figures: &mut Figures,
    ) -> anyhow::Result<(Instant, Child)> {
        let began = Instant::now();
        let child = self.start(program, role)?;
        self.screen.painted()?;
        figures.time(began.elapsed());
        Ok((began, child))
    }

    fn start(&self, program: &str, role: Option<&str>) -> anyhow::Result<Child> {
        let mut command = Command::new(self.programs.join(program));
        command.args(role).envs(self.desktop.environment()).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().with_context(|| format!("{program} does not start"))
    }

    async fn close(&self, mut window: Child) -> anyhow::Result<()> {
        let all = memory::tree(pid(&window)?)?;
        self.screen.close_windows()?;
        match tokio::time::timeout(PATIENCE, window.wait()).await {
            Ok(ended) => ensure!(ended?.success(), "the window failed"),
            Err(_) => bail!("the window does not close"),
        }
        memory::gone(&all).await
    }

    /// Ends resident and window.
    async fn quit(&self) -> anyhow::Result<()> {
        self.api.want(json!({ "intent": "quit" }))?;
        memory::gone(&self.desktop.processes("")?).await
    }
}

/// Ends a program that knows no other end, and waits for all that it started.
async fn end(program: &mut Child) -> anyhow::Result<()> {
    let all = memory::tree(pid(program)?)?;
    program.kill().await?;
    memory::gone(&all).await
}

fn pid(child: &Child) -> anyhow::Result<u32> {
    child.id().context("it ended at once")
}
