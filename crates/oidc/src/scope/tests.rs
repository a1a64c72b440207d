use proptest::prelude::*;

use super::*;

#[test]
fn a_list_keeps_its_order_and_no_duplicates() {
    let scopes = Scopes::parse("openid  groups openid\u{e4} openid \"quoted\" offline_access");
    assert_eq!(scopes.to_string(), "openid groups offline_access");
    assert!(scopes.contains(&Scope::openid()) && scopes.contains(&Scope::offline_access()));
    assert!(Scopes::parse(" ").is_empty());
}

#[test]
fn a_scope_is_visible_ascii_without_quotes_and_backslashes() {
    for text in ["openid", "okta.users.read", "https://acme.example/read", "!#[]~"] {
        assert_eq!(Scope::parse(text).unwrap().as_str(), text);
    }
    for text in ["", "a b", "a\"b", "a\\b", "a\tb", "\u{e4}"] {
        assert!(Scope::parse(text).is_none(), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_printed_is_read_again(text in "[ -~\u{e4}\t]{0,40}") {
        let scopes = Scopes::parse(&text);
        prop_assert_eq!(Scopes::parse(&scopes.to_string()), scopes);
    }
}
