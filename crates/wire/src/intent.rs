//! All that a frontend may ask for.

use serde::{Deserialize, Serialize};

use crate::{Kept, Settings};

/// Something that a person wants. The resident decides whether and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "intent", rename_all = "kebab-case")]
pub enum Intent {
    /// Open the browser at Okta's sign-in page; bring the page back if an attempt is under way already.
    SignIn {
        /// Which profile.
        profile: String,
        /// Have Okta ask who it is even where the browser still has an Okta session (`prompt=login`).
        as_someone_else: bool,
        /// Show a code to be entered on another device in place of opening the browser (RFC 8628).
        #[serde(default)]
        with_code: bool,
    },
    /// Give up the attempt that is under way. Its port closes at once.
    CancelSignIn {
        /// Which profile.
        profile: String,
    },
    /// Copy the local link that leads to the sign-in page.
    CopySignInLink {
        /// Which profile.
        profile: String,
    },
    /// Answer [`OtherPerson`](crate::OtherPerson).
    AnswerOtherPerson {
        /// Which profile.
        profile: String,
        /// Replace the old session, whose refresh token is then revoked; otherwise the new one is.
        replace: bool,
    },
    /// Renew now.
    Refresh {
        /// Which profile.
        profile: String,
    },
    /// Revoke and forget.
    SignOut {
        /// Which profile.
        profile: String,
        /// Have the browser end the Okta session, too.
        #[serde(default)]
        in_browser: bool,
    },
    /// Put the access token on the clipboard, renewed first if it has too little life left.
    CopyAccessToken {
        /// Which profile.
        profile: String,
    },
    /// Put an access token for one of the profile's further audiences on the clipboard, in exchange for that of the session
    /// (RFC 8693).
    CopyTokenFor {
        /// Which profile.
        profile: String,
        /// As it stands in [`Profile::audiences`](crate::Profile::audiences).
        audience: String,
    },
    /// Put a token on the clipboard in the shape that the place needs where it is pasted. The access token is renewed first
    /// if it has too little life left.
    Copy {
        /// Which profile.
        profile: String,
        /// Which token, in which shape.
        what: CopyFormat,
    },
    /// Put the name or the ID of one group on the clipboard.
    CopyGroup {
        /// Which profile.
        profile: String,
        /// The name or ID, as it stands in [`Groups`](crate::Groups).
        group: String,
    },
    /// Put the group names on the clipboard, one a line.
    CopyGroups {
        /// Which profile.
        profile: String,
    },
    /// Put the redirect URI on the clipboard that must be registered at Okta.
    CopyRedirectUri {
        /// Which profile.
        profile: String,
    },
    /// Put the [note for an admin](crate::Problem::note) about the profile's problem on the clipboard.
    CopyNoteForAdmin {
        /// Which profile.
        profile: String,
    },
    /// Ask the authorization server why the sign-in did not finish, where it can be asked
    /// ([`Problem::inquiry`](crate::Problem::inquiry)): it is handed the same request without a browser. It may leave a
    /// trace in the admin's System
    /// Log, so it is asked on the person's wish alone. What it says takes the place of the problem.
    FindOut {
        /// Which profile.
        profile: String,
    },
    /// Put the problem away.
    DismissProblem {
        /// Which profile.
        profile: String,
    },
    /// Say what happened to a profile, and to the machine, as far as it is kept.
    Activity {
        /// Which profile.
        profile: String,
    },
    /// Say what is right and wrong about a profile before it is added: discovers the issuer where it is a whole https
    /// address. No client ID is sent.
    CheckProfile {
        /// As typed so far.
        draft: ProfileDraft,
    },
    /// Add a profile. The person has seen the issuer's host in a [`ProfileReport`](crate::ProfileReport) and confirmed it.
    AddProfile {
        /// As typed.
        draft: ProfileDraft,
    },
    /// Change a profile. Another issuer or client ID signs its session out first; that is done only if the person has
    /// agreed to it, and answered [`SignsOut`](crate::Answer::SignsOut) otherwise.
    EditProfile {
        /// Which profile.
        profile: String,
        /// All of it, as typed. The person has seen a new issuer's host in a [`ProfileReport`](crate::ProfileReport) and confirmed it.
        draft: ProfileDraft,
        /// Whether the person has agreed to be signed out.
        may_sign_out: bool,
    },
    /// Add a profile that is like another. Its session is not copied.
    DuplicateProfile {
        /// Which profile.
        profile: String,
        /// What to call the new one.
        name: String,
    },
    /// Move a profile by one place in the list.
    MoveProfile {
        /// Which profile.
        profile: String,
        /// Towards the first; otherwise towards the last.
        up: bool,
    },
    /// Sign out and revoke, then take the profile out of the profiles file. The person has confirmed it.
    RemoveProfile {
        /// Which profile.
        profile: String,
    },
    /// Say what the profile's client has to prove itself with; no secret is told.
    ClientKeys {
        /// Which profile.
        profile: String,
    },
    /// Take the client secret from the clipboard, where the person has copied it from Okta's console: so it never comes into
    /// the page. The clipboard is then emptied. The secret before it stays until this one was seen to work.
    TakeClientSecret {
        /// Which profile.
        profile: String,
    },
    /// Take an admin's API token from the clipboard in the same way, to ask Okta's API for the person's groups with. The
    /// person has read what that means, and insists.
    TakeApiToken {
        /// Which profile.
        profile: String,
    },
    /// Forget the API token.
    ForgetApiToken {
        /// Which profile.
        profile: String,
    },
    /// Make a key pair for the profile's client, the one before it staying until this one was seen to work.
    MakeClientKey {
        /// Which profile.
        profile: String,
    },
    /// Put the public half of a key on the clipboard, as the JWK that an admin pastes into Okta's console.
    CopyPublicKey {
        /// Which profile.
        profile: String,
        /// Which key, by its `kid`.
        key: String,
    },
    /// Put a command on the clipboard that calls an address with the access token, and with a proof where the token is
    /// bound to a key (RFC 9449). The proof is good for this method and address, once, for five minutes.
    CopyCurl {
        /// Which profile.
        profile: String,
        /// In capitals, such as `GET`.
        method: String,
        /// `https`, or `http` on loopback.
        url: String,
    },
    /// Put the code of the sign-in on another device on the clipboard.
    CopyCode {
        /// Which profile.
        profile: String,
    },
    /// Put the profile on the clipboard for somebody else to import. Nothing in it is secret.
    CopyProfile {
        /// Which profile.
        profile: String,
        /// As a link that opens Gatepass; otherwise as text for the profiles file.
        as_link: bool,
    },
    /// Save the profile as a file for somebody else to import, among the downloads. Nothing in it is secret, and no file
    /// is written over.
    SaveProfile {
        /// Which profile.
        profile: String,
    },
    /// Read a profile that somebody wrote: a link or text of [`CopyProfile`](Intent::CopyProfile). Nothing is sent or
    /// stored; the answer is a draft for the person to look at.
    ReadProfile {
        /// As pasted.
        text: String,
    },
    /// Put away the profile that a link brought: the person has it in the form, or does not want it. Another one, that
    /// came since, stays.
    TakeOffered {
        /// As it was offered.
        draft: ProfileDraft,
    },
    /// Answer [`Snapshot::invited`](crate::Snapshot::invited).
    AnswerInvitation {
        /// The profile that was asked about; an answer about another one is for nobody.
        profile: String,
        /// Begin a sign-in of ours; otherwise put the question away.
        accept: bool,
    },
    /// Set everything anew. It counts at once.
    ChangeSettings {
        /// All of them.
        settings: Settings,
    },
    /// Say where things are kept.
    Places,
    /// Put the place where something is kept on the clipboard.
    CopyPlace {
        /// Of what.
        of: Kept,
    },
    /// Put on the clipboard what helps to find a mistake: versions, system, states, recent activity. No secret and no
    /// e-mail address is in it.
    CopyDiagnostics {
        /// With the names of profiles, hosts, client IDs and paths.
        with_names: bool,
    },
    /// Hand over what the system's link handler received by a private-use scheme (RFC 8252 section 7.1).
    DeliverRedirect {
        /// The whole address.
        redirect: DeliveredRedirect,
    },
    /// Bring the window forward, or open it.
    ShowWindow,
    /// End the resident, and with it the window.
    Quit,
}

/// An address with an authorization code in it: not to be logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct DeliveredRedirect(pub String);

impl std::fmt::Debug for DeliveredRedirect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeliveredRedirect([redacted])")
    }
}

/// A profile as typed. Nothing in it is checked yet.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProfileDraft {
    /// Empty: a name is made from the issuer.
    pub name: String,
    /// Issuer, or anything that [`CheckProfile`](Intent::CheckProfile) can read one from.
    pub issuer: String,
    /// Client ID.
    pub client_id: String,
    /// Redirect URIs, separated by spaces, in the order they are tried. Empty: the default.
    pub redirect_uri: String,
    /// Scopes, separated by spaces. Empty: the default of the issuer's kind.
    #[serde(default)]
    pub scopes: String,
    /// What the Okta app wants beside the usual.
    #[serde(default)]
    pub options: ProfileOptions,
}

/// What an Okta app can want beside the usual, by the names of the profiles file. What is empty, or false, is as it is by
/// default.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct ProfileOptions {
    /// `none`, `client_secret_basic`, `client_secret_post` or `private_key_jwt`.
    pub client_authentication: String,
    /// Whether tokens are bound to a key (RFC 9449).
    pub dpop: bool,
    /// `query` or `form_post`.
    pub response_mode: String,
    /// `login`, `consent` or `login consent`.
    pub prompt: String,
    /// Space-separated.
    pub acr_values: String,
    /// Seconds, in digits.
    pub max_age: String,
    /// Whether the request is pushed (RFC 9126).
    pub push: bool,
    /// Whether a click first tries without a page.
    pub silent_first: bool,
    /// The id of the profile out of whose session a click first tries to sign in.
    pub sign_in_with: String,
    /// The name of the groups claim.
    pub groups_claim: String,
    /// `tokens`, `id_token`, `access_token`, `userinfo`, `okta_api` or `okta_api_token`.
    pub groups_from: String,
    /// One a line: issuer, audience and scopes, separated by spaces.
    pub further_audiences: String,
}

/// The shapes that a token is copied in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum CopyFormat {
    /// The access token alone.
    Token,
    /// The line of an HTTP request that carries the access token (RFC 6750 section 2.1).
    AuthorizationHeader,
    /// A command that asks the issuer's UserInfo endpoint with the access token.
    Curl,
    /// A line for a shell that puts the access token into `ACCESS_TOKEN`.
    Export,
    /// The access token, its type, life and scopes, by the names of RFC 6749 section 5.1.
    Json,
    /// The ID token alone.
    IdToken,
}
