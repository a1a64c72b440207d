//! A session that is held: whose it is, its tokens, and how its renewal stands. What to do about it is decided in the
//! machine; here is only what can be said of it.

use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::{
    AccessTokenContent, Error as OidcError, IdTokenClaims, IdTokenHint, RefreshToken, Subject, Timestamp, TokenSet,
};

use super::deadline::Deadline;
use super::pace::{self, BRAND_NEW};
use super::{Jitter, Kept};
use crate::{GrantedToken, Groups, MinValidity, Person};

/// Enough life to paste a token somewhere.
const LIFE_FOR_COPYING: Duration = Duration::from_secs(60);

/// Somebody is signed in.
pub(super) struct Session {
    pub(super) subject: Subject,
    pub(super) person: Person,
    pub(super) id_token_hint: Option<IdTokenHint>,
    /// The only copy that counts: the one inside a token set is taken out when the set is accepted.
    pub(super) refresh_token: Option<RefreshToken>,
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

/// How the renewal of a session stands.
pub(super) enum Upkeep {
    /// Nothing to do until then.
    Waiting { refresh: Deadline },
    /// A refresh is in flight.
    Refreshing,
    /// New tokens came and were verified. They are used when the vault has answered.
    Storing(Box<TokenSet>),
    /// The last one failed for a reason that passes.
    Retrying { retry: Deadline, because: OidcError },
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
        let refresh_token = tokens.refresh_token.take();
        let mut session = Self {
            person: Person { name: subject.0.clone(), email: None },
            subject,
            id_token_hint: None,
            refresh_token,
            is_being_stored: false,
            in_hand: None,
            upkeep: Upkeep::None,
            is_in_turn: false,
            n_setbacks: 0,
            n_refusals: 0,
            told_codes: Vec::new(),
        };
        session.take_in(tokens);
        session
    }

    /// The session that the vault kept.
    pub(super) fn restored(kept: Kept) -> Self {
        Self {
            subject: kept.subject,
            person: kept.person,
            id_token_hint: kept.id_token_hint,
            refresh_token: Some(kept.refresh_token),
            is_being_stored: false,
            in_hand: None,
            upkeep: Upkeep::None,
            is_in_turn: false,
            n_setbacks: 0,
            n_refusals: 0,
            told_codes: Vec::new(),
        }
    }

    /// Takes new tokens in, to be used when the vault has answered. Whose they are is known at once.
    pub(super) fn take_in(&mut self, tokens: Box<TokenSet>) {
        if let Some(id_token) = &tokens.id_token {
            self.person = Person::of(id_token.claims());
            self.id_token_hint = Some(id_token.to_hint());
        }
        self.upkeep = Upkeep::Storing(tokens);
    }

    /// Puts the tokens to use that were taken in. False if there are none, or the vault has not answered.
    pub(super) fn put_to_use(&mut self, now: Timestamp, jitter: &mut Jitter) -> bool {
        if self.is_being_stored {
            return false;
        }
        self.upkeep = match std::mem::replace(&mut self.upkeep, Upkeep::None) {
            Upkeep::Storing(tokens) => {
                let in_hand = InHand::new(tokens);
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
        }))
    }

    /// Whether this is the refresh token that it holds.
    pub(super) fn holds(&self, token: &RefreshToken) -> bool {
        self.refresh_token.as_ref().is_some_and(|held| held.expose() == token.expose())
    }

    /// When a renewal is due that nobody asked for.
    pub(super) fn refresh(&self) -> Option<Deadline> {
        match &self.upkeep {
            Upkeep::Waiting { refresh: due }
            | Upkeep::Retrying { retry: due, .. }
            | Upkeep::Blocked { retry: due, .. } => Some(*due),
            Upkeep::Refreshing | Upkeep::Storing(_) | Upkeep::None => None,
        }
    }

    /// Puts off a renewal that is due and was slept over, if that does no harm. False if it is to begin now.
    pub(super) fn puts_off(&mut self, now: Timestamp, jitter: &mut Jitter) -> bool {
        let (Upkeep::Waiting { refresh: due }, Some(in_hand)) = (&mut self.upkeep, &self.in_hand) else { return false };
        let late = now.since(due.at);
        self.is_in_turn &= pace::is_in_turn(late);
        let left = in_hand.tokens.expires_at.map_or(Duration::ZERO, |expires_at| expires_at.since(now));
        let later = Deadline::after(now, pace::turn(late, left, in_hand.lifetime(), jitter));
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

    /// Whatever access token the last renewal brought.
    pub(super) fn granted(&self) -> Option<GrantedToken> {
        self.in_hand.as_ref().map(InHand::granted)
    }

    /// Brings what lies too far ahead back, for when the clock was set back.
    pub(super) fn notice_time(&mut self, now: Timestamp) {
        match &mut self.upkeep {
            Upkeep::Waiting { refresh: due }
            | Upkeep::Retrying { retry: due, .. }
            | Upkeep::Blocked { retry: due, .. } => {
                due.clamp(now);
            }
            Upkeep::Refreshing | Upkeep::Storing(_) | Upkeep::None => {}
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
    fn new(tokens: Box<TokenSet>) -> Self {
        Self {
            groups: Arc::new(Groups::of(&tokens)),
            content: Arc::new(tokens.access_token_content.clone()),
            claims: tokens.id_token.as_ref().map(|id_token| Arc::new(id_token.claims().clone())),
            tokens,
        }
    }

    /// Whole life of the access token.
    pub(super) fn lifetime(&self) -> Option<Duration> {
        self.tokens.expires_at.map(|expires_at| expires_at.since(self.tokens.received_at))
    }

    /// Whether the access token has not ended.
    pub(super) fn is_valid(&self, now: Timestamp) -> bool {
        self.tokens.expires_at.is_none_or(|expires_at| now < expires_at)
    }

    fn remaining(&self, now: Timestamp) -> Option<Remaining> {
        self.is_valid(now).then(|| match self.tokens.expires_at {
            Some(expires_at) => Remaining::Known(expires_at.since(now)),
            None => Remaining::Unknown,
        })
    }

    fn is_brand_new(&self, now: Timestamp) -> bool {
        now.since(self.tokens.received_at) < BRAND_NEW
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
        GrantedToken { access_token: self.tokens.access_token.clone(), expires_at: self.tokens.expires_at }
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
