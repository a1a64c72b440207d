//! What Okta means when it says no: its `error` code, and where one code stands for several causes, the part of its
//! description that tells them apart and has been stable. An unknown text gets the words of its code alone.

use gatepass_agent::Profile;
use gatepass_wire::{Action, Problem};

use super::{quoting, redirect_uris, warning};
use crate::text::people_text;
use crate::words::{Matter, Refusal};

/// A refusal, in words, with what the server said beside it.
pub(super) fn describe(code: &str, description: Option<&str>, profile: &Profile) -> Problem {
    let said = description.unwrap_or_default();
    let words = match code {
        "invalid_client" | "invalid_client_id" => client(said),
        "unauthorized_client" => unauthorized_client(said),
        "access_denied" => access_denied(said),
        "invalid_scope" => invalid_scope(said),
        "invalid_grant" => invalid_grant(said),
        "invalid_request" | "missing_redirect_uri" => invalid_request(said, profile),
        "server_error" => server_error(said),
        "unsupported_response_type" => problem("code-grant-off", Refusal::CodeGrantOff),
        "unsupported_grant_type" => problem("grant-type-unsupported", Refusal::GrantTypeUnsupported),
        "login_required" | "consent_required" | "interaction_required" | "unmet_authentication_requirements" => {
            sign_in_again("sign-in-interrupted", Refusal::SignInInterrupted)
        }
        "temporarily_unavailable" | "E0000009" | "E0000010" => out_of_order(),
        "E0000047" => warning(problem("rate-limited", Refusal::RateLimited)),
        "E0000007" => problem("no-such-server", Refusal::NoSuchServer),
        "E0000015" => problem("no-api-access-management", Refusal::NoApiAccessManagement),
        _ => problem("refused", Refusal::Refused { code: &people_text(code, 100) }),
    };
    quoting(words, description)
}

fn client(said: &str) -> Problem {
    if said.contains("'client_id' parameter") {
        return problem("unknown-client-id", Refusal::UnknownClientId);
    }
    if said.contains("No client credentials") {
        return problem("client-wants-secret", Refusal::ClientWantsSecret);
    }
    problem("client-refused", Refusal::ClientRefused)
}

fn unauthorized_client(said: &str) -> Problem {
    if said.contains("custom authorization server") {
        return problem("org-server-only", Refusal::OrgServerOnly);
    }
    problem("grant-type-off", Refusal::GrantTypeOff)
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
    if said.contains("scopes") {
        return problem("scope-denied", Refusal::ScopeDenied);
    }
    if said.contains("network zones") {
        return problem("network-zone", Refusal::NetworkZone);
    }
    if said.contains("password is expired") {
        return sign_in_again("password-expired", Refusal::PasswordExpired);
    }
    sign_in_again("access-denied", Refusal::AccessDenied)
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

fn invalid_grant(said: &str) -> Problem {
    if said.contains("authorization code") {
        return sign_in_again("code-expired", Refusal::CodeExpired);
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
    Problem { action: Some(Action::SignIn), ..super::problem("session-ended", Matter::SessionEnded) }
}

fn invalid_request(said: &str, profile: &Profile) -> Problem {
    if said.contains("redirect_uri") && !said.contains("post_logout_redirect_uri") {
        return Problem {
            action: Some(Action::CopyRedirectUri),
            ..problem("redirect-uri-unknown", Refusal::RedirectUriUnknown { uris: &redirect_uris(profile) })
        };
    }
    if said.contains("PKCE") {
        return pkce();
    }
    if said.contains("another authorization server") {
        return other_server();
    }
    problem("invalid-request", Refusal::InvalidRequest)
}

fn pkce() -> Problem {
    sign_in_again("pkce-mismatch", Refusal::PkceMismatch)
}

fn other_server() -> Problem {
    sign_in_again("other-server", Refusal::OtherServer)
}

fn server_error(said: &str) -> Problem {
    if said.contains("too many groups") {
        return problem("too-many-groups", Refusal::TooManyGroups);
    }
    if said.contains("could not be evaluated") {
        return problem("claim-not-evaluated", Refusal::ClaimNotEvaluated);
    }
    if said.contains("callback service") {
        return problem("inline-hook-failed", Refusal::InlineHookFailed);
    }
    out_of_order()
}

fn out_of_order() -> Problem {
    warning(problem("server-busy", Refusal::OutOfOrder))
}

/// An error that only an admin, or a change of the profile, can mend.
fn problem(code: &str, refusal: Refusal<'_>) -> Problem {
    super::problem(code, Matter::Refusal(refusal))
}

fn sign_in_again(code: &str, refusal: Refusal<'_>) -> Problem {
    Problem { action: Some(Action::SignIn), ..problem(code, refusal) }
}
