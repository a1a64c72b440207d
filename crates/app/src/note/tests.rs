use expect_test::expect;
use gatepass_agent::{Error, ProfileParts};
use gatepass_oidc::Error as OidcError;
use gatepass_wire::Language;

use super::*;
use crate::language::speaking;
use crate::problem;

fn acme(issuer: &str) -> Profile {
    let parts = ProfileParts {
        name: "robin@acme.com".into(),
        issuer: issuer.into(),
        client_id: "0oa9x2c71kQabc".into(),
        ..ProfileParts::default()
    };
    Profile::from_parts(&parts).unwrap()
}

fn note(issuer: &str, code: &str, description: &str) -> String {
    let profile = acme(issuer);
    let request_id = "aqV-9x_0Tb6oEX2o7LMp1g";
    let error = OidcError::Refused {
        code: code.into(),
        description: Some(description.into()),
        status: 401,
        request_id: Some(request_id.into()),
    };
    let problem = problem::describe(&Error::Oidc(error), &profile);
    let facts = Facts {
        problem: &problem,
        answered: Some(Answered { code: Some(code), status: 401, request_id: Some(request_id) }),
        profile: &profile,
        redirect_uri: profile.redirect_uris.first(),
        at: Timestamp::from_unix_seconds(1_795_183_310),
        version: "0.1.0",
    };
    for_admin(&facts).unwrap()
}

const POLICY: &str = "Policy evaluation failed for this request, please check the policy configurations.";

#[test]
fn an_admin_can_act_on_it_without_asking_back() {
    expect![[r#"
        For our Okta admin: a sign-in with Gatepass needs your help.

        What happened: No access policy lets this app in. No rule of the authorization server matches this app, this person, the grant type and all the scopes asked for.
        What would help: An Okta admin adds one under Security → API → Authorization Servers → (aus4kd81) → Access Policies, and tries it in Token Preview.
        Where in Okta's console: Security → API → Authorization Servers → (aus4kd81) → Access Policies
        The same in the older Developer Console: API → Authorization Servers → (aus4kd81) → Access Policies

        Error: access_denied (HTTP 401)
        Okta's description: Policy evaluation failed for this request, please check the policy configurations.
        Okta's request ID: aqV-9x_0Tb6oEX2o7LMp1g
        When: 2026-11-20 14:01:50 UTC
        Issuer: https://acme.okta.com/oauth2/aus4kd81
        Client ID: 0oa9x2c71kQabc
        Redirect URI in use: http://localhost:27097/redirect
        Scopes asked for: openid profile email offline_access
        System Log (Reports → System Log), search for: eventType sw "app.oauth2" and outcome.result eq "FAILURE" and outcome.reason eq "no_matching_policy"
        Seen by: Gatepass 0.1.0 (no-matching-policy)

        No token, code or password is in this note, and no name of a person.
    "#]].assert_eq(&note("https://acme.okta.com/oauth2/aus4kd81", "access_denied", POLICY));
}

#[test]
fn it_is_written_in_german_too() {
    let german = || note("https://acme.okta.com/oauth2/aus4kd81", "access_denied", POLICY);
    expect![[r#"
        An unseren Okta-Admin: Eine Anmeldung mit Gatepass braucht Ihre Hilfe.

        Was geschehen ist: Keine Access Policy lässt diese App ein. Keine Regel des Authorization Servers passt zu dieser App, dieser Person, dem Grant Type und allen verlangten Scopes.
        Was helfen würde: Ein Okta-Admin legt eine an unter Security → API → Authorization Servers → (aus4kd81) → Access Policies und probiert sie in Token Preview.
        Wo in Oktas Konsole: Security → API → Authorization Servers → (aus4kd81) → Access Policies
        Dasselbe in der älteren Developer Console: API → Authorization Servers → (aus4kd81) → Access Policies

        Fehler: access_denied (HTTP 401)
        Oktas Beschreibung: Policy evaluation failed for this request, please check the policy configurations.
        Oktas Request ID: aqV-9x_0Tb6oEX2o7LMp1g
        Wann: 2026-11-20 14:01:50 UTC
        Issuer: https://acme.okta.com/oauth2/aus4kd81
        Client ID: 0oa9x2c71kQabc
        Verwendete Redirect URI: http://localhost:27097/redirect
        Verlangte Scopes: openid profile email offline_access
        System Log (Reports → System Log), Suche nach: eventType sw "app.oauth2" and outcome.result eq "FAILURE" and outcome.reason eq "no_matching_policy"
        Gesehen von: Gatepass 0.1.0 (no-matching-policy)

        In dieser Notiz steht kein Token, kein Code, kein Passwort und kein Name einer Person.
    "#]].assert_eq(&speaking(Language::German, german));
}

#[test]
fn what_may_be_a_secret_or_names_a_person_is_left_out_of_what_the_server_said() {
    let words = NoteWords::of(Language::English);
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyb2JpbiJ9.c2lnbmF0dXJl";
    for (said, kept) in [
        (format!("The token {token} is bad."), "The token (left out) is bad."),
        (format!("state='{}'", "s".repeat(40)), "state='(left out)'"),
        ("code=a%2Bb".to_owned() + &"c".repeat(40), "(left out)"),
        ("No user robin.calder@acme.com here".into(), "No user (left out) here"),
        (
            "'client_assertion' of 0oa9x2c71kQabcDEF5d7 is bad…".into(),
            "'client_assertion' of 0oa9x2c71kQabcDEF5d7 is bad…",
        ),
        (POLICY.into(), POLICY),
    ] {
        assert_eq!(harmless(&said, words), kept);
    }
    let note = note("https://acme.okta.com", "access_denied", &format!("robin@acme.com brought {token}"));
    assert!(!note.contains('@') && !note.contains("eyJ"), "{note}");
}

#[test]
fn what_is_searched_for_is_what_okta_calls_it() {
    const FAILED: &str = r#"eventType sw "app.oauth2" and outcome.result eq "FAILURE""#;
    for (code, more) in [
        ("refused", ""),
        ("not-assigned", r#" and outcome.reason eq "user_not_assigned""#),
        ("assertion-refused", r#" and outcome.reason sw "client_assertion_""#),
        ("scope-denied", r#" and (outcome.reason eq "scope_denied" or outcome.reason eq "no_scope_allowed")"#),
    ] {
        assert_eq!(log::filter(code), Some(format!("{FAILED}{more}")), "{code}");
    }
    assert_eq!(log::filter("issuer-mismatch"), None);
}
