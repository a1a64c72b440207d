//! Asking the server, without a browser, why a sign-in did not finish: the request that the sign-in made is handed to it
//! ahead (RFC 9126), and it says what it would otherwise show on a page of its own. What is made of that is the machine's to
//! say.

use std::slice;
use std::sync::Arc;

use gatepass_oidc::{AuthorizationRequest, Error as OidcError, RedirectUri, Timestamp};

use super::Task;
use super::command::Answer;
use super::edges::Edges;
use super::report::{News, Reporter};
use super::work::{UNREADABLE, contained};
use crate::session::{AttemptId, Input, Verdict};
use crate::sign_in::{ask_the_same, request};
use crate::{Error, Profile, ProfileId, SignInOptions};

/// What a sign-in asked through the browser.
#[derive(Clone)]
pub(crate) struct Requested {
    /// As it was then.
    pub(crate) profile: Arc<Profile>,
    pub(crate) redirect_uri: RedirectUri,
}

/// A question under way.
struct Inquiry {
    attempt: AttemptId,
    options: SignInOptions,
    requested: Option<Requested>,
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
            requested: self.seats[seat].requested.clone(),
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
        let Self { attempt, options, requested, profile, edges, reporter } = self;
        let asked = Arc::clone(&profile);
        let asking = async move { Ok(ask(&edges, &asked, options, requested.as_ref()).await) };
        let unreadable = || OidcError::Nonconforming { what: UNREADABLE.into() };
        let result = contained(asking, unreadable).await.map_err(Error::Oidc).flatten();
        if let Err(error) = &result {
            tracing::info!(profile = %profile.id, %error, "the server could not be asked why a sign-in did not finish");
        }
        reporter.tell(News::Inquired(Box::new(Inquired { attempt, options, profile, result })));
    }
}

/// Hands the request over as the profile makes it now: with the redirect URI that the sign-in had, or where the profile has
/// that no more, with one after another in the order in which a sign-in tries them, up to the first that is refused. No
/// browser is opened for one that is taken, and what would know its answer is dropped.
async fn ask(
    edges: &Edges,
    profile: &Profile,
    options: SignInOptions,
    requested: Option<&Requested>,
) -> Result<Verdict, Error> {
    let provider = edges.provider(profile).await?;
    // The key of a sign-in that comes to nothing is nobody's.
    let client = edges.credentials.client_for_sign_in(profile).await?;
    let had = requested.and_then(|it| profile.redirect_uris.iter().find(|uri| **uri == it.redirect_uri));
    for redirect_uri in had.map_or(profile.redirect_uris.as_slice(), slice::from_ref) {
        let request =
            AuthorizationRequest { push: true, ..request(profile, options, &provider, &client, redirect_uri) };
        match request.start(&edges.http, edges.now(profile)).await {
            Ok(_) => {}
            Err(error) if is_about_request(&error) => {
                return Ok(Verdict::Refused { error, redirect_uri: redirect_uri.clone() });
            }
            Err(error) => return Err(error.into()),
        }
    }
    let is_same = requested.is_none_or(|it| had.is_some() && ask_the_same(&it.profile, profile));
    Ok(if is_same { Verdict::Accepted } else { Verdict::AcceptedNow })
}

/// Whether a refusal is what the browser was shown. It is not where the server refuses to be asked: by its codes of the kind
/// `E0000022` Okta says no to any call, and an org without the Identity Engine has the feature off. Nor is it where the
/// refusal is of what the browser does not carry, and this endpoint alone looks at (RFC 9126 section 2.1): what proves the
/// client and the possession of a key. Codes are shared, so texts tell some of them apart: of what a person reads, and of
/// nothing that is done.
fn is_about_request(error: &OidcError) -> bool {
    let OidcError::Refused { code, description, .. } = error else { return false };
    let said = description.as_deref().unwrap_or_default();
    match code.as_str() {
        "invalid_client" => said.contains("'client_id' parameter"),
        "invalid_dpop_proof" | "use_dpop_nonce" => false,
        code if code.starts_with("E0") => false,
        _ => !["enabled in this environment", "client_assertion", "DPoP"].iter().any(|part| said.contains(part)),
    }
}
