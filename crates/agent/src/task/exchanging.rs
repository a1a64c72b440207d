//! Trading the session's access token for one that is for another audience (RFC 8693). Nothing of the session changes by it,
//! and nothing of it is kept.

use std::sync::Arc;

use gatepass_oidc::{AccessToken, AccessTokenExchange, Client, Error as OidcError, RevocationTarget, Subject};

use super::Task;
use super::command::Answer;
use super::edges::Edges;
use super::work::{UNREADABLE, contained};
use crate::{Error, FurtherAudience, GrantedToken, Profile, ProfileId, SignedOutReason};

impl Task {
    /// Exchanges `access_token` for one of the profile's further audiences, and answers.
    pub(super) fn exchange_token(
        &mut self,
        profile: &ProfileId,
        audience: &str,
        access_token: AccessToken,
        answer: Answer<GrantedToken>,
    ) {
        match self.exchange_for(profile, audience, access_token) {
            Ok(exchange) => {
                self.work.spawn(async move {
                    let _ = answer.send(exchange.run().await);
                });
            }
            Err(error) => drop(answer.send(Err(error))),
        }
    }

    fn exchange_for(&self, profile: &ProfileId, audience: &str, access_token: AccessToken) -> Result<Exchange, Error> {
        let seat = &self.seats[self.find(profile)?];
        let known = seat.profile.further_audiences.iter().find(|known| known.audience == audience);
        let audience = known.ok_or(Error::NoSuchAudience)?.clone();
        // Signed out since the token was granted.
        let predecessor = seat.machine.predecessor().ok_or(Error::SignInRequired(SignedOutReason::SignedOut))?;
        let at = Profile { issuer: audience.issuer.clone(), ..Profile::clone(&seat.profile) };
        let (edges, of) = (Arc::clone(&self.edges), Arc::clone(&seat.profile));
        Ok(Exchange { edges, of, at: Arc::new(at), audience, access_token, subject: predecessor.subject })
    }
}

/// One exchange.
struct Exchange {
    edges: Arc<Edges>,
    /// Whose session it is.
    of: Arc<Profile>,
    /// The same at the other server, which knows the same client: never to be asked for credentials by, whose record is
    /// of the first.
    at: Arc<Profile>,
    audience: FurtherAudience,
    access_token: AccessToken,
    subject: Subject,
}

impl Exchange {
    async fn run(self) -> Result<GrantedToken, Error> {
        let (edges, of, at) = (Arc::clone(&self.edges), Arc::clone(&self.of), Arc::clone(&self.at));
        let client = edges.credentials.client(&of).await?;
        let unreadable = || OidcError::Nonconforming { what: UNREADABLE.into() };
        let exchanged = contained(self.exchange(client), unreadable).await;
        exchanged.map_err(|error| {
            tracing::info!(profile = %of.id, %error, "no token for another audience");
            edges.doubt_provider(&at, &error);
            error.into()
        })
    }

    async fn exchange(self, client: Client) -> Result<GrantedToken, OidcError> {
        let Self { edges, at, audience, access_token, subject, .. } = self;
        let provider = edges.provider(&at).await?;
        let FurtherAudience { audience, scopes, .. } = &audience;
        let exchange = AccessTokenExchange { access_token: &access_token, subject: &subject, audience, scopes };
        let tokens = exchange.exchange(&provider, &client, &edges.http, edges.now(&at)).await?;
        // It was not asked for, and nobody keeps it. That it stays alive where this fails is the server's doing.
        if let Some(unasked) = &tokens.refresh_token {
            let target = RevocationTarget::RefreshToken(unasked);
            let _ = gatepass_oidc::revoke(target, &provider, &client, &edges.http, edges.now(&at)).await;
        }
        Ok(GrantedToken {
            access_token: tokens.access_token,
            token_type: tokens.token_type,
            expires_at: tokens.expires_at,
            id_token: None,
        })
    }
}
