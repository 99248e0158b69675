//! Whether money that was sent reached its account, asked without the request: for reconciliation, when the check has forgotten whom it paid.
//!
//! Only the yes or no is read, as of a callback that comes late ([`super::callback::Callbacks`]).

use super::{Call, Misconfigured, Reading, Settings, Step, named, settings};
use crate::http::{Exchange, HttpRequest};
use crate::operations::Operation;

/// How a vendor is asked.
pub struct Settlement {
    /// The look-up of a call's wire reference.
    pub(super) request: fn(Operation, &Call, Settings<'_>) -> Result<HttpRequest, Misconfigured>,
    /// What the reply to it means.
    pub(super) read: fn(Operation, &Call, &Exchange) -> Reading,
}

/// The next step of such a look-up, given what came of the steps before it.
pub fn step(call: &Call, operation: Operation, said: &[Exchange], all: Settings<'_>) -> Step {
    let vendor = named(call.account.vendor());
    let Some((vendor, settlement)) = vendor.and_then(|vendor| Some((vendor, vendor.settlement()?))) else {
        return Step::Read(Reading::misconfigured(call.kind, "vendor"));
    };
    if let Some(exchange) = said.last() {
        return Step::Read((settlement.read)(operation, call, exchange));
    }
    let prepared = settings::in_force(vendor, call.account.name(), all).and_then(|in_force| {
        let request = (settlement.request)(operation, call, &in_force)?;
        settings::leaving(vendor, request, &in_force)
    });
    match prepared {
        Ok(request) => Step::Send(request),
        Err(Misconfigured(name)) => Step::Read(Reading::misconfigured(call.kind, &name)),
    }
}
