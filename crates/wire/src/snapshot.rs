//! All that a frontend may know. A snapshot is complete: any one of them is enough to draw from, and a frontend that
//! missed others has lost nothing.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Language, Problem, ProfileOptions};

/// An instant in milliseconds since the Unix epoch, UTC, by the resident's corrected clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "number"))]
#[serde(transparent)]
pub struct Millis(pub i64);

/// A new snapshot, and why there is one. The cause is for people and logs; the snapshot is for code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Change {
    /// Rises with every change in the life of one resident.
    #[cfg_attr(test, ts(type = "number"))]
    pub revision: u64,
    /// What happened.
    pub cause: Cause,
    /// What is true now.
    pub snapshot: Snapshot,
}

/// Why there is a new snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Nothing happened: a subscriber's first message is the present.
    Present,
    /// A sign-in began, moved on or was cancelled.
    SignIn,
    /// A sign-in ended well.
    SignedIn,
    /// A sign-in failed.
    SignInFailed,
    /// A renewal began.
    Renewing,
    /// A renewal ended well.
    Renewed,
    /// A renewal failed, and the session goes on.
    Setback,
    /// A session ended.
    Ended,
    /// The person signed out.
    SignedOut,
    /// Profiles were added, changed or removed.
    Profiles,
    /// Something else that is drawn: a problem dismissed, the tray found, the keyring back.
    Other,
}

/// All that frontends may know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Snapshot {
    /// In the person's order.
    pub profiles: Vec<Arc<Profile>>,
    /// The program that keeps the sessions.
    pub resident: Resident,
    /// What is wrong with the program itself rather than with one profile (the profiles file cannot be read, say).
    pub problem: Option<Problem>,
    /// A profile that a link brought, until the person has looked at it. Nothing of it was sent or stored.
    #[serde(default)]
    pub offered: Option<crate::ProfileDraft>,
    /// The id of the profile that Okta asks to be signed in to (OIDC Core section 4), until the person has answered. Nothing
    /// was begun.
    #[serde(default)]
    pub invited: Option<String>,
    /// What the person has set.
    #[serde(default)]
    pub settings: crate::Settings,
    /// What is wrong with the settings: with the file that they are in, or with the browser that they name.
    #[serde(default)]
    pub settings_problem: Option<Problem>,
}

/// The resident, as far as a person cares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Resident {
    /// Its version.
    pub version: String,
    /// Whether its icon stands in a tray. Where there is none, the window says how Gatepass goes on.
    pub in_tray: bool,
    /// The language of all its texts: of problems, and of what it says of a draft.
    #[serde(default)]
    pub language: Language,
}

/// One profile and how it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Profile {
    /// Stable over edits and restarts.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// The issuer, to the letter.
    pub issuer: String,
    /// Host of the issuer, with port where there is one.
    pub host: String,
    /// The client ID.
    pub client_id: String,
    /// The scopes it asks for.
    pub scopes: Vec<String>,
    /// Its redirect URIs, in the order they are tried.
    pub redirect_uris: Vec<String>,
    /// What its Okta app wants beside the usual.
    pub options: ProfileOptions,
    /// The name of the claim in which its groups are looked for.
    pub groups_claim: String,
    /// For whom else access tokens can be had out of its session.
    #[serde(default)]
    pub audiences: Vec<String>,
    /// Whether a code can be entered on another device (RFC 8628): not where its server is known to give none.
    pub device_sign_in: bool,
    /// Whether its issuer is on loopback, where plain http is allowed: to be labelled *demo*.
    pub demo: bool,
    /// The one of the six states.
    pub status: Status,
    /// Whether the keyring is being asked for a session and has not answered yet, with [`Status::SignedOut`]: not known to
    /// be signed out, and nobody is to be urged to sign in.
    pub reading: bool,
    /// Set where what is held would not survive a restart: why ("until you quit").
    pub memory_only: Option<Problem>,
    /// The session. Present with [`Status::SignedIn`], [`Status::Renewing`], [`Status::Offline`], [`Status::Blocked`],
    /// and while somebody signs in again over a session that goes on working.
    pub session: Option<Session>,
    /// The sign-in that is under way.
    pub attempt: Option<Attempt>,
    /// Somebody else signed in than before: nothing is changed until the person answers.
    pub other_person: Option<OtherPerson>,
    /// What went wrong last and still matters; what ended the session with [`Status::SignInNeeded`].
    pub problem: Option<Problem>,
    /// When the session ended, with [`Status::SignInNeeded`].
    pub ended_at: Option<Millis>,
}

/// The six states for people. Each has its own shape and word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Signed in; renews by itself where there is a refresh token.
    SignedIn,
    /// A renewal is under way.
    Renewing,
    /// Renewal does not work just now, for a reason that passes; also after a restart without a network.
    Offline,
    /// Renewal is refused for a reason that only an admin can lift.
    Blocked,
    /// The session ended without the person wanting it.
    SignInNeeded,
    /// Nobody is signed in.
    SignedOut,
}

/// A profile that is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Session {
    /// Who signed in.
    pub person: Person,
    /// When the access token in hand ends; `None` while there is none (restored, not renewed yet) or it has no end.
    pub expires_at: Option<Millis>,
    /// How long that access token lives in all, in milliseconds.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub lifetime_ms: Option<u64>,
    /// When it will be renewed; `None` where there is no refresh token or the time is not set.
    pub refresh_at: Option<Millis>,
    /// When renewal is tried again after a setback.
    pub retry_at: Option<Millis>,
    /// The end of the session that no renewal puts off, where it is known.
    pub ends_at: Option<Millis>,
    /// Whether there is a refresh token. Without one the session ends with its access token.
    pub renewable: bool,
    /// The person's groups.
    pub groups: Groups,
    /// What is in the tokens.
    pub tokens: Tokens,
}

/// A person, as the ID token names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Person {
    /// Name, or the next best that is known.
    pub name: String,
    /// E-mail address or user name, where it is known and is not the name already.
    pub email: Option<String>,
}

/// The person's groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Groups {
    /// Their names, in the server's order. Empty where the person has none or no token names any.
    pub names: Vec<String>,
    /// The IDs by which Okta knows them, in the same order; empty where names are all that is told.
    #[serde(default)]
    pub ids: Vec<String>,
    /// Where they were read.
    pub source: GroupsSource,
    /// Those of `names` that the person is in since `since`.
    #[serde(default)]
    pub added: Vec<String>,
    /// Groups that the person is in no longer, since `since`. They are not among `names`.
    #[serde(default)]
    pub left: Vec<String>,
    /// From when on `added` and `left` count; `None` where nothing is known to compare with.
    #[serde(default)]
    pub since: Option<Millis>,
}

/// Where groups were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum GroupsSource {
    /// The claim of the ID token.
    IdToken,
    /// The claim of the access token.
    AccessToken,
    /// The claim in what the UserInfo endpoint says.
    UserInfo,
    /// Okta's API.
    OktaApi,
    /// There is no such claim where it was looked for.
    NoClaim,
    /// Okta's API does not tell them to this person.
    ApiRefused,
    /// Okta's API does not take the admin's API token, or does not tell them to that admin.
    ApiTokenRefused,
    /// Whoever was asked gave no answer that can be used.
    NoAnswer,
    /// Okta's API is to be asked with an admin's API token, and there is none.
    NoApiToken,
    /// The keyring does not say what there is to ask with.
    KeyringSilent,
    /// They are being asked for.
    Asking,
    /// There is nothing to look in or to ask with yet: the session was restored and not renewed since.
    NotYet,
}

/// What is in the tokens. The tokens themselves are not here and cannot be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Tokens {
    /// Whether the access token is bound to a key (RFC 9449): alone it is useless elsewhere.
    pub is_bound: bool,
    /// The access token; `None` while there is none.
    pub access: Option<AccessTokenView>,
    /// The ID token; `None` after a restart until the next one comes.
    pub id: Option<VerifiedClaims>,
    /// The scopes that were granted.
    pub granted_scopes: Vec<String>,
    /// How long the access token is, in bytes, where that is known.
    #[serde(default)]
    pub access_size: Option<u32>,
    /// How long the ID token is, in bytes, where that is known.
    #[serde(default)]
    pub id_size: Option<u32>,
}

/// What may be said of an access token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AccessTokenView {
    /// An org authorization server's: for Okta alone, and not looked into.
    OrgServer,
    /// Not a JWT.
    NotJwt,
    /// A JWT that the issuer's keys do not verify: nothing in it is shown.
    Unverified,
    /// Claims whose signature was verified.
    Verified(VerifiedClaims),
}

/// Verified claims of one token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct VerifiedClaims {
    /// In the order a person reads them: who issued it, for whom, until when, then the rest by name.
    pub claims: Vec<Claim>,
    /// What verified them.
    pub signature: Signature,
}

/// The signature that was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Signature {
    /// `alg`.
    pub algorithm: String,
    /// `kid`, where the key has one.
    pub key_id: Option<String>,
}

/// One claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Claim {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: ClaimValue,
}

/// The value of a claim, by how it is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", content = "value", rename_all = "kebab-case")]
pub enum ClaimValue {
    /// Text, at most 1,000 characters of it.
    Text(String),
    /// A NumericDate (RFC 7519 section 2).
    Instant(Millis),
    /// A short list of texts.
    List(Vec<String>),
    /// A list too long to repeat here: how many entries. The groups themselves are in [`Session::groups`].
    Count(u32),
    /// Anything else, as JSON text, at most 1,000 characters of it.
    Json(String),
}

/// A sign-in that is under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Attempt {
    /// How far it is.
    pub stage: AttemptStage,
    /// Where it listens for the redirect, or the private-use URI it waits for. `None` until that is known.
    pub redirect_uri: Option<String>,
    /// What is entered on another device, with [`AttemptStage::OnOtherDevice`].
    pub code: Option<DeviceCode>,
    /// When it is given up.
    pub ends_at: Millis,
}

/// A code that is entered on another device (RFC 8628).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeviceCode {
    /// As it is entered.
    pub user_code: String,
    /// Where, as it is typed into a browser: https on the issuer's host.
    pub address: String,
    /// The address with the code in it, for a picture that a phone reads.
    pub address_with_code: Option<String>,
}

/// How far a sign-in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum AttemptStage {
    /// Asking the issuer for its metadata, opening the listener.
    Preparing,
    /// The browser was started and has not asked for its page yet.
    OpeningBrowser,
    /// No browser asked within 15 seconds: offer the link.
    BrowserNotSeen,
    /// The browser has the page; the person is busy there.
    InBrowser,
    /// A code is shown; the person enters it on another device.
    OnOtherDevice,
    /// The redirect came; the code is being exchanged.
    Exchanging,
    /// The session is being stored in the keyring. It cannot be cancelled any more.
    Storing,
}

/// Somebody else signed in than the profile's session belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OtherPerson {
    /// Whose session goes on until the answer.
    pub was: Person,
    /// Who signed in just now.
    pub now: Person,
}
