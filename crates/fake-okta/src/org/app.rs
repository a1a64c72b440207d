//! The settings of one application, as its *General* and *Assignments* tabs have them.

use std::time::Duration;

use serde_json::Value;

use crate::org::{DEMO_CLIENT_ID, GroupFilter, IssuerMode};
use crate::people::Person;

/// The most secrets that an application can have at once.
const MAX_SECRETS: usize = 2;

/// An application, as an admin has set it up.
#[derive(Clone, Debug)]
pub struct App {
    /// Its client ID.
    pub client_id: String,
    /// The *Application type*, which decides what else can be chosen.
    pub kind: AppKind,
    /// Whether its status is *Active*.
    pub is_active: bool,
    /// How it proves who it is.
    pub client_authentication: ClientAuthentication,
    /// *Require PKCE as additional verification*. Cannot be off without client authentication.
    pub requires_pkce: bool,
    /// *Require Demonstrating Proof of Possession (DPoP) header in token requests*.
    pub requires_dpop: bool,
    /// The *Sign-in redirect URIs*, compared to the letter, port included.
    pub redirect_uris: Vec<String>,
    /// The *Sign-out redirect URIs*, compared to the letter.
    pub post_logout_redirect_uris: Vec<String>,
    /// The *Initiate login URI*, where Okta begins a sign-in.
    pub initiate_login_uri: Option<String>,
    /// The *Login flow* of its tile, with *Login initiated by: Either Okta or App*. `None`: *App Only*, and no tile.
    pub tile: Option<TileFlow>,
    /// The grant types that are ticked.
    pub grant_types: Vec<GrantType>,
    /// What happens to a refresh token that is used.
    pub refresh: Rotation,
    /// Who may use it.
    pub assignment: Assignment,
    /// Whether it may exchange access tokens, as Okta lets service clients alone.
    pub may_act_on_behalf: bool,
    /// *Require consent*
    pub requires_consent: bool,
    /// *Issuer* on the tab *Sign On*: what the org server calls itself in this application's ID tokens.
    pub issuer_mode: IssuerMode,
    /// The *Groups claim* on the tab *Sign On*, for the org server. `None`: as [`crate::GroupsIn`] says.
    pub groups_claim: Option<GroupsClaim>,
    /// What is granted on the tab *Okta API Scopes*, for the org server.
    pub okta_api_scopes: Vec<String>,
}

/// The groups claim of an application, told in ID tokens and userinfo of the org server if `groups` was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupsClaim {
    /// Its name.
    pub name: String,
    /// *Groups claim filter*
    pub filter: GroupFilter,
}

/// What a tile on the dashboard does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TileFlow {
    /// *Redirect to app to initiate login (OIDC Compliant)*
    Redirect,
    /// *Send ID Token directly to app (Okta Simplified)*
    Simplified,
}

/// The kinds of application that the console's wizard offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppKind {
    /// *Native Application*
    Native,
    /// *Web Application*: always with client authentication.
    Web,
    /// *Single-Page Application*: never with client authentication.
    SinglePage,
}

/// How an application proves who it is, at every endpoint that it posts to.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientAuthentication {
    /// Not at all; PKCE is all there is.
    None,
    /// `client_secret_basic`: by one of these secrets in the header.
    SecretBasic(Vec<ClientSecret>),
    /// `client_secret_post`: by one of these secrets in the body.
    SecretPost(Vec<ClientSecret>),
    /// `private_key_jwt`: by a signature for one of these public keys, each a JWK with `kid`. ES256 and RS256.
    PrivateKeyJwt(Vec<Value>),
}

/// One of the two secrets that an application can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSecret {
    /// The secret.
    pub value: String,
    /// Whether it works; an admin deactivates the old one at the end of a rotation.
    pub is_active: bool,
}

/// A grant type that an [`App`] or a rule of an access policy may have. Those from `Implicit` on can be ticked and are
/// not served, since no careful native client asks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantType {
    /// `authorization_code`
    Code,
    /// `refresh_token`
    Refresh,
    /// `urn:ietf:params:oauth:grant-type:device_code`
    Device,
    /// `urn:ietf:params:oauth:grant-type:token-exchange`
    TokenExchange,
    /// `implicit`
    Implicit,
    /// `client_credentials`
    ClientCredentials,
    /// `interaction_code`
    InteractionCode,
    /// `password`
    Password,
    /// `urn:ietf:params:oauth:grant-type:saml2-bearer`
    SamlAssertion,
}

/// What happens to a refresh token that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// *Use persistent token*: it stays the same.
    Static,
    /// *Rotate token after every use*: it is replaced, and its reuse ends everything that came of the sign-in.
    Rotate {
        /// For how long the replaced token still works. Okta allows 0 to 60 seconds; only whole seconds count.
        grace: Duration,
    },
}

/// The *Controlled access* of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// *Allow everyone in your organization to access*.
    Everyone,
    /// *Limit access to selected groups*: these.
    Groups(Vec<String>),
    /// *Skip group assignment for now*, and then these people on the tab *Assignments*, by [`Person::id`].
    People(Vec<String>),
    /// *Federation Broker Mode*: there are no assignments, and policy alone decides.
    FederationBroker,
}

impl Default for App {
    /// The demo's application: native, both grants, rotation with Okta's default grace of 30 seconds.
    fn default() -> Self {
        let owned = |uris: [&str; 2]| uris.map(str::to_owned).to_vec();
        Self {
            client_id: DEMO_CLIENT_ID.to_owned(),
            kind: AppKind::Native,
            is_active: true,
            client_authentication: ClientAuthentication::None,
            requires_pkce: true,
            requires_dpop: false,
            redirect_uris: owned(["http://localhost:27097/redirect", "http://localhost:8585/callback"]),
            post_logout_redirect_uris: owned(["http://localhost:27097/signed-out", "http://localhost:8585/signed-out"]),
            initiate_login_uri: None,
            tile: None,
            grant_types: vec![GrantType::Code, GrantType::Refresh],
            refresh: Rotation::Rotate { grace: Duration::from_secs(30) },
            assignment: Assignment::Everyone,
            may_act_on_behalf: false,
            requires_consent: false,
            issuer_mode: IssuerMode::OktaUrl,
            groups_claim: None,
            okta_api_scopes: Vec::new(),
        }
    }
}

impl App {
    /// Why the console would not save these settings.
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        let has = |grant_type| self.grant_types.contains(&grant_type);
        let has_none = self.client_authentication == ClientAuthentication::None;
        let too_many = match &self.client_authentication {
            ClientAuthentication::SecretBasic(secrets) | ClientAuthentication::SecretPost(secrets) => {
                secrets.len() > MAX_SECRETS
            }
            ClientAuthentication::None | ClientAuthentication::PrivateKeyJwt(_) => false,
        };
        let forbidden: &[GrantType] = match self.kind {
            AppKind::Native => &[GrantType::ClientCredentials],
            AppKind::Web => &[GrantType::Password, GrantType::SamlAssertion],
            AppKind::SinglePage => {
                &[GrantType::ClientCredentials, GrantType::TokenExchange, GrantType::Password, GrantType::SamlAssertion]
            }
        };
        match self.kind {
            AppKind::Web if has_none => Some("a web application has a secret or a key"),
            AppKind::SinglePage if !has_none => Some("a single-page application has neither secret nor key"),
            _ if has_none && !self.requires_pkce => Some("without client authentication PKCE is required"),
            _ if too_many => Some("there can be two secrets at most"),
            _ if forbidden.iter().any(|it| has(*it)) => Some("this type of application cannot have that grant type"),
            _ if self.requires_dpop && (has(GrantType::Implicit) || has(GrantType::ClientCredentials)) => {
                Some("DPoP goes with neither the implicit grant nor client credentials")
            }
            _ if has(GrantType::Code) && self.redirect_uris.is_empty() => Some("the code grant needs a redirect URI"),
            _ => None,
        }
    }

    /// Whether the person may use the application.
    pub(crate) fn is_assigned_to(&self, person: &Person) -> bool {
        match &self.assignment {
            Assignment::Everyone | Assignment::FederationBroker => true,
            Assignment::Groups(groups) => person.groups.iter().any(|group| groups.contains(group)),
            Assignment::People(people) => people.contains(&person.id),
        }
    }

    /// The grant types as Okta's errors list them.
    pub(crate) fn configured_grant_types(&self) -> String {
        self.grant_types.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", ")
    }
}

impl GrantType {
    /// As the wire spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "authorization_code",
            Self::Refresh => "refresh_token",
            Self::Device => "urn:ietf:params:oauth:grant-type:device_code",
            Self::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
            Self::Implicit => "implicit",
            Self::ClientCredentials => "client_credentials",
            Self::InteractionCode => "interaction_code",
            Self::Password => "password",
            Self::SamlAssertion => "urn:ietf:params:oauth:grant-type:saml2-bearer",
        }
    }
}

impl ClientSecret {
    /// A secret that works.
    pub fn active(value: &str) -> Self {
        Self { value: value.to_owned(), is_active: true }
    }

    /// A secret that an admin has deactivated.
    pub fn inactive(value: &str) -> Self {
        Self { value: value.to_owned(), is_active: false }
    }
}
