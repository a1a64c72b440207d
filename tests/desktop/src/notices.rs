//! The desktop's notices: what a notice server on the bus is asked to show and to close, and what the person chooses.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, anyhow, ensure};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;

use crate::eventually;

const PATH: &str = "/org/freedesktop/Notifications";

/// A notice, as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number, from one.
    pub id: u32,
    /// What it is headed with.
    pub from: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// What can be chosen: keys and labels in turn. `default` is a click on the notice itself.
    pub actions: Vec<String>,
    /// Whether it was taken back.
    pub is_closed: bool,
}

/// A running notice server. It leaves the bus when it is dropped.
pub struct Notices {
    shown: Arc<Mutex<Vec<Notice>>>,
    bus: zbus::Connection,
}

struct Server {
    shown: Arc<Mutex<Vec<Notice>>>,
    has_actions: bool,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Server {
    fn get_capabilities(&self) -> Vec<&str> {
        let all = ["body", "body-markup", "actions"];
        all.into_iter().filter(|capability| self.has_actions || *capability != "actions").collect()
    }

    #[allow(clippy::too_many_arguments, reason = "the specification has that many")]
    fn notify(
        &self,
        app_name: String,
        _replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut shown = lock(&self.shown);
        let id = u32::try_from(shown.len() + 1).unwrap_or(u32::MAX);
        shown.push(Notice { id, from: app_name, title: summary, body, actions, is_closed: false });
        id
    }

    async fn close_notification(&self, id: u32, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) {
        /// By a call of `CloseNotification`.
        const BY_CALL: u32 = 3;
        lock(&self.shown).iter_mut().filter(|notice| notice.id == id).for_each(|notice| notice.is_closed = true);
        let _ = Self::notification_closed(&emitter, id, BY_CALL).await;
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, key: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}

impl Notices {
    /// Appears on the session bus, as a desktop that can offer actions.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_as(true).await
    }

    /// Appears on the session bus, as a desktop that shows text and no more.
    pub async fn start_without_actions() -> anyhow::Result<Self> {
        Self::start_as(false).await
    }

    async fn start_as(has_actions: bool) -> anyhow::Result<Self> {
        let shown = Arc::default();
        let bus = zbus::connection::Builder::session()?
            .serve_at(PATH, Server { shown: Arc::clone(&shown), has_actions })?
            .name("org.freedesktop.Notifications")?
            .build()
            .await
            .context("the notice server's name is taken")?;
        Ok(Self { shown, bus })
    }

    /// Every notice so far, closed or not.
    pub fn all(&self) -> Vec<Notice> {
        lock(&self.shown).clone()
    }

    /// Waits for a notice with this title that is not closed.
    pub async fn shows(&self, title: &str) -> anyhow::Result<Notice> {
        eventually(&format!("a notice «{title}»"), || async {
            let shown = self.all();
            let found = shown.iter().find(|notice| notice.title == title && !notice.is_closed).cloned();
            found.ok_or_else(|| anyhow!("shown were {shown:?}"))
        })
        .await
    }

    /// Waits until it is taken back.
    pub async fn closes(&self, notice: &Notice) -> anyhow::Result<()> {
        eventually(&format!("«{}» to be taken back", notice.title), || async {
            let shown = self.all();
            ensure!(shown.iter().any(|one| one.id == notice.id && one.is_closed), "shown are {shown:?}");
            Ok(())
        })
        .await
    }

    /// What the desktop does when the person clicks the button with this label; the notice itself for `None`.
    pub async fn choose(&self, notice: &Notice, label: Option<&str>) -> anyhow::Result<()> {
        let offered = notice.actions.chunks_exact(2);
        let mut wanted = offered.filter(|offered| label.map_or(offered[0] == "default", |label| offered[1] == label));
        let key = wanted.next_back().with_context(|| format!("offered were {:?}", notice.actions))?[0].as_str();
        let emitter = SignalEmitter::new(&self.bus, PATH)?;
        Ok(Server::action_invoked(&emitter, notice.id, key).await?)
    }
}

fn lock(shown: &Mutex<Vec<Notice>>) -> MutexGuard<'_, Vec<Notice>> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}
