//! Sign-in attempts as the task sees them: which redirect URIs they may wait on, where the browser is sent, when their
//! time is up, and who tells their page what came of them.

use std::sync::Arc;

use gatepass_oidc::{AuthorizationResponse, RedirectUri, Timestamp, TokenSet};
use tokio::sync::{mpsc, oneshot};
use url::Url;

use super::command::Answer;
use super::inquiry::Requested;
use super::seat::{Attempt, Seat};
use super::{Task, work};
use crate::redirect::Outcome;
use crate::session::{AttemptId, Input};
use crate::sign_in::{ATTEMPT_LIFE, Bound, Conclusion, Delivery, Redirected, SignIn};
use crate::{
    AttemptStage, CauseKind, DeviceCode, Error, Person, Profile, ProfileId, SignInEnd, SignInOptions, SignInWay,
};

impl Task {
    pub(super) fn sign_in(&mut self, profile: &ProfileId, options: SignInOptions, answer: Answer<()>) {
        let begun = self.find(profile).and_then(|seat| {
            if options.way == SignInWay::Browser {
                self.free_redirect_uris(seat)?;
            }
            self.step(seat, self.now(seat), Input::SignInRequested(options));
            Ok(())
        });
        let _ = answer.send(begun);
    }

    pub(super) fn sign_in_link(&self, profile: &ProfileId) -> Result<Url, Error> {
        let attempt = self.seats[self.find(profile)?].attempt.as_ref();
        attempt.and_then(|attempt| attempt.link.clone()).ok_or(Error::SignInEnded(SignInEnd::Cancelled))
    }

    pub(super) fn start_attempt(&mut self, seat: usize, id: AttemptId, options: SignInOptions) {
        // `sign_in` has seen that there are some; an attempt without any fails by itself.
        let redirect_uris = match options.way {
            SignInWay::Browser => self.free_redirect_uris(seat).unwrap_or_default(),
            SignInWay::Code => Vec::new(),
        };
        self.stop_delivering(|uri| redirect_uris.iter().any(|wanted| share_port(uri, wanted)));
        let (deliveries, deliveries_receiver) = mpsc::unbounded_channel();
        let (conclusions, conclusions_receiver) = mpsc::unbounded_channel();
        let sharing = self.begin_sharing(seat, id, options);
        let sign_in = SignIn {
            attempt: id,
            profile: Arc::clone(&self.seats[seat].profile),
            options,
            redirect_uris: redirect_uris.clone(),
            edges: Arc::clone(&self.edges),
            reporter: self.reporter(seat),
            sharing,
            deliveries: deliveries_receiver,
            conclusions: conclusions_receiver,
            after: std::mem::take(&mut self.closing),
        };
        let profile = Arc::clone(&sign_in.profile);
        self.seats[seat].requested = None;
        self.seats[seat].attempt = Some(Attempt {
            id,
            profile,
            running: tokio::spawn(sign_in.run()),
            redirect_uris,
            link: None,
            code: None,
            ends_at: self.edges.times.boot() + ATTEMPT_LIFE,
            is_redirected: false,
            browser_seen: false,
            deliveries,
            conclusions,
        });
    }

    /// Brings the page back to the browser.
    pub(super) fn show_attempt(&mut self, seat: usize, id: AttemptId) {
        let attempt = self.seats[seat].attempt.as_ref().filter(|attempt| attempt.id == id && !attempt.is_redirected);
        if let Some(link) = attempt.and_then(|attempt| attempt.link.clone()) {
            let browser = Arc::clone(&self.edges.browser);
            // Nobody waits for it: it may last as long as the browser is open.
            drop(tokio::task::spawn_blocking(move || {
                if let Err(error) = browser.open(&link) {
                    tracing::warn!(%error, "no browser");
                }
            }));
        }
    }

    /// Stops the attempt. Its port is closed when [`Self::ports_closed`] returns. An exchange that has begun goes on:
    /// what it brings is revoked.
    pub(super) fn abandon_attempt(&mut self, seat: usize, id: AttemptId) {
        if let Some(attempt) = self.seats[seat].attempt.take_if(|attempt| attempt.id == id) {
            self.give_up(attempt);
        }
    }

    /// Waits until the sign-ins that were given up are gone. That is a matter of the scheduler, not of anyone's answer.
    pub(super) async fn ports_closed(&mut self) {
        for closing in self.closing.drain(..) {
            let _ = closing.await;
        }
    }

    pub(super) fn end_attempt_if_over(&mut self, seat: usize, now: Timestamp) {
        let boot = self.edges.times.boot();
        let is_over = |attempt: &Attempt| attempt.ends_at <= boot;
        // Once the redirect is there it is up to the exchange, which has limits of its own.
        let over = self.seats[seat].attempt.take_if(|attempt| !attempt.is_redirected && is_over(attempt));
        if let Some(attempt) = over {
            let end = match attempt.code {
                Some(_) => SignInEnd::CodeExpired,
                None => SignInEnd::TimedOut { browser_seen: attempt.browser_seen },
            };
            let id = attempt.id;
            self.give_up(attempt);
            self.step(seat, now, Input::SignInFinished(id, Err(Error::SignInEnded(end))));
            self.tell_of_failed_sign_in(seat);
        }
    }

    pub(super) fn attempt_bound(&mut self, seat: usize, now: Timestamp, id: AttemptId, bound: Bound) {
        let Bound { redirect_uri, link, is_pushed } = bound;
        if let Some(attempt) = self.seats[seat].attempt_mut(id) {
            attempt.redirect_uris = vec![redirect_uri.clone()];
            attempt.link = Some(link);
            let profile = Arc::clone(&attempt.profile);
            self.seats[seat].requested = Some(Requested { profile, redirect_uri });
            if is_pushed {
                self.step(seat, now, Input::RequestTaken(id));
            }
        }
    }

    /// From now on the code says how long the person has.
    pub(super) fn attempt_has_code(
        &mut self,
        seat: usize,
        now: Timestamp,
        id: AttemptId,
        code: DeviceCode,
        end: Timestamp,
    ) {
        let boot = self.edges.times.boot();
        if let Some(attempt) = self.seats[seat].attempt_mut(id) {
            attempt.code = Some(code);
            attempt.ends_at = boot + end.since(now);
            self.step(seat, now, Input::SignInMoved(id, AttemptStage::OnOtherDevice));
        }
    }

    pub(super) fn attempt_moved(&mut self, seat: usize, now: Timestamp, id: AttemptId, stage: AttemptStage) {
        if let Some(attempt) = self.seats[seat].attempt_mut(id) {
            attempt.browser_seen |= stage == AttemptStage::InBrowser;
            // A code was entered: how long that took is no matter any more.
            attempt.is_redirected |= stage == AttemptStage::Exchanging;
            self.step(seat, now, Input::SignInMoved(id, stage));
        }
    }

    /// What comes of the attempt from here on is told on its page.
    pub(super) fn attempt_came_back(&mut self, seat: usize, id: AttemptId) {
        if let Some(attempt) = self.seats[seat].attempt_mut(id) {
            attempt.is_redirected = true;
        }
    }

    pub(super) fn attempt_redirected(&mut self, seat: usize, now: Timestamp, id: AttemptId, redirected: Redirected) {
        // The code of an attempt that was given up is not redeemed.
        let Some(attempt) = self.seats[seat].attempt_mut(id) else { return };
        attempt.is_redirected = true;
        let (edges, profile) = (Arc::clone(&self.edges), Arc::clone(&self.seats[seat].profile));
        self.work.spawn(work::redeem(edges, profile, id, redirected, self.reporter(seat)));
        self.step(seat, now, Input::SignInMoved(id, AttemptStage::Exchanging));
    }

    pub(super) fn attempt_finished(
        &mut self,
        seat: usize,
        now: Timestamp,
        id: AttemptId,
        result: Result<Box<TokenSet>, Error>,
    ) {
        let mut has_page = true;
        if let Some(attempt) = self.seats[seat].attempt.take_if(|attempt| attempt.id == id) {
            // What came by a private-use scheme left a page that is not ours.
            has_page = attempt.is_redirected && attempt.redirect_uri().is_some_and(|uri| uri.loopback().is_some());
            attempt.conclude(match &result {
                Ok(tokens) => Conclusion::Redeemed(success(tokens)),
                Err(error) => Conclusion::Final(self.edges.failure(error, &self.seats[seat].profile)),
            });
            self.seats[seat].concluding = Some(attempt);
        }
        self.step(seat, now, Input::SignInFinished(id, result));
        if !has_page {
            self.tell_of_failed_sign_in(seat);
        }
    }

    /// Tells the page of the last attempt what came of it, once that is known.
    pub(super) fn conclude_attempt(&mut self, seat: usize, cause: CauseKind) {
        let is_settled = matches!(
            cause,
            CauseKind::SignedIn
                | CauseKind::SignInFailed
                | CauseKind::OtherPerson
                | CauseKind::SignedOut
                | CauseKind::Ended
        );
        if let Some(attempt) = self.seats[seat].concluding.take_if(|_| is_settled) {
            match cause {
                CauseKind::SignedIn => attempt.conclude(Conclusion::AsRedeemed),
                CauseKind::OtherPerson => attempt.conclude(Conclusion::Final(self.question(seat))),
                _ => {
                    let superseded = Error::SignInEnded(SignInEnd::Superseded);
                    attempt.conclude(Conclusion::Final(self.edges.failure(&superseded, &self.seats[seat].profile)));
                }
            }
            self.delivering.retain(|attempt| !attempt.running.is_finished());
            self.delivering.push(attempt);
        }
    }

    /// What the page says when somebody else signed in: the question itself waits in the window.
    fn question(&self, seat: usize) -> Outcome {
        let (was, now) = match self.seats[seat].machine.snapshot(self.now(seat)).other_person {
            Some((was, now)) => (was.name, now.name),
            // It cannot be: the machine publishes the question when it asks it.
            None => Default::default(),
        };
        Outcome::OtherPerson { was, now }
    }

    /// Hands a redirect that came by a private-use scheme to the attempt whose `state` it bears.
    pub(super) fn deliver_redirect(
        &mut self,
        redirect_uri: &str,
        response: AuthorizationResponse,
        answer: oneshot::Sender<bool>,
    ) {
        let waits_for_it = |attempt: &&Attempt| {
            attempt.redirect_uri().is_some_and(|uri| uri.private_scheme().is_some() && uri.as_str() == redirect_uri)
        };
        let attempts = self.seats.iter().filter_map(|seat| seat.attempt.as_ref()).filter(waits_for_it);
        let candidates: Vec<_> = attempts.map(|attempt| attempt.deliveries.clone()).collect();
        self.work.spawn(async move {
            let _ = answer.send(offer(response, candidates).await);
        });
    }

    /// The redirect URIs of the profile that no other attempt waits on. Okta names no `iss` in its redirects, so the
    /// redirects of two issuers on one URI could not be told apart (RFC 9700 section 4.4).
    fn free_redirect_uris(&self, seat: usize) -> Result<Vec<RedirectUri>, Error> {
        let own = &self.seats[seat];
        let mut blocker = None;
        let mut is_free = |uri: &&RedirectUri| {
            let by = self.seats.iter().filter(|other| other.number != own.number).find(|other| {
                let waited_on = other.attempt.iter().flat_map(|attempt| &attempt.redirect_uris);
                waited_on.into_iter().any(|taken| clash((&own.profile, uri), (&other.profile, taken)))
            });
            blocker = blocker.or(by);
            by.is_none()
        };
        let free: Vec<_> = own.profile.redirect_uris.iter().filter(|uri| is_free(uri)).cloned().collect();
        match blocker {
            Some(other) if free.is_empty() => Err(Error::RedirectUriPending { by: other.profile.name.clone() }),
            _ => Ok(free),
        }
    }

    /// Has sign-ins that ended let go of such redirect URIs, should their pages still wait to be fetched.
    pub(super) fn stop_delivering(&mut self, is_wanted: impl Fn(&RedirectUri) -> bool) {
        let in_the_way = |attempt: &mut Attempt| attempt.redirect_uris.iter().any(&is_wanted);
        let mut stopped: Vec<_> = self.delivering.extract_if(.., in_the_way).collect();
        for seat in &mut self.seats {
            stopped.extend(seat.concluding.take_if(in_the_way));
        }
        for attempt in stopped {
            self.give_up(attempt);
        }
    }

    fn give_up(&mut self, attempt: Attempt) {
        attempt.running.abort();
        self.closing.push(attempt.running);
    }
}

impl Seat {
    fn attempt_mut(&mut self, id: AttemptId) -> Option<&mut Attempt> {
        self.attempt.as_mut().filter(|attempt| attempt.id == id)
    }
}

/// What the page says when tokens have arrived.
fn success(tokens: &TokenSet) -> Outcome {
    let person = tokens.id_token.as_ref().map(|id_token| Person::of(id_token.claims()));
    Outcome::SignedIn { as_whom: person.map(|person| person.name).unwrap_or_default() }
}

/// Whether the two cannot be waited on at the same time.
fn clash((profile, uri): (&Profile, &RedirectUri), (other_profile, other_uri): (&Profile, &RedirectUri)) -> bool {
    share_port(uri, other_uri) || (uri.as_str() == other_uri.as_str() && profile.issuer != other_profile.issuer)
}

fn share_port(uri: &RedirectUri, other: &RedirectUri) -> bool {
    match (uri.loopback(), other.loopback()) {
        (Some((_, port, _)), Some((_, other_port, _))) => port == other_port,
        _ => false,
    }
}

/// Offers a redirect to one attempt after another; whether one took it.
async fn offer(mut response: AuthorizationResponse, attempts: Vec<mpsc::UnboundedSender<Delivery>>) -> bool {
    for attempt in attempts {
        let (give_back, given_back) = oneshot::channel();
        response = match attempt.send(Delivery { response, give_back }) {
            Ok(()) => match given_back.await {
                Ok(Some(response)) => response,
                Ok(None) => return true,
                // The attempt was given up with the redirect in its hands.
                Err(_) => return false,
            },
            Err(mpsc::error::SendError(delivery)) => delivery.response,
        };
    }
    false
}
