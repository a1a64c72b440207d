//! Who can sign in to the demo's org. Each of them is there because a program is likely to get something about them
//! wrong: many groups, none, far too many, a name that is written from right to left.

use crate::jwt::digest;

/// Someone who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// A short handle, for tests and for the ids of buttons. Okta has no such thing.
    pub id: String,
    /// The `sub` of ID tokens and userinfo; Okta's user id.
    pub subject: String,
    /// The name for display.
    pub name: String,
    /// The e-mail address, which is also the login.
    pub email: String,
    /// The names of their groups.
    pub groups: Vec<String>,
    /// Whether they can sign in at all.
    pub status: PersonStatus,
    /// Whether they have enrolled a second factor.
    pub has_second_factor: bool,
    /// Whether they are an administrator, as Okta's API demands of who asks it.
    pub has_admin_role: bool,
}

/// How things stand with someone who wants to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonStatus {
    /// *Active*
    Active,
    /// *Staged*: made by an admin and not activated.
    Staged,
    /// *Password expired*, or to be changed at the first sign-in.
    PasswordExpired,
}

impl PersonStatus {
    /// What a sign-in is refused with.
    pub(crate) fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Active => None,
            Self::Staged => Some("Login failed."),
            Self::PasswordExpired => Some("The user's password is expired."),
        }
    }
}

/// `robin` with 37 groups, `noor` with none, `sam` with 1,500 (past the 100 at which Okta refuses in every flow but
/// the code flow), and `yael`, whose name and one group of five are written from right to left.
pub fn demo_people() -> Vec<Person> {
    vec![
        person("robin", "Robin Calder", "robin.calder@acme.example", ROBINS_GROUPS.map(str::to_owned).to_vec()),
        person("noor", "Noor Haddad", "noor.haddad@acme.example", Vec::new()),
        person("sam", "Sam Okafor", "sam.okafor@acme.example", (1..=1500).map(|n| format!("project-{n:04}")).collect()),
        person("yael", "יעל בן־דוד", "yael.bendavid@acme.example", YAELS_GROUPS.map(str::to_owned).to_vec()),
    ]
}

/// The id of the group of this name.
pub fn group_id(name: &str) -> String {
    let hash = digest(name).replace(['-', '_'], "0");
    format!("00g{}", &hash[..17])
}

fn person(id: &str, name: &str, email: &str, groups: Vec<String>) -> Person {
    Person {
        id: id.to_owned(),
        subject: format!("00u{id:0<7}gatepass"),
        name: name.to_owned(),
        email: email.to_owned(),
        groups,
        status: PersonStatus::Active,
        has_second_factor: true,
        has_admin_role: false,
    }
}

const YAELS_GROUPS: [&str; 5] = ["Everyone", "design-systems", "צוות עיצוב", "brand-reviewers", "office-tel-aviv"];

const ROBINS_GROUPS: [&str; 37] = [
    "Everyone",
    "platform-engineers",
    "data-readers",
    "data-writers",
    "oncall-primary",
    "oncall-secondary",
    "kubernetes-admins",
    "kubernetes-developers",
    "staging-deployers",
    "production-deployers",
    "production-readers",
    "terraform-planners",
    "terraform-appliers",
    "vault-operators",
    "incident-commanders",
    "postmortem-reviewers",
    "security-champions",
    "sso-administrators",
    "vpn-users",
    "github-acme",
    "github-acme-platform",
    "ci-maintainers",
    "artifact-publishers",
    "observability-editors",
    "observability-viewers",
    "feature-flag-editors",
    "warehouse-analysts",
    "billing-readers",
    "cost-reviewers",
    "support-escalation",
    "customer-data-restricted",
    "hiring-interviewers",
    "mentors",
    "book-club",
    "cycling",
    "office-lisbon",
    "employees-full-time",
];
