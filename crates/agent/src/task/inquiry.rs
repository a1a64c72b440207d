//! Asking the server, without a browser, why a sign-in did not finish: the request that the sign-in made is handed to it
//! ahead (RFC 9126), and it says what it would otherwise show on a page of its own. What is made of that is the machine's to
//! say.

use std::sync::Arc;

use gatepass_oidc::{AuthorizationRequest, Error as OidcError, Timestamp};

use super::Task;
use super::command::Answer;
use super::edges::Edges;
use super::report::{News, Reporter};
use super::work::{UNREADABLE, contained};
use crate::session::{AttemptId, Input, Verdict};
use crate::sign_in::request;
use crate::{Error, Profile, ProfileId, SignInOptions};

/// A question under way.
struct Inquiry {
    attempt: AttemptId,
    options: SignInOptions,
    profile: Arc<Profile>,
    edges: Arc<Edges>,
    reporter: Reporter,
}

/// What came of it.
pub(crate) struct Inquired {
    attempt: AttemptId,
    options: SignInOptions,
    /// As it was when the server was asked.
    profile: Arc<Profile>,
    result: Result<Verdict, Error>,
}

impl Task {
    pub(super) fn find_out(&mut self, profile: &ProfileId, answer: Answer<()>) {
        let seat = match self.find(profile) {
            Ok(seat) => seat,
            Err(error) => return drop(answer.send(Err(error))),
        };
        self.step(seat, self.now(seat), Input::InquiryRequested);
        match self.seats[seat].machine.inquiry() {
            Some(attempt) => self.seats[seat].inquirers.push((attempt, answer)),
            None => drop(answer.send(Ok(()))),
        }
    }

    pub(super) fn inquire(&mut self, seat: usize, attempt: AttemptId, options: SignInOptions) {
        let inquiry = Inquiry {
            attempt,
            options,
            profile: Arc::clone(&self.seats[seat].profile),
            edges: Arc::clone(&self.edges),
            reporter: self.reporter(seat),
        };
        // Nobody waits for it who quits.
        drop(tokio::spawn(inquiry.run()));
    }

    pub(super) fn inquired(&mut self, seat: usize, now: Timestamp, inquired: Inquired) {
        let Inquired { attempt, options, profile, result } = inquired;
        let is_awaited = self.seats[seat].machine.inquiry() == Some(attempt);
        // What was said of the profile is not said of it as it was edited meanwhile.
        if is_awaited && !Arc::ptr_eq(&profile, &self.seats[seat].profile) {
            return self.inquire(seat, attempt, options);
        }
        let (verdict, told) = match result {
            Ok(verdict) => (Some(verdict), Ok(())),
            // A sign-in that was begun since will meet the same, and says it.
            Err(error) => (None, if is_awaited { Err(error) } else { Ok(()) }),
        };
        self.step(seat, now, Input::InquiryFinished(attempt, verdict));
        self.tell();
        for (_, answer) in self.seats[seat].inquirers.extract_if(.., |(of, _)| *of <= attempt) {
            let _ = answer.send(told.clone());
        }
    }
}

impl Inquiry {
    /// Asks, and reports.
    async fn run(self) {
        let Self { attempt, options, profile, edges, reporter } = self;
        let asked = Arc::clone(&profile);
        let asking = async move { Ok(ask(&edges, &asked, options).await) };
        let unreadable = || OidcError::Nonconforming { what: UNREADABLE.into() };
        let result = contained(asking, unreadable).await.map_err(Error::Oidc).flatten();
        if let Err(error) = &result {
            tracing::info!(profile = %profile.id, %error, "the server could not be asked why a sign-in did not finish");
        }
        reporter.tell(News::Inquired(Box::new(Inquired { attempt, options, profile, result })));
    }
}

/// Hands the request over with one redirect URI after another, in the order in which a sign-in tries them, up to the first
/// that is refused. No browser is opened for one that is taken, and what would know its answer is dropped.
async fn ask(edges: &Edges, profile: &Profile, options: SignInOptions) -> Result<Verdict, Error> {
    let provider = edges.provider(profile).await?;
    // The key of a sign-in that comes to nothing is nobody's.
    let client = edges.credentials.client_for_sign_in(profile).await?;
    for redirect_uri in &profile.redirect_uris {
        let request =
            AuthorizationRequest { push: true, ..request(profile, options, &provider, &client, redirect_uri) };
        match request.start(&edges.http, edges.now(profile)).await {
            Ok(_) => {}
            Err(error) if is_about_request(&error) => return Ok(Verdict::Refused(error)),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Verdict::Accepted)
}

/// Whether the server refuses the request rather than to be asked: by its codes of the kind `E0000022` Okta says no to any
/// call, before it looks at what is asked for.
fn is_about_request(error: &OidcError) -> bool {
    matches!(error, OidcError::Refused { code, .. } if !code.starts_with("E0"))
}
