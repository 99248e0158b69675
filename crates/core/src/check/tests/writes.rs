//! What becomes of a write, sentence by sentence.

use super::*;
use crate::vendors::Clue;

/// Claimed, and sent by its alarm.
fn posted() -> Bench {
    let mut bench = Bench::fresh(WRITE);
    bench.on(Event::Claimed);
    bench.ring();
    bench
}

/// The vendor knows the reference: the registry is being asked.
fn asking() -> Bench {
    let mut bench = posted();
    bench.replied(CallKind::Post, Reading::Landed(vendor(None)));
    bench
}

fn reply(bench: &mut Bench, call: Call, reading: Reading) -> Vec<Output> {
    bench.on(Event::Reply { call, reading })
}

fn reference(attempt: u8) -> String {
    identity().wire_reference(attempt)
}

fn call(outputs: &[Output]) -> Option<Call> {
    outputs.iter().find_map(|output| if let Output::Send(call) = output { Some(call.clone()) } else { None })
}

fn uploaded() -> Reading {
    finding(Outcome::Verified, "success_ckyc_upload")
}

#[test]
fn a_write_is_accepted_at_once_and_sent_by_its_alarm() {
    let mut bench = Bench::fresh(WRITE);
    assert_eq!(bench.on(Event::Claimed), [Output::Persist]);
    assert_eq!((bench.check.wake_at(), bench.key()), (Some(START), "pending_unknown".into()));
    assert_eq!(bench.ring(), [Output::Persist, Output::Send(Call::new(CallKind::Post, Account::common("decentro"), reference(1)))]);
    assert_eq!(bench.replied(CallKind::Post, uploaded()), [Output::Persist, Output::Publish]);
    assert_eq!(bench.key(), "success_ckyc_upload");
}

#[test]
fn what_is_unknown_is_posted_again_under_the_same_wire_reference() {
    let mut bench = posted();
    for second in [2, 5, 15, 60, 300, 900, 3_600 + 900] {
        assert_eq!(sent(&bench.replied(CallKind::Post, unknown())), None);
        assert_eq!(bench.check.wake_at(), Some(START + second * SECOND));
        assert_eq!(sent(&bench.ring()), Some(reference(1)));
    }
}

#[test]
fn what_certainly_did_not_happen_is_posted_afresh() {
    let mut bench = posted();
    let down = Reading::trouble(keys::SOURCE_UNAVAILABLE, Some(7));
    bench.replied(CallKind::Post, down);
    assert_eq!(bench.check.wake_at(), Some(START + 7 * SECOND), "no sooner than the registry asks for");
    assert_eq!(sent(&bench.ring()), Some(reference(2)));
    bench.replied(CallKind::Post, Reading::ended(Problem::new(keys::SOURCE_UNAVAILABLE)));
    assert_eq!(sent(&bench.ring()), Some(reference(3)));
}

#[test]
fn a_refusal_of_our_credentials_is_not_tried_again_and_waits_for_a_person() {
    let mut bench = posted();
    let outputs = bench.replied(CallKind::Post, Reading::refused_us("E00008"));
    assert_eq!(alerts(&outputs), ["E00008", "pending_review"]);
    assert_eq!((bench.key(), bench.check.wake_at()), ("pending_review".into(), None));
}

#[test]
fn a_known_reference_means_that_it_landed_and_the_registry_is_asked_step_by_step() {
    let mut bench = posted();
    let search = call(&bench.replied(CallKind::Post, Reading::Landed(vendor(None)))).unwrap();
    assert_eq!(search, Call::new(CallKind::Status, Account::common("decentro"), reference(2)));
    let clue = Some(Clue("$XXXX1234$".into()));
    let download = call(&reply(&mut bench, search, Reading::Further(clue.clone().unwrap()))).unwrap();
    assert_eq!(download, Call { clue, ..Call::new(CallKind::Status, Account::common("decentro"), reference(3)) });
    reply(&mut bench, download, uploaded());
    assert_eq!(bench.key(), "success_ckyc_upload");
}

#[test]
fn what_a_look_up_found_out_is_forgotten_when_the_next_one_is_lost() {
    let mut bench = asking();
    let search = Call::new(CallKind::Status, Account::common("decentro"), reference(2));
    assert!(call(&reply(&mut bench, search, Reading::Further(Clue("$XXXX1234$".into())))).unwrap().clue.is_some());
    assert_eq!(bench.ring(), [Output::Persist]);
    assert_eq!(call(&bench.ring()), Some(Call::new(CallKind::Status, Account::common("decentro"), reference(4))));
}

#[test]
fn the_first_transaction_of_an_upload_is_the_one_that_is_told() {
    let mut bench = posted();
    for transaction in ["T1", "T2"] {
        bench.replied(CallKind::Post, Reading::Working(vendor(Some(transaction))));
        bench.ring();
    }
    let View::Pending(answer) = bench.check.view(bench.now, None) else { panic!("not pending") };
    assert_eq!(answer.finding.vendor.transaction_id.as_deref(), Some("T1"));
    let search = bench.call(CallKind::Status);
    reply(&mut bench, search, Reading::Working(vendor(Some("T3"))));
    let View::Pending(answer) = bench.check.view(bench.now, None) else { panic!("not pending") };
    assert_eq!(answer.finding.vendor.transaction_id.as_deref(), Some("T1"));
}

#[test]
fn what_landed_is_never_posted_again_whatever_the_registry_says() {
    let readings = [
        unknown(),
        Reading::trouble(keys::SOURCE_UNAVAILABLE, None),
        Reading::refused_us("E00008"),
        Reading::Landed(vendor(None)),
        Reading::Rejected { vendor: vendor(None), vendor_key: "E00009".into(), words: VendorWords::default() },
        Reading::Working(vendor(None)),
        Reading::ended(Problem::new(keys::UNEXPECTED_RESPONSE)),
    ];
    for reading in readings {
        let mut bench = asking();
        let search = Call::new(CallKind::Status, Account::common("decentro"), reference(2));
        assert_eq!(sent(&reply(&mut bench, search, reading.clone())), None, "{reading:?}");
        assert_eq!(call(&bench.ring()), Some(Call::new(CallKind::Status, Account::common("decentro"), reference(3))), "{reading:?}");
    }
}

#[test]
fn a_success_without_a_number_waits_for_it() {
    let mut bench = posted();
    bench.replied(CallKind::Post, Reading::Working(vendor(Some("T"))));
    assert_eq!(bench.key(), "pending_vendor");
    assert_eq!(call(&bench.ring()), Some(Call::new(CallKind::Status, Account::common("decentro"), reference(2))));
}

#[test]
fn a_record_that_is_refused_for_good_waits_for_a_person_at_once() {
    let mut bench = posted();
    let told = VendorRef { code: Some("E00009".into()), ..vendor(Some("T")) };
    let outputs =
        bench.replied(CallKind::Post, Reading::Rejected { vendor: told, vendor_key: "E00009".into(), words: VendorWords::default() });
    assert_eq!(alerts(&outputs), ["E00009", "pending_review"]);
    assert_eq!((bench.key(), bench.check.wake_at(), bench.check.needs_request()), ("pending_review".into(), None, true));
}

#[test]
fn a_death_at_any_time_posts_the_same_or_asks_again() {
    let mut bench = posted();
    assert_eq!(sent(&bench.on(Event::Restarted)), None);
    assert_eq!(sent(&bench.ring()), Some(reference(1)), "between sending and the answer");
    let mut bench = Bench::fresh(WRITE);
    bench.on(Event::Claimed);
    assert_eq!(bench.on(Event::Restarted), [], "between accepting and sending");
    assert_eq!(sent(&bench.ring()), Some(reference(1)));
    let mut bench = asking();
    bench.on(Event::Restarted);
    assert_eq!(call(&bench.ring()), Some(Call::new(CallKind::Status, Account::common("decentro"), reference(3))));
}

#[test]
fn a_reply_after_its_watchdog_is_heard_only_where_it_is_the_end() {
    for (reading, heard) in [(uploaded(), true), (Reading::Landed(vendor(None)), false), (Reading::refused_us("E00008"), false)] {
        let mut bench = posted();
        bench.ring();
        let outputs = reply(&mut bench, Call::new(CallKind::Post, Account::common("decentro"), reference(1)), reading);
        assert_eq!(!outputs.is_empty(), heard);
    }
    let mut bench = asking();
    assert!(!reply(&mut bench, Call::new(CallKind::Post, Account::common("decentro"), reference(1)), uploaded()).is_empty());
    assert_eq!(bench.key(), "success_ckyc_upload");
}

#[test]
fn after_the_horizon_a_person_must_look_and_nothing_more_is_sent() {
    let mut bench = posted();
    let mut posts = 1;
    while bench.check.wake_at().is_some() {
        bench.replied(CallKind::Post, unknown());
        if bench.check.wake_at().is_some() {
            posts += usize::from(sent(&bench.ring()).is_some());
        }
    }
    assert_eq!((bench.key(), posts), ("pending_review".into(), 31));
    assert!(bench.now >= START + DAY && bench.now < START + DAY + HOUR);
}

#[test]
fn a_writes_tombstone_stays() {
    let mut bench = posted();
    bench.replied(CallKind::Post, uploaded());
    bench.ring();
    assert_eq!(bench.check.wake_at(), None);
    assert!(matches!(bench.check.phase, Phase::Tombstone { .. }));
}

#[test]
fn the_number_that_one_question_found_is_not_printed() {
    assert_eq!(format!("{:?}", Clue(KIN.into())), "Clue(..)");
}
