use expect_test::expect;

use super::{after, check, refreshing, signed_in, signed_in_without_renewal, signed_out};
use crate::session::AttemptId;

#[test]
fn a_sign_in_is_shown_when_it_is_stored() {
    check(
        signed_out(),
        "12:00:00 SignIn
         12:00:01 Moved(1, InBrowser)
         12:00:01 Moved(1, InBrowser)
         12:00:30 Moved(1, Exchanging)
         12:00:31 SignedIn(1, robin, R1, 1h)",
        expect![[r#"
            12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
            12:00:01 Moved(1, InBrowser) -> Publish(SignIn)
            12:00:01 Moved(1, InBrowser) ->
            12:00:30 Moved(1, Exchanging) -> Publish(SignIn)
            12:00:31 SignedIn(1, robin, R1, 1h) -> Settle(R1, Given), Persist(1, robin R1), Publish(SignIn)
            signed out: never signed in; attempt 1 Storing since 12:00:00; sleeps
        "#]],
    );
    check(
        signed_out(),
        "12:00:00 SignIn
         12:00:31 SignedIn(1, robin, R1, 1h)
         12:00:32 Token(1, copy)
         12:00:33 Stored(1)",
        expect![[r#"
            12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
            12:00:31 SignedIn(1, robin, R1, 1h) -> Settle(R1, Given), Persist(1, robin R1), Publish(SignIn)
            12:00:32 Token(1, copy) ->
            12:00:33 Stored(1) -> Publish(SignedIn), Reply(1, robin@12:00:31 until 13:00:31)
            signed in: robin, a token until 13:00:31, renewal at 12:48:31; wakes at 12:48:31
        "#]],
    );
}

#[test]
fn a_second_click_brings_the_first_back() {
    check(
        signed_out(),
        "12:00:00 SignIn
         12:00:05 SignIn
         12:00:06 SignIn(else)
         12:00:07 SignIn(else)
         12:00:08 SignedIn(1, robin, R1, 1h)
         12:00:09 Moved(1, InBrowser)",
        expect![[r#"
            12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
            12:00:05 SignIn -> ShowSignIn(1)
            12:00:06 SignIn(else) -> AbandonSignIn(1), StartSignIn(2, else), Publish(SignIn)
            12:00:07 SignIn(else) -> ShowSignIn(2)
            12:00:08 SignedIn(1, robin, R1, 1h) -> Revoke(R1)
            12:00:09 Moved(1, InBrowser) ->
            signed out: never signed in; attempt 2 Preparing since 12:00:06; sleeps
        "#]],
    );
}

#[test]
fn the_attempt_is_known_while_it_is_under_way() {
    assert_eq!(after("12:00:00 SignIn").attempt(), Some(AttemptId(1)));
    assert_eq!(after("12:00:00 SignIn\n 12:00:05 SignIn(else)").attempt(), Some(AttemptId(2)));
    assert_eq!(after("12:00:00 SignIn\n 12:00:05 Cancel").attempt(), None);
}

#[test]
fn a_cancelled_sign_in_leaves_nothing_and_what_it_brings_is_revoked() {
    check(
        signed_out(),
        "12:00:00 SignIn
         12:00:05 Cancel
         12:00:05 Cancel
         12:00:06 SignedIn(1, robin, R1, 1h)
         12:00:06 SignInFailed(1, superseded)",
        expect![[r#"
            12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
            12:00:05 Cancel -> AbandonSignIn(1), Publish(SignIn)
            12:00:05 Cancel ->
            12:00:06 SignedIn(1, robin, R1, 1h) -> Revoke(R1)
            12:00:06 SignInFailed(1, superseded) ->
            signed out: never signed in; sleeps
        "#]],
    );
}

#[test]
fn a_sign_in_that_is_cancelled_in_the_browser_says_so_since_the_browser_may_show_an_error() {
    check(
        signed_out(),
        "12:00:00 SignIn
         12:00:02 Moved(1, InBrowser)
         12:00:30 Cancel",
        expect![[r#"
            12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
            12:00:02 Moved(1, InBrowser) -> Publish(SignIn)
            12:00:30 Cancel -> AbandonSignIn(1), Publish(SignIn)
            signed out: never signed in; sign-in failed: the sign-in ended: Cancelled; sleeps
        "#]],
    );
    check(
        signed_out(),
        "12:00:00 SignIn
         12:00:02 Moved(1, InBrowser)
         12:00:30 Cancel
         12:00:40 SignIn",
        expect![[r#"
            12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
            12:00:02 Moved(1, InBrowser) -> Publish(SignIn)
            12:00:30 Cancel -> AbandonSignIn(1), Publish(SignIn)
            12:00:40 SignIn -> StartSignIn(2), Publish(SignIn)
            signed out: never signed in; attempt 2 Preparing since 12:00:40; sleeps
        "#]],
    );
}

#[test]
fn a_failed_sign_in_is_shown_until_dismissed_or_the_next_begins() {
    check(
        signed_out(),
        "12:00:00 SignIn\n 12:00:05 SignInFailed(1, timed out)",
        expect![[r#"
        12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
        12:00:05 SignInFailed(1, timed out) -> Publish(SignInFailed)
        signed out: never signed in; sign-in failed: the sign-in ended: TimedOut { browser_seen: true }; sleeps
    "#]],
    );
    check(
        signed_out(),
        "12:00:00 SignIn
         12:00:05 SignInFailed(1, unreachable)
         12:00:06 Dismiss
         12:00:06 Dismiss",
        expect![[r#"
            12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
            12:00:05 SignInFailed(1, unreachable) -> Publish(SignInFailed)
            12:00:06 Dismiss -> Publish(Dismissed)
            12:00:06 Dismiss ->
            signed out: never signed in; sleeps
        "#]],
    );
    check(
        signed_out(),
        "12:00:00 SignIn
         12:00:05 SignInFailed(1, unreachable)
         12:00:06 SignIn",
        expect![[r#"
            12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
            12:00:05 SignInFailed(1, unreachable) -> Publish(SignInFailed)
            12:00:06 SignIn -> StartSignIn(2), Publish(SignIn)
            signed out: never signed in; attempt 2 Preparing since 12:00:06; sleeps
        "#]],
    );
}

#[test]
fn an_end_that_the_person_wanted_is_no_failure() {
    check(
        signed_out(),
        "12:00:00 SignIn\n 12:00:05 SignInFailed(1, cancelled)",
        expect![[r#"
        12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
        12:00:05 SignInFailed(1, cancelled) -> Publish(SignIn)
        signed out: never signed in; sleeps
    "#]],
    );
    check(
        signed_out(),
        "12:00:00 SignIn\n 12:00:05 SignInFailed(1, superseded)",
        expect![[r#"
        12:00:00 SignIn -> StartSignIn(1), Publish(SignIn)
        12:00:05 SignInFailed(1, superseded) -> Publish(SignIn)
        signed out: never signed in; sleeps
    "#]],
    );
}

#[test]
fn a_failed_sign_in_does_not_touch_the_session() {
    check(
        signed_in(),
        "12:47:00 SignIn
         12:48:00 Tick
         12:48:01 Renewed(1, robin, R1, 1h)
         12:48:02 SignInFailed(2, access_denied)",
        expect![[r#"
            12:47:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:48:00 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:01 Renewed(1, robin, R1, 1h) -> Settle(R1, Unspent), Publish(Renewed)
            12:48:02 SignInFailed(2, access_denied) -> Publish(SignInFailed)
            signed in: robin, a token until 13:48:01, renewal at 13:36:01; sign-in failed: the authorization server refused: access_denied; wakes at 13:36:01
        "#]],
    );
}

#[test]
fn signing_in_again_replaces_the_session_and_revokes_the_old_refresh_token() {
    check(
        signed_in(),
        "12:10:00 SignIn
         12:10:30 SignedIn(2, robin, R2, 1h)
         12:10:31 Tick
         12:10:32 Stored(1)
         12:10:33 Stored(2)",
        expect![[r#"
            12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:30 SignedIn(2, robin, R2, 1h) -> Settle(R2, Given), Persist(2, robin R2), Revoke(R1), Publish(SignIn)
            12:10:31 Tick ->
            12:10:32 Stored(1) ->
            12:10:33 Stored(2) -> Settle(R1, Spent), Publish(SignedIn)
            signed in: robin, a token until 13:10:30, renewal at 12:58:30; wakes at 12:58:30
        "#]],
    );
}

#[test]
fn a_refresh_of_the_session_before_is_outdated_and_its_waiters_get_the_new_token() {
    check(
        refreshing(),
        "12:48:00 Token(1, 30m)
         12:48:01 SignIn
         12:48:02 SignedIn(2, robin, R2, 1h)
         12:48:03 Arrived(1, R9)
         12:48:03 Renewed(1, robin, R9, 1h)
         12:48:04 Stored(2)",
        expect![[r#"
            12:48:00 Token(1, 30m) ->
            12:48:01 SignIn -> StartSignIn(2), Publish(SignIn)
            12:48:02 SignedIn(2, robin, R2, 1h) -> Settle(R2, Given), Persist(2, robin R2), Revoke(R1), Publish(SignIn)
            12:48:03 Arrived(1, R9) -> Revoke(R9)
            12:48:03 Renewed(1, robin, R9, 1h) ->
            12:48:04 Stored(2) -> Settle(R1, Spent), Publish(SignedIn), Reply(1, robin@12:48:02 until 13:48:02)
            signed in: robin, a token until 13:48:02, renewal at 13:36:02; wakes at 13:36:02
        "#]],
    );
}

#[test]
fn the_failure_of_an_outdated_refresh_means_nothing() {
    check(
        refreshing(),
        "12:48:01 SignIn
         12:48:02 SignedIn(2, robin, R2, 1h)
         12:48:04 Stored(2)
         12:48:05 NotRenewed(1, invalid_grant)",
        expect![[r#"
            12:48:01 SignIn -> StartSignIn(2), Publish(SignIn)
            12:48:02 SignedIn(2, robin, R2, 1h) -> Settle(R2, Given), Persist(2, robin R2), Revoke(R1), Publish(SignIn)
            12:48:04 Stored(2) -> Settle(R1, Spent), Publish(SignedIn)
            12:48:05 NotRenewed(1, invalid_grant) ->
            signed in: robin, a token until 13:48:02, renewal at 13:36:02; wakes at 13:36:02
        "#]],
    );
}

#[test]
fn the_same_refresh_token_again_is_not_revoked() {
    check(
        signed_in(),
        "12:10:00 SignIn\n 12:10:30 SignedIn(2, robin, R1, 1h)\n 12:10:30 Stored(2)",
        expect![[r#"
            12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:30 SignedIn(2, robin, R1, 1h) -> Settle(R1, Given), Persist(2, robin R1), Publish(SignIn)
            12:10:30 Stored(2) -> Publish(SignedIn)
            signed in: robin, a token until 13:10:30, renewal at 12:58:30; wakes at 12:58:30
        "#]],
    );
}

#[test]
fn a_sign_in_without_refresh_token_erases_what_was_stored() {
    check(
        signed_in(),
        "12:10:00 SignIn\n 12:10:30 SignedIn(2, robin, -, 1h)",
        expect![[r#"
            12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:30 SignedIn(2, robin, -, 1h) -> Erase, Settle(R1, Ended), Revoke(R1), Publish(SignedIn)
            signed in: robin, a token until 13:10:30, no renewal; wakes at 13:10:30
        "#]],
    );
}

#[test]
fn a_sign_in_without_id_token_is_nobodys() {
    check(
        signed_in(),
        "12:10:00 SignIn\n 12:10:30 SignedInNamelessly(2, R2)",
        expect![[r#"
        12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
        12:10:30 SignedInNamelessly(2, R2) -> Revoke(R2), Publish(SignInFailed)
        signed in: robin, a token until 13:00:00, renewal at 12:48:00; sign-in failed: the authorization server's answer does not conform: a sign-in without an ID token; wakes at 12:48:00
    "#]],
    );
}

#[test]
fn somebody_elses_sign_in_asks_first() {
    check(
        signed_in(),
        "12:10:00 SignIn(else)
         12:10:30 SignedIn(2, ana, R2, 1h)
         12:10:31 Token(1, copy)
         12:48:00 Tick
         12:48:01 Renewed(1, robin, R1, 1h)",
        expect![[r#"
            12:10:00 SignIn(else) -> StartSignIn(2, else), Publish(SignIn)
            12:10:30 SignedIn(2, ana, R2, 1h) -> Publish(OtherPerson), Notify(other person)
            12:10:31 Token(1, copy) -> Reply(1, robin@12:00:00 until 13:00:00)
            12:48:00 Tick -> Refresh(1, R1), Publish(Renewing)
            12:48:01 Renewed(1, robin, R1, 1h) -> Settle(R1, Unspent), Publish(Renewed)
            signed in: robin, a token until 13:48:01, renewal at 13:36:01; robin or ana?; wakes at 13:36:01
        "#]],
    );
}

#[test]
fn the_session_that_is_not_kept_is_revoked() {
    let asked = "12:10:00 SignIn\n 12:10:30 SignedIn(2, ana, R2, 1h)\n";
    check(
        signed_in(),
        &format!("{asked} 12:11:00 Answer(replace)\n 12:11:01 Stored(2)\n 12:11:02 Answer(replace)"),
        expect![[r#"
            12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:30 SignedIn(2, ana, R2, 1h) -> Publish(OtherPerson), Notify(other person)
            12:11:00 Answer(replace) -> Settle(R2, Given), Persist(2, ana R2), Revoke(R1)
            12:11:01 Stored(2) -> Settle(R1, Spent), Publish(SignedIn)
            12:11:02 Answer(replace) ->
            signed in: ana, a token until 13:10:30, renewal at 12:58:30; wakes at 12:58:30
        "#]],
    );
    check(
        signed_in(),
        &format!("{asked} 12:11:00 Answer(keep)\n 12:11:00 Answer(keep)"),
        expect![[r#"
        12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
        12:10:30 SignedIn(2, ana, R2, 1h) -> Publish(OtherPerson), Notify(other person)
        12:11:00 Answer(keep) -> Revoke(R2), Publish(Dismissed)
        12:11:00 Answer(keep) ->
        signed in: robin, a token until 13:00:00, renewal at 12:48:00; wakes at 12:48:00
    "#]],
    );
}

#[test]
fn a_newer_sign_in_answers_the_question_anew() {
    let asked = "12:10:00 SignIn\n 12:10:30 SignedIn(2, ana, R2, 1h)\n 12:11:00 SignIn\n";
    check(
        signed_in(),
        &format!("{asked} 12:11:30 SignedIn(3, zoe, R3, 1h)"),
        expect![[r#"
        12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
        12:10:30 SignedIn(2, ana, R2, 1h) -> Publish(OtherPerson), Notify(other person)
        12:11:00 SignIn -> StartSignIn(3), Publish(SignIn)
        12:11:30 SignedIn(3, zoe, R3, 1h) -> Publish(OtherPerson), Notify(other person), Revoke(R2)
        signed in: robin, a token until 13:00:00, renewal at 12:48:00; robin or zoe?; wakes at 12:48:00
    "#]],
    );
    check(
        signed_in(),
        &format!("{asked} 12:11:30 SignedIn(3, robin, R3, 1h)\n 12:11:31 Stored(2)"),
        expect![[r#"
            12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:30 SignedIn(2, ana, R2, 1h) -> Publish(OtherPerson), Notify(other person)
            12:11:00 SignIn -> StartSignIn(3), Publish(SignIn)
            12:11:30 SignedIn(3, robin, R3, 1h) -> Settle(R3, Given), Persist(2, robin R3), Revoke(R1), Publish(SignIn), Revoke(R2)
            12:11:31 Stored(2) -> Settle(R1, Spent), Publish(SignedIn)
            signed in: robin, a token until 13:11:30, renewal at 12:59:30; wakes at 12:59:30
        "#]],
    );
    check(
        signed_in(),
        &format!("{asked} 12:11:30 SignInFailed(3, timed out)"),
        expect![[r#"
        12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
        12:10:30 SignedIn(2, ana, R2, 1h) -> Publish(OtherPerson), Notify(other person)
        12:11:00 SignIn -> StartSignIn(3), Publish(SignIn)
        12:11:30 SignInFailed(3, timed out) -> Publish(SignInFailed)
        signed in: robin, a token until 13:00:00, renewal at 12:48:00; robin or ana?; sign-in failed: the sign-in ended: TimedOut { browser_seen: true }; wakes at 12:48:00
    "#]],
    );
}

#[test]
fn the_question_stays_when_the_session_ends_meanwhile() {
    check(
        signed_in_without_renewal(),
        "12:10:00 SignIn
         12:10:30 SignedIn(2, ana, R2, 1h)
         13:00:00 Tick
         13:01:00 Answer(replace)
         13:01:00 Stored(3)",
        expect![[r#"
            12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:30 SignedIn(2, ana, R2, 1h) -> Publish(OtherPerson), Notify(other person)
            13:00:00 Tick -> Erase, Publish(Ended), Notify(sign in: expired)
            13:01:00 Answer(replace) -> Settle(R2, Given), Persist(3, ana R2)
            13:01:00 Stored(3) -> Publish(SignedIn)
            signed in: ana, a token until 13:10:30, renewal at 12:58:30; wakes at 12:58:30
        "#]],
    );
}

#[test]
fn after_an_end_anybody_may_sign_in() {
    check(
        refreshing(),
        "12:48:01 NotRenewed(1, invalid_grant)
         12:48:01 Restored(robin, R1)
         12:49:00 SignIn
         12:49:30 SignedIn(2, ana, R2, 1h)
         12:49:31 Stored(3)",
        expect![[r#"
            12:48:01 NotRenewed(1, invalid_grant) -> Load
            12:48:01 Restored(robin, R1) -> Settle(R1, Ended), Erase, Publish(Ended), Notify(sign in: refused)
            12:49:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:49:30 SignedIn(2, ana, R2, 1h) -> Settle(R2, Given), Persist(3, ana R2), Publish(SignIn)
            12:49:31 Stored(3) -> Publish(SignedIn)
            signed in: ana, a token until 13:49:30, renewal at 13:37:30; wakes at 13:37:30
        "#]],
    );
}

#[test]
fn a_sign_in_that_is_being_stored_can_be_followed_by_another() {
    check(
        signed_in(),
        "12:10:00 SignIn
         12:10:30 SignedIn(2, robin, R2, 1h)
         12:10:31 SignIn
         12:10:40 SignedIn(3, robin, R3, 1h)
         12:10:41 Stored(2)
         12:10:42 Stored(3)",
        expect![[r#"
            12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:30 SignedIn(2, robin, R2, 1h) -> Settle(R2, Given), Persist(2, robin R2), Revoke(R1), Publish(SignIn)
            12:10:31 SignIn -> StartSignIn(3), Publish(SignIn)
            12:10:40 SignedIn(3, robin, R3, 1h) -> Settle(R3, Given), Persist(3, robin R3), Revoke(R2), Publish(SignIn)
            12:10:41 Stored(2) ->
            12:10:42 Stored(3) -> Settle(R1, Spent), Settle(R2, Spent), Publish(SignedIn)
            signed in: robin, a token until 13:10:40, renewal at 12:58:40; wakes at 12:58:40
        "#]],
    );
}
