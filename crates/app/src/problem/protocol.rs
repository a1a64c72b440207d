//! Network and protocol in words: no answer, an answer that makes no sense, an answer that must not be believed.

use gatepass_agent::Profile;
use gatepass_oidc::{Check, Error};
use gatepass_wire::Problem;

use super::{problem, quoting, refusal, warning};
use crate::text::{MAX_QUOTE, people_text};

/// A failure between us and the authorization server.
pub(super) fn describe(error: &Error, profile: &Profile) -> Problem {
    let host = people_text(profile.issuer.authority(), MAX_QUOTE);
    match error {
        Error::Unreachable { reason, .. } => quoting(
            warning(problem(
                "unreachable",
                "Okta cannot be reached",
                format!("{host} did not answer."),
                "Look at the network, a VPN or a proxy, then try again.",
            )),
            Some(reason),
        ),
        Error::Busy { status: 429, .. } => warning(problem(
            "rate-limited",
            "Okta asked to slow down",
            format!("{host} had too many requests from this network or app."),
            "Wait a minute, then try again.",
        )),
        Error::Busy { status, .. } => warning(problem(
            "server-busy",
            "Okta has trouble",
            format!("{host} answered with HTTP status {status}."),
            "Try again later; status.okta.com tells about outages.",
        )),
        Error::Refused { code, description, .. } => refusal::describe(code, description.as_deref(), profile),
        Error::Nonconforming { what } => quoting(
            problem(
                "nonconforming",
                "The answer makes no sense",
                format!("{host} answered with something that OpenID Connect does not allow."),
                "Look whether the issuer is right and whether a proxy or sign-in page of the network is in between.",
            ),
            Some(what),
        ),
        Error::Untrusted(check) => untrusted(*check, &host),
    }
}

fn untrusted(check: Check, host: &str) -> Problem {
    let (code, detail, advice) = match check {
        Check::Issuer => (
            "issuer-mismatch",
            format!("The answer names another issuer than the profile does ({host})."),
            "Use the issuer that Okta's metadata names: no “-admin” in the host, no slash at the end, and the custom \
             domain only where Okta's Issuer setting says so.",
        ),
        Check::Expiry | Check::IssuedAt => (
            "clock-wrong",
            "By this machine's clock the fresh ID token is out of its time.".into(),
            "Set this machine's clock, then sign in again.",
        ),
        Check::Audience | Check::AuthorizedParty => (
            "wrong-audience",
            "The ID token was made for another app.".into(),
            "Compare the client ID with Applications → (your app) → General → Client Credentials.",
        ),
        Check::Signature | Check::Algorithm => (
            "bad-signature",
            "The ID token is not signed by a key of the issuer in a way that is allowed.".into(),
            "Do not go on; tell your Okta admin, and look whether a proxy changes answers.",
        ),
        Check::State | Check::Nonce | Check::AccessTokenHash => (
            "not-our-answer",
            "What came back belongs to another sign-in.".into(),
            "Close old sign-in pages and sign in again.",
        ),
        Check::Subject => (
            "other-subject",
            "The renewed ID token belongs to somebody else.".into(),
            "Sign in again, and tell your Okta admin if it happens twice.",
        ),
        Check::Endpoint => (
            "foreign-endpoint",
            format!("The metadata names an address that is not https on {host}."),
            "Look whether the issuer is right; a profile can allow further hosts.",
        ),
        Check::TokenType => (
            "wrong-token-type",
            "Okta issued a kind of token that was not asked for.".into(),
            "An Okta admin unticks Require Demonstrating Proof of Possession under Applications → (your app) → General.",
        ),
        // Checks may be added; each is a reason not to believe the answer.
        _ => ("not-trusted", "A verification failed.".into(), "Sign in again."),
    };
    problem(code, "The answer cannot be trusted", detail, advice)
}
