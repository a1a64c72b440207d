use gatepass_oidc::okta::Group;
use gatepass_oidc::{AboutPerson, Error as OidcError, UserInfo};
use serde_json::{Map, Value, json};

use crate::{Groups, GroupsAt, GroupsFrom, GroupsSource};

fn claims(json: Value) -> Map<String, Value> {
    json.as_object().expect("a table row is an object").clone()
}

#[test]
fn groups_come_from_the_id_token_then_from_the_access_token() {
    use GroupsSource::{AccessToken, IdToken, NoClaim};
    for (id_token, access_token, names, source) in [
        (Some(json!({"groups": ["A", "B"]})), Some(json!({"groups": ["C"]})), vec!["A", "B"], IdToken),
        (Some(json!({"groups": []})), Some(json!({"groups": ["C"]})), vec![], IdToken),
        (Some(json!({"groups": "Everyone"})), None, vec!["Everyone"], IdToken),
        (Some(json!({"groups": ["A", 7, null, "B"]})), None, vec!["A", "B"], IdToken),
        (Some(json!({"groups": {"a": 1}})), Some(json!({"groups": ["C"]})), vec!["C"], AccessToken),
        (Some(json!({"groups": null})), Some(json!({"groups": "C"})), vec!["C"], AccessToken),
        (Some(json!({"Groups": ["A"]})), Some(json!({})), vec![], NoClaim),
        (None, Some(json!({"groups": ["C"]})), vec!["C"], AccessToken),
        (None, None, vec![], NoClaim),
    ] {
        let (id_token, access_token) = (id_token.map(claims), access_token.map(claims));
        let groups = Groups::named_by(&GroupsAt::default(), id_token.as_ref(), access_token.as_ref(), None);
        let expected = Groups { names: names.into_iter().map(Into::into).collect(), ids: Vec::new(), source };
        assert_eq!(groups, expected, "{id_token:?} {access_token:?}");
    }
}

#[test]
fn before_there_is_a_token_groups_are_not_yet_known() {
    assert_eq!(Groups::not_yet(), Groups { names: Vec::new(), ids: Vec::new(), source: GroupsSource::NotYet });
}

#[test]
fn a_profile_says_which_claim_and_where() {
    let told = |from, claim: &str| {
        let at = GroupsAt { claim: claim.to_owned(), from };
        let [a, b, c] = ["A", "B", "C"].map(|group| claims(json!({ "groups": [group], "Groups": [group, "X"] })));
        let Groups { names, source, .. } = Groups::named_by(&at, Some(&a), Some(&b), Some(&c));
        (names, source)
    };
    assert_eq!(told(GroupsFrom::IdToken, "groups"), (vec!["A".into()], GroupsSource::IdToken));
    assert_eq!(told(GroupsFrom::AccessToken, "groups"), (vec!["B".into()], GroupsSource::AccessToken));
    assert_eq!(told(GroupsFrom::UserInfo, "Groups"), (vec!["C".into(), "X".into()], GroupsSource::UserInfo));
    assert_eq!(told(GroupsFrom::Tokens, "roles"), (Vec::new(), GroupsSource::NoClaim));
}

#[test]
fn what_okta_api_told_has_names_and_ids() {
    use GroupsFrom::{AdminToken, OktaApi};
    use GroupsSource::{ApiRefused, ApiSilent, NoApiToken, NotYet};
    let ops = Group { id: "00g1".into(), name: "ops".into() };
    let told = AboutPerson::Groups(vec![ops]);
    for from in [OktaApi, AdminToken] {
        let expected = Groups { names: vec!["ops".into()], ids: vec!["00g1".into()], source: GroupsSource::OktaApi };
        assert_eq!(Groups::by_api(from, Some(&told)), expected);
    }
    let refused = OidcError::Refused { code: "E0000006".into(), description: None, status: 403, request_id: None };
    let busy = OidcError::Busy { retry_after: None, status: 429 };
    let of_a_claim = AboutPerson::UserInfo(UserInfo::unverified_for_tests(claims(json!({ "groups": ["A"] }))));
    for (from, told, source) in [
        (OktaApi, Some(AboutPerson::NoGroups(refused)), ApiRefused),
        (AdminToken, Some(AboutPerson::NoGroups(busy)), ApiSilent),
        (AdminToken, None, NoApiToken),
        (OktaApi, None, NotYet),
        (OktaApi, Some(of_a_claim), NotYet),
    ] {
        assert_eq!(Groups::by_api(from, told.as_ref()), Groups::none(source), "{told:?}");
    }
}
