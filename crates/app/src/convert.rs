//! What the agent knows, as it may be drawn. Every text from outside passes [`people_text`] here or in
//! [`problem`]; nothing else makes a [`wire::Snapshot`].

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use gatepass_agent as agent;
use gatepass_oidc::{AccessTokenContent, Opaque, Timestamp};
use gatepass_wire as wire;

use crate::app::Offer;
use crate::problem;
use crate::report;
use crate::settings::InEffect;
use crate::text::{MAX_GROUP, MAX_NAME, MAX_QUOTE, people_text};
use crate::words::{self, Phrase};
use trouble::{Trail, Trouble};

mod claims;
mod trouble;

/// Why there is a new snapshot.
pub(crate) fn cause(kind: agent::CauseKind) -> wire::Cause {
    use agent::CauseKind as Kind;
    match kind {
        Kind::Present => wire::Cause::Present,
        Kind::SignIn => wire::Cause::SignIn,
        Kind::SignedIn => wire::Cause::SignedIn,
        Kind::SignInFailed => wire::Cause::SignInFailed,
        Kind::Renewing => wire::Cause::Renewing,
        Kind::Renewed => wire::Cause::Renewed,
        Kind::Setback => wire::Cause::Setback,
        Kind::Ended => wire::Cause::Ended,
        Kind::SignedOut => wire::Cause::SignedOut,
        Kind::Profiles => wire::Cause::Profiles,
        Kind::OtherPerson
        | Kind::Restored
        | Kind::Stored
        | Kind::Dismissed
        | Kind::Inquiry
        | Kind::Discovered
        | Kind::Clock
        | Kind::GroupsCompared
        | Kind::GroupsTold => wire::Cause::Other,
    }
}

/// Makes wire snapshots of the agent's, one after another. A profile is made anew only when it changed: of a thousand,
/// most changes are about one.
#[derive(Default)]
pub(crate) struct Converter {
    /// As last converted, in that order. What is held here cannot be another one at the same address.
    last: Vec<(Arc<agent::ProfileSnapshot>, Arc<wire::Profile>)>,
    /// In which those were worded.
    language: wire::Language,
    trails: HashMap<agent::ProfileId, Trail>,
}

impl Converter {
    /// All that frontends may know.
    pub(crate) fn snapshot(
        &mut self,
        snapshot: &agent::Snapshot,
        resident: wire::Resident,
        offered: Option<Offer>,
        in_effect: &InEffect,
        now: Timestamp,
    ) -> wire::Snapshot {
        if std::mem::replace(&mut self.language, resident.language) != resident.language {
            self.last.clear();
        }
        let mut last = std::mem::take(&mut self.last).into_iter();
        let trails = &mut self.trails;
        let converted = snapshot.profiles.iter().map(|one| match last.next() {
            Some((before, converted)) if Arc::ptr_eq(&before, one) => (before, converted),
            _ => {
                let mut converted = profile(one);
                trails.entry(one.profile.id.clone()).or_default().follow(one, &mut converted, &resident.version, now);
                (Arc::clone(one), Arc::new(converted))
            }
        });
        self.last = converted.collect();
        let (offered, invited) = match offered {
            Some(Offer::Profile(draft)) => (Some(*draft), None),
            Some(Offer::SignIn(profile)) => (None, Some(profile.to_string())),
            None => (None, None),
        };
        let mistakes = &snapshot.profiles_file_mistakes;
        if self.trails.len() > self.last.len() {
            self.trails.retain(|id, _| snapshot.profiles.iter().any(|one| one.profile.id == *id));
        }
        wire::Snapshot {
            profiles: self.last.iter().map(|(_, converted)| Arc::clone(converted)).collect(),
            resident,
            problem: (!mistakes.is_empty()).then(|| problem::profiles_file_unreadable(mistakes)),
            offered,
            invited,
            settings: in_effect.settings.clone(),
            settings_problem: in_effect.problem(),
        }
    }
}

/// An instant.
pub(crate) fn millis(at: Timestamp) -> wire::Millis {
    wire::Millis(at.as_unix_millis())
}

fn profile(one: &agent::ProfileSnapshot) -> wire::Profile {
    let (session, ended_at) = match &one.standing {
        agent::Standing::SignedIn(session) => (Some(session), None),
        agent::Standing::SignedOut { at, .. } => (None, *at),
    };
    let status = status(&one.standing);
    wire::Profile {
        id: one.profile.id.to_string(),
        name: name(&one.profile.name),
        issuer: people_text(one.profile.issuer.as_str(), MAX_NAME),
        host: people_text(one.profile.issuer.authority(), MAX_NAME),
        client_id: people_text(one.profile.client_id.as_str(), MAX_NAME),
        scopes: scopes(&one.profile.scopes),
        redirect_uris: one.profile.redirect_uris.iter().map(|uri| people_text(uri.as_str(), MAX_NAME)).collect(),
        options: report::options(&one.profile),
        groups_claim: people_text(&one.profile.groups.claim, MAX_NAME),
        audiences: one.profile.further_audiences.iter().map(|one| people_text(&one.audience, MAX_NAME)).collect(),
        device_sign_in: one.capabilities.is_none_or(|can| can.device_authorization),
        demo: one.profile.is_demo(),
        status,
        reading: one.is_reading,
        memory_only: one.memory_only.map(problem::memory_only),
        session: session.map(|session| self::session(session)),
        attempt: one.attempt.as_ref().map(attempt),
        other_person: one
            .other_person
            .as_ref()
            .map(|(was, now)| wire::OtherPerson { was: person(was), now: person(now) }),
        problem: Trouble::of(one).map(|trouble| trouble.in_words(one)),
        ended_at: ended_at.filter(|_| status == wire::Status::SignInNeeded).map(millis),
    }
}

/// The one of the six states.
pub(crate) fn status(standing: &agent::Standing) -> wire::Status {
    use agent::{SignedOutReason, Standing, UpkeepSnapshot};
    match standing {
        Standing::SignedOut { because, .. } => match because {
            SignedOutReason::Refused { .. }
            | SignedOutReason::AnswerLost { .. }
            | SignedOutReason::NotKept
            | SignedOutReason::Expired => wire::Status::SignInNeeded,
            SignedOutReason::NeverSignedIn | SignedOutReason::SignedOut => wire::Status::SignedOut,
        },
        Standing::SignedIn(session) => match session.upkeep {
            UpkeepSnapshot::Waiting { .. } | UpkeepSnapshot::None => wire::Status::SignedIn,
            UpkeepSnapshot::Refreshing => wire::Status::Renewing,
            UpkeepSnapshot::Retrying { .. } | UpkeepSnapshot::InDoubt { .. } => wire::Status::Offline,
            UpkeepSnapshot::Blocked { .. } => wire::Status::Blocked,
        },
    }
}

fn session(session: &agent::SessionSnapshot) -> wire::Session {
    use agent::UpkeepSnapshot;
    let (refresh_at, retry_at) = match session.upkeep {
        UpkeepSnapshot::Waiting { refresh_at } => (Some(refresh_at), None),
        UpkeepSnapshot::Retrying { retry_at, .. }
        | UpkeepSnapshot::InDoubt { retry_at, .. }
        | UpkeepSnapshot::Blocked { retry_at, .. } => (None, Some(retry_at)),
        UpkeepSnapshot::Refreshing | UpkeepSnapshot::None => (None, None),
    };
    wire::Session {
        person: person(&session.person),
        expires_at: session.expires_at.map(millis),
        lifetime_ms: session.lifetime.map(|lifetime| u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX)),
        refresh_at: refresh_at.map(millis),
        retry_at: retry_at.map(millis),
        ends_at: session.ends_at.map(millis),
        renewable: session.renewable,
        groups: groups(&session.groups, session.groups_before.as_deref()),
        tokens: wire::Tokens {
            is_bound: session.is_bound,
            access: session.access_token.as_deref().map(access_token),
            id: session.id_token.as_deref().map(|token| wire::VerifiedClaims {
                claims: claims::in_reading_order(&token.all),
                signature: signature(&token.algorithm, token.key_id.as_deref()),
            }),
            granted_scopes: scopes(&session.scopes),
            access_size: session.access_token_size.map(size),
            id_size: session.id_token_size.map(size),
        },
    }
}

fn access_token(content: &AccessTokenContent) -> wire::AccessTokenView {
    match content {
        AccessTokenContent::Opaque(Opaque::OrgServer) => wire::AccessTokenView::OrgServer,
        AccessTokenContent::Opaque(Opaque::NotJwt) => wire::AccessTokenView::NotJwt,
        AccessTokenContent::Opaque(Opaque::Unverified) => wire::AccessTokenView::Unverified,
        AccessTokenContent::Verified(verified) => wire::AccessTokenView::Verified(wire::VerifiedClaims {
            claims: claims::in_reading_order(verified.all()),
            signature: signature(verified.algorithm(), verified.key_id()),
        }),
    }
}

fn signature(algorithm: &str, key_id: Option<&str>) -> wire::Signature {
    wire::Signature {
        algorithm: people_text(algorithm, MAX_NAME),
        key_id: key_id.map(|key_id| people_text(key_id, MAX_NAME)),
    }
}

fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

fn groups(groups: &agent::Groups, before: Option<&agent::GroupsBefore>) -> wire::Groups {
    let before = before.filter(|_| groups.source.is_told());
    wire::Groups {
        names: groups.names.iter().map(|name| people_text(name, MAX_GROUP)).collect(),
        ids: groups.ids.iter().map(|id| people_text(id, MAX_NAME)).collect(),
        source: match groups.source {
            agent::GroupsSource::IdToken => wire::GroupsSource::IdToken,
            agent::GroupsSource::AccessToken => wire::GroupsSource::AccessToken,
            agent::GroupsSource::UserInfo => wire::GroupsSource::UserInfo,
            agent::GroupsSource::OktaApi => wire::GroupsSource::OktaApi,
            agent::GroupsSource::NoClaim => wire::GroupsSource::NoClaim,
            agent::GroupsSource::ApiRefused => wire::GroupsSource::ApiRefused,
            agent::GroupsSource::ApiTokenRefused => wire::GroupsSource::ApiTokenRefused,
            agent::GroupsSource::NoAnswer => wire::GroupsSource::NoAnswer,
            agent::GroupsSource::NoApiToken => wire::GroupsSource::NoApiToken,
            agent::GroupsSource::KeyringSilent => wire::GroupsSource::KeyringSilent,
            agent::GroupsSource::Asking => wire::GroupsSource::Asking,
            agent::GroupsSource::NotYet => wire::GroupsSource::NotYet,
        },
        added: before.map_or_else(Vec::new, |before| only_in(&groups.names, &before.names)),
        left: before.map_or_else(Vec::new, |before| only_in(&before.names, &groups.names)),
        since: before.map(|before| millis(before.at)),
    }
}

/// Those of `these` that are not among `those`, as they are drawn.
fn only_in(these: &[String], those: &[String]) -> Vec<String> {
    let those: HashSet<&String> = those.iter().collect();
    these.iter().filter(|name| !those.contains(name)).map(|name| people_text(name, MAX_GROUP)).collect()
}

fn person(person: &agent::Person) -> wire::Person {
    wire::Person {
        name: name(&person.name),
        email: person.email.as_deref().map(|email| people_text(email, MAX_NAME)).filter(|email| !email.is_empty()),
    }
}

/// A name; one that has nothing to draw is told from no name at all.
pub(crate) fn name(name: &str) -> String {
    let drawn = people_text(name, MAX_NAME);
    if drawn.trim().is_empty() { words::phrase(Phrase::NameWithoutLetters) } else { drawn }
}

fn scopes(scopes: &gatepass_oidc::Scopes) -> Vec<String> {
    scopes.iter().map(|scope| people_text(scope.as_str(), MAX_NAME)).collect()
}

fn attempt(attempt: &agent::AttemptSnapshot) -> wire::Attempt {
    wire::Attempt {
        stage: match attempt.stage {
            agent::AttemptStage::Preparing => wire::AttemptStage::Preparing,
            agent::AttemptStage::OpeningBrowser => wire::AttemptStage::OpeningBrowser,
            agent::AttemptStage::BrowserNotSeen => wire::AttemptStage::BrowserNotSeen,
            agent::AttemptStage::InBrowser => wire::AttemptStage::InBrowser,
            agent::AttemptStage::OnOtherDevice => wire::AttemptStage::OnOtherDevice,
            agent::AttemptStage::Exchanging => wire::AttemptStage::Exchanging,
            agent::AttemptStage::Storing => wire::AttemptStage::Storing,
        },
        redirect_uri: attempt.redirect_uri.as_ref().map(|uri| people_text(uri.as_str(), MAX_NAME)),
        code: attempt.code.as_ref().map(device_code),
        ends_at: millis(attempt.ends_at),
    }
}

fn device_code(code: &agent::DeviceCode) -> wire::DeviceCode {
    wire::DeviceCode {
        user_code: people_text(&code.user_code, MAX_NAME),
        address: people_text(code.verification_uri.as_str(), MAX_QUOTE),
        // Drawn as a picture: what was cut would lead elsewhere.
        address_with_code: code.verification_uri_complete.as_ref().map(ToString::to_string),
    }
}

#[cfg(test)]
mod tests;
