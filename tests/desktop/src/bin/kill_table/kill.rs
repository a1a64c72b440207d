//! One kill: how the program is brought to a step, and killed there.

use std::time::Duration;

use anyhow::{Context, bail};
use gatepass_desktop_tests::PATIENCE;
use gatepass_relay::{BusPoint, Door, Hold, Point};

use crate::issuer::Issuer;
use crate::machine::{Machine, pause};
use crate::random::Random;
use crate::step::{Step, Traces};

const TOKEN: &str = "/v1/token";
const METADATA: &str = "/.well-known/openid-configuration";
/// Reading and verifying an answer takes less.
const A_MOMENT: Duration = Duration::from_millis(5);
/// From the wish for a renewal to its intent it is less.
const AN_INSTANT: Duration = Duration::from_micros(300);

/// What makes the program renew.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// A person asks for it.
    Asked,
    /// The program starts, and has no access token.
    Start,
}

impl Occasion {
    /// One of the two; most often somebody asks.
    pub fn chosen(random: &mut Random) -> Self {
        if random.one_in(4) { Self::Start } else { Self::Asked }
    }
}

/// Kills the program at `step` of a renewal; what it left behind. It runs, unless it is to be started.
pub async fn kill_at(
    step: Step,
    occasion: Occasion,
    machine: &mut Machine,
    issuer: &Issuer,
    random: &mut Random,
) -> anyhow::Result<Traces> {
    let (n_asked, n_stored) = (issuer.relay.n_passed(TOKEN), machine.bus.n_stored());
    // A start makes no token connection that could be told from that for metadata.
    let occasion = if step == Step::AfterIntent { Occasion::Asked } else { occasion };
    let told_before = if occasion == Occasion::Asked { machine.expires_at() } else { None };
    let mut scene = Scene { machine, issuer };
    match step {
        Step::BeforeIntent => scene.before_intent(occasion, random).await?,
        Step::AfterIntent => scene.after_intent().await?,
        Step::RequestSent => {
            let hold = issuer.relay.hold(TOKEN, Point::Request);
            scene.kill_when_reached(hold, occasion, random).await?;
        }
        Step::AnswerLost => {
            let permille = if random.one_in(2) { 0 } else { u16::try_from(random.below(1000))? };
            let hold = issuer.relay.hold(TOKEN, Point::Answer { permille });
            scene.kill_when_reached(hold, occasion, random).await?;
        }
        Step::AnswerReceived => scene.answer_received(occasion, random).await?,
        Step::BeforeStore => scene.at_keyring(BusPoint::StoreCalled, occasion, random).await?,
        Step::AfterStore => scene.at_keyring(BusPoint::StoreAnswered, occasion, random).await?,
        Step::BeforeAnnouncement => scene.at_keyring(BusPoint::ReadBackAnswered, occasion, random).await?,
        Step::Again => bail!("that is two kills"),
        Step::AfterAnnouncement => {
            scene.make_ready(occasion).await?;
            scene.renew(occasion).await?;
            let told = |it: &gatepass_wire::Profile| {
                it.session.as_ref().and_then(|session| session.expires_at).is_some_and(|at| Some(at.0) != told_before)
            };
            scene.machine.until("the announcement", told).await?;
            scene.machine.kill().await?;
        }
    }
    let intent = machine.has_intent()?;
    // What the dead program said may still be on its way. After this it has arrived, or is lost.
    issuer.relay.clear();
    machine.bus.clear();
    tokio::time::timeout(PATIENCE, issuer.relay.is_quiet()).await.context("a connection of the dead stays open")??;
    tokio::time::timeout(PATIENCE, machine.bus.is_quiet()).await.context("a connection of the dead stays open")?;
    Ok(Traces {
        intent,
        n_asked: issuer.relay.n_passed(TOKEN) - n_asked,
        n_stored: machine.bus.n_stored() - n_stored,
        announced: machine.last_told() != told_before,
    })
}

struct Scene<'a> {
    machine: &'a mut Machine,
    issuer: &'a Issuer,
}

impl Scene<'_> {
    /// Makes the program renew.
    async fn renew(&mut self, occasion: Occasion) -> anyhow::Result<()> {
        match occasion {
            Occasion::Asked => self.machine.ask_to_renew(),
            Occasion::Start => self.machine.start().await?,
        }
        Ok(())
    }

    /// Ends the program while it has nothing to do, if a start is to be what makes it renew.
    async fn make_ready(&mut self, occasion: Occasion) -> anyhow::Result<()> {
        if occasion == Occasion::Start && self.machine.is_running() { self.machine.kill().await } else { Ok(()) }
    }

    /// At a start the answer to its very first request is held up: there is no renewal without metadata. When asked, it
    /// is killed so soon that it most often has not begun.
    async fn before_intent(&mut self, occasion: Occasion, random: &mut Random) -> anyhow::Result<()> {
        self.make_ready(occasion).await?;
        match occasion {
            Occasion::Start => {
                let mut hold = self.issuer.relay.hold(METADATA, Point::Request);
                self.renew(occasion).await?;
                reached(&mut hold).await?;
                self.machine.kill().await
            }
            Occasion::Asked => {
                self.renew(occasion).await?;
                pause(random.time_below(AN_INSTANT)).await;
                self.machine.kill().await
            }
        }
    }

    /// No connection is completed, so nothing can be sent. That one is asked for shows that the program is past the
    /// intent.
    async fn after_intent(&mut self) -> anyhow::Result<()> {
        let relay = &self.issuer.relay;
        relay.door(Door::Deaf).await?;
        self.machine.ask_to_renew();
        let knocking = async {
            while !relay.somebody_knocks()? {
                pause(Duration::from_micros(200)).await;
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(PATIENCE, knocking).await.context("nobody asks for a connection")??;
        self.machine.kill().await?;
        Ok(relay.door(Door::Open).await?)
    }

    /// From the last byte of the answer on, nothing gets to the keyring: wherever it is killed, it is before the store.
    async fn answer_received(&mut self, occasion: Occasion, random: &mut Random) -> anyhow::Result<()> {
        self.make_ready(occasion).await?;
        let mut hold = self.issuer.relay.hold(TOKEN, Point::Answer { permille: 0 });
        self.renew(occasion).await?;
        reached(&mut hold).await?;
        self.machine.bus.freeze();
        hold.release();
        // The connection ends when the last byte has been handed over.
        tokio::time::timeout(PATIENCE, self.issuer.relay.is_quiet()).await.context("the answer does not end")??;
        pause(random.time_below(A_MOMENT)).await;
        self.machine.kill().await
    }

    async fn at_keyring(&mut self, point: BusPoint, occasion: Occasion, random: &mut Random) -> anyhow::Result<()> {
        let hold = self.machine.bus.hold(point);
        // What the keyring has answered may reach the program just before it dies, or not.
        if point != BusPoint::StoreCalled && random.one_in(2) {
            self.make_ready(occasion).await?;
            let mut hold = hold;
            self.renew(occasion).await?;
            reached(&mut hold).await?;
            hold.release();
            return self.machine.kill().await;
        }
        self.kill_when_reached(hold, occasion, random).await
    }

    async fn kill_when_reached(
        &mut self,
        mut hold: Hold,
        occasion: Occasion,
        random: &mut Random,
    ) -> anyhow::Result<()> {
        self.make_ready(occasion).await?;
        self.renew(occasion).await?;
        reached(&mut hold).await?;
        pause(random.time_below(A_MOMENT)).await;
        self.machine.kill().await
    }
}

async fn reached(hold: &mut Hold) -> anyhow::Result<()> {
    Ok(tokio::time::timeout(PATIENCE, hold.reached()).await.context("the renewal does not come so far")??)
}
