//! Trading the session's access token for one that is for another audience (RFC 8693). Nothing of the session changes by it,
//! and nothing of it is kept.

use std::sync::Arc;

use gatepass_oidc::{AccessToken, AccessTokenExchange, Client, Error as OidcError, RevocationTarget, Subject};

use super::Task;
use super::command::Answer;
use super::edges::Edges;
use super::seat::Held;
use super::work::{UNREADABLE, contained};
use crate::session::Generation;
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
        Ok(Exchange {
            edges: Arc::clone(&self.edges),
            of: Arc::clone(&seat.profile),
            at: Arc::new(at),
            audience,
            access_token,
            subject: predecessor.subject,
            generation: seat.machine.generation(),
            held: seat.held.clone(),
        })
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
    /// Of the session whose access token it is.
    generation: Generation,
    held: Held,
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
            Error::Exchange(error)
        })?
    }

    async fn exchange(self, client: Client) -> Result<Result<GrantedToken, Error>, OidcError> {
        let Self { edges, at, audience, access_token, subject, generation, held, .. } = self;
        let provider = edges.provider(&at).await?;
        let FurtherAudience { audience, scopes, .. } = &audience;
        let exchange = AccessTokenExchange { access_token: &access_token, subject: &subject, audience, scopes };
        let tokens = exchange.exchange(&provider, &client, &edges.http, edges.now(&at)).await?;
        let is_over = !held.is(generation);
        // A refresh token was not asked for, and nobody keeps it. Of a session that was signed out meanwhile nothing is to
        // live on. What stays alive where this fails ends soon by itself.
        let unwanted = match (&tokens.refresh_token, is_over) {
            (Some(unasked), _) => Some(RevocationTarget::RefreshToken(unasked)),
            (None, true) => Some(RevocationTarget::AccessToken(&tokens.access_token)),
            (None, false) => None,
        };
        if let Some(target) = unwanted {
            let _ = gatepass_oidc::revoke(target, &provider, &client, &edges.http, edges.now(&at)).await;
        }
        if is_over {
            return Ok(Err(Error::SignInRequired(SignedOutReason::SignedOut)));
        }
        Ok(Ok(GrantedToken {
            access_token: tokens.access_token,
            token_type: tokens.token_type,
            expires_at: tokens.expires_at,
            id_token: None,
        }))
    }
}
