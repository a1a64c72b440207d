//! Reads script lines and prints effects.

use std::fmt::{self, Write};
use std::time::Duration;

use gatepass_oidc::{
    AccessToken, AccessTokenContent, Check, DeviceSecret, Error as OidcError, IdToken, IdTokenClaims, Opaque,
    RedirectUri, RefreshToken, Scopes, Subject, Timestamp, TokenSet, TokenType,
};

use crate::session::{
    AttemptId, Effect, Generation, Input, Kept, Past, RefreshFailure, ReplyId, SessionMachine, Verdict,
};
use crate::{
    AttemptStage, Error, GrantedToken, Inquiry, MinValidity, NoticeKind, Person, RenewalError, SignInEnd,
    SignInOptions, SignedOutReason, Standing, UpkeepSnapshot, VaultError,
};

/// One line of a script, and what came of it.
pub(super) struct Trace {
    line: String,
    pub(super) effects: Vec<Effect>,
}

impl Trace {
    pub(super) fn run(machine: &mut SessionMachine, line: &str) -> Self {
        let (time, input) = line.split_once(' ').expect("a line is a time and an input");
        let effects = machine.step(instant(time), parse_input(instant(time), input));
        Self { line: line.to_owned(), effects }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let effects = self.effects.iter().map(print_effect).collect::<Vec<_>>().join(", ");
        let arrow = if effects.is_empty() { "->" } else { "-> " };
        writeln!(f, "{} {arrow}{effects}", self.line)
    }
}

/// How the machine stands at the time of the last line.
pub(super) fn print_standing(machine: &SessionMachine, script: &str) -> String {
    let last = script.lines().map(str::trim).rfind(|line| !line.is_empty()).expect("a script has lines");
    let now = instant(last.split_once(' ').expect("a line is a time and an input").0);
    let part = machine.snapshot(now);
    let mut text = match part.standing {
        Standing::SignedOut { because, at } => {
            format!(
                "signed out: {}{}",
                print_reason(&because),
                at.map(|at| format!(" at {}", clock(at))).unwrap_or_default()
            )
        }
        Standing::SignedIn(session) => {
            let token = match (session.has_access_token, session.expires_at) {
                (false, _) => "no access token".to_owned(),
                (true, None) => "a token without end".to_owned(),
                (true, Some(expires_at)) => format!("a token until {}", clock(expires_at)),
            };
            format!("signed in: {}, {token}, {}", session.person.name, print_upkeep(&session.upkeep))
        }
    };
    if let Some(attempt) = part.attempt {
        write!(text, "; attempt {} {:?} since {}", attempt.id.0, attempt.stage, clock(attempt.started_at)).unwrap();
    }
    if let Some((was, is)) = part.other_person {
        write!(text, "; {} or {}?", was.name, is.name).unwrap();
    }
    if let Some(error) = part.failed_sign_in {
        write!(
            text,
            "; sign-in failed: {error}{}",
            if part.inquiry == Some(Inquiry::UnderWay) { "; inquiring" } else { "" }
        )
        .unwrap();
    }
    if let Some(error) = part.memory_only {
        write!(text, "; memory only: {error:?}").unwrap();
    }
    if part.is_reading {
        text.push_str("; reading");
    }
    if let Some(error) = part.unread {
        write!(text, "; unread: {error:?}").unwrap();
    }
    match machine.wake_at() {
        Some(at) => write!(text, "; wakes at {}", clock(at)).unwrap(),
        None => text.push_str("; sleeps"),
    }
    text.push('\n');
    text
}

/// `12:48:00` or `12:48:00.250`.
pub(super) fn instant(text: &str) -> Timestamp {
    let (clock, millis) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<i64> = clock.split(':').map(|part| part.parse().expect("a time is h:m:s")).collect();
    let [h, m, s] = parts[..] else { panic!("a time is h:m:s, not {text}") };
    Timestamp::from_unix_millis(((h * 60 + m) * 60 + s) * 1000 + millis.parse::<i64>().expect("milliseconds"))
}

pub(super) fn clock(instant: Timestamp) -> String {
    let (seconds, millis) = (instant.as_unix_seconds(), instant.as_unix_millis().rem_euclid(1000));
    let fraction = if millis == 0 { String::new() } else { format!(".{millis:03}") };
    format!("{:02}:{:02}:{:02}{fraction}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Tokens of `owner`, with an access token named for owner and birth.
pub(super) fn tokens(
    now: Timestamp,
    owner: &str,
    refresh_token: Option<&str>,
    life: Option<Duration>,
) -> Box<TokenSet> {
    let claims = IdTokenClaims {
        subject: Subject(owner.to_owned()),
        name: None,
        email: None,
        preferred_username: None,
        expires_at: now + Duration::from_secs(3600),
        issued_at: now,
        authenticated_at: None,
        algorithm: "RS256".into(),
        key_id: None,
        all: serde_json::Map::new(),
    };
    Box::new(TokenSet {
        access_token: AccessToken::new(format!("{owner}@{}", clock(now))),
        token_type: TokenType::Bearer,
        access_token_content: AccessTokenContent::Opaque(Opaque::OrgServer),
        refresh_token: refresh_token.map(RefreshToken::new),
        device_secret: None,
        id_token: Some(IdToken::unverified_for_tests(claims)),
        scopes: Scopes::parse("openid"),
        received_at: now,
        expires_at: life.map(|life| now + life),
        credential: None,
    })
}

pub(super) fn kept(owner: &str, refresh_token: &str) -> Kept {
    Kept {
        refresh_token: RefreshToken::new(refresh_token),
        subject: Subject(owner.to_owned()),
        person: Person { name: owner.to_owned(), email: None },
        id_token_hint: None,
        device_secret: None,
    }
}

pub(super) fn refused(code: &str, status: u16) -> OidcError {
    OidcError::Refused { code: code.to_owned(), description: None, status, request_id: None }
}

fn parse_input(now: Timestamp, text: &str) -> Input {
    let (name, arguments) = text.split_once('(').unwrap_or((text, ""));
    let arguments: Vec<&str> = arguments.trim_end_matches(')').split(", ").collect();
    let number = || arguments[0].parse::<u64>().expect("the first argument is a number");
    let token_set = || {
        let tokens = tokens(now, arguments[1], (arguments[2] != "-").then_some(arguments[2]), life(arguments[3]));
        Box::new(TokenSet { device_secret: arguments.get(4).map(|secret| DeviceSecret::new(*secret)), ..*tokens })
    };
    match name {
        "Tick" => Input::Tick,
        "NetworkChanged" => Input::NetworkChanged,
        "Restored" => Input::Restored(match arguments[..] {
            ["none"] => Ok(None),
            [owner, refresh_token] => Ok(Some((kept(owner, refresh_token), Past::Unused))),
            [owner, refresh_token, past] => Ok(Some((kept(owner, refresh_token), self::past(past)))),
            [owner, refresh_token, past, secret] => {
                let device_secret = Some(DeviceSecret::new(secret));
                Ok(Some((Kept { device_secret, ..kept(owner, refresh_token) }, self::past(past))))
            }
            _ => Err(vault_error(arguments[0])),
        }),
        "SignIn" => Input::SignInRequested(SignInOptions {
            as_someone_else: arguments[0] == "else",
            ..SignInOptions::default()
        }),
        "Moved" => Input::SignInMoved(AttemptId(number()), stage(arguments[1])),
        "Taken" => Input::RequestTaken(AttemptId(number())),
        "SignedIn" => Input::SignInFinished(AttemptId(number()), Ok(token_set())),
        "SignedInNamelessly" => {
            let mut tokens = tokens(now, "nobody", Some(arguments[1]), None);
            tokens.id_token = None;
            Input::SignInFinished(AttemptId(number()), Ok(tokens))
        }
        "SignInFailed" => Input::SignInFinished(AttemptId(number()), Err(sign_in_error(arguments[1]))),
        "Cancel" => Input::SignInCancelled,
        "Answer" => Input::OtherPersonAnswered { replace: arguments[0] == "replace" },
        "Token" => Input::TokenRequested(
            ReplyId(number()),
            match arguments[1] {
                "copy" => MinValidity::ForCopying,
                at_least => MinValidity::AtLeast(life(at_least).expect("a duration")),
            },
        ),
        "Refresh" => Input::RefreshRequested(ReplyId(number())),
        "Arrived" => Input::RefreshTokenArrived(Generation(number()), RefreshToken::new(arguments[1])),
        "Shared" => Input::DeviceSecretArrived(Generation(number()), DeviceSecret::new(arguments[1])),
        "Renewed" => Input::RefreshFinished(Generation(number()), Ok(token_set())),
        "NotRenewed" => {
            Input::RefreshFinished(Generation(number()), Err(RefreshFailure::known(oidc_error(arguments[1]))))
        }
        "Unproved" => {
            Input::RefreshFinished(Generation(number()), Err(RefreshFailure::known(vault_error(arguments[1]))))
        }
        "Lost" => {
            let error = OidcError::Unreachable { reason: "reset".into(), may_have_arrived: true };
            Input::RefreshFinished(Generation(number()), Err(RefreshFailure::of_request(error, instant(arguments[1]))))
        }
        "LostBehindGateway" => {
            let error = OidcError::Busy { retry_after: None, status: 504 };
            Input::RefreshFinished(Generation(number()), Err(RefreshFailure::of_request(error, instant(arguments[1]))))
        }
        "Stored" => Input::Persisted(Generation(number()), Ok(())),
        "NotStored" => Input::Persisted(Generation(number()), Err(vault_error(arguments[1]))),
        "SignOut" => Input::SignOutRequested,
        "Dismiss" => Input::ProblemDismissed,
        "Inquire" => Input::InquiryRequested,
        "Inquired" => Input::InquiryFinished(
            AttemptId(number()),
            match arguments[1] {
                "accepted" => Some(Verdict::Accepted),
                "nothing" => None,
                "accepted now" => Some(Verdict::AcceptedNow),
                code => {
                    let redirect_uri = RedirectUri::parse("http://127.0.0.1:8585/callback").expect("it is one");
                    Some(Verdict::Refused { error: refused(code, 400), redirect_uri })
                }
            },
        ),
        _ => panic!("no such input: {text}"),
    }
}

fn past(text: &str) -> Past {
    match text {
        "unused" => Past::Unused,
        "spent" => Past::Spent,
        "ended" => Past::Ended,
        "unknown" => Past::Unknown,
        text => {
            Past::Sent { at: instant(text.strip_prefix("sent at ").expect("unused, spent, ended, unknown or sent at")) }
        }
    }
}

fn life(text: &str) -> Option<Duration> {
    if text == "-" {
        return None;
    }
    let (number, unit) = text.split_at(text.len() - 1);
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => panic!("a duration ends in s, m or h, not {text}"),
    };
    Some(Duration::from_secs(number.parse::<u64>().expect("a duration begins with a number") * seconds))
}

fn stage(text: &str) -> AttemptStage {
    match text {
        "Preparing" => AttemptStage::Preparing,
        "InBrowser" => AttemptStage::InBrowser,
        "Exchanging" => AttemptStage::Exchanging,
        _ => panic!("no such stage: {text}"),
    }
}

fn sign_in_error(text: &str) -> Error {
    match text {
        "cancelled" => Error::SignInEnded(SignInEnd::Cancelled),
        "superseded" => Error::SignInEnded(SignInEnd::Superseded),
        "timed out" => Error::SignInEnded(SignInEnd::TimedOut { browser_seen: true }),
        "no browser" => Error::SignInEnded(SignInEnd::TimedOut { browser_seen: false }),
        other => Error::Oidc(oidc_error(other)),
    }
}

fn oidc_error(text: &str) -> OidcError {
    let busy = |retry_after| OidcError::Busy { retry_after, status: 429 };
    match text {
        "unreachable" => OidcError::Unreachable { reason: "no route".into(), may_have_arrived: false },
        "obstructed" => OidcError::Obstructed { by: gatepass_oidc::Obstacle::WebPage, reason: "a web page".into() },
        "busy" => busy(None),
        "nonconforming" => OidcError::Nonconforming { what: "HTML".into() },
        "untrusted" => OidcError::Untrusted(Check::Nonce),
        text => match text.strip_prefix("busy for ") {
            Some(time) => busy(life(time)),
            None => refused(text, 400),
        },
    }
}

fn vault_error(text: &str) -> VaultError {
    match text {
        "Locked" => VaultError::Locked,
        "Denied" => VaultError::Denied,
        "Missing" => VaultError::Missing,
        "Corrupt" => VaultError::Corrupt,
        "TooLarge" => VaultError::TooLarge,
        "Unresponsive" => VaultError::Unresponsive,
        _ => panic!("no such vault error: {text}"),
    }
}

fn print_effect(effect: &Effect) -> String {
    match effect {
        Effect::Load => "Load".into(),
        Effect::StartSignIn(id, options) => {
            format!("StartSignIn({}{})", id.0, if options.as_someone_else { ", else" } else { "" })
        }
        Effect::Inquire(id, options) => {
            format!("Inquire({}{})", id.0, if options.as_someone_else { ", else" } else { "" })
        }
        Effect::ShowSignIn(id) => format!("ShowSignIn({})", id.0),
        Effect::AbandonSignIn(id) => format!("AbandonSignIn({})", id.0),
        Effect::Refresh(generation, token, None) => format!("Refresh({}, {})", generation.0, token.expose()),
        Effect::Refresh(generation, token, Some(before)) => {
            format!("Refresh({}, {}, before {})", generation.0, token.expose(), clock(*before))
        }
        Effect::Settle(token, fate) => format!("Settle({}, {fate:?})", token.expose()),
        Effect::Persist(generation, kept) => {
            let secret = kept.device_secret.as_ref().map(|secret| format!(" {}", secret.expose())).unwrap_or_default();
            format!("Persist({}, {} {}{secret})", generation.0, kept.person.name, kept.refresh_token.expose())
        }
        Effect::Erase => "Erase".into(),
        Effect::Revoke(token) => format!("Revoke({})", token.expose()),
        Effect::RevokeAccess(token) => format!("RevokeAccess({})", token.expose()),
        Effect::RevokeDeviceSecret(secret) => format!("RevokeDeviceSecret({})", secret.expose()),
        Effect::Reply(reply, Ok(GrantedToken { access_token, expires_at, .. })) => {
            let end = expires_at.map(|at| format!(" until {}", clock(at))).unwrap_or_default();
            format!("Reply({}, {}{end})", reply.0, access_token.expose())
        }
        Effect::Reply(reply, Err(error)) => format!("Reply({}, {})", reply.0, print_error(error)),
        Effect::Publish(cause) => format!("Publish({cause:?})"),
        Effect::Notify(NoticeKind::SignInNeeded(reason)) => format!("Notify(sign in: {})", print_reason(reason)),
        Effect::Notify(NoticeKind::Blocked(error)) => format!("Notify(blocked: {})", print_oidc_error(error)),
        Effect::Notify(NoticeKind::MemoryOnly(error)) => format!("Notify(memory only: {error:?})"),
        Effect::Notify(NoticeKind::Unread(error)) => format!("Notify(unread: {error:?})"),
        Effect::Notify(NoticeKind::EndsSoon) => "Notify(ends soon)".into(),
        Effect::Notify(NoticeKind::OtherPerson) => "Notify(other person)".into(),
        Effect::Notify(NoticeKind::SignInFailed(_)) => unreachable!("the task tells of it"),
    }
}

fn print_error(error: &Error) -> String {
    match error {
        Error::SignInRequired(reason) => format!("sign in: {}", print_reason(reason)),
        Error::RenewalInDoubt { until } => format!("in doubt until {}", clock(*until)),
        Error::Oidc(error) => print_oidc_error(error),
        other => other.to_string(),
    }
}

fn print_reason(reason: &SignedOutReason) -> &'static str {
    match reason {
        SignedOutReason::NeverSignedIn => "never signed in",
        SignedOutReason::SignedOut => "signed out",
        SignedOutReason::Refused { .. } => "refused",
        SignedOutReason::AnswerLost { .. } => "answer lost",
        SignedOutReason::NotKept => "not kept",
        SignedOutReason::Expired => "expired",
    }
}

fn print_renewal_error(error: &RenewalError) -> String {
    match error {
        RenewalError::Oidc(error) => print_oidc_error(error),
        RenewalError::Vault(error) => error.to_string(),
    }
}

fn print_oidc_error(error: &OidcError) -> String {
    match error {
        OidcError::Unreachable { .. } => "unreachable".into(),
        OidcError::Obstructed { .. } => "obstructed".into(),
        OidcError::Busy { .. } => "busy".into(),
        OidcError::Refused { code, .. } => code.clone(),
        OidcError::Nonconforming { .. } => "nonconforming".into(),
        OidcError::Untrusted(_) => "untrusted".into(),
    }
}

fn print_upkeep(upkeep: &UpkeepSnapshot) -> String {
    match upkeep {
        UpkeepSnapshot::Waiting { refresh_at } => format!("renewal at {}", clock(*refresh_at)),
        UpkeepSnapshot::Refreshing => "renewing".into(),
        UpkeepSnapshot::Retrying { retry_at, because } => {
            format!("{}, again at {}", print_renewal_error(because), clock(*retry_at))
        }
        UpkeepSnapshot::InDoubt { retry_at, because } => {
            format!("{}, in doubt until {}", print_renewal_error(because), clock(*retry_at))
        }
        UpkeepSnapshot::Blocked { retry_at, because } => {
            format!("blocked by {}, again at {}", print_oidc_error(because), clock(*retry_at))
        }
        UpkeepSnapshot::None => "no renewal".into(),
    }
}
