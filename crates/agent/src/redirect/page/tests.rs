use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;
use crate::testing::plain_page;

fn stated(what: &Outcome) -> String {
    outcome(what, plain_page())
}

fn signed_in(as_whom: &str) -> String {
    stated(&Outcome::SignedIn { as_whom: as_whom.to_owned() })
}

#[test]
fn the_policy_names_the_style_by_its_hash() {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    assert!(CONTENT_SECURITY_POLICY.contains(&format!("style-src 'sha256-{hash}';")), "the hash is now {hash}");
}

#[test]
fn the_style_element_holds_what_was_hashed() {
    assert!(waiting(plain_page()).contains(&format!("<style>{STYLE}</style>")));
}

#[test]
fn no_page_has_a_style_that_the_policy_forbids() {
    for page in [signed_in("Robin"), waiting(plain_page()), refusal(TurnedAway::NoHost, plain_page())] {
        assert!(!page.contains("style=") && !page.contains("src=") && !page.contains("href="), "{page}");
    }
}

#[test]
fn a_hostile_name_is_shown_as_text() {
    let page = signed_in("<script>alert(1)</script>&\"'");
    assert!(page.contains("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;</bdi>"), "{page}");
}

#[test]
fn whoever_signed_in_as_somebody_else_is_sent_to_the_window_with_the_question() {
    let page = stated(&Outcome::OtherPerson { was: "Robin <b>".to_owned(), now: "Kim\u{202e}".to_owned() });
    for part in ["<strong><bdi>Kim</bdi></strong>", "<strong><bdi>Robin &lt;b&gt;</bdi></strong>", "which session"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("signed in"), "{page}");
}

#[test]
fn a_hostile_title_does_not_leave_the_title_element() {
    let failed = Outcome::Failed { title: "</title><h1>".to_owned(), advice: String::new() };
    assert!(stated(&failed).contains("<title>&lt;/title&gt;&lt;h1&gt; – Gatepass</title>"));
}

#[test]
fn a_name_cannot_turn_the_direction_of_the_page() {
    let page = signed_in("Robin\u{202e}nimda\u{2066}\u{200f}\u{61c}\u{7}\r\nDoe");
    assert!(page.contains("<bdi>Robinnimda  Doe</bdi>"), "{page}");
}

#[test]
fn a_name_in_a_right_to_left_script_is_kept() {
    assert!(signed_in("رُبَىٰ الحسن").contains("<bdi>رُبَىٰ الحسن</bdi>"));
}

#[test]
fn a_long_text_is_cut() {
    let page = signed_in(&"é".repeat(LONGEST + 1));
    assert!(page.contains(&format!("<bdi>{}…</bdi>", "é".repeat(LONGEST))), "{page}");
    assert!(!signed_in(&"é".repeat(LONGEST)).contains('…'));
}

#[test]
fn without_a_name_the_sentence_is_whole() {
    assert!(signed_in(" \u{202e}").contains("<p>It is somebody. Go back.</p>"));
}

#[test]
fn the_page_says_its_language() {
    let german = PageWords { language: "de", ..*plain_page() };
    for page in [waiting(&german), refusal(TurnedAway::NoHost, &german)] {
        assert!(page.contains("<html lang=\"de\">"), "{page}");
    }
}

#[test]
fn without_advice_the_sentence_is_whole() {
    let failed = Outcome::Failed { title: "Refused".to_owned(), advice: String::new() };
    assert!(stated(&failed).contains("<p>Go back.</p>"));
}

proptest! {
    #[test]
    fn no_text_adds_markup(text in any::<String>()) {
        let count = |page: &str, c| page.matches(c).count();
        let (plain, page) = (signed_in("x"), signed_in(&format!("x{text}")));
        prop_assert_eq!(count(&page, '<'), count(&plain, '<'));
        prop_assert_eq!(count(&page, '>'), count(&plain, '>'));
        prop_assert_eq!(count(&page, '"'), count(&plain, '"'));
        prop_assert!(!page.chars().any(|c| misleads(c) && c != '\n'));
    }
}
