//! One exchange with the token endpoint, and the judgement of its answer. Sign-in and refresh meet here: what differs
//! between them is an [`Occasion`].

use secrecy::{ExposeSecret, SecretString};

use crate::id_token::Expected;
use crate::jws::Jws;
use crate::okta::{ServerKind, server_kind};
use crate::token_response::TokenResponse;
use crate::{
    AccessToken, AccessTokenClaims, AccessTokenContent, Check, Client, Error, Http, IdToken, Opaque, Provider,
    Timestamp, TokenSet, TokenType,
};
use occasion::Measure;
pub(crate) use occasion::Occasion;
use post::Answer;

mod fresh;
mod occasion;
mod post;

/// Whom to ask, as whom, how, and when.
#[derive(Clone, Copy)]
pub(crate) struct Exchange<'a> {
    pub provider: &'a Provider,
    pub client: &'a Client,
    pub http: &'a Http,
    pub now: Timestamp,
}

impl Exchange<'_> {
    /// Asks the token endpoint, once, and reads the answer.
    pub async fn ask(self, form: &[(&str, &str)]) -> Result<TokenResponse, Error> {
        let Answer { reply, credential } = self.post_token_request(form).await?;
        let server_time = reply.server_time;
        let body = reply.token_response()?;
        Ok(TokenResponse { credential, ..TokenResponse::read(body, self.now, server_time) })
    }

    /// Judges an answer and makes it a token set.
    pub async fn judge(self, response: TokenResponse, occasion: Occasion<'_>) -> Result<TokenSet, Error> {
        let token_type = self.token_type(&response);
        let access_token = response.access_token.ok_or_else(|| Error::nonconforming("no access token"))?;
        let token_type = token_type.ok_or(Error::Untrusted(Check::TokenType))?;
        let measure = Measure::from(occasion);
        measure.check_issued_token_type(response.issued_token_type.as_deref())?;
        let id_token = match response.id_token {
            Some(raw) => {
                let access_token = access_token.expose();
                let (nonce, subject, server_time) = (measure.nonce, measure.subject, response.server_time);
                let expected = Expected { nonce, subject, access_token, server_time };
                let id_token = self.verify_id_token(raw, expected).await?;
                if let Some(demands) = measure.demands {
                    demands.check(id_token.claims(), server_time)?;
                }
                Some(id_token)
            }
            None if measure.needs_id_token => return Err(Error::nonconforming("no ID token")),
            None => measure.id_token,
        };
        let access_token_content = self.look_inside(&access_token).await;
        if let (TokenType::Dpop { jkt }, AccessTokenContent::Verified(claims)) = (&token_type, &access_token_content)
            && claims.key_thumbprint() != Some(jkt)
        {
            return Err(Error::Untrusted(Check::KeyBinding));
        }
        Ok(TokenSet {
            access_token,
            token_type,
            access_token_content,
            refresh_token: response.refresh_token.or(measure.refresh_token),
            device_secret: response.device_secret.or(measure.device_secret),
            id_token,
            scopes: response.scopes.unwrap_or_else(|| measure.scopes.clone()),
            received_at: response.received_at,
            expires_at: response.expires_in.map(|lifetime| response.received_at + lifetime),
            credential: response.credential,
        })
    }

    /// How the access token is to be used: as it was asked for, or `None`. A server that answers `Bearer` to a proof does
    /// not bind the token to our key (RFC 9449 section 5), and one that answers `DPoP` to none binds it to another.
    fn token_type(self, response: &TokenResponse) -> Option<TokenType> {
        match &self.client.dpop_key {
            Some(key) => response.has_type("DPoP").then(|| TokenType::Dpop { jkt: key.thumbprint().to_owned() }),
            None => response.has_type("Bearer").then_some(TokenType::Bearer),
        }
    }

    /// Verifies an ID token in the order of OIDC Core section 3.1.3.7: whose it is and for whom, then its signature,
    /// then its times and what ties it to this exchange. What fails early leaves no request for keys behind.
    async fn verify_id_token(self, raw: SecretString, expected: Expected<'_>) -> Result<IdToken, Error> {
        let metadata = self.provider.metadata();
        let jws =
            Jws::parse(raw.expose_secret()).ok_or_else(|| Error::nonconforming("the ID token is not a signed JWT"))?;
        crate::id_token::check_parties(&jws.claims, &metadata.issuer, &self.client.id)?;
        let algorithm = jws
            .algorithm_name()
            .filter(|name| metadata.id_token_algorithms.iter().any(|announced| announced == name))
            .ok_or(Error::Untrusted(Check::Algorithm))?;
        let key = self.provider.keys().verify(&jws, self.http, self.now).await?;
        let claims = crate::id_token::check_content(&jws.claims, algorithm, key.key_id, expected)?;
        drop(jws);
        Ok(IdToken::verified(claims, raw))
    }

    /// What may be said of the access token. An org server's is not looked into: Okta may change its form any day.
    async fn look_inside(self, token: &AccessToken) -> AccessTokenContent {
        let issuer = self.provider.issuer();
        if server_kind(issuer) == ServerKind::Org {
            return AccessTokenContent::Opaque(Opaque::OrgServer);
        }
        let Some(jws) = Jws::parse(token.expose()) else {
            return AccessTokenContent::Opaque(Opaque::NotJwt);
        };
        let named = jws.claims.get("iss").and_then(serde_json::Value::as_str) == Some(issuer.as_str());
        let (Some(algorithm), true) = (jws.algorithm_name().map(str::to_owned), named) else {
            return AccessTokenContent::Opaque(Opaque::Unverified);
        };
        match self.provider.keys().verify(&jws, self.http, self.now).await {
            Ok(key) => {
                AccessTokenContent::Verified(AccessTokenClaims { algorithm, key_id: key.key_id, all: jws.claims })
            }
            Err(_) => AccessTokenContent::Opaque(Opaque::Unverified),
        }
    }
}

#[cfg(test)]
mod tests;
