//! What the server meant when it said no, in English.

use crate::words::{Refusal, Texts, told};

pub(super) fn texts_of(refusal: Refusal<'_>, path: &str) -> Texts {
    match refusal {
        Refusal::AccessDenied => told(
            "Access was denied",
            "You cancelled at Okta, or a sign-on policy of the app does not let you in.",
            format!("Sign in again; if it stays, ask your Okta admin about {path}."),
        ),
        Refusal::AccessTokenRefused => told(
            "Okta does not take the access token here",
            "It has ended or was revoked, or it is another authorization server's than the one that was asked.",
            "Sign in again. If it stays, compare the issuer: Okta's own API takes tokens of the org's own server alone.",
        ),
        Refusal::ApiScopesNotGranted => told(
            "The app was not granted these scopes",
            "The profile asks for scopes of Okta's own API (okta.…), and nobody has granted them to the app.",
            format!("Take them out of the profile, or an Okta super admin grants them under {path}."),
        ),
        Refusal::AssertionRefused => told(
            "Okta does not accept the app's signature",
            "The profile proves who the app is with a key, and Okta does not know it or does not take what it signed.",
            format!(
                "An Okta admin compares the public key with {path}: the one of this profile, active, and for signing. Look \
                 at this machine's clock, too."
            ),
        ),
        Refusal::AssuranceNotMet => told(
            "This app wants a stronger sign-in",
            "The sign-in that is shared with it does not meet what the app's sign-on policy demands.",
            format!("Sign in in the browser. The policy stands under {path}."),
        ),
        Refusal::CancelledElsewhere => told(
            "The sign-in was cancelled",
            "It was given up at the identity provider to which Okta sent you.",
            "Sign in again when you like.",
        ),
        Refusal::ClaimNotEvaluated => told(
            "A claim cannot be computed",
            "The expression of a claim fails at Okta for this person.",
            format!("An Okta admin corrects it under {path}, and tries it in Token Preview."),
        ),
        Refusal::ClientRefused => told(
            "Okta does not accept this app",
            "The client ID is unknown, or the app is set up to authenticate in another way.",
            format!(
                "An Okta admin sets Client authentication under {path} to what the profile has: None, if it has no secret. \
                 Compare the client ID there, too."
            ),
        ),
        Refusal::ClientSecretWrong => told(
            "The client secret is wrong",
            "Okta does not take the client secret: it was replaced or deactivated, or it is another app's.",
            format!("Put the secret that is active under {path} into the profile, or ask your Okta admin for it."),
        ),
        Refusal::ClientTakesNoSecret => told(
            "Okta did not take the client secret",
            "The app takes no client secret in this way, or not together with this client ID.",
            format!("Compare client ID and Client authentication of the profile with {path}."),
        ),
        Refusal::ClientWantsSecret => told(
            "The app at Okta wants a secret",
            "The app is set up as a web app, which signs in with a secret, and the profile has none.",
            format!("An Okta admin sets Client authentication to None under {path}, or makes a native app."),
        ),
        Refusal::CodeExpired => told(
            "The sign-in took too long",
            "The code that the browser brought is used or too old; it lives for a few minutes.",
            "Sign in again.",
        ),
        Refusal::CodeGrantOff => told(
            "The app does not allow browser sign-in",
            "The grant type Authorization Code is not ticked for this app at Okta.",
            format!("An Okta admin ticks it under {path}."),
        ),
        Refusal::ConsentRequired => told(
            "Okta wants your consent",
            "A scope that the profile asks for needs your consent, which is given in the browser.",
            format!(
                "Sign in again and agree. To have nobody asked, an Okta admin unticks Require consent under {path}."
            ),
        ),
        Refusal::DeviceCodeExpired => told(
            "The code on the other device ran out",
            "Nobody entered it in time, or it was used; it lives for ten minutes.",
            "Sign in again to get a new one.",
        ),
        Refusal::DpopClock => told(
            "The clock does not agree with Okta's",
            "Okta found the time in what Gatepass signed to be past or still to come.",
            "Set this machine's clock, then sign in again.",
        ),
        Refusal::DpopDemanded => told(
            "The app demands proof of possession",
            "Tokens of this app are bound to a key (DPoP), and the profile does not use one.",
            format!("Switch DPoP on in the profile, or an Okta admin unticks it under {path}."),
        ),
        Refusal::DpopRefused => told(
            "Okta does not take the proof of possession",
            "The key that the tokens are bound to (DPoP) is not the one that signed, or Okta has seen the proof before.",
            "Sign in again, which binds new tokens to the key of now. If it stays, report it as a mistake of Gatepass.",
        ),
        Refusal::FactorMissing => told(
            "A way to prove who you are is missing",
            "The profile demands a stronger sign-in (acr_values) than you have set up at Okta.",
            format!(
                "Set up another factor at Okta under Settings, Security methods, or take acr_values out of the profile. The \
                 app's own policy stands under {path}."
            ),
        ),
        Refusal::FeatureOff => told(
            "This org does not have that",
            "The profile uses something that Okta has not switched on for this org.",
            "Switch it off in the profile: pushed authorization requests (PAR), for one, are not in every org.",
        ),
        Refusal::GrantTypeOff { on } => told(
            "The app does not allow this",
            match on {
                Some(on) => {
                    format!("A grant type that Gatepass needs is not ticked for this app at Okta. Ticked are: {on}.")
                }
                None => "A grant type that Gatepass needs is not ticked for this app at Okta.".into(),
            },
            format!(
                "An Okta admin ticks Authorization Code and Refresh Token under {path}; for a sign-in on another device, \
                 Device Authorization, too."
            ),
        ),
        Refusal::GrantTypeUnsupported => told(
            "The server does not know this kind of sign-in",
            "The authorization server does not support the grant type that was used.",
            format!("Compare the issuer with {path}, where the rule of the access policy names the grant types, too."),
        ),
        Refusal::IdpInitiatedOff => told(
            "Okta cannot start this sign-in",
            "A tile or a link at Okta led to an app that has no address where its sign-in begins.",
            format!("Sign in from Gatepass, or an Okta admin sets the address under {path}."),
        ),
        Refusal::InlineHookFailed => told(
            "A token hook failed",
            "A program that Okta asks before it issues tokens did not answer rightly.",
            format!("An Okta admin looks at {path}, or sets the rule of the access policy to use none."),
        ),
        Refusal::InteractionCodeApp => told(
            "The app uses another kind of sign-in",
            "It is set to Interaction Code, which is for apps that draw Okta's sign-in page themselves.",
            format!("An Okta admin ticks Authorization Code in its place under {path}."),
        ),
        Refusal::InvalidRequest => told(
            "Okta did not understand the request",
            "Okta found something wrong with what Gatepass asked.",
            format!(
                "Look at the profile's issuer, client ID and scopes; the quotation says what Okta minds, and an Okta admin \
                 finds more under {path}."
            ),
        ),
        Refusal::LoginFailed => told(
            "The sign-in failed at Okta",
            "Okta says no more than that: the account may not be active, or an identity provider did not vouch for it.",
            format!("Sign in again. If it stays, your Okta admin finds the reason under {path}."),
        ),
        Refusal::NetworkZone => told(
            "Not from this network",
            "The app may only be used from certain networks.",
            format!(
                "Connect to the network or VPN of your organization and try again. An Okta admin sees which under {path}."
            ),
        ),
        Refusal::NoApiAccessManagement => told(
            "The org has no custom authorization servers",
            "Custom authorization servers need API Access Management, which this org does not have.",
            "Use the org's own issuer: https:// and its host, without /oauth2/….",
        ),
        Refusal::NoMatchingPolicy => told(
            "No access policy lets this app in",
            "No rule of the authorization server matches this app, this person, the grant type and all the scopes asked for.",
            format!("An Okta admin adds one under {path}, and tries it in Token Preview."),
        ),
        Refusal::NoPermission => told(
            "You may not do this at Okta",
            "The scope is there, and Okta wants an admin role for it that you do not have.",
            format!("An Okta admin gives you a role under {path}, or the profile does without it."),
        ),
        Refusal::NoScope => told(
            "No scope was asked for",
            "The profile asks for no scope, and the server has none to fall back on.",
            format!(
                "Give the profile scopes: openid profile email offline_access. Or an Okta admin sets a default scope under \
                 {path}."
            ),
        ),
        Refusal::NoSuchServer => told(
            "This authorization server does not exist",
            "Okta knows no authorization server at the issuer's address, or it was deactivated.",
            format!("Compare the issuer with {path}, or use the org's own: without /oauth2/…."),
        ),
        Refusal::NotAssigned => told(
            "You are not assigned to this app",
            "At Okta the app is assigned neither to you nor to a group of yours.",
            format!("An Okta admin assigns it under {path}."),
        ),
        Refusal::NotProvisioned => told(
            "Okta cannot find or make your account",
            "You proved who you are elsewhere, and Okta did not match that with a user or was not allowed to make one.",
            format!("An Okta admin looks at account linking and just-in-time provisioning under {path}."),
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
        Refusal::OurMistake => told(
            "Gatepass made a mistake",
            "Gatepass asked in a way that Okta does not take, and no setting of yours or of Okta's changes that.",
            "Report it to the makers of Gatepass, with what the server said and the diagnostics that Settings has.",
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
        Refusal::ProfileSettingRefused => told(
            "Okta does not take a setting of the profile",
            "The profile asks for an identity provider, a max_age or a prompt that Okta does not know.",
            "Correct it in the profile; the quotation says which one Okta minds.",
        ),
        Refusal::RateLimited => told(
            "Okta asked to slow down",
            "Okta had too many requests from this network or app.",
            format!("Wait a minute, then try again. An Okta admin sees the limits under {path}."),
        ),
        Refusal::RedirectUriChanged => told(
            "The redirect address changed on the way",
            "Okta got another redirect address with the code than with the request.",
            "Sign in again; if the profile was just changed, that was why. If it comes again, report it as a mistake of \
             Gatepass.",
        ),
        Refusal::RedirectUriUnknown { uris } => told(
            "Okta does not know this redirect address",
            "The app has no such sign-in redirect URI; it must match to the letter, port included.",
            format!("An Okta admin registers exactly {} under {path}.", uris.join(" and ")),
        ),
        Refusal::Refused { code } => told(
            "Okta refused",
            format!("Okta answered with the error “{code}”."),
            format!("Show this to your Okta admin, who finds more under {path}."),
        ),
        Refusal::RequestTooLarge => told(
            "The request grew too large for Okta",
            "What was asked for, or what Okta would answer, does not fit into the head of an HTTP message.",
            format!("Ask for fewer scopes in the profile, or an Okta admin makes the claims fewer under {path}."),
        ),
        Refusal::ScopeDenied { denied } => told(
            "A scope was denied",
            match denied {
                Some(denied) => format!("The access policy does not allow these scopes of the profile: {denied}."),
                None => "The access policy does not allow all the scopes that the profile asks for.".into(),
            },
            format!("An Okta admin allows them under {path}; or take them out of the profile."),
        ),
        Refusal::ScopeMissing => told(
            "The access token lacks a scope",
            "What was asked of Okta needs a scope that the access token does not have.",
            "Add the scope to the profile, then sign in again.",
        ),
        Refusal::ScopeNotHere => told(
            "The org's own server has no such scope",
            "Custom scopes exist only at custom authorization servers.",
            format!("Use the issuer of a custom authorization server ({path}), or take the scope out of the profile."),
        ),
        Refusal::ScopesNeedSignIn => told(
            "New scopes need a new sign-in",
            "The session was not granted all the scopes that the profile asks for now.",
            "Sign in again.",
        ),
        Refusal::SignInExpired => told(
            "The sign-in page stood open too long",
            "Okta gave the sign-in up before it was finished.",
            "Sign in again.",
        ),
        Refusal::SignInInterrupted => told(
            "Okta wants you to sign in",
            "Okta needs you in the browser: to sign in, to confirm, or because the Okta session there has ended.",
            "Sign in again and stay with the page until it says that you are done.",
        ),
        Refusal::TooManyGroups { .. } => told(
            "Too many groups",
            "The groups claim matches more groups than Okta puts into a token.",
            format!("An Okta admin narrows its filter under {path}; or sign in in the browser, not on another device."),
        ),
        Refusal::UnknownClientId => told(
            "Okta does not know this client ID",
            "No active app of this org has the client ID: a typo, another org, or an app that was deactivated.",
            format!("Compare it with {path}, and look at the issuer's host."),
        ),
        Refusal::UnknownScope => told(
            "Okta does not know a scope",
            "The authorization server does not have one of the scopes that the profile asks for.",
            format!("Take it out of the profile, or an Okta admin adds it under {path}."),
        ),
    }
}
