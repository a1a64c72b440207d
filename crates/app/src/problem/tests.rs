use std::time::Duration;

use expect_test::{Expect, expect};
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

/// One line a refusal: the code of the problem and its action.
fn check_refusals(refusals: &[(&str, &str)], told: Expect) {
    let lines = refusals.iter().map(|(code, description)| {
        let refused =
            OidcError::Refused { code: (*code).into(), description: Some((*description).into()), status: 400 };
        let problem = describe(&Error::Oidc(refused), &acme());
        assert_eq!(problem.quote.as_deref(), Some(*description), "what the server said is quoted");
        is_well_worded(&problem);
        match problem.action {
            Some(action) => format!("{} -> {action:?}\n", problem.code),
            None => format!("{}\n", problem.code),
        }
    });
    told.assert_eq(&lines.collect::<String>());
}

/// The form that windows, trays and notices rely on.
fn is_well_worded(problem: &Problem) {
    let Problem { code, title, detail, advice, .. } = problem;
    assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') && !code.is_empty(), "{problem:?}");
    assert!(title.chars().count() <= 50 && !title.ends_with('.') && !title.is_empty(), "{problem:?}");
    assert!(detail.ends_with('.') && detail.chars().count() <= 300, "{problem:?}");
    assert!(advice.ends_with(['.', ')']) && advice.chars().count() <= 300, "{problem:?}");
    for text in [title, detail, advice] {
        let text = text.replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!(people_text(&text, 1000), text);
        assert!(!text.contains("  "), "{problem:?}");
    }
}

#[test]
fn okta_refusals_are_told_apart() {
    check_refusals(
        &[
            (
                "invalid_request",
                "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
            ),
            ("missing_redirect_uri", "redirect_uri is missing."),
            ("invalid_client", "Invalid value for 'client_id' parameter."),
            ("invalid_client", "No client credentials found."),
            (
                "invalid_client",
                "Client authentication failed. Either the client or the client credentials are invalid.",
            ),
            ("invalid_client", "The client secret supplied for a confidential client is invalid."),
            ("invalid_grant", "PKCE verification failed."),
            ("unsupported_response_type", "The response type is not supported by the authorization server."),
            (
                "unauthorized_client",
                "The client is not authorized to use the provided grant type. Configured grant types: [implicit].",
            ),
            ("unsupported_grant_type", "The authorization grant type is not supported by the authorization server."),
            ("access_denied", "Policy evaluation failed for this request, please check the policy configurations."),
            ("access_denied", "User is not assigned to the client application."),
            ("access_denied", "Some of the requested scopes were denied by the policy. Denied scopes: [x]."),
            ("invalid_scope", "One or more scopes are not configured for the authorization server resource."),
            ("invalid_scope", "Custom scopes are not allowed for this request."),
            ("invalid_scope", "No scopes were requested."),
            ("access_denied", "Requests for ID tokens or access tokens with OpenID scopes require the 'openid' scope."),
            ("login_required", "Request expired, please start over and try again."),
            ("access_denied", "The resource owner or authorization server denied the request."),
            ("access_denied", "The request is made from outside the client's permitted network zones."),
            ("access_denied", "The user's password is expired."),
            ("invalid_grant", "The authorization code is invalid or has expired."),
            (
                "invalid_grant",
                "The 'redirect_uri' does not match the redirection URI used in the authorization request.",
            ),
            ("invalid_grant", "The grant was issued to another client."),
            ("invalid_request", "The grant was issued for another authorization server."),
            ("invalid_grant", "The refresh token is invalid or expired."),
            ("server_error", "The groups claim matched too many groups and must be configured to match fewer groups."),
            ("server_error", "The 'x' user claim could not be evaluated."),
            ("server_error", "The callback service returned an error."),
            ("temporarily_unavailable", "Service is in read only mode"),
            ("E0000047", "API call exceeded rate limit due to too many requests."),
            ("E0000007", "Not found: Resource not found: aus (AuthorizationServer)"),
            ("E0000015", "You do not have permission to access the feature you are requesting"),
            ("unauthorized_client", "This client cannot use a custom authorization server."),
            ("something_new", "Nobody knows this."),
        ],
        expect![[r#"
            redirect-uri-unknown -> CopyRedirectUri
            redirect-uri-unknown -> CopyRedirectUri
            unknown-client-id
            client-wants-secret
            client-refused
            client-refused
            pkce-mismatch -> SignIn
            code-grant-off
            grant-type-off
            grant-type-unsupported
            no-matching-policy
            not-assigned
            scope-denied
            unknown-scope
            scope-not-here
            no-scope
            openid-scope-missing
            sign-in-interrupted -> SignIn
            access-denied -> SignIn
            network-zone
            password-expired -> SignIn
            code-expired -> SignIn
            redirect-uri-changed -> SignIn
            other-server -> SignIn
            other-server -> SignIn
            session-ended -> SignIn
            too-many-groups
            claim-not-evaluated
            inline-hook-failed
            server-busy
            rate-limited
            no-such-server
            no-api-access-management
            org-server-only
            refused
        "#]],
    );
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
        Check::Nonce,
        Check::Expiry,
        Check::IssuedAt,
        Check::AccessTokenHash,
        Check::Subject,
        Check::Endpoint,
        Check::TokenType,
    ];
    let mut errors = vec![
        Error::NoSuchProfile,
        Error::SignInRequired(SignedOutReason::NeverSignedIn),
        Error::SignInRequired(SignedOutReason::SignedOut),
        Error::SignInRequired(SignedOutReason::Expired),
        Error::SignInRequired(SignedOutReason::Refused { description: None }),
        Error::SignInRequired(SignedOutReason::AnswerLost { description: None }),
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
        Warning would-sign-out: This signs you out 
        Error not-a-profile: This cannot be used as a profile 
        Error profiles-file-not-written: The profiles file could not be written 
        Note quitting: Gatepass is quitting 
        Error not-our-answer: The answer cannot be trusted 
        Error issuer-mismatch: The answer cannot be trusted 
        Error wrong-audience: The answer cannot be trusted 
        Error bad-signature: The answer cannot be trusted 
        Error not-our-answer: The answer cannot be trusted 
        Error clock-wrong: The answer cannot be trusted 
        Error not-our-answer: The answer cannot be trusted 
        Error other-subject: The answer cannot be trusted 
        Error foreign-endpoint: The answer cannot be trusted 
        Error wrong-token-type: The answer cannot be trusted 
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
    let offline = offline(&unreachable, &acme());
    assert_eq!((offline.severity, offline.action), (Severity::Warning, Some(Action::Refresh)));
    let refused = OidcError::Refused { code: "unauthorized_client".into(), description: None, status: 400 };
    let blocked = blocked(&refused, &acme());
    assert_eq!((blocked.severity, blocked.action), (Severity::Error, Some(Action::Refresh)));
    for error in VAULT_ERRORS {
        for problem in [memory_only(error), unread(error)] {
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
        let problem = offline(error, &acme());
        is_well_worded(&problem);
        assert_eq!((problem.severity, problem.action), (Severity::Warning, Some(Action::Refresh)));
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
fn a_quotation_is_cut_and_cleaned() {
    let said = format!("\u{202e}{}\n", "x".repeat(500));
    let refused = OidcError::Refused { code: "e".into(), description: Some(said), status: 400 };
    let quote = describe(&Error::Oidc(refused), &acme()).quote.unwrap();
    assert_eq!(quote, format!("{}…", "x".repeat(199)));
}
