//! `POST /_sandbox/books`: makes a vendor's books differ from what the gateway was told; and `GET /_sandbox/statement`, the vendor's statement of all rupees (contract section 4).

use std::collections::HashSet;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use toran_core::vendors::VENDORS;
use toran_core::vendors::sim::Request;

use crate::ledger::Entry;
use crate::server::{Books, Sandbox, bytes_response};

/// A vendor's statement, as CSV.
pub(crate) async fn statement(State(sandbox): State<Sandbox>, Query(query): Query<Vec<(String, String)>>) -> Response {
    let vendor = query.iter().find(|(name, _)| name == "vendor").map_or("decentro", |(_, vendor)| vendor.as_str());
    bytes_response(200, "text/csv", sandbox.books().statement(vendor).into())
}

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    /// The vendor does not find the request any more, and its rupee is not in its books.
    Forgotten,
    /// The transfer failed after all, and its rupee is not in its books.
    Reversed,
    /// What was forgotten is found again.
    Restored,
    /// A rupee that nobody asked for is in its books.
    Unknown,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    wire_reference: Option<String>,
    reference_id: Option<String>,
    change: Change,
}

/// The requests that their vendors do not find, and the rupees that they took with them.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    forgotten: HashSet<String>,
    taken: Vec<Entry>,
}

impl Differences {
    /// A look-up of what is forgotten, as one of something that was never there.
    pub(crate) fn lookup(&self, request: &Request, reference: Option<&str>) -> Option<Request> {
        let reference = reference.filter(|reference| self.forgotten.contains(*reference))?;
        let value = |value: &str| if value == reference { "0".repeat(value.len()) } else { value.to_owned() };
        let query = request.query.iter().map(|(name, text)| (name.clone(), value(text))).collect();
        let Request { method, path, headers, body, .. } = request;
        Some(Request { method: method.clone(), path: path.clone(), query, headers: headers.clone(), body: body.clone() })
    }
}

impl Sandbox {
    /// Changes a vendor's books as ordered.
    pub(crate) async fn differ(&self, order: &[u8]) -> Result<Value, String> {
        let order: Order = serde_json::from_slice(order).map_err(|error| error.to_string())?;
        let reference = match (order.wire_reference, order.reference_id) {
            (Some(reference), None) => reference,
            (None, Some(reference_id)) => self.wire_reference(&reference_id).await?,
            _ => return Err("Exactly one of wire_reference and reference_id says which request.".into()),
        };
        let now = (self.setting.clock)();
        let mut books = self.books();
        match order.change {
            Change::Unknown => books.money.push(Entry::new(now, "bank.verify", Some(reference.clone()), &reference)),
            Change::Restored => books.restore(&reference),
            Change::Forgotten => {
                books.differences.forgotten.insert(reference.clone());
                books.take(&reference);
            }
            Change::Reversed => {
                let is_known = VENDORS.iter().any(|vendor| books.world(vendor.name()).is_some_and(|world| world.reverse(&reference)));
                if !is_known {
                    return Err("No vendor has such a transfer that it could reverse.".into());
                }
                books.take(&reference);
            }
        }
        Ok(json!({ "wire_reference": reference }))
    }
}

impl Books {
    fn take(&mut self, reference: &str) {
        let (taken, left) = std::mem::take(&mut self.money).into_iter().partition(|entry: &Entry| entry.is_of(reference));
        self.money = left;
        let taken: Vec<Entry> = taken;
        self.differences.taken.extend(taken);
    }

    fn restore(&mut self, reference: &str) {
        self.differences.forgotten.remove(reference);
        let (back, left): (Vec<Entry>, Vec<Entry>) =
            std::mem::take(&mut self.differences.taken).into_iter().partition(|entry| entry.is_of(reference));
        self.differences.taken = left;
        self.money.extend(back);
    }

    /// The statement of a vendor: every rupee, as CSV.
    pub(crate) fn statement(&self, vendor: &str) -> String {
        let of = |entry: &&Entry| {
            let call = self.calls.iter().find(|call| call.wire_reference.as_deref().is_some_and(|reference| entry.is_of(reference)));
            call.map_or(vendor == "decentro", |call| call.vendor == vendor)
        };
        let lines: String = self.money.iter().filter(of).map(Entry::to_csv).collect();
        format!("wire_reference,amount,status,at\r\n{lines}")
    }
}
