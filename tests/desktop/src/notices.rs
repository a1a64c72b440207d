//! The desktop's notices: what a notice server on the bus is asked to show.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use anyhow::{Context, anyhow};
use zbus::zvariant::OwnedValue;

use crate::eventually;

/// A notice, as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is headed with.
    pub from: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
}

type Shown = Arc<Mutex<Vec<Notice>>>;

/// A running notice server. It leaves the bus when it is dropped.
pub struct Notices {
    shown: Shown,
    _bus: zbus::Connection,
}

struct Server(Shown);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Server {
    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".into(), "body-markup".into()]
    }

    #[allow(clippy::too_many_arguments, reason = "the specification has that many")]
    fn notify(
        &self,
        app_name: String,
        _replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut shown = self.0.lock().expect("no panic holds it");
        shown.push(Notice { from: app_name, title: summary, body });
        u32::try_from(shown.len()).unwrap_or(u32::MAX)
    }
}

impl Notices {
    /// Appears on the session bus.
    pub async fn start() -> anyhow::Result<Self> {
        let shown = Shown::default();
        let bus = zbus::connection::Builder::session()?
            .serve_at("/org/freedesktop/Notifications", Server(shown.clone()))?
            .name("org.freedesktop.Notifications")?
            .build()
            .await
            .context("the notice server's name is taken")?;
        Ok(Self { shown, _bus: bus })
    }

    /// Waits for the notice with this title.
    pub async fn shows(&self, title: &str) -> anyhow::Result<Notice> {
        eventually(&format!("a notice «{title}»"), || async {
            let shown = self.shown.lock().expect("no panic holds it").clone();
            let found = shown.iter().find(|notice| notice.title == title).cloned();
            found.ok_or_else(|| anyhow!("shown were {shown:?}"))
        })
        .await
    }
}
