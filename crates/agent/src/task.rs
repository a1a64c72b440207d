//! The one task that owns all sessions. It owns the machines, who waits for what, and the timer; it sleeps until one of
//! four things wakes it ([`Wake`]), and does what the machines decide. It waits for no network and no keyring: such
//! work goes on beside it and comes back as a [`Report`].
//!
//! What is asked of it is in `command`, what its machines want done in `effect`, sign-ins in `attempt`, the profiles in
//! `profiles`.

mod attempt;
mod command;
mod edges;
mod effect;
mod horizon;
mod journal_worker;
mod profiles;
mod report;
mod seat;
mod times;
mod vault_worker;
mod work;

use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::Timestamp;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep_until, timeout_at};

pub(crate) use command::{Answer, Command};
pub(crate) use edges::{Edges, client_of};
pub(crate) use report::{News, Report, Reporter, SeatNumber};

use crate::journal::Journal;
use crate::profiles_file::{ProfilesFile, Reading};
use crate::session::{Input, Jitter, SessionMachine};
use crate::{Cause, CauseKind, Change, Error, Notice, ProfileId, Snapshot, Vault, VaultKey};
use journal_worker::JournalWorker;
use seat::{Attempt, Seat, Waiter};
use vault_worker::Order;

/// Not until the next thing is due: on Linux a tokio timer does not count the time the laptop sleeps, so a deadline is
/// noticed within half a minute of waking even if the system never says that it woke.
const LONGEST_NAP: Duration = Duration::from_secs(30);

/// A deadline that stays due after it was looked at must not keep the processor busy.
const SHORTEST_NAP: Duration = Duration::from_millis(20);

/// How long quitting waits for what is being stored, redeemed and revoked.
const WINDING_UP: Duration = Duration::from_secs(5);

/// A renewal that sleep cuts off may cost its answer. Systems are asleep by then, or have said that they are not.
const QUIET_BEFORE_SLEEP: Duration = Duration::from_secs(15);

/// How soon the vault is asked again to remove what it would not remove.
const ERASING_AGAIN: Duration = Duration::from_secs(60);

/// Everything that can wake the task.
enum Wake {
    /// Somebody wants something.
    Asked(Command),
    /// Nobody is left who could want anything.
    Forsaken,
    /// Work beside the task has news.
    Told(Report),
    /// Work beside the task has ended.
    WorkEnded,
    /// Something may be due.
    TimeUp,
}

/// The task.
pub(crate) struct Task {
    edges: Arc<Edges>,
    machine_name: String,
    file: ProfilesFile,
    file_problem: Option<String>,
    /// In the order of the profiles file.
    seats: Vec<Seat>,
    n_seats: u64,
    n_replies: u64,
    commands: mpsc::UnboundedReceiver<Command>,
    reports: mpsc::UnboundedReceiver<Report>,
    reports_to_self: mpsc::UnboundedSender<Report>,
    vault: mpsc::UnboundedSender<Order>,
    n_vault_orders: usize,
    journal: JournalWorker,
    /// What the vault would not remove, and when it is asked again.
    /// In boot time.
    unerased: Vec<(SeatNumber, VaultKey, Duration)>,
    /// Refreshes, exchanges, revocations, and whatever else nobody waits for.
    work: JoinSet<()>,
    /// Places for renewals to begin.
    renewals: Arc<Semaphore>,
    /// Sign-ins that ended and whose page is being delivered.
    delivering: Vec<Attempt>,
    /// Sign-ins that were given up and are closing their ports.
    closing: Vec<JoinHandle<()>>,
    /// The machine is about to sleep: until then, in boot time, no renewal begins by itself.
    quiet_until: Option<Duration>,
    /// Of [`times::Times`], as what is shown was drawn by.
    drawn_by: u64,
    changes: watch::Sender<Arc<Change>>,
    notices: mpsc::UnboundedSender<Notice>,
}

/// What the task leaves to those who use it.
pub(crate) struct Ends {
    pub(crate) commands: mpsc::UnboundedSender<Command>,
    pub(crate) changes: watch::Receiver<Arc<Change>>,
    pub(crate) notices: mpsc::UnboundedReceiver<Notice>,
}

impl Task {
    /// The task and the ends to use it by. Nothing happens before [`Task::run`].
    pub(crate) fn new(
        edges: Edges,
        vault: Arc<dyn Vault>,
        journal: Journal,
        machine_name: String,
        file: ProfilesFile,
    ) -> (Self, Ends) {
        let Reading { profiles, problem } = file.load();
        let (commands_sender, commands) = mpsc::unbounded_channel();
        let (reports_to_self, reports) = mpsc::unbounded_channel();
        let (notices, notices_receiver) = mpsc::unbounded_channel();
        let snapshot = Snapshot { profiles: Vec::new(), profiles_file_problem: problem.clone() };
        let cause = Cause { kind: CauseKind::Present, profile: None };
        let (changes, changes_receiver) = watch::channel(Arc::new(Change { revision: 0, cause, snapshot }));
        let mut task = Self {
            edges: Arc::new(edges),
            machine_name,
            file,
            file_problem: problem,
            seats: Vec::new(),
            n_seats: 0,
            n_replies: 0,
            commands,
            reports,
            reports_to_self,
            vault: vault_worker::start(vault),
            n_vault_orders: 0,
            journal: JournalWorker::start(journal),
            unerased: Vec::new(),
            work: JoinSet::new(),
            renewals: Arc::new(Semaphore::new(work::RENEWALS_AT_ONCE)),
            delivering: Vec::new(),
            closing: Vec::new(),
            quiet_until: None,
            drawn_by: 0,
            changes,
            notices,
        };
        for profile in profiles {
            task.seat(profile);
        }
        task.publish(CauseKind::Present, None);
        (task, Ends { commands: commands_sender, changes: changes_receiver, notices: notices_receiver })
    }

    /// Runs until somebody says [`Command::Quit`] or everyone has gone.
    pub(crate) async fn run(mut self) {
        self.look_at_everything();
        loop {
            match self.next_wake().await {
                Wake::Asked(Command::Quit(answer)) => {
                    self.wind_up().await;
                    let _ = answer.send(());
                    return;
                }
                Wake::Forsaken => return self.wind_up().await,
                Wake::Asked(command) => self.obey(command).await,
                Wake::Told(report) => self.take_in(report),
                Wake::WorkEnded => {}
                Wake::TimeUp => self.look_at_everything(),
            }
        }
    }

    async fn next_wake(&mut self) -> Wake {
        let nap = self.nap().map(|nap| Instant::now() + nap);
        tokio::select! {
            // What has happened is taken in before what is asked about it.
            biased;
            Some(report) = self.reports.recv() => Wake::Told(report),
            Some(_) = self.work.join_next() => Wake::WorkEnded,
            () = self.edges.times.learned() => Wake::TimeUp,
            () = sleep_until(nap.unwrap_or_else(Instant::now)), if nap.is_some() => Wake::TimeUp,
            command = self.commands.recv() => command.map_or(Wake::Forsaken, Wake::Asked),
        }
    }

    /// How long nothing is due; `None` if only something from outside can change that.
    fn nap(&self) -> Option<Duration> {
        let times = &self.edges.times;
        let boot = times.boot();
        let seats = self.seats.iter().filter_map(|seat| seat.nap(times));
        let erasing = self.unerased.iter().map(|(_, _, again_at)| again_at.saturating_sub(boot));
        let nap = seats.chain(erasing).min()?;
        let quiet = self.quiet_until.map_or(Duration::ZERO, |until| until.saturating_sub(boot));
        Some(nap.max(quiet).clamp(SHORTEST_NAP, LONGEST_NAP))
    }

    /// Does whatever is due. Every machine is asked, since time may not have gone on as it was thought to.
    fn look_at_everything(&mut self) {
        self.look_at_the_time();
        if self.quiet_until.is_some_and(|until| self.edges.times.boot() < until) {
            return;
        }
        self.quiet_until = None;
        for seat in 0..self.seats.len() {
            if !self.seats[seat].is_removed {
                let now = self.now(seat);
                self.end_attempt_if_over(seat, now);
                self.step(seat, now, Input::Tick);
                self.warn_of_the_end(seat, now);
            }
        }
        self.erase_again_if_due();
    }

    /// Sees whether the clock was set, asks the servers what time it is where that is in doubt, and shows everything
    /// anew where instants are not what they were taken for.
    fn look_at_the_time(&mut self) {
        self.edges.times.look(random_share);
        for seat in self.seats.iter().filter(|seat| seat.is_session()) {
            if self.edges.times.take_question(&seat.profile.issuer) {
                // Nobody waits for it, not even whoever quits.
                drop(tokio::spawn(work::ask_time(Arc::clone(&self.edges), Arc::clone(&seat.profile))));
            }
        }
        let revision = self.edges.times.revision();
        if revision != self.drawn_by {
            self.drawn_by = revision;
            for seat in &mut self.seats {
                seat.draw(&self.edges.times);
            }
            self.publish(CauseKind::Clock, None);
        }
    }

    /// The network is another than it was: what only waits for it need not wait longer.
    fn network_changed(&mut self) {
        self.edges.times.ask_soon(random_share);
        for seat in 0..self.seats.len() {
            if !self.seats[seat].is_removed {
                self.step(seat, self.now(seat), Input::NetworkChanged);
            }
        }
        self.look_at_everything();
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::SignIn(profile, options, answer) => self.sign_in(&profile, options, answer),
            Command::CancelSignIn(profile, answer) => {
                let found = self.step_profile(&profile, Input::SignInCancelled);
                self.ports_closed().await;
                let _ = answer.send(found);
            }
            Command::SignInLink(profile, answer) => {
                let _ = answer.send(self.sign_in_link(&profile));
            }
            Command::AnswerOtherPerson(profile, replace, answer) => {
                let _ = answer.send(self.step_profile(&profile, Input::OtherPersonAnswered { replace }));
            }
            Command::Refresh(profile, answer) => match self.find(&profile) {
                Ok(seat) => {
                    let reply = self.expect_reply(seat, Waiter::Renewal(answer));
                    self.step(seat, self.now(seat), Input::RefreshRequested(reply));
                }
                Err(error) => drop(answer.send(Err(error))),
            },
            Command::AccessToken(profile, min_validity, answer) => match self.find(&profile) {
                Ok(seat) => {
                    let reply = self.expect_reply(seat, Waiter::Token(answer));
                    self.step(seat, self.now(seat), Input::TokenRequested(reply, min_validity));
                }
                Err(error) => drop(answer.send(Err(error))),
            },
            Command::SignOut(profile, answer) => match self.find(&profile) {
                Ok(seat) => {
                    // The machine has the vault forget in any case, and then whoever waits is answered.
                    self.seats[seat].erasing.push(answer);
                    self.step(seat, self.now(seat), Input::SignOutRequested);
                    self.ports_closed().await;
                }
                Err(error) => drop(answer.send(Err(error))),
            },
            Command::DismissProblem(profile, answer) => {
                let _ = answer.send(self.step_profile(&profile, Input::ProblemDismissed));
            }
            Command::AddProfile(profile, answer) => {
                let _ = answer.send(self.add_profile(profile).await);
            }
            Command::RemoveProfile(profile, answer) => {
                let _ = answer.send(self.remove_profile(&profile).await);
            }
            Command::DeliverRedirect(redirect_uri, response, answer) => {
                self.deliver_redirect(&redirect_uri, response, answer);
            }
            Command::FallingAsleep => self.quiet_until = Some(self.edges.times.boot() + QUIET_BEFORE_SLEEP),
            Command::LookAgain => {
                self.quiet_until = None;
                self.look_at_everything();
            }
            Command::NetworkChanged => self.network_changed(),
            Command::Quit(answer) => drop(answer),
        }
    }

    fn take_in(&mut self, Report { seat: number, news }: Report) {
        // Seats are never taken away, so there always is one.
        let Some(seat) = self.seats.iter().position(|seat| seat.number == number) else { return };
        let now = self.now(seat);
        match news {
            News::Loaded(loaded) => {
                self.n_vault_orders -= 1;
                self.loaded(seat, now, loaded);
            }
            News::Recalled(kept, past) => self.step(seat, now, Input::Restored(Ok(Some((*kept, past))))),
            News::Stored(generation, stored) => {
                self.n_vault_orders -= 1;
                self.step(seat, now, Input::Persisted(generation, stored));
            }
            News::Erased(erased) => {
                self.n_vault_orders -= 1;
                self.erased(seat, erased);
            }
            News::Bound { attempt, redirect_uri, link } => self.attempt_bound(seat, attempt, redirect_uri, link),
            News::Introspected(generation, end) => self.introspected(seat, generation, end),
            News::Moved(attempt, stage) => self.attempt_moved(seat, now, attempt, stage),
            News::Redirected(attempt, redirected) => self.attempt_redirected(seat, now, attempt, *redirected),
            News::SignInFinished(attempt, result) => self.attempt_finished(seat, now, attempt, result),
            News::RefreshTokenArrived(generation, token) => {
                self.step(seat, now, Input::RefreshTokenArrived(generation, token));
            }
            News::RefreshFinished(generation, result) => {
                self.step(seat, now, Input::RefreshFinished(generation, result));
            }
        }
    }

    /// Gives up what is pending, and waits a little for what must not be lost: a refresh token on its way to us or to
    /// the vault, a revocation on its way out.
    async fn wind_up(&mut self) {
        tracing::info!("quitting");
        for seat in 0..self.seats.len() {
            self.step(seat, self.now(seat), Input::SignInCancelled);
        }
        self.ports_closed().await;
        self.finish_work().await;
        // Last, so that the page of a sign-in that was just stored can still be delivered.
        self.stop_delivering(|_| true);
        self.ports_closed().await;
    }

    async fn finish_work(&mut self) {
        let deadline = Instant::now() + WINDING_UP;
        loop {
            while let Ok(report) = self.reports.try_recv() {
                self.take_in(report);
            }
            if self.work.is_empty() && self.n_vault_orders == 0 {
                return;
            }
            let news = async {
                tokio::select! {
                    Some(report) = self.reports.recv() => Some(report),
                    Some(_) = self.work.join_next() => None,
                }
            };
            match timeout_at(deadline, news).await {
                Ok(Some(report)) => self.take_in(report),
                Ok(None) => {}
                Err(_) => return tracing::warn!("not all work was done before quitting"),
            }
        }
    }

    fn step_profile(&mut self, profile: &ProfileId, input: Input) -> Result<(), Error> {
        let seat = self.find(profile)?;
        self.step(seat, self.now(seat), input);
        Ok(())
    }

    /// Lets the machine take an input, and does what it wants done.
    fn step(&mut self, seat: usize, now: Timestamp, input: Input) {
        for effect in self.seats[seat].machine.step(now, input) {
            self.carry_out(seat, effect);
        }
    }

    /// The time by which this session is decided.
    fn now(&self, seat: usize) -> Timestamp {
        self.edges.now(&self.seats[seat].profile)
    }

    /// Where the profile sits.
    fn find(&self, profile: &ProfileId) -> Result<usize, Error> {
        self.seats.iter().position(|seat| !seat.is_removed && seat.profile.id == *profile).ok_or(Error::NoSuchProfile)
    }

    fn reporter(&self, seat: usize) -> Reporter {
        Reporter::new(self.seats[seat].number, self.reports_to_self.clone())
    }

    /// Shows what is true now to everyone who watches.
    fn publish(&mut self, kind: CauseKind, seat: Option<usize>) {
        if let Some(seat) = seat {
            self.seats[seat].draw(&self.edges.times);
        }
        let profile = seat.map(|seat| self.seats[seat].profile.id.clone());
        tracing::debug!(?kind, profile = profile.as_ref().map(ProfileId::as_str), "change");
        let shown = self.seats.iter().filter(|seat| !seat.is_removed);
        let snapshot = Snapshot {
            profiles: shown.map(|seat| Arc::clone(&seat.shown)).collect(),
            profiles_file_problem: self.file_problem.clone(),
        };
        let cause = Cause { kind, profile };
        let revision = self.changes.borrow().revision + 1;
        self.changes.send_replace(Arc::new(Change { revision, cause, snapshot }));
    }
}

/// A machine for one profile, whose renewals come a little off those of others.
fn new_machine() -> SessionMachine {
    let mut seed = [0; 8];
    // Without randomness from the system there is none; renewals are then on the second.
    let jitter = match getrandom::fill(&mut seed) {
        Ok(()) => Jitter::seeded(u64::from_le_bytes(seed)),
        Err(_) => Jitter::none(),
    };
    SessionMachine::new(jitter)
}

/// Some number from zero up to and without one; zero where the system has no randomness.
fn random_share() -> f64 {
    let mut bytes = [0; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0),
        Err(_) => 0.0,
    }
}

#[cfg(test)]
mod tests;
