//! Trading tokens for tokens without a browser (RFC 8693): for another client of the same person on this machine (OpenID
//! Connect Native SSO for Mobile Apps), and for another audience.

use crate::exchange::{Exchange, Occasion};
use crate::jws::Jws;
use crate::{
    AccessToken, Check, Client, DeviceSecret, Error, Http, IdTokenHint, Provider, Scopes, Subject, Timestamp, TokenSet,
};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const DEVICE_SECRET: &str = "urn:x-oath:params:oauth:token-type:device-secret";
/// What a token is that may be used at a resource server (RFC 8693 section 3).
pub(crate) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// A sign-in of one client out of the session of another, of the same issuer. Okta's custom authorization servers know
/// it; the session must have been granted the scope `device_sso`.
#[derive(Clone, Copy, Debug)]
pub struct NativeSso<'a> {
    /// What the other session has beside its tokens.
    pub device_secret: &'a DeviceSecret,
    /// Its ID token. One that has expired is good enough.
    pub subject_token: &'a IdTokenHint,
    /// Whose session it is. The new one must be the same person's.
    pub subject: &'a Subject,
    /// Whom the access token is for: at Okta the audience of the authorization server.
    pub audience: &'a str,
    /// What is asked for: `openid`, and `offline_access` for a session that lasts.
    pub scopes: &'a Scopes,
}

impl NativeSso<'_> {
    /// Asks for tokens for `client`, once. The answer is judged as at any sign-in, save that its ID token has no `nonce`.
    /// Where a check fails, the refresh token among the new ones is revoked.
    ///
    /// The set has the device secret that was used, or the one that came in its place: that one then takes its place in
    /// the other session as well.
    ///
    /// # Errors
    /// [`Check::Issuer`] where the ID token is another issuer's: then nothing is sent. [`Error::Refused`] with
    /// `invalid_grant` where the device secret has ended, or where this client demands more of a sign-in than the other
    /// did: the browser helps with both.
    pub async fn exchange(
        self,
        provider: &Provider,
        client: &Client,
        http: &Http,
        now: Timestamp,
    ) -> Result<TokenSet, Error> {
        let subject_token = self.subject_token.expose();
        let issued_by = Jws::parse(subject_token).and_then(|jws| Some(jws.claims.get("iss")?.as_str()?.to_owned()));
        if issued_by.as_deref() != Some(provider.issuer().as_str()) {
            return Err(Error::Untrusted(Check::Issuer));
        }
        let scopes = self.scopes.to_string();
        let form = [
            ("grant_type", GRANT_TYPE),
            ("actor_token", self.device_secret.expose()),
            ("actor_token_type", DEVICE_SECRET),
            ("subject_token", subject_token),
            ("subject_token_type", ID_TOKEN),
            ("scope", &scopes),
            ("audience", self.audience),
        ];
        let exchange = Exchange { provider, client, http, now };
        let response = exchange.ask(&form).await?;
        let device_secret = self.device_secret.clone();
        let occasion = Occasion::NativeSso { subject: self.subject, device_secret, scopes: self.scopes };
        exchange.judge_fresh(response, occasion).await
    }
}

/// An access token for somebody else than the one in hand is for, of the same session.
#[derive(Clone, Copy, Debug)]
pub struct AccessTokenExchange<'a> {
    /// The access token in hand.
    pub access_token: &'a AccessToken,
    /// Whose session it is.
    pub subject: &'a Subject,
    /// Whom the new one is for.
    pub audience: &'a str,
    /// What it is to allow.
    pub scopes: &'a Scopes,
}

impl AccessTokenExchange<'_> {
    /// Asks, once. The set has no ID token unless the server sends one, which is then judged; where a check fails, a
    /// refresh token among the new ones is revoked.
    ///
    /// # Errors
    /// [`Check::TokenType`] where what came is no access token.
    pub async fn exchange(
        self,
        provider: &Provider,
        client: &Client,
        http: &Http,
        now: Timestamp,
    ) -> Result<TokenSet, Error> {
        let scopes = self.scopes.to_string();
        let form = [
            ("grant_type", GRANT_TYPE),
            ("subject_token", self.access_token.expose()),
            ("subject_token_type", ACCESS_TOKEN),
            ("scope", &scopes),
            ("audience", self.audience),
        ];
        let exchange = Exchange { provider, client, http, now };
        let response = exchange.ask(&form).await?;
        let occasion = Occasion::AccessTokenExchange { subject: self.subject, scopes: self.scopes };
        exchange.judge_fresh(response, occasion).await
    }
}

#[cfg(test)]
mod tests;
