//! Money in: one link a claim, shown at once; what is unknown stays where it is; the end by look-up, callback or person.

use super::exits::delivery;
use super::*;
use crate::operations::bank_collect::{Offer, Payment};
use crate::vendors::Clue;

/// A link that can be paid for ten minutes.
pub(super) fn offered() -> Reading {
    offered_until(None)
}

fn offered_until(expires_at: Option<Millis>) -> Reading {
    let payment = Payment::of_link("upi://pay?pa=success@upi&am=1.00&cu=INR").unwrap();
    let clue = Some(Clue("an-id".into()));
    Reading::Offered(Box::new(Offer { vendor: vendor(Some("T")), clue, payment, expires_at, valid_for: 10 * MINUTE }))
}

fn expired() -> Reading {
    finding(Outcome::Negative, "failure_payment_expired")
}

fn paid() -> Reading {
    finding(Outcome::Verified, "success_bank_account")
}

impl Bench {
    /// Claimed at two vendors; the first is asked for a link.
    fn asking() -> Self {
        let accounts = vec![Account::common("setu"), Account::common("cashfree")];
        let check = Check::claim(None, &Claim { accounts, ..claim(COLLECT) }, START);
        let mut bench = Self { check, ..Self::fresh(COLLECT) };
        bench.on(Event::Claimed);
        bench
    }

    /// The customer has a link.
    pub(super) fn asked_to_pay() -> Self {
        let mut bench = Self::asking();
        bench.replied(CallKind::Post, offered());
        bench
    }

    /// The reply to the look-up under way.
    fn looked_up(&mut self, reading: Reading) -> Vec<Output> {
        let call = Call { clue: Some(Clue("an-id".into())), ..self.call(CallKind::Status) };
        self.on(Event::Reply { call, reading })
    }

    fn called_back_with(&mut self, reading: Reading) -> Vec<Output> {
        let (account, wire_reference) = (self.check.account(), self.call(CallKind::Post).wire_reference);
        self.on(Event::Callback { account, wire_reference, delivery: delivery(), reading })
    }

    fn data(&self) -> Value {
        match self.check.view(self.now, None) {
            View::Pending(answer) => answer.finding.data,
            _ => Value::Null,
        }
    }
}

fn posts(outputs: &[Output]) -> Vec<(String, String)> {
    let post = |output: &Output| match output {
        Output::Send(call) if call.kind == CallKind::Post => Some((call.account.vendor().to_owned(), call.wire_reference.clone())),
        _ => None,
    };
    outputs.iter().filter_map(post).collect()
}

#[test]
fn a_link_is_shown_at_once_and_no_other_is_ever_asked_for() {
    let mut bench = Bench::asking();
    assert!(!bench.check.answers_waiters() && bench.key() == "pending_unknown" && bench.data() == json!({}));
    assert_eq!(bench.replied(CallKind::Post, offered()), [Output::Persist]);
    assert!(bench.check.answers_waiters() && !bench.check.is_settled(), "who waits is answered, and the check goes on");
    let payment = json!({ "vpa": "success@upi", "upi_uri": "upi://pay?pa=success@upi&am=1.00&cu=INR", "amount": 100, "expires_at": crate::time::rfc3339(START + 10 * MINUTE) });
    assert_eq!((bench.key().as_str(), bench.data()), ("pending_payment", json!({ "payment": payment })));
    for reading in
        [unknown(), Reading::trouble(keys::SOURCE_UNAVAILABLE, None), Reading::refused_us("E"), offered(), Reading::Working(vendor(None))]
    {
        let asked = bench.ring();
        let look_up = Call { clue: Some(Clue("an-id".into())), ..bench.call(CallKind::Status) };
        assert_eq!(asked, [Output::Persist, Output::Send(look_up)], "by the vendor's id");
        assert_eq!(posts(&bench.looked_up(reading)), [], "no second link");
        assert_eq!(bench.key(), "pending_payment");
    }
    bench.ring();
    assert_eq!(posts(&bench.on(Event::Restarted)), []);
    bench.ring();
    bench.looked_up(paid());
    assert_eq!(bench.key(), "success_bank_account");
}

#[test]
fn where_a_vendor_certainly_made_no_link_the_next_one_is_asked_at_once() {
    for reading in [
        Reading::refused_us("unauthorized"),
        Reading::ended(Problem::new(keys::SOURCE_UNAVAILABLE)),
        Reading::trouble(keys::SOURCE_UNAVAILABLE, None),
        Reading::trouble(keys::UNEXPECTED_RESPONSE, None),
    ] {
        let mut bench = Bench::asking();
        let outputs = bench.replied(CallKind::Post, reading.clone());
        assert_eq!(posts(&outputs), [("cashfree".to_owned(), format!("{OBJECT}02"))], "{reading:?}");
        bench.replied(CallKind::Post, offered());
        assert_eq!(bench.key(), "pending_payment");
    }
    let mut nonsense = Bench::asking();
    assert_eq!(posts(&nonsense.replied(CallKind::Post, Reading::ended(Problem::new(keys::UNEXPECTED_RESPONSE)))), []);
    assert_eq!(nonsense.key(), "error_unexpected_response");
}

#[test]
fn a_request_whose_fate_is_unknown_is_repeated_at_the_same_vendor_and_ends_as_504() {
    for lost in [|bench: &mut Bench| bench.replied(CallKind::Post, unknown()), |bench: &mut Bench| bench.on(Event::Restarted), Bench::ring]
    {
        let mut bench = Bench::asking();
        for attempt in 2..=4 {
            assert_eq!(posts(&lost(&mut bench)), []);
            assert_eq!(posts(&bench.ring()), [("setu".to_owned(), format!("{OBJECT}{attempt:02x}"))]);
        }
        lost(&mut bench);
        assert_eq!((bench.key().as_str(), keys::status(&bench.key())), ("error_source_timeout", 504));
    }
}

#[test]
fn what_was_unknown_once_never_moves_to_another_vendor() {
    for reading in [
        Reading::refused_us("unauthorized"),
        Reading::ended(Problem::new(keys::SOURCE_UNAVAILABLE)),
        Reading::trouble(keys::SOURCE_UNAVAILABLE, None),
    ] {
        let mut bench = Bench::asking();
        bench.replied(CallKind::Post, unknown());
        bench.ring();
        let mut sent = posts(&bench.replied(CallKind::Post, reading.clone()));
        while matches!(bench.check.phase, Phase::Collecting(_)) {
            sent.extend(posts(&bench.ring()));
            sent.extend(posts(&bench.replied(CallKind::Post, reading.clone())));
        }
        assert!(sent.iter().all(|(vendor, _)| vendor == "setu"), "{reading:?} {sent:?}");
    }
}

#[test]
fn a_payment_is_looked_up_every_few_seconds_then_less_often_and_when_it_expires() {
    let mut bench = Bench::asked_to_pay();
    let mut at = Vec::new();
    while bench.now < START + 10 * MINUTE {
        bench.ring();
        at.push((bench.now - START) / SECOND);
        bench.looked_up(Reading::Working(vendor(None)));
    }
    assert_eq!(at[..10], [3, 6, 9, 12, 15, 18, 21, 25, 30, 35]);
    assert!(at.windows(2).all(|pair| pair[1] - pair[0] <= 60) && at.last() == Some(&600), "{at:?}");
    assert_eq!((bench.key().as_str(), bench.data()), ("pending_unknown", json!({})), "nobody is shown a link that expired");
    let mut pauses = Vec::new();
    while matches!(bench.check.phase, Phase::Collecting(_)) {
        pauses.push((bench.check.wake_at().unwrap() - bench.now) / SECOND);
        bench.ring();
        bench.looked_up(unknown());
    }
    assert_eq!(pauses[..5], [5, 5, 10, 20, 40]);
    assert!(pauses.len() < 40 && pauses.iter().all(|pause| *pause <= 3_600), "{pauses:?}");
    assert_eq!((bench.key().as_str(), bench.now), ("pending_review", START + 10 * MINUTE + DAY), "the customer may have paid");
}

#[test]
fn an_expiry_that_cannot_be_is_that_of_the_documents() {
    for (said, expires_at) in [
        (Some(START + MINUTE), START + MINUTE),
        (Some(START - HOUR), START + 10 * MINUTE),
        (Some(START + 6 * HOUR), START + 10 * MINUTE),
        (None, START + 10 * MINUTE),
    ] {
        let mut bench = Bench::asking();
        bench.replied(CallKind::Post, offered_until(said));
        assert_eq!(bench.data()["payment"]["expires_at"], crate::time::rfc3339(expires_at), "{said:?}");
    }
}

#[test]
fn a_callback_ends_it_and_a_yes_after_the_expiry_is_a_contradiction() {
    let mut bench = Bench::asked_to_pay();
    bench.called_back_with(expired());
    assert_eq!(bench.key(), "failure_payment_expired");
    let outputs = bench.called_back_with(paid());
    assert!(outputs.contains(&Output::Withdraw) && bench.key() == "pending_review", "{outputs:?}");
    let mut bench = Bench::asked_to_pay();
    bench.called_back_with(paid());
    assert_eq!(bench.key(), "success_bank_account");
}

#[test]
fn the_end_of_a_link_that_nobody_has_seen_is_none() {
    let mut bench = Bench::asking();
    bench.replied(CallKind::Post, unknown());
    assert_eq!(bench.called_back_with(expired()), []);
    assert_eq!(bench.key(), "pending_unknown");
}

#[test]
fn a_look_up_or_callback_about_another_link_is_not_believed() {
    let other = || {
        let finding = Finding::bare(Outcome::Verified, Action::Proceed, "success_bank_account", vendor(Some("ANOTHER")));
        Reading::Final(Box::new(finding))
    };
    let mut bench = Bench::asked_to_pay();
    bench.ring();
    bench.looked_up(other());
    assert_eq!(bench.key(), "pending_payment");
    let outputs = bench.called_back_with(other());
    assert!(alerts(&outputs).len() == 1 && bench.key() == "pending_payment", "{outputs:?}");
}

#[test]
fn a_hint_brings_the_look_up_forward_and_a_person_may_decide() {
    let mut bench = Bench::asked_to_pay();
    assert_eq!(bench.on(Event::Hinted), [Output::Persist]);
    assert_eq!(bench.check.wake_at(), Some(bench.now));
    for (decision, key) in
        [(Decision::Verified, "success_decided"), (Decision::Negative, "failure_decided"), (Decision::Retry, "failure_decided")]
    {
        let mut bench = Bench::asked_to_pay();
        bench.on(decided(decision));
        assert_eq!(bench.key(), key);
    }
    let mut asking = Bench::asking();
    assert_eq!(asking.on(decided(Decision::Verified)), [], "it ends by itself soon");
}

/// Until when Setu is held.
fn held(bench: &mut Bench) -> Millis {
    let until = bench.now + 10 * MINUTE;
    bench.held = vec![(Account::common("setu"), until)];
    until
}

#[test]
fn a_module_that_is_held_is_asked_for_no_link_and_for_no_payment() {
    // A look-up comes later.
    let mut bench = Bench::asked_to_pay();
    let until = held(&mut bench);
    assert_eq!(bench.ring(), [Output::Persist]);
    assert_eq!((bench.check.wake_at(), bench.key().as_str()), (Some(until), "pending_payment"));
    // So does one that was held back when it was about to be sent.
    let mut bench = Bench::asked_to_pay();
    bench.ring();
    let until = bench.now + MINUTE;
    bench.looked_up(Reading::Held(until));
    assert_eq!(bench.check.wake_at(), Some(until));
    // A request that certainly made no link moves.
    let mut bench = Bench::asking();
    assert_eq!(posts(&bench.replied(CallKind::Post, Reading::Held(until))), [("cashfree".to_owned(), format!("{OBJECT}01"))]);
    // One that may have made one does not.
    let mut bench = Bench::asking();
    bench.replied(CallKind::Post, unknown());
    held(&mut bench);
    assert_eq!(posts(&bench.ring()), []);
    assert_eq!((bench.key().as_str(), bench.check.attempts), ("error_source_unavailable", 1));
}
