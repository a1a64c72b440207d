//! What an org is made of: its applications, its people, its authorization servers and its lifetimes. Plain data with
//! public fields; nothing here knows about HTTP or keeps state.

use std::time::Duration;

use crate::people::{self, Person};

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
    /// What the sign-in page calls the org.
    pub name: String,
    /// The applications.
    pub clients: Vec<App>,
    /// Who can sign in.
    pub people: Vec<Person>,
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
    /// Whether to print a line per request on stderr. Names of parameters only, never their values.
    pub log_requests: bool,
}

/// A native application without client authentication.
#[derive(Clone, Debug)]
pub struct App {
    /// Its client ID.
    pub client_id: String,
    /// The *Sign-in redirect URIs*, compared to the letter, port included.
    pub redirect_uris: Vec<String>,
    /// The *Sign-out redirect URIs*, compared to the letter.
    pub post_logout_redirect_uris: Vec<String>,
    /// The grant types that are ticked.
    pub grant_types: Vec<GrantType>,
    /// What happens to a refresh token that is used.
    pub refresh: Rotation,
}

/// A grant type that an [`App`] may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantType {
    /// `authorization_code`
    Code,
    /// `refresh_token`
    Refresh,
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

/// A custom authorization server.
#[derive(Clone, Debug)]
pub struct CustomServer {
    /// The part of its issuer after `/oauth2/`.
    pub id: String,
    /// The `aud` of its access tokens.
    pub audience: String,
    /// The scopes it has beside those of OpenID Connect. `groups` is not one of those.
    pub scopes: Vec<String>,
}

/// Where the groups of a person are told, if the scope `groups` was granted. The org server never puts them into its
/// access tokens.
#[derive(Clone, Debug)]
pub struct GroupsIn {
    /// In ID tokens and userinfo.
    pub id_token: bool,
    /// In the access tokens of custom servers.
    pub access_token: bool,
    /// The name of the claim, an admin's choice.
    pub claim: String,
}

impl Default for Org {
    /// One application, four people, the servers `default` and `aus4kd81demo`, Okta's default lifetimes.
    fn default() -> Self {
        let server = |id: &str, audience: &str| CustomServer {
            id: id.to_owned(),
            audience: audience.to_owned(),
            scopes: vec!["groups".to_owned()],
        };
        Self {
            port: 0,
            public_origin: None,
            name: "Demo org".to_owned(),
            clients: vec![App::default()],
            people: people::demo_people(),
            servers: vec![server("default", "api://default"), server("aus4kd81demo", "https://api.acme.example")],
            access_token_lifetime: Duration::from_secs(3600),
            id_token_lifetime: Duration::from_secs(3600),
            refresh_idle_lifetime: Some(Duration::from_secs(7 * 24 * 3600)),
            refresh_absolute_lifetime: None,
            groups_in: GroupsIn { id_token: true, access_token: true, claim: "groups".to_owned() },
            auto_sign_in: None,
            metadata_issuer: None,
            log_requests: false,
        }
    }
}

impl Default for App {
    /// The demo's application: both grants, rotation with Okta's default grace of 30 seconds.
    fn default() -> Self {
        let owned = |uris: [&str; 2]| uris.map(str::to_owned).to_vec();
        Self {
            client_id: DEMO_CLIENT_ID.to_owned(),
            redirect_uris: owned(["http://localhost:27097/redirect", "http://localhost:8585/callback"]),
            post_logout_redirect_uris: owned(["http://localhost:27097/signed-out", "http://localhost:8585/signed-out"]),
            grant_types: vec![GrantType::Code, GrantType::Refresh],
            refresh: Rotation::Rotate { grace: Duration::from_secs(30) },
        }
    }
}

impl GrantType {
    /// As the wire spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "authorization_code",
            Self::Refresh => "refresh_token",
        }
    }
}

impl Org {
    /// The application with this client ID.
    pub(crate) fn client(&self, client_id: &str) -> Option<&App> {
        self.clients.iter().find(|app| app.client_id == client_id)
    }

    /// The person with this [`Person::id`].
    pub(crate) fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }
}
