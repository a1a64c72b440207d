//! What a vault record says and whose it is. It owns the record's format, which is private and versioned, and the rule
//! that a refresh token is sent nowhere but where it came from: a record names issuer, client ID and machine, and one
//! that names others is not used, whatever a profile was edited, imported or renamed to.

use std::io;

use gatepass_oidc::{DeviceSecret, IdTokenHint, RefreshToken, Subject};
use serde::{Deserialize, Serialize};
use serde_json::ser::Formatter;
use zeroize::Zeroizing;

use crate::session::Kept;
use crate::{Person, Profile, SecretRecord};

const VERSION: u64 = 1;

/// Bytes that every keyring takes: the Windows credential manager has room for 2,560.
const MAX_BYTES: usize = 2_000;

/// Characters of a name or an address. They are for display until the first renewal brings them again; a long one must
/// not leave the refresh token without room.
const MAX_NAME: usize = 200;

/// What a record turned out to be.
#[derive(Debug)]
pub(crate) enum Decoded {
    /// Ours.
    Kept(Kept),
    /// It belongs to another issuer, client or machine.
    Foreign,
    /// Damaged, or of an unknown version.
    Corrupt,
}

/// The record as JSON. No `Debug`: it is a secret.
#[derive(Clone, Serialize, Deserialize)]
struct Record {
    v: u64,
    issuer: String,
    client_id: String,
    machine: String,
    refresh_token: Zeroizing<String>,
    subject: String,
    name: String,
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token_hint: Option<Zeroizing<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_secret: Option<Zeroizing<String>>,
}

/// The record of what is kept, as ASCII: KDE's keyring and Windows' take other text only changed. Where the
/// whole would be over 2,000 bytes the ID-token hint is left out, and then the device secret: the hint comes again with the
/// first renewal, which is needed before another client can be signed in; the secret comes at sign-ins alone, and without
/// it a sign-out could not end what began by it.
pub(crate) fn encode(profile: &Profile, machine: &str, kept: &Kept) -> SecretRecord {
    let mut record = Record {
        v: VERSION,
        issuer: profile.issuer.as_str().to_owned(),
        client_id: profile.client_id.as_str().to_owned(),
        machine: machine.to_owned(),
        refresh_token: Zeroizing::new(kept.refresh_token.expose().to_owned()),
        subject: kept.subject.0.clone(),
        name: cut(&kept.person.name),
        email: kept.person.email.as_deref().map(cut),
        id_token_hint: kept.id_token_hint.as_ref().map(|hint| Zeroizing::new(hint.expose().to_owned())),
        device_secret: kept.device_secret.as_ref().map(|secret| Zeroizing::new(secret.expose().to_owned())),
    };
    let mut text = as_ascii(&record);
    if text.len() > MAX_BYTES && record.id_token_hint.take().is_some() {
        text = as_ascii(&record);
    }
    if text.len() > MAX_BYTES && record.device_secret.take().is_some() {
        text = as_ascii(&record);
    }
    SecretRecord::new(text.as_str())
}

/// Reads a record on behalf of `profile` on `machine`.
pub(crate) fn decode(profile: &Profile, machine: &str, record: &SecretRecord) -> Decoded {
    let Ok(record) = serde_json::from_str::<Record>(record.expose()) else { return Decoded::Corrupt };
    if record.v != VERSION || record.refresh_token.is_empty() {
        return Decoded::Corrupt;
    }
    let is_ours = record.issuer == profile.issuer.as_str()
        && record.client_id == profile.client_id.as_str()
        && record.machine == machine;
    if !is_ours {
        return Decoded::Foreign;
    }
    Decoded::Kept(Kept {
        refresh_token: RefreshToken::new(record.refresh_token.as_str()),
        subject: Subject(record.subject),
        person: Person { name: record.name, email: record.email },
        id_token_hint: record.id_token_hint.map(|hint| IdTokenHint::from_vault(hint.as_str())),
        device_secret: record.device_secret.map(|secret| DeviceSecret::new(secret.as_str())),
    })
}

fn cut(name: &str) -> String {
    name.chars().take(MAX_NAME).collect()
}

/// JSON in ASCII, and no copy of it left behind.
pub(crate) fn as_ascii(record: &impl Serialize) -> Zeroizing<String> {
    // Room for all of it, so that no copy is left behind by growing.
    let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
    let written = record.serialize(&mut serde_json::Serializer::with_formatter(&mut *bytes, Ascii));
    debug_assert!(written.is_ok(), "a record has only texts, and a Vec takes them all");
    Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned())
}

/// JSON in which every character beyond ASCII is escaped (RFC 8259 section 7).
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for character in fragment.chars() {
            if character.is_ascii() {
                write!(writer, "{character}")?;
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
