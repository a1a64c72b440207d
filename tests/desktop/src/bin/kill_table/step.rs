//! The steps of a renewal at which the program is killed, in their order, and what has to be true at the issuer and in
//! the keyring for a kill to count as one at this step.

/// Where in a renewal the program is when it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Nothing is written down yet.
    BeforeIntent,
    /// It is written down that a refresh token will be sent; no connection is made.
    AfterIntent,
    /// The request has left, and the server has nothing of it.
    RequestSent,
    /// The server has answered, and not all of the answer has arrived.
    AnswerLost,
    /// The last byte of the answer has arrived.
    AnswerReceived,
    /// The keyring was asked to keep the new refresh token, and has heard nothing of it.
    BeforeStore,
    /// The keyring keeps it.
    AfterStore,
    /// It was read back from the keyring, and nobody was told.
    BeforeAnnouncement,
    /// A window has been told.
    AfterAnnouncement,
    /// At one of the steps up to the store; and the start after that, which renews, is killed too.
    Again,
}

/// What a renewal left behind when it was killed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Whether it is written down that a refresh token was sent.
    pub intent: bool,
    /// Requests that the server has had.
    pub n_asked: usize,
    /// Secrets that the keyring has kept.
    pub n_stored: usize,
    /// Whether it was announced that there is a new access token.
    pub announced: bool,
}

impl Step {
    /// The steps of a renewal that brings a new refresh token.
    pub const ROTATING: [Self; 10] = [
        Self::BeforeIntent,
        Self::AfterIntent,
        Self::RequestSent,
        Self::AnswerLost,
        Self::AnswerReceived,
        Self::BeforeStore,
        Self::AfterStore,
        Self::BeforeAnnouncement,
        Self::AfterAnnouncement,
        Self::Again,
    ];
    /// Those before and after the time in which the new refresh token exists in the answer alone.
    pub const AROUND_THE_ANSWER: [Self; 5] =
        [Self::RequestSent, Self::AnswerLost, Self::AnswerReceived, Self::BeforeStore, Self::AfterStore];
    /// The steps of one that does not: there is nothing to store.
    pub const PERSISTENT: [Self; 7] = [
        Self::BeforeIntent,
        Self::AfterIntent,
        Self::RequestSent,
        Self::AnswerLost,
        Self::AnswerReceived,
        Self::AfterAnnouncement,
        Self::Again,
    ];

    /// As the table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::BeforeIntent => "before the intent",
            Self::AfterIntent => "after the intent, before the connection",
            Self::RequestSent => "request sent, server has not got it",
            Self::AnswerLost => "server done, answer lost or cut",
            Self::AnswerReceived => "answer received",
            Self::BeforeStore => "before the store",
            Self::AfterStore => "after the store",
            Self::BeforeAnnouncement => "before the announcement",
            Self::AfterAnnouncement => "after the announcement",
            Self::Again => "before the store, and again while recovering",
        }
    }

    /// The steps at which [`Step::Again`] kills first.
    pub const FIRST_OF_TWO: [Self; 3] = [Self::RequestSent, Self::AnswerLost, Self::AnswerReceived];
    /// Those at which it kills the start after that. Whatever the answer is, it is lost.
    pub const SECOND_OF_TWO: [Self; 2] = [Self::RequestSent, Self::AnswerLost];

    /// Whether a kill here leaves a renewal whose new refresh token may not have come to rest. Later it must have.
    pub fn is_before_rest(self) -> bool {
        !matches!(self, Self::AfterStore | Self::BeforeAnnouncement | Self::AfterAnnouncement)
    }

    /// Whether these are the traces of a kill at this step. If not, the kill missed it.
    pub fn leaves(self, traces: Traces) -> bool {
        let Traces { intent, n_asked, n_stored, announced } = traces;
        match self {
            Self::BeforeIntent => traces == Traces::default(),
            Self::AfterIntent | Self::RequestSent => intent && n_asked == 0 && n_stored == 0 && !announced,
            Self::AnswerLost | Self::AnswerReceived | Self::BeforeStore => {
                intent && n_asked == 1 && n_stored == 0 && !announced
            }
            // What happens to the intent when the new token is safe is the program's own affair.
            Self::AfterStore | Self::BeforeAnnouncement => n_asked == 1 && n_stored == 1 && !announced,
            Self::AfterAnnouncement => n_asked == 1 && announced,
            // Judged by its two halves.
            Self::Again => true,
        }
    }
}
