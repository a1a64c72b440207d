//! A note for an Okta admin: text that a person can send to somebody who has never seen Gatepass, and that they can act on
//! without asking back. Made of what may be drawn, so no token, code or state can be in it; what the server said is looked
//! through once more, since nobody knows what a server says.

use gatepass_agent::Profile;
use gatepass_oidc::okta::{ServerKind, server_kind};
use gatepass_oidc::{RedirectUri, Timestamp};
use gatepass_wire::Problem;

use crate::language::spoken;
use crate::text::{MAX_NAME, people_text, without_emails};
use crate::words::{self, NoteWords, Own};

mod log;
mod utc;

/// What it is made of.
pub(crate) struct Facts<'a> {
    pub(crate) problem: &'a Problem,
    /// What the server answered, where it answered.
    pub(crate) answered: Option<Answered<'a>>,
    pub(crate) profile: &'a Profile,
    /// In use at the last sign-in, where that is known.
    pub(crate) redirect_uri: Option<&'a RedirectUri>,
    /// When it was seen first.
    pub(crate) at: Timestamp,
    /// Of Gatepass.
    pub(crate) version: &'a str,
}

/// An answer of the server that says no.
pub(crate) struct Answered<'a> {
    /// Its `error` code.
    pub(crate) code: Option<&'a str>,
    /// Its HTTP status; 0 where it came through the browser.
    pub(crate) status: u16,
    /// What Okta calls the request, where it told.
    pub(crate) request_id: Option<&'a str>,
}

/// The note, where an admin can do something about the problem.
pub(crate) fn for_admin(facts: &Facts<'_>) -> Option<String> {
    let Facts { problem, profile, .. } = facts;
    let console = problem.console.as_ref()?;
    let words = NoteWords::of(spoken());
    let drawn = |text: &str| people_text(text, MAX_NAME);
    // The admin does not know which is “your app”.
    let (app, server) = (format!("({})", drawn(profile.client_id.as_str())), format!("({})", drawn(server(profile))));
    let named = |text: &str| {
        let Own { app: an_app, server: a_server, .. } = words::own();
        text.replace(an_app, &app).replace(a_server, &server)
    };

    let mut lines = vec![words.head.to_owned(), String::new()];
    let mut say = |label: &str, what: &str| lines.push(format!("{label}: {what}"));
    say(words.happened, &format!("{}. {}", problem.title, problem.detail));
    say(words.change, &named(&problem.advice));
    say(words.place, &named(&console.now));
    if console.before != console.now {
        say(words.place_before, &named(&console.before));
    }
    for cause in &problem.likely {
        say(words.likely, &named(cause));
    }
    say("", "");
    if let Some(answered) = &facts.answered {
        say(words.error, &error(answered, words));
    }
    if let Some(quote) = &problem.quote {
        say(words.description, &harmless(quote, words));
    }
    if let Some(request_id) = facts.answered.as_ref().and_then(|answered| answered.request_id) {
        say(words.request_id, &people_text(request_id, MAX_NAME));
    }
    say(words.when, &format!("{} UTC", utc::date_and_time(facts.at)));
    say(words.issuer, &drawn(profile.issuer.as_str()));
    say(words.client_id, &drawn(profile.client_id.as_str()));
    match facts.redirect_uri {
        Some(uri) => say(words.redirect_uri, &drawn(uri.as_str())),
        None => {
            let all: Vec<_> = profile.redirect_uris.iter().map(|uri| drawn(uri.as_str())).collect();
            say(words.redirect_uris, &all.join(" "));
        }
    }
    say(words.scopes, &people_text(&profile.scopes.to_string(), 1000));
    if let Some(filter) = log::filter(&problem.code) {
        say(words.log, &filter);
    }
    say(words.program, &format!("Gatepass {} ({})", facts.version, problem.code));
    say("", "");
    lines.push(words.foot.to_owned());
    let blank = |line: String| if line == ": " { String::new() } else { line };
    Some(lines.into_iter().map(blank).collect::<Vec<_>>().join("\n") + "\n")
}

fn error(answered: &Answered<'_>, words: &NoteWords) -> String {
    let code = people_text(answered.code.unwrap_or_default(), 100);
    let how = match answered.status {
        0 => words.through_the_browser.to_owned(),
        status => format!("HTTP {status}"),
    };
    if code.is_empty() { how } else { format!("{code} ({how})") }
}

/// The name of the authorization server in the console: the last step of its issuer's path. The org's own has none.
fn server(profile: &Profile) -> &str {
    match server_kind(&profile.issuer) {
        ServerKind::Org => profile.issuer.authority(),
        ServerKind::Custom => profile.issuer.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or_default(),
    }
}

/// What a server said, without e-mail addresses and without whatever has the look of a token or a code.
fn harmless(said: &str, words: &NoteWords) -> String {
    /// Okta's identifiers have 20 characters, its codes and states more than 40.
    const LONGEST: usize = 39;
    let is_of_a_token = |c: char| c.is_ascii_alphanumeric() || "-._~+=%".contains(c);
    let mut kept = String::new();
    let mut rest = said;
    while !rest.is_empty() {
        let run = rest.find(|c| !is_of_a_token(c)).unwrap_or(rest.len());
        let (token, after) = rest.split_at(run);
        kept.push_str(if token.len() > LONGEST { words.left_out } else { token });
        let next = after.chars().next().map_or(0, char::len_utf8);
        kept.push_str(&after[..next]);
        rest = &after[next..];
    }
    without_emails(&kept, words.left_out)
}

#[cfg(test)]
mod tests;
