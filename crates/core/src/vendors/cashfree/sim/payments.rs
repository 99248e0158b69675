//! The reverse penny drop, its look-up and its webhook: what becomes of each link is ordered of its customer (`payments` beside the simulations).

use serde_json::{Value, json};

use super::{World, refused, replied, text};
use crate::keys::{self, Source};
use crate::operations::Operation;
use crate::time::{MINUTE, Millis, rfc3339};
use crate::vendors::cashfree::callback::PAYMENT;
use crate::vendors::sim::payments::{self, ACCOUNT, ACTS, Act, End, PAYEE, VPA};
use crate::vendors::sim::{Answer, Callback, Notice, Request, Scenario, digits, set, without};

/// For how long a link is valid.
const VALID: Millis = 10 * MINUTE;

/// One link.
#[derive(Clone, Debug)]
pub(super) struct Link {
    ref_id: u64,
    valid_until: Millis,
    act: Option<&'static Act>,
    /// How many look-ups still say that nobody paid.
    pending: u32,
    /// How often it was looked up.
    lookups: u32,
}

impl Link {
    fn status(&self, now: Millis) -> &'static str {
        match self.act.map(|act| act.end) {
            Some(_) if self.pending > 0 => "CREATED",
            Some(End::Paid) => "SUCCESS",
            Some(End::Failed | End::GivenUp) => "FAILURE",
            Some(End::Expired) => "EXPIRED",
            None if now >= self.valid_until => "EXPIRED",
            None => "CREATED",
        }
    }

    fn looked_up(&self, id: &str, now: Millis) -> Value {
        let body =
            json!({ "verification_id": id, "ref_id": self.ref_id.to_string(), "status": self.status(now), "added_on": rfc3339(now) });
        let Some(act) = self.act.filter(|act| act.end == End::Paid && self.pending == 0) else { return body };
        let told = [
            ("bank_account", ACCOUNT.to_owned()),
            ("ifsc", act.ifsc.into()),
            ("upi", VPA.into()),
            ("utr", digits(id, "utr", 12)),
            ("account_type", act.account_type.into()),
            ("reversal_status", "PENDING".into()),
            ("penny_collected_on", rfc3339(now)),
        ];
        let holder = act.holder.map(|holder| ("name_at_bank", holder.to_owned()));
        told.into_iter().chain(holder).fold(body, |body, (name, value)| set(body, name, value.into()))
    }
}

/// `POST /reverse-penny-drop`.
pub(super) fn post(world: &mut World, request: &Request, now: Millis) -> Answer {
    let body = request.object().map(Value::Object).unwrap_or_default();
    let id = text(&body, "verification_id");
    let is_id = (1..=50).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    if !is_id {
        return refused(request, "verification_id_value_invalid");
    }
    if !world.take(id) {
        return refused(request, "verification_id_already_exists");
    }
    let link = Link { ref_id: world.next_reference(), valid_until: now.saturating_add(VALID), act: None, pending: 0, lookups: 0 };
    let upi = format!("pa={PAYEE}&pn=Cashfree&tn=BAV&am=1.00&cu=INR&tr={}", link.ref_id);
    let body = json!({
        "verification_id": id, "ref_id": link.ref_id, "valid_upto": rfc3339(link.valid_until).replace('Z', ".000Z"), "upi_link": format!("upi://pay?{upi}"),
        "gpay": format!("tez://upi/pay?{upi}"), "bhim": format!("bhim://upi://pay?{upi}"), "paytm": format!("paytmmp://pay?{upi}"),
        "phonepe": format!("phonepe://pay?{upi}"), "qr_code": "iVBORw0KGgo=",
    });
    world.links.insert(id.to_owned(), link);
    replied(request, 200, body)
}

/// `GET /remitter/status`, by `verification_id`, or by their own `ref_id`.
pub(super) fn status(world: &mut World, request: &Request, now: Millis) -> Answer {
    let by_theirs = |theirs: &str| world.links.iter().find(|(_, link)| link.ref_id.to_string() == theirs).map(|(id, _)| id.clone());
    let id = request.parameter("verification_id").map(str::to_owned).or_else(|| request.parameter("ref_id").and_then(by_theirs));
    let Some((id, link)) = id.and_then(|id| Some((id.clone(), world.links.get_mut(&id)?))) else {
        return refused(request, "verification_id_value_invalid");
    };
    link.lookups = link.lookups.saturating_add(1);
    if now < link.valid_until {
        link.act = payments::by_themselves(link.act, link.lookups);
    }
    let body = link.looked_up(&id, now);
    link.pending = link.pending.saturating_sub(1);
    replied(request, 200, body)
}

/// A customer does something about the link of a `verification_id`.
pub(super) fn pay(world: &mut World, id: &str, act: &'static Act, now: Millis) -> bool {
    let link = world.links.get_mut(id).filter(|link| link.status(now) == "CREATED" && link.act.is_none());
    link.map(|link| (link.act, link.pending) = (Some(act), act.pending)).is_some()
}

/// The webhook about the link of a `verification_id`.
pub(super) fn call_back(world: &World, id: &str, notice: &Notice<'_>) -> Option<Callback> {
    // Whoever is told has not to wait.
    let link = Link { pending: 0, ..world.links.get(id)?.clone() };
    let opposite = if link.status(notice.at) == "SUCCESS" { "expired" } else { "paid" };
    let link = if notice.is_opposite { Link { act: payments::named(opposite), ..link } } else { link };
    let event = notice.event.map_or_else(|| format!("{PAYMENT}{}", link.status(notice.at)), str::to_owned);
    let data = link.looked_up(id, notice.at);
    let body = json!({ "signature": "signature", "event_type": event, "event_time": rfc3339(notice.at), "version": "v1", "data": data });
    let body = if event.is_empty() { without(body, "event_type") } else { body };
    Some(Callback { operation: Operation::BankCollect, body, credited: None })
}

/// What Cashfree can say of a payment; which kind of account paid, it does not tell.
pub(super) fn scenarios() -> impl Iterator<Item = Scenario> {
    let row = |key: &str| keys::find(Source::CASHFREE_PAYMENT, key, None);
    ACTS.iter().filter(|act| act.kind == "BANK_ACCOUNT").map(move |act| {
        let status = Link { ref_id: 0, valid_until: Millis::MAX, act: Some(act), pending: 0, lookups: 0 }.status(0);
        let covered = if act.pending > 0 { "CREATED" } else { status };
        payments::scenario("cashfree", act, status, row(covered))
    })
}
