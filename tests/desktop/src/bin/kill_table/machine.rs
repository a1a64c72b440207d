//! The program under test as a person has it: started, watched over its local API, asked for things, signed in with,
//! and killed. Between it and the rest of the world stand the two relays.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, anyhow, bail, ensure};
use gatepass_desktop_tests::{Desktop, Opener, PATIENCE, Resident, eventually};
use gatepass_relay::BusRelay;
use gatepass_wire::{Answer, Intent, Profile, Status, client, place::Place};
use serde_json::Value;
use tokio::sync::watch;

use crate::issuer::Issuer;

const PROFILE: &str = "work";

/// A machine with one profile, and perhaps the program running on it.
pub struct Machine {
    desktop: Desktop,
    opener: Opener,
    /// What stands in front of the keyring.
    pub bus: BusRelay,
    running: Option<Running>,
    n_starts: usize,
    /// How many notices the log of what happened had before the last start.
    n_notices_before: u64,
    last_told: Option<i64>,
}

struct Running {
    resident: Resident,
    profile: watch::Receiver<Option<Profile>>,
    watching: JoinHandle<()>,
}

/// What became of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It goes on: it was renewed since.
    Alive,
    /// The person is asked to sign in.
    Over,
}

impl Machine {
    /// A machine with a profile for `issuer`.
    pub fn new(issuer: &Issuer) -> anyhow::Result<Self> {
        let desktop = Desktop::new()?;
        desktop.write_profiles(&issuer.profiles())?;
        let opener = Opener::install(&desktop.path("bin"), &desktop.path("opened"))?;
        let address = std::env::var("DBUS_SESSION_BUS_ADDRESS").context("there is no session bus")?;
        let bus = BusRelay::start(&desktop.path("bus"), &address)?;
        Ok(Self { desktop, opener, bus, running: None, n_starts: 0, n_notices_before: 0, last_told: None })
    }

    /// How often the program was started.
    pub fn n_starts(&self) -> usize {
        self.n_starts
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Starts the program and watches it.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        ensure!(self.running.is_none(), "it runs already");
        let environment = [
            ("DBUS_SESSION_BUS_ADDRESS", self.bus.address()),
            // A keyring of its own for each machine.
            ("GATEPASS_KEYRING_SERVICE", format!("gatepass-{}", self.desktop.path("").display())),
        ];
        self.n_notices_before = self.n_notices()?;
        let resident = self.desktop.resident_in(&environment).await?;
        let (tell, profile) = watch::channel(None);
        let place = self.place();
        // Ends with the program.
        let watching = std::thread::spawn(move || {
            let Ok(changes) = client::watch(&place, false) else { return };
            for told in changes {
                let Ok(client::Told::Change(change)) = told else { return };
                let shown = change.snapshot.profiles.into_iter().find(|profile| profile.id == PROFILE);
                let _ = tell.send(shown.map(Arc::unwrap_or_clone));
            }
        });
        self.n_starts += 1;
        self.running = Some(Running { resident, profile, watching });
        Ok(())
    }

    /// Kills the program, and waits until it is dead and everything that it told is heard.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        let Running { resident, profile, watching } = self.running.take().context("it does not run")?;
        resident.kill().await?;
        tokio::task::spawn_blocking(move || watching.join()).await?.map_err(|_| anyhow!("the watcher panicked"))?;
        self.last_told = expires_at(&profile);
        Ok(())
    }

    /// The end of the access token that the program told of last before it was killed.
    pub fn last_told(&self) -> Option<i64> {
        self.last_told
    }

    /// Waits until the profile is as `wanted`.
    pub async fn until(&self, what: &str, wanted: impl Fn(&Profile) -> bool) -> anyhow::Result<Profile> {
        let mut profiles = self.running.as_ref().context("it does not run")?.profile.clone();
        let found = profiles.wait_for(|profile| profile.as_ref().is_some_and(&wanted));
        let found = tokio::time::timeout(PATIENCE, found).await.map(|found| found.map(|profile| profile.clone()));
        match found {
            Ok(Ok(profile)) => profile.context("it was just found"),
            Ok(Err(_)) => bail!("the program ended while we waited for {what}"),
            Err(_) => {
                let status = self.running.as_ref().and_then(|it| it.profile.borrow().as_ref().map(|it| it.status));
                bail!("waited {} s for {what}; it is {status:?}", PATIENCE.as_secs())
            }
        }
    }

    /// When the access token in hand ends, which tells one renewal from the next.
    pub fn expires_at(&self) -> Option<i64> {
        expires_at(&self.running.as_ref()?.profile)
    }

    /// Asks for a renewal and does not wait for its end, which the program may not live to see.
    pub fn ask_to_renew(&self) {
        let place = self.place();
        std::thread::spawn(move || client::ask(&place, Intent::Refresh { profile: PROFILE.into() }));
    }

    /// Signs in, with a browser that follows redirects.
    pub async fn sign_in(&mut self) -> anyhow::Result<()> {
        let place = self.place();
        let wish = Intent::SignIn { profile: PROFILE.into(), as_someone_else: false, with_code: false };
        let answer = tokio::task::spawn_blocking(move || client::ask(&place, wish)).await??;
        ensure!(answer == Answer::Done, "the sign-in does not begin: {answer:?}");
        let link = self.opener.sent_to().await?;
        gatepass_fake_okta::browse(&link).await?;
        self.until("the sign-in", is_alive).await.map(drop)
    }

    /// Waits until it shows what became of the session: renewed, or over.
    pub async fn fate(&self) -> anyhow::Result<Fate> {
        let profile =
            self.until("the session to be renewed or over", |it| is_alive(it) || it.status == Status::SignInNeeded);
        Ok(if is_alive(&profile.await?) { Fate::Alive } else { Fate::Over })
    }

    /// How often this life of the program told the person to sign in, as its own log has it. The log is written a little
    /// later; where a notice must come, it is waited for.
    pub async fn notices(&self, must_come: bool) -> anyhow::Result<u64> {
        let since = || anyhow::Ok(self.n_notices()? - self.n_notices_before);
        if must_come {
            eventually("a notice", || async {
                ensure!(since()? > 0, "there is none");
                Ok(())
            })
            .await?;
        }
        since()
    }

    fn n_notices(&self) -> anyhow::Result<u64> {
        let Ok(log) = std::fs::read_to_string(self.desktop.path("state").join("activity.jsonl")) else { return Ok(0) };
        let is_notice = |line: &&str| {
            let entry: Value = serde_json::from_str(line).unwrap_or_default();
            entry["what"] == "noticed" && entry["about"] == "sign-in-needed"
        };
        Ok(log.lines().filter(is_notice).count() as u64)
    }

    /// Waits until it is written down what came of the last renewal, which is after it was announced.
    pub async fn at_rest(&self) -> anyhow::Result<()> {
        eventually("the intent to be settled", || async {
            ensure!(!self.has_intent()?, "there is an intent of a renewal that is over");
            Ok(())
        })
        .await
    }

    /// Whether it is written down that a refresh token was sent, and not what came of it.
    pub fn has_intent(&self) -> anyhow::Result<bool> {
        let Ok(files) = std::fs::read_dir(self.desktop.path("state").join("refreshes")) else { return Ok(false) };
        for file in files {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let page: Value = serde_json::from_slice(&std::fs::read(path)?)?;
                return Ok(page["sent"].is_object());
            }
        }
        Ok(false)
    }

    fn place(&self) -> Place {
        Place { path: self.desktop.path("runtime").join("api") }
    }
}

fn expires_at(profile: &watch::Receiver<Option<Profile>>) -> Option<i64> {
    profile.borrow().as_ref()?.session.as_ref()?.expires_at.map(|at| at.0)
}

/// Whether it has an access token of this life, at rest.
fn is_alive(profile: &Profile) -> bool {
    let has_token = profile.session.as_ref().is_some_and(|session| session.expires_at.is_some());
    profile.status == Status::SignedIn && profile.attempt.is_none() && has_token
}

/// A pause that belongs to a kill: the seed chose it, and nothing is hoped for meanwhile.
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
