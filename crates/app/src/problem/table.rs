//! All that is known to come from Okta, and what a person reads of it: one table, which is `docs/errors.md` too.
//! `UPDATE_EXPECT=1 cargo test -p gatepass-app table` writes what is generated of that page, the same in German, and the
//! problems that the window's fake shows; `npm --prefix ui run errors` then takes the pictures.

use expect_test::expect_file;
use gatepass_agent::ProfileParts;
use gatepass_oidc::Timestamp;
use gatepass_wire::{Language, Whose};

use super::*;
use crate::language::speaking;
use crate::note::{self, Answered, Facts};
use rows::{Came, Row, rows};

mod rows;

/// The commonest, as the page shows them first: the row, and which of its problems.
const COMMONEST: [(usize, &str); 10] = [
    (1, "sign-in-timed-out"),
    (17, "no-matching-policy"),
    (18, "not-assigned"),
    (35, "session-ended"),
    (4, "client-wants-secret"),
    (15, "grant-type-off"),
    (20, "unknown-scope"),
    (50, "issuer-mismatch"),
    (29, "access-denied"),
    (70, "redirect-uris-taken"),
];

const CLIENT_ID: &str = "0oa9x2c71kQabcDEF5d7";
const CUSTOM: &str = "https://acme.okta.com/oauth2/aus4kd81xyzABC";
const ORG: &str = "https://acme.okta.com";

fn profile(issuer: &str) -> Profile {
    let parts = ProfileParts {
        name: "Data platform".into(),
        issuer: issuer.into(),
        client_id: CLIENT_ID.into(),
        redirect_uris: Some(vec!["http://localhost:27097/redirect".into(), "http://localhost:8585/callback".into()]),
        ..ProfileParts::default()
    };
    Profile::from_parts(&parts).unwrap()
}

/// 14:01:50 on 20 November 2026.
fn at() -> Timestamp {
    Timestamp::from_unix_seconds(1_795_183_310)
}

/// What came, as this page says it; and what is told, if anything.
fn told(came: &Came) -> (String, Option<Problem>) {
    let refused = |code: &str, description: &str, status, profile: &Profile| {
        let description = Some(description.into());
        let error = OidcError::Refused { code: code.into(), description, status, request_id: None };
        let answered = Answered { code: Some(code), status, request_id: None };
        with_note(failed_sign_in(&Error::Oidc(error), profile), profile, Some(answered))
    };
    let how = |status| if status == 0 { "through the browser".to_owned() } else { format!("HTTP {status}") };
    match came {
        Came::Refused(code, description, status) => (
            format!("`{code}` ({}) “{description}”", how(*status)),
            Some(refused(code, description, *status, &profile(CUSTOM))),
        ),
        Came::RefusedByOrg(code, description, status) => (
            format!("`{code}` ({}) “{description}”, from the org's own server", how(*status)),
            Some(refused(code, description, *status, &profile(ORG))),
        ),
        Came::Seen(what, Error::RedirectUrisTaken { .. }) => {
            let profile = profile(CUSTOM);
            let taken = profile.redirect_uris.iter().map(|uri| (uri.clone(), Some("mongosh".to_owned()))).collect();
            let problem = failed_sign_in(&Error::RedirectUrisTaken { taken }, &profile);
            ((*what).to_owned(), Some(with_note(problem, &profile, None)))
        }
        Came::Seen(what, error) => {
            let profile = profile(CUSTOM);
            ((*what).to_owned(), Some(with_note(failed_sign_in(error, &profile), &profile, None)))
        }
        Came::Never(what, _) => ((*what).to_owned(), None),
    }
}

fn with_note(problem: Problem, profile: &Profile, answered: Option<Answered<'_>>) -> Problem {
    let redirect_uri = profile.redirect_uris.first();
    let facts = Facts { problem: &problem, answered, profile, redirect_uri, at: at(), version: "0.1.0" };
    Problem { note: note::for_admin(&facts), ..problem }
}

fn whose(whose: Whose) -> &'static str {
    match whose {
        Whose::You => "Yours",
        Whose::Admin => "Your Okta admin's",
        Whose::Okta => "Okta's",
        Whose::Gatepass => "Gatepass's own mistake: report it",
    }
}

/// A row as the page has it. What means the same stands together.
fn section(row: &Row) -> String {
    let mut section = format!("### {}\n", row.number);
    let mut last: Option<String> = None;
    for came in &row.came {
        let (what, problem) = told(came);
        let body = match (came, &problem) {
            (Came::Never(_, why), _) => format!("Never shown: {why}.\n"),
            (Came::Seen(what, _), _) if *what == rows::NOTHING && row.number > 1 => {
                "Told as under [1](#1).\n".to_owned()
            }
            (_, Some(problem)) => in_words(problem),
            (_, None) => unreachable!("all else is told"),
        };
        if last.as_ref() == Some(&body) {
            // Before the words that it shares.
            let shared = section.len() - body.len() - 1;
            section.insert_str(shared, &format!("- {what}\n"));
        } else {
            section += &format!("\n- {what}\n\n{body}");
        }
        last = Some(body);
    }
    section
}

fn in_words(problem: &Problem) -> String {
    let clean = |text: &str| text.replace(['\u{2068}', '\u{2069}'], "");
    // A line each: a backslash breaks it.
    let mut words = vec![format!("**{}.** {}", problem.title, clean(&problem.detail)), problem.advice.clone()];
    words.extend(problem.likely.iter().map(|cause| format!("Or: {cause}")));
    let mut facts = vec![format!("*Whose job:* {}.", whose(problem.whose))];
    if let Some(path) = &problem.console {
        facts.push(format!("*Where:* {}.", path.now));
        if path.before != path.now {
            facts.push(format!("*In the older console:* {}.", path.before));
        }
    }
    // The rest of the search is the same for all.
    let reasons =
        problem.note.iter().flat_map(|note| note.lines()).find_map(|line| line.split_once(r#"FAILURE" and "#));
    facts.extend(reasons.map(|(_, reasons)| format!("*System Log:* `{reasons}`")));
    format!("{}\n\n{}\n", words.join("\\\n"), facts.join("\\\n"))
}

/// What stands between the marks of the page, put anew.
fn page() -> String {
    const BEGIN: &str = "<!-- generated -->\n";
    const END: &str = "<!-- end of what is generated -->\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors.md");
    let page = std::fs::read_to_string(path).unwrap();
    let mut generated = [commonest(), all()].into_iter();
    let mut parts = page.split(BEGIN);
    let mut fresh = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, after) = part.split_once(END).expect("what begins ends");
        fresh += &format!("{BEGIN}\n{}\n{END}{after}", generated.next().expect("two places"));
    }
    assert!(generated.next().is_none(), "a place for each");
    fresh
}

fn commonest() -> String {
    let shown = COMMONEST.map(|(number, code)| {
        let picture = format!("{}/../../docs/images/errors/{code}.png", env!("CARGO_MANIFEST_DIR"));
        assert!(std::path::Path::new(&picture).exists(), "`npm --prefix ui run errors` takes {picture}");
        let Problem { title, whose: job, .. } = the(number, code);
        format!(
            "### {title}\n\n![{title}](images/errors/{code}.png)\n\n{} job. More under [{number}](#{number}).\n",
            if job == Whose::Admin { "Your Okta admin's" } else { "Your own" }
        )
    });
    shown.join("\n")
}

fn the(number: usize, code: &str) -> Problem {
    let rows = rows();
    let row = rows.iter().find(|row| row.number == number).unwrap();
    let mut problems = row.came.iter().filter_map(|came| told(came).1);
    problems.find(|problem| problem.code == code).unwrap_or_else(|| panic!("row {number} has no {code}"))
}

fn all() -> String {
    rows().iter().map(section).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_of_the_72_is_told_as_the_page_of_errors_says() {
    let numbers: Vec<_> = rows().iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=72).collect::<Vec<_>>());
    expect_file!["../../../../docs/errors.md"].assert_eq(&page());
    expect_file!["table/german.md"].assert_eq(&speaking(Language::German, all));
}

#[test]
fn the_window_s_fake_shows_the_commonest_in_these_words() {
    let problems: serde_json::Map<_, _> = COMMONEST
        .iter()
        .map(|(number, code)| ((*code).to_owned(), serde_json::to_value(the(*number, code)).unwrap()))
        .collect();
    let text = serde_json::to_string_pretty(&problems).unwrap() + "\n";
    expect_file!["../../../../ui/src/lib/backend/fake/okta-problems.json"].assert_eq(&text);
}

#[test]
fn each_is_well_worded_in_each_language() {
    for language in Language::ALL {
        let problems = speaking(language, || {
            rows().iter().flat_map(|row| row.came.iter().filter_map(|came| told(came).1).collect::<Vec<_>>()).collect()
        });
        let problems: Vec<Problem> = problems;
        for problem in &problems {
            super::tests::is_well_worded(problem);
            let has_place = problem.console.is_some();
            assert_eq!(problem.note.is_some(), has_place, "{}", problem.code);
            // Nobody can act on what nobody is told a place for.
            assert!(problem.whose != Whose::Admin || has_place, "{}", problem.code);
            if let Some(path) = &problem.console {
                assert!(has_place && problem.advice.contains(&path.now), "{}: {}", problem.code, problem.advice);
            }
        }
    }
}

#[test]
fn a_note_has_all_that_an_admin_asks_for() {
    for row in rows() {
        for came in &row.came {
            let (Came::Refused(code, description, status) | Came::RefusedByOrg(code, description, status)) = came
            else {
                continue;
            };
            let (_, Some(problem)) = told(came) else { panic!("it is told") };
            let Some(note) = &problem.note else { continue };
            let path = problem.console.as_ref().unwrap();
            let server = if matches!(came, Came::RefusedByOrg(..)) { "(acme.okta.com)" } else { "(aus4kd81xyzABC)" };
            let named =
                |path: &str| path.replace("(your app)", &format!("({CLIENT_ID})")).replace("(your server)", server);
            let error = if *status == 0 { format!("{code} (through") } else { format!("{code} (HTTP {status})") };
            let description = description.replace("'robin@acme.com'", "(left out)");
            for fact in [
                named(&path.now).as_str(),
                &named(&path.before),
                &error,
                &description,
                "2026-11-20 14:01:50 UTC",
                "Issuer: https://acme.okta.com",
                CLIENT_ID,
                "Redirect URI in use: http://localhost:27097/redirect\n",
                "Scopes asked for: openid profile email",
                &problem.title,
                &problem.code,
            ] {
                assert!(note.contains(fact), "row {}: no {fact:?} in\n{note}", row.number);
            }
            assert!(!note.contains('@') && !note.contains("Data platform"), "{note}");
        }
    }
}
