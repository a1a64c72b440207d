//! What an intent is answered.

use serde::{Deserialize, Serialize};

use crate::{ActivityEntry, KeptAt, Millis, Problem, ProfileDraft};

/// The public half of a key pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PublicKey {
    /// Its name at Okta.
    pub kid: String,
    /// As a JWK (RFC 7517), over several lines.
    pub jwk: String,
}

/// What is right and wrong about a draft, field by field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProfileReport {
    /// About the issuer.
    pub issuer: FieldReport,
    /// About the client ID.
    pub client_id: FieldReport,
    /// About the redirect URI.
    pub redirect_uri: FieldReport,
    /// The issuer that would be used, where one was read and found.
    pub found_issuer: Option<String>,
    /// Its host, for the person to confirm.
    pub host: Option<String>,
}

/// About one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FieldReport {
    /// How it stands.
    pub status: FieldStatus,
    /// One sentence; empty where there is nothing to say.
    pub message: String,
}

/// How a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum FieldStatus {
    /// Nothing to say yet.
    Unknown,
    /// Good.
    Good,
    /// Usable, with something to know.
    Note,
    /// Not usable.
    Bad,
}

/// What an intent is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// It was done, or is under way and will show in the snapshots.
    Done,
    /// Something was copied.
    Copied(Receipt),
    /// What happened.
    Activity {
        /// Newest first. Bounded: the oldest are left out.
        entries: Vec<ActivityEntry>,
    },
    /// About a draft.
    Report(ProfileReport),
    /// A profile was added.
    Added {
        /// Its id.
        profile: String,
    },
    /// A file was written.
    Saved {
        /// Where it lies, as it may be drawn.
        path: String,
    },
    /// Nothing was done yet: it would sign the profile out. Ask the person, and send it again if they agree.
    SignsOut,
    /// A profile that was read, as if it had been typed.
    Draft(ProfileDraft),
    /// What a client has to prove itself with.
    ClientKeys {
        /// How many secrets there are: two while one takes the place of another.
        secrets: u32,
        /// The newest first: two while one takes the place of another.
        keys: Vec<PublicKey>,
        /// Whether there is an admin's API token.
        #[serde(default)]
        has_api_token: bool,
    },
    /// Where things are kept.
    Places {
        /// Each of them.
        places: Vec<KeptAt>,
    },
    /// It was not done.
    Refused(Problem),
}

/// What was copied, in place of the thing itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Receipt {
    /// What it was.
    pub what: CopiedThing,
    /// When it ends, where it has an end.
    pub expires_at: Option<Millis>,
    /// When the clipboard is cleared, if it is unchanged; `None` where it is left.
    pub clears_at: Option<Millis>,
}

/// Things that can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum CopiedThing {
    /// The access token.
    AccessToken,
    /// The list of groups.
    Groups,
    /// The link to the sign-in page.
    SignInLink,
    /// A redirect URI.
    RedirectUri,
    /// An access token for a further audience.
    ExchangedToken,
    /// The name of one group.
    Group,
    /// The ID of one group.
    GroupId,
    /// A profile as a link.
    ProfileLink,
    /// A profile as text for the profiles file.
    ProfileText,
    /// The access token as [`CopyFormat::AuthorizationHeader`](crate::CopyFormat::AuthorizationHeader).
    AuthorizationHeader,
    /// The access token as [`CopyFormat::Curl`](crate::CopyFormat::Curl).
    Curl,
    /// The access token as [`CopyFormat::Export`](crate::CopyFormat::Export).
    Export,
    /// The access token as [`CopyFormat::Json`](crate::CopyFormat::Json).
    Json,
    /// The ID token.
    IdToken,
    /// What helps to find a mistake.
    Diagnostics,
    /// Where something is kept.
    Place,
    /// The public half of a key.
    PublicKey,
    /// The code of a sign-in on another device.
    Code,
    /// A note for an Okta admin.
    AdminNote,
}
