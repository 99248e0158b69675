//! What a check does whose customer's consent ends before it has asked its vendor.

use super::*;
use crate::consent::refused;
use crate::place::Place;

/// The register of the consent says that it has ended, in place of a reply to the call that is under way.
fn unconsented(bench: &mut Bench) -> Vec<Output> {
    bench.replied(CallKind::Post, Reading::ended(refused("The customer withdrew this consent.")))
}

fn sends(outputs: &[Output]) -> bool {
    outputs.iter().any(|output| matches!(output, Output::Send(_) | Output::TakePermit(_)))
}

fn under(consent: &str, operation: Operation) -> Check {
    Check::claim(None, &Claim { consent: Some(consent.into()), ..claim(operation) }, START)
}

#[test]
fn a_consent_is_asked_before_every_post_and_before_no_look_up() {
    let place = Place::parse(PLACE).unwrap();
    let bench = Bench { check: under(PLACE, MONEY), ..Bench::fresh(MONEY) };
    assert_eq!([CallKind::Post, CallKind::Status].map(|kind| bench.check.consent_for(&bench.call(kind))), [Some(place), None]);
    let without = Bench::fresh(MONEY);
    assert_eq!(without.check.consent_for(&without.call(CallKind::Post)), None, "nobody is asked anything");
    let stored = serde_json::to_value(&bench.check).unwrap();
    assert_eq!((&stored["consent"], serde_json::from_value::<Check>(stored.clone()).unwrap() == bench.check), (&json!(PLACE), true));
    assert_eq!(serde_json::to_value(&without.check).unwrap().get("consent"), None);
}

#[test]
fn a_read_and_money_end_with_the_problem_and_the_reference_is_free() {
    for operation in [READ, MONEY, Operation::BankVerify] {
        let mut bench = Bench::sending(operation);
        let unused = bench.check.unused_permit(identity().place);
        assert_eq!(unused.is_some(), operation != READ, "it is given back");
        bench.check.payers = if operation == READ { Vec::new() } else { vec![payer()] };
        let outputs = unconsented(&mut bench);
        assert!(!sends(&outputs), "{outputs:?}");
        assert_eq!(bench.key(), keys::CONSENT_REQUIRED);
        assert_eq!(outputs.iter().any(|output| matches!(output, Output::Settle(_))), operation != READ, "so is the rupee");
        assert_eq!(Check::admit(Some(&bench.check), "another", bench.now), Admission::Claim);
    }
    let mut waiting = Bench::sending(READ);
    waiting.replied(CallKind::Post, Reading::trouble(keys::SOURCE_UNAVAILABLE, None));
    assert!(sends(&waiting.ring()), "the next try");
    assert!(!sends(&unconsented(&mut waiting)));
    assert_eq!((waiting.key().as_str(), waiting.check.wake_at().is_some()), (keys::CONSENT_REQUIRED, true));
}

#[test]
fn no_other_vendor_is_asked_and_no_link_is_made() {
    let accounts = vec![Account::common("decentro"), Account::common("cashfree")];
    let check = Check::claim(None, &Claim { accounts, ..claim(READ) }, START);
    let mut bench = Bench { check, ..Bench::fresh(READ) };
    bench.on(Event::Claimed);
    assert!(!sends(&unconsented(&mut bench)));
    assert_eq!(bench.key(), keys::CONSENT_REQUIRED);
    let mut link = Bench::fresh(COLLECT);
    assert!(sends(&link.on(Event::Claimed)));
    assert!(!sends(&unconsented(&mut link)));
    assert_eq!(link.key(), keys::CONSENT_REQUIRED);
}

#[test]
fn an_upload_of_which_nothing_arrived_ends_as_failed_and_its_record_goes() {
    let mut bench = Bench::fresh(WRITE);
    bench.on(Event::Claimed);
    assert!(sends(&bench.ring()));
    assert_eq!(unconsented(&mut bench), [Output::Persist, Output::Publish]);
    let View::Answer(answer) = bench.check.view(bench.now, None) else { panic!("it is final") };
    assert_eq!((answer.finding.outcome, answer.finding.action, answer.cost), (Outcome::Failed, Action::Retry, 0));
    assert_eq!(
        (answer.finding.key.as_ref(), answer.finding.notes),
        (keys::FAILURE_CONSENT_ENDED, vec![crate::operations::Note::ASK_CONSENT_AGAIN])
    );
    assert!(!bench.check.needs_request());
}

#[test]
fn an_upload_that_may_have_arrived_is_looked_up_and_never_sent_again() {
    let mut bench = Bench::fresh(WRITE);
    bench.on(Event::Claimed);
    bench.ring();
    bench.replied(CallKind::Post, unknown());
    assert!(sends(&bench.ring()), "the same request again");
    assert_eq!(unconsented(&mut bench), [Output::Persist]);
    for _ in 0..3 {
        let kinds: Vec<_> =
            bench.ring().into_iter().filter_map(|output| if let Output::Send(call) = output { Some(call.kind) } else { None }).collect();
        assert_eq!(kinds, [CallKind::Status]);
        bench.replied(CallKind::Status, unknown());
    }
}
