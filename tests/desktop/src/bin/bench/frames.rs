//! How fast the real window draws while a person narrows 5,000 groups down, beside the same window where one word is
//! repainted: how long that takes is the engine's and the machine's, which has no graphics card where this usually runs.

use anyhow::{Context, ensure};
use gatepass_desktop_tests::{Desktop, TrayHost, Window};
use serde_json::{Value, json};

use crate::figures::Figures;

const N_GROUPS: &str = "5000";

/// Types a letter more or less in every frame, or repaints the heading, and answers how long the frames took, in ms.
const TYPE: &str = r"
const [isTyping, done] = arguments;
const field = document.querySelector('input[type=search]');
const heading = document.querySelector('h1');
const texts = ['g', 'gr', 'gro', 'grou', 'group-1', 'group-12', 'group-123', 'group-1', 'group', 'x', ''];
const took = [];
let last;
const frame = (now) => {
  if (last !== undefined) took.push(now - last);
  last = now;
  if (took.length === 220) return done(took);
  if (isTyping) {
    field.value = texts[took.length % texts.length];
    field.dispatchEvent(new Event('input', { bubbles: true }));
  } else {
    heading.style.opacity = took.length % 2 ? '0.99' : '1';
  }
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
";

/// The frames while typing, and those in which one word is repainted, in ms.
pub async fn while_filtering() -> anyhow::Result<(Figures, Figures)> {
    let desktop = Desktop::new()?;
    let _tray = TrayHost::start().await?;
    let org = desktop.org(&["--groups", N_GROUPS, "--access-token-seconds", "3600"]).await?;
    desktop.write_profiles(&org.profiles)?;
    let mut browser = desktop.browser().await?;
    let window = Window::open(desktop.program(), &[], &desktop.environment()).await?;
    window.click("Sign in with Okta").await?;
    browser.follows().await?;
    browser.page().shows("Robin Calder").await?;
    browser.page().driver().find(fantoccini::Locator::Id("person-robin")).await?.click().await?;
    window.shows("group-0001").await?;
    drop(browser);
    let word = frames(&window, false).await?;
    let typing = frames(&window, true).await?;
    window.shows("group-0001").await?;
    Ok((typing, word))
}

async fn frames(window: &Window, is_typing: bool) -> anyhow::Result<Figures> {
    let took = window.driver().execute_async(TYPE, vec![json!(is_typing)]).await?;
    let took = took.as_array().context("no frames")?;
    ensure!(took.len() > 100, "too few frames");
    let mut figures = Figures::default();
    took.iter().filter_map(Value::as_f64).for_each(|one| figures.note(one));
    Ok(figures)
}
