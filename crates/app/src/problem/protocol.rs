//! Network and protocol in words: no answer, an answer that makes no sense, an answer that must not be believed.

use gatepass_agent::Profile;
use gatepass_oidc::okta::{ServerKind, server_kind};
use gatepass_oidc::{Check, Error, Obstacle};
use gatepass_wire::Problem;

use super::{problem, quoting, refusal, warning};
use crate::text::{MAX_QUOTE, people_text};
use crate::words::Matter;

/// A failure between us and the authorization server.
pub(super) fn describe(error: &Error, profile: &Profile) -> Problem {
    let host = &people_text(profile.issuer.authority(), MAX_QUOTE);
    match error {
        Error::Unreachable { reason, .. } => {
            quoting(warning(problem("unreachable", Matter::Unreachable { host })), Some(reason))
        }
        Error::Obstructed { by, reason } => quoting(warning(obstructed(*by, host)), Some(reason)),
        Error::Busy { status: 429, .. } => warning(problem("rate-limited", Matter::RateLimited { host })),
        // It came back through the browser (RFC 6749 section 4.1.2.1).
        Error::Busy { status: 0, .. } => refusal::describe("temporarily_unavailable", None, profile),
        Error::Busy { status, .. } => warning(problem("server-busy", Matter::ServerBusy { host, status: *status })),
        Error::Refused { code, description, .. } => refusal::describe(code, description.as_deref(), profile),
        Error::Nonconforming { what } => quoting(problem("nonconforming", Matter::Nonconforming { host }), Some(what)),
        Error::Untrusted(check) => untrusted(*check, host, server_kind(&profile.issuer) == ServerKind::Org),
    }
}

fn obstructed(by: Obstacle, host: &str) -> Problem {
    match by {
        Obstacle::Proxy => problem("proxy-failed", Matter::ProxyFailed { host }),
        Obstacle::ProxySignIn => problem("proxy-wants-sign-in", Matter::ProxyWantsSignIn { host }),
        Obstacle::Certificate => problem("certificate-not-trusted", Matter::CertificateNotTrusted { host }),
        Obstacle::WebPage => problem("web-page-in-the-way", Matter::WebPageInTheWay { host }),
    }
}

fn untrusted(check: Check, host: &str, org: bool) -> Problem {
    let (code, matter) = match check {
        Check::Issuer => ("issuer-mismatch", Matter::IssuerMismatch { host, org }),
        Check::Expiry | Check::IssuedAt => ("clock-wrong", Matter::ClockWrong),
        Check::AuthenticationContext => ("wrong-acr", Matter::WrongAcr),
        Check::AuthenticationTime => ("sign-in-too-old", Matter::SignInTooOld),
        Check::KeyBinding => ("wrong-key", Matter::WrongKey),
        Check::Audience | Check::AuthorizedParty => ("wrong-audience", Matter::WrongAudience),
        Check::Signature | Check::Algorithm => ("bad-signature", Matter::BadSignature),
        Check::State | Check::Nonce | Check::AccessTokenHash => ("not-our-answer", Matter::NotOurAnswer),
        Check::Subject => ("other-subject", Matter::OtherSubject),
        Check::Endpoint => ("foreign-endpoint", Matter::ForeignEndpoint { host }),
        Check::TokenType => ("wrong-token-type", Matter::WrongTokenType),
        // Checks may be added; each is a reason not to believe the answer.
        _ => ("not-trusted", Matter::NotTrusted),
    };
    problem(code, matter)
}
