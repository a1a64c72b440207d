//! Whether the desktop shows tray icons just now. On Linux that is a program on the session bus
//! (`org.kde.StatusNotifierWatcher`), which may start after us at login, crash, or never come. Elsewhere it is always so.

use tokio::sync::watch;

/// Starts to watch. The first value is the present.
#[cfg(not(target_os = "linux"))]
pub fn watch_hosts() -> watch::Receiver<bool> {
    watch::channel(true).1
}

/// Starts to watch. The first value is `false`, and the present follows at once.
#[cfg(target_os = "linux")]
pub fn watch_hosts() -> watch::Receiver<bool> {
    let (present, hosts) = watch::channel(false);
    // A thread of its own: the bus is asked in the blocking way, which must not happen on a thread of the runtime.
    let started = std::thread::Builder::new().name("tray-host".into()).spawn(move || {
        if let Err(error) = linux::watch(&present) {
            tracing::warn!(%error, "no session bus, so no tray");
            present.send_replace(false);
        }
    });
    if let Err(error) = started {
        tracing::warn!(%error, "the tray host cannot be watched");
    }
    hosts
}

#[cfg(target_os = "linux")]
mod linux {
    use tokio::sync::watch;
    use zbus::MatchRule;
    use zbus::blocking::fdo::DBusProxy;
    use zbus::blocking::{Connection, MessageIterator, Proxy};
    use zbus::message::Type;
    use zbus::names::BusName;

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";

    pub fn watch(present: &watch::Sender<bool>) -> zbus::Result<()> {
        let bus = Connection::session()?;
        let dbus = DBusProxy::new(&bus)?;
        let rules = [
            MatchRule::builder().interface("org.freedesktop.DBus")?.member("NameOwnerChanged")?.arg(0, WATCHER)?,
            MatchRule::builder().interface(WATCHER)?.member("StatusNotifierHostRegistered")?,
            MatchRule::builder().interface(WATCHER)?.member("StatusNotifierHostUnregistered")?,
        ];
        // Before the first look, so that nothing happens between it and the first signal.
        let signals = MessageIterator::from(&bus);
        for rule in rules {
            dbus.add_match_rule(rule.msg_type(Type::Signal).build())?;
        }
        present.send_replace(has_host(&bus, &dbus));
        for signal in signals {
            let signal = signal?;
            // What else arrives on this connection: the replies to our own questions, and our own name.
            let member = signal.header().member().map(ToString::to_string);
            if matches!(
                member.as_deref(),
                Some("NameOwnerChanged" | "StatusNotifierHostRegistered" | "StatusNotifierHostUnregistered")
            ) {
                present.send_replace(has_host(&bus, &dbus));
            }
        }
        Ok(())
    }

    fn has_host(bus: &Connection, dbus: &DBusProxy<'_>) -> bool {
        // Asked first: asking the watcher itself would start one where the bus knows how, and wait for it.
        let is_there = BusName::try_from(WATCHER).is_ok_and(|name| dbus.name_has_owner(name).unwrap_or(false));
        is_there
            && Proxy::new(bus, WATCHER, "/StatusNotifierWatcher", WATCHER)
                .and_then(|watcher| watcher.get_property("IsStatusNotifierHostRegistered"))
                .unwrap_or(false)
    }
}
