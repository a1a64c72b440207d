//! The real window, read and clicked through WebDriver as a person would.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, ensure};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::eventually;

/// A WebDriver program and one session of it.
pub struct Window {
    client: Client,
    _driver: Child,
}

impl Window {
    /// Starts the program's window under WebKitWebDriver. The window is a client of whatever resident runs.
    pub async fn open(program: &Path, arguments: &[&str], environment: &[(String, String)]) -> anyhow::Result<Self> {
        let options = json!({ "binary": program, "args": arguments });
        let mut environment = environment.to_vec();
        environment.push(("TAURI_WEBVIEW_AUTOMATION".into(), "true".into()));
        Self::start("WebKitWebDriver", &environment, json!({ "webkitgtk:browserOptions": options })).await
    }

    pub(crate) async fn start(driver: &str, environment: &[(String, String)], wants: Value) -> anyhow::Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = Command::new(driver)
            .arg(format!("--port={port}"))
            .envs(environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{driver} does not start"))?;
        let Value::Object(wants) = wants else { anyhow::bail!("capabilities are an object") };
        let client = eventually(&format!("a session of {driver}"), || async {
            tokio::net::TcpStream::connect(("127.0.0.1", port)).await?;
            let mut builder = ClientBuilder::new(HttpConnector::new());
            Ok(builder.capabilities(wants.clone()).connect(&format!("http://127.0.0.1:{port}")).await?)
        })
        .await?;
        Ok(Self { client, _driver: child })
    }

    /// The WebDriver session itself, for what has no word here.
    pub fn driver(&self) -> &Client {
        &self.client
    }

    /// Waits until `text` can be read in the window.
    pub async fn shows(&self, text: &str) -> anyhow::Result<()> {
        eventually(&format!("«{text}» in the window"), || async {
            let all = self.text().await?;
            ensure!(all.contains(text), "the window says: {all}");
            Ok(())
        })
        .await
    }

    /// Waits until `text` can no longer be read.
    pub async fn no_longer_shows(&self, text: &str) -> anyhow::Result<()> {
        eventually(&format!("«{text}» to leave the window"), || async {
            let all = self.text().await?;
            ensure!(!all.contains(text), "the window says: {all}");
            Ok(())
        })
        .await
    }

    /// All that can be read.
    pub async fn text(&self) -> anyhow::Result<String> {
        Ok(self.client.find(Locator::Css("body")).await?.text().await?)
    }

    /// Waits for a button (or tab, or link) of this name, and clicks it.
    pub async fn click(&self, name: &str) -> anyhow::Result<()> {
        let path = format!(
            "//*[self::button or self::a or @role='tab' or @role='radio'][contains(normalize-space(.), \"{name}\") or @aria-label=\"{name}\"]"
        );
        eventually(&format!("a «{name}» to click in the window"), || async {
            Ok(self.client.find(Locator::XPath(&path)).await?.click().await?)
        })
        .await
    }

    /// Types into the field with this label.
    pub async fn type_into(&self, label: &str, text: &str) -> anyhow::Result<()> {
        let path = format!("//label[contains(normalize-space(.), \"{label}\")]");
        eventually(&format!("a field «{label}»"), || async {
            let of = self.client.find(Locator::XPath(&path)).await?;
            let field = match of.attr("for").await? {
                Some(id) => self.client.find(Locator::Id(&id)).await?,
                None => of.find(Locator::Css("input, textarea")).await?,
            };
            field.clear().await?;
            Ok(field.send_keys(text).await?)
        })
        .await
    }

    /// Takes a picture of what the page says now: the driver's would otherwise be of the frame before.
    pub async fn picture(&self, to: &Path) -> anyhow::Result<()> {
        const DRAWN: &str =
            "const drawn = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => drawn()));";
        self.client.execute_async(DRAWN, Vec::new()).await?;
        if let Some(folder) = to.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        Ok(tokio::fs::write(to, self.client.screenshot().await?).await?)
    }

    /// Closes the window as its frame's button does.
    pub async fn close(self) -> anyhow::Result<()> {
        // The session ends with its last window, so an answer that the session is gone is success.
        let _ = self.client.close_window().await;
        let _ = self.client.close().await;
        Ok(())
    }
}
