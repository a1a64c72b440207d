use proptest::prelude::*;

use super::*;

#[test]
fn what_reorders_hides_or_breaks_is_taken_out() {
    for (outside, drawn) in [
        ("Robin Ito", "Robin Ito"),
        ("ليلى حداد", "ليلى حداد"),
        ("Zoë 👩🏽‍🚀", "Zoë 👩🏽🚀"),
        ("admin\u{202E}gpj.exe", "admingpj.exe"),
        ("\u{2066}a\u{2069}\u{200F}b\u{061C}", "ab"),
        ("two\r\nlines\u{2028}three\u{0}", "twolinesthree"),
        ("\u{1b}[31mred\u{7}", "[31mred"),
        ("a\u{200B}b\u{FEFF}c\u{00AD}d", "abcd"),
        ("\u{E0041}\u{E0042}x", "x"),
    ] {
        assert_eq!(people_text(outside, 200), drawn, "{outside:?}");
    }
}

#[test]
fn text_is_cut_by_characters_and_says_so() {
    assert_eq!(people_text("abcdef", 6), "abcdef");
    assert_eq!(people_text("abcdef", 4), "abc…");
    assert_eq!(people_text("ééééé", 3), "éé…");
    // What is taken out does not count.
    assert_eq!(people_text("a\u{200B}b\u{200B}c", 3), "abc");
}

proptest! {
    #[test]
    fn nothing_that_is_drawn_reorders_or_breaks(text in any::<String>(), max in 1_usize..300) {
        let drawn = people_text(&text, max);
        prop_assert!(drawn.chars().count() <= max);
        prop_assert!(!drawn.chars().any(is_taken_out));
        prop_assert_eq!(people_text(&drawn, max), drawn, "what is drawn can be drawn again");
    }

    #[test]
    fn ordinary_text_is_left_alone(text in "[a-zA-Z0-9 .,:;@/_é東א-]{0,100}") {
        prop_assert_eq!(people_text(&text, 100), text);
    }
}
