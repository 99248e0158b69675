//! Every vendor's reader against every vendor's simulation, with the development settings of `wrangler.toml`: each scenario that needs no fault is
//! sent as the gateway would send it, and ends as it says; and every row of the documents has one. The sockets are the sandbox's tests.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::HashSet;

use toran_core::http::{Exchange, HttpRequest, HttpResponse, Method};
use toran_core::keys::{self, Outcome, Source};
use toran_core::operations::{Class, Request};
use toran_core::secret::Secret;
use toran_core::time::Millis;
use toran_core::vendors::sim::{self, Scenario, Simulation};
use toran_core::vendors::{Call, CallKind, Clue, Reading, Settings, Step, VENDORS, Vendor, step};

const OBJECT: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const NOW: Millis = 1_795_292_332_000;

/// A development value.
fn setting(name: &str) -> Option<String> {
    let configuration = include_str!("../../../wrangler.toml");
    let line = configuration.lines().find_map(|line| line.strip_prefix(&format!("{name} = \"")))?;
    line.strip_suffix('"').map(str::to_owned)
}

fn scenarios() -> impl Iterator<Item = (&'static dyn Vendor, Scenario)> {
    VENDORS.iter().flat_map(|vendor| vendor.scenarios(&format!("S_{}", vendor.name())).into_iter().map(|scenario| (*vendor, scenario)))
}

fn is_refused_by_us(scenario: &Scenario) -> bool {
    scenario.id.contains(".input.")
}

fn received(sent: &HttpRequest, vendor: &dyn Vendor) -> sim::Request {
    let below = sent.url.strip_prefix("http://127.0.0.1:9400/").and_then(|rest| rest.strip_prefix(vendor.name())).unwrap();
    let (path, query) = below.split_once('?').unwrap_or((below, ""));
    sim::Request {
        method: if sent.method == Method::Get { "GET" } else { "POST" }.into(),
        path: path.into(),
        query: query.split_once('=').map(|(name, value)| (name.into(), value.into())).into_iter().collect(),
        headers: sent.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.expose().clone())).collect(),
        body: sent.body.as_ref().map(|body| body.expose().clone().into_bytes()).unwrap_or_default(),
    }
}

fn call(kind: CallKind, attempt: u8, clue: Option<Clue>) -> Call {
    Call { clue, ..Call::new(kind, format!("{OBJECT}{attempt:02}")) }
}

/// One call, step by step as the gateway makes it.
fn read(vendor: &dyn Vendor, world: &mut dyn Simulation, request: &Request, call: &Call, settings: Settings<'_>) -> Reading {
    let mut said = Vec::new();
    loop {
        let sent = match step(call, request, &said, settings, NOW) {
            Step::Read(reading) => return reading,
            Step::Send(sent) => sent,
        };
        let received = received(&sent, vendor);
        assert_eq!(world.reference(&received), Some(call.wire_reference.clone()), "the wire reference leads back to the check");
        let answer = world.answer(&received, NOW);
        let body = Secret::new(answer.text().into_bytes());
        said.push(Exchange::Answered(HttpResponse { status: answer.status, retry_after: None, body }));
    }
}

/// Status, outcome and key as the gateway would end with: a read is tried four times, money is looked up, a write repeated or asked about.
fn end(vendor: &dyn Vendor, scenario: &Scenario, settings: Settings<'_>) -> (u16, Option<Outcome>, String) {
    let request = Request::parse(scenario.operation, scenario.request.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"));
    let mut world = vendor.simulation();
    let is_write = request.class() == Class::Write;
    let mut next = call(CallKind::Post, 1, None);
    for attempt in 2..10 {
        next = match read(vendor, world.as_mut(), &request, &next, settings) {
            Reading::Unknown { .. } if is_write => next,
            Reading::Working(_) | Reading::Landed(_) if is_write => call(CallKind::Status, attempt, None),
            Reading::Further(clue) => call(CallKind::Status, attempt, Some(clue)),
            Reading::Trouble { .. } | Reading::Ended { .. } if is_write => call(CallKind::Post, attempt, None),
            Reading::Rejected { .. } => return (202, Some(Outcome::Pending), "pending_review".into()),
            Reading::Working(_) | Reading::Unknown { .. } | Reading::Landed(_) => call(CallKind::Status, 1, None),
            Reading::Final(finding) => return (200, Some(finding.outcome), finding.key.into_owned()),
            Reading::Trouble { .. } if attempt <= 4 => call(CallKind::Post, attempt, None),
            Reading::Trouble { problem, .. } | Reading::Ended { problem, .. } => return (problem.status(), None, problem.key.into_owned()),
        };
    }
    (202, Some(Outcome::Pending), "pending_vendor".into())
}

#[test]
fn every_row_of_the_documents_has_a_scenario() {
    let all: Vec<_> = scenarios().map(|(_, scenario)| scenario).collect();
    for row in keys::rows().filter(|row| row.source != Source::Gateway) {
        let covered = all.iter().any(|scenario| scenario.covers.is_some_and(|covered| std::ptr::eq(covered, row)));
        assert!(covered, "{}: {}", row.source.as_str(), row.key);
    }
}

#[test]
fn every_scenario_has_its_own_id_and_reference() {
    let (mut ids, mut references) = (HashSet::new(), HashSet::new());
    for (_, scenario) in scenarios() {
        assert!(ids.insert(scenario.id.clone()), "{} twice", scenario.id);
        let reference = scenario.request.get("reference_id").and_then(|text| text.as_str()).unwrap_or_default().to_owned();
        assert!(!reference.starts_with("S_") || references.insert(reference), "{}", scenario.id);
    }
}

#[test]
fn the_gateways_reader_ends_every_scenario_as_expected() {
    for (vendor, scenario) in scenarios().filter(|(_, scenario)| is_at_once(scenario)) {
        let expect = &scenario.expect;
        assert_eq!(end(vendor, &scenario, &setting), (expect.status, expect.outcome, expect.key.clone()), "{}", scenario.id);
    }
}

/// Those that need no fault, no repetition and the vendor.
fn is_at_once(scenario: &Scenario) -> bool {
    scenario.setup.is_empty() && scenario.repeat == 1 && !is_refused_by_us(scenario)
}

#[test]
fn wibmo_ends_alike_whether_the_cipher_is_ours_or_the_vendors() {
    let without_a_key = |place: &'static str| {
        move |name: &str| match name {
            "WIBMO_AES_KEY" => None,
            "WIBMO_CIPHER_URL" => Some("http://127.0.0.1:9400/wibmo/api/v2/".to_owned()),
            "WIBMO_CLIENT_FIELDS" => Some(place.to_owned()),
            name => setting(name),
        }
    };
    let of_wibmo = || scenarios().filter(|(vendor, scenario)| vendor.name() == "wibmo" && is_at_once(scenario));
    assert!(of_wibmo().count() > 50);
    for place in ["headers", "body"] {
        for (vendor, scenario) in of_wibmo() {
            let expect = &scenario.expect;
            let seen = end(vendor, &scenario, &without_a_key(place));
            assert_eq!(seen, (expect.status, expect.outcome, expect.key.clone()), "{} {place}", scenario.id);
        }
    }
}

#[test]
fn the_gateway_refuses_every_input_scenario_itself() {
    for (_, scenario) in scenarios().filter(|(_, scenario)| is_refused_by_us(scenario)) {
        let refused = Request::parse(scenario.operation, scenario.request.as_object().unwrap()).err().unwrap();
        assert_eq!((refused.status(), refused.key.as_ref()), (scenario.expect.status, scenario.expect.key.as_str()), "{}", scenario.id);
    }
}

#[test]
fn a_vendor_sends_nothing_for_an_operation_that_it_does_not_offer() {
    let call = Call::new(CallKind::Post, format!("{OBJECT}01"));
    for (vendor, scenario) in scenarios().filter(|(_, scenario)| !is_refused_by_us(scenario)) {
        let request =
            Request::parse(scenario.operation, scenario.request.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"));
        for other in VENDORS.iter().filter(|other| other.name() != vendor.name()) {
            assert!(other.request(&call, &request, &setting, NOW).is_err(), "{}", scenario.id);
        }
    }
}
