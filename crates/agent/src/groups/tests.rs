use gatepass_oidc::UserInfo;
use gatepass_oidc::okta::Group;
use serde_json::{Map, Value, json};

use super::Asked;
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
        let groups = Groups::named_by(&GroupsAt::default(), id_token.as_ref(), access_token.as_ref());
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
    let [a, b, c] = ["A", "B", "C"].map(|group| claims(json!({ "groups": [group], "Groups": [group, "X"] })));
    let told = |from, claim: &str| {
        let at = GroupsAt { claim: claim.to_owned(), from };
        let Groups { names, source, .. } = Groups::named_by(&at, Some(&a), Some(&b));
        (names, source)
    };
    assert_eq!(told(GroupsFrom::IdToken, "groups"), (vec!["A".into()], GroupsSource::IdToken));
    assert_eq!(told(GroupsFrom::AccessToken, "groups"), (vec!["B".into()], GroupsSource::AccessToken));
    assert_eq!(told(GroupsFrom::Tokens, "roles"), (Vec::new(), GroupsSource::NoClaim));
    for from in [GroupsFrom::UserInfo, GroupsFrom::OktaApi, GroupsFrom::AdminToken] {
        assert_eq!(told(from, "groups"), (Vec::new(), GroupsSource::NotYet));
    }
    let by_user_info = |claim: &str| {
        let at = GroupsAt { claim: claim.to_owned(), from: GroupsFrom::UserInfo };
        let Groups { names, source, .. } =
            Groups::asked(Asked::UserInfo(UserInfo::unverified_for_tests(c.clone())), &at);
        (names, source)
    };
    assert_eq!(by_user_info("Groups"), (vec!["C".into(), "X".into()], GroupsSource::UserInfo));
    assert_eq!(by_user_info("roles"), (Vec::new(), GroupsSource::NoClaim));
}

#[test]
fn what_okta_api_told_has_names_and_ids_and_what_it_did_not_says_why() {
    use GroupsFrom::{AdminToken, OktaApi, UserInfo};
    use GroupsSource::{ApiRefused, ApiTokenRefused, KeyringSilent, NoAnswer, NoApiToken};
    let asked = |from, asked| Groups::asked(asked, &GroupsAt { from, ..GroupsAt::default() });
    for from in [OktaApi, AdminToken] {
        let ops = Group { id: "00g1".into(), name: "ops".into() };
        let expected = Groups { names: vec!["ops".into()], ids: vec!["00g1".into()], source: GroupsSource::OktaApi };
        assert_eq!(asked(from, Asked::Groups(vec![ops])), expected);
    }
    for (from, why, source) in [
        (OktaApi, Asked::Refused, ApiRefused),
        (AdminToken, Asked::Refused, ApiTokenRefused),
        (UserInfo, Asked::Refused, NoAnswer),
        (AdminToken, Asked::NoAnswer, NoAnswer),
        (AdminToken, Asked::NoApiToken, NoApiToken),
        (OktaApi, Asked::Unread, KeyringSilent),
    ] {
        assert_eq!(why.is_nothing(), matches!(why, Asked::NoAnswer | Asked::Unread), "{why:?}");
        assert_eq!(asked(from, why), Groups::none(source));
        assert!(!source.is_told());
    }
}
