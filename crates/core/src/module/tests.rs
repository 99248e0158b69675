//! What a module does over time, in virtual time: sentence by sentence, and in any weather.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::integer_division_remainder_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

use proptest::prelude::*;

use super::health::Line;
use super::known::{Known, Probe};
use super::outcome::Outcome;
use super::rules::Protection;
use super::*;
use crate::account::Account;
use crate::machine::Machine;
use crate::operations::Operation;
use crate::time::{HOUR, SECOND};
use Outcome::{Failed, Neither, Well};

const START: Millis = 1_795_292_332_000;
/// How long a call may take.
const LEASE: Millis = 6 * SECOND;

struct Bench {
    module: Module,
    rules: Rules,
    now: Millis,
}

impl Bench {
    fn new() -> Self {
        Self { module: Module::default(), rules: Rules { consecutive: 3, calls: 10, ..Rules::default() }, now: START }
    }

    fn ask(&mut self, ask: Ask) -> Verdict {
        let outputs = self.module.advance(Event::Ask(Question { ask }), &Context { now: self.now, rules: &self.rules });
        match outputs.into_iter().next_back() {
            Some(Output::Tell(verdict)) => verdict,
            other => panic!("{other:?}"),
        }
    }

    fn report(&mut self, outcomes: &[Outcome]) -> Option<Change> {
        let mut known = Known::default();
        for outcome in outcomes {
            known.note(*outcome, 700, 0, None);
        }
        let report = known.report(self.now).unwrap();
        self.ask(Ask::Report(report)).change
    }

    fn probed(&mut self, number: u32, outcome: Outcome) -> Option<Change> {
        let mut known = Known::default();
        known.note(outcome, 700, 0, Some(number));
        let report = known.report(self.now).unwrap();
        self.ask(Ask::Report(report)).change
    }

    fn pass(&mut self, plan: Option<u32>) -> Pass {
        self.ask(Ask::Pass { plan, lease: LEASE, lead: 0, within: plan::LONGEST_WAIT }).pass.unwrap()
    }

    /// The number of the probe that is let through.
    fn probe(&mut self) -> Option<u32> {
        match self.pass(None) {
            Pass::Go { probe, .. } => probe,
            Pass::Held(_) => None,
        }
    }

    fn opened() -> Self {
        let mut bench = Self::new();
        assert_eq!(bench.report(&[Failed; 3]), Some(Change::Opened));
        bench
    }
}

#[test]
fn it_opens_after_so_many_failures_one_after_another_whoever_reports_them() {
    let mut bench = Bench::new();
    assert_eq!([bench.report(&[Failed]), bench.report(&[Failed, Well, Failed]), bench.report(&[Failed])], [None; 3]);
    assert_eq!(bench.report(&[Neither]), None);
    assert_eq!(bench.pass(None), Pass::Go { at: START, probe: None });
    assert_eq!(bench.report(&[Failed]), Some(Change::Opened));
    assert_eq!(bench.pass(None), Pass::Held(START + 5 * SECOND));
    assert_eq!(bench.report(&[Failed; 9]), None, "it is open already");
}

#[test]
fn it_opens_where_so_many_of_a_windows_calls_failed_and_no_sooner() {
    let mut bench = Bench::new();
    let mixed = [Failed, Well, Failed, Well];
    assert_eq!([bench.report(&mixed), bench.report(&mixed)], [None; 2], "eight calls are too few");
    bench.now += 61 * SECOND;
    assert_eq!([bench.report(&mixed), bench.report(&mixed)], [None; 2], "the first ones are of another window");
    bench.now += 30 * SECOND;
    assert_eq!(bench.report(&[Well, Well]), None, "a success opens nothing");
    assert_eq!(bench.report(&mixed), None, "less than half");
    assert_eq!(bench.report(&[Failed, Well, Failed, Failed]), Some(Change::Opened));
}

#[test]
fn half_open_it_lets_one_probe_through_and_closes_on_its_success() {
    let mut bench = Bench::opened();
    bench.now += 5 * SECOND - 1;
    assert_eq!(bench.probe(), None);
    bench.now += 1;
    let first = bench.probe().unwrap();
    assert_eq!(bench.pass(None), Pass::Held(bench.now + SECOND), "another is under way");
    assert_eq!(bench.report(&[Well; 5]), None, "what was sent before says nothing");
    assert_eq!(bench.probed(first, Well), Some(Change::Closed));
    assert_eq!(bench.pass(None), Pass::Go { at: bench.now, probe: None });
}

#[test]
fn each_probe_that_fails_makes_the_pause_longer_up_to_its_bound() {
    let mut bench = Bench::opened();
    let mut pauses = Vec::new();
    for _ in 0..6 {
        let until = bench.ask(Ask::Report(Report::default())).standing.until;
        pauses.push((until - bench.now) / SECOND);
        bench.now = until;
        let probe = bench.probe().unwrap();
        assert_eq!(bench.probed(probe, Failed), None);
    }
    assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
}

#[test]
fn a_probe_that_is_lost_is_given_up_and_its_late_end_counts_no_more() {
    let mut bench = Bench::opened();
    bench.now += 5 * SECOND;
    let lost = bench.probe().unwrap();
    bench.now += LEASE;
    let second = bench.probe().unwrap();
    assert_eq!(bench.probed(lost, Well), None);
    assert_eq!(bench.probe(), None, "the second is under way");
    assert_eq!(bench.probed(second, Neither), None);
    let third = bench.probe().unwrap();
    assert_eq!(bench.probed(third, Well), Some(Change::Closed));
}

#[test]
fn a_vendor_that_asks_for_patience_is_not_called_until_then_but_not_for_ever() {
    let mut bench = Bench::new();
    let mut known = Known::default();
    known.note(Neither, 30, START + 7 * SECOND, None);
    assert_eq!(known.held(START), Some(START + 7 * SECOND), "here it counts at once");
    let report = known.report(START).unwrap();
    let verdict = bench.ask(Ask::Report(report));
    assert_eq!((verdict.standing, verdict.change), (Standing { is_closed: true, until: START + 7 * SECOND }, None));
    assert_eq!(bench.pass(Some(50)), Pass::Held(START + 7 * SECOND));
    bench.now += 7 * SECOND;
    assert_eq!(bench.pass(None), Pass::Go { at: bench.now, probe: None });
    let long = Report { paused_until: bench.now + 24 * HOUR, ..Report::default() };
    assert_eq!(bench.ask(Ask::Report(long)).standing.until, bench.now + 900 * SECOND);
}

#[test]
fn what_is_refused_takes_no_turn_and_no_probe() {
    let mut bench = Bench::opened();
    assert_eq!(bench.pass(Some(1)), Pass::Held(START + 5 * SECOND));
    bench.now += 5 * SECOND;
    assert!(matches!(bench.pass(Some(1)), Pass::Go { at, probe: Some(_) } if at == bench.now), "the turn is free");
    let mut bench = Bench::new();
    for turn in [0, 1_093, 2_186, 3_279, 4_372] {
        assert_eq!(bench.pass(Some(1)), Pass::Go { at: START + turn, probe: None });
    }
    assert!(matches!(bench.pass(Some(1)), Pass::Held(until) if until > START), "it would wait for longer than it can");
}

#[test]
fn health_is_that_of_a_day_beside_the_targets() {
    let mut bench = Bench::new();
    let mut known = Known::default();
    for took in (0..95).map(|_| 1_400).chain((0..4).map(|_| 2_700)) {
        known.note(Well, took, 0, None);
    }
    known.note(Failed, 30_000, 0, None);
    let report = known.report(START).unwrap();
    bench.ask(Ask::Report(report));
    let summary = bench.ask(Ask::Show).summary.unwrap();
    assert_eq!((summary.calls, summary.failed, summary.p95), (100, 1, Some(1_500)));
    let account = Account::parse("decentro/acme").unwrap();
    let settings = |name: &str| match name {
        "PLANS" => Some(r#"[{"account": "decentro/acme", "module": "kyc", "calls_a_second": 50}]"#),
        "MAINTENANCE" => Some(r#"[{"account": "decentro/acme", "module": "kyc", "from": "23:30", "to": "04:05"}]"#),
        _ => None,
    };
    let line =
        |protection: &Protection| serde_json::to_value(Line::new(&account, "kyc", &[Operation::PanVerify], &summary, protection)).unwrap();
    let planned = line(&Protection::read(&settings));
    assert_eq!(planned["plan"], serde_json::json!({ "calls_a_second": 50 }));
    assert_eq!(planned["maintenance"], serde_json::json!({ "from": "23:30", "to": "04:05" }));
    let line = line(&Protection::read(&|_| None));
    let expected = serde_json::json!({
        "vendor": "decentro", "account": "acme", "module": "kyc", "circuit": "closed", "since": null, "calls": 100, "failed": 1,
        "success_rate": 0.99, "target_success": 0.999, "p50_ms": 1_500, "p95_ms": 1_500, "target_p95_ms": 2_000,
    });
    assert_eq!(line, expected);
    bench.now += 24 * HOUR;
    let summary = bench.ask(Ask::Show).summary.unwrap();
    assert_eq!((summary.calls, summary.p95), (0, None), "a day later");
    let outputs = bench.module.advance(Event::Alarm, &Context { now: bench.now, rules: &bench.rules });
    assert_eq!(outputs, [Output::Forget]);
}

#[test]
fn an_isolate_asks_once_a_second_and_reports_failures_at_once_and_successes_seldom() {
    let mut known = Known::default();
    let closed = Standing { is_closed: true, until: 0 };
    assert_eq!(known.report(START), Some(Report::default()), "nothing is known yet");
    assert_eq!(known.report(START), None, "one is under way");
    known.learned(closed, START);
    known.answered();
    known.note(Well, 10, 0, None);
    assert_eq!(known.report(START + SECOND - 1), None);
    assert_eq!(known.report(START + SECOND), Some(Report::default()));
    known.learned(closed, START + SECOND);
    known.answered();
    known.note(Failed, 10, 0, None);
    let report = known.report(START + SECOND + 1).unwrap();
    assert_eq!((report.calls, report.failed, report.last_failures), (2, 1, 1));
    known.failed(&report, START + SECOND + 1);
    assert_eq!(known.report(START + SECOND + 2), None, "the register did not answer");
    known.note(Failed, 10, 0, None);
    let report = known.report(START + 2 * SECOND + 1).unwrap();
    assert_eq!((report.calls, report.failed, report.last_failures), (3, 2, 2));
    known.learned(Standing { is_closed: false, until: START + 9 * SECOND }, START + 2 * SECOND + 1);
    known.answered();
    assert_eq!((known.must_ask(), known.held(START + 3 * SECOND), known.held(START + 9 * SECOND)), (true, Some(START + 9 * SECOND), None));
    known.note(Well, 10, 0, None);
    assert_eq!(known.report(START + 33 * SECOND).map(|report| report.calls), Some(1));
}

#[test]
fn the_stored_form_is_pinned() {
    let mut bench = Bench::opened();
    bench.pass(None);
    let form = concat!(
        r#"{"format":1,"version":1,"circuit":{"state":{"at":"open","until":1795292337000},"since":1795292332000,"consecutive":0,"recent":[],"probe":0,"failed_probes":0},"#,
        r#""pace":{"next":0},"paused_until":0,"health":[{"number":498692,"calls":3,"failed":3,"took":[0,0,0,0,3,0,0,0,0,0,0,0,0,0]}],"forget_at":1795378732000}"#,
    );
    assert_eq!(serde_json::to_string(&bench.module).unwrap(), form);
}

proptest! {
    /// Probes that are lost, that fail and that succeed, beside calls that were sent before: the weather of a vendor that is down and comes back.
    #[test]
    fn there_are_never_two_probes_at_once_and_every_circuit_closes_once_the_vendor_is_well(
        steps in proptest::collection::vec((0_u8..6, 0_i64..9_000), 1..120),
    ) {
        let mut bench = Bench::opened();
        let mut under_way: Vec<(u32, Millis)> = Vec::new();
        for (what, later) in steps {
            bench.now += later;
            // Who probes is cut off by its own deadline.
            under_way.retain(|(_, until)| *until > bench.now);
            match what {
                0..=2 => under_way.extend(bench.probe().map(|number| (number, bench.now + LEASE))),
                3 => { if let Some((number, _)) = under_way.pop() { bench.probed(number, Failed); } }
                4 => { bench.report(&[Failed, Well]); }
                _ => { if let Some((number, _)) = under_way.pop() { bench.probed(number, Neither); } }
            }
            prop_assert!(under_way.len() <= 1, "{under_way:?}");
        }
        let until = bench.now + 61 * SECOND + LEASE;
        while !bench.ask(Ask::Report(Report::default())).standing.is_closed {
            prop_assert!(bench.now < until);
            if let Some(number) = bench.probe() {
                bench.probed(number, Well);
            }
            bench.now += 500;
        }
    }

    /// Callers that come whenever they like, wait for their turns, and leave up to so late as they may.
    #[test]
    fn no_second_ever_sees_more_calls_than_the_plan(
        plan in 1_u32..201,
        calls in proptest::collection::vec((0_i64..40, 0_i64..=plan::LATEST, 0_i64..20), 200..600),
    ) {
        let mut bench = Bench::new();
        let mut arrivals: Vec<Millis> = Vec::new();
        for (later, late, network) in calls {
            bench.now += later;
            if let Pass::Go { at, .. } = bench.pass(Some(plan)) {
                arrivals.push(at.max(bench.now) + late + network);
            }
        }
        arrivals.sort_unstable();
        let plan = usize::try_from(plan).unwrap();
        for window in arrivals.windows(plan + 1) {
            prop_assert!(window[plan] - window[0] >= SECOND, "{} calls within {} ms", plan + 1, window[plan] - window[0]);
        }
    }
}

#[test]
fn a_plan_that_is_asked_for_all_the_time_is_used_to_nine_tenths() {
    for plan in [1_u32, 10, 50, 100, 200] {
        let mut bench = Bench::new();
        let mut calls = 0_u32;
        let end = START + 100 * SECOND;
        while bench.now < end {
            match bench.pass(Some(plan)) {
                Pass::Go { at, .. } if at < end => calls += 1,
                _ => bench.now += 100,
            }
        }
        assert!(calls >= plan * 90 && calls <= plan * 100, "{plan} a second: {calls} in 100 s");
    }
}

#[test]
fn a_report_without_a_probes_number_closes_nothing() {
    let mut bench = Bench::opened();
    bench.now += 5 * SECOND;
    let number = bench.probe().unwrap();
    let other = Report { calls: 1, probe: Some(Probe { number: number.wrapping_add(1), outcome: Well }), ..Report::default() };
    assert_eq!(bench.ask(Ask::Report(other)).change, None);
    assert!(!bench.ask(Ask::Report(Report::default())).standing.is_closed);
}
