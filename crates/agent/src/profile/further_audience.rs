//! For whom else tokens can be had out of a session: the audiences of further authorization servers of the same org.

use gatepass_oidc::okta::{ServerKind, server_kind};
use gatepass_oidc::{IssuerUrl, Scope, Scopes};

use super::{NotAProfile, shortened};
use crate::Wrong;

/// How many a profile can have: more than a menu holds.
const MOST: usize = 20;

/// How long one can be, as it is written, and its audience: as much as is drawn and copied whole.
const LONGEST: usize = 1_000;
const LONGEST_AUDIENCE: usize = 200;

/// An audience for which the session's access token can be exchanged (RFC 8693), at the authorization server whose audience
/// it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FurtherAudience {
    /// The authorization server: a custom one on the host of the profile's issuer, so that the access token that is shown
    /// to it stays within the org.
    pub issuer: IssuerUrl,
    /// Whom the token is for.
    pub audience: String,
    /// What it is to allow. Neither `openid` nor `offline_access`, since it begins no session.
    pub scopes: Scopes,
}

impl FurtherAudience {
    /// Reads issuer, audience and scopes, in this order and separated by spaces, of a profile with this issuer.
    fn parse(text: &str, home: &IssuerUrl) -> Result<Self, Wrong> {
        if text.chars().count() > LONGEST {
            return Err(Wrong::TooLong);
        }
        let mut words = text.split_whitespace();
        let (Some(issuer), Some(audience)) = (words.next(), words.next()) else {
            return Err(Wrong::NoAudience(shortened(text)));
        };
        let scopes: Vec<_> = words.collect();
        if let Some(wrong) = scopes.iter().find(|word| Scope::parse(word).is_none()) {
            return Err(Wrong::Scope(shortened(wrong)));
        }
        if audience.len() > LONGEST_AUDIENCE {
            return Err(Wrong::TooLong);
        }
        if scopes.is_empty() || !audience.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Wrong::NoAudience(shortened(text)));
        }
        let issuer = IssuerUrl::parse(issuer)?;
        if issuer.url().origin() != home.url().origin() || server_kind(&issuer) == ServerKind::Org || issuer == *home {
            return Err(Wrong::AudienceElsewhere(shortened(issuer.as_str())));
        }
        let scopes = Scopes::parse(&scopes.join(" "));
        if let Some(scope) = [Scope::openid(), Scope::offline_access()].into_iter().find(|scope| scopes.contains(scope))
        {
            return Err(Wrong::AudienceScope(scope.as_str().to_owned()));
        }
        Ok(Self { issuer, audience: audience.to_owned(), scopes })
    }

    pub(super) fn all_from_parts(texts: &[String], home: &IssuerUrl) -> Result<Vec<Self>, NotAProfile> {
        let wrong = |what| NotAProfile::new("further_audiences", what);
        let texts: Vec<_> = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        if texts.len() > MOST {
            return Err(wrong(Wrong::TooLong));
        }
        let all: Vec<Self> =
            texts.iter().map(|text| Self::parse(text, home)).collect::<Result<_, _>>().map_err(wrong)?;
        let is_twice = |(n, one): (usize, &Self)| all[..n].iter().any(|other| other.audience == one.audience);
        match all.iter().enumerate().find(|one| is_twice(*one)) {
            Some((_, one)) => Err(wrong(Wrong::AudienceTwice(shortened(&one.audience)))),
            None => Ok(all),
        }
    }

    pub(super) fn to_part(&self) -> String {
        format!("{} {} {}", self.issuer.as_str(), self.audience, self.scopes)
    }
}
