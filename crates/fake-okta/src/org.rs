//! What an org is made of: its applications, its people, its authorization servers and its lifetimes. Plain data with
//! public fields; nothing here knows about HTTP or keeps state. [`Org::mistake`] is what the console would say to an
//! admin who tried to save what cannot be.

use std::time::Duration;

use crate::people::{self, Person};

mod app;
mod server;

pub use app::{
    App, AppKind, Assignment, ClientAuthentication, ClientSecret, GrantType, GroupsClaim, Rotation, TileFlow,
};
pub use server::{
    AccessPolicy, Claim, ClaimToken, ClaimValue, CustomServer, GroupFilter, IssuerMode, Lifetimes, Rule, RuleUsers,
    Scope, ScopeConsent,
};

/// The client ID of the application that every default org has.
pub const DEMO_CLIENT_ID: &str = "0oademo1gatepass";

/// An Okta org as an admin would have set it up. Write `Org { port: 9080, ..Org::default() }`.
#[derive(Clone, Debug)]
pub struct Org {
    /// The port on 127.0.0.1; 0 for any free one. Read once, at the start.
    pub port: u16,
    /// What the server calls itself (`http://127.0.0.1:PORT`), where its clients reach it through something that stands
    /// in front of it. `None`: its own address. Read once, at the start.
    pub public_origin: Option<String>,
    /// The host of its custom domain, which must lead to 127.0.0.1: `localhost`.
    pub custom_domain: Option<String>,
    /// What the sign-in page calls the org.
    pub name: String,
    /// The applications.
    pub clients: Vec<App>,
    /// Who can sign in.
    pub people: Vec<Person>,
    /// The tokens on *Security > API > Tokens*.
    pub api_tokens: Vec<ApiToken>,
    /// Whether *API Access Management* is licensed, without which there are no custom servers to use.
    pub has_api_access_management: bool,
    /// The custom authorization servers. The org server is always there.
    pub servers: Vec<CustomServer>,
    /// How long access tokens live. Okta allows 5 minutes to a day; a fake allows anything.
    pub access_token_lifetime: Duration,
    /// How long ID tokens live.
    pub id_token_lifetime: Duration,
    /// A refresh token that is not used for so long dies. `None`: never.
    pub refresh_idle_lifetime: Option<Duration>,
    /// A refresh token and all its successors die so long after the sign-in. `None`: never.
    pub refresh_absolute_lifetime: Option<Duration>,
    /// Where the groups of a person are told.
    pub groups_in: GroupsIn,
    /// Whose sign-in to assume without showing the page, by [`Person::id`]: for a browser that is an HTTP client.
    pub auto_sign_in: Option<String>,
    /// Claimed as `issuer` by every metadata document, whatever was asked: an issuer mode that does not match.
    pub metadata_issuer: Option<String>,
    /// Whether authorization requests can be pushed (RFC 9126).
    pub par: Par,
    /// Whether a server gives out codes for other devices (RFC 8628). Okta's do; others are met that do not.
    pub has_device_authorization: bool,
    /// How often a device sign-in may be asked after: Okta's interval is five seconds.
    pub device_interval: Duration,
    /// Whether the answer to an authorization request has `iss` (RFC 9207), which Okta's has not.
    pub answers_with_issuer: bool,
    /// Whether to print a line per request on stderr. Names of parameters only, never their values.
    pub log_requests: bool,
}

/// Where the groups of a person are told, if the scope `groups` was granted, for every server and application that has
/// no claims of its own. The org server never puts them into its access tokens.
#[derive(Clone, Debug)]
pub struct GroupsIn {
    /// In ID tokens and userinfo.
    pub id_token: bool,
    /// In the access tokens of custom servers.
    pub access_token: bool,
    /// The name of the claim, an admin's choice.
    pub claim: String,
}

/// An API token, which carries the rights of the admin who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// What goes after `SSWS`.
    pub value: String,
    /// Who made it, by [`Person::id`].
    pub made_by: String,
    /// Not revoked, and used within the last 30 days.
    pub is_active: bool,
}

/// Whether authorization requests can be pushed (RFC 9126), and whether they must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Par {
    /// There is no such endpoint, as on Classic Engine.
    Absent,
    /// As an application likes.
    Offered,
    /// Others are refused.
    Required,
}

impl Default for Org {
    /// One application, four people, the servers `default` and `aus4kd81demo`, Okta's default lifetimes.
    fn default() -> Self {
        let acme = CustomServer {
            id: "aus4kd81demo".to_owned(),
            audience: "https://api.acme.example".to_owned(),
            ..CustomServer::default()
        };
        Self {
            port: 0,
            public_origin: None,
            custom_domain: None,
            name: "Demo org".to_owned(),
            clients: vec![App::default()],
            people: people::demo_people(),
            api_tokens: Vec::new(),
            has_api_access_management: true,
            servers: vec![CustomServer::default(), acme],
            access_token_lifetime: Duration::from_secs(3600),
            id_token_lifetime: Duration::from_secs(3600),
            refresh_idle_lifetime: Some(Duration::from_secs(7 * 24 * 3600)),
            refresh_absolute_lifetime: None,
            groups_in: GroupsIn { id_token: true, access_token: true, claim: "groups".to_owned() },
            auto_sign_in: None,
            metadata_issuer: None,
            par: Par::Absent,
            has_device_authorization: true,
            device_interval: Duration::from_secs(5),
            answers_with_issuer: false,
            log_requests: false,
        }
    }
}

impl Org {
    /// The application with this client ID.
    pub(crate) fn client(&self, client_id: &str) -> Option<&App> {
        self.clients.iter().find(|app| app.client_id == client_id)
    }

    /// What the console does not let an admin save, if there is any of it.
    pub(crate) fn mistake(&self) -> Option<String> {
        let apps = self.clients.iter().map(|app| (&app.client_id, app.mistake()));
        let servers = self.servers.iter().map(|server| (&server.id, server.mistake()));
        apps.chain(servers).find_map(|(name, mistake)| Some(format!("{name}: {}", mistake?)))
    }

    /// The person with this [`Person::id`].
    pub(crate) fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }
}
