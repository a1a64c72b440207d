//! Places in Okta's admin console. Okta's own names are the same in every language; they have changed over the years, and
//! guides are written in both.

use gatepass_wire::{ConsolePath, Language};

use crate::language::spoken;

/// A place where something is set or looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    // Of the app.
    Assignments,
    ClientCredentials,
    Dpop,
    GrantTypes,
    InitiateLoginUri,
    OktaApiScopes,
    OrgGroupsClaim,
    OrgIssuer,
    PublicKeys,
    RedirectUris,
    RefreshToken,
    SignOnPolicy,
    UserConsent,

    // Of the authorization server.
    AccessPolicies,
    Claims,
    Scopes,
    ScopesRequested,
    ServerIssuer,

    // Of the org.
    Administrators,
    AuthorizationServers,
    IdentityProviders,
    InlineHooks,
    Networks,
    RateLimits,
    SystemLog,
}

/// What stands in a path where the reader's own is chosen.
pub(crate) struct Own<'a> {
    pub(crate) app: &'a str,
    pub(crate) server: &'a str,
    pub(crate) rule: &'a str,
}

/// Named for a reader who knows which.
pub(crate) fn own() -> Own<'static> {
    match spoken() {
        Language::English => Own { app: "(your app)", server: "(your server)", rule: "(rule)" },
        Language::German => Own { app: "(Ihre App)", server: "(Ihr Server)", rule: "(Regel)" },
    }
}

impl Place {
    /// The way there.
    pub(crate) fn path(self, own: &Own<'_>) -> ConsolePath {
        let (now, before) = self.names();
        let put =
            |path: &str| path.replace("(app)", own.app).replace("(server)", own.server).replace("(rule)", own.rule);
        ConsolePath { now: put(&now), before: put(&before) }
    }

    /// As the menus are called now, and as they were.
    fn names(self) -> (String, String) {
        match self {
            Self::Assignments => of_app("Assignments"),
            Self::ClientCredentials => of_app("General → Client Credentials"),
            Self::Dpop => of_app("General → Require Demonstrating Proof of Possession"),
            Self::GrantTypes => of_app("General → General Settings → Grant type"),
            Self::InitiateLoginUri => of_app("General → Initiate login URI"),
            Self::OktaApiScopes => of_app("Okta API Scopes"),
            Self::OrgGroupsClaim => of_app("Sign On → OpenID Connect ID Token → Groups claim filter"),
            Self::OrgIssuer => of_app("Sign On → OpenID Connect ID Token → Issuer"),
            Self::PublicKeys => of_app("General → Client Credentials → Public keys"),
            Self::RedirectUris => {
                (of_app("General → Sign-in redirect URIs").0, of_app("General → Login redirect URIs").1)
            }
            Self::RefreshToken => of_app("General → Refresh Token"),
            Self::SignOnPolicy => (of_app("Sign On → User authentication").0, of_app("Sign On → Sign On Policy").1),
            Self::UserConsent => of_app("General → User Consent"),

            Self::AccessPolicies => of_server(" → (server) → Access Policies"),
            Self::Claims => of_server(" → (server) → Claims"),
            Self::Scopes => of_server(" → (server) → Scopes"),
            Self::ScopesRequested => of_server(" → (server) → Access Policies → (rule) → Scopes requested"),
            Self::ServerIssuer => of_server(" → (server) → Settings → Issuer"),
            Self::AuthorizationServers => of_server(""),

            Self::IdentityProviders => {
                ("Security → Identity Providers".into(), "Users → Social & Identity Providers".into())
            }
            Self::Administrators => unchanged("Security → Administrators"),
            Self::InlineHooks => unchanged("Workflow → Inline Hooks"),
            Self::Networks => unchanged("Security → Networks"),
            Self::RateLimits => unchanged("Reports → Rate Limits"),
            Self::SystemLog => unchanged("Reports → System Log"),
        }
    }
}

fn of_app(rest: &str) -> (String, String) {
    // “Applications and Resources” since 2026, in orgs that have it.
    (format!("Applications (and Resources) → Applications → (app) → {rest}"), format!("Applications → (app) → {rest}"))
}

fn of_server(rest: &str) -> (String, String) {
    (format!("Security → API → Authorization Servers{rest}"), format!("API → Authorization Servers{rest}"))
}

fn unchanged(path: &str) -> (String, String) {
    (path.into(), path.into())
}
