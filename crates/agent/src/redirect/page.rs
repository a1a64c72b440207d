//! What a person reads in the browser: static pages without a script. One card; a shape and a word say how it stands.
//!
//! The [`PageWords`] are markup as they stand. Text from outside becomes markup in [`foreign`] alone.

use url::Url;

use super::Outcome;
use super::words::{PageWords, TurnedAway};

#[cfg(test)]
mod tests;

/// Nothing but [`STYLE`], which is named by its hash: no script, no image, no frame, no form, no base.
pub(super) const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
    style-src 'sha256-ARXySCRf5u8utdA3b3E0+VpQQ5N9AqCfj5EravXtabo='; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Longer text from outside is cut: a page is no place for an essay of someone else's.
const LONGEST: usize = 400;

/// The page that states `outcome`.
pub(super) fn outcome(outcome: &Outcome, words: &PageWords) -> String {
    match outcome {
        Outcome::SignedIn { as_whom } => {
            let whom = foreign(as_whom);
            let whom = (!whom.is_empty()).then(|| format!("<strong>{whom}</strong>"));
            let text = format!("{} {}", (words.signed_in_as)(whom.as_deref()), words.go_back);
            render(SIGNED_IN, words.signed_in, words.signed_in, &text, words)
        }
        Outcome::OtherPerson { was, now } => {
            let [now, was] = [now, was].map(|name| format!("<strong>{}</strong>", foreign(name)));
            render(ASKS, words.question, words.question, &(words.question_of)(&now, &was), words)
        }
        Outcome::Failed { title, advice } => {
            let text = format!("{} {}", foreign(advice), words.go_back);
            render(FAILED, &escaped(title), &foreign(title), text.trim_start(), words)
        }
    }
}

/// The page that says that the outcome is not known yet.
pub(super) fn waiting(words: &PageWords) -> String {
    render(WAITING, words.waiting, words.waiting, words.waiting_for, words)
}

/// The page for a request that was turned away.
pub(super) fn refusal(why: TurnedAway, words: &PageWords) -> String {
    let [heading, advice] = (words.turned_away)(why);
    render(TURNED_AWAY, heading, heading, advice, words)
}

/// The one script there is, named by its hash.
const POSTS_ITSELF: &str = "document.forms[0].submit()";

/// What a page that posts itself to `endpoint` may do: that.
pub(super) fn posting_policy(endpoint: &Url) -> String {
    let policy = CONTENT_SECURITY_POLICY
        .replace("form-action 'none'", &format!("form-action {}", endpoint.origin().ascii_serialization()));
    format!("{policy}; script-src 'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE='")
}

/// The page that posts `fields` to `endpoint`.
pub(super) fn posting(endpoint: &Url, fields: &[(&'static str, String)], words: &PageWords) -> String {
    let field = |(name, value): &(&'static str, String)| {
        format!(r#"<input type="hidden" name="{name}" value="{}">"#, attribute(value))
    };
    let fields: String = fields.iter().map(field).collect();
    let form = format!(
        r#"<form method="post" action="{}">{fields}<button>{}</button></form><script>{POSTS_ITSELF}</script>"#,
        attribute(endpoint.as_str()),
        words.leave
    );
    // What stands in a paragraph ends it: a form is none of its content, and browsers close it by themselves.
    render(WAITING, words.leaving, words.leaving, &format!("{}</p>{form}<p>", words.leaving_for), words)
}

/// A text as the value of an attribute: whole, since it is for a server to read.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A filled circle with a check mark.
const SIGNED_IN: &str = r#"<svg class="shape signed-in" viewBox="0 0 18 18" aria-hidden="true"><circle cx="9" cy="9" r="8"/><path class="inner" d="m5.4 9.3 2.5 2.5 4.8-5.2"/></svg>"#;

/// A ring with a question mark.
const ASKS: &str = r#"<svg class="shape asks" viewBox="0 0 18 18" aria-hidden="true"><circle cx="9" cy="9" r="7"/><path d="M6.9 7.2a2.1 2.1 0 1 1 3.1 1.9c-.7.4-1 .8-1 1.6M9 12.9v.1"/></svg>"#;

/// A diamond with an exclamation mark.
const FAILED: &str = r#"<svg class="shape failed" viewBox="0 0 18 18" aria-hidden="true"><path d="M9 .8 17.2 9 9 17.2.8 9z"/><path class="inner" d="M9 5.2v4.6M9 12.4v.2"/></svg>"#;

/// A circle being drawn.
const WAITING: &str = r#"<svg class="shape waiting" viewBox="0 0 18 18" aria-hidden="true"><circle class="track" cx="9" cy="9" r="7"/><path d="M9 2a7 7 0 0 1 7 7"/></svg>"#;

/// A thin hollow circle.
const TURNED_AWAY: &str =
    r#"<svg class="shape turned-away" viewBox="0 0 18 18" aria-hidden="true"><circle cx="9" cy="9" r="7"/></svg>"#;

/// The keyhole of Gatepass.
const KEYHOLE: &str = r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 21V10a8 8 0 0 1 16 0v11"/><circle cx="12" cy="13" r="2.6"/><path d="M12 15v4"/></svg>"#;

/// Colours, type and spacing are those of the window. It stands in a Rust source, where no checkout changes the line
/// ends that its hash covers.
const STYLE: &str = r#"
:root {
  color-scheme: light dark;
  --bg: light-dark(#f4f4f1, #141416);
  --card: light-dark(#ffffff, #212125);
  --line: light-dark(#e3e2dc, #313137);
  --line-firm: light-dark(#86857d, #7d7d88);
  --ink: light-dark(#1b1b1a, #f1f1ee);
  --ink-soft: light-dark(#55544e, #b7b6b0);
  --accent: light-dark(#2f4bd8, #98a8ff);
  --signed-in: light-dark(#12734a, #5fd39b);
  --needed: light-dark(#b3261e, #ff8f86);
}
* { box-sizing: border-box; margin: 0; }
body {
  min-height: 100vh; padding: 24px; display: grid; grid-template-rows: 1fr auto auto 1fr; justify-items: center; gap: 16px;
  background: var(--bg); color: var(--ink);
  font: 1rem/1.5 system-ui, "Cantarell", "Segoe UI", sans-serif;
}
header { grid-row: 2; display: flex; align-items: center; gap: 8px; font-weight: 600; }
header svg { width: 24px; height: 24px; fill: none; stroke: var(--accent); stroke-width: 2.4; stroke-linecap: round; }
header circle { fill: var(--accent); stroke: none; }
main {
  grid-row: 3; width: 100%; max-width: 440px; padding: 32px; display: grid; gap: 12px; justify-items: center;
  text-align: center; text-wrap: balance; overflow-wrap: anywhere;
  background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  box-shadow: 0 1px 2px light-dark(rgb(0 0 0 / .06), rgb(0 0 0 / .4)), 0 4px 16px light-dark(rgb(0 0 0 / .05), rgb(0 0 0 / .28));
}
h1 { font-size: 1.3rem; font-weight: 620; line-height: 1.25; }
p { color: var(--ink-soft); }
strong { color: var(--ink); font-weight: 600; }
.shape { width: 48px; height: 48px; fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.shape .inner { fill: none; stroke: var(--card); stroke-width: 1.8; }
.signed-in { fill: var(--signed-in); }
.failed { fill: var(--needed); }
.waiting, .asks { stroke: var(--accent); }
.waiting .track { stroke: var(--line); }
.turned-away { stroke: var(--line-firm); stroke-width: 1.5; }
"#;

/// One page. Every argument is markup already; `title` has no tags in it.
fn render(shape: &str, title: &str, heading: &str, text: &str, words: &PageWords) -> String {
    let language = words.language;
    format!(
        r#"<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} – Gatepass</title>
<style>{STYLE}</style>
</head>
<body>
<header>{KEYHOLE}Gatepass</header>
<main>
{shape}
<h1>{heading}</h1>
<p>{text}</p>
</main>
</body>
</html>
"#
    )
}

/// Markup of a text from outside: shown as text, and unable to turn the direction of what stands around it.
fn foreign(text: &str) -> String {
    let text = escaped(text);
    if text.is_empty() { text } else { format!("<bdi>{text}</bdi>") }
}

/// `text` without control characters, cut, and with everything escaped that means something in markup.
fn escaped(text: &str) -> String {
    let shown: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !misleads(*c)).collect();
    let mut markup = String::new();
    for (n, c) in shown.trim().chars().enumerate() {
        if n == LONGEST {
            markup.push('…');
            break;
        }
        match c {
            '&' => markup.push_str("&amp;"),
            '<' => markup.push_str("&lt;"),
            '>' => markup.push_str("&gt;"),
            '"' => markup.push_str("&quot;"),
            '\'' => markup.push_str("&#39;"),
            c => markup.push(c),
        }
    }
    markup
}

/// Control characters, and those of Unicode's bidirectional algorithm (UAX #9, section 2): invisible, and able to make
/// a text read as another.
fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
