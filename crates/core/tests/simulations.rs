//! Every vendor's reader against every vendor's simulation, with the development settings of `wrangler.toml`: each scenario that needs no fault is
//! sent as the gateway would send it, and ends as it says; and every row of the documents has one. The sockets are the sandbox's tests.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashSet;

use toran_core::keys::{self, Outcome, Source};
use toran_core::operations::{Class, Request};
use toran_core::vendors::sim::Scenario;
use toran_core::vendors::{Reading, Settings, VENDORS, Vendor};

use crate::contract::simulated::{NOW, acted, first_call, heard, is_refused_by_us, next, parsed, scenarios, setting};

/// Status, outcome and key as the gateway would end with.
fn end(vendor: &dyn Vendor, scenario: &Scenario, settings: Settings<'_>) -> (u16, Option<Outcome>, String) {
    let request = parsed(scenario);
    let mut world = vendor.simulation();
    let mut sent = first_call(vendor);
    for attempt in 2..10 {
        let (_, reading) = heard(vendor, world.as_mut(), &request, &sent, settings);
        acted(world.as_mut(), scenario, &sent, &reading);
        match (next(&sent, &reading, attempt, request.class() == Class::Write), reading) {
            (Some(following), _) => sent = following,
            (None, Reading::Final(finding)) => return (200, Some(finding.outcome), finding.key.into_owned()),
            (None, Reading::Trouble { problem, .. } | Reading::Ended { problem, .. }) if request.class() != Class::Write => {
                return (problem.status(), None, problem.key.into_owned());
            }
            (None, _) => return (202, Some(Outcome::Pending), "pending_review".into()),
        }
    }
    (202, Some(Outcome::Pending), "pending_vendor".into())
}

#[test]
fn every_row_of_the_documents_has_a_scenario() {
    let all: Vec<_> = scenarios().map(|(_, scenario)| scenario).collect();
    for row in keys::rows().filter(|row| row.source != Source::GATEWAY) {
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
fn a_vendor_sends_nothing_for_a_request_that_it_does_not_offer() {
    for (vendor, scenario) in scenarios().filter(|(_, scenario)| !is_refused_by_us(scenario)) {
        let request = parsed(&scenario);
        assert!(vendor.offers(&request), "{}", scenario.id);
        for other in VENDORS {
            let sends = other.request(&first_call(*other), &request, &setting, NOW).is_ok();
            assert_eq!(sends, other.offers(&request), "{}: {}", other.name(), scenario.id);
        }
    }
}
