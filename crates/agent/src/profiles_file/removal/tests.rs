use super::*;
use crate::profiles_file::tests::DEMO;

const CROWDED: &str = r#"# My profiles. Keep sorted!

# the first one
[[profile]]
id = "a"
# colour = "red"

# [[profile]]
# id = "old"

# the second one
[[profile]]
id = "b"

[profile.own]
x = 1
# --- not profiles ---

# what else there is
[other]
key = 1

# the last one
[[profile]]
id = "c"
# the end
"#;

fn without(text: &str, id: &str) -> String {
    without_profile(text, &ProfileId::parse(id).unwrap()).unwrap()
}

#[test]
fn a_profile_takes_the_comment_directly_above_with_it_and_no_other_text() {
    let block = |from: &str, to: &str| &CROWDED[CROWDED.find(from).unwrap()..CROWDED.find(to).unwrap()];
    let (a, b) = (block("# the first", "# colour"), block("# the second", "# --- not"));
    assert_eq!(without(CROWDED, "a"), CROWDED.replace(a, ""));
    assert_eq!(without(CROWDED, "b"), CROWDED.replace(b, ""));
    let without_c = CROWDED.replace("\n# the last one\n[[profile]]\nid = \"c\"\n", "");
    assert_eq!(without(CROWDED, "c"), without_c);
    let none = without(&without(&without_c, "b"), "a");
    assert_eq!(none, without_c.replace(a, "").replace(b, ""));
    assert_eq!(without(CROWDED, "d"), CROWDED);
}

#[test]
fn a_note_that_stood_above_the_last_profile_stays_at_the_end() {
    let text = "[[profile]]\nid = \"a\"\n\n# keep me\n\n# b\n[[profile]]\nid = \"b\"\n";
    assert_eq!(without(text, "b"), "[[profile]]\nid = \"a\"\n\n# keep me\n");
    let list = "profile = [\n  { id = \"a\" },\n  # keep me\n\n  # b\n  { id = \"b\" },\n]\n";
    assert_eq!(without(list, "b"), "profile = [\n  { id = \"a\" },\n  # keep me\n\n]\n");
    assert_eq!(without(list, "a"), "profile = [\n  # keep me\n\n  # b\n  { id = \"b\" },\n]\n");
}

#[test]
fn of_two_blocks_with_one_id_the_one_that_counts_is_removed() {
    let block = &DEMO[DEMO.find("\n[[profile]]").unwrap()..];
    let wrong = block.replace("http://", "nonsense");
    let text = format!("version = 1\n{wrong}{block}{block}");
    assert_eq!(without(&text, "demo"), format!("version = 1\n{wrong}{block}"));
}
