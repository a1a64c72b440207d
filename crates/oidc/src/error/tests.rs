use super::*;

#[test]
fn it_is_known_when_the_outcome_is_not() {
    let unreachable = |may_have_arrived| Error::Unreachable { reason: "reset".into(), may_have_arrived };
    let busy = |status| Error::Busy { retry_after: None, status };
    let refused = |code: &str, status| Error::from_code(code, None, status);
    for (error, is_unknown) in [
        (unreachable(true), true),
        (unreachable(false), false),
        (busy(502), true),
        (busy(504), true),
        (busy(520), true),
        (busy(524), true),
        (busy(429), false),
        (busy(500), false),
        (busy(501), false),
        (busy(503), false),
        (busy(528), false),
        (refused("invalid_grant", 400), false),
        (refused("invalid_client", 401), false),
        (refused("use_dpop_nonce", 400), false),
        (refused("invalid_dpop_proof", 400), false),
        (refused("temporarily_unavailable", 400), false),
        (Error::nonconforming("HTML"), false),
        (Error::Obstructed { by: Obstacle::WebPage, reason: "a portal".into() }, false),
        (Error::Untrusted(Check::Subject), false),
    ] {
        assert_eq!(error.leaves_outcome_unknown(), is_unknown, "{error:?}");
    }
}
