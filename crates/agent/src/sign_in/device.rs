//! A sign-in on another device (RFC 8628): shows a code, and asks for the tokens until somebody has entered it. When its time
//! is up, the task gives it up as it does any other.

use std::time::Duration;

use gatepass_oidc::{DeviceAuthorizationRequest, DevicePoll, Error as OidcError, TokenSet};
use tokio::time::sleep;

use super::SignIn;
use crate::task::{News, note_what_worked, with_user_info};
use crate::{DeviceCode, Error, SignInEnd};

/// The longest pause where the server does not answer (section 3.5 lets it double each time).
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

impl SignIn {
    /// Carries it through, and returns what came of it.
    pub(super) async fn on_other_device(&mut self) -> Result<Box<TokenSet>, Error> {
        let Self { edges, profile, reporter, .. } = self;
        let provider = edges.provider(profile).await?;
        let client = edges.credentials.client_for_sign_in(profile).await?;
        let request = DeviceAuthorizationRequest { provider: &provider, client: &client, scopes: &profile.scopes };
        let mut pending = request.start(&edges.http, edges.now(profile)).await?;
        let code = DeviceCode {
            user_code: pending.user_code().to_owned(),
            verification_uri: pending.verification_uri().clone(),
            verification_uri_complete: pending.verification_uri_complete().cloned(),
        };
        reporter.tell(News::CodeGiven(self.attempt, code, pending.ends_at()));
        let mut pause = pending.interval();
        loop {
            sleep(pause).await;
            pause = match pending.poll(&provider, &client, &edges.http, edges.now(profile)).await {
                DevicePoll::Pending | DevicePoll::SlowDown => pending.interval(),
                DevicePoll::Unanswered(error) => {
                    tracing::info!(profile = %profile.id, %error, "no answer about a code");
                    let asked = match error {
                        OidcError::Busy { retry_after, .. } => retry_after.unwrap_or_default(),
                        _ => Duration::ZERO,
                    };
                    (pause * 2).clamp(pending.interval(), LONGEST_PAUSE.max(pending.interval())).max(asked)
                }
                DevicePoll::Expired => return Err(Error::SignInEnded(SignInEnd::CodeExpired)),
                DevicePoll::Finished(result) => {
                    let tokens = *result?;
                    note_what_worked(edges, profile, &tokens).await;
                    return Ok(Box::new(with_user_info(edges, profile, tokens, &provider, &client).await));
                }
            };
        }
    }
}
