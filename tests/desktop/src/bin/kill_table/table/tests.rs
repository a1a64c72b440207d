use super::*;
use crate::issuer::Refresh;

const REUSED_AND_TOLD: Seen = Seen { n_reused: 1, n_notices: 1 };

#[test]
fn a_lost_session_and_a_reuse_within_a_grace_are_failures_and_what_is_impossible_is_none() {
    let graceful = Kind::FakeOkta(Refresh::Rotating { grace: 30 });
    let strict = Kind::Certified(Refresh::Rotating { grace: 0 });
    let mut table = Table::default();
    table.note(graceful, Step::AnswerLost, Verdict::Kept, Seen::default());
    table.note(strict, Step::AnswerLost, Verdict::Impossible, REUSED_AND_TOLD);
    table.note_missed(strict, Step::AnswerLost);
    assert_eq!((table.n_kills(), table.n_failures()), (2, 0));
    table.note(strict, Step::AfterStore, Verdict::Lost, Seen { n_notices: 1, ..Seen::default() });
    assert_eq!(table.n_failures(), 1);
    table.note(graceful, Step::AnswerLost, Verdict::Kept, Seen { n_reused: 1, ..Seen::default() });
    assert_eq!((table.n_kills(), table.n_failures()), (4, 2));
    let text = table.markdown("Made by hand.");
    assert!(
        text.contains("| `oidc-provider` | rotating, no grace | after the store | 1 | 0 | 0 | 1 | 1 | 0 |"),
        "{text}"
    );
    assert!(text.contains("| `oidc-provider` | rotating, no grace | 2 | 0 | 1 | 1 | 2 | 1 |"), "{text}");
    assert!(text.contains("| **all** |  | 4 | 2 | 1 | 1 | 2 | 2 |\n\nMade by hand.\n1 more"), "{text}");
}

#[test]
fn only_what_is_between_the_marks_is_replaced() {
    let page = format!("# Page\n{BEGIN}old\n{END}the rest\n");
    assert_eq!(replaced(&page, "new\n").unwrap(), format!("# Page\n{BEGIN}new\n{END}the rest\n"));
    assert!(replaced("# Page\n", "new\n").is_err());
}

#[test]
fn a_session_that_is_over_and_not_told_of_once_is_a_failure() {
    let late = Kind::FakeOkta(Refresh::StartedAfterGrace { grace: 2 });
    let noted = |verdict, n_notices| {
        let mut table = Table::default();
        table.note(late, Step::AnswerLost, verdict, Seen { n_reused: 0, n_notices });
        table.n_failures()
    };
    assert_eq!((noted(Verdict::Impossible, 1), noted(Verdict::Kept, 0)), (0, 0));
    assert_eq!((noted(Verdict::Impossible, 0), noted(Verdict::Impossible, 2), noted(Verdict::Kept, 1)), (1, 1, 1));
}
