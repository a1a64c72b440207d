//! Our page on choosing, and what all pages say of a profile in passing: what can stand in one is what the program takes.

use gatepass_agent::{NotAProfile, Profile as Written, Wrong};

use super::*;

const PAGES: [&str; 7] = ["apache", "app-wizard", "choosing", "kong", "mongodb", "openmetadata", "pomerium"];

/// A profile with this line, as the program reads it.
fn with(line: &str) -> Result<Written, NotAProfile> {
    // Of an org's own server no token can be exchanged, and of another none is for Okta's API.
    let server = if line.starts_with("further_audiences") { "/oauth2/default" } else { "" };
    let text = format!(
        "[[profile]]\nid = \"one\"\nname = \"One\"\nissuer = \"https://acme.okta.com{server}\"\nclient_id = \"0oa1\"\n\
         scopes = \"openid offline_access okta.users.read\"\n{line}\n"
    );
    let parts = Written::parts_in_toml(&text).unwrap_or_else(|wrong| panic!("{line}: {wrong}"));
    Written::from_parts(&parts[0])
}

/// What a key can be: the program lists it when it is given something else.
fn values_of(key: &str) -> &'static [&'static str] {
    match with(&format!("{key} = \"something else\"")) {
        Err(NotAProfile { what: Wrong::NoneOf(values), .. }) => values,
        other => panic!("{other:?}"),
    }
}

/// What stands in code in the column of a table with this heading.
fn in_column<'a>(page: &'a Page, heading: &str) -> Vec<&'a str> {
    let cells = |line: &'a str| line.split('|').map(str::trim).collect::<Vec<_>>();
    let place = |line: &'a str| cells(line).iter().position(|cell| *cell == heading);
    let mut lines = page.text().lines();
    let place = lines.find_map(place).unwrap_or_else(|| panic!("no column {heading}"));
    let rows = lines.take_while(|line| line.starts_with('|'));
    rows.flat_map(|row| cells(row)[place].split('`').skip(1).step_by(2)).collect()
}

#[test]
fn each_way_of_client_authentication_on_our_page_is_one_and_none_is_left_out() {
    let page = Page::read("choosing");
    let listed = in_column(&page, "`client_authentication`");
    assert_eq!(listed, values_of("client_authentication"));
}

#[test]
fn each_place_for_groups_on_our_page_is_one_and_none_is_left_out() {
    let page = Page::read("choosing");
    let mut listed = in_column(&page, "`groups_from`");
    // What only an administrator can use stands beneath the table.
    let in_prose = page.words_in_code().filter_map(|words| words.strip_prefix("groups_from = \""));
    listed.extend(in_prose.filter_map(|value| value.strip_suffix('"')));
    assert_eq!(listed, values_of("groups_from"));
}

#[test]
fn each_line_of_a_profile_that_our_pages_name_in_passing_is_taken_and_kept() {
    let mut n_lines = 0;
    for name in PAGES {
        let page = Page::read(name);
        for line in page.words_in_code().filter(|words| words.contains(" = ")) {
            let read = with(line).unwrap_or_else(|wrong| panic!("{name}: {line}: {wrong}"));
            assert!(read.to_toml().lines().any(|kept| kept == line), "{name}: {line}");
            n_lines += 1;
        }
    }
    assert!(n_lines >= 8, "only {n_lines} lines are named");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_profiles_with_one_sign_in_are_two_profiles_the_second_of_which_names_the_first() {
    let page = Page::read("choosing");
    let machine = Machine::new();
    machine.write_profiles_file(&format!("version = 1\n\n{}\n", page.block("toml", "sign_in_with")));
    let running = machine.start().await;
    running.until_told_of_the_file(false).await;
    let first = running.until("data", "the first", |_| true).await;
    assert!(first.scopes.contains(&"device_sso".into()), "{:?}", first.scopes);
    assert_eq!(running.profile("tickets").options.sign_in_with, "data");
    running.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_with_our_pages_further_audience_offers_its_token() {
    let page = Page::read("choosing");
    let machine = Machine::new();
    let further = page.block("toml", "further_audiences");
    machine.write_profile_of("https://acme.okta.com/oauth2/default", "0oa1", &[free_redirect_uri()], further);
    let running = machine.start().await;
    running.until_told_of_the_file(false).await;
    assert_eq!(running.profile("work").audiences, ["api://billing"]);
    assert!(page.text().contains("*Access token for api://billing*"));
    running.quit().await;
}
