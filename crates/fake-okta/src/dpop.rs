//! DPoP proofs (RFC 9449), judged in Okta's words: at the token endpoint with a nonce, at a resource with the hash of
//! the access token.

use serde_json::{Map, Value};

use crate::call::Call;
use crate::jwt::{Jwt, digest};
use crate::keys::random_value;
use crate::lock;

/// How old a proof may be, in seconds.
const MAX_AGE: i64 = 300;
/// How far ahead a proof may be, in seconds: what rounding makes of two clocks that agree.
const MAX_AHEAD: i64 = 1;
/// How long a nonce is the newest, in seconds.
const NONCE_PERIOD: i64 = 24 * 3600;
/// For how many periods an older nonce still works.
const OLD_NONCES: i64 = 3;

/// The nonces of a server. Each is made from a secret and the day, so that none need be kept.
pub(crate) struct Nonces(String);

/// `error` and `error_description` of a proof that does not count.
pub(crate) type Refusal = (&'static str, &'static str);

impl Nonces {
    pub(crate) fn new() -> Self {
        Self(random_value())
    }

    /// The newest.
    pub(crate) fn current(&self, now: i64) -> String {
        self.of(now / NONCE_PERIOD)
    }

    fn is_good(&self, nonce: &str, now: i64) -> bool {
        let period = now / NONCE_PERIOD;
        (period - OLD_NONCES..=period).any(|period| self.of(period) == nonce)
    }

    fn of(&self, period: i64) -> String {
        digest(&format!("{} {period}", self.0))
    }
}

/// The thumbprint of the key that a token request proves to have; `None` if it has no proof.
pub(crate) fn at_token_endpoint(call: &Call<'_>) -> Result<Option<String>, Refusal> {
    let Some(jwt) = proof(call)? else { return Ok(None) };
    let thumbprint = examine(call, &jwt)?;
    let nonce = jwt.claim("nonce");
    if !nonce.is_some_and(|nonce| lock(&call.shared.nonces).is_good(nonce, call.now)) {
        // The normal first step, and what a nonce comes to in three days.
        return Err(("use_dpop_nonce", "Authorization server requires nonce in DPoP proof."));
    }
    Ok(Some(thumbprint))
}

/// The thumbprint of the key that a request with this access token proves to have; `None` if it has no proof.
pub(crate) fn at_resource(call: &Call<'_>, access_token: &str) -> Result<Option<String>, Refusal> {
    let Some(jwt) = proof(call)? else { return Ok(None) };
    let thumbprint = examine(call, &jwt)?;
    if jwt.claim("ath") != Some(&digest(access_token)) {
        return wrong(call, "'ath' claim in the DPoP proof does not match the presented access_token.");
    }
    Ok(Some(thumbprint))
}

/// Records the request as unexpected and refuses the proof.
pub(crate) fn wrong<T>(call: &Call<'_>, text: &'static str) -> Result<T, Refusal> {
    call.unexpected(text);
    Err(("invalid_dpop_proof", text))
}

fn proof<'a>(call: &'a Call<'_>) -> Result<Option<Jwt<'a>>, Refusal> {
    let mut proofs = call.request.headers.iter().filter(|(name, _)| name == "dpop");
    let Some((_, proof)) = proofs.next() else { return Ok(None) };
    if proofs.next().is_some() {
        return wrong(call, "Multiple DPoP proof JWT headers are not allowed.");
    }
    match Jwt::parse(proof) {
        Some(jwt) => Ok(Some(jwt)),
        None => wrong(call, "The DPoP proof JWT cannot be parsed."),
    }
}

/// RFC 9449 section 4.3, but for nonce and access token. A clock that is wrong is not recorded as unexpected.
fn examine(call: &Call<'_>, jwt: &Jwt<'_>) -> Result<String, Refusal> {
    if jwt.header("typ") != Some("dpop+jwt") {
        return wrong(call, "'typ' must be 'dpop+jwt' in the DPoP proof JWT.");
    }
    if !jwt.has_known_algorithm() {
        return wrong(call, "The DPoP proof JWT signature algorithm is invalid.");
    }
    let Some((key, thumbprint)) = jwt.header.get("jwk").and_then(|key| Some((key, thumbprint(key.as_object()?)?)))
    else {
        return wrong(call, "The DPoP proof JWT is invalid.");
    };
    if !jwt.is_signed_by(key) {
        return wrong(call, "The DPoP proof JWT signature is invalid.");
    }
    if jwt.claim("htm") != Some(&call.request.method) {
        return wrong(call, "'htm' claim in the DPoP proof JWT is invalid.");
    }
    if jwt.claim("htu") != Some(&call.url()) {
        return wrong(call, "'htu' claim in the DPoP proof JWT is invalid.");
    }
    let Some(issued_at) = jwt.time("iat") else {
        return wrong(call, "'iat' claim in the DPoP proof JWT is invalid.");
    };
    let clocks_fault = |text| Err(("invalid_dpop_proof", text));
    if issued_at > call.now + MAX_AHEAD {
        return clocks_fault("The DPoP proof JWT is issued in the future.");
    }
    if issued_at < call.now - MAX_AGE {
        return clocks_fault("The DPoP proof JWT is issued more than five minutes in the past.");
    }
    if jwt.time("exp").is_some_and(|end| end <= call.now) {
        return clocks_fault("The DPoP proof JWT is expired.");
    }
    let Some(id) = jwt.claim("jti").filter(|id| !id.is_empty()) else {
        return wrong(call, "'jti' claim in the DPoP proof JWT is invalid.");
    };
    if !lock(&call.shared.store).is_first_use(format!("proof {thumbprint} {id}")) {
        return wrong(call, "The DPoP proof JWT has already been used.");
    }
    Ok(thumbprint)
}

/// The thumbprint (RFC 7638) of a public key with exactly the members that it needs: neither a private one, which must
/// not be sent, nor any other, which SDKs were seen to fail with.
fn thumbprint(key: &Map<String, Value>) -> Option<String> {
    // What could end the text early is no number of a key, and so has no signature that counts.
    let member = |name: &str| key.get(name)?.as_str();
    let (text, n_members) = match member("kty")? {
        "EC" => {
            let (curve, x, y) = (member("crv")?, member("x")?, member("y")?);
            (format!(r#"{{"crv":"{curve}","kty":"EC","x":"{x}","y":"{y}"}}"#), 4)
        }
        "RSA" => (format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, member("e")?, member("n")?), 3),
        _ => return None,
    };
    (key.len() == n_members).then(|| digest(&text))
}
