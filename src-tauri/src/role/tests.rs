//! Arguments choose a role, and a link chooses no other.

use super::*;

fn role(arguments: &[&str]) -> Role {
    Role::of(arguments.iter().map(|&argument| argument.to_owned()))
}

#[test]
fn arguments_choose_the_role() {
    assert_eq!(role(&[]), Role::Window { started_by_resident: false });
    assert_eq!(role(&["--window"]), Role::Window { started_by_resident: true });
    assert_eq!(role(&["--resident"]), Role::Resident { started_by_window: false });
    assert_eq!(role(&["--resident", "--started-by-window"]), Role::Resident { started_by_window: true });
    let redirect = "dev.gatepass.desktop:/redirect?code=c&state=s";
    assert_eq!(role(&[redirect]), Role::Deliver(DeliveredRedirect(redirect.into())));
}

#[test]
fn a_link_that_is_not_of_a_private_scheme_is_refused() {
    for link in ["https://evil.example/", "file:///etc/passwd", "mailto:a@b.example", ".x:/", "--resident=1", "x y.z:/"]
    {
        assert!(matches!(role(&[link]), Role::Misused(_)), "{link}");
    }
}

#[test]
fn a_link_brings_no_second_argument_with_it() {
    assert!(matches!(role(&["dev.gatepass.desktop:/redirect", "--resident"]), Role::Misused(_)));
}

#[test]
fn a_refused_link_is_told_without_its_query() {
    assert_eq!(role(&["https://localhost/?code=s3cret"]), Role::Misused("https://localhost/".into()));
}
