//! Network and protocol in words: no answer, an answer that makes no sense, an answer that must not be believed.

use gatepass_agent::Profile;
use gatepass_oidc::{Check, Error, Obstacle};
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
                "Look at the network or a VPN, then try again.",
            )),
            Some(reason),
        ),
        Error::Obstructed { by, reason } => quoting(warning(obstructed(*by, &host)), Some(reason)),
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
                "Look whether the issuer is right and whether a proxy changes answers.",
            ),
            Some(what),
        ),
        Error::Untrusted(check) => untrusted(*check, &host),
    }
}

fn obstructed(by: Obstacle, host: &str) -> Problem {
    match by {
        Obstacle::Proxy => problem(
            "proxy-failed",
            "The proxy does not let Gatepass through",
            format!("The proxy of this network did not open the way to {host}, or does not answer itself."),
            format!("Look at the proxy settings of this system, or ask whoever runs the proxy to allow {host}."),
        ),
        Obstacle::ProxySignIn => problem(
            "proxy-wants-sign-in",
            "The proxy wants a password",
            format!("The proxy of this network lets nobody through to {host} who does not sign in at it (status 407)."),
            "Put user and password into the proxy settings of this system, or ask whoever runs the proxy to let \
             programs through.",
        ),
        Obstacle::Certificate => problem(
            "certificate-not-trusted",
            "The connection is not trusted",
            format!(
                "What answered as {host} has a certificate that this system does not trust: the connection is \
                 intercepted, or the system's clock or its store of certificates is wrong."
            ),
            "If your company inspects connections, its certificate authority belongs into this system's store; ask your \
             IT. Otherwise do not use this network.",
        ),
        Obstacle::WebPage => problem(
            "web-page-in-the-way",
            "This network shows a page of its own",
            format!(
                "A web page answered in place of {host}: most likely this network wants you to sign in to it first."
            ),
            "Open any page in a browser and sign in to the network. If there is nothing to sign in to, look whether the \
             issuer is right.",
        ),
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
