//! Device sign-ins (RFC 8628), from the codes to what a person said.

use crate::store::{Grant, GrantId, Store};

/// How long a code lives, in seconds. Okta's figure.
pub(crate) const DEVICE_CODE_LIFETIME: i64 = 600;
/// How many sign-ins of one application may wait at once.
const MAX_WAITING: usize = 20;
/// What `slow_down` adds to the interval, in seconds (RFC 8628 section 3.5).
const SLOWER: i64 = 5;

/// A device sign-in.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) user_code: String,
    pub(crate) client_id: String,
    pub(crate) server: String,
    /// The org's address that the request went to.
    pub(crate) origin: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_at: i64,
    /// In seconds.
    pub(crate) interval: i64,
    last_poll: Option<i64>,
    answer: Answer,
}

/// What a person said, or a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    Awaited,
    Allowed(GrantId),
    Refused { status: u16, error: &'static str, text: String },
    Taken,
}

/// What a poll comes to, other than a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PollRefusal {
    Unknown,
    AnotherClient,
    Expired,
    TooFast,
    Pending,
    Refused { status: u16, error: &'static str, text: String },
    Taken,
}

impl Device {
    pub(crate) fn new(
        user_code: String,
        (client_id, server, origin): (String, String, String),
        scopes: Vec<String>,
        interval: i64,
        now: i64,
    ) -> Self {
        let (expires_at, last_poll, answer) = (now + DEVICE_CODE_LIFETIME, None, Answer::Awaited);
        Self { user_code, client_id, server, origin, scopes, expires_at, interval, last_poll, answer }
    }

    fn awaits(&self, now: i64) -> bool {
        self.answer == Answer::Awaited && now < self.expires_at
    }
}

impl Store {
    /// Keeps a sign-in under its device code, unless too many of its application wait. Whether it is kept.
    pub(crate) fn keep_device(&mut self, device_code: String, device: Device, now: i64) -> bool {
        let mut waiting = self.devices.values().filter(|it| it.client_id == device.client_id && it.awaits(now));
        let is_kept = waiting.nth(MAX_WAITING - 1).is_none();
        if is_kept {
            self.devices.insert(device_code, device);
        }
        is_kept
    }

    /// The sign-in that waits under this user code.
    pub(crate) fn device_by_user_code(&self, user_code: &str, now: i64) -> Option<&Device> {
        self.devices.values().find(|device| device.user_code == user_code && device.awaits(now))
    }

    /// Begins a grant for the sign-in of this user code.
    pub(crate) fn allow_device(&mut self, user_code: &str, grant: Grant) {
        let id = self.begin(grant);
        self.answer_device(user_code, Answer::Allowed(id));
    }

    /// Refuses the sign-in of this user code.
    pub(crate) fn refuse_device(&mut self, user_code: &str, status: u16, error: &'static str, text: String) {
        self.answer_device(user_code, Answer::Refused { status, error, text });
    }

    /// What has become of a sign-in. A grant is given once.
    pub(crate) fn poll_device(
        &mut self,
        device_code: &str,
        client_id: &str,
        server: &str,
        now: i64,
    ) -> Result<GrantId, PollRefusal> {
        let device = self.devices.get_mut(device_code).filter(|device| device.server == server);
        let Some(device) = device else { return Err(PollRefusal::Unknown) };
        if device.client_id != client_id {
            return Err(PollRefusal::AnotherClient);
        }
        if now >= device.expires_at {
            return Err(PollRefusal::Expired);
        }
        if device.last_poll.replace(now).is_some_and(|last| now - last < device.interval) {
            device.interval += SLOWER;
            return Err(PollRefusal::TooFast);
        }
        match device.answer.clone() {
            Answer::Awaited => Err(PollRefusal::Pending),
            Answer::Taken => Err(PollRefusal::Taken),
            Answer::Refused { status, error, text } => Err(PollRefusal::Refused { status, error, text }),
            Answer::Allowed(grant) => {
                device.answer = Answer::Taken;
                Ok(grant)
            }
        }
    }

    fn answer_device(&mut self, user_code: &str, answer: Answer) {
        let device = self.devices.values_mut().find(|device| device.user_code == user_code);
        device.into_iter().for_each(|device| device.answer = answer.clone());
    }
}
