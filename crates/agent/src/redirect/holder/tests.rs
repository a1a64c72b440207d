use super::program_name;

#[test]
fn a_program_is_named_as_a_person_knows_it() {
    assert_eq!(program_name(b"node\n").as_deref(), Some("node"));
    assert_eq!(program_name(b"a \x1b[31m\xffb\n").as_deref(), Some("a [31m\u{fffd}b"));
    assert_eq!(program_name(b" \n"), None);
}
