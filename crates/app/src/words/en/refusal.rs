//! What the server meant when it said no, in English.

use crate::words::{Refusal, Texts, told};

pub(super) fn texts_of(refusal: Refusal<'_>) -> Texts {
    match refusal {
        Refusal::AccessDenied => told(
            "Access was denied",
            "You cancelled at Okta, or a sign-on policy of the app does not let you in.",
            "Sign in again; if it stays, ask your Okta admin about Applications → (your app) → Sign On → User authentication.",
        ),
        Refusal::ClaimNotEvaluated => told(
            "A claim cannot be computed",
            "The expression of a claim fails at Okta for this person.",
            "An Okta admin corrects it under Security → API → Authorization Servers → (your server) → Claims, and tries \
             it in Token Preview.",
        ),
        Refusal::ClientRefused => told(
            "Okta does not accept this app",
            "The client ID is unknown, or the app is set up to authenticate in another way.",
            "Compare the client ID and set Client authentication to None under Applications → (your app) → General → \
             Client Credentials.",
        ),
        Refusal::ClientWantsSecret => told(
            "The app at Okta wants a secret",
            "The app is set up as a web app, which signs in with a secret, and Gatepass is a native app without one.",
            "An Okta admin sets Client authentication to None under Applications → (your app) → General → Client \
             Credentials, or makes a native app.",
        ),
        Refusal::CodeExpired => told(
            "The sign-in took too long",
            "The code that the browser brought is used or too old; it lives for a few minutes.",
            "Sign in again.",
        ),
        Refusal::CodeGrantOff => told(
            "The app does not allow browser sign-in",
            "The grant type Authorization Code is not ticked for this app at Okta.",
            "An Okta admin ticks it under Applications → (your app) → General → General Settings → Grant type.",
        ),
        Refusal::GrantTypeOff => told(
            "The app does not allow this",
            "A grant type that Gatepass needs is not ticked for this app at Okta.",
            "An Okta admin ticks Authorization Code and Refresh Token under Applications → (your app) → General → \
             General Settings → Grant type.",
        ),
        Refusal::GrantTypeUnsupported => told(
            "The server does not know this kind of sign-in",
            "The authorization server does not support the grant type that was used.",
            "Look whether the issuer is the right one of your org's authorization servers.",
        ),
        Refusal::InlineHookFailed => told(
            "A token hook failed",
            "A program that Okta asks before it issues tokens did not answer rightly.",
            "An Okta admin looks at Workflow → Inline Hooks.",
        ),
        Refusal::InvalidRequest => told(
            "Okta did not understand the request",
            "Okta found something wrong with what Gatepass asked.",
            "Look at the profile's issuer, client ID and scopes; the quotation says what Okta minds.",
        ),
        Refusal::NetworkZone => told(
            "Not from this network",
            "The app may only be used from certain networks.",
            "Connect to the network or VPN of your organization and try again.",
        ),
        Refusal::NoApiAccessManagement => told(
            "The org has no custom authorization servers",
            "Custom authorization servers need API Access Management, which this org does not have.",
            "Use the org's own issuer: https:// and its host, without /oauth2/….",
        ),
        Refusal::NoMatchingPolicy => told(
            "No access policy lets this app in",
            "No rule of the authorization server matches this app, this person and all the scopes asked for.",
            "An Okta admin adds one under Security → API → Authorization Servers → (your server) → Access Policies.",
        ),
        Refusal::NoScope => told(
            "No scope was asked for",
            "The profile asks for no scope, and the server has none to fall back on.",
            "Give the profile scopes: openid profile email offline_access.",
        ),
        Refusal::NoSuchServer => told(
            "This authorization server does not exist",
            "Okta knows no authorization server at the issuer's address, or it was deactivated.",
            "Compare the issuer with Security → API → Authorization Servers, or use the org's own: without /oauth2/….",
        ),
        Refusal::NotAssigned => told(
            "You are not assigned to this app",
            "At Okta the app is assigned neither to you nor to a group of yours.",
            "An Okta admin assigns it under Applications → (your app) → Assignments.",
        ),
        Refusal::OpenidScopeMissing => told(
            "The scope openid is missing",
            "Okta signs people in only where the scope openid is asked for.",
            "Add openid to the scopes of the profile.",
        ),
        Refusal::OrgServerOnly => told(
            "This app may only use the org's own server",
            "The app is not allowed to use a custom authorization server.",
            "Use the org's own issuer: https:// and its host, without /oauth2/….",
        ),
        Refusal::OtherServer => told(
            "The session belongs to another app or server",
            "The profile's client ID or issuer was changed since the sign-in.",
            "Sign in again.",
        ),
        Refusal::OutOfOrder => told(
            "Okta has trouble",
            "Okta cannot answer at the moment.",
            "Try again later; status.okta.com tells about outages.",
        ),
        Refusal::PasswordExpired => told(
            "The password has expired",
            "Okta asks for a new password before it lets you in.",
            "Change the password at Okta, then sign in again.",
        ),
        Refusal::PkceMismatch => told(
            "The answer belongs to another sign-in",
            "Okta compared the answer with another sign-in's proof key, as happens with two sign-ins at once.",
            "Close old sign-in pages and sign in again.",
        ),
        Refusal::RateLimited => told(
            "Okta asked to slow down",
            "Okta had too many requests from this network or app.",
            "Wait a minute, then try again.",
        ),
        Refusal::RedirectUriChanged => told(
            "The redirect address changed on the way",
            "Okta got another redirect address with the code than with the request.",
            "Sign in again; if the profile was just changed, that was why.",
        ),
        Refusal::RedirectUriUnknown { uris } => told(
            "Okta does not know this redirect address",
            "The app has no such sign-in redirect URI; it must match to the letter, port included.",
            format!(
                "An Okta admin registers exactly {} under Applications → (your app) → General → Sign-in redirect URIs.",
                uris.join(" and ")
            ),
        ),
        Refusal::Refused { code } => told(
            "Okta refused",
            format!("Okta answered with the error “{code}”."),
            "Show this to your Okta admin, who finds more under Reports → System Log.",
        ),
        Refusal::ScopeDenied => told(
            "A scope was denied",
            "The access policy does not allow all the scopes that the profile asks for.",
            "An Okta admin allows them under Security → API → Authorization Servers → (your server) → Access Policies → \
             (rule) → Scopes requested; or take them out of the profile.",
        ),
        Refusal::ScopeNotHere => told(
            "The org's own server has no such scope",
            "Custom scopes exist only at custom authorization servers.",
            "Use the issuer of a custom authorization server, or take the scope out of the profile.",
        ),
        Refusal::SignInInterrupted => told(
            "Okta wants you to sign in",
            "Okta needs you in the browser: to sign in, to confirm, or because the page stood open too long.",
            "Sign in again and stay with the page until it says that you are done.",
        ),
        Refusal::TooManyGroups => told(
            "Too many groups",
            "The groups claim matches more groups than Okta puts into a token.",
            "An Okta admin narrows its filter under Security → API → Authorization Servers → (your server) → Claims, \
             or for the org's own server under Applications → (your app) → Sign On.",
        ),
        Refusal::UnknownClientId => told(
            "Okta does not know this client ID",
            "No active app of this org has the client ID: a typo, another org, or an app that was deactivated.",
            "Compare it with Applications → (your app) → General → Client Credentials, and look at the issuer's host.",
        ),
        Refusal::UnknownScope => told(
            "Okta does not know a scope",
            "The authorization server does not have one of the scopes that the profile asks for.",
            "Take it out of the profile, or an Okta admin adds it under Security → API → Authorization Servers → (your \
             server) → Scopes.",
        ),
    }
}
