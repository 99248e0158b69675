//! A vendor's callback at the register of the check that it is about.

use std::rc::Rc;

use toran_core::check::message::{Heard, Receipt};
use toran_core::check::{Check, Event};
use toran_core::place::Place;
use toran_core::vendors::callback;
use worker::Result;

use super::row::Row;
use super::{Kept, Register};

impl Register<Check> {
    /// Takes a vendor's callback.
    pub(super) fn hear(register: &Rc<Self>, place: Place, heard: Heard) -> Result<Receipt> {
        let Heard { account, attempt, reference, is_proven, delivery, body } = heard;
        let is_ours = |row: &Rc<Row<Check>>| {
            row.machine.may_have_asked(&account, attempt) && callback::is_about(&account, &row.identity, attempt, &reference)
        };
        let row = register.row(place)?.filter(is_ours);
        let Some(row) = row else { return Ok(Receipt::Unknown) };
        let (receipt, event) = if is_proven {
            let request = register.request(&row)?;
            let reading = callback::read(&account, row.machine.operation, request.as_ref(), body.as_bytes());
            let (receipt, wire_reference) = (row.machine.receives(&delivery), row.identity.wire_reference(attempt));
            (receipt, Event::Callback { account, wire_reference, delivery, reading })
        } else {
            (Receipt::Hint, Event::Hinted)
        };
        drop(row);
        if let Some(step) = Self::follow(register, place, event)? {
            Check::go_on(register, vec![step]);
        }
        Ok(receipt)
    }
}
