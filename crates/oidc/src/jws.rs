//! A signed JWT in its compact form (RFC 7515 section 7.1), taken apart and not yet believed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::CoreJwsSigningAlgorithm;
use serde_json::{Map, Value};

/// Header, claims and signature of a token. Nothing of it is true until [`crate::keys::Keys::verify`] says so.
pub(crate) struct Jws<'a> {
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
    /// What the signature is over: header and payload as they were sent.
    pub signed: &'a str,
    pub signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Takes a token apart; `None` where it is not three parts of base64url with two JSON objects in front.
    pub fn parse(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let object = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        Some(Self {
            header: object(header)?,
            claims: object(payload)?,
            signed,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// `alg` as the header names it.
    pub fn algorithm_name(&self) -> Option<&str> {
        self.header.get("alg")?.as_str()
    }

    /// `alg`, if it is one that an authorization server may sign with. The names are compared to the letter, and `none`
    /// and the symmetric ones are not among them: a public client shares no secret (RFC 8725 section 3.1).
    pub fn algorithm(&self) -> Option<CoreJwsSigningAlgorithm> {
        match self.algorithm_name()? {
            "RS256" => Some(CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256),
            "ES256" => Some(CoreJwsSigningAlgorithm::EcdsaP256Sha256),
            _ => None,
        }
    }

    /// `kid`, where there is one.
    pub fn key_id(&self) -> Option<&str> {
        self.header.get("kid")?.as_str()
    }
}

#[cfg(test)]
mod tests;
