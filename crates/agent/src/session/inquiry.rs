//! Why a sign-in did not finish, where nobody knows: Okta shows some errors on a page of its own and tells nobody else. Asked
//! without a browser, it says them (RFC 9126 section 2.3).

use gatepass_oidc::{Error as OidcError, RedirectUri};

use super::sign_in::Failed;
use super::{AttemptId, Effect, SessionMachine};
use crate::{CauseKind, Error, Inquiry};

/// What the server says of an authorization request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It takes it.
    Accepted,
    /// It takes the one that the profile makes now, which is another than the sign-in made.
    AcceptedNow,
    /// It does not: what the browser was shown, or would have been.
    Refused {
        /// What it said.
        error: OidcError,
        /// With which it was asked.
        redirect_uri: RedirectUri,
    },
}

impl SessionMachine {
    /// The sign-in of which the server is being asked why it did not finish.
    pub fn inquiry(&self) -> Option<AttemptId> {
        let is_under_way = |failed: &&Failed| failed.inquiry() == Some(Inquiry::UnderWay);
        self.failed_sign_in.as_ref().filter(is_under_way).map(|_| self.last_attempt)
    }

    pub(super) fn inquiry_requested(&mut self, out: &mut Vec<Effect>) {
        let is_possible = |failed: &&mut Failed| failed.inquiry() == Some(Inquiry::Possible);
        if let Some(failed) = self.failed_sign_in.as_mut().filter(is_possible) {
            failed.is_asked_about = true;
            out.push(Effect::Inquire(self.last_attempt, failed.options));
            out.push(Effect::Publish(CauseKind::Inquiry));
        }
    }

    /// What is said of a sign-in that was put away since, or that another one took the place of, is for nobody.
    pub(super) fn inquiry_finished(&mut self, id: AttemptId, verdict: Option<Verdict>, out: &mut Vec<Effect>) {
        let is_it = id == self.last_attempt;
        let Some(failed) = self.failed_sign_in.as_mut().filter(|failed| is_it && failed.is_asked_about) else { return };
        failed.is_asked_about = false;
        match verdict {
            Some(Verdict::Accepted) => failed.error = Error::RequestAccepted,
            Some(Verdict::AcceptedNow) => failed.error = Error::RequestAcceptedNow,
            Some(Verdict::Refused { error, redirect_uri }) => {
                failed.error = Error::RequestRefused { error, redirect_uri: redirect_uri.into() };
            }
            None => {}
        }
        out.push(Effect::Publish(CauseKind::Inquiry));
    }
}
