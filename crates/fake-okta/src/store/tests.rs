use super::*;
use crate::Rotation;

const T0: i64 = 1_800_000_000;
const VERIFIER: &str = "a-verifier-that-only-its-owner-knows";
const ROTATE_30: Rotation = Rotation::Rotate { grace: Duration::from_secs(30) };

fn authorization() -> Authorization {
    Authorization {
        client_id: "app".to_owned(),
        server: "default".to_owned(),
        origin: "http://127.0.0.1:1".to_owned(),
        redirect_uri: "http://localhost:1/cb".to_owned(),
        state: "state".to_owned(),
        nonce: Some("nonce".to_owned()),
        code_challenge: Some(digest(VERIFIER)),
        scopes: ["openid", "offline_access"].map(str::to_owned).to_vec(),
        ..Authorization::default()
    }
}

fn proof() -> CodeProof<'static> {
    CodeProof {
        client_id: "app",
        server: "default",
        redirect_uri: "http://localhost:1/cb",
        code_verifier: Some(VERIFIER),
    }
}

fn with_code() -> Store {
    let mut store = Store::default();
    let session = BrowserSession { person: "robin".to_owned(), auth_time: T0, has_two_factors: false };
    store.grant_code("code".to_owned(), authorization(), &session, None, T0);
    store
}

/// A store with refresh token `r0` and access token `a0`.
fn signed_in() -> Store {
    let mut store = with_code();
    let (grant, _) = store.spend_code("code", &proof(), T0).unwrap();
    store.keep_refresh_token("r0".to_owned(), grant, T0);
    let token = AccessToken::new(grant, vec!["openid".to_owned()], None, (T0, T0 + 3600));
    store.keep_access_token("a0".to_owned(), token);
    store
}

fn attempt<'a>(value: &'a str, successor: &str) -> RefreshAttempt<'a> {
    RefreshAttempt {
        value,
        client_id: "app",
        server: "default",
        scopes: &[],
        rotation: ROTATE_30,
        idle_lifetime: Some(Duration::from_secs(600)),
        absolute_lifetime: Some(Duration::from_secs(1000)),
        successor: successor.to_owned(),
    }
}

#[test]
fn a_code_is_refused_for_the_reason_that_it_is_wrong_for() {
    let check = |proof: CodeProof<'_>, refusal| {
        assert_eq!(with_code().spend_code("code", &proof, T0).unwrap_err(), refusal);
    };
    check(CodeProof { client_id: "other", ..proof() }, CodeRefusal::AnotherClient);
    check(CodeProof { server: "", ..proof() }, CodeRefusal::AnotherServer);
    check(CodeProof { redirect_uri: "http://127.0.0.1:1/cb", ..proof() }, CodeRefusal::AnotherRedirectUri);
    check(CodeProof { code_verifier: None, ..proof() }, CodeRefusal::NoVerifier);
    check(CodeProof { code_verifier: Some("guess"), ..proof() }, CodeRefusal::WrongVerifier);
    assert_eq!(with_code().spend_code("guess", &proof(), T0).unwrap_err(), CodeRefusal::Unknown);
}

#[test]
fn a_code_lives_for_300_seconds() {
    assert!(with_code().spend_code("code", &proof(), T0 + 299).is_ok());
    assert_eq!(with_code().spend_code("code", &proof(), T0 + 300).unwrap_err(), CodeRefusal::Expired);
}

#[test]
fn a_code_gives_its_nonce_back() {
    assert_eq!(with_code().spend_code("code", &proof(), T0).unwrap().1.as_deref(), Some("nonce"));
}

#[test]
fn a_second_use_of_a_code_ends_what_came_of_it() {
    let mut store = signed_in();
    assert!(store.live_access_token("a0", T0).is_some());
    assert_eq!(store.spend_code("code", &proof(), T0).unwrap_err(), CodeRefusal::Reused);
    assert!(store.live_access_token("a0", T0).is_none());
    assert!(store.live_refresh_tokens().is_empty());
}

#[test]
fn a_static_refresh_token_stays() {
    let mut store = signed_in();
    for _ in 0..2 {
        let attempt = RefreshAttempt { rotation: Rotation::Static, ..attempt("r0", "r1") };
        assert_eq!(store.refresh(attempt, T0).unwrap().refresh_token, "r0");
    }
    assert_eq!(store.live_refresh_tokens(), ["r0"]);
}

#[test]
fn a_replaced_refresh_token_works_within_its_grace() {
    let mut store = signed_in();
    assert_eq!(store.refresh(attempt("r0", "r1"), T0).unwrap().refresh_token, "r1");
    assert_eq!(store.live_refresh_tokens(), ["r1"]);
    assert_eq!(store.refresh(attempt("r0", "r2"), T0 + 29).unwrap().refresh_token, "r2");
    assert_eq!(store.refresh(attempt("r1", "r3"), T0 + 29).unwrap().refresh_token, "r3");
    assert_eq!(store.reuse_detections(), 0);
}

#[test]
fn reuse_after_the_grace_ends_the_whole_family() {
    let mut store = signed_in();
    store.refresh(attempt("r0", "r1"), T0).unwrap();
    assert_eq!(store.refresh(attempt("r0", "r2"), T0 + 30).unwrap_err(), RefreshRefusal::Reused);
    assert_eq!(store.reuse_detections(), 1);
    assert!(store.live_access_token("a0", T0 + 30).is_none());
    let refusal = store.refresh(attempt("r1", "r3"), T0 + 30).unwrap_err();
    assert_eq!(refusal, RefreshRefusal::Ended(Ended::Reused));
}

#[test]
fn a_use_within_the_grace_does_not_prolong_it() {
    let mut store = signed_in();
    store.refresh(attempt("r0", "r1"), T0).unwrap();
    store.refresh(attempt("r0", "r2"), T0 + 20).unwrap();
    assert_eq!(store.refresh(attempt("r0", "r3"), T0 + 40).unwrap_err(), RefreshRefusal::Reused);
}

#[test]
fn without_grace_a_replaced_refresh_token_is_dead_at_once() {
    let mut store = signed_in();
    let no_grace = |value, successor| RefreshAttempt {
        rotation: Rotation::Rotate { grace: Duration::ZERO },
        ..attempt(value, successor)
    };
    store.refresh(no_grace("r0", "r1"), T0).unwrap();
    assert_eq!(store.refresh(no_grace("r0", "r2"), T0).unwrap_err(), RefreshRefusal::Reused);
}

#[test]
fn use_restarts_the_idle_time_and_not_the_absolute_one() {
    let mut store = signed_in();
    assert!(store.refresh(attempt("r0", "r1"), T0 + 599).is_ok());
    assert!(store.refresh(attempt("r1", "r2"), T0 + 999).is_ok());
    assert_eq!(store.refresh(attempt("r2", "r3"), T0 + 1000).unwrap_err(), RefreshRefusal::Expired);
    assert_eq!(signed_in().refresh(attempt("r0", "r1"), T0 + 600).unwrap_err(), RefreshRefusal::Expired);
}

#[test]
fn a_refresh_cannot_widen_its_scopes() {
    let scopes = ["openid", "groups"].map(str::to_owned);
    let mut store = signed_in();
    let refusal = store.refresh(RefreshAttempt { scopes: &scopes, ..attempt("r0", "r1") }, T0).unwrap_err();
    assert_eq!(refusal, RefreshRefusal::ScopesDenied(vec!["groups".to_owned()]));
    // The refusal did not rotate.
    assert_eq!(store.live_refresh_tokens(), ["r0"]);
}

#[test]
fn a_refresh_token_is_bound_to_its_client_and_server() {
    let check =
        |attempt: RefreshAttempt<'_>, refusal| assert_eq!(signed_in().refresh(attempt, T0).unwrap_err(), refusal);
    check(RefreshAttempt { client_id: "other", ..attempt("r0", "r1") }, RefreshRefusal::AnotherClient);
    check(RefreshAttempt { server: "", ..attempt("r0", "r1") }, RefreshRefusal::AnotherServer);
    check(attempt("guess", "r1"), RefreshRefusal::Unknown);
}

#[test]
fn revoking_an_access_token_leaves_the_refresh_token_alive() {
    let mut store = signed_in();
    assert!(store.revoke("a0", "app"));
    assert!(store.live_access_token("a0", T0).is_none());
    assert_eq!(store.live_refresh_tokens(), ["r0"]);
}

#[test]
fn revoking_a_refresh_token_takes_its_access_tokens_along() {
    let mut store = signed_in();
    assert!(store.revoke("r0", "app"));
    assert!(store.live_access_token("a0", T0).is_none());
    assert_eq!(store.refresh(attempt("r0", "r1"), T0).unwrap_err(), RefreshRefusal::Ended(Ended::Revoked));
}

#[test]
fn a_stranger_revokes_nothing() {
    let mut store = signed_in();
    assert!(!store.revoke("r0", "other") && !store.revoke("a0", "other") && !store.revoke("guess", "app"));
    assert!(store.live_access_token("a0", T0).is_some());
    assert_eq!(store.live_refresh_tokens(), ["r0"]);
}

#[test]
fn an_admin_ends_everything_of_one_person() {
    let mut store = signed_in();
    store.start_session(
        "cookie".to_owned(),
        BrowserSession { person: "robin".to_owned(), auth_time: T0, has_two_factors: false },
    );
    store.end_all_of("noor");
    assert!(store.session("cookie").is_some() && store.live_access_token("a0", T0).is_some());
    store.end_all_of("robin");
    assert!(store.session("cookie").is_none() && store.live_access_token("a0", T0).is_none());
}
