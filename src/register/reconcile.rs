//! Reconciliation at the register of a check: asks its vendor what became of the money, and takes the answer as a callback would be taken.

use std::rc::Rc;

use toran_core::check::message::Told;
use toran_core::check::{Check, Event, Here, Reconciled, There};
use toran_core::place::Place;
use toran_core::vendors::{Account, Call, CallKind, Reading, callback};
use worker::Result;

use super::review::unknown;
use super::{Kept, Register};

impl Register<Check> {
    /// Compares the check at a place with what the vendor says of one of its requests.
    pub(super) async fn reconcile(
        register: &Rc<Self>,
        place: Place,
        tenant: &str,
        account: Account,
        reference: &str,
        moved: bool,
    ) -> Result<(Told, String)> {
        let attempt = callback::named(reference).map_or(0, |(_, attempt)| attempt);
        let row = register
            .row_of(place, tenant)?
            .filter(|row| row.machine.may_have_asked(&account, attempt) && row.machine.went_by(&row.identity, reference));
        let Some(row) = row else { return Ok(unknown(place)) };
        let before = row.machine.stands(attempt, moved);
        let call = Call::new(CallKind::Status, account, row.identity.wire_reference(attempt));
        let (reading, last) = register.look_up(&row, &call).await;
        let (there, held) = (There::of(&reading, last.as_ref()), if let Reading::Held(until) = reading { Some(until) } else { None });
        drop((row, last));
        if matches!(reading, Reading::Final(_))
            && let Some(step) = Self::follow(register, place, Event::Reply { call, reading })?
        {
            Check::go_on(register, vec![step]);
        }
        let here = register.row_of(place, tenant)?.map_or(Here::Unknown, |row| row.machine.stands(attempt, moved));
        let closed = before == Here::Open && matches!(here, Here::Moved | Here::NotMoved);
        let body = serde_json::to_string(&Reconciled { here, there, closed, held })?;
        Ok((Told::Answer { status: 200, replayed: false, retry_after: None }, body))
    }
}
