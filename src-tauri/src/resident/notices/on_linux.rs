//! The Desktop Notifications Specification, spoken to whatever desktop there is. Notices are sent from here rather than by
//! the plugin, which would head them with the name of the program's file.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatepass_agent::NoticeId;
use gatepass_app::{NoticeAction, NoticeForPeople};
use gatepass_wire::Intent;
use tauri::AppHandle;
use tokio::sync::mpsc;
use zbus::MatchRule;
use zbus::blocking::{Connection, MessageIterator, connection};
use zbus::message::{Message, Type};
use zbus::zvariant::Value;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// A desktop that hangs holds up other notices for so long.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// What a click on the notice itself is called, by the specification.
const DEFAULT: &str = "default";
/// What a click on its button is called, by us.
const HELP: &str = "help";

/// The desktop, as far as it shows notices. Every call waits for it.
pub(super) struct Desktop {
    intents: mpsc::UnboundedSender<Intent>,
    /// Kept open, since some desktops take the notices of a program away that leaves the bus.
    bus: Option<Connection>,
    shown: Arc<Mutex<Shown>>,
}

/// What the desktop was given and has not said to be closed.
type Shown = HashMap<Place, (Option<NoticeId>, Option<NoticeAction>)>;

/// Which program on the bus shows it, and its number there: one that is started anew counts from the beginning.
type Place = (String, u32);

impl Desktop {
    /// Nothing is asked yet. What the person chooses is sent to `intents`.
    pub(super) fn new(_: AppHandle, intents: mpsc::UnboundedSender<Intent>) -> Self {
        Self { intents, bus: None, shown: Arc::default() }
    }

    /// Shows a notice; `id`, to take it back by.
    pub(super) fn show(&mut self, id: Option<NoticeId>, notice: &NoticeForPeople) -> zbus::Result<()> {
        let bus = self.bus()?;
        self.heed(try_to_show(&bus, &self.shown, id, notice))
    }

    /// Takes a notice back, if it is still there.
    pub(super) fn take_back(&mut self, id: NoticeId) -> zbus::Result<()> {
        let taken = lock(&self.shown).extract_if(|_, (shown, _)| *shown == Some(id)).next();
        let Some(((program, number), _)) = taken else { return Ok(()) };
        let bus = self.bus()?;
        let closed = bus.call_method(Some(program), PATH, Some(NAME), "CloseNotification", &(number,));
        self.heed(closed.map(drop))
    }

    fn bus(&mut self) -> zbus::Result<Connection> {
        if let Some(bus) = &self.bus {
            return Ok(bus.clone());
        }
        let bus = connection::Builder::session()?.method_timeout(TIME_LIMIT).build()?;
        let rule = MatchRule::builder().msg_type(Type::Signal).sender(NAME)?.interface(NAME)?.path(PATH)?.build();
        let signals = MessageIterator::for_match_rule(rule, &bus, None)?;
        let (shown, intents) = (Arc::clone(&self.shown), self.intents.clone());
        // Ends with the connection.
        std::thread::Builder::new().name("notice-actions".into()).spawn(move || {
            signals.map_while(Result::ok).for_each(|signal| heed(&signal, &shown, &intents));
        })?;
        Ok(self.bus.insert(bus).clone())
    }

    /// A desktop that says no leaves the connection as it is; one that broke is made anew for the next notice.
    fn heed<T>(&mut self, result: zbus::Result<T>) -> zbus::Result<T> {
        if result.as_ref().is_err_and(|error| !matches!(error, zbus::Error::MethodError(..))) {
            self.bus = None;
        }
        result
    }
}

fn try_to_show(
    bus: &Connection,
    shown: &Mutex<Shown>,
    id: Option<NoticeId>,
    notice: &NoticeForPeople,
) -> zbus::Result<()> {
    let reply = bus.call_method(Some(NAME), PATH, Some(NAME), "GetCapabilities", &())?;
    let capabilities: Vec<String> = reply.body().deserialize()?;
    let can = |what: &str| capabilities.iter().any(|capability| capability == what);

    let action = notice.action.as_ref().filter(|_| can("actions"));
    let mut body = if action.is_some() { notice.body.clone() } else { super::with_advice(notice) };
    // If it does read markup, a name from outside could put a link there; if it does not, escapes would show.
    if can("body-markup") {
        body = super::escape(&body);
    }
    let open = NoticeAction::open();
    let mut actions: Vec<&str> = Vec::new();
    if can("actions") {
        actions.extend([DEFAULT, open.label.as_str()]);
    }
    actions.extend(action.iter().flat_map(|action| [HELP, action.label.as_str()]));
    let no_hints: HashMap<&str, Value<'_>> = HashMap::new();
    // In order: who it is from, which notice it replaces, the icon's name, …, and for how long: as the desktop likes.
    let asked = ("Gatepass", 0u32, "gatepass-desktop", notice.title.as_str(), body, actions, no_hints, -1i32);
    // Held until the number is noted: what the person chooses may be known before it.
    let mut shown = lock(shown);
    let reply = bus.call_method(Some(NAME), PATH, Some(NAME), "Notify", &asked)?;
    shown.insert((sender(&reply), reply.body().deserialize()?), (id, action.cloned()));
    Ok(())
}

fn sender(message: &Message) -> String {
    message.header().sender().map(ToString::to_string).unwrap_or_default()
}

/// Does what the person chose in a notice of ours, and forgets one that is closed.
fn heed(signal: &Message, shown: &Mutex<Shown>, intents: &mpsc::UnboundedSender<Intent>) {
    let header = signal.header();
    match header.member().map(|member| member.as_str()) {
        Some("ActionInvoked") => {
            let Ok((number, chosen)) = signal.body().deserialize::<(u32, String)>() else { return };
            // A desktop that leaves it open afterwards says so; chosen twice, it would be done twice.
            let Some((_, action)) =
                lock(shown).get_mut(&(sender(signal), number)).map(|(id, action)| (*id, action.take()))
            else {
                return;
            };
            let intent = match (chosen.as_str(), action) {
                (DEFAULT, _) => Intent::ShowWindow,
                (HELP, Some(action)) => action.intent,
                _ => return,
            };
            // Whoever receives is gone only while quitting.
            let _ = intents.send(intent);
        }
        Some("NotificationClosed") => {
            if let Ok((number, _reason)) = signal.body().deserialize::<(u32, u32)>() {
                lock(shown).remove(&(sender(signal), number));
            }
        }
        _ => {}
    }
}

fn lock(shown: &Mutex<Shown>) -> MutexGuard<'_, Shown> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}
