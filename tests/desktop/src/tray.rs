//! A tray host: what a desktop panel is to the bus. It owns `org.kde.StatusNotifierWatcher`, reads the menu of the item
//! that registers (`com.canonical.dbusmenu`) and clicks in it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use anyhow::{Context, anyhow, ensure};
use futures_lite::StreamExt;
use futures_lite::future::poll_once;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use zbus::MessageStream;

use crate::eventually;

type Items = Arc<Mutex<Vec<(String, String)>>>;
type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

struct Watcher(Items);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    async fn register_status_notifier_item(
        &self,
        service: String,
        #[zbus(header)] header: zbus::message::Header<'_>,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let item = if service.starts_with('/') { (sender, service) } else { (service, "/StatusNotifierItem".into()) };
        let _ = Self::status_notifier_item_registered(&emitter, &format!("{}{}", item.0, item.1)).await;
        self.0.lock().expect("no panic holds it").push(item);
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.0.lock().expect("no panic holds it").iter().map(|(name, path)| format!("{name}{path}")).collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(signal)]
    async fn status_notifier_item_registered(emitter: &SignalEmitter<'_>, item: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn status_notifier_item_unregistered(emitter: &SignalEmitter<'_>, item: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn status_notifier_host_registered(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}

/// One line of a tray menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What stands there, mnemonics taken out; `separator` for a line.
    pub label: String,
    /// Whether it can be clicked.
    pub enabled: bool,
    id: i32,
}

/// A running tray host. It leaves the bus when it is dropped.
pub struct TrayHost {
    bus: zbus::Connection,
    items: Items,
}

impl TrayHost {
    /// Appears on the session bus.
    pub async fn start() -> anyhow::Result<Self> {
        let items = Items::default();
        let bus = zbus::connection::Builder::session()?
            .serve_at("/StatusNotifierWatcher", Watcher(items.clone()))?
            .name("org.kde.StatusNotifierWatcher")?
            .build()
            .await
            .context("the tray host's name is taken")?;
        Ok(Self { bus, items })
    }

    /// How many items have registered so far.
    pub fn n_registered(&self) -> usize {
        self.items.lock().expect("no panic holds it").len()
    }

    /// Waits for an item and reads its menu.
    pub async fn menu(&self) -> anyhow::Result<Vec<Entry>> {
        eventually("a tray menu", || self.menu_now()).await
    }

    /// Waits until an entry whose label contains `text` is there, and returns its label.
    pub async fn shows(&self, text: &str) -> anyhow::Result<String> {
        eventually(&format!("«{text}» in the tray menu"), || async {
            let menu = self.menu_now().await?;
            let found = menu.iter().find(|entry| entry.label.contains(text));
            found.map(|entry| entry.label.clone()).ok_or_else(|| anyhow!("the menu is {:?}", labels(&menu)))
        })
        .await
    }

    /// Waits until the entry can be clicked, and clicks it.
    pub async fn click(&self, label: &str) -> anyhow::Result<()> {
        let id = eventually(&format!("«{label}» to click in the tray menu"), || async {
            let menu = self.menu_now().await?;
            let found = menu.iter().find(|entry| entry.label == label && entry.enabled);
            found.map(|entry| entry.id).ok_or_else(|| anyhow!("the menu is {:?}", labels(&menu)))
        })
        .await?;
        self.click_id(id).await
    }

    async fn click_id(&self, id: i32) -> anyhow::Result<()> {
        let menu = self.menu_proxy().await?;
        // As a panel does, without waiting for a reply: a program that is told to quit may be gone before it replies.
        menu.call_noreply("Event", &(id, "clicked", Value::from(0i32), 0u32)).await?;
        Ok(())
    }

    /// The same, for the entry in the group of this profile.
    pub async fn click_at(&self, profile: &str, label: &str) -> anyhow::Result<()> {
        let id = eventually(&format!("«{label}» to click at {profile}"), || async {
            let menu = self.menu_now().await?;
            let from = menu.iter().position(|entry| entry.label.contains(profile) && !entry.enabled);
            let group = menu.iter().skip(from.unwrap_or(menu.len())).take_while(|entry| entry.label != "separator");
            let found = group.into_iter().find(|entry| entry.label == label && entry.enabled).map(|entry| entry.id);
            found.ok_or_else(|| anyhow!("the menu is {:?}", labels(&menu)))
        })
        .await?;
        self.click_id(id).await
    }

    /// What the desktop does on a left click.
    pub async fn activate(&self) -> anyhow::Result<()> {
        self.item().await?.call_method("Activate", &(0i32, 0i32)).await?;
        Ok(())
    }

    /// Waits until the tooltip contains `text`, and returns it.
    pub async fn tells(&self, text: &str) -> anyhow::Result<String> {
        eventually(&format!("«{text}» in the tooltip"), || async {
            let tooltip = self.tooltip().await?;
            ensure!(tooltip.contains(text), "it says {tooltip}");
            Ok(tooltip)
        })
        .await
    }

    /// From now on notes what becomes of the menu, as a panel that has it open.
    pub async fn opens_the_menu(&self) -> anyhow::Result<OpenMenu> {
        let menu = self.menu_proxy().await?;
        let rule = zbus::MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .sender(menu.destination().to_owned())?
            .interface("com.canonical.dbusmenu")?
            .build();
        let signals = MessageStream::for_match_rule(rule, &self.bus, None).await?;
        let (revision, lines) = layout(&menu).await?;
        Ok(OpenMenu { menu, signals, revision, lines })
    }

    /// The title or tooltip of the item, whichever says more.
    pub async fn tooltip(&self) -> anyhow::Result<String> {
        type ToolTip = (String, Vec<(i32, i32, Vec<u8>)>, String, String);
        let tip: ToolTip = self.item().await?.get_property("ToolTip").await?;
        Ok([tip.2, tip.3].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" — "))
    }

    /// The pixels of the icon, to tell one state's from another's.
    pub async fn icon(&self) -> anyhow::Result<Vec<u8>> {
        let icons: Vec<(i32, i32, Vec<u8>)> = self.item().await?.get_property("IconPixmap").await?;
        icons.into_iter().map(|icon| icon.2).next().context("the item has no picture")
    }

    async fn menu_now(&self) -> anyhow::Result<Vec<Entry>> {
        let menu = self.menu_proxy().await?;
        Ok(layout(&menu).await?.1)
    }

    async fn item(&self) -> anyhow::Result<zbus::Proxy<'static>> {
        let last = self.items.lock().expect("no panic holds it").last().cloned();
        let (name, path) = last.context("no item is in the tray")?;
        let builder = zbus::proxy::Builder::<zbus::Proxy<'static>>::new(&self.bus)
            .destination(name)?
            .path(path)?
            .interface("org.kde.StatusNotifierItem")?;
        Ok(builder.cache_properties(zbus::proxy::CacheProperties::No).build().await?)
    }

    async fn menu_proxy(&self) -> anyhow::Result<zbus::Proxy<'static>> {
        let item = self.item().await?;
        let path: OwnedObjectPath = item.get_property("Menu").await?;
        Ok(zbus::Proxy::new(&self.bus, item.destination().to_owned(), path, "com.canonical.dbusmenu").await?)
    }
}

/// A menu that a panel has open.
pub struct OpenMenu {
    menu: zbus::Proxy<'static>,
    signals: MessageStream,
    revision: u32,
    lines: Vec<Entry>,
}

impl OpenMenu {
    /// Fails if the panel had to build it anew since it was opened: then it closes, or flickers. How often lines of it
    /// were written anew in place.
    pub async fn stayed_open(mut self) -> anyhow::Result<usize> {
        let (revision, lines) = layout(&self.menu).await?;
        // What was said before that answer is here by now.
        let mut n_rewritten = 0;
        while let Some(Some(signal)) = poll_once(self.signals.next()).await {
            match signal?.header().member().map(|member| member.as_str()) {
                Some("ItemsPropertiesUpdated") => n_rewritten += 1,
                Some("LayoutUpdated") => anyhow::bail!("the menu has other lines: {:?}", labels(&lines)),
                _ => {}
            }
        }
        ensure!(revision == self.revision, "revision {} became {revision}", self.revision);
        let ids = |lines: &[Entry]| lines.iter().map(|entry| entry.id).collect::<Vec<_>>();
        ensure!(ids(&lines) == ids(&self.lines), "{:?} became {lines:?}", self.lines);
        Ok(n_rewritten)
    }
}

/// The revision of a menu, and its lines.
async fn layout(menu: &zbus::Proxy<'static>) -> anyhow::Result<(u32, Vec<Entry>)> {
    let (revision, root): (u32, Node) = menu.call("GetLayout", &(0i32, -1i32, Vec::<&str>::new())).await?;
    let mut entries = Vec::new();
    read(&root, &mut entries)?;
    ensure!(!entries.is_empty(), "the menu is empty");
    Ok((revision, entries))
}

/// The labels of a menu, to print.
pub fn labels(menu: &[Entry]) -> Vec<&str> {
    menu.iter().map(|entry| entry.label.as_str()).collect()
}

fn read(node: &Node, entries: &mut Vec<Entry>) -> anyhow::Result<()> {
    let text = |key: &str| node.1.get(key).and_then(|value| <&str>::try_from(value).ok());
    if node.0 != 0 {
        let label = text("label").map(plain).or_else(|| text("type").map(str::to_owned)).unwrap_or_default();
        let enabled = node.1.get("enabled").and_then(|value| bool::try_from(value).ok()).unwrap_or(true);
        entries.push(Entry { label, enabled, id: node.0 });
    }
    for child in &node.2 {
        read(&Node::try_from(child.try_clone()?)?, entries)?;
    }
    Ok(())
}

/// A label as a person reads it: `_` marks a mnemonic, `__` is an underscore.
fn plain(label: &str) -> String {
    label.replace("__", "\u{0}").replace('_', "").replace('\u{0}', "_")
}
