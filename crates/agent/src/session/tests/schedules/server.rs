//! The authorization server, as far as refresh tokens go.

use std::collections::BTreeMap;

/// What happens to a refresh token that is used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Policy {
    Persistent,
    /// It is replaced, and good for so many milliseconds more. Used after that, it ends its family.
    Rotating {
        grace: i64,
    },
}

pub(super) struct Server {
    policy: Policy,
    tokens: BTreeMap<String, Token>,
    n_families: usize,
    ended: Vec<usize>,
    /// How often a token came back that was replaced too long ago.
    pub(super) n_reuses: usize,
}

struct Token {
    family: usize,
    replaced_at: Option<i64>,
}

impl Server {
    pub(super) fn new(policy: Policy) -> Self {
        Self { policy, tokens: BTreeMap::new(), n_families: 0, ended: Vec::new(), n_reuses: 0 }
    }

    /// The refresh token of a sign-in.
    pub(super) fn sign_in(&mut self) -> String {
        self.n_families += 1;
        self.issue(self.n_families)
    }

    /// The refresh token to use from now on, or `None` for `invalid_grant`.
    pub(super) fn refresh(&mut self, token: &str, now: i64) -> Option<String> {
        let family = self.tokens[token].family;
        if self.ended.contains(&family) {
            return None;
        }
        let Policy::Rotating { grace } = self.policy else { return Some(token.to_owned()) };
        let replaced_at = &mut self.tokens.get_mut(token)?.replaced_at;
        match *replaced_at {
            Some(at) if grace == 0 || now > at + grace => {
                self.n_reuses += 1;
                self.ended.push(family);
                None
            }
            Some(_) => Some(self.issue(family)),
            None => {
                *replaced_at = Some(now);
                Some(self.issue(family))
            }
        }
    }

    /// Ends everything that came of the same sign-in, as a revocation or an admin does.
    pub(super) fn end(&mut self, token: &str) {
        self.ended.push(self.tokens[token].family);
    }

    /// Whether the token will be good however late it comes.
    pub(super) fn is_good(&self, token: &str) -> bool {
        let token = &self.tokens[token];
        token.replaced_at.is_none() && !self.ended.contains(&token.family)
    }

    pub(super) fn is_kind(&self) -> bool {
        matches!(self.policy, Policy::Persistent | Policy::Rotating { grace: 30_000.. })
    }

    fn issue(&mut self, family: usize) -> String {
        let token = format!("secret-{}-{}", family, self.tokens.len());
        self.tokens.insert(token.clone(), Token { family, replaced_at: None });
        token
    }
}
