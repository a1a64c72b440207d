//! What a resident's last words are among all that it said.

use super::*;

#[test]
fn the_error_of_its_main_is_what_it_says_last() {
    let no_log_yet = "no log file: x\ngatepass-desktop: /a/state cannot be used: Not a directory (os error 20)\n";
    assert_eq!(last_words(no_log_yet).as_deref(), Some("/a/state cannot be used: Not a directory (os error 20)"));
    let logged = "2026-11-21T04:14:22.1Z  WARN gatepass_app: core dumps stay on\n\
                  2026-11-21T04:14:22.2Z ERROR gatepass_desktop: there is no display.\nsome library: bye\n";
    assert_eq!(last_words(logged).as_deref(), Some("there is no display"));
}

#[test]
fn a_panic_says_what_it_was_about() {
    let said =
        "\nthread 'main' (7) panicked at src/x.rs:1:2:\nFailed to initialize GTK\nnote: run with `RUST_BACKTRACE=1`\n";
    assert_eq!(last_words(said).as_deref(), Some("Failed to initialize GTK"));
}

#[test]
fn whoever_says_nothing_of_the_kind_has_no_last_words() {
    for said in
        ["", "\n\n", "Gtk-WARNING: no theme\n", "thread 'main' panicked at src/x.rs:1:2:", "gatepass-desktop: \n"]
    {
        assert_eq!(last_words(said), None, "{said:?}");
    }
}

#[test]
fn last_words_are_clean_and_bounded() {
    let said = format!("gatepass-desktop: \u{1b}[31m\u{202e}{}", "x".repeat(10_000));
    let words = last_words(&said).expect("words");
    assert!(!words.contains(['\u{1b}', '\u{202e}']), "{words}");
    assert!(words.chars().count() <= 401, "{}", words.len());
}

#[test]
fn only_the_end_is_kept_of_whoever_says_much() {
    let said: Vec<u8> = (0..100_000u32).map(|n| (n % 251) as u8).collect();
    assert_eq!(the_end_of(said.as_slice(), 100), said[said.len() - 100..]);
    assert_eq!(the_end_of(&b"short"[..], 100), b"short");
}
