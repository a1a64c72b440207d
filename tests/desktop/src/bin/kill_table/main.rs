//! Kills the real resident at every step of a renewal, starts it again, and looks whether the session is alive. Prints
//! the table of what was kept, and fails if a session was lost that could have been kept.
//!
//! A step is known from outside, by two relays (see `gatepass-relay`): in front of the issuer and in front of the
//! keyring. Whether a kill hit its step is judged afterwards by what the dead program left behind; one that missed is
//! counted as missed and repeated.
//!
//! Usage: `kill_table [--kills N] [--seed SEED] [--write PAGE]`, with `GATEPASS_BIN` naming the folder of
//! `gatepass-desktop`. `script/kill-table` builds it and sets the scene.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints what it found")]

mod issuer;
mod kill;
mod machine;
mod random;
mod step;
mod table;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, bail, ensure};

use issuer::{Issuer, Kind};
use kill::Occasion;
use machine::{Fate, Machine};
use random::Random;
use step::{Step, Traces};
use table::{Seen, Table, Verdict};

/// A step that is missed so often in a row is never hit.
const MAX_MISSES: usize = 40;

struct Options {
    n_kills: usize,
    seed: u64,
    write: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse(std::env::args().skip(1))?;
    let began = Instant::now();
    let mut table = Table::default();
    let mut random = Random::new(options.seed);
    for (kind, steps) in plan(options.n_kills, &mut random) {
        let (server, refresh) = kind.names();
        eprintln!("{server}, {refresh}: {} kills", steps.len());
        let mut series = Series::begin(kind, Random::new(random.below(u64::MAX))).await?;
        for step in steps {
            series.kill(step, &mut table).await.with_context(|| format!("killing {} at {server}", step.name()))?;
        }
        series.end()?;
    }
    let commit = std::env::var("GATEPASS_COMMIT").unwrap_or_else(|_| "an unknown commit".into());
    let text = table.markdown(&format!(
        "Made by `script/kill-table --kills {} --seed {}` at {commit}, in {} s.",
        options.n_kills,
        options.seed,
        began.elapsed().as_secs()
    ));
    println!("{text}");
    if let Some(page) = options.write {
        table::write_into(&page, &text)?;
    }
    ensure!(table.n_kills() == options.n_kills as u64, "there are {} kills in the table", table.n_kills());
    ensure!(
        table.n_failures() == 0,
        "{} sessions lost, spent tokens used within a grace, or not told of once",
        table.n_failures()
    );
    Ok(())
}

/// As many kills as were asked for, spread evenly over all servers and steps, in an order that the seed chooses.
fn plan(n_kills: usize, random: &mut Random) -> Vec<(Kind, Vec<Step>)> {
    let mut all: Vec<_> = Kind::ALL.iter().flat_map(|kind| kind.steps().iter().map(|step| (*kind, *step))).collect();
    random.shuffle(&mut all);
    let mut plan: Vec<(Kind, Vec<Step>)> = Kind::ALL.map(|kind| (kind, Vec::new())).into();
    for (kind, step) in all.iter().cycle().take(n_kills) {
        if let Some((_, steps)) = plan.iter_mut().find(|(of, _)| of == kind) {
            steps.push(*step);
        }
    }
    plan
}

/// The kills at one server, one after another on one machine.
struct Series {
    kind: Kind,
    issuer: Issuer,
    machine: Machine,
    random: Random,
}

impl Series {
    async fn begin(kind: Kind, random: Random) -> anyhow::Result<Self> {
        let free = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let issuer = Issuer::start(kind, format!("http://localhost:{free}/redirect")).await?;
        let mut machine = Machine::new(&issuer)?;
        machine.start().await?;
        machine.sign_in().await?;
        Ok(Self { kind, issuer, machine, random })
    }

    /// Kills at `step` until it was hit, and notes what came of it. The program runs before and after, signed in.
    async fn kill(&mut self, step: Step, table: &mut Table) -> anyhow::Result<()> {
        for _ in 0..MAX_MISSES {
            self.machine.at_rest().await?;
            let n_reused = self.issuer.n_reused().await?;
            let (traces, was_hit) = match step {
                Step::Again => self.kill_twice().await?,
                _ => self.kill_once(step).await?,
            };
            let told_too_soon = self.kind.rotates() && traces.announced && traces.n_stored == 0;
            ensure!(!told_too_soon, "a token was announced that was not stored: {traces:?}");
            self.issuer.may_start_again().await?;
            self.machine.start().await?;
            let verdict = self.verdict(step, traces).await?;
            let n_notices = self.machine.notices(verdict != Verdict::Kept).await?;
            if verdict != Verdict::Kept {
                self.machine.sign_in().await?;
            }
            let n_reused = self.issuer.n_reused().await? - n_reused;
            if was_hit {
                if verdict == Verdict::Lost {
                    eprintln!("lost, killed {}: {traces:?}, {n_reused} reused", step.name());
                }
                table.note(self.kind, step, verdict, Seen { n_reused, n_notices });
                return Ok(());
            }
            ensure!(verdict != Verdict::Lost, "a session was lost by a kill that missed its step: {traces:?}");
            eprintln!("  missed: {}, {traces:?}", step.name());
            table.note_missed(self.kind, step);
        }
        bail!("missed {MAX_MISSES} times in a row")
    }

    /// What the kill left behind, and whether it hit its step. The program runs before it.
    async fn kill_once(&mut self, step: Step) -> anyhow::Result<(Traces, bool)> {
        let occasion = Occasion::chosen(&mut self.random);
        let traces = kill::kill_at(step, occasion, &mut self.machine, &self.issuer, &mut self.random).await?;
        Ok((traces, step.leaves(traces)))
    }

    /// The same of two kills, of which the second meets the start that wants to mend what the first has broken.
    async fn kill_twice(&mut self) -> anyhow::Result<(Traces, bool)> {
        let first = self.random.one_of(&Step::FIRST_OF_TWO);
        let (of_first, was_hit) = self.kill_once(first).await?;
        let second = self.random.one_of(&Step::SECOND_OF_TWO);
        let (machine, random) = (&mut self.machine, &mut self.random);
        let of_second = kill::kill_at(second, Occasion::Start, machine, &self.issuer, random).await?;
        let traces = Traces {
            intent: of_second.intent,
            n_asked: of_first.n_asked + of_second.n_asked,
            n_stored: of_first.n_stored + of_second.n_stored,
            announced: of_first.announced || of_second.announced,
        };
        Ok((traces, was_hit && second.leaves(of_second)))
    }

    /// What the start after a kill makes of the session. It is over for a reason only where the token that it knows of
    /// was spent, and the next one never came to rest.
    async fn verdict(&self, step: Step, traces: Traces) -> anyhow::Result<Verdict> {
        let never_came_to_rest = step.is_before_rest() && traces.n_asked > traces.n_stored;
        let fate = self.machine.fate().await?;
        let is_a_wonder = fate == Fate::Alive && self.kind.waits_for_the_grace() && never_came_to_rest;
        ensure!(!is_a_wonder, "kept after the grace, which was not over then: {traces:?}");
        Ok(match fate {
            Fate::Alive => Verdict::Kept,
            Fate::Over if self.kind.forgives_nothing() && never_came_to_rest => Verdict::Impossible,
            Fate::Over => Verdict::Lost,
        })
    }

    fn end(self) -> anyhow::Result<()> {
        let unexpected = self.issuer.unexpected();
        ensure!(unexpected.is_empty(), "unexpected at the server: {unexpected:?}");
        eprintln!("  the program was started {} times", self.machine.n_starts());
        Ok(())
    }
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut options = Self { n_kills: 500, seed: 1, write: None };
        while let Some(argument) = arguments.next() {
            let value = arguments.next().context("usage: kill_table [--kills N] [--seed SEED] [--write PAGE]")?;
            match argument.as_str() {
                "--kills" => options.n_kills = value.parse()?,
                "--seed" => options.seed = value.parse()?,
                "--write" => options.write = Some(value.into()),
                _ => bail!("unknown option {argument}"),
            }
        }
        Ok(options)
    }
}
