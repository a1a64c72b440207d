use std::time::Duration;

use expect_test::expect;
use gatepass_agent::{BrowserFailed, ProfileParts};
use gatepass_oidc::{Check, Obstacle};

use super::*;

fn acme() -> Profile {
    let parts = ProfileParts {
        name: "Acme".into(),
        issuer: "https://acme.okta.com/oauth2/default".into(),
        client_id: "0oa9x2c71kQabc".into(),
        redirect_uris: Some(vec!["http://localhost:27097/redirect".into(), "http://127.0.0.1:8585/callback".into()]),
        ..ProfileParts::default()
    };
    Profile::from_parts(&parts).unwrap()
}

/// The form that windows, trays and notices rely on.
pub(super) fn is_well_worded(problem: &Problem) {
    let Problem { code, title, detail, advice, .. } = problem;
    assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') && !code.is_empty(), "{problem:?}");
    assert!(title.chars().count() <= 50 && !title.ends_with('.') && !title.is_empty(), "{problem:?}");
    assert!(detail.ends_with('.') && detail.chars().count() <= 300, "{problem:?}");
    assert!(advice.ends_with(['.', ')']) && advice.chars().count() <= 300, "{problem:?}");
    assert!(problem.likely.iter().all(|cause| cause.ends_with('.') && cause.chars().count() <= 300), "{problem:?}");
    for text in [title, detail, advice].into_iter().chain(&problem.likely) {
        let text = text.replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!(people_text(&text, 1000), text);
        assert!(!text.contains("  "), "{problem:?}");
    }
}

#[test]
fn every_error_has_its_words() {
    let taken =
        vec![(acme().redirect_uris[0].clone(), Some("mongosh".into())), (acme().redirect_uris[1].clone(), None)];
    let checks = [
        Check::State,
        Check::Issuer,
        Check::Audience,
        Check::AuthorizedParty,
        Check::Signature,
        Check::Algorithm,
        Check::AuthenticationContext,
        Check::AuthenticationTime,
        Check::Nonce,
        Check::Expiry,
        Check::IssuedAt,
        Check::AccessTokenHash,
        Check::Subject,
        Check::Endpoint,
        Check::TokenType,
        Check::KeyBinding,
    ];
    let mut errors = vec![
        Error::NoSuchProfile,
        Error::SignInRequired(SignedOutReason::NeverSignedIn),
        Error::SignInRequired(SignedOutReason::SignedOut),
        Error::SignInRequired(SignedOutReason::Expired),
        Error::SignInRequired(SignedOutReason::Refused { description: None, request_id: None }),
        Error::SignInRequired(SignedOutReason::AnswerLost { description: None, request_id: None }),
        Error::SignInRequired(SignedOutReason::NotKept),
        Error::RenewalInDoubt { until: gatepass_oidc::Timestamp::from_unix_seconds(0) },
        Error::SignInEnded(SignInEnd::Cancelled),
        Error::SignInEnded(SignInEnd::Superseded),
        Error::SignInEnded(SignInEnd::TimedOut { browser_seen: false }),
        Error::SignInEnded(SignInEnd::TimedOut { browser_seen: true }),
        Error::Oidc(OidcError::Unreachable { reason: "no route".into(), may_have_arrived: false }),
        Error::Oidc(OidcError::Busy { retry_after: None, status: 429 }),
        Error::Oidc(OidcError::Busy { retry_after: None, status: 503 }),
        Error::Oidc(OidcError::Nonconforming { what: "HTML".into() }),
        Error::Browser(BrowserFailed { reason: "no xdg-open".into() }),
        Error::RedirectUrisTaken { taken },
        Error::RedirectUriPending { by: "Kong".into() },
        Error::Listener { reason: "denied".into() },
        Error::RequestAccepted,
        Error::RequestAcceptedNow,
        Error::WouldSignOut,
        Error::NotAProfile(NotAProfile { field: "issuer", what: gatepass_oidc::NotAnIssuer::NotHttps.into() }),
        Error::ProfilesFile(gatepass_agent::Wrong::System("read-only".into()).into()),
        Error::Quitting,
    ];
    errors.extend(checks.map(|check| Error::Oidc(OidcError::Untrusted(check))));
    errors.extend(VAULT_ERRORS.map(Error::Vault));
    let problems = errors.iter().map(|error| {
        let problem = describe(error, &acme());
        is_well_worded(&problem);
        format!("{:?} {}: {} {}\n", problem.severity, problem.code, problem.title, problem.action.map_or("", |_| "*"))
    });
    let mut lines: Vec<_> = problems.collect();
    lines.dedup();
    expect![[r#"
        Warning no-such-profile: This profile is gone 
        Note signed-out: Nobody is signed in *
        Error session-expired: The session ended *
        Error session-ended: Okta ended the session *
        Error renewal-lost: A renewal was lost on the way *
        Error renewal-not-kept: The last renewal was not kept *
        Warning renewal-in-doubt: The answer to a renewal was lost *
        Note sign-in-cancelled: The sign-in was cancelled 
        Note sign-in-superseded: The sign-in was replaced 
        Error browser-never-came: No browser came *
        Error sign-in-timed-out: The sign-in was not finished *
        Warning unreachable: Okta cannot be reached 
        Warning rate-limited: Okta asked to slow down 
        Warning server-busy: Okta has trouble 
        Error nonconforming: The answer makes no sense 
        Error browser-failed: No browser could be opened 
        Error redirect-uris-taken: The redirect address is in use 
        Warning redirect-uri-pending: Another sign-in waits at the same address 
        Error listener-failed: The redirect address could not be opened 
        Warning request-accepted: Okta takes the request of this sign-in *
        Warning request-accepted-now: Okta takes the request now *
        Warning would-sign-out: This signs you out 
        Error not-a-profile: This cannot be used as a profile 
        Error profiles-file-not-written: The profiles file could not be written 
        Note quitting: Gatepass is quitting 
        Error not-our-answer: The answer cannot be trusted 
        Error issuer-mismatch: The answer cannot be trusted 
        Error wrong-audience: The answer cannot be trusted 
        Error bad-signature: The answer cannot be trusted 
        Error wrong-acr: You signed in another way than demanded 
        Error sign-in-too-old: The sign-in at Okta is too old 
        Error not-our-answer: The answer cannot be trusted 
        Error clock-wrong: The answer cannot be trusted 
        Error not-our-answer: The answer cannot be trusted 
        Error other-subject: The answer cannot be trusted 
        Error foreign-endpoint: The answer cannot be trusted 
        Error wrong-token-type: The answer cannot be trusted 
        Error wrong-key: The token is bound to another key 
        Error keyring-locked: The keyring is locked 
        Error keyring-denied: The keyring was denied 
        Error keyring-missing: There is no keyring 
        Error keyring-corrupt: The keyring's record cannot be read 
        Error keyring-too-small: The keyring takes no record of this size 
        Error keyring-unresponsive: The keyring does not answer 
    "#]]
    .assert_eq(&lines.concat());
}

const VAULT_ERRORS: [VaultError; 6] = [
    VaultError::Locked,
    VaultError::Denied,
    VaultError::Missing,
    VaultError::Corrupt,
    VaultError::TooLarge,
    VaultError::Unresponsive,
];

#[test]
fn a_sign_in_that_never_came_back_names_the_addresses_to_register() {
    let problem = describe(&Error::SignInEnded(SignInEnd::TimedOut { browser_seen: true }), &acme());
    assert_eq!(problem.action, Some(Action::CopyRedirectUri));
    assert!(problem.advice.contains("http://localhost:27097/redirect and http://127.0.0.1:8585/callback"));
}

#[test]
fn a_taken_port_names_the_program_that_holds_it() {
    let taken = vec![(acme().redirect_uris[0].clone(), Some("mongosh".into()))];
    let problem = describe(&Error::RedirectUrisTaken { taken }, &acme());
    assert_eq!(problem.detail, "Taken on this machine: http://localhost:27097/redirect by \u{2068}mongosh\u{2069}.");
}

#[test]
fn what_mends_itself_is_a_warning_and_what_an_admin_must_mend_an_error() {
    let unreachable = OidcError::Unreachable { reason: "no route".into(), may_have_arrived: false };
    let offline = offline(&unreachable.into(), &acme());
    assert_eq!((offline.severity, offline.action), (Severity::Warning, Some(Action::Refresh)));
    let refused =
        OidcError::Refused { code: "unauthorized_client".into(), description: None, status: 400, request_id: None };
    let blocked = blocked(&refused, &acme());
    assert_eq!((blocked.severity, blocked.action), (Severity::Error, Some(Action::Refresh)));
    for error in VAULT_ERRORS {
        for problem in [memory_only(error), unread(error), super::offline(&error.into(), &acme())] {
            assert_eq!(problem.severity, Severity::Warning);
            is_well_worded(&problem);
        }
    }
    for problem in [no_such_profile(), token_not_copyable(), nothing_to_copy(), clipboard_failed("no")] {
        is_well_worded(&problem);
    }
}

#[test]
fn what_stands_in_the_way_is_told_from_no_network_and_from_trouble_of_the_server() {
    let obstructed = |by| OidcError::Obstructed { by, reason: "what the system said".into() };
    let told: Vec<String> = [
        obstructed(Obstacle::Proxy),
        obstructed(Obstacle::ProxySignIn),
        obstructed(Obstacle::Certificate),
        obstructed(Obstacle::WebPage),
        OidcError::Unreachable { reason: "no route".into(), may_have_arrived: false },
        OidcError::Busy { retry_after: None, status: 503 },
        OidcError::Busy { retry_after: None, status: 429 },
        OidcError::Busy { retry_after: Some(Duration::from_secs(60)), status: 429 },
    ]
    .iter()
    .map(|error| {
        let problem = offline(&error.clone().into(), &acme());
        is_well_worded(&problem);
        assert_eq!((problem.severity, problem.action), (Severity::Warning, Some(Action::Refresh)));
        assert_eq!(problem.console, None, "it passes by itself: {problem:?}");
        format!("{}: {} / {}\n", problem.code, problem.title, problem.advice)
    })
    .collect();
    expect![[r#"
        proxy-failed: The proxy does not let Gatepass through / You stay signed in. Look at the proxy settings of this system, or ask whoever runs the proxy to allow acme.okta.com.
        proxy-wants-sign-in: The proxy wants a password / You stay signed in. Put user and password into the proxy settings of this system, or ask whoever runs the proxy to let programs through.
        certificate-not-trusted: The connection is not trusted / You stay signed in. If your company inspects connections, its certificate authority belongs into this system's store; ask your IT. Otherwise do not use this network.
        web-page-in-the-way: This network shows a page of its own / You stay signed in. Open any page in a browser and sign in to the network. If there is nothing to sign in to, look whether the issuer is right.
        unreachable: Okta cannot be reached / Gatepass tries again by itself, and you stay signed in.
        server-busy: Okta has trouble / Gatepass tries again by itself, and you stay signed in.
        rate-limited: Okta asked to slow down / Gatepass tries again by itself, and you stay signed in.
        rate-limited: Okta asked to slow down / Gatepass tries again by itself, and you stay signed in.
    "#]].assert_eq(&told.concat());
}

#[test]
fn an_error_of_which_nobody_has_heard_is_quoted_and_left_to_an_admin() {
    let refused = |code: &str, description: &str| {
        let error = OidcError::Refused {
            code: code.into(),
            description: Some(description.into()),
            status: 400,
            request_id: None,
        };
        describe(&Error::Oidc(error), &acme())
    };
    let problem = refused("something_new", "Nobody knows this.");
    assert_eq!((problem.code.as_str(), problem.whose), ("refused", gatepass_wire::Whose::Admin));
    assert_eq!(problem.quote.as_deref(), Some("Nobody knows this."));
    // Of a code that is known, the words that fit every text of it.
    for (code, told) in [
        ("invalid_client", "client-refused"),
        ("unauthorized_client", "grant-type-off"),
        ("access_denied", "access-denied"),
        ("invalid_scope", "unknown-scope"),
        ("invalid_grant", "session-ended"),
        ("invalid_request", "invalid-request"),
        ("server_error", "server-busy"),
        ("invalid_dpop_proof", "dpop-refused"),
        ("consent_required", "consent-required"),
        ("login_required", "sign-in-interrupted"),
        ("interaction_required", "sign-in-interrupted"),
    ] {
        assert_eq!(refused(code, "Etwas anderes.").code, told, "{code}");
    }
    // No text changes what a code that has one meaning means.
    for text in ["User is not assigned.", "Browser requests", "is not enabled in this environment"] {
        assert_eq!(refused("unsupported_response_type", text).code, "code-grant-off", "{text}");
    }
}

#[test]
fn a_quotation_is_cut_and_cleaned() {
    let said = format!("\u{202e}{}\n", "x".repeat(500));
    let refused = OidcError::Refused { code: "e".into(), description: Some(said), status: 400, request_id: None };
    let quote = describe(&Error::Oidc(refused), &acme()).quote.unwrap();
    assert_eq!(quote, format!("{}…", "x".repeat(199)));
}
