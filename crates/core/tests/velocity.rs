//! Velocity per mobile number and per bank account, against the vendor's own controls: the registers' machines, the checks and the simulation of the vendor in
//! virtual time. The vendor never refuses, it would have refused whatever is refused here, and `Retry-After` is right to the second.
#![expect(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "tests")]

use std::collections::HashMap;

use serde_json::{Value, json};
use toran_core::check::{Check, Claim, Context as CheckContext, Due, Event as CheckEvent, Output as CheckOutput, Policy, View};
use toran_core::http::Exchange;
use toran_core::machine::Machine;
use toran_core::operations::payee::Payee;
use toran_core::operations::{Operation, Request};
use toran_core::place::{Identity, Place};
use toran_core::seal::Index;
use toran_core::time::{DAY, HOUR, MINUTE, Millis, SECOND};
use toran_core::velocity::{Context, Event, Output, Question, Subject, Verdict, WINDOWS};
use toran_core::vendors::sim::Simulation;
use toran_core::vendors::{Call, Step, VENDORS, Vendor, step};

use crate::contract::simulated::{NOW, answered, received, setting};

/// A stream of numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let at = self.below(u64::try_from(choices.len()).unwrap());
        choices.get(usize::try_from(at).unwrap()).unwrap()
    }
}

/// The gateway and the vendor, in virtual time.
struct World {
    vendor: &'static dyn Vendor,
    simulation: Box<dyn Simulation>,
    subjects: HashMap<Place, Subject>,
    index: Index,
    now: Millis,
    checks: u64,
}

/// How a check ended, as far as this is about.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// The vendor was asked.
    Asked,
    /// Velocity refused it; when to come back, in seconds.
    Refused(u32),
}

impl World {
    fn new() -> Self {
        let vendor = *VENDORS.iter().find(|vendor| vendor.name() == "decentro").unwrap();
        let index = Index::from_hex(&"33".repeat(32)).unwrap();
        Self { vendor, simulation: vendor.simulation(), subjects: HashMap::new(), index, now: NOW, checks: 0 }
    }

    /// The subject's register, asked now.
    fn ask(&mut self, payee: &Payee, event: Event) -> Verdict {
        let subject = self.subjects.entry(payee.place(&self.index)).or_default();
        let outputs = subject.advance(event, &Context { now: self.now, windows: &WINDOWS });
        outputs.into_iter().find_map(|output| if let Output::Tell(verdict) = output { Some(verdict) } else { None }).unwrap()
    }

    /// What the vendor replies to a call.
    fn exchange(&mut self, call: &Call, request: &Request) -> Exchange {
        let Step::Send(sent) = step(call, request, &[], &setting, self.now) else { panic!("nothing to send") };
        let answer = self.simulation.answer(&received(&sent, self.vendor), self.now);
        answered(answer.status, answer.text().into_bytes())
    }

    /// Whether the vendor's controls refuse this request now; one that they refuse leaves no trace there.
    fn is_refused_by_vendor(&mut self, request: &Request) -> bool {
        self.checks += 1;
        let identity = identity(self.checks);
        let call =
            Call::new(toran_core::vendors::CallKind::Post, toran_core::vendors::Account::common("decentro"), identity.wire_reference(1));
        is_429(&self.exchange(&call, request))
    }

    /// Runs a check until it is settled.
    fn check(&mut self, request: &Request) -> End {
        self.checks += 1;
        let (identity, policy) = (identity(self.checks), Policy::of(request.operation()));
        let claim = Claim::of(request, "acme", Vec::new(), None, &self.index).unwrap();
        let mut check = Check::claim(None, &claim, self.now);
        let mut events = vec![CheckEvent::Claimed];
        while let Some(event) = events.pop() {
            let context = CheckContext { now: self.now, jitter: 0, identity: &identity, policy: &policy, has_slot: true, held: &|_| None };
            for output in check.advance(event, &context) {
                match output {
                    CheckOutput::TakePermit(permit) => {
                        let verdict = self.ask(
                            &request.payee().unwrap(),
                            Event::Ask(Question { permit: permit.clone(), paid_at: None, is_returned: false }),
                        );
                        events.push(CheckEvent::Permit { permit, verdict });
                    }
                    CheckOutput::Settle(debt) => {
                        let Due::Note(payee) = &debt.due else { panic!("{:?}", debt.due) };
                        self.ask(payee, Event::Ask(Question { permit: debt.name.clone(), paid_at: Some(debt.since), is_returned: false }));
                        events.push(CheckEvent::Settled(debt));
                    }
                    CheckOutput::Send(call) => {
                        let exchange = self.exchange(&call, request);
                        assert!(!is_429(&exchange), "the vendor's own controls refuse what was allowed here: {}", request.meaning());
                        let Step::Read(reading) = step(&call, request, &[exchange], &setting, self.now) else { panic!("one more") };
                        events.push(CheckEvent::Reply { call, reading });
                    }
                    _ => {}
                }
            }
            if events.is_empty() && !check.is_settled() {
                self.now = check.wake_at().unwrap();
                events.push(CheckEvent::Alarm);
            }
        }
        match check.view(self.now, None) {
            View::Problem(problem) if problem.status() == 429 => End::Refused(problem.retry_after.unwrap()),
            View::Answer(_) => End::Asked,
            View::Problem(problem) => panic!("{problem:?}"),
            _ => panic!("{request:?}", request = request.meaning()),
        }
    }
}

fn is_429(exchange: &Exchange) -> bool {
    matches!(exchange, Exchange::Answered(response) if response.status == 429)
}

fn identity(check: u64) -> Identity {
    Identity::parse(&format!("{check:032x}"), &"ab".repeat(16)).unwrap()
}

fn request(operation: Operation, body: &Value) -> Request {
    Request::parse(operation, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn mobile(number: &str) -> Request {
    request(Operation::MobileAccount, &json!({ "reference_id": "REF_0001", "mobile_number": number }))
}

fn bank(number: &str, ifsc: &str, way: &str) -> Request {
    let details = json!({ "account_number": number, "ifsc": ifsc, "name": "RAHUL SHARMA" });
    let body = json!({ "reference_id": "REF_0001", "purpose_message": "KYC Bank", "beneficiary_details": details, "validation_type": way });
    request(Operation::BankVerify, &body)
}

/// The sandbox's account behind 9876543210, as it may be written.
const ACCOUNTS: &[(&str, &str)] = &[("1234567890", "SBIN0001077"), ("0001234567890", "sbin0001078"), ("1234567890", "SBHY0000001")];
/// Other accounts; the second one is of the bank that the first one's has merged into. The third is refused, the fourth waits for a look-up.
const OTHERS: &[(&str, &str)] =
    &[("440000000001", "SYNB0000001"), ("440000000001", "CNRB0000001"), ("9610000001", "SBIN0001077"), ("9611000001", "SBIN0001077")];
/// Numbers: that of the account, another, one without an account, one that waits.
const NUMBERS: &[&str] = &["9876543210", "9876543211", "9800000020", "9811000001"];

fn drawn(dice: &mut Dice) -> Request {
    let way = *dice.of(&["pennydrop", "pennydrop", "hybrid"]);
    match dice.below(3) {
        0 => {
            let number = *dice.of(NUMBERS);
            mobile(number)
        }
        kind => {
            let (number, ifsc) = *dice.of(if kind == 1 { ACCOUNTS } else { OTHERS });
            bank(number, ifsc, way)
        }
    }
}

/// A pause of any size that a window can feel.
fn pause(dice: &mut Dice) -> Millis {
    let most = *dice.of(&[SECOND, 30 * SECOND, MINUTE, 20 * MINUTE, HOUR, 8 * HOUR, DAY]);
    Millis::try_from(dice.below(u64::try_from(most).unwrap())).unwrap()
}

#[test]
fn velocity_refuses_what_the_vendor_would_and_nothing_else_over_10_000_timelines() {
    let (mut refusals, mut granted_in_time) = (0_u32, 0_u32);
    for seed in 1..=10_000_u64 {
        let (mut world, mut dice) = (World::new(), Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        // Few subjects, so that they are full often.
        let requests: Vec<_> = (0..2).map(|_| drawn(&mut dice)).collect();
        for _ in 0..8 {
            let request = dice.of(&requests);
            let End::Refused(seconds) = world.check(request) else {
                world.now += pause(&mut dice);
                continue;
            };
            refusals += 1;
            assert!(world.is_refused_by_vendor(request), "seed {seed}: the vendor would have allowed it");
            let asked = world.now;
            world.now = asked + Millis::from(seconds - 1) * SECOND;
            assert!(world.is_refused_by_vendor(request), "seed {seed}: {seconds} s are too many");
            world.now = asked + Millis::from(seconds) * SECOND;
            assert_eq!(world.check(request), End::Asked, "seed {seed}: after Retry-After");
            granted_in_time += 1;
        }
    }
    assert!(refusals > 5_000 && granted_in_time == refusals, "{refusals}");
}

#[test]
fn a_penniless_verification_asks_for_no_permit_and_counts_nowhere() {
    let mut world = World::new();
    for _ in 0..9 {
        assert_eq!(world.check(&bank("440000000001", "SBIN0001077", "penniless")), End::Asked);
    }
    assert!(world.subjects.is_empty());
}

#[test]
fn an_account_that_a_number_led_to_has_been_paid_as_often() {
    let mut world = World::new();
    for _ in 0..3 {
        assert_eq!(world.check(&mobile("9876543210")), End::Asked);
    }
    assert_eq!(world.check(&bank("1234567890", "SBIN0001077", "pennydrop")), End::Refused(60));
    assert_eq!(world.check(&bank("1234567890", "HDFC0001234", "pennydrop")), End::Asked, "another bank's");
}
