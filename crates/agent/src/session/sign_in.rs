//! Sign-ins: at most one attempt at a time, what its end does to the session there is, and the question which of two
//! people's sessions to keep.

use gatepass_oidc::{Error as OidcError, RefreshToken, Subject, Timestamp, TokenSet};

use super::held::Session;
use super::machine::Holding;
use super::{AttemptId, Effect, Fate, SessionMachine};
use crate::{AttemptStage, CauseKind, Error, Inquiry, NoticeKind, Person, SignInEnd, SignInOptions, Standing};

/// A sign-in that is under way.
#[derive(Clone, Copy)]
pub(super) struct Attempt {
    pub(super) id: AttemptId,
    pub(super) options: SignInOptions,
    pub(super) stage: AttemptStage,
    pub(super) started_at: Timestamp,
    /// The server took its request ahead of the browser.
    pub(super) is_taken: bool,
}

/// A sign-in that did not work out, until that was read.
pub(super) struct Failed {
    pub(super) error: Error,
    pub(super) options: SignInOptions,
    /// The server took its request, and would say the same again.
    is_taken: bool,
    /// The server is being asked why.
    pub(super) is_asked_about: bool,
}

impl Failed {
    /// How it stands about asking the server why.
    pub(super) fn inquiry(&self) -> Option<Inquiry> {
        let is_open = self.error.is_unexplained() && !self.is_taken;
        is_open.then_some(if self.is_asked_about { Inquiry::UnderWay } else { Inquiry::Possible })
    }
}

/// What somebody else's sign-in brought. The session there is goes on until the person answers.
pub(super) struct Candidate {
    pub(super) was: Person,
    pub(super) now: Person,
    subject: Subject,
    pub(super) tokens: Box<TokenSet>,
}

/// What the snapshot goes on saying while the vault is storing a new sign-in: nobody is signed in before it is stored
/// or marked as memory-only.
pub(super) struct StillShown {
    pub(super) standing: Standing,
    pub(super) attempt: Option<Attempt>,
}

impl SessionMachine {
    pub(super) fn sign_in_requested(&mut self, now: Timestamp, options: SignInOptions, out: &mut Vec<Effect>) {
        if let Some(attempt) = self.attempt {
            if attempt.options == options {
                return out.push(Effect::ShowSignIn(attempt.id));
            }
            out.push(Effect::AbandonSignIn(attempt.id));
        }
        let id = AttemptId(self.last_attempt.0.saturating_add(1));
        self.last_attempt = id;
        self.attempt = Some(Attempt { id, options, stage: AttemptStage::Preparing, started_at: now, is_taken: false });
        self.failed_sign_in = None;
        out.push(Effect::StartSignIn(id, options));
        out.push(Effect::Publish(CauseKind::SignIn));
    }

    pub(super) fn sign_in_moved(&mut self, id: AttemptId, stage: AttemptStage, out: &mut Vec<Effect>) {
        if let Some(attempt) = self.attempt.as_mut().filter(|attempt| attempt.id == id && attempt.stage != stage) {
            attempt.stage = stage;
            out.push(Effect::Publish(CauseKind::SignIn));
        }
    }

    pub(super) fn request_taken(&mut self, id: AttemptId) {
        if let Some(attempt) = self.attempt.as_mut().filter(|attempt| attempt.id == id) {
            attempt.is_taken = true;
        }
    }

    pub(super) fn sign_in_cancelled(&mut self, out: &mut Vec<Effect>) {
        if let Some(attempt) = self.attempt.take() {
            // In the browser an error may stand that Okta shows there and tells nobody else, and that was why.
            if attempt.stage == AttemptStage::InBrowser {
                self.note_failure(attempt, Error::SignInEnded(SignInEnd::Cancelled));
            }
            out.push(Effect::AbandonSignIn(attempt.id));
            out.push(Effect::Publish(CauseKind::SignIn));
        }
    }

    pub(super) fn sign_in_finished(
        &mut self,
        now: Timestamp,
        id: AttemptId,
        result: Result<Box<TokenSet>, Error>,
        out: &mut Vec<Effect>,
    ) {
        let Some(attempt) = self.attempt.take_if(|attempt| attempt.id == id) else {
            // It was given up: by its person, by a sign-out or for a newer one.
            return result.into_iter().for_each(|tokens| self.revoke_tokens(tokens, out));
        };
        let tokens = match result {
            Ok(tokens) => tokens,
            Err(error) => return self.sign_in_failed(attempt, error, out),
        };
        let Some((subject, person)) = owner(&tokens) else {
            self.revoke_tokens(tokens, out);
            let what = "a sign-in without an ID token".into();
            return self.sign_in_failed(attempt, Error::Oidc(OidcError::Nonconforming { what }), out);
        };
        let previous = self.candidate.take();
        match self.session() {
            Some(session) if session.subject != subject => {
                let was = session.person.clone();
                self.candidate = Some(Candidate { was, now: person, subject, tokens });
                out.push(Effect::Publish(CauseKind::OtherPerson));
                out.push(Effect::Notify(NoticeKind::OtherPerson));
            }
            Some(_) | None => self.adopt(now, subject, tokens, Some(attempt), out),
        }
        if let Some(previous) = previous {
            self.revoke_tokens(previous.tokens, out);
        }
    }

    pub(super) fn other_person_answered(&mut self, now: Timestamp, replace: bool, out: &mut Vec<Effect>) {
        let Some(candidate) = self.candidate.take() else { return };
        if replace {
            self.adopt(now, candidate.subject, candidate.tokens, None, out);
        } else {
            self.revoke_tokens(candidate.tokens, out);
            out.push(Effect::Publish(CauseKind::Dismissed));
        }
    }

    fn sign_in_failed(&mut self, attempt: Attempt, error: Error, out: &mut Vec<Effect>) {
        let cause = match error {
            Error::SignInEnded(SignInEnd::Cancelled | SignInEnd::Superseded) => CauseKind::SignIn,
            error => {
                self.note_failure(attempt, error);
                CauseKind::SignInFailed
            }
        };
        out.push(Effect::Publish(cause));
    }

    fn note_failure(&mut self, attempt: Attempt, error: Error) {
        let Attempt { options, is_taken, .. } = attempt;
        self.failed_sign_in = Some(Failed { error, options, is_taken, is_asked_about: false });
    }

    /// Makes these tokens the session, in place of any other. They are used and shown when they are stored.
    fn adopt(
        &mut self,
        now: Timestamp,
        subject: Subject,
        tokens: Box<TokenSet>,
        attempt: Option<Attempt>,
        out: &mut Vec<Effect>,
    ) {
        let standing = match self.still_shown.take() {
            Some(shown) => shown.standing,
            None => self.standing(now),
        };
        self.still_shown = Some(StillShown { standing, attempt });
        self.keeping.give_up_reading();
        // A refresh of the old session that is in flight is outdated with it: what it brings is revoked.
        self.begin_generation();
        let session = Session::signed_in(subject, tokens);
        let given = session.refresh_token.clone();
        let old = std::mem::replace(&mut self.holding, Holding::Session(Box::new(session)));
        match &given {
            Some(given) => {
                self.note_given(given, out);
                self.store_new_refresh_token(out);
            }
            None => {
                // Nothing is to be stored, and what is stored is outdated.
                self.keeping.forget();
                out.push(Effect::Erase);
            }
        }
        if let Holding::Session(mut old) = old {
            let token = old.refresh_token.clone();
            let is_given = |token: &RefreshToken| given.as_ref().is_some_and(|given| given.expose() == token.expose());
            let mut outdated = old.take_refresh_tokens();
            outdated.retain(|token| !is_given(token));
            outdated.iter().for_each(|token| self.note_spent(token));
            match self.session_mut() {
                // The vault may go on having them until it has the new one.
                Some(session) if given.is_some() => session.replaced = outdated,
                _ => out.extend(outdated.into_iter().map(|token| Effect::Settle(token, Fate::Ended))),
            }
            token.into_iter().for_each(|token| self.revoke(token, out));
        }
        if !self.settle(now, out) && attempt.is_some() {
            out.push(Effect::Publish(CauseKind::SignIn));
        }
    }

    pub(super) fn revoke_tokens(&mut self, tokens: Box<TokenSet>, out: &mut Vec<Effect>) {
        out.extend(tokens.device_secret.map(Effect::RevokeDeviceSecret));
        match tokens.refresh_token {
            Some(token) => self.revoke(token, out),
            None => out.push(Effect::RevokeAccess(tokens.access_token)),
        }
    }
}

/// Whose tokens these are: only an ID token says.
fn owner(tokens: &TokenSet) -> Option<(Subject, Person)> {
    let claims = tokens.id_token.as_ref()?.claims();
    Some((claims.subject.clone(), Person::of(claims)))
}
