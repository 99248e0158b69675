//! Callbacks, decisions and late words: what each does in every phase.

use super::*;
use crate::vendors::callback::Delivery;

fn negative() -> Reading {
    finding(Outcome::Negative, "failure_account_closed")
}

/// A callback that came for the first time.
pub(super) fn delivery() -> Delivery {
    thread_local!(static COUNT: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });
    let id = COUNT.replace(COUNT.get().wrapping_add(1)).to_string();
    Delivery { digest: id.clone(), id }
}

/// Where a check stands, whatever it remembers.
pub(super) fn stands(check: &Check) -> Check {
    Check { version: 0, callbacks: Vec::new(), history: History::default(), ..check.clone() }
}

impl Bench {
    fn called_back(&mut self, reading: Reading) -> Vec<Output> {
        let (account, wire_reference) = (self.check.account(), self.call(CallKind::Post).wire_reference);
        self.on(Event::Callback { account, wire_reference, delivery: delivery(), reading })
    }

    fn of(name: &str) -> Self {
        phases().into_iter().find(|(phase, _)| *phase == name).unwrap().1
    }

    /// A check with two accounts to ask.
    fn at_two_vendors(operation: Operation) -> Self {
        let accounts = vec![Account::common("decentro"), Account::common("cashfree")];
        let check = Check::claim(None, &Claim { accounts, ..claim(operation) }, START);
        let mut bench = Self { check, ..Self::fresh(operation) };
        bench.on(Event::Claimed);
        bench
    }
}

fn events(outputs: &[Output]) -> Vec<&str> {
    outputs.iter().filter_map(|output| if let Output::Alert { event, .. } = output { Some(*event) } else { None }).collect()
}

pub(super) fn sent_to(outputs: &[Output]) -> Option<(String, String)> {
    outputs.iter().find_map(|output| match output {
        Output::Send(call) => Some((call.account.vendor().to_owned(), call.wire_reference.clone())),
        _ => None,
    })
}

// --- callbacks ---

#[test]
fn a_callback_ends_what_is_open_and_begins_nothing() {
    for (name, mut bench) in phases() {
        let before = bench.check.clone();
        let outputs = bench.called_back(verified());
        let ends = matches!(
            name,
            "sending"
                | "sending a read"
                | "backoff"
                | "unsettled"
                | "looking up"
                | "working"
                | "writing"
                | "review"
                | "asking for a link"
                | "asked to pay"
        );
        assert_eq!(outputs == [Output::Persist, Output::Publish], ends, "{name}");
        assert!(ends || matches!(name, "ended" | "released") || bench.check == before, "{name}");
        assert_eq!(sent(&outputs), None, "{name}");
    }
}

#[test]
fn a_callback_that_is_no_end_changes_nothing() {
    for (name, mut bench) in phases() {
        let before = bench.check.clone();
        for reading in [unknown(), Reading::Working(vendor(None)), Reading::refused_us("x"), Reading::trouble(keys::SOURCE_TIMEOUT, None)] {
            assert_eq!((bench.called_back(reading), &bench.check), (Vec::new(), &before), "{name}");
        }
    }
}

#[test]
fn a_callback_about_another_request_or_account_changes_nothing() {
    for (name, mut bench) in phases() {
        let before = bench.check.clone();
        let own = bench.call(CallKind::Post).wire_reference;
        for wire_reference in [format!("{OBJECT}63"), own.replace("ffee", "0000"), String::new()] {
            let event = Event::Callback { account: bench.check.account(), wire_reference, delivery: delivery(), reading: negative() };
            assert_eq!((bench.on(event), &bench.check), (Vec::new(), &before), "{name}");
        }
        let event =
            Event::Callback { account: Account::common("cashfree"), wire_reference: own, delivery: delivery(), reading: negative() };
        assert_eq!((bench.on(event), &bench.check), (Vec::new(), &before), "{name}");
    }
}

#[test]
fn money_is_not_told_by_a_word_about_another_transaction_than_the_vendor_named_before() {
    let of = |transaction: &str| match verified() {
        Reading::Final(mut finding) => {
            finding.vendor = vendor(Some(transaction));
            Reading::Final(finding)
        }
        other => other,
    };
    for said in [Reading::Working(vendor(Some("T1"))), Reading::unknown(vendor(Some("T1")))] {
        let mut bench = Bench::sending(MONEY);
        bench.replied(CallKind::Post, said);
        let before = bench.check.clone();
        let outputs = bench.called_back(of("T2"));
        assert_eq!(
            (events(&outputs), outputs.len(), stands(&bench.check)),
            (vec!["vendor_contradicted_itself"], 2, stands(&before)),
            "a callback"
        );
        bench.ring();
        assert_eq!(bench.replied(CallKind::Status, of("T2")), [Output::Persist], "a look-up: the next one is asked");
        bench.ring();
        assert_eq!(bench.replied(CallKind::Post, of("T2")), [Output::Persist], "the POST's own reply, late");
        bench.ring();
        assert_eq!(bench.replied(CallKind::Status, of("t1")), [Output::Persist, Output::Publish]);
    }
    // That the request landed before is said under a transaction of its own.
    let mut bench = Bench::sending(MONEY);
    bench.replied(CallKind::Post, Reading::Landed(vendor(Some("T1"))));
    bench.ring();
    assert_eq!(bench.replied(CallKind::Status, of("T2")), [Output::Persist, Output::Publish]);
}

#[test]
fn callbacks_that_contradict_each_other_end_in_review_with_an_alarm_and_the_copy_is_withdrawn() {
    for (first, second) in [(verified(), negative()), (negative(), verified())] {
        let mut bench = Bench::sending(MONEY);
        bench.called_back(first.clone());
        assert_eq!(bench.called_back(first), [], "the same word again");
        let outputs = bench.called_back(second.clone());
        assert_eq!(events(&outputs), ["vendor_contradicted_itself", "check_needs_review"]);
        assert_eq!((outputs.contains(&Output::Withdraw), bench.key().as_str()), (true, "pending_review"));
        assert_eq!(bench.called_back(second), [], "only a person settles it");
        assert_eq!(Check::admit(Some(&bench.check), "f00d", bench.now), Admission::Join);
    }
}

#[test]
fn the_copy_of_a_contradicted_answer_is_withdrawn_again_for_ten_minutes() {
    let mut bench = Bench::sending(MONEY);
    bench.called_back(verified());
    bench.called_back(negative());
    let since = bench.now;
    let mut times = Vec::new();
    while bench.check.wake_at().is_some() {
        assert_eq!(bench.ring(), [Output::Persist, Output::Withdraw]);
        times.push((bench.now - since) / MINUTE);
    }
    assert_eq!((times, bench.key().as_str()), (vec![1, 2, 4, 8, 16], "pending_review"));
}

#[test]
fn a_rupee_that_moved_after_all_is_an_alarm() {
    // The reference is free, but nobody took it yet.
    let mut bench = Bench::of("ended");
    assert_eq!(events(&bench.called_back(verified())), ["vendor_contradicted_itself", "check_needs_review"]);
    // It was taken again.
    let mut bench = Bench::of("ended");
    let first = bench.call(CallKind::Post).wire_reference;
    bench.claimed_again();
    bench.permit(Permit::Granted);
    let before = bench.check.clone();
    let event = Event::Callback { account: bench.check.account(), wire_reference: first, delivery: delivery(), reading: verified() };
    assert_eq!((events(&bench.on(event)), stands(&bench.check)), (vec!["vendor_contradicted_itself"], stands(&before)));
    // Two vendors refused, and the first of them had sent it.
    let mut bench = Bench::at_two_vendors(Operation::BankVerify);
    let first = bench.call(CallKind::Post).wire_reference;
    let account = bench.check.account();
    for _ in 0..2 {
        bench.permit(Permit::Granted);
        bench.replied(CallKind::Post, Reading::refused_us("E00008"));
    }
    assert_eq!(bench.key(), "error_service_unavailable");
    let event = Event::Callback { account, wire_reference: first, delivery: delivery(), reading: verified() };
    assert_eq!(events(&bench.on(event)), ["vendor_contradicted_itself", "check_needs_review"]);
    // It was taken again, and waits for a connection: no second rupee is sent.
    let mut bench = Bench { has_slot: false, ..Bench::of("ended") };
    let first = bench.call(CallKind::Post).wire_reference;
    bench.claimed_again();
    let event = Event::Callback { account: bench.check.account(), wire_reference: first, delivery: delivery(), reading: verified() };
    assert_eq!(events(&bench.on(event)), ["vendor_contradicted_itself", "check_needs_review"]);
    assert_eq!((bench.on(Event::Slot), bench.key().as_str()), (Vec::new(), "pending_review"));
    // Nothing but the count is left of it.
    for (name, word) in [("released", verified()), ("tombstone", negative())] {
        let mut bench = Bench::of(name);
        let before = bench.check.clone();
        assert_eq!((events(&bench.called_back(word)), &bench.check), (vec!["vendor_contradicted_itself"], &before), "{name}");
    }
    assert_eq!(Bench::of("released").called_back(negative()), Vec::new(), "nothing was said that a no contradicts");
}

/// What is sent to settle debts.
fn settled(outputs: &[Output]) -> Vec<(&str, &'static str)> {
    let settle = |output| match output {
        &Output::Settle(Debt { ref name, ref due, .. }) => Some((
            name.as_str(),
            match due {
                Due::Book(_) => "book",
                Due::GiveBack(_) => "give back",
                Due::Note(_) => "note",
            },
        )),
        _ => None,
    };
    outputs.iter().filter_map(settle).collect()
}

#[test]
fn a_rupee_that_moved_after_all_is_booked_again_and_its_account_noted_once() {
    let after = format!("{}after", permit(1));
    // It was given back, by either kind of no.
    for no in [Reading::refused_us("E00008"), finding(Outcome::Failed, "error_validation_failed")] {
        let mut bench = paid_for(Operation::BankVerify);
        bench.permit(Permit::Granted);
        bench.replied(CallKind::Post, no);
        let told = bench.called_back(verified());
        assert_eq!(settled(&told), [(permit(1).as_str(), "give back"), (after.as_str(), "book")]);
        // Each is lost, and a crash with it: storage knows what is owed, and the copy is withdrawn all the same.
        bench.check = serde_json::from_str(&serde_json::to_string(&bench.check).unwrap()).unwrap();
        assert_eq!((settled(&bench.ring()).len(), bench.now - START), (2, 10 * SECOND));
        for output in told {
            if let Output::Settle(debt) = output {
                assert_eq!(bench.on(Event::Settled(debt)), [Output::Persist]);
            }
        }
        assert_eq!(bench.ring(), [Output::Persist, Output::Withdraw]);
    }
    // What a no leaves booked is not booked twice.
    let mut bench = paid_for(Operation::BankVerify);
    bench.permit(Permit::Granted);
    bench.replied(CallKind::Post, negative());
    assert_eq!(settled(&bench.called_back(verified())), []);
    // Two accounts, one booking: the first had sent it after all, while the second is asked.
    let mut bench = Bench::at_two_vendors(Operation::BankVerify);
    bench.check.payers = vec![payer()];
    let (first, account) = (bench.call(CallKind::Post).wire_reference, bench.check.account());
    bench.permit(Permit::Granted);
    bench.replied(CallKind::Post, Reading::refused_us("E00008"));
    bench.permit(Permit::Granted);
    let event = Event::Callback { account, wire_reference: first, delivery: delivery(), reading: verified() };
    assert_eq!(settled(&bench.on(event)), [(after.as_str(), "book")]);
    // Only the contradiction names the account.
    let mut bench = Bench::sending(MONEY);
    bench.replied(CallKind::Post, Reading::refused_us("E00008"));
    assert_eq!(settled(&bench.called_back(naming("1234567890"))), [(after.as_str(), "note")]);
}

#[test]
fn what_an_earlier_claim_owes_is_owed_by_the_next_one() {
    let mut bench = paid_for(Operation::BankVerify);
    bench.permit(Permit::Granted);
    bench.replied(CallKind::Post, Reading::refused_us("E00008"));
    bench.claimed_again();
    bench.permit(Permit::Granted);
    assert_eq!(settled(&bench.replied(CallKind::Post, verified())), [(permit(1).as_str(), "give back")]);
    bench.on(Event::Settled(owed_back(1)));
    assert_eq!(bench.check.wake_at(), Some(bench.now + DAY), "nothing else is left to do");
}

#[test]
fn a_late_reply_to_a_call_is_heard_as_a_callback_is() {
    let mut bench = Bench::of("looking up");
    bench.called_back(verified());
    assert_eq!(events(&bench.replied(CallKind::Status, negative())), ["vendor_contradicted_itself", "check_needs_review"]);
    let mut review = Bench::of("review");
    assert_eq!(review.replied(CallKind::Status, negative()), [Output::Persist, Output::Publish]);
}

// --- decisions ---

#[test]
fn a_decision_ends_what_waits_and_nothing_else() {
    for (decision, outcome, key) in [
        (Decision::Verified, "verified", "success_decided"),
        (Decision::Negative, "negative", "failure_decided"),
        (Decision::Failed, "failed", "failure_decided"),
    ] {
        for (name, mut bench) in phases() {
            let before = bench.check.clone();
            let outputs = bench.on(decided(decision));
            // A POST of a write that is under way ends by itself.
            if !matches!(name, "unsettled" | "looking up" | "working" | "asked to pay" | "accepted" | "review") {
                assert_eq!((outputs, &bench.check), (Vec::new(), &before), "{name}");
                continue;
            }
            assert_eq!(outputs, [Output::Persist, Output::Publish], "{name}");
            let (answer, _) = bench.check.finished().unwrap();
            assert_eq!((answer.finding.outcome.as_str(), answer.finding.key.as_ref()), (outcome, key), "{name}");
            assert_eq!(answer.finding.message, keys::message(key));
        }
    }
}

#[test]
fn what_the_vendor_says_against_a_decision_is_an_alarm_and_changes_nothing() {
    for (decision, word) in [(Decision::Verified, negative()), (Decision::Negative, verified()), (Decision::Failed, verified())] {
        let mut bench = Bench::of("looking up");
        bench.on(decided(decision));
        let before = bench.check.clone();
        assert_eq!(events(&bench.replied(CallKind::Status, word.clone())), ["vendor_contradicted_itself"]);
        assert_eq!(events(&bench.called_back(word)), ["vendor_contradicted_itself"]);
        assert_eq!(bench.check.view(bench.now, None), before.view(bench.now, None));
        assert_eq!((&bench.check.phase, bench.check.wake_at()), (&before.phase, before.wake_at()));
    }
}

#[test]
fn money_is_not_sent_again_by_a_person_either() {
    let mut bench = Bench::of("review");
    assert_eq!(bench.on(decided(Decision::Retry)), [Output::Persist, Output::Publish]);
    let (answer, _) = bench.check.finished().unwrap();
    assert_eq!((answer.finding.outcome, answer.finding.action), (Outcome::Failed, Action::Retry));
    assert_eq!(Check::admit(Some(&bench.check), "f00d", bench.now), Admission::Replay);
    for name in ["unsettled", "looking up", "working"] {
        let mut bench = Bench::of(name);
        bench.on(decided(Decision::Retry));
        assert_eq!(bench.check.finished().map(|(answer, _)| answer.finding.outcome), Some(Outcome::Failed), "{name}");
    }
}

#[test]
fn a_write_is_sent_again_by_a_person_the_same_where_it_may_have_arrived_and_afresh_where_it_did_not() {
    let mut unknown_end = Bench::of("writing");
    unknown_end.now += 2 * DAY;
    unknown_end.replied(CallKind::Post, unknown());
    let mut rejected = Bench::of("writing");
    rejected
        .replied(CallKind::Post, Reading::Rejected { vendor: vendor(None), vendor_key: "E00009".into(), words: VendorWords::default() });
    // The refusal of a repeat does not prove that the first sending did not arrive.
    let mut doubtful = Bench::of("writing");
    doubtful.replied(CallKind::Post, unknown());
    doubtful.ring();
    doubtful.replied(CallKind::Post, Reading::refused_us("http_401"));
    // What the vendor itself refused for a day is burned.
    let mut down = Bench::of("writing");
    down.now += 2 * DAY;
    down.replied(CallKind::Post, Reading::trouble(keys::SOURCE_UNAVAILABLE, None));
    // It landed, and the question about its record had a reference of its own.
    let mut landed = Bench::of("writing");
    landed.replied(CallKind::Post, Reading::Landed(vendor(None)));
    landed.now += 2 * DAY;
    landed.replied(CallKind::Status, unknown());
    assert_eq!(landed.check.attempts, 2);
    for (mut bench, attempt) in [(unknown_end, 1), (rejected, 2), (doubtful, 1), (down, 2), (landed, 1)] {
        assert_eq!(bench.key(), "pending_review");
        assert_eq!(bench.on(decided(Decision::Retry)), [Output::Persist]);
        assert_eq!(sent(&bench.ring()), Some(format!("{OBJECT}{attempt:02x}")));
    }
}

#[test]
fn a_contradicted_read_that_is_tried_again_is_free() {
    let mut bench = Bench::sending(READ);
    bench.called_back(verified());
    bench.called_back(negative());
    let contradicted = bench.check.clone();
    for decision in [Decision::Retry, Decision::Failed] {
        bench.check = contradicted.clone();
        bench.on(decided(decision));
        assert_eq!(Check::admit(Some(&bench.check), "f00d", bench.now), Admission::Claim);
        assert_eq!(bench.key(), "error_source_unavailable");
    }
}

#[test]
fn a_no_about_an_earlier_request_of_a_write_ends_nothing_and_a_yes_does() {
    for (reading, ends) in [(negative(), false), (verified(), true)] {
        let mut bench = Bench::of("writing");
        bench.replied(CallKind::Post, Reading::trouble(keys::SOURCE_UNAVAILABLE, None));
        bench.ring();
        let event =
            Event::Callback { account: bench.check.account(), wire_reference: format!("{OBJECT}01"), delivery: delivery(), reading };
        assert_eq!(!bench.on(event).is_empty(), ends);
    }
}

#[test]
fn that_a_vendor_did_nothing_is_saved_before_a_permit_is_asked_for_at_the_next() {
    let mut bench = Bench::at_two_vendors(MONEY);
    bench.permit(Permit::Granted);
    let outputs = bench.replied(CallKind::Post, Reading::refused_us("E00008"));
    assert_eq!(outputs.first(), Some(&Output::Persist));
    assert_eq!(outputs.get(1), Some(&Output::TakePermit(permit(1))), "the first sent no rupee: its permit is the next one's");
}

// --- two vendors ---

#[test]
fn a_read_goes_to_the_next_vendor_when_the_first_refuses_us_or_is_down() {
    let refused = Reading::refused_us("E00008");
    let mut bench = Bench::at_two_vendors(READ);
    let outputs = bench.replied(CallKind::Post, refused.clone());
    assert_eq!(sent_to(&outputs), Some(("cashfree".into(), format!("{OBJECT}02"))));
    let alerted: Vec<_> = outputs
        .iter()
        .filter_map(|output| if let Output::Alert { account, .. } = output { Some(account.as_str()) } else { None })
        .collect();
    assert_eq!(alerted, ["decentro"]);
    bench.replied(CallKind::Post, Reading::trouble(keys::SOURCE_UNAVAILABLE, None));
    // The last vendor has all its tries.
    for _ in 0..3 {
        assert!(sent(&bench.ring()).is_some());
        bench.replied(CallKind::Post, Reading::trouble(keys::SOURCE_UNAVAILABLE, None));
    }
    assert_eq!(bench.key(), "error_source_unavailable");
    let mut down = Bench::at_two_vendors(READ);
    let trouble = || Reading::trouble(keys::SOURCE_TIMEOUT, None);
    assert_eq!(down.replied(CallKind::Post, trouble()), [Output::Persist]);
    assert_eq!(sent_to(&down.ring()), Some(("decentro".into(), format!("{OBJECT}02"))));
    assert_eq!(sent_to(&down.replied(CallKind::Post, trouble())), Some(("cashfree".into(), format!("{OBJECT}03"))));
    // Of two problems the caller is told the one that may pass.
    down.replied(CallKind::Post, refused);
    assert_eq!(down.key(), "error_source_timeout");
}

#[test]
fn money_goes_to_the_next_vendor_only_where_the_first_certainly_sent_nothing() {
    for certain in [Reading::refused_us("E00008"), Reading::ended(Problem::new(keys::SOURCE_UNAVAILABLE))] {
        let mut bench = Bench::at_two_vendors(Operation::BankVerify);
        bench.permit(Permit::Granted);
        bench.replied(CallKind::Post, certain);
        let outputs = bench.permit(Permit::Granted);
        assert_eq!(sent_to(&outputs), Some(("cashfree".into(), format!("{OBJECT}02"))));
        assert_eq!(bench.check.facts().vendor.as_deref(), Some("cashfree"));
    }
    for unclear in [unknown(), Reading::trouble(keys::SOURCE_UNAVAILABLE, None), Reading::Landed(vendor(None))] {
        let mut bench = Bench::at_two_vendors(Operation::BankVerify);
        bench.permit(Permit::Granted);
        bench.replied(CallKind::Post, unclear);
        assert_eq!(sent_to(&bench.ring()), Some(("decentro".into(), format!("{OBJECT}01"))));
        // A look-up that finds nothing was moved ends the check; it moves nowhere.
        assert_eq!(sent(&bench.replied(CallKind::Status, Reading::refused_us("E00008"))), None);
    }
}

#[test]
fn what_another_vendor_cannot_help_ends_at_the_first() {
    for end in [Reading::ended(Problem::new(keys::UNEXPECTED_RESPONSE)), Reading::ended(Problem::new(keys::VELOCITY))] {
        for operation in [READ, Operation::BankVerify] {
            let mut bench = Bench::at_two_vendors(operation);
            bench.permit(Permit::Granted);
            assert_eq!((sent(&bench.replied(CallKind::Post, end.clone())), bench.check.is_settled()), (None, true));
        }
    }
    // Too late to begin anything.
    let mut late = Bench::at_two_vendors(READ);
    late.now += 2 * MINUTE;
    assert_eq!(sent(&late.replied(CallKind::Post, Reading::refused_us("E00008"))), None);
}

// --- deliveries and hints ---

#[test]
fn a_callback_that_comes_again_changes_nothing_and_another_text_under_its_id_is_an_alarm() {
    let event = |bench: &Bench, digest: &str, reading| Event::Callback {
        account: bench.check.account(),
        wire_reference: bench.call(CallKind::Post).wire_reference,
        delivery: Delivery { id: "1".into(), digest: digest.into() },
        reading,
    };
    for (name, mut bench) in phases() {
        let first = event(&bench, "a", verified());
        if !bench.on(first.clone()).contains(&Output::Persist) {
            continue;
        }
        let before = bench.check.clone();
        assert_eq!((bench.on(first), &bench.check), (Vec::new(), &before), "{name}");
        let altered = event(&bench, "b", negative());
        let outputs = bench.on(altered);
        assert_eq!((events(&outputs), stands(&bench.check)), (vec!["callback_altered"], stands(&before)), "{name}");
    }
}

#[test]
fn a_hint_brings_the_next_look_up_forward_three_times_and_does_nothing_else() {
    for (name, mut bench) in phases() {
        let (before, due) = (bench.check.clone(), bench.check.wake_at());
        let outputs = bench.on(Event::Hinted);
        let is_waiting = matches!(name, "unsettled" | "working" | "asked to pay") && due > Some(bench.now);
        assert_eq!(outputs == [Output::Persist], is_waiting, "{name}: {outputs:?}");
        assert!(is_waiting || outputs.is_empty() && bench.check == before, "{name}");
        assert!(!is_waiting || bench.check.wake_at() == Some(bench.now), "{name}");
    }
    let mut bench = Bench::of("unsettled");
    let mut look_ups = 0;
    for _ in 0..10 {
        bench.on(Event::Hinted);
        if bench.check.wake_at() == Some(bench.now) {
            look_ups += 1;
            bench.on(Event::Alarm);
            bench.replied(CallKind::Status, unknown());
        }
    }
    assert_eq!(look_ups, 3);
}

#[test]
fn an_account_that_was_credited_and_is_somebody_elses_is_no_contradiction_of_the_vendors_yes() {
    let others = |record| match finding(Outcome::Negative, keys::FAILURE_BANK_ACCOUNT_NO_MATCH) {
        Reading::Final(found) => Reading::Final(Box::new(Finding { record, ..*found })),
        other => other,
    };
    let credited = || others(serde_json::json!({ "bank_verify_status": "Success" }));
    let mut bench = Bench::sending(MONEY);
    bench.replied(CallKind::Post, credited());
    assert!(bench.called_back(verified()).is_empty(), "it says what was known");
    assert_eq!(events(&bench.called_back(negative())), ["vendor_contradicted_itself", "check_needs_review"]);
    let mut bench = Bench::sending(MONEY);
    bench.replied(CallKind::Post, credited());
    bench.ring();
    assert!(bench.called_back(verified()).is_empty(), "nor once its data is gone");
    assert_eq!(events(&bench.called_back(negative())), ["vendor_contradicted_itself"]);
}

#[test]
fn a_request_may_have_gone_to_the_accounts_that_were_asked_and_to_no_other() {
    let mut bench = Bench::at_two_vendors(Operation::PanVerify);
    let asked =
        |bench: &Bench| ["decentro", "cashfree", "decentro/acme"].map(|name| bench.check.may_have_asked(&Account::parse(name).unwrap(), 1));
    // An earlier claim may have asked any of them.
    assert_eq!(asked(&bench), [true, true, false]);
    bench.replied(CallKind::Post, Reading::refused_us("E00006"));
    assert_eq!(asked(&bench), [true, true, false]);
    assert!(!bench.check.may_have_asked(&Account::common("cashfree"), 0) && !bench.check.may_have_asked(&Account::common("cashfree"), 3));
}
