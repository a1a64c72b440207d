//! A sign-in on another device (RFC 8628): shows a code, and asks for the tokens until somebody has entered it. When its time
//! is up, the task gives it up as it does any other.

use std::sync::Arc;
use std::time::Duration;

use gatepass_oidc::{
    Client, DeviceAuthorizationRequest, DevicePoll, Error as OidcError, PendingDeviceAuthorization, Provider,
};
use tokio::time::sleep;

use super::SignIn;
use crate::session::AttemptId;
use crate::task::{Edges, News, Reporter, welcome};
use crate::{AttemptStage, DeviceCode, Error, Profile, SignInEnd};

/// The longest pause where the server does not answer (section 3.5 lets it double each time).
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// One question for the tokens. It goes on where the attempt is given up meanwhile: tokens that nobody wants any more must
/// still arrive, so that they can be revoked.
struct Asking {
    pending: PendingDeviceAuthorization,
    provider: Provider,
    client: Client,
    edges: Arc<Edges>,
    profile: Arc<Profile>,
    attempt: AttemptId,
    reporter: Reporter,
}

impl SignIn {
    /// Carries it through. What comes of a code that was entered is reported by whoever asked; any other end is returned.
    pub(super) async fn on_other_device(&mut self) -> Result<(), Error> {
        let Self { edges, profile, reporter, .. } = self;
        let provider = edges.provider(profile).await?;
        let client = edges.credentials.client_for_sign_in(profile).await?;
        let asking = &profile.asking;
        let request = DeviceAuthorizationRequest {
            provider: &provider,
            client: &client,
            scopes: &profile.scopes,
            acr_values: &asking.acr_values,
            max_age: asking.max_age,
        };
        let pending = request.start(&edges.http, edges.now(profile)).await?;
        let code = DeviceCode {
            user_code: pending.user_code().to_owned(),
            verification_uri: pending.verification_uri().clone(),
            verification_uri_complete: pending.verification_uri_complete().cloned(),
        };
        reporter.tell(News::CodeGiven(self.attempt, code, pending.ends_at()));
        let mut pause = pending.interval();
        let mut asking = Asking {
            pending,
            provider,
            client,
            edges: Arc::clone(edges),
            profile: Arc::clone(profile),
            attempt: self.attempt,
            reporter: reporter.clone(),
        };
        loop {
            sleep(pause).await;
            let Ok((back, polled)) = tokio::spawn(asking.ask()).await else {
                let what = "the answer could not be read".into();
                return Err(Error::Oidc(OidcError::Nonconforming { what }));
            };
            asking = back;
            let interval = asking.pending.interval();
            pause = match polled {
                Some(DevicePoll::Pending | DevicePoll::SlowDown) => interval,
                Some(DevicePoll::Unanswered(error)) => {
                    tracing::info!(profile = %self.profile.id, %error, "no answer about a code");
                    let asked = match error {
                        OidcError::Busy { retry_after, .. } => retry_after.unwrap_or_default(),
                        _ => Duration::ZERO,
                    };
                    (pause * 2).clamp(interval, LONGEST_PAUSE.max(interval)).max(asked)
                }
                Some(DevicePoll::Expired) => return Err(Error::SignInEnded(SignInEnd::CodeExpired)),
                Some(DevicePoll::Finished(_)) | None => return Ok(()),
            };
        }
    }
}

impl Asking {
    /// Asks once. `None` where that was the end, which is reported.
    async fn ask(mut self) -> (Self, Option<DevicePoll>) {
        let Self { pending, provider, client, edges, profile, attempt, reporter } = &mut self;
        let polled = pending.poll(provider, client, &edges.http, edges.now(profile)).await;
        let DevicePoll::Finished(result) = polled else { return (self, Some(polled)) };
        // From here on there is nothing left to wait for, or to cancel.
        reporter.tell(News::Moved(*attempt, AttemptStage::Exchanging));
        let result = match result {
            Ok(tokens) => {
                welcome(edges, profile, client, &tokens).await;
                Ok(tokens)
            }
            Err(error) => Err(Error::Oidc(error)),
        };
        reporter.tell(News::SignInFinished(*attempt, result));
        (self, None)
    }
}
