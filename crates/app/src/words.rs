//! The resident's words for people, all of them: what stands in the window, the tray, a notice and the browser.
//!
//! What there is to say is a value, and each language says every one: a `match` that left one out would not compile.
//! What is put into a sentence is harmless text already ([`people_text`](crate::people_text)). Terms of OAuth, of OpenID
//! Connect and of Okta's console are the same in every language, since that is how people meet them there.

use gatepass_agent::VaultError;
use gatepass_agent::redirect::PageWords;
use gatepass_oidc::RedirectUri;
use gatepass_wire::Language;

use crate::language::spoken;

mod console;
mod de;
mod draft;
mod en;
mod mistake;
mod note;
mod shell;
#[cfg(test)]
mod tests;

pub(crate) use console::{Own, Place, own};
pub(crate) use draft::{Finding, finding};
pub(crate) use mistake::{mistake, mistakes, wrong};
pub(crate) use note::NoteWords;
pub use shell::{NoResident, ShellWords};
pub(crate) use shell::{Noticed, notice};

/// The texts of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// A few words, without a full stop.
    pub title: &'static str,
    /// What happened, in a sentence or two.
    pub detail: String,
    /// What can be done about it.
    pub advice: String,
}

fn told(title: &'static str, detail: impl Into<String>, advice: impl Into<String>) -> Texts {
    Texts { title, detail: detail.into(), advice: advice.into() }
}

/// Something went wrong. Hosts, names and addresses are what the sentences name.
#[derive(Clone, Copy)]
pub(crate) enum Matter<'a> {
    // A use case.
    CodeExpired,
    NoBoundKey,
    NoClientKey,
    NoClientSecret,
    ExchangeRefused,
    NoApiTokenOnClipboard,
    NoApiTokenWanted,
    NoSecretOnClipboard,
    NoSecretWanted,
    NotACall,
    OktaSessionStays {
        host: &'a str,
    },
    BrowserFailed,
    ClipboardFailed,
    ListenerFailed,
    NoIdToken,
    NoSuchProfile,
    NotAProfile {
        field: &'a str,
        reason: &'a str,
    },
    NotAnImport(NotAnImport),
    NotSaved {
        folder: &'a str,
    },
    NothingToCopy,
    ProfilesFileNotWritten,
    ProfilesFileUnreadable {
        what: &'a str,
    },
    Quitting,
    RedirectUriPending {
        by: &'a str,
    },
    /// Each with the program that holds it, where that is known.
    RedirectUrisTaken {
        taken: &'a [(&'a RedirectUri, Option<String>)],
    },
    TokenNotCopyable,
    WouldSignOut,

    // The settings.
    /// What the settings name to open the sign-in page.
    ChosenBrowserFailed {
        browser: &'a str,
    },
    NotASetting {
        key: &'a str,
        reason: &'a str,
    },
    SettingsFileNotWritten,
    SettingsFileUnreadable {
        what: &'a str,
    },
    StartAtSignInFailed,

    // The keyring.
    Keyring(VaultError),
    /// What is held would not survive a restart.
    MemoryOnly(VaultError),
    /// What a renewal proves the client with is not to be had.
    NotRenewed(VaultError),
    /// It is not known whether there is a session.
    Unread(VaultError),

    // A session or a sign-in that ended, a renewal that got lost.
    BrowserNeverCame,
    RenewalInDoubt,
    RenewalLost,
    RenewalNotKept,
    /// A sign-in did not finish, nobody knows why, and the server takes its request when it is asked without a browser.
    RequestAccepted,
    RequestAcceptedNow,
    SessionEnded,
    SessionExpired,
    SignInCancelled,
    /// By the person, once the browser had come: it may have shown them an error.
    SignInGivenUp {
        uris: &'a [&'a str],
    },
    SignInSuperseded,
    SignInTimedOut {
        uris: &'a [&'a str],
    },
    SignedOut,

    // The way to the server.
    CertificateNotTrusted {
        host: &'a str,
    },
    Nonconforming {
        host: &'a str,
    },
    ProxyFailed {
        host: &'a str,
    },
    ProxyWantsSignIn {
        host: &'a str,
    },
    RateLimited {
        host: &'a str,
    },
    ServerBusy {
        host: &'a str,
        status: u16,
    },
    Unreachable {
        host: &'a str,
    },
    WebPageInTheWay {
        host: &'a str,
    },

    // An answer that must not be believed.
    BadSignature,
    ClockWrong,
    ForeignEndpoint {
        host: &'a str,
    },
    IssuerMismatch {
        host: &'a str,
        /// Whether the profile's is an org's own server.
        org: bool,
    },
    NotOurAnswer,
    NotTrusted,
    OtherSubject,
    /// The person authenticated too long ago, or it is not said when.
    SignInTooOld,
    /// Of another level of assurance than was demanded.
    WrongAcr,
    WrongAudience,
    /// What the access token is bound to.
    WrongKey,
    WrongTokenType,

    /// The server said no.
    Refusal(Refusal<'a>),
}

/// What the server meant when it said no.
#[derive(Clone, Copy)]
pub(crate) enum Refusal<'a> {
    AccessDenied,
    AccessTokenRefused,
    ApiScopesNotGranted,
    /// That of a client that signs.
    AssertionRefused,
    AssuranceNotMet,
    /// At an identity provider behind Okta.
    CancelledElsewhere,
    ClaimNotEvaluated,
    ClientRefused,
    ClientSecretWrong,
    ClientTakesNoSecret,
    ClientWantsSecret,
    CodeExpired,
    CodeGrantOff,
    ConsentRequired,
    DeviceCodeExpired,
    DpopClock,
    DpopDemanded,
    DpopRefused,
    FactorMissing,
    FeatureOff,
    /// With the grant types that are on, where Okta told.
    GrantTypeOff {
        on: Option<&'a str>,
    },
    GrantTypeUnsupported,
    IdpInitiatedOff,
    InlineHookFailed,
    InteractionCodeApp,
    InvalidRequest,
    LoginFailed,
    NetworkZone,
    NoApiAccessManagement,
    NoMatchingPolicy,
    NoPermission,
    NoScope,
    NoSuchServer,
    NotAssigned,
    NotProvisioned,
    OpenidScopeMissing,
    OrgServerOnly,
    OtherServer,
    OurMistake,
    OutOfOrder,
    PasswordExpired,
    PkceMismatch,
    ProfileSettingRefused,
    RateLimited,
    RedirectUriChanged,
    RedirectUriUnknown {
        uris: &'a [&'a str],
    },
    /// None that is known.
    Refused {
        code: &'a str,
    },
    RequestTooLarge,
    /// With the scopes that were denied, where Okta told.
    ScopeDenied {
        denied: Option<&'a str>,
    },
    /// The access token lacks it.
    ScopeMissing,
    ScopeNotHere,
    ScopesNeedSignIn,
    /// The page stood open for too long.
    SignInExpired,
    SignInInterrupted,
    TooManyGroups {
        /// Whether the profile's is an org's own server.
        org: bool,
    },
    UnknownClientId,
    UnknownScope,
}

/// Why a text or a link is no profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAnImport {
    DamagedLink,
    FieldTooLong,
    Neither,
    NoIssuerOrClientId,
    NoProfile,
    SaidTwice,
    SeveralProfiles,
    TooLong,
}

/// The texts of a problem that is mended at `place`, if at any in Okta's console.
pub(crate) fn of(matter: Matter<'_>, place: Option<Place>) -> Texts {
    let path = place.map(|place| place.path(&own()).now).unwrap_or_default();
    match spoken() {
        Language::English => en::problem::texts_of(matter, &path),
        Language::German => de::problem::texts_of(matter, &path),
    }
}

/// What else may be the cause, likeliest first, where Okta showed an error on a page of its own or nothing was wrong.
pub(crate) fn likely_causes() -> Vec<String> {
    let at = |place: Place| place.path(&own()).now;
    let (client, policy) = (at(Place::ClientCredentials), at(Place::SignOnPolicy));
    match spoken() {
        Language::English => en::problem::likely_causes(&client, &policy),
        Language::German => de::problem::likely_causes(&client, &policy),
    }
}

/// What the browser's page says.
pub(crate) fn page() -> &'static PageWords {
    match spoken() {
        Language::English => &en::page::WORDS,
        Language::German => &de::page::WORDS,
    }
}

/// A text that is not all of a problem.
#[derive(Clone, Copy)]
pub(crate) enum Phrase<'a> {
    // Why something of the system was not done, without a full stop.
    ClipboardSilent,
    NoBrowser,
    NoSuchProgram,
    Quitting,
    SystemSilent,

    /// Stands where a name has nothing to draw.
    NameWithoutLetters,
    /// Advice about what keeps a session from being renewed, which goes on, and where trying again is of no use.
    StaySignedIn {
        advice: &'a str,
    },
    /// The same where trying again is all there is to do.
    TriesAgain,
}

/// A text that is not all of a problem.
pub(crate) fn phrase(phrase: Phrase<'_>) -> String {
    match spoken() {
        Language::English => en::phrase(phrase),
        Language::German => de::phrase(phrase),
    }
}
