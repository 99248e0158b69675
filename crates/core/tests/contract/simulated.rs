//! The vendors' simulations as a source of real answers: what the gateway would send goes straight into one, and what it says comes back.
//! The settings are the development values of `wrangler.toml`.

use std::collections::HashMap;
use std::sync::LazyLock;

use toran_core::http::{Exchange, HttpRequest, HttpResponse, Method};
use toran_core::operations::bank_collect::{Offer, Payment};
use toran_core::operations::{Request, VendorRef};
use toran_core::place::Identity;
use toran_core::secret::Secret;
use toran_core::time::{MINUTE, Millis};
use toran_core::vendors::sim::{self, Scenario, Simulation};
use toran_core::vendors::{Account, Call, CallKind, Reading, Settings, Step, VENDORS, Vendor, step};

const PLACE: &str = "00112233445566778899aabbccddeeff";
const NONCE: &str = "ffeeddccbbaa99887766554433221100";

/// By which the vendor knows the check.
pub(crate) fn identity() -> Identity {
    Identity::parse(PLACE, NONCE).unwrap()
}
pub(crate) const NOW: Millis = 1_795_292_332_000;

static DEVELOPMENT: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut values = HashMap::new();
    for line in include_str!("../../../../wrangler.toml").lines() {
        let pair = line.split_once(" = \"").and_then(|(name, rest)| Some((name, rest.strip_suffix('"')?)));
        if let Some((name, value)) = pair {
            values.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        }
    }
    values
});

/// A development value.
pub(crate) fn setting(name: &str) -> Option<String> {
    DEVELOPMENT.get(name).cloned()
}

pub(crate) fn scenarios() -> impl Iterator<Item = (&'static dyn Vendor, Scenario)> {
    VENDORS.iter().flat_map(|vendor| vendor.scenarios(&format!("S_{}", vendor.name())).into_iter().map(|scenario| (*vendor, scenario)))
}

pub(crate) fn is_refused_by_us(scenario: &Scenario) -> bool {
    scenario.id.contains(".input.")
}

pub(crate) fn parsed(scenario: &Scenario) -> Request {
    Request::parse(scenario.operation, scenario.request.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

/// The first call of a check at a vendor.
pub(crate) fn first_call(vendor: &dyn Vendor) -> Call {
    Call::new(CallKind::Post, Account::common(vendor.name()), identity().wire_reference(1))
}

/// An address of a vendor below its prefix in the sandbox.
pub(crate) fn below<'a>(url: &'a str, vendor: &dyn Vendor) -> &'a str {
    url.strip_prefix("http://127.0.0.1:9400/").and_then(|rest| rest.strip_prefix(vendor.name())).unwrap()
}

/// A request as the vendor's simulation receives it.
pub(crate) fn received(sent: &HttpRequest, vendor: &dyn Vendor) -> sim::Request {
    let below = below(&sent.url, vendor);
    let (path, query) = below.split_once('?').unwrap_or((below, ""));
    sim::Request {
        method: if sent.method == Method::Get { "GET" } else { "POST" }.into(),
        path: path.into(),
        query: query.split_once('=').map(|(name, value)| (name.into(), value.into())).into_iter().collect(),
        headers: sent.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.expose().clone())).collect(),
        body: sent.body.as_ref().map(|body| body.expose().clone().into_bytes()).unwrap_or_default(),
    }
}

/// One call, step by step as the gateway makes it: what was said in each step, and what it came to.
pub(crate) fn heard(
    vendor: &dyn Vendor,
    world: &mut dyn Simulation,
    request: &Request,
    call: &Call,
    settings: Settings<'_>,
) -> (Vec<Exchange>, Reading) {
    let mut said = Vec::new();
    loop {
        let sent = match step(call, request, &said, settings, NOW) {
            Step::Read(reading) => return (said, reading),
            Step::Send(sent) => sent,
        };
        let received = received(&sent, vendor);
        assert_eq!(world.reference(&received), Some(call.wire_reference.clone()), "the wire reference leads back to the check");
        let answer = world.answer(&received, NOW);
        said.push(answered(answer.status, answer.text().into_bytes()));
    }
}

pub(crate) fn answered(status: u16, body: Vec<u8>) -> Exchange {
    Exchange::Answered(HttpResponse { status, retry_after: None, body: Secret::new(body) })
}

/// A link that can be paid.
pub(crate) fn offered() -> Reading {
    let payment = Payment::of_link("upi://pay?pa=success@upi&am=1.00").unwrap();
    Reading::Offered(Box::new(Offer { vendor: VendorRef::default(), clue: None, payment, expires_at: None, valid_for: MINUTE }))
}

/// Has the customer of a scenario do what they do, once there is a link.
pub(crate) fn acted(world: &mut dyn Simulation, scenario: &Scenario, call: &Call, reading: &Reading) {
    if let (Reading::Offered(_), Some(act)) = (reading, scenario.pay) {
        let act = sim::payments::named(act).unwrap();
        assert!(world.pay(&call.wire_reference, act, NOW), "{}", scenario.id);
    }
}

/// The end of a check, call by call as the gateway makes them: each call, its reading, and the call that follows. A read is tried four
/// times, money is looked up, a write repeated or asked about.
pub(crate) fn next(call: &Call, reading: &Reading, attempt: u8, is_write: bool) -> Option<Call> {
    let following = |kind, attempt, clue| Call { clue, ..Call::new(kind, call.account.clone(), identity().wire_reference(attempt)) };
    let fresh = |kind, attempt| Some(following(kind, attempt, None));
    match reading {
        Reading::Unknown { .. } if is_write => Some(call.clone()),
        Reading::Working(_) | Reading::Landed(_) if is_write => fresh(CallKind::Status, attempt),
        Reading::Further(clue) => Some(following(CallKind::Status, attempt, Some(clue.clone()))),
        Reading::Ended { refused_us: Some(_), .. } if is_write => None,
        Reading::Trouble { .. } | Reading::Ended { .. } if is_write => fresh(CallKind::Post, attempt),
        Reading::Offered(offer) => Some(following(CallKind::Status, 1, offer.clue.clone())),
        Reading::Working(_) | Reading::Unknown { .. } | Reading::Landed(_) => Some(following(CallKind::Status, 1, call.clue.clone())),
        Reading::Trouble { .. } if attempt <= 4 => fresh(CallKind::Post, attempt),
        Reading::Rejected { .. } | Reading::Final(_) | Reading::Held(_) | Reading::Trouble { .. } | Reading::Ended { .. } => None,
    }
}
