use super::*;

fn figures(values: &[f64]) -> Figures {
    Figures(values.to_vec())
}

#[test]
fn one_slow_round_does_not_move_the_median() {
    assert_eq!(figures(&[3.0, 900.0, 1.0]).median(), 3.0);
    assert_eq!(figures(&[4.0, 1.0, 2.0, 900.0]).median(), 3.0);
}

#[test]
fn the_servers_time_is_taken_away_sign_in_by_sign_in() {
    let beyond = figures(&[10.0, 30.0, 20.0]).less(&figures(&[9.0, 2.0, 15.0]));
    assert_eq!(beyond.median(), 5.0);
}

#[test]
fn an_aim_is_judged_by_the_ratio_that_is_printed() {
    let mut report = Report::default();
    report.beside("just met", Unit::Ms, &figures(&[115.4]), &figures(&[100.0]), Some(1.15));
    report.beside("just missed", Unit::Mb, &figures(&[115.6]), &figures(&[100.0]), Some(1.15));
    report.alone("ours alone", Unit::Ms, &figures(&[20.0]), Some(20.0));
    let expected = "\
| just met | 115 ms | 100 ms | 1.15 | ≤ 1.15 | met |
| just missed | 115.6 MB | 100.0 MB | 1.16 | ≤ 1.15 | missed |
| ours alone | 20 ms | < 20 ms | missed |
";
    assert_eq!(report.markdown(), expected);
}
