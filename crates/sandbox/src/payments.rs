//! `POST /_sandbox/pay`: a customer does something about a payment link, and the vendor calls the gateway back about it (contract section 4).

use serde::Deserialize;
use serde_json::{Value, json};
use toran_core::operations::Operation;
use toran_core::time::Millis;
use toran_core::vendors::VENDORS;
use toran_core::vendors::sim::payments::{self, Act};

use crate::calls::Call;
use crate::server::{Books, Sandbox};

/// Who does what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    /// The request that made the link, as the vendor knows it; or by the caller's reference or the check's id. Without either, the latest link.
    wire_reference: Option<String>,
    reference_id: Option<String>,
    #[serde(default = "paid")]
    act: String,
    /// Whether the vendor calls back about it.
    #[serde(default = "yes")]
    callback: bool,
}

fn paid() -> String {
    "paid".into()
}

const fn yes() -> bool {
    true
}

impl Sandbox {
    /// Does what is ordered. Answers the vendor, and what the gateway said to its callback.
    pub(crate) async fn pay(&self, order: &[u8]) -> Result<Value, String> {
        let order: Order = serde_json::from_slice(order).map_err(|error| error.to_string())?;
        let act = payments::named(&order.act).ok_or_else(|| format!("`act` is one of {}.", payments::names()))?;
        let reference = match (order.wire_reference, order.reference_id) {
            (Some(reference), None) => reference,
            (None, Some(reference_id)) => self.wire_reference(&reference_id).await?,
            (None, None) => self.books().latest_link().ok_or("There is no payment link yet.")?,
            (Some(_), Some(_)) => return Err("One of wire_reference and reference_id says which link.".into()),
        };
        let now = (self.setting.clock)();
        let vendor = self.books().pay(&reference, act, now).ok_or("There is no such link, or it cannot be paid any more.")?;
        let callback = json!({ "vendor": vendor, "wire_reference": reference });
        let deliveries = if order.callback { self.call_back(callback.to_string().as_bytes()).await? } else { Vec::new() };
        Ok(json!({ "vendor": vendor, "deliveries": deliveries }))
    }
}

impl Books {
    /// The request that made the latest link.
    fn latest_link(&self) -> Option<String> {
        let is_request = |call: &Call| call.kind == "post" && call.operation == Operation::BankCollect.row().name;
        let made_one = |call: &&Call| is_request(call) && call.status.is_some_and(|status| (200..300).contains(&status));
        self.calls.iter().rev().find(made_one)?.wire_reference.clone()
    }

    /// The vendor whose link it was.
    fn pay(&mut self, reference: &str, act: &'static Act, now: Millis) -> Option<&'static str> {
        VENDORS.iter().map(|vendor| vendor.name()).find(|vendor| self.world(vendor).is_some_and(|world| world.pay(reference, act, now)))
    }
}
