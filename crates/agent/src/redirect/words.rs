//! What the browser's page says, in words that are not this crate's.

/// The words of the browser's page, in one language. They are markup as they stand: without `<` and `&`. Names that they
/// are given are markup already.
#[derive(Clone, Copy)]
pub struct PageWords {
    /// The language, as a tag (BCP 47).
    pub language: &'static str,
    /// Heading: the attempt ended with a session.
    pub signed_in: &'static str,
    /// A sentence that says so, with the person where that is known.
    pub signed_in_as: fn(Option<&str>) -> String,
    /// Heading: somebody else signed in, and which session to keep is asked in the window.
    pub question: &'static str,
    /// Sentences that say so, of who signed in and of who was before.
    pub question_of: fn(now: &str, was: &str) -> String,
    /// A sentence that sends the person back to the program, where nothing is left to do in the browser.
    pub go_back: &'static str,
    /// Heading: the outcome is not known yet.
    pub waiting: &'static str,
    /// Sentences that say so, and that the page looks again by itself.
    pub waiting_for: &'static str,
    /// Heading: the browser is on its way to Okta's sign-out.
    pub leaving: &'static str,
    /// A sentence that says so.
    pub leaving_for: &'static str,
    /// What a person clicks where it does not go on by itself.
    pub leave: &'static str,
    /// Heading and sentences for a request that was turned away.
    pub turned_away: fn(TurnedAway) -> [&'static str; 2],
}

/// Why a request was turned away, as far as a person cares. None of these changes the attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnedAway {
    /// It names no host, or several.
    NoHost,
    /// The program that asks belongs to another user of this machine.
    AnotherUser,
    /// It was meant for another host.
    AnotherHost,
    /// There is nothing at its path.
    NoSuchPath,
    /// It is not a visit.
    WrongMethod,
    /// A page fetches, embeds or frames the address.
    NotANavigation,
    /// The browser looks ahead.
    Prefetch,
    /// What it brings is no answer to an authorization request.
    Unreadable,
    /// It brings tokens that nobody asked for: *Okta Simplified*, or an attack.
    UnrequestedTokens,
    /// It brings the one-time code of an e-mail.
    OneTimeCode,
    /// It brings too much to be one.
    TooLarge,
    /// What it brings did not arrive in time.
    NoBody,
    /// It brings an answer to another request.
    AnotherState,
    /// Nothing can be done about it at the moment.
    NotReady,
}
