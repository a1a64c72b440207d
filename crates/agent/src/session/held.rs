//! A session that is held: whose it is, its tokens, and how its renewal stands. What to do about it is decided in the
//! machine; here is only what can be said of it.

use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::{
    AccessToken, AccessTokenContent, DeviceSecret, Error as OidcError, IdTokenClaims, IdTokenHint, RefreshToken,
    Subject, Timestamp, TokenSet,
};

use super::deadline::Deadline;
use super::doubt::Doubt;
use super::pace::{self, BRAND_NEW};
use super::{Jitter, Kept};
use crate::{GrantedToken, Groups, GroupsAt, MinValidity, Person, RenewalError, SignedOutReason};

/// Enough life to paste a token somewhere.
const LIFE_FOR_COPYING: Duration = Duration::from_secs(60);

/// Somebody is signed in.
pub(super) struct Session {
    pub(super) subject: Subject,
    pub(super) person: Person,
    pub(super) id_token_hint: Option<IdTokenHint>,
    /// For further clients: the newest. As with the refresh token, the copy in a token set is taken out.
    pub(super) device_secret: Option<DeviceSecret>,
    /// The only copy that counts: the one inside a token set is taken out when the set is accepted.
    pub(super) refresh_token: Option<RefreshToken>,
    /// What the refresh in flight was sent with; gone once it is known what became of it.
    pub(super) sent: Option<Sending>,
    /// Refresh tokens that were replaced, while the vault has not answered for what replaced them.
    pub(super) replaced: Vec<RefreshToken>,
    /// Whether the server replaces a refresh token that was used; `None` until an answer told.
    pub(super) rotates: Option<bool>,
    /// Set while it is not known whether [`Self::refresh_token`] is spent.
    pub(super) doubt: Option<Doubt>,
    /// The vault's refresh token was taken up after the one in hand was refused. Not twice in a row.
    pub(super) has_looked_again: bool,
    /// The vault was given this refresh token and has not answered.
    pub(super) is_being_stored: bool,
    /// `None` from a restart until the first renewal.
    pub(super) in_hand: Option<InHand>,
    pub(super) upkeep: Upkeep,
    /// The renewal that is planned or under way comes at a time that [`pace`] chose for this session alone. False after
    /// whatever many go through together: a sign-in, a start, a sleep, an outage.
    pub(super) is_in_turn: bool,
    /// Failures in a row that pass by themselves.
    pub(super) n_setbacks: u32,
    /// Refusals in a row.
    pub(super) n_refusals: u32,
    /// The codes of refusals that the person was told of since the last success.
    pub(super) told_codes: Vec<String>,
}

/// A refresh in flight.
pub(super) struct Sending {
    pub(super) token: RefreshToken,
    /// It is the one try outside the safe time after a lost answer.
    pub(super) is_last_resort: bool,
    /// The clock went back since: how long it is under way is not known.
    pub(super) has_lost_time: bool,
}

/// How the renewal of a session stands.
pub(super) enum Upkeep {
    /// Nothing to do until then.
    Waiting { refresh: Deadline },
    /// A refresh is in flight.
    Refreshing,
    /// The refresh token was refused, and the vault is being read: perhaps it has another by now.
    LookingAgain { refused: SignedOutReason },
    /// New tokens came and were verified. They are used when the vault has answered.
    Storing(Box<TokenSet>),
    /// The last one failed for a reason that passes.
    Retrying { retry: Deadline, because: RenewalError },
    /// An answer was lost, and the refresh token rests until the access token ends.
    InDoubt { retry: Deadline, because: RenewalError },
    /// The last one was refused for a reason that only an admin can lift.
    Blocked { retry: Deadline, because: OidcError },
    /// There is no refresh token.
    None,
}

/// Tokens in use, with what frontends may know of them made ready once.
pub(super) struct InHand {
    pub(super) tokens: Box<TokenSet>,
    pub(super) groups: Arc<Groups>,
    pub(super) content: Arc<AccessTokenContent>,
    pub(super) claims: Option<Arc<IdTokenClaims>>,
}

impl Session {
    /// The session that a sign-in brought. Its tokens are not in use yet.
    pub(super) fn signed_in(subject: Subject, mut tokens: Box<TokenSet>) -> Self {
        let person = Person { name: subject.0.clone(), email: None };
        let refresh_token = tokens.refresh_token.take();
        let mut session = Self::new(subject, person, None, refresh_token);
        session.take_in(tokens);
        session
    }

    /// The session that the vault kept.
    pub(super) fn restored(kept: Kept) -> Self {
        let session = Self::new(kept.subject, kept.person, kept.id_token_hint, Some(kept.refresh_token));
        Self { device_secret: kept.device_secret, ..session }
    }

    fn new(
        subject: Subject,
        person: Person,
        id_token_hint: Option<IdTokenHint>,
        refresh_token: Option<RefreshToken>,
    ) -> Self {
        Self {
            subject,
            person,
            id_token_hint,
            device_secret: None,
            refresh_token,
            sent: None,
            replaced: Vec::new(),
            rotates: None,
            doubt: None,
            has_looked_again: false,
            is_being_stored: false,
            in_hand: None,
            upkeep: Upkeep::None,
            is_in_turn: false,
            n_setbacks: 0,
            n_refusals: 0,
            told_codes: Vec::new(),
        }
    }

    /// Takes new tokens in, to be used when the vault has answered. Whose they are is known at once. Returns whether a
    /// device secret came with them that it had not.
    pub(super) fn take_in(&mut self, mut tokens: Box<TokenSet>) -> bool {
        let is_new_secret = tokens.device_secret.take().is_some_and(|secret| self.take_device_secret(secret));
        if let Some(id_token) = &tokens.id_token {
            self.person = Person::of(id_token.claims());
            self.id_token_hint = Some(id_token.to_hint());
        }
        self.upkeep = Upkeep::Storing(tokens);
        is_new_secret
    }

    /// Puts the tokens to use that were taken in. False if there are none, or the vault has not answered.
    pub(super) fn put_to_use(&mut self, now: Timestamp, jitter: &mut Jitter, groups_at: &GroupsAt) -> bool {
        if self.is_being_stored {
            return false;
        }
        self.upkeep = match std::mem::replace(&mut self.upkeep, Upkeep::None) {
            Upkeep::Storing(tokens) => {
                let in_hand = InHand::new(tokens, groups_at);
                let life = in_hand.lifetime();
                let distance = match std::mem::replace(&mut self.is_in_turn, true) {
                    true => pace::renewal(life, jitter),
                    false => pace::first_renewal(life, jitter),
                };
                let refresh = Deadline::after(in_hand.tokens.received_at, distance);
                self.in_hand = Some(in_hand);
                match self.refresh_token {
                    Some(_) => Upkeep::Waiting { refresh },
                    None => Upkeep::None,
                }
            }
            other => {
                self.upkeep = other;
                return false;
            }
        };
        self.has_looked_again = false;
        self.n_setbacks = 0;
        self.n_refusals = 0;
        self.told_codes.clear();
        self.notice_time(now);
        true
    }

    /// What the vault is to keep; nothing without a refresh token.
    pub(super) fn kept(&self) -> Option<Box<Kept>> {
        let refresh_token = self.refresh_token.clone()?;
        Some(Box::new(Kept {
            refresh_token,
            subject: self.subject.clone(),
            person: self.person.clone(),
            id_token_hint: self.id_token_hint.clone(),
            device_secret: self.device_secret.clone(),
        }))
    }

    /// Whether this is the refresh token that it holds.
    pub(super) fn holds(&self, token: &RefreshToken) -> bool {
        self.refresh_token.as_ref().is_some_and(|held| held.expose() == token.expose())
    }

    /// When a renewal is due that nobody asked for. Not before the vault has answered about the refresh token: a crash
    /// while that one is under way would leave the vault with one that is spent.
    pub(super) fn refresh(&self) -> Option<Deadline> {
        if self.is_being_stored {
            return None;
        }
        match &self.upkeep {
            Upkeep::Waiting { refresh: due }
            | Upkeep::Retrying { retry: due, .. }
            | Upkeep::InDoubt { retry: due, .. }
            | Upkeep::Blocked { retry: due, .. } => Some(*due),
            Upkeep::Refreshing | Upkeep::LookingAgain { .. } | Upkeep::Storing(_) | Upkeep::None => None,
        }
    }

    /// Whether a renewal that nobody asked for is due. One that was put off is due before its time if the machine slept
    /// again and the token has become too old to wait.
    pub(super) fn is_refresh_due(&self, now: Timestamp) -> bool {
        let is_overdue = match (&self.upkeep, &self.in_hand) {
            (Upkeep::Waiting { .. }, Some(in_hand)) if !self.is_being_stored => {
                pace::is_overdue(in_hand.age(now), in_hand.lifetime())
            }
            _ => false,
        };
        is_overdue || self.refresh().is_some_and(|due| due.is_due(now))
    }

    /// Puts off a renewal that is due and was slept over, if that does no harm. False if it is to begin now.
    pub(super) fn puts_off(&mut self, now: Timestamp, jitter: &mut Jitter) -> bool {
        let (Upkeep::Waiting { refresh: due }, Some(in_hand)) = (&mut self.upkeep, &self.in_hand) else { return false };
        let late = now.since(due.at);
        self.is_in_turn &= pace::is_in_turn(late);
        let later = Deadline::after(now, pace::turn(late, in_hand.age(now), in_hand.lifetime(), jitter));
        if later.is_due(now) {
            return false;
        }
        *due = later;
        true
    }

    /// When the session ends by itself: with its access token, if nothing can renew it.
    pub(super) fn ends_at(&self) -> Option<Timestamp> {
        match self.refresh_token {
            Some(_) => None,
            None => self.in_hand.as_ref()?.tokens.expires_at,
        }
    }

    /// The access token, if it has `min_validity` left or is as good as they come.
    pub(super) fn grant(&self, now: Timestamp, min_validity: MinValidity) -> Option<GrantedToken> {
        let in_hand = self.in_hand.as_ref()?;
        let is_enough = match in_hand.remaining(now)? {
            Remaining::Known(remaining) => in_hand.is_brand_new(now) || remaining >= in_hand.wanted(min_validity),
            Remaining::Unknown => in_hand.is_brand_new(now) || self.refresh_token.is_none(),
        };
        is_enough.then(|| in_hand.granted())
    }

    /// The access token if it is of some use: when no better one can be had, half of what was wanted will do.
    pub(super) fn grant_second_best(&self, now: Timestamp, min_validity: MinValidity) -> Option<GrantedToken> {
        let in_hand = self.in_hand.as_ref()?;
        let is_enough = match in_hand.remaining(now)? {
            Remaining::Known(remaining) => remaining >= in_hand.wanted(min_validity) / 2,
            Remaining::Unknown => true,
        };
        is_enough.then(|| in_hand.granted())
    }

    /// Whether a renewal is under way, or what one brought is being stored.
    pub(super) fn is_being_renewed(&self) -> bool {
        self.is_being_stored
            || matches!(self.upkeep, Upkeep::Refreshing | Upkeep::LookingAgain { .. } | Upkeep::Storing(_))
    }

    /// How long the refresh token is to be left alone, if at `at` it is: it may be spent, it is too late to ask again
    /// safely, and the access token is good until then.
    pub(super) fn rests_until(&self, at: Timestamp) -> Option<Timestamp> {
        let end = self.in_hand.as_ref()?.presumed_end().min(self.doubt?.rests_until(at)?);
        (at < end).then_some(end)
    }

    /// Puts a try off that would come too late to be safe and too soon to be needed. True if so.
    pub(super) fn heed_doubt(&mut self, now: Timestamp) -> bool {
        let Some(due) = self.refresh() else { return false };
        let Some(end) = self.rests_until(due.at.max(now)) else { return false };
        let later = Deadline::after(now, end.since(now));
        match &mut self.upkeep {
            Upkeep::Blocked { retry, .. } => *retry = later,
            Upkeep::Retrying { because, .. } => {
                self.upkeep = Upkeep::InDoubt { retry: later, because: because.clone() };
            }
            Upkeep::InDoubt { retry, .. } => *retry = later,
            Upkeep::Waiting { .. }
            | Upkeep::Refreshing
            | Upkeep::LookingAgain { .. }
            | Upkeep::Storing(_)
            | Upkeep::None => return false,
        }
        true
    }

    /// The clock went back: how long ago a refresh left cannot be told any more.
    pub(super) fn lose_time(&mut self) {
        if let Some(sending) = &mut self.sent {
            sending.has_lost_time = true;
        }
        if let Some(doubt) = &mut self.doubt {
            doubt.lose_time();
        }
    }

    /// Every refresh token of it that a vault may have.
    pub(super) fn take_refresh_tokens(&mut self) -> Vec<RefreshToken> {
        let mut tokens = std::mem::take(&mut self.replaced);
        tokens.extend(self.refresh_token.take());
        tokens
    }

    /// The access token, where there is no refresh token that it would end with.
    pub(super) fn lone_access_token(&self) -> Option<AccessToken> {
        let tokens = match (&self.upkeep, &self.in_hand) {
            (Upkeep::Storing(tokens), _) => tokens,
            (_, in_hand) => &in_hand.as_ref()?.tokens,
        };
        self.refresh_token.is_none().then(|| tokens.access_token.clone())
    }

    /// Whatever access token the last renewal brought.
    pub(super) fn granted(&self) -> Option<GrantedToken> {
        self.in_hand.as_ref().map(InHand::granted)
    }

    /// Brings what lies too far ahead back, for when the clock was set back.
    pub(super) fn notice_time(&mut self, now: Timestamp) {
        match &mut self.upkeep {
            Upkeep::Waiting { refresh: due }
            | Upkeep::Retrying { retry: due, .. }
            | Upkeep::InDoubt { retry: due, .. }
            | Upkeep::Blocked { retry: due, .. } => {
                due.clamp(now);
            }
            Upkeep::Refreshing | Upkeep::LookingAgain { .. } | Upkeep::Storing(_) | Upkeep::None => {}
        }
        if let Some(in_hand) = &mut self.in_hand {
            in_hand.notice_time(now);
        }
    }
}

/// Life left in an access token that has not ended.
enum Remaining {
    Known(Duration),
    Unknown,
}

impl InHand {
    fn new(tokens: Box<TokenSet>, groups_at: &GroupsAt) -> Self {
        Self {
            groups: Arc::new(Groups::of(&tokens, groups_at)),
            content: Arc::new(tokens.access_token_content.clone()),
            claims: tokens.id_token.as_ref().map(|id_token| Arc::new(id_token.claims().clone())),
            tokens,
        }
    }

    /// Looks for the groups anew.
    pub(super) fn find_groups(&mut self, groups_at: &GroupsAt) {
        self.groups = Arc::new(Groups::of(&self.tokens, groups_at));
    }

    /// Whole life of the access token.
    pub(super) fn lifetime(&self) -> Option<Duration> {
        self.tokens.expires_at.map(|expires_at| expires_at.since(self.tokens.received_at))
    }

    /// Whether the access token has not ended.
    pub(super) fn is_valid(&self, now: Timestamp) -> bool {
        self.tokens.expires_at.is_none_or(|expires_at| now < expires_at)
    }

    /// When it ends, or is renewed if it does not say.
    fn presumed_end(&self) -> Timestamp {
        self.tokens.expires_at.unwrap_or(self.tokens.received_at + pace::UNKNOWN_LIFE)
    }

    fn remaining(&self, now: Timestamp) -> Option<Remaining> {
        self.is_valid(now).then(|| match self.tokens.expires_at {
            Some(expires_at) => Remaining::Known(expires_at.since(now)),
            None => Remaining::Unknown,
        })
    }

    fn is_brand_new(&self, now: Timestamp) -> bool {
        self.age(now) < BRAND_NEW
    }

    fn age(&self, now: Timestamp) -> Duration {
        now.since(self.tokens.received_at)
    }

    fn wanted(&self, min_validity: MinValidity) -> Duration {
        match min_validity {
            MinValidity::AtLeast(duration) => duration,
            MinValidity::ForCopying => match self.lifetime() {
                Some(lifetime) => LIFE_FOR_COPYING.min(lifetime / 2),
                None => LIFE_FOR_COPYING,
            },
        }
    }

    fn granted(&self) -> GrantedToken {
        GrantedToken {
            token_type: self.tokens.token_type.clone(),
            access_token: self.tokens.access_token.clone(),
            expires_at: self.tokens.expires_at,
            id_token: self.tokens.id_token.clone(),
        }
    }

    /// A token cannot have come later than now, nor have more than its whole life left.
    fn notice_time(&mut self, now: Timestamp) {
        if self.tokens.received_at > now {
            let lifetime = self.lifetime();
            self.tokens.received_at = now;
            self.tokens.expires_at = lifetime.map(|lifetime| now + lifetime);
        }
    }
}
