//! The scenarios of all vendors, as `GET /_sandbox/scenarios` lists them.
//!
//! Each list carries reference ids that no earlier one had, also across restarts: a time and a counter.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use toran_core::time::Millis;
use toran_core::vendors::sim::Scenario;
use toran_core::vendors::{VENDORS, Vendor};

static LISTS: AtomicU64 = AtomicU64::new(0);

/// Every scenario with a fresh `reference_id`.
pub(crate) fn list(now: Millis) -> Vec<Value> {
    let seed = format!("SBX_{now}_{}", LISTS.fetch_add(1, Ordering::Relaxed));
    let of_each = |vendor: &&dyn Vendor| {
        let name = vendor.name();
        vendor.scenarios(&format!("{seed}_{name}")).into_iter().map(move |scenario| scenario.reaching(name))
    };
    VENDORS.iter().flat_map(of_each).map(|scenario| Scenario::to_json(&scenario)).collect()
}
