use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn an_edit_changes_line_ends_nowhere_else(
        before in "\u{feff}?([a-c]?(\n|\r\n)){0,9}[a-c]?",
        after in "([a-c]?\n){0,9}[a-c]?",
    ) {
        let plain = |text: &str| text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        prop_assert_eq!(plain(&with_ends_of(&before, &after)), after);
        prop_assert_eq!(with_ends_of(&before, &plain(&before)), before);
    }
}
