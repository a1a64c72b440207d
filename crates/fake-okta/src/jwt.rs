//! Signed tokens that a client makes: client assertions and DPoP proofs. ES256 and RS256, by the crates that compute
//! them and nothing in between, so that no library that the client uses judges itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::{BigUint, RsaPublicKey};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// The algorithms that a client may sign with here.
pub(crate) const ALGORITHMS: [&str; 2] = ["ES256", "RS256"];

/// A JWT in compact form (RFC 7515 section 7.1), taken apart and not verified.
pub(crate) struct Jwt<'a> {
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    message: &'a str,
    signature: Vec<u8>,
}

impl<'a> Jwt<'a> {
    /// Takes it apart; `None` if it is no JWT with a JSON object in each half.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (message, signature) = text.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let object = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        Some(Self { header: object(header)?, claims: object(claims)?, message, signature })
    }

    /// A member of the header that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name)?.as_str()
    }

    /// A claim that is text.
    pub(crate) fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// A claim that is a whole number of seconds.
    pub(crate) fn time(&self, name: &str) -> Option<i64> {
        self.claims.get(name)?.as_i64()
    }

    /// Whether the algorithm of the header is one of [`ALGORITHMS`].
    pub(crate) fn has_known_algorithm(&self) -> bool {
        self.header("alg").is_some_and(|alg| ALGORITHMS.contains(&alg))
    }

    /// Whether the public key `jwk` vouches for it, with the algorithm of its header.
    pub(crate) fn is_signed_by(&self, jwk: &Value) -> bool {
        match (self.header("alg"), jwk["kty"].as_str()) {
            (Some("ES256"), Some("EC")) => self.is_signed_by_curve(jwk).is_some(),
            (Some("RS256"), Some("RSA")) => self.is_signed_by_rsa(jwk).is_some(),
            _ => false,
        }
    }

    fn is_signed_by_curve(&self, jwk: &Value) -> Option<()> {
        use p256::ecdsa::signature::Verifier as _;
        use p256::ecdsa::{Signature, VerifyingKey};

        if jwk["crv"] != "P-256" {
            return None;
        }
        // Uncompressed, as SEC 1 section 2.3.3 writes a point.
        let point = [vec![4], number(jwk, "x")?, number(jwk, "y")?].concat();
        let key = VerifyingKey::from_sec1_bytes(&point).ok()?;
        key.verify(self.message.as_bytes(), &Signature::from_slice(&self.signature).ok()?).ok()
    }

    fn is_signed_by_rsa(&self, jwk: &Value) -> Option<()> {
        use rsa::pkcs1v15::{Signature, VerifyingKey};
        use rsa::signature::Verifier as _;

        let big = |name| Some(BigUint::from_bytes_be(&number(jwk, name)?));
        let key = VerifyingKey::<Sha256>::new(RsaPublicKey::new(big("n")?, big("e")?).ok()?);
        key.verify(self.message.as_bytes(), &Signature::try_from(self.signature.as_slice()).ok()?).ok()
    }
}

fn number(jwk: &Value, name: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(jwk[name].as_str()?).ok()
}

/// SHA-256 in base64url, as thumbprints and hashes of tokens are written.
pub(crate) fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}
