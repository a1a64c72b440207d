//! Signing a profile in out of the session of another one, without a browser (OpenID Connect Native SSO for Mobile Apps):
//! whether there is something to try it with, the exchange, and whether the browser is needed after all.
//!
//! The device secret and the ID token of a session are sent to its own issuer alone.

use std::sync::Arc;

use gatepass_oidc::{Client, Error as OidcError, NativeSso, Scopes, TokenSet};
use tokio::sync::oneshot;

use super::Task;
use super::edges::Edges;
use super::report::{News, Reporter};
use super::work::{UNREADABLE, contained, welcome};
use crate::session::{AttemptId, Shareable};
use crate::{Asking, Error, Profile, SignInOptions, SignInWay};

/// What asks for a device secret, and so for a session that others can be signed in out of.
const DEVICE_SSO: &str = "device_sso";

/// A try that is under way.
pub(crate) struct Sharing(oneshot::Receiver<NeedsBrowser>);

struct NeedsBrowser;

impl Sharing {
    /// Waits for what comes of it. False where the attempt has ended by it.
    pub(crate) async fn needs_browser(self) -> bool {
        self.0.await.is_ok()
    }
}

impl Task {
    /// Tries a sign-in without a browser, if the profile names a session that has what is needed.
    pub(super) fn begin_sharing(&mut self, seat: usize, attempt: AttemptId, options: SignInOptions) -> Option<Sharing> {
        let (shareable, from) = self.shareable_for(seat, options)?;
        let (needs_browser, sharing) = oneshot::channel();
        let exchange = Exchange {
            edges: Arc::clone(&self.edges),
            profile: Arc::clone(&self.seats[seat].profile),
            attempt,
            shareable,
            from,
            reporter: self.reporter(seat),
        };
        // Beside the attempt, so that what comes after a cancel is revoked.
        self.work.spawn(exchange.run(needs_browser));
        Some(Sharing(sharing))
    }

    /// What the profile can be signed in with, and whose it is.
    fn shareable_for(&self, seat: usize, options: SignInOptions) -> Option<(Shareable, Reporter)> {
        let profile = &self.seats[seat].profile;
        if options.as_someone_else || options.way != SignInWay::Browser || has_demands(&profile.asking) {
            return None;
        }
        let from = self.find(profile.asking.sign_in_with.as_ref()?).ok().filter(|from| *from != seat)?;
        if self.seats[from].profile.issuer != profile.issuer {
            return None;
        }
        Some((self.seats[from].machine.shareable()?, self.reporter(from)))
    }
}

/// Whether the profile says what the person must do in the browser, or how: a token that was exchanged cannot tell.
fn has_demands(asking: &Asking) -> bool {
    asking.prompt.is_some() || asking.max_age.is_some() || !asking.acr_values.is_empty()
}

/// One exchange.
struct Exchange {
    edges: Arc<Edges>,
    profile: Arc<Profile>,
    attempt: AttemptId,
    shareable: Shareable,
    /// Tells the session that it is taken from.
    from: Reporter,
    reporter: Reporter,
}

impl Exchange {
    /// Asks once, and reports what came of it, or says that the browser is needed.
    async fn run(self, needs_browser: oneshot::Sender<NeedsBrowser>) {
        let Self { profile, attempt, reporter, .. } = &self;
        let (profile, attempt, reporter) = (Arc::clone(profile), *attempt, reporter.clone());
        let edges = Arc::clone(&self.edges);
        let Ok(client) = edges.credentials.client_for_sign_in(&profile).await else {
            // The browser is not opened without it either, and why is told there.
            let _ = needs_browser.send(NeedsBrowser);
            return;
        };
        let unreadable = || OidcError::Nonconforming { what: UNREADABLE.into() };
        let result = match contained(self.tokens(client), unreadable).await {
            Ok(tokens) => Ok(Box::new(tokens)),
            Err(error) => {
                tracing::info!(profile = %profile.id, %error, "not signed in out of another session");
                edges.doubt_provider(&profile, &error);
                if can_browser_help(&error) {
                    // An attempt that was given up needs nothing.
                    let _ = needs_browser.send(NeedsBrowser);
                    return;
                }
                Err(Error::Oidc(error))
            }
        };
        reporter.tell(News::SignInFinished(attempt, result));
    }

    async fn tokens(self, client: Client) -> Result<TokenSet, OidcError> {
        let Self { edges, profile, shareable, from, .. } = self;
        let provider = edges.provider(&profile).await?;
        // The device secret is the other session's, and stays there.
        let scopes: Scopes = profile.scopes.iter().filter(|scope| scope.as_str() != DEVICE_SSO).cloned().collect();
        let exchange = NativeSso {
            device_secret: &shareable.device_secret,
            subject_token: &shareable.id_token_hint,
            subject: &shareable.subject,
            audience: &shareable.audience,
            scopes: &scopes,
        };
        let mut tokens = exchange.exchange(&provider, &client, &edges.http, edges.now(&profile)).await?;
        if let Some(secret) = tokens.device_secret.take_if(|new| new.expose() != shareable.device_secret.expose()) {
            from.tell(News::DeviceSecretArrived(shareable.generation, secret));
        }
        tokens.device_secret = None;
        welcome(&edges, &profile, &client, &tokens).await;
        Ok(tokens)
    }
}

/// Whether the same click can go on in the browser: wherever the server was reached.
fn can_browser_help(error: &OidcError) -> bool {
    match error {
        OidcError::Refused { .. } | OidcError::Nonconforming { .. } | OidcError::Untrusted(_) => true,
        OidcError::Unreachable { .. } | OidcError::Obstructed { .. } | OidcError::Busy { .. } => false,
    }
}
