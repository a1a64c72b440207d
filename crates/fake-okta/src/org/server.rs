//! A custom authorization server, as the tabs of *Security > API > Authorization Servers* have it: *Settings*,
//! *Scopes*, *Claims*, *Access Policies*.

use std::time::Duration;

use serde_json::Value;

use crate::org::GrantType;
use crate::people::Person;

/// A custom authorization server.
#[derive(Clone, Debug)]
pub struct CustomServer {
    /// The part of its issuer after `/oauth2/`.
    pub id: String,
    /// The `aud` of its access tokens.
    pub audience: String,
    /// What it calls itself.
    pub issuer_mode: IssuerMode,
    /// The scopes it has beside those of OpenID Connect. `groups` is not one of those.
    pub scopes: Vec<Scope>,
    /// Its claims. `None`: the one that [`crate::GroupsIn`] describes.
    pub claims: Option<Vec<Claim>>,
    /// *Trusted servers*: the ids of those whose access tokens can be exchanged here.
    pub trusted_servers: Vec<String>,
    /// Who may have what, the first that matches first. None at all refuses everything, as the `default` server of an
    /// *Integrator Free Plan* org does.
    pub policies: Vec<AccessPolicy>,
}

/// Which of an org's two addresses an authorization server calls itself by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerMode {
    /// *Okta URL*
    OktaUrl,
    /// *Custom URL*: the custom domain, if the org has one.
    CustomUrl,
    /// *Dynamic*: the one that the authorization request went to.
    Dynamic,
}

/// A scope on the tab *Scopes*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Its name.
    pub name: String,
    /// *Set as a default scope*: granted to whoever asks for none.
    pub is_default: bool,
    /// *Include in public metadata*
    pub is_published: bool,
    /// *User consent*
    pub consent: ScopeConsent,
}

/// Whether a person must consent to a [`Scope`]. Counts only where the application or the request asks for consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeConsent {
    /// *Implicit*: no.
    Implicit,
    /// *Required*: to the scope or to nothing.
    Required,
    /// *Optional*: the person may leave the scope out.
    Optional,
}

/// A claim on the tab *Claims*.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Its name.
    pub name: String,
    /// *Include in token type*
    pub token: ClaimToken,
    /// *Value type* and *Value*
    pub value: ClaimValue,
    /// Not *Disable claim*.
    pub is_enabled: bool,
    /// *Include in*: these scopes, one of which is enough; with none of them *Any scope*.
    pub scopes: Vec<String>,
}

/// The token that a [`Claim`] is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimToken {
    /// *Access Token*
    Access,
    /// *ID Token, Always*
    Id,
    /// *ID Token, Userinfo / id_token request*: with an access token beside the ID token, in userinfo alone.
    Userinfo,
}

/// What a [`Claim`] says.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimValue {
    /// *Groups*: the names of those that match.
    Groups(GroupFilter),
    /// An expression that yields the ids of the first hundred that match, as `getFilteredGroups` does.
    GroupIds(GroupFilter),
    /// An expression that yields this.
    Fixed(Value),
    /// An expression that cannot be evaluated.
    Broken,
}

/// The *Filter* of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupFilter {
    /// *Starts with*, whatever the case.
    StartsWith(String),
    /// *Equals*, whatever the case.
    Equals(String),
    /// *Contains*, whatever the case.
    Contains(String),
    /// *Matches regex*, of the whole name. Of all patterns only `.*` is understood; everything else is for itself.
    Regex(String),
}

/// A policy on the tab *Access Policies*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPolicy {
    /// *Assign to*: these client IDs, or `None` for *All clients*.
    pub clients: Option<Vec<String>>,
    /// Its rules, the first that matches first.
    pub rules: Vec<Rule>,
}

/// A rule of an [`AccessPolicy`]. It only allows: what no rule matches is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// *IF Grant type is*. Refreshes follow the grant type of the sign-in.
    pub grant_types: Vec<GrantType>,
    /// *AND User is*
    pub users: RuleUsers,
    /// *AND Scopes requested*: all among these, or `None` for *Any scopes*.
    pub scopes: Option<Vec<String>>,
    /// The lifetimes of tokens. `None`: those of the [`crate::Org`].
    pub lifetimes: Option<Lifetimes>,
}

/// Whom a [`Rule`] is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleUsers {
    /// *Any user assigned the app*
    AnyAssigned,
    /// *Assigned the app and a member of one of the following*: these groups.
    InGroups(Vec<String>),
    /// The same: these people, by [`Person::id`].
    These(Vec<String>),
}

/// How long tokens live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// *Access token lifetime is*
    pub access_token: Duration,
    /// *Refresh token lifetime is*. `None`: *Unlimited*.
    pub refresh_token: Option<Duration>,
    /// *but will expire if not used every*. `None`: never.
    pub refresh_idle: Option<Duration>,
}

impl Default for CustomServer {
    /// The server `default`, with the scope `groups` and a policy that allows everything.
    fn default() -> Self {
        Self {
            id: "default".to_owned(),
            audience: "api://default".to_owned(),
            issuer_mode: IssuerMode::OktaUrl,
            scopes: vec![Scope::named("groups")],
            claims: None,
            trusted_servers: Vec::new(),
            policies: vec![AccessPolicy::default()],
        }
    }
}

impl Default for AccessPolicy {
    /// All clients, and the default rule.
    fn default() -> Self {
        Self { clients: None, rules: vec![Rule::default()] }
    }
}

impl Default for Rule {
    /// Everything to everyone who may use the application.
    fn default() -> Self {
        Self {
            grant_types: vec![GrantType::Code, GrantType::Device, GrantType::TokenExchange],
            users: RuleUsers::AnyAssigned,
            scopes: None,
            lifetimes: None,
        }
    }
}

impl CustomServer {
    /// Why the console would not save these settings.
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        let claims = self.claims.iter().flatten();
        let is_understood = claims.filter_map(|claim| claim.value.filter()).all(GroupFilter::is_understood);
        (!is_understood).then_some("of all patterns only .* is understood")
    }
}

impl ClaimValue {
    fn filter(&self) -> Option<&GroupFilter> {
        match self {
            Self::Groups(filter) | Self::GroupIds(filter) => Some(filter),
            Self::Fixed(_) | Self::Broken => None,
        }
    }
}

impl Scope {
    /// A scope with the settings that the console begins with.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), is_default: false, is_published: false, consent: ScopeConsent::Implicit }
    }
}

impl Claim {
    /// A claim about groups with the settings that the console begins with: enabled, in any scope.
    pub fn groups(name: &str, token: ClaimToken, filter: GroupFilter) -> Self {
        let value = ClaimValue::Groups(filter);
        Self { name: name.to_owned(), token, value, is_enabled: true, scopes: Vec::new() }
    }

    /// Whether it is in a token with these scopes.
    pub(crate) fn is_for(&self, scopes: &[String]) -> bool {
        self.is_enabled && (self.scopes.is_empty() || self.scopes.iter().any(|scope| scopes.contains(scope)))
    }
}

impl GroupFilter {
    /// `.*`
    pub fn all() -> Self {
        Self::Regex(".*".to_owned())
    }

    /// The groups of a person that match, by name.
    pub(crate) fn matching<'a>(&self, person: &'a Person) -> impl Iterator<Item = &'a String> {
        person.groups.iter().filter(|group| self.matches(group))
    }

    pub(crate) fn is_understood(&self) -> bool {
        match self {
            Self::Regex(pattern) => !pattern.replace(".*", "").contains(|c| r"\^$.|?*+()[]{}".contains(c)),
            Self::StartsWith(_) | Self::Equals(_) | Self::Contains(_) => true,
        }
    }

    fn matches(&self, group: &str) -> bool {
        let lower = group.to_lowercase();
        match self {
            Self::StartsWith(start) => lower.starts_with(&start.to_lowercase()),
            Self::Equals(name) => lower == name.to_lowercase(),
            Self::Contains(part) => lower.contains(&part.to_lowercase()),
            Self::Regex(pattern) => matches_pattern(group, pattern),
        }
    }
}

/// Whether `text` is the parts of `pattern` between its `.*`, with anything in their place.
fn matches_pattern(text: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once(".*") else { return text == pattern };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split(".*").collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match text.split_once(part) {
            Some((_, after)) => text = after,
            None => return false,
        }
    }
    text.ends_with(end)
}

impl RuleUsers {
    fn contain(&self, person: &Person) -> bool {
        match self {
            Self::AnyAssigned => true,
            Self::InGroups(groups) => person.groups.iter().any(|group| groups.contains(group)),
            Self::These(people) => people.contains(&person.id),
        }
    }
}

impl AccessPolicy {
    /// The first rule that allows this, if one does.
    pub(crate) fn rule(
        &self,
        client_id: &str,
        person: &Person,
        grant_type: GrantType,
        scopes: &[String],
    ) -> Option<&Rule> {
        let is_assigned = self.clients.as_ref().is_none_or(|clients| clients.iter().any(|it| it == client_id));
        let mut rules = self.rules.iter().filter(|_| is_assigned);
        rules.find(|rule| {
            rule.grant_types.contains(&grant_type)
                && rule.users.contain(person)
                && rule.scopes.as_ref().is_none_or(|allowed| scopes.iter().all(|scope| allowed.contains(scope)))
        })
    }
}
