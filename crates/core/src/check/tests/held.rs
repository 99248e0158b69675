//! What a check does where its vendor's module takes no call.

use super::exits::sent_to;
use super::*;
use crate::vendors::Clue;

const DECENTRO: Account = Account::common("decentro");
const CASHFREE: Account = Account::common("cashfree");

fn held(operation: Operation, accounts: &[Account], held: &[Account], until: Millis) -> Bench {
    let check = Check::claim(None, &Claim { accounts: accounts.to_vec(), ..claim(operation) }, START);
    Bench { check, held: held.iter().map(|account| (account.clone(), until)).collect(), ..Bench::fresh(operation) }
}

/// The key and `Retry-After` of the end.
fn ended(bench: &Bench) -> (String, Option<u32>) {
    match bench.check.view(bench.now, None) {
        View::Problem(problem) => (problem.key.into_owned(), problem.retry_after),
        other => panic!("{other:?}"),
    }
}

fn unavailable(seconds: u32) -> (String, Option<u32>) {
    (keys::SOURCE_UNAVAILABLE.to_owned(), Some(seconds))
}

fn wake_in(bench: &Bench) -> Millis {
    bench.check.wake_at().unwrap() - bench.now
}

fn sends_or_asks(outputs: &[Output]) -> bool {
    outputs.iter().any(|output| matches!(output, Output::Send(_) | Output::TakePermit(_)))
}

#[test]
fn a_request_ends_at_once_without_a_permit_and_uses_no_wire_reference_up() {
    for (operation, has_slot) in [(READ, true), (READ, false), (MONEY, true), (MONEY, false)] {
        let mut bench = Bench { has_slot, ..held(operation, &[], &[DECENTRO], START + 41_200) };
        let outputs = bench.on(Event::Claimed);
        assert!(outputs.contains(&Output::Persist) && !sends_or_asks(&outputs), "{outputs:?}");
        assert_eq!((ended(&bench), bench.check.attempts), (unavailable(42), 0));
        assert_eq!(Check::admit(Some(&bench.check), "another", START), Admission::Claim, "the reference is free");
        bench.now += 42 * SECOND;
        bench.has_slot = true;
        assert!(sends_or_asks(&bench.claimed_again()), "and may be sent again");
    }
}

#[test]
fn the_next_account_takes_it_where_only_the_first_is_held() {
    let both = [DECENTRO, CASHFREE];
    let mut read = held(READ, &both, &[DECENTRO], START + MINUTE);
    assert_eq!(sent_to(&read.on(Event::Claimed)).map(|(vendor, _)| vendor).as_deref(), Some("cashfree"));
    let mut money = held(Operation::BankVerify, &both, &[DECENTRO], START + MINUTE);
    let asked = money.on(Event::Claimed);
    assert!(asked.contains(&Output::TakePermit(permit(1))), "the permit of the claim's first attempt: {asked:?}");
    assert_eq!(sent_to(&money.permit(Permit::Granted)).map(|(vendor, _)| vendor).as_deref(), Some("cashfree"));
    let mut queued = Bench { has_slot: false, ..held(READ, &both, &[DECENTRO], START + MINUTE) };
    queued.on(Event::Claimed);
    assert_eq!(queued.check.work(), Work::Queued, "one of them may be asked");
    let mut none = held(READ, &both, &both, START + MINUTE);
    assert!(!sends_or_asks(&none.on(Event::Claimed)));
    assert_eq!(ended(&none), unavailable(60));
}

#[test]
fn two_claims_of_a_reference_have_permits_of_their_own_also_where_the_first_account_was_passed() {
    let mut bench = held(Operation::BankVerify, &[DECENTRO, CASHFREE], &[], START);
    assert!(bench.on(Event::Claimed).contains(&Output::TakePermit(permit(1))));
    bench.permit(Permit::Granted);
    bench.replied(CallKind::Post, Reading::ended(Problem::new(keys::UNEXPECTED_RESPONSE)));
    bench.held = vec![(DECENTRO, START + MINUTE)];
    let claim = Claim { accounts: vec![DECENTRO, CASHFREE], ..claim(Operation::BankVerify) };
    bench.check = Check::claim(Some(&bench.check), &claim, bench.now);
    assert!(bench.on(Event::Claimed).contains(&Output::TakePermit(permit(2))));
    let (_, reference) = sent_to(&bench.permit(Permit::Granted)).unwrap();
    assert_eq!(reference, identity().wire_reference(2), "and no wire reference twice");
}

#[test]
fn a_rupee_that_a_held_account_never_got_is_given_back_under_the_name_that_it_was_booked_under() {
    let mut bench = held(Operation::BankVerify, &[DECENTRO, CASHFREE], &[CASHFREE], START + MINUTE);
    bench.check.payers = vec![payer()];
    assert!(bench.on(Event::Claimed).contains(&Output::TakePermit(permit(1))));
    bench.permit(Permit::Granted);
    assert_eq!(bench.check.unused_permit(identity().place), Some(permit(1)));
    let outputs = bench.replied(CallKind::Post, Reading::refused_us("http_401"));
    let given: Vec<_> = outputs.iter().filter_map(|output| if let Output::Settle(debt) = output { Some(debt) } else { None }).collect();
    assert_eq!(
        given.iter().map(|debt| (debt.name.as_str(), &debt.due)).collect::<Vec<_>>(),
        [(permit(1).as_str(), &Due::GiveBack(vec![payer()]))]
    );
}

#[test]
fn the_permit_of_a_claim_that_has_sent_something_is_not_given_back() {
    let mut bench = held(Operation::BankVerify, &[DECENTRO, CASHFREE], &[], START);
    bench.on(Event::Claimed);
    bench.permit(Permit::Granted);
    bench.replied(CallKind::Post, Reading::refused_us("http_401"));
    bench.permit(Permit::Granted);
    assert_eq!(sent_to(&[Output::Send(bench.call(CallKind::Post))]).map(|(vendor, _)| vendor).as_deref(), Some("cashfree"));
    assert_eq!(bench.check.unused_permit(identity().place), None);
    bench.replied(CallKind::Post, Reading::Held(START + 3 * SECOND));
    assert_eq!((ended(&bench), bench.check.attempts), (unavailable(3), 1));
}

#[test]
fn a_call_that_was_held_back_after_it_was_saved_ends_as_nothing_sent() {
    for operation in [READ, MONEY] {
        let mut bench = Bench::sending(operation);
        let unused = bench.check.unused_permit(identity().place);
        assert_eq!(unused, (operation == MONEY).then(|| permit(1)), "what is given back with it");
        let outputs = bench.replied(CallKind::Post, Reading::Held(START + 3 * SECOND));
        assert!(!sends_or_asks(&outputs));
        assert_eq!(ended(&bench), unavailable(3), "{operation:?}");
        assert_eq!((bench.check.attempts, bench.check.unused_permit(identity().place)), (0, None), "its wire reference is free");
        for _ in 0..300 {
            assert!(sends_or_asks(&bench.claimed_again()), "however often it is sent again");
            bench.permit(Permit::Granted);
            bench.replied(CallKind::Post, Reading::Held(START + 3 * SECOND));
        }
        assert_eq!(bench.check.permit(identity().place), if operation == MONEY { format!("{}12d", identity().place) } else { permit(0) });
    }
    let mut moved = Bench { has_slot: true, ..held(READ, &[DECENTRO, CASHFREE], &[], START) };
    moved.on(Event::Claimed);
    let outputs = moved.replied(CallKind::Post, Reading::Held(START + 3 * SECOND));
    assert_eq!(sent_to(&outputs).map(|(vendor, _)| vendor).as_deref(), Some("cashfree"));
}

#[test]
fn a_read_that_waits_for_its_next_try_ends_where_the_module_is_held_by_then() {
    let mut bench = Bench::sending(READ);
    bench.replied(CallKind::Post, Reading::trouble(keys::SOURCE_UNAVAILABLE, None));
    bench.held = vec![(DECENTRO, bench.now + MINUTE)];
    assert!(!sends_or_asks(&bench.ring()));
    assert_eq!(ended(&bench), unavailable(59));
}

#[test]
fn a_look_up_of_money_waits_without_an_alert_and_never_moves() {
    let mut bench = Bench::unsettled();
    bench.held = vec![(DECENTRO, bench.check.wake_at().unwrap() + MINUTE)];
    let outputs = bench.ring();
    assert_eq!(outputs, [Output::Persist]);
    assert_eq!((wake_in(&bench), matches!(bench.check.phase, Phase::Unsettled { .. })), (MINUTE, true));
    bench.held.clear();
    assert!(sends_or_asks(&bench.ring()));
    let until = bench.now + 20 * MINUTE;
    assert_eq!(bench.replied(CallKind::Status, Reading::Held(until)), [Output::Persist]);
    assert_eq!(wake_in(&bench), 20 * MINUTE);
    let mut long = Bench::unsettled();
    long.held = vec![(DECENTRO, long.now + 30 * DAY)];
    long.now += DAY;
    long.on(Event::Alarm);
    assert!(matches!(long.check.phase, Phase::Review { .. }), "past the horizon it is for a person, as ever");
}

#[test]
fn an_upload_waits_for_the_end_and_says_when() {
    let until = START + 5 * HOUR;
    let mut bench = held(WRITE, &[], &[DECENTRO], until);
    assert_eq!(bench.on(Event::Claimed), [Output::Persist]);
    let View::Pending(answer) = bench.check.view(START, None) else { panic!("{:?}", bench.check) };
    assert_eq!((answer.finding.key.as_ref(), answer.next_check_at), (keys::PENDING_UNKNOWN, Some(until)));
    assert_eq!(answer.finding.message, keys::ON_ITS_WAY);
    bench.now = until;
    let first = sent_to(&bench.on(Event::Alarm)).unwrap();
    assert_eq!(first.1, identity().wire_reference(1));
    // A week of probes that others make: it is sent under the same reference, and is no matter for a person.
    for _ in 0..500 {
        let later = bench.now + 20 * MINUTE;
        assert_eq!(bench.replied(CallKind::Post, Reading::Held(later)), [Output::Persist]);
        let View::Pending(answer) = bench.check.view(bench.now, None) else { panic!("{:?}", bench.check) };
        assert_eq!((answer.finding.message.as_ref(), answer.next_check_at), (keys::ON_ITS_WAY, Some(later)), "nothing was sent");
        assert_eq!(sent_to(&bench.ring()), Some(first.clone()));
    }
}

#[test]
fn a_write_that_may_have_arrived_keeps_its_reference_and_a_question_its_clue() {
    let mut bench = Bench::fresh(WRITE);
    bench.on(Event::Claimed);
    let first = sent_to(&bench.ring()).unwrap();
    bench.replied(CallKind::Post, unknown());
    bench.held = vec![(DECENTRO, bench.check.wake_at().unwrap() + HOUR)];
    assert_eq!(bench.ring(), [Output::Persist]);
    assert_eq!(wake_in(&bench), HOUR);
    assert_eq!(sent_to(&bench.ring()), Some(first), "the same reference");
    bench.replied(CallKind::Post, Reading::Landed(vendor(None)));
    let clue = Clue("$XXXX1234$".into());
    let reply = |bench: &mut Bench, reading| {
        let call = Call { clue: None, ..bench.call(CallKind::Status) };
        bench.on(Event::Reply { call, reading })
    };
    reply(&mut bench, Reading::Further(clue.clone()));
    let attempts = bench.check.attempts;
    let later = bench.now + MINUTE;
    let call = Call { clue: Some(clue.clone()), ..bench.call(CallKind::Status) };
    assert_eq!(bench.on(Event::Reply { call, reading: Reading::Held(later) }), [Output::Persist]);
    let outputs = bench.ring();
    let Some(Output::Send(again)) = outputs.last() else { panic!("{outputs:?}") };
    assert_eq!((again.clue.as_ref(), bench.check.attempts), (Some(&clue), attempts), "its reference was not used");
}
