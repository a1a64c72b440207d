//! What Okta means when it says no: its `error` code, and where one code stands for several causes, the part of its
//! description that tells them apart and has been stable. An unknown text gets the words of its code alone.

use gatepass_agent::Profile;
use gatepass_oidc::okta::{ServerKind, server_kind};
use gatepass_wire::{Action, Problem};

use super::{quoting, redirect_uris, warning};
use crate::text::{isolated, people_text};
use crate::words::{Matter, Refusal};

/// A refusal, in words, with what the server said beside it.
pub(super) fn describe(code: &str, description: Option<&str>, profile: &Profile) -> Problem {
    let said = description.unwrap_or_default();
    let words = match code {
        "server_error" | "access_denied" if said.contains("enabled in this environment") => {
            problem("feature-off", Refusal::FeatureOff)
        }
        "invalid_client" | "unauthorized_client" | "invalid_scope" | "invalid_request" if is_browser_request(said) => {
            our_mistake()
        }
        "invalid_client" | "invalid_client_id" => client(said),
        "unauthorized_client" => unauthorized_client(said),
        "access_denied" => access_denied(said),
        "invalid_scope" => invalid_scope(said),
        "invalid_grant" => invalid_grant(said),
        "invalid_request" | "missing_redirect_uri" => invalid_request(said, profile),
        "server_error" => server_error(said, profile),
        "invalid_dpop_proof" | "use_dpop_nonce" => dpop(said),
        "invalid_token" | "E0000011" => problem("access-token-refused", Refusal::AccessTokenRefused),
        "insufficient_scope" => problem("scope-missing", Refusal::ScopeMissing),
        "consent_required" => consent_required(said),
        "login_required" if said.contains("Request expired") => {
            sign_in_again("sign-in-expired", Refusal::SignInExpired)
        }
        "interaction_required" if said.contains("interaction code") => {
            problem("interaction-code-app", Refusal::InteractionCodeApp)
        }
        "login_required" | "interaction_required" => sign_in_again("sign-in-interrupted", Refusal::SignInInterrupted),
        "unmet_authentication_requirements" => problem("factor-missing", Refusal::FactorMissing),
        "expired_token" => sign_in_again("device-code-expired", Refusal::DeviceCodeExpired),
        "unsupported_response_type" => problem("code-grant-off", Refusal::CodeGrantOff),
        "unsupported_grant_type" => problem("grant-type-unsupported", Refusal::GrantTypeUnsupported),
        "unsupported_response_mode" => our_mistake(),
        "idp_initated_flow_disabled" | "missing_initiate_login_uri" => {
            problem("idp-initiated-off", Refusal::IdpInitiatedOff)
        }
        code if code.starts_with("jit_failure") => not_provisioned(),
        "temporarily_unavailable" | "E0000009" | "E0000010" => out_of_order(),
        "E0000047" => warning(problem("rate-limited", Refusal::RateLimited)),
        "E0000006" => problem("no-permission", Refusal::NoPermission),
        "E0000007" => problem("no-such-server", Refusal::NoSuchServer),
        "E0000015" => problem("no-api-access-management", Refusal::NoApiAccessManagement),
        "E0000256" => problem("request-too-large", Refusal::RequestTooLarge),
        _ => problem("refused", Refusal::Refused { code: &people_text(code, 100) }),
    };
    quoting(words, description)
}

/// Whether Okta will not exchange this token at all. Of the session that it is of that says nothing, and no setting of the
/// app's helps.
pub(super) fn is_of_exchange(code: &str, description: Option<&str>) -> bool {
    let said = description.unwrap_or_default();
    let parts = ["on-behalf token exchange", "trusted authorization server", "'subject_token'"];
    matches!(code, "invalid_grant" | "invalid_token") || parts.iter().any(|part| said.contains(part))
}

/// Okta took the request for one of a web page: it had an `Origin`.
fn is_browser_request(said: &str) -> bool {
    said.contains("Browser requests") || said.contains("Trusted Origins")
}

fn client(said: &str) -> Problem {
    if said.contains("'client_id' parameter") {
        return problem("unknown-client-id", Refusal::UnknownClientId);
    }
    if said.contains("No client credentials") {
        return problem("client-wants-secret", Refusal::ClientWantsSecret);
    }
    if is_about_assertion(said) {
        return problem("assertion-refused", Refusal::AssertionRefused);
    }
    if said.contains("client secret") {
        return problem("client-secret-wrong", Refusal::ClientSecretWrong);
    }
    if said.contains("Authentication header") {
        return problem("client-takes-no-secret", Refusal::ClientTakesNoSecret);
    }
    if said.contains("multiple client credentials") {
        return our_mistake();
    }
    problem("client-refused", Refusal::ClientRefused)
}

/// About a client that signs (RFC 7523): its assertion, its keys, or the secret that signs.
fn is_about_assertion(said: &str) -> bool {
    ["client_assertion", "client assertion", "JWKSet", "JWT HMAC"].iter().any(|part| said.contains(part))
}

fn unauthorized_client(said: &str) -> Problem {
    if said.contains("custom authorization server") {
        return problem("org-server-only", Refusal::OrgServerOnly);
    }
    let on = listed(said, "Configured grant types");
    problem("grant-type-off", Refusal::GrantTypeOff { on: on.as_deref() })
}

fn access_denied(said: &str) -> Problem {
    if said.contains("Policy evaluation failed") {
        return problem("no-matching-policy", Refusal::NoMatchingPolicy);
    }
    if said.contains("not assigned") {
        return problem("not-assigned", Refusal::NotAssigned);
    }
    if said.contains("require the 'openid' scope") {
        return openid_scope();
    }
    if said.contains("refresh request") {
        return sign_in_again("scopes-need-sign-in", Refusal::ScopesNeedSignIn);
    }
    if said.contains("scopes") {
        let denied = listed(said, "Denied scopes");
        return problem("scope-denied", Refusal::ScopeDenied { denied: denied.as_deref() });
    }
    if said.contains("network zones") {
        return problem("network-zone", Refusal::NetworkZone);
    }
    if said.contains("password is expired") {
        return sign_in_again("password-expired", Refusal::PasswordExpired);
    }
    if said.contains("User canceled") {
        return sign_in_again("cancelled-elsewhere", Refusal::CancelledElsewhere);
    }
    if said.contains("Login failed") {
        return sign_in_again("login-failed", Refusal::LoginFailed);
    }
    if is_about_linking(said) {
        return not_provisioned();
    }
    sign_in_again("access-denied", Refusal::AccessDenied)
}

/// About making the person a user at Okta, or finding which one they are, when somebody else vouched for them.
fn is_about_linking(said: &str) -> bool {
    ["User creation", "User linking", "a linked user", "match social profile", "username", "create a user"]
        .iter()
        .any(|part| said.contains(part))
}

fn not_provisioned() -> Problem {
    problem("not-provisioned", Refusal::NotProvisioned)
}

fn invalid_scope(said: &str) -> Problem {
    if said.contains("require the 'openid' scope") {
        return openid_scope();
    }
    if said.contains("Custom scopes are not allowed") || said.contains("are not allowed for this request") {
        return problem("scope-not-here", Refusal::ScopeNotHere);
    }
    if said.contains("default scopes") || said.contains("No scopes were requested") {
        return problem("no-scope", Refusal::NoScope);
    }
    problem("unknown-scope", Refusal::UnknownScope)
}

fn openid_scope() -> Problem {
    problem("openid-scope-missing", Refusal::OpenidScopeMissing)
}

fn consent_required(said: &str) -> Problem {
    if said.contains("not allowed any of the requested scopes") {
        return problem("api-scopes-not-granted", Refusal::ApiScopesNotGranted);
    }
    sign_in_again("consent-required", Refusal::ConsentRequired)
}

fn invalid_grant(said: &str) -> Problem {
    if said.contains("authorization code") {
        return sign_in_again("code-expired", Refusal::CodeExpired);
    }
    if said.contains("device code") {
        return sign_in_again("device-code-expired", Refusal::DeviceCodeExpired);
    }
    if said.contains("'redirect_uri'") {
        return sign_in_again("redirect-uri-changed", Refusal::RedirectUriChanged);
    }
    if said.contains("PKCE") {
        return pkce();
    }
    if said.contains("another client") {
        return other_server();
    }
    if said.contains("assurance requirements") {
        return sign_in_again("assurance-not-met", Refusal::AssuranceNotMet);
    }
    Problem { action: Some(Action::SignIn), ..super::problem("session-ended", Matter::SessionEnded) }
}

fn invalid_request(said: &str, profile: &Profile) -> Problem {
    if said.contains("redirect_uri") && !said.contains("post_logout_redirect_uri") {
        return Problem {
            action: Some(Action::CopyRedirectUri),
            ..problem("redirect-uri-unknown", Refusal::RedirectUriUnknown { uris: &redirect_uris(profile) })
        };
    }
    // What Gatepass always sends, and makes itself.
    if ["code challenge is required", "challenge method", "illegal characters", "'state'", "multiple "]
        .iter()
        .any(|part| said.contains(part))
    {
        return our_mistake();
    }
    if said.contains("PKCE") {
        return pkce();
    }
    if said.contains("another authorization server") {
        return other_server();
    }
    if ["Identity provider", "'max_age'", "'prompt'"].iter().any(|part| said.contains(part)) {
        return problem("profile-setting-refused", Refusal::ProfileSettingRefused);
    }
    if said.contains("DPoP") {
        return dpop(said);
    }
    problem("invalid-request", Refusal::InvalidRequest)
}

fn pkce() -> Problem {
    sign_in_again("pkce-mismatch", Refusal::PkceMismatch)
}

fn other_server() -> Problem {
    sign_in_again("other-server", Refusal::OtherServer)
}

fn dpop(said: &str) -> Problem {
    if said.contains("is missing") || said.contains("requires") {
        return problem("dpop-demanded", Refusal::DpopDemanded);
    }
    if ["in the future", "in the past", "is expired", "'iat'"].iter().any(|part| said.contains(part)) {
        return problem("dpop-clock", Refusal::DpopClock);
    }
    sign_in_again("dpop-refused", Refusal::DpopRefused)
}

fn server_error(said: &str, profile: &Profile) -> Problem {
    if said.contains("too many groups") {
        let org = server_kind(&profile.issuer) == ServerKind::Org;
        return problem("too-many-groups", Refusal::TooManyGroups { org });
    }
    if said.contains("could not be evaluated") {
        return problem("claim-not-evaluated", Refusal::ClaimNotEvaluated);
    }
    if said.contains("callback service") || said.contains("callout service") {
        return problem("inline-hook-failed", Refusal::InlineHookFailed);
    }
    out_of_order()
}

fn out_of_order() -> Problem {
    warning(problem("server-busy", Refusal::OutOfOrder))
}

/// Okta minds something that no setting changes.
fn our_mistake() -> Problem {
    problem("our-mistake", Refusal::OurMistake)
}

/// What Okta lists after `label`, for a sentence: `Denied scopes: [a b].`
fn listed(said: &str, label: &str) -> Option<String> {
    let (_, rest) = said.split_once(label)?;
    let list = rest.trim_start_matches([':', ' ']).trim_end_matches('.').trim_matches(['[', ']']);
    Some(isolated(&people_text(list, 100))).filter(|_| !list.is_empty())
}

/// An error that only an admin, or a change of the profile, can mend.
fn problem(code: &str, refusal: Refusal<'_>) -> Problem {
    super::problem(code, Matter::Refusal(refusal))
}

fn sign_in_again(code: &str, refusal: Refusal<'_>) -> Problem {
    Problem { action: Some(Action::SignIn), ..problem(code, refusal) }
}
