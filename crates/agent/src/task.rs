//! The one task that owns all sessions. It owns the machines, who waits for what, and the timer; it sleeps until one of
//! four things wakes it ([`Wake`]), and does what the machines decide. It waits for no network and no keyring: such
//! work goes on beside it and comes back as a [`Report`].
//!
//! What is asked of it is in `command`, what its machines want done in `effect`, sign-ins in `attempt`, the profiles in
//! `profiles`.

mod about_person;
mod attempt;
mod command;
mod credential_keeper;
mod due;
mod earlier;
mod edges;
mod effect;
mod exchanging;
mod horizon;
mod inquiry;
mod journal_worker;
mod leaving;
mod looking;
mod network;
mod notices;
mod profiles;
mod quiet;
mod report;
mod seat;
mod sharing;
mod telling;
mod times;
mod vault_worker;
mod watching;
mod work;

use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::Timestamp;
use tokio::sync::{Mutex, Semaphore, mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep_until, timeout_at};

pub(crate) use command::{Answer, Command, KeyWish, Proven};
pub(crate) use credential_keeper::CredentialKeeper;
pub(crate) use edges::Edges;
pub(crate) use report::{News, Report, Reporter, SeatNumber};
pub(crate) use sharing::Sharing;
pub(crate) use vault_worker::VaultLine;
pub(crate) use work::welcome;

use crate::earlier_groups::EarlierGroups;
use crate::journal::Journal;
use crate::profiles_file::{ProfilesFile, Reading};
use crate::session::{Input, Jitter, SessionMachine};
use crate::{Cause, CauseKind, Change, Error, Event, Mistake, Notifying, ProfileId, Snapshot, VaultKey};
use due::Due;
use journal_worker::JournalWorker;
use network::Heeded;
use notices::Notices;
use quiet::Quiet;
use seat::{Attempt, Seat, Waiter};
use telling::Telling;
use watching::{Look, Watching};

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
    /// The profiles file was looked at.
    Looked(Look),
    /// Something may be due.
    TimeUp,
    /// It is another time than it was thought to be.
    TimeLearned,
}

/// The task.
pub(crate) struct Task {
    edges: Arc<Edges>,
    machine_name: String,
    file: ProfilesFile,
    /// Of edits, one at a time: the next one reads what the one before wrote, however long that took.
    file_turn: Arc<Mutex<()>>,
    file_mistakes: Vec<Mistake>,
    watching: Watching,
    /// In the order they were made. None is ever taken away, so its place names a seat.
    seats: Vec<Seat>,
    /// Those that are shown, in the order of the profiles file.
    order: Vec<usize>,
    due: Due,
    /// When every seat was looked at, due or not.
    looked_at_all: Instant,
    n_seats: u64,
    n_replies: u64,
    commands: mpsc::UnboundedReceiver<Command>,
    reports: mpsc::UnboundedReceiver<Report>,
    reports_to_self: mpsc::UnboundedSender<Report>,
    vault: VaultLine,
    n_vault_orders: usize,
    journal: JournalWorker,
    earlier_groups: EarlierGroups,
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
    quiet: Quiet,
    /// Of [`times::Times`], as what is shown was drawn by.
    drawn_by: u64,
    /// Of [`Edges`], as what is shown was drawn by.
    n_discoveries: u64,
    network: Heeded,
    telling: Telling,
    notices: Notices,
}

/// What the task leaves to those who use it.
pub(crate) struct Ends {
    pub(crate) commands: mpsc::UnboundedSender<Command>,
    pub(crate) changes: watch::Receiver<Arc<Change>>,
    pub(crate) notices: mpsc::UnboundedReceiver<Notifying>,
    pub(crate) events: mpsc::UnboundedReceiver<Event>,
}

impl Task {
    /// The task and the ends to use it by. Nothing happens before [`Task::run`].
    pub(crate) fn new(
        edges: Edges,
        vault: VaultLine,
        journal: Journal,
        earlier_groups: EarlierGroups,
        machine_name: String,
        file: ProfilesFile,
    ) -> (Self, Ends) {
        let watching = Watching::new(&file);
        let Reading { profiles, mistakes, .. } = file.load();
        let (commands_sender, commands) = mpsc::unbounded_channel();
        let (reports_to_self, reports) = mpsc::unbounded_channel();
        let (notices, notices_receiver) = mpsc::unbounded_channel();
        let (events, events_receiver) = mpsc::unbounded_channel();
        let snapshot = Snapshot { profiles: Vec::new(), profiles_file_mistakes: mistakes.clone() };
        let cause = Cause { kind: CauseKind::Present, profile: None };
        let (changes, changes_receiver) = watch::channel(Arc::new(Change { revision: 0, cause, snapshot }));
        let mut task = Self {
            edges: Arc::new(edges),
            machine_name,
            file,
            file_turn: Arc::default(),
            file_mistakes: mistakes,
            watching,
            seats: Vec::new(),
            order: Vec::new(),
            due: Due::default(),
            looked_at_all: Instant::now(),
            n_seats: 0,
            n_replies: 0,
            commands,
            reports,
            reports_to_self,
            vault,
            n_vault_orders: 0,
            journal: JournalWorker::start(journal),
            earlier_groups,
            unerased: Vec::new(),
            work: JoinSet::new(),
            renewals: Arc::new(Semaphore::new(work::RENEWALS_AT_ONCE)),
            delivering: Vec::new(),
            closing: Vec::new(),
            quiet: Quiet::default(),
            drawn_by: 0,
            n_discoveries: 0,
            network: Heeded::default(),
            telling: Telling::new(changes, events),
            notices: Notices::new(notices),
        };
        for profile in profiles {
            let seat = task.seat(profile);
            task.order.push(seat);
        }
        task.publish(CauseKind::Present, None);
        let ends = Ends {
            commands: commands_sender,
            changes: changes_receiver,
            notices: notices_receiver,
            events: events_receiver,
        };
        (task, ends)
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
                Wake::Looked(look) => self.take_in_look(look).await,
                Wake::TimeUp => self.do_what_is_due(),
                Wake::TimeLearned => self.look_at_everything(),
            }
        }
    }

    async fn next_wake(&mut self) -> Wake {
        let nap = Instant::now() + self.nap();
        tokio::select! {
            // What has happened is taken in before what is asked about it.
            biased;
            Some(report) = self.reports.recv() => Wake::Told(report),
            Some(_) = self.work.join_next() => Wake::WorkEnded,
            Some(look) = self.watching.looked() => Wake::Looked(look),
            () = self.edges.times.learned() => Wake::TimeLearned,
            () = sleep_until(nap) => Wake::TimeUp,
            command = self.commands.recv() => command.map_or(Wake::Forsaken, Wake::Asked),
        }
    }

    async fn obey(&mut self, command: Command) {
        // What comes of it is in the snapshot before whoever asked is answered.
        self.telling.is_hurried = true;
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
            Command::SignOut(profile, options, answer) => match self.find(&profile) {
                Ok(seat) => {
                    let answer = self.leave(seat, options, answer);
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
            Command::FindOut(profile, answer) => self.find_out(&profile, answer),
            Command::AddProfile(profile, answer) => {
                let _ = answer.send(self.add_profile(profile).await);
            }
            Command::RemoveProfile(profile, answer) => {
                let _ = answer.send(self.remove_profile(&profile).await);
            }
            Command::EditProfile(profile, may_sign_out, answer) => {
                let _ = answer.send(self.edit_profile(profile, may_sign_out).await);
            }
            Command::MoveProfile(profile, direction, answer) => {
                let _ = answer.send(self.move_profile(&profile, direction).await);
            }
            Command::ClientKeys(profile, wish, answer) => self.client_keys(&profile, wish, answer),
            Command::Prove(profile, call, answer) => self.prove(&profile, call, answer),
            Command::ExchangeToken(profile, audience, token, answer) => {
                self.exchange_token(&profile, &audience, token, answer);
            }
            Command::DeliverRedirect(redirect_uri, response, answer) => {
                self.deliver_redirect(&redirect_uri, response, answer);
            }
            Command::FallingAsleep => {
                self.telling.log(Event::FellAsleep);
                self.quiet.set(self.edges.times.boot() + QUIET_BEFORE_SLEEP);
            }
            Command::LookAgain => {
                self.telling.log(Event::Woke);
                self.quiet.end();
                self.watching.look();
                self.look_at_everything();
            }
            Command::LookAtProfiles => self.watching.look(),
            Command::NetworkChanged => self.network_changed(),
            Command::Quit(answer) => drop(answer),
        }
        self.telling.is_hurried = false;
    }

    fn take_in(&mut self, Report { seat: number, news }: Report) {
        let Some(seat) = self.seated(number) else { return };
        let now = self.now(seat);
        match news {
            // A machine that was set aside begins nothing.
            News::Loaded(_) if self.seats[seat].is_set_aside => self.n_vault_orders -= 1,
            News::Loaded(loaded) => {
                self.n_vault_orders -= 1;
                self.loaded(seat, now, loaded);
            }
            News::Recalled(..) if self.seats[seat].is_set_aside => {}
            News::Recalled(kept, past) => self.step(seat, now, Input::Restored(Ok(Some((*kept, past))))),
            News::Stored(generation, stored) => {
                self.n_vault_orders -= 1;
                self.step(seat, now, Input::Persisted(generation, stored));
            }
            News::Erased(erased) => {
                self.n_vault_orders -= 1;
                self.erased(seat, erased);
            }
            News::Bound(attempt, bound) => self.attempt_bound(seat, now, attempt, bound),
            News::CodeGiven(attempt, code, end) => self.attempt_has_code(seat, now, attempt, code, end),
            News::Introspected(generation, end) => self.introspected(seat, generation, end),
            News::GroupsTold(question, asked) => self.groups_told(seat, question, asked),
            News::ApiTokenChanged => self.ask_for_groups(seat),
            News::GroupsCompared(generation, before) => self.groups_compared(seat, generation, before),
            News::Moved(attempt, stage) => self.attempt_moved(seat, now, attempt, stage),
            News::CameBack(attempt) => self.attempt_came_back(seat, attempt),
            News::Redirected(attempt, redirected) => self.attempt_redirected(seat, now, attempt, *redirected),
            News::SignInFinished(attempt, result) => self.attempt_finished(seat, now, attempt, result),
            News::Inquired(inquired) => self.inquired(seat, now, *inquired),
            News::RefreshTokenArrived(generation, token) => {
                self.step(seat, now, Input::RefreshTokenArrived(generation, token));
            }
            News::DeviceSecretArrived(generation, secret) => {
                self.step(seat, now, Input::DeviceSecretArrived(generation, secret));
            }
            News::RefreshFinished(generation, result) => {
                self.step(seat, now, Input::RefreshFinished(generation, result));
            }
        }
        self.look_at_the_servers();
        // Not all of it goes through the machine.
        self.schedule(seat);
    }

    /// Gives up what is pending, and waits a little for what must not be lost: a refresh token on its way to us or to
    /// the vault, a revocation on its way out.
    async fn wind_up(&mut self) {
        tracing::info!("quitting");
        self.quiet.set(Duration::MAX);
        // Nobody waits for a place any more.
        self.renewals.close();
        for seat in 0..self.seats.len() {
            self.step(seat, self.now(seat), Input::SignInCancelled);
        }
        self.ports_closed().await;
        self.finish_work().await;
        // Last, so that the page of a sign-in that was just stored can still be delivered.
        self.stop_delivering(|_| true);
        self.ports_closed().await;
        self.tell();
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
        let effects = self.seats[seat].machine.step(now, input);
        self.seats[seat].held.set(self.seats[seat].machine.generation());
        for effect in effects {
            self.carry_out(seat, effect);
        }
        self.schedule(seat);
    }

    /// The time by which this session is decided.
    fn now(&self, seat: usize) -> Timestamp {
        self.edges.now(&self.seats[seat].profile)
    }

    /// Where the profile sits.
    fn find(&self, profile: &ProfileId) -> Result<usize, Error> {
        let found = self.order.iter().find(|seat| self.seats[**seat].profile.id == *profile);
        found.copied().ok_or(Error::NoSuchProfile)
    }

    /// Where this one sits, shown or not.
    fn seated(&self, number: SeatNumber) -> Option<usize> {
        usize::try_from(number.0).ok().and_then(|number| number.checked_sub(1)).filter(|seat| *seat < self.seats.len())
    }

    fn reporter(&self, seat: usize) -> Reporter {
        Reporter::new(self.seats[seat].number, self.reports_to_self.clone())
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

#[cfg(test)]
mod tests;
