//! To whom a check is open: servers, and the family of browser sessions that opened it; and how often it may be guessed at.
use super::*;

fn opened(session: Option<&str>) -> Bench {
    let mut bench = Bench::fresh(READ);
    bench.check = bench.check.opened_by(session.map(str::to_owned));
    bench.on(Event::Claimed);
    bench
}

fn admitted(bench: &Bench, fingerprint: &str, session: Option<&str>) -> Admission {
    Check::admit_to(Some(&bench.check), fingerprint, session, bench.now)
}

#[test]
fn a_session_is_told_of_what_its_family_opened_and_of_nothing_else() {
    for opener in [None, Some("a")] {
        let bench = opened(opener);
        assert_eq!(admitted(&bench, "f00d", opener), Admission::Join);
        assert_eq!(
            [admitted(&bench, "f00d", Some("b")), admitted(&bench, "beef", Some("b"))],
            [Admission::Conflict; 2],
            "whatever it asks"
        );
        assert_eq!((admitted(&bench, "f00d", None), bench.check.is_open_to(Some("b"))), (Admission::Join, false));
    }
    assert_eq!(Check::admit_to(None, "f00d", Some("b"), START), Admission::Claim);
}

#[test]
fn after_ten_conflicts_a_session_is_told_nothing_more_and_a_server_nothing_of_another_meaning() {
    let mut bench = opened(Some("a"));
    for _ in 0..10 {
        assert_eq!(admitted(&bench, "beef", Some("a")), Admission::Conflict);
        assert_eq!(bench.on(Event::Conflicted(Some("a".into()))), [Output::Persist]);
    }
    assert_eq!(
        [admitted(&bench, "beef", Some("a")), admitted(&bench, "f00d", Some("a")), admitted(&bench, "beef", None)],
        [Admission::Guessed; 3]
    );
    assert_eq!(admitted(&bench, "f00d", None), Admission::Join);
    assert_eq!(bench.on(Event::Conflicted(Some("a".into()))), [], "nothing more is counted");
}

#[test]
fn another_sessions_conflicts_are_counted_apart_and_take_nothing_from_the_opener() {
    let mut bench = opened(Some("a"));
    for _ in 0..10 {
        bench.on(Event::Conflicted(Some("b".into())));
    }
    assert_eq!((admitted(&bench, "f00d", Some("c")), admitted(&bench, "f00d", Some("a"))), (Admission::Guessed, Admission::Join));
}

#[test]
fn a_conflict_changes_nothing_of_where_the_check_stands() {
    let mut bench = opened(None);
    let before = bench.check.phase.clone();
    bench.on(Event::Conflicted(None));
    assert_eq!(bench.check.phase, before);
    bench.replied(CallKind::Post, verified());
    assert!(matches!(bench.check.phase, Phase::Finished { .. }));
}
