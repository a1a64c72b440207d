use std::sync::Arc;

use gatepass_agent::{
    AttemptSnapshot, AttemptStage, Error, Inquiry, Profile, ProfileParts, ProfileSnapshot, SignInEnd, SignedOutReason,
    Snapshot, Standing,
};
use gatepass_oidc::Capabilities;

use crate::convert::Converter;
use crate::settings::InEffect;
use crate::testing::no_capabilities;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn signed_out(reason: SignedOutReason) -> ProfileSnapshot {
    let parts = ProfileParts {
        name: "Acme".into(),
        issuer: "https://acme.okta.com/oauth2/default".into(),
        client_id: "0oa9x2c71kQabc".into(),
        redirect_uris: Some(vec!["http://localhost:27097/redirect".into(), "http://localhost:8585/callback".into()]),
        ..ProfileParts::default()
    };
    ProfileSnapshot {
        profile: Arc::new(Profile::from_parts(&parts).unwrap()),
        capabilities: None,
        standing: Standing::SignedOut { because: reason, at: None },
        attempt: None,
        other_person: None,
        failed_sign_in: None,
        inquiry: None,
        memory_only: None,
        is_reading: false,
        unread: None,
    }
}

fn failed(error: Error) -> ProfileSnapshot {
    ProfileSnapshot { failed_sign_in: Some(error), ..signed_out(SignedOutReason::NeverSignedIn) }
}

fn refused(description: &str) -> Error {
    let description = Some(description.into());
    Error::Oidc(OidcError::Refused { code: "access_denied".into(), description, status: 400, request_id: None })
}

/// The note after these snapshots, each at its second.
fn note_after(snapshots: &[(i64, ProfileSnapshot)]) -> Option<String> {
    let mut converter = Converter::default();
    let mut note = None;
    for (seconds, one) in snapshots {
        let all = Snapshot { profiles: vec![Arc::new(one.clone())], profiles_file_mistakes: Vec::new() };
        let resident = wire::Resident { version: "0.1.0".into(), in_tray: true, language: wire::Language::English };
        let drawn = converter.snapshot(&all, resident, None, &InEffect::default(), at(*seconds));
        note = drawn.profiles[0].problem.as_ref().and_then(|problem| problem.note.clone());
    }
    note
}

#[test]
fn a_note_says_when_the_trouble_was_seen_first() {
    let not_assigned = || failed(refused("User is not assigned to the client application."));
    let mut unread = not_assigned();
    unread.unread = Some(gatepass_agent::VaultError::Locked);
    let note = note_after(&[(100, not_assigned()), (160, unread)]).unwrap();
    assert!(note.contains("When: 1970-01-01 00:01:40 UTC"), "{note}");
    // It is another one, be it of the same kind.
    let note = note_after(&[(100, failed(refused("something else"))), (160, not_assigned())]).unwrap();
    assert!(note.contains("When: 1970-01-01 00:02:40 UTC"), "{note}");
    let between = signed_out(SignedOutReason::NeverSignedIn);
    let note = note_after(&[(100, not_assigned()), (130, between), (160, not_assigned())]).unwrap();
    assert!(note.contains("When: 1970-01-01 00:02:40 UTC"), "{note}");
}

#[test]
fn a_session_that_ended_did_so_when_it_did_and_not_when_it_was_seen() {
    let mut one = signed_out(SignedOutReason::Refused {
        description: Some("The refresh token is invalid.".into()),
        request_id: None,
    });
    one.standing = match one.standing {
        Standing::SignedOut { because, .. } => Standing::SignedOut { because, at: Some(at(90)) },
        standing => standing,
    };
    let note = note_after(&[(100, one)]).unwrap();
    assert!(note.contains("When: 1970-01-01 00:01:30 UTC"), "{note}");
    assert!(note.contains("Error: invalid_grant (HTTP 400)"), "{note}");
}

#[test]
fn a_note_names_the_redirect_uri_that_was_in_use_and_all_where_that_is_not_known() {
    let timed_out = || failed(Error::SignInEnded(SignInEnd::TimedOut { browser_seen: true }));
    let attempt = |redirect_uri: Option<usize>| {
        let mut one = signed_out(SignedOutReason::NeverSignedIn);
        let redirect_uri = redirect_uri.map(|n| one.profile.redirect_uris[n].clone());
        one.attempt =
            Some(AttemptSnapshot { stage: AttemptStage::InBrowser, redirect_uri, code: None, ends_at: at(400) });
        one
    };
    let note = note_after(&[(100, attempt(Some(1))), (400, timed_out())]).unwrap();
    assert!(note.contains("Redirect URI in use: http://localhost:8585/callback\n"), "{note}");
    for snapshots in [
        vec![(400, timed_out())],
        // Of the sign-in before.
        vec![(100, attempt(Some(1))), (200, attempt(None)), (400, timed_out())],
    ] {
        let note = note_after(&snapshots).unwrap();
        let both = "Redirect URIs: http://localhost:27097/redirect http://localhost:8585/callback\n";
        assert!(note.contains(both), "{note}");
    }
}

#[test]
fn a_note_names_the_redirect_uri_with_which_the_server_was_asked_and_what_it_answered() {
    let mut signing_in = signed_out(SignedOutReason::NeverSignedIn);
    let [first, second] = [0, 1].map(|n| signing_in.profile.redirect_uris[n].clone());
    signing_in.attempt = Some(AttemptSnapshot {
        stage: AttemptStage::InBrowser,
        redirect_uri: Some(first),
        code: None,
        ends_at: at(400),
    });
    let error = OidcError::Refused {
        code: "invalid_request".into(),
        description: Some("The 'redirect_uri' parameter must be a Login redirect URI.".into()),
        status: 400,
        request_id: Some("aXyz".into()),
    };
    let refused = failed(Error::RequestRefused { error, redirect_uri: second.into() });
    let note = note_after(&[(100, signing_in), (400, refused)]).unwrap();
    for fact in ["Redirect URI in use: http://localhost:8585/callback\n", "invalid_request (HTTP 400)", "aXyz"] {
        assert!(note.contains(fact), "no {fact} in {note}");
    }
}

#[test]
fn where_an_admin_can_do_nothing_there_is_no_note() {
    let browser_failed = Error::Browser(gatepass_agent::BrowserFailed { reason: "there is none".into() });
    assert_eq!(note_after(&[(100, failed(browser_failed))]), None);
    assert_eq!(note_after(&[(100, signed_out(SignedOutReason::NotKept))]), None);
}

#[test]
fn a_sign_in_that_the_person_gave_up_is_a_note_with_likely_causes() {
    let one = failed(Error::SignInEnded(SignInEnd::Cancelled));
    let problem = Trouble::of(&one).unwrap().in_words(&one);
    assert_eq!((problem.code.as_str(), problem.severity), ("sign-in-given-up", wire::Severity::Note));
    assert_eq!(problem.likely.len(), 4);
}

#[test]
fn a_server_can_be_asked_why_only_if_there_is_something_to_ask_and_it_takes_requests_ahead_of_the_browser() {
    let drawn = |takes_requests: Option<bool>, inquiry| {
        let capabilities =
            takes_requests.map(|pushed_authorization| Capabilities { pushed_authorization, ..no_capabilities() });
        let one = ProfileSnapshot { capabilities, inquiry, ..failed(Error::SignInEnded(SignInEnd::Cancelled)) };
        Trouble::of(&one).unwrap().in_words(&one).inquiry
    };
    assert_eq!(drawn(Some(true), Some(Inquiry::Possible)), Some(wire::Inquiry::Possible));
    assert_eq!(drawn(Some(true), Some(Inquiry::UnderWay)), Some(wire::Inquiry::UnderWay));
    assert_eq!(drawn(Some(true), None), None);
    assert_eq!([drawn(Some(false), Some(Inquiry::Possible)), drawn(None, Some(Inquiry::Possible))], [None; 2]);
}
