use expect_test::expect;

use super::*;

/// A sign-in that the person gave up in the browser, where Okta may have shown an error.
fn given_up() -> SessionMachine {
    after(
        "11:00:00 Tick
         11:00:00 Restored(none)
         12:00:00 SignIn(else)
         12:00:02 Moved(1, InBrowser)
         12:00:30 Cancel",
    )
}

#[test]
fn what_the_server_says_against_the_request_is_why_the_sign_in_did_not_finish() {
    check(
        given_up(),
        "12:01:00 Inquire
         12:01:01 Inquire
         12:01:02 Inquired(1, invalid_request)
         12:01:03 Inquire
         12:01:04 Inquired(1, accepted)",
        expect![[r#"
            12:01:00 Inquire -> Inquire(1, else), Publish(Inquiry)
            12:01:01 Inquire ->
            12:01:02 Inquired(1, invalid_request) -> Publish(Inquiry)
            12:01:03 Inquire ->
            12:01:04 Inquired(1, accepted) ->
            signed out: never signed in; sign-in failed: the authorization server refused: invalid_request; sleeps
        "#]],
    );
}

#[test]
fn a_request_that_the_server_takes_is_not_why() {
    check(
        given_up(),
        "12:01:00 Inquire\n 12:01:02 Inquired(1, accepted)\n 12:01:03 Inquire",
        expect![[r#"
            12:01:00 Inquire -> Inquire(1, else), Publish(Inquiry)
            12:01:02 Inquired(1, accepted) -> Publish(Inquiry)
            12:01:03 Inquire ->
            signed out: never signed in; sign-in failed: the authorization server takes the request of the sign-in that did not finish; sleeps
        "#]],
    );
}

#[test]
fn what_a_server_takes_after_an_edit_says_nothing_of_the_sign_in_before_it() {
    check(
        given_up(),
        "12:01:00 Inquire\n 12:01:02 Inquired(1, accepted now)\n 12:01:03 Inquire",
        expect![[r#"
            12:01:00 Inquire -> Inquire(1, else), Publish(Inquiry)
            12:01:02 Inquired(1, accepted now) -> Publish(Inquiry)
            12:01:03 Inquire ->
            signed out: never signed in; sign-in failed: the authorization server takes the request that the profile makes now; sleeps
        "#]],
    );
}

#[test]
fn where_the_server_took_the_very_request_there_is_nothing_to_ask() {
    for end in ["Cancel", "SignInFailed(1, timed out)"] {
        let script = format!(
            "12:00:00 SignIn
             12:00:01 Taken(1)
             12:00:02 Moved(1, InBrowser)
             12:00:30 {end}
             12:00:40 Inquire"
        );
        assert!(run(signed_out(), &script).contains("Inquire ->\n"), "{end}");
    }
    // Of another sign-in it took none.
    let script = "12:01:00 SignIn\n 12:01:01 Taken(1)\n 12:01:02 SignInFailed(2, timed out)\n 12:01:03 Inquire";
    assert!(run(given_up(), script).contains("Inquire -> Inquire(2)"));
}

#[test]
fn where_the_server_could_not_be_asked_it_can_be_asked_again() {
    check(
        given_up(),
        "12:01:00 Inquire\n 12:01:02 Inquired(1, nothing)\n 12:01:03 Inquire",
        expect![[r#"
            12:01:00 Inquire -> Inquire(1, else), Publish(Inquiry)
            12:01:02 Inquired(1, nothing) -> Publish(Inquiry)
            12:01:03 Inquire -> Inquire(1, else), Publish(Inquiry)
            signed out: never signed in; sign-in failed: the sign-in ended: Cancelled; inquiring; sleeps
        "#]],
    );
}

#[test]
fn only_what_nobody_knows_is_asked_about() {
    for nothing_to_ask in
        ["Tick", "SignInFailed(1, unreachable)", "SignInFailed(1, superseded)", "SignInFailed(1, no browser)"]
    {
        let script = format!("12:00:00 SignIn\n 12:00:05 {nothing_to_ask}\n 12:00:06 Inquire");
        assert!(run(signed_out(), &script).contains("Inquire ->\n"), "{nothing_to_ask}");
    }
}

#[test]
fn what_comes_after_a_newer_sign_in_or_when_it_was_put_away_is_for_nobody() {
    check(
        given_up(),
        "12:01:00 Inquire
         12:01:01 SignIn
         12:01:02 Inquired(1, invalid_request)
         12:01:03 Moved(2, InBrowser)
         12:01:04 Cancel
         12:01:05 Inquired(1, accepted)
         12:01:06 Inquire
         12:01:07 Inquired(1, invalid_scope)",
        expect![[r#"
            12:01:00 Inquire -> Inquire(1, else), Publish(Inquiry)
            12:01:01 SignIn -> StartSignIn(2), Publish(SignIn)
            12:01:02 Inquired(1, invalid_request) ->
            12:01:03 Moved(2, InBrowser) -> Publish(SignIn)
            12:01:04 Cancel -> AbandonSignIn(2), Publish(SignIn)
            12:01:05 Inquired(1, accepted) ->
            12:01:06 Inquire -> Inquire(2), Publish(Inquiry)
            12:01:07 Inquired(1, invalid_scope) ->
            signed out: never signed in; sign-in failed: the sign-in ended: Cancelled; inquiring; sleeps
        "#]],
    );
    for puts_away in ["Dismiss", "SignOut"] {
        let script = format!("12:01:00 Inquire\n 12:01:01 {puts_away}\n 12:01:02 Inquired(1, accepted)");
        let printed = run(given_up(), &script);
        assert!(printed.contains("accepted) ->\n") && !printed.contains("failed"), "{printed}");
    }
}

#[test]
fn a_session_goes_on_whatever_is_said_of_a_sign_in_over_it() {
    check(
        signed_in(),
        "12:10:00 SignIn
         12:10:05 SignInFailed(2, timed out)
         12:11:00 Inquire
         12:11:01 Inquired(2, invalid_client)",
        expect![[r#"
            12:10:00 SignIn -> StartSignIn(2), Publish(SignIn)
            12:10:05 SignInFailed(2, timed out) -> Publish(SignInFailed)
            12:11:00 Inquire -> Inquire(2), Publish(Inquiry)
            12:11:01 Inquired(2, invalid_client) -> Publish(Inquiry)
            signed in: robin, a token until 13:00:00, renewal at 12:48:00; sign-in failed: the authorization server refused: invalid_client; wakes at 12:48:00
        "#]],
    );
}
