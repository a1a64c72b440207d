//! The tray by tables: what each snapshot shows.

use expect_test::{Expect, expect};
use gatepass_wire::{Attempt, Language};

use super::*;
use crate::samples::{NOW, attempt, problem, profile, snapshot, with_session};

/// The view, a line each; `\u{2068}` and `\u{2069}`, which nobody sees, as `<` and `>`.
#[track_caller]
fn check(profiles: Vec<Profile>, expected: Expect) {
    check_view(&render(&snapshot(profiles), NOW), expected);
}

#[track_caller]
fn check_view(view: &TrayView, expected: Expect) {
    let seen = |text: &str| text.replace('\u{2068}', "<").replace('\u{2069}', ">");
    let mark = if view.icon.memory_only { " ◌" } else { "" };
    let mut lines = vec![format!("{:?}{mark} | {}", view.icon.status, seen(&view.tooltip))];
    lines.extend(view.entries.iter().map(|entry| match entry {
        Entry::Heading(text) => seen(text),
        Entry::Item { deed, label, enabled } => {
            format!("  {label} [{}]{}", deed.id(), if *enabled { "" } else { " off" })
        }
        Entry::Separator => "---".into(),
    }));
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn each_profile_has_a_line_and_what_can_be_done() {
    check(
        vec![
            with_session("Data platform", Status::SignedIn, 42),
            with_session("MongoDB", Status::Offline, 4),
            profile("Kong staging", Status::SignInNeeded),
        ],
        expect![[r#"
            SignInNeeded | <Kong staging>: sign-in needed
            ● <Data platform> — 42 min
              Copy access token [copy-access-token:Data platform]
              Refresh now [refresh:Data platform]
              Sign out [sign-out:Data platform]
            ---
            ◐ <MongoDB> — offline, 4 min
              Copy access token [copy-access-token:MongoDB]
              Refresh now [refresh:MongoDB]
              Sign out [sign-out:MongoDB]
            ---
            ◆ <Kong staging> — ended
              Sign in with Okta… [sign-in:Kong staging]
            ---
              Open Gatepass [open]
              Quit [quit]
        "#]],
    );
}

#[test]
fn it_speaks_the_language_of_the_snapshot() {
    let in_german = |profiles| {
        let mut snapshot = snapshot(profiles);
        snapshot.resident.language = Language::German;
        render(&snapshot, NOW)
    };
    let (offline, kept) =
        (Status::Offline, Profile { memory_only: Some(problem()), ..profile("c", Status::SignedOut) });
    let all = vec![with_session("a", Status::SignedIn, 42), with_session("b", offline, -1), kept];
    check_view(
        &in_german(all),
        expect![[r#"
            Offline ◌ | <b>: offline, das Access Token ist abgelaufen; ein anderes ist bis zum Beenden angemeldet
            ● <a> — 42 min
              Access Token kopieren [copy-access-token:a]
              Jetzt erneuern [refresh:a]
              Abmelden [sign-out:a]
            ---
            ◐ <b> — offline, beendet
              Access Token kopieren [copy-access-token:b]
              Jetzt erneuern [refresh:b]
              Abmelden [sign-out:b]
            ---
            ○ <c> — abgemeldet ◌ bis zum Beenden
              Mit Okta anmelden… [sign-in:c]
            ---
              Gatepass öffnen [open]
              Beenden [quit]
        "#]],
    );
    let two = in_german(vec![with_session("a", offline, 0), with_session("b", offline, 9)]);
    assert_eq!(two.tooltip, "\u{2068}a\u{2069} und ein weiteres: offline, noch unter 1 min");
    assert_eq!(in_german(vec![profile("a", Status::SignInNeeded)]).tooltip, "Anmeldung nötig");
}

#[test]
fn a_renewal_under_way_is_not_asked_for_again() {
    check(
        vec![with_session("a", Status::Renewing, 0)],
        expect![[r#"
            Renewing | Renewing, under 1 min left
            ◔ <a> — renewing, under 1 min
              Copy access token [copy-access-token:a]
              Refresh now [refresh:a] off
              Sign out [sign-out:a]
            ---
              Open Gatepass [open]
              Quit [quit]
        "#]],
    );
}

#[test]
fn a_sign_in_can_be_cancelled_with_a_session_and_without() {
    check(
        vec![
            Profile { attempt: Some(attempt()), ..profile("a", Status::SignedOut) },
            Profile { attempt: Some(attempt()), ..with_session("b", Status::SignedIn, 10) },
        ],
        expect![[r#"
            SignedIn | <b>: signed in, 10 min left
            ○ <a> — signing in…
              Cancel sign-in [cancel-sign-in:a]
            ---
            ● <b> — 10 min
              Copy access token [copy-access-token:b]
              Refresh now [refresh:b]
              Cancel sign-in [cancel-sign-in:b]
              Sign out [sign-out:b]
            ---
              Open Gatepass [open]
              Quit [quit]
        "#]],
    );
}

#[test]
fn while_the_keyring_is_asked_nobody_is_called_signed_out_or_urged_to_sign_in() {
    check(
        vec![Profile { reading: true, ..profile("a", Status::SignedOut) }],
        expect![[r#"
            SignedOut | Looking in the keyring…
            ○ <a> — looking in the keyring…
            ---
              Open Gatepass [open]
              Quit [quit]
        "#]],
    );
}

#[test]
fn a_sign_in_that_is_being_stored_is_not_cancelled() {
    let storing = Attempt { stage: AttemptStage::Storing, ..attempt() };
    check(
        vec![Profile { attempt: Some(storing), ..profile("a", Status::SignedOut) }],
        expect![[r#"
            SignedOut | Signing in…
            ○ <a> — signing in…
              Cancel sign-in [cancel-sign-in:a] off
            ---
              Open Gatepass [open]
              Quit [quit]
        "#]],
    );
}

#[test]
fn a_session_that_nothing_renews_offers_sign_in() {
    let mut ending = with_session("a", Status::SignedIn, 4);
    ending.session.as_mut().expect("made with one").renewable = false;
    let mut blocked = with_session("b", Status::Blocked, 4);
    blocked.session.as_mut().expect("made with one").expires_at = None;
    blocked.memory_only = Some(problem());
    check(
        vec![ending, blocked],
        expect![[r#"
            Blocked ◌ | <b>: blocked, until you quit
            ● <a> — 4 min
              Copy access token [copy-access-token:a]
              Sign in with Okta… [sign-in:a]
              Sign out [sign-out:a]
            ---
            ▲ <b> — blocked ◌ until you quit
              Copy access token [copy-access-token:b]
              Refresh now [refresh:b]
              Sign out [sign-out:b]
            ---
              Open Gatepass [open]
              Quit [quit]
        "#]],
    );
}

#[test]
fn without_profiles_there_is_the_window_and_the_way_out() {
    check(
        vec![],
        expect![[r#"
            SignedOut | Signed out
              Open Gatepass [open]
              Quit [quit]
        "#]],
    );
}

#[test]
fn a_profile_that_is_signed_out_does_not_hide_one_that_is_signed_in() {
    let view = render(&snapshot(vec![profile("a", Status::SignedOut), with_session("b", Status::SignedIn, 1)]), NOW);
    assert_eq!(view.icon.status, Status::SignedIn);
    assert_eq!(view.tooltip, "\u{2068}b\u{2069}: signed in, 1 min left");
}

#[test]
fn a_name_from_outside_is_cut_and_isolated() {
    let name = format!("<b>\u{5d0}\u{202e}{}", "x".repeat(100));
    let view = render(&snapshot(vec![profile(&name, Status::SignedOut), profile("b", Status::SignedOut)]), NOW);
    let Entry::Heading(heading) = &view.entries[0] else { panic!("{:?}", view.entries[0]) };
    assert!(heading.starts_with("○ \u{2068}<b>\u{5d0}x"), "{heading:?}");
    assert!(heading.ends_with("…\u{2069} — signed out"), "{heading:?}");
    assert!(heading.chars().count() < 70, "{heading:?}");
    assert!(view.tooltip.starts_with("\u{2068}<b>\u{5d0}x"), "{:?}", view.tooltip);
    assert!(view.tooltip.ends_with("…\u{2069} and 1 more: signed out"), "{:?}", view.tooltip);
    assert!(view.tooltip.chars().count() < 80, "{:?}", view.tooltip);
}

#[test]
fn the_tooltip_tells_of_whoever_needs_the_person_most_and_how_many_more() {
    let tooltip = |profiles| render(&snapshot(profiles), NOW).tooltip.replace(['\u{2068}', '\u{2069}'], "");
    let (offline, ended) = (Status::Offline, Status::SignInNeeded);
    assert_eq!(tooltip(vec![with_session("a", Status::SignedIn, 42)]), "Signed in, 42 min left");
    assert_eq!(tooltip(vec![with_session("a", offline, -1)]), "Offline, the access token ended");
    let two = || vec![with_session("a", offline, 9), with_session("b", offline, 4), profile("c", Status::SignedOut)];
    assert_eq!(tooltip(two()), "b and 1 more: offline, 4 min left");
    assert_eq!(tooltip([two(), vec![profile("d", ended)]].concat()), "d: sign-in needed");
    let kept = Profile { memory_only: Some(problem()), ..with_session("a", Status::Renewing, 1) };
    assert_eq!(tooltip(vec![kept]), "Renewing, 1 min left, until you quit");
    let kept = Profile { memory_only: Some(problem()), ..with_session("b", Status::SignedIn, 1) };
    assert_eq!(tooltip(vec![profile("a", ended), kept]), "a: sign-in needed; another is signed in until you quit");
    let signing_in = Profile { attempt: Some(attempt()), ..profile("a", ended) };
    assert_eq!(tooltip(vec![signing_in]), "Signing in…");
}

#[test]
fn what_only_stands_in_the_menu_changes_none_of_its_lines() {
    let view = |profile: Profile, now: i64| render(&snapshot(vec![profile]), Millis(NOW.0 + now));
    let before = view(with_session("a", Status::SignedIn, 42), 0);
    let kept = Profile { memory_only: Some(problem()), ..with_session("a", Status::Renewing, 42) };
    for after in [view(with_session("a", Status::SignedIn, 42), 60_000), view(kept, 0)] {
        assert_ne!(before, after);
        assert!(after.has_lines_of(&before), "{after:?}");
    }
    // One line more, another profile's lines, and other lines of the same number.
    for after in [with_session("b", Status::SignedIn, 42), profile("a", Status::SignInNeeded)] {
        assert!(!view(after, 0).has_lines_of(&before));
    }
    let signing_in = Profile { attempt: Some(attempt()), ..profile("a", Status::SignedOut) };
    assert!(!view(signing_in, 0).has_lines_of(&view(profile("a", Status::SignedOut), 0)));
}

#[test]
fn time_left_is_rounded_down() {
    let left = |seconds: i64| time_left(Millis(NOW.0 + seconds * 1000), NOW, ShellWords::of(Language::English));
    let minute = 60;
    assert_eq!(
        [-1, 0, 59, 60, 59 * minute + 59, 60 * minute, 90 * minute, 24 * 60 * minute, 50 * 60 * minute].map(left),
        ["ended", "under 1 min", "under 1 min", "1 min", "59 min", "1 h", "1 h 30 min", "1 d", "2 d"]
    );
}

#[test]
fn what_is_shown_stays_true_until_it_is_looked_at_again() {
    let snapshot = snapshot(vec![with_session("a", Status::SignedIn, 3), profile("b", Status::SignedOut)]);
    let mut now = NOW;
    for _ in 0..20 {
        let shown = render(&snapshot, now);
        let wait = i64::try_from(stays_true_for(&snapshot, now).as_millis()).expect("under a minute");
        assert!((1..=30_000).contains(&wait));
        assert_eq!(render(&snapshot, Millis(now.0 + wait - 1)), shown, "at {}", now.0 - NOW.0);
        now = Millis(now.0 + wait);
    }
}

#[test]
fn a_click_means_what_its_menu_said() {
    let profile = || "a:b".to_owned();
    for deed in [
        Deed::Open,
        Deed::Quit,
        Deed::CopyAccessToken(profile()),
        Deed::Refresh(profile()),
        Deed::SignIn(profile()),
        Deed::CancelSignIn(profile()),
        Deed::SignOut(profile()),
    ] {
        assert_eq!(Deed::of_id(&deed.id()), Some(deed));
    }
    assert_eq!(Deed::of_id("format-disk"), None);
}
