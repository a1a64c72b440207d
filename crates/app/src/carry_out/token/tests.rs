use expect_test::{Expect, expect};
use gatepass_agent::ProfileParts;
use gatepass_oidc::{AccessToken, IdToken, IdTokenClaims, Subject};

use super::*;

fn profile(issuer: &str) -> Profile {
    let client_id = "0oa9x2c71kQabc".into();
    let parts = ProfileParts { name: "Acme".into(), issuer: issuer.into(), client_id, ..ProfileParts::default() };
    Profile::from_parts(&parts).unwrap()
}

fn granted(token: &str) -> GrantedToken {
    GrantedToken {
        token_type: gatepass_oidc::TokenType::Bearer,
        access_token: AccessToken::new(token),
        expires_at: Some(Timestamp::from_unix_seconds(1_000)),
        id_token: None,
    }
}

fn copied_as(what: CopyFormat, token: &str, issuer: &str) -> Result<String, Problem> {
    let scopes = Scopes::parse("openid email");
    in_format(what, &granted(token), &profile(issuer), Some(&scopes), Timestamp::from_unix_seconds(400))
}

const CUSTOM: &str = "https://acme.okta.com/oauth2/aus4kd81";

#[test]
fn a_token_takes_the_shape_of_the_place_where_it_is_pasted() {
    let check = |what, expected: Expect| expected.assert_eq(&copied_as(what, "eyJ.a-_~+/=", CUSTOM).unwrap());
    check(CopyFormat::Token, expect!["eyJ.a-_~+/="]);
    check(CopyFormat::AuthorizationHeader, expect!["Authorization: Bearer eyJ.a-_~+/="]);
    check(
        CopyFormat::Curl,
        expect![[r#"curl -H "Authorization: Bearer eyJ.a-_~+/=" "https://acme.okta.com/oauth2/aus4kd81/v1/userinfo""#]],
    );
    check(CopyFormat::Export, expect![[r#"export ACCESS_TOKEN="eyJ.a-_~+/=""#]]);
    check(
        CopyFormat::Json,
        expect![[r#"{"access_token":"eyJ.a-_~+/=","expires_in":600,"scope":"openid email","token_type":"Bearer"}"#]],
    );
}

#[test]
fn the_id_token_is_copied_in_place_of_the_access_token() {
    let now = Timestamp::from_unix_seconds(400);
    let claims = IdTokenClaims {
        subject: Subject("00u1".into()),
        name: None,
        email: None,
        preferred_username: None,
        expires_at: now,
        issued_at: now,
        authenticated_at: None,
        algorithm: "RS256".into(),
        key_id: None,
        all: Map::new(),
    };
    let id_token = Some(IdToken::unverified_for_tests(claims));
    let both = GrantedToken { id_token, ..granted("the-access-token") };
    let text = in_format(CopyFormat::IdToken, &both, &profile(CUSTOM), None, now).unwrap();
    assert_eq!(text, "header.payload.signature");
    let none = in_format(CopyFormat::IdToken, &granted("the-access-token"), &profile(CUSTOM), None, now);
    assert_eq!(none.unwrap_err().code, "no-id-token");
}

#[test]
fn an_org_server_has_its_userinfo_endpoint_elsewhere() {
    let line = copied_as(CopyFormat::Curl, "t", "https://acme.okta.com").unwrap();
    assert!(line.ends_with(r#" "https://acme.okta.com/oauth2/v1/userinfo""#), "{line}");
}

#[test]
fn an_address_that_could_run_in_a_shell_does_not_get_there() {
    for issuer in ["https://acme.okta.com/a$(reboot)", "https://acme.okta.com/it's", "https://acme.okta.com/a!b"] {
        let line = copied_as(CopyFormat::Curl, "t", issuer).unwrap();
        assert!(line.ends_with(&format!(r#" "{PLACEHOLDER}""#)), "{line}");
    }
}

#[test]
fn no_format_takes_a_token_that_could_end_a_string() {
    for token in ["a'b", "a\"b", "a\nb", "$(x)", "`x`", "a b", ""] {
        for what in
            [CopyFormat::Token, CopyFormat::AuthorizationHeader, CopyFormat::Curl, CopyFormat::Export, CopyFormat::Json]
        {
            let problem = copied_as(what, token, CUSTOM).unwrap_err();
            assert_eq!(problem.code, "token-not-copyable", "{what:?} of {token:?}");
        }
    }
}

#[test]
fn only_what_may_stand_in_a_header_is_a_token() {
    for token in ["a", "eyJ.eyJ.sig-_~+/", "AbC123==", "A"] {
        assert!(is_b64token(token), "{token}");
    }
    for other in ["", "=", "a=b", "a b", "a\n", "a'b", "a\"", "a$b", "a;b", "é", "a\u{202e}", "a\0"] {
        assert!(!is_b64token(other), "{other:?}");
    }
}
