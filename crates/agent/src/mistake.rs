//! What is wrong with something that a person wrote: as values, so that it can be said in their language. What
//! [`Display`](fmt::Display) says is English, without a full stop.

use std::fmt;

use gatepass_oidc::{NotARedirectUri, NotAnIssuer};

/// A mistake in a file that a person may edit, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, counted from 1, where it is known.
    pub line: Option<usize>,
    /// The key, where the value of one is meant.
    pub key: Option<&'static str>,
    /// What is wrong.
    pub what: Wrong,
}

/// What is wrong. A text in it is what the person wrote, shortened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    // The file.
    /// The system's own words.
    #[error("{0}")]
    System(String),
    /// It is not read.
    #[error("the file is too large")]
    TooLarge,
    /// It is no text.
    #[error("not UTF-8 text")]
    NotText,
    /// The words of the TOML library, in English.
    #[error("{0}")]
    NotToml(String),
    /// It is of a version that does not exist yet.
    #[error("{stated} is of a newer Gatepass; this one knows {known}")]
    NewerVersion {
        /// As it says.
        stated: i64,
        /// The newest that is read.
        known: i64,
    },
    /// Its version is not the one there is.
    #[error("it must be {known}")]
    OtherVersion {
        /// The version there is.
        known: i64,
    },

    /// It says nothing any more, or is gone, and what stood in it goes on.
    #[error("the file is empty or gone; the profiles that were in it go on until Gatepass quits")]
    Blank,
    /// The disk did not answer for so many seconds. What was to be written may still be.
    #[error("no answer from the disk in {0} seconds; the edit may still come")]
    NoAnswer(u64),
    /// It broke off, which is a mistake of ours.
    #[error("writing it failed")]
    BrokenOff,

    // The profiles in it.
    /// They have another shape.
    #[error("each profile is a [[profile]] table")]
    NotTables,
    /// It has a shape that nothing can be appended to.
    #[error("a profile cannot be appended to it; use [[profile]] tables")]
    NoPlace,
    /// Another profile has this id.
    #[error("another profile has the id `{0}`")]
    IdTaken(String),
    /// What is to be changed was removed by hand.
    #[error("the profile is not in it any more")]
    NotThere,
    /// What is to be changed was made another's by hand.
    #[error("its issuer or client ID was changed in the file meanwhile")]
    ChangedMeanwhile,
    /// Moving it would leave a part of it behind.
    #[error("a profile with tables of its own can be moved by hand only")]
    HasTables,

    // The shape of a value.
    /// There is none.
    #[error("missing")]
    Missing,
    /// It is no string.
    #[error("it must be a text in quotes")]
    NoString,
    /// It is no array of strings.
    #[error("it must be a list of texts in quotes")]
    NoStrings,
    /// It is no boolean.
    #[error("it must be true or false")]
    NoBoolean,
    /// It is none of those that there are.
    #[error("it must be {}", alternatives(.0, "or"))]
    NoneOf(&'static [&'static str]),
    /// It is not 0 and no number from the first to the second.
    #[error("it must be 0 or a number from {0} to {1}")]
    OutOfRange(u32, u32),
    /// It is longer than anything of its kind.
    #[error("it is too long")]
    TooLong,
    /// It has a line end or something else that is not drawn.
    #[error("it must be one line, without control characters")]
    NotOneLine,

    // A profile's values.
    /// The id of a profile is not spelled like one.
    #[error("1 to 64 characters of a-z, 0-9 and -")]
    NoId,
    /// The name of a profile is empty or long.
    #[error("1 to 100 characters")]
    NameLength,
    /// The client ID is not spelled like one (RFC 6749 appendix A.1).
    #[error("at most 256 visible characters without spaces")]
    NoClientId,
    /// The issuer.
    #[error(transparent)]
    Issuer(#[from] NotAnIssuer),
    /// A scope is not spelled like one (RFC 6749 appendix A.4).
    #[error("`{0}` is not a scope")]
    Scope(String),
    /// `openid` is not among the scopes.
    #[error("`openid` is missing, without which nobody is named")]
    NoOpenid,
    /// The list is empty.
    #[error("at least one is needed")]
    NoRedirectUri,
    /// One of the list.
    #[error("`{uri}`: {why}")]
    RedirectUri {
        /// Which one.
        uri: String,
        /// What is wrong with it.
        why: NotARedirectUri,
    },
    /// A host is not spelled like one.
    #[error("`{0}` is not a host name in lower case")]
    Host(String),

    /// An authentication context class is not spelled like one.
    #[error("`{0}` is not the name of an authentication context class")]
    AcrValue(String),
    /// A form can be received on loopback alone.
    #[error("form_post needs redirect URIs on loopback")]
    FormNotOnLoopback,
    /// What must be shown cannot be tried without showing anything.
    #[error("it cannot stand beside prompt or max_age = 0, which show a page in any case")]
    SilentAndPrompt,
    /// A profile that names another one names itself.
    #[error("it must be another profile's id")]
    ItsOwnId,
    /// Okta's API takes no access token of a custom authorization server.
    #[error("Okta's API takes tokens of the org authorization server only, and this issuer is a custom one")]
    ApiNotOfCustomServer,
    /// Okta's API takes no access token without this scope.
    #[error("Okta's API needs `{0}` among the scopes")]
    ApiScopeMissing(&'static str),
    /// It is not issuer, audience and scopes.
    #[error("`{0}` is not an issuer, an audience and at least one scope, separated by spaces")]
    NoAudience(String),
    /// The token would be shown to somebody else's server, or to one that has no audience of its own.
    #[error("`{0}` is not another custom authorization server on this profile's host")]
    AudienceElsewhere(String),
    /// Such a token begins no session.
    #[error("`{0}` is not for a token that is exchanged")]
    AudienceScope(String),
    /// It could not be told which is meant.
    #[error("`{0}` is there twice")]
    AudienceTwice(String),
    /// The name of a claim is empty, long or not one line.
    #[error("1 to 100 characters on one line")]
    NoClaim,

    // The command that opens a browser.
    /// It begins with no program.
    #[error("it begins with no program")]
    NoProgram,
    /// A quote is open at its end.
    #[error("a quote in it is not closed")]
    OpenQuote,
    /// It has a path or arguments where those may not come from.
    #[error("here it is one name, such as firefox; a path or arguments are written into settings.toml by hand")]
    NoProgramName,

    /// In words already, and in the person's language.
    #[error("{0}")]
    Told(String),
}

impl Mistake {
    /// A mistake that is nowhere in particular.
    pub fn somewhere(what: Wrong) -> Self {
        Self { line: None, key: None, what }
    }

    /// A mistake on a line.
    pub(crate) fn on_line(line: usize, what: Wrong) -> Self {
        Self { line: Some(line), key: None, what }
    }

    /// The same, of this key's value.
    pub fn of_key(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }
}

impl From<Wrong> for Mistake {
    fn from(what: Wrong) -> Self {
        Self::somewhere(what)
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(key) = self.key {
            write!(f, "{key}: ")?;
        }
        self.what.fmt(f)
    }
}

/// `"a", "b" or "c"`.
pub fn alternatives(names: &[&str], or: &str) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {or} {last}", others.join(", ")),
        None => String::new(),
    }
}
