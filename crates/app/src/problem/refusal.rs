//! What Okta means when it says no: its `error` code, and where one code stands for several causes, the part of its
//! description that tells them apart and has been stable. An unknown text gets the words of its code alone.

use gatepass_agent::Profile;
use gatepass_wire::{Action, Problem};

use super::{problem, quoting, redirect_uri_unknown, warning};
use crate::text::people_text;

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
        "unsupported_response_type" => problem(
            "code-grant-off",
            "The app does not allow browser sign-in",
            "The grant type Authorization Code is not ticked for this app at Okta.",
            "An Okta admin ticks it under Applications → (your app) → General → General Settings → Grant type.",
        ),
        "unsupported_grant_type" => problem(
            "grant-type-unsupported",
            "The server does not know this kind of sign-in",
            "The authorization server does not support the grant type that was used.",
            "Look whether the issuer is the right one of your org's authorization servers.",
        ),
        "login_required" | "consent_required" | "interaction_required" | "unmet_authentication_requirements" => {
            sign_in_again(
                "sign-in-interrupted",
                "Okta wants you to sign in",
                "Okta needs you in the browser: to sign in, to confirm, or because the page stood open too long.",
                "Sign in again and stay with the page until it says that you are done.",
            )
        }
        "temporarily_unavailable" | "E0000009" | "E0000010" => out_of_order(),
        "E0000047" => warning(problem(
            "rate-limited",
            "Okta asked to slow down",
            "Okta had too many requests from this network or app.",
            "Wait a minute, then try again.",
        )),
        "E0000007" => problem(
            "no-such-server",
            "This authorization server does not exist",
            "Okta knows no authorization server at the issuer's address, or it was deactivated.",
            "Compare the issuer with Security → API → Authorization Servers, or use the org's own: without /oauth2/….",
        ),
        "E0000015" => problem(
            "no-api-access-management",
            "The org has no custom authorization servers",
            "Custom authorization servers need API Access Management, which this org does not have.",
            "Use the org's own issuer: https:// and its host, without /oauth2/….",
        ),
        _ => problem(
            "refused",
            "Okta refused",
            format!("Okta answered with the error “{}”.", people_text(code, 100)),
            "Show this to your Okta admin, who finds more under Reports → System Log.",
        ),
    };
    quoting(words, description)
}

fn client(said: &str) -> Problem {
    if said.contains("'client_id' parameter") {
        return problem(
            "unknown-client-id",
            "Okta does not know this client ID",
            "No active app of this org has the client ID: a typo, another org, or an app that was deactivated.",
            "Compare it with Applications → (your app) → General → Client Credentials, and look at the issuer's host.",
        );
    }
    if said.contains("No client credentials") {
        return problem(
            "client-wants-secret",
            "The app at Okta wants a secret",
            "The app is set up as a web app, which signs in with a secret, and Gatepass is a native app without one.",
            "An Okta admin sets Client authentication to None under Applications → (your app) → General → Client \
             Credentials, or makes a native app.",
        );
    }
    problem(
        "client-refused",
        "Okta does not accept this app",
        "The client ID is unknown, or the app is set up to authenticate in another way.",
        "Compare the client ID and set Client authentication to None under Applications → (your app) → General → \
         Client Credentials.",
    )
}

fn unauthorized_client(said: &str) -> Problem {
    if said.contains("custom authorization server") {
        return problem(
            "org-server-only",
            "This app may only use the org's own server",
            "The app is not allowed to use a custom authorization server.",
            "Use the org's own issuer: https:// and its host, without /oauth2/….",
        );
    }
    problem(
        "grant-type-off",
        "The app does not allow this",
        "A grant type that Gatepass needs is not ticked for this app at Okta.",
        "An Okta admin ticks Authorization Code and Refresh Token under Applications → (your app) → General → General \
         Settings → Grant type.",
    )
}

fn access_denied(said: &str) -> Problem {
    if said.contains("Policy evaluation failed") {
        return problem(
            "no-matching-policy",
            "No access policy lets this app in",
            "No rule of the authorization server matches this app, this person and all the scopes asked for.",
            "An Okta admin adds one under Security → API → Authorization Servers → (your server) → Access Policies.",
        );
    }
    if said.contains("not assigned") {
        return problem(
            "not-assigned",
            "You are not assigned to this app",
            "At Okta the app is assigned neither to you nor to a group of yours.",
            "An Okta admin assigns it under Applications → (your app) → Assignments.",
        );
    }
    if said.contains("require the 'openid' scope") {
        return openid_scope();
    }
    if said.contains("scopes") {
        return problem(
            "scope-denied",
            "A scope was denied",
            "The access policy does not allow all the scopes that the profile asks for.",
            "An Okta admin allows them under Security → API → Authorization Servers → (your server) → Access Policies → \
             (rule) → Scopes requested; or take them out of the profile.",
        );
    }
    if said.contains("network zones") {
        return problem(
            "network-zone",
            "Not from this network",
            "The app may only be used from certain networks.",
            "Connect to the network or VPN of your organization and try again.",
        );
    }
    if said.contains("password is expired") {
        return sign_in_again(
            "password-expired",
            "The password has expired",
            "Okta asks for a new password before it lets you in.",
            "Change the password at Okta, then sign in again.",
        );
    }
    sign_in_again(
        "access-denied",
        "Access was denied",
        "You cancelled at Okta, or a sign-on policy of the app does not let you in.",
        "Sign in again; if it stays, ask your Okta admin about Applications → (your app) → Sign On → User authentication.",
    )
}

fn invalid_scope(said: &str) -> Problem {
    if said.contains("require the 'openid' scope") {
        return openid_scope();
    }
    if said.contains("Custom scopes are not allowed") || said.contains("are not allowed for this request") {
        return problem(
            "scope-not-here",
            "The org's own server has no such scope",
            "Custom scopes exist only at custom authorization servers.",
            "Use the issuer of a custom authorization server, or take the scope out of the profile.",
        );
    }
    if said.contains("default scopes") || said.contains("No scopes were requested") {
        return problem(
            "no-scope",
            "No scope was asked for",
            "The profile asks for no scope, and the server has none to fall back on.",
            "Give the profile scopes: openid profile email offline_access.",
        );
    }
    problem(
        "unknown-scope",
        "Okta does not know a scope",
        "The authorization server does not have one of the scopes that the profile asks for.",
        "Take it out of the profile, or an Okta admin adds it under Security → API → Authorization Servers → (your \
         server) → Scopes.",
    )
}

fn openid_scope() -> Problem {
    problem(
        "openid-scope-missing",
        "The scope openid is missing",
        "Okta signs people in only where the scope openid is asked for.",
        "Add openid to the scopes of the profile.",
    )
}

fn invalid_grant(said: &str) -> Problem {
    if said.contains("authorization code") {
        return sign_in_again(
            "code-expired",
            "The sign-in took too long",
            "The code that the browser brought is used or too old; it lives for a few minutes.",
            "Sign in again.",
        );
    }
    if said.contains("'redirect_uri'") {
        return sign_in_again(
            "redirect-uri-changed",
            "The redirect address changed on the way",
            "Okta got another redirect address with the code than with the request.",
            "Sign in again; if the profile was just changed, that was why.",
        );
    }
    if said.contains("PKCE") {
        return pkce();
    }
    if said.contains("another client") {
        return other_server();
    }
    sign_in_again(
        "session-ended",
        "Okta ended the session",
        "Okta no longer accepts what kept you signed in: it expired, or someone ended it.",
        "Sign in again. If this happens often, ask your Okta admin about the refresh token lifetime.",
    )
}

fn invalid_request(said: &str, profile: &Profile) -> Problem {
    if said.contains("redirect_uri") && !said.contains("post_logout_redirect_uri") {
        return redirect_uri_unknown(
            "redirect-uri-unknown",
            "Okta does not know this redirect address",
            "The app has no such sign-in redirect URI; it must match to the letter, port included.",
            "An Okta admin registers exactly",
            profile,
        );
    }
    if said.contains("PKCE") {
        return pkce();
    }
    if said.contains("another authorization server") {
        return other_server();
    }
    problem(
        "invalid-request",
        "Okta did not understand the request",
        "Okta found something wrong with what Gatepass asked.",
        "Look at the profile's issuer, client ID and scopes; the quotation says what Okta minds.",
    )
}

fn pkce() -> Problem {
    sign_in_again(
        "pkce-mismatch",
        "The answer belongs to another sign-in",
        "Okta compared the answer with another sign-in's proof key, as happens with two sign-ins at once.",
        "Close old sign-in pages and sign in again.",
    )
}

fn other_server() -> Problem {
    sign_in_again(
        "other-server",
        "The session belongs to another app or server",
        "The profile's client ID or issuer was changed since the sign-in.",
        "Sign in again.",
    )
}

fn server_error(said: &str) -> Problem {
    if said.contains("too many groups") {
        return problem(
            "too-many-groups",
            "Too many groups",
            "The groups claim matches more groups than Okta puts into a token.",
            "An Okta admin narrows its filter under Security → API → Authorization Servers → (your server) → Claims, \
             or for the org's own server under Applications → (your app) → Sign On.",
        );
    }
    if said.contains("could not be evaluated") {
        return problem(
            "claim-not-evaluated",
            "A claim cannot be computed",
            "The expression of a claim fails at Okta for this person.",
            "An Okta admin corrects it under Security → API → Authorization Servers → (your server) → Claims, and tries \
             it in Token Preview.",
        );
    }
    if said.contains("callback service") {
        return problem(
            "inline-hook-failed",
            "A token hook failed",
            "A program that Okta asks before it issues tokens did not answer rightly.",
            "An Okta admin looks at Workflow → Inline Hooks.",
        );
    }
    out_of_order()
}

fn out_of_order() -> Problem {
    warning(problem(
        "server-busy",
        "Okta has trouble",
        "Okta cannot answer at the moment.",
        "Try again later; status.okta.com tells about outages.",
    ))
}

fn sign_in_again(code: &str, title: &str, detail: &str, advice: &str) -> Problem {
    Problem { action: Some(Action::SignIn), ..problem(code, title, detail, advice) }
}
