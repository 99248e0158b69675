//! The asynchronous bank account verification and its look-up: what becomes of each account.
//!
//! `97000000NN` reaches row NN (from 00) of the table of accounts, [`EXTRAS`] what that does not show. Any other account is alive and held by RAHUL SHARMA, for the
//! request names nobody. The POST says only that it was received; a rupee moves when a verification ends in VALID, once.

use serde_json::{Value, json};

use super::{World, refused, replied, text};
use crate::ids::{AccountNumber, Ifsc};
use crate::keys::{self, Meaning, Row, Source};
use crate::operations::Operation;
use crate::time::{Millis, rfc3339};
use crate::vendors::cashfree::callback::BANK_ACCOUNT;
use crate::vendors::sim::{Answer, Callback, Notice, Request, digits, set, without};

/// One account beyond the table.
#[derive(Clone, Copy)]
pub(super) struct Extra {
    /// The scenario's name.
    pub(super) name: &'static str,
    /// The account.
    pub(super) number: &'static str,
    /// How the look-up differs from a plain yes.
    change: fn(Value) -> Value,
    /// How many look-ups are answered "in progress" first.
    pending: u32,
    /// Whether the account is credited.
    is_credited: bool,
    /// The key of the gateway's answer.
    pub(super) answers: &'static str,
}

impl Extra {
    /// The code that the last look-up carries.
    pub(super) fn vendor_key(&self) -> Option<String> {
        let over = Verification { reference_id: 0, number: self.number.into(), lookups: u32::MAX, is_paid: false };
        over.looked_up().get("account_status_code")?.as_str().map(str::to_owned)
    }

    /// Whether it goes on until its horizon: nobody knows what the vendor means.
    pub(super) fn is_open(&self) -> bool {
        self.answers == OPEN
    }
}

const fn extra(name: &'static str, number: &'static str, answers: &'static str, change: fn(Value) -> Value) -> Extra {
    Extra { name, number, change, pending: 0, is_credited: true, answers }
}

const fn later(pending: u32, extra: Extra) -> Extra {
    Extra { pending, ..extra }
}

const fn uncredited(extra: Extra) -> Extra {
    Extra { is_credited: false, ..extra }
}

const YES: &str = "success_bank_account";
const UNKNOWN: &str = "failure_bank_account_unknown_status";
/// Of what is looked up again and again.
const OPEN: &str = "pending_vendor";

/// How a verification ended: `account_status` and `account_status_code`.
fn ended(reply: Value, status: &str, code: &str) -> Value {
    let reply = set(set(reply, "account_status", status.into()), "account_status_code", code.into());
    ["name_at_bank", "utr"].iter().fold(reply, |reply, field| without(reply, field))
}

#[rustfmt::skip]
pub(super) static EXTRAS: &[Extra] = &[
    later(1, extra("in_progress_then_valid", "9710000001", YES, |reply| reply)),
    later(3, extra("in_progress_for_longer", "9710000002", YES, |reply| reply)),
    extra("no_name_at_bank", "9710000003", YES, |reply| set(reply, "name_at_bank", Value::Null)),
    extra("another_name", "9710000004", "failure_bank_account_no_match", |reply| set(reply, "name_at_bank", "SOMEBODY ELSE".into())),
    extra("initial_and_surname", "9710000005", YES, |reply| set(reply, "name_at_bank", "R SHARMA".into())),
    extra("non_resident_by_name", "9710000006", YES, |reply| set(reply, "name_at_bank", "RAHUL SHARMA NRE".into())),
    extra("additional_fields", "9710000007", YES, |reply| set(reply, "ifsc_details", json!({ "bank": "SBI", "imps": "Live" }))),
    uncredited(extra("invalid_for_no_known_reason", "9711000001", UNKNOWN, |reply| ended(reply, "INVALID", "ACCOUNT_ON_HOLIDAY"))),
    uncredited(extra("failed_for_an_invalid_account", "9711000002", "failure_bank_account_invalid", |reply| ended(reply, "FAILED", "INVALID_ACCOUNT_FAIL"))),
    uncredited(extra("withdrawn_by_the_client", "9711000003", "error_validation_failed", |reply| without(ended(reply, "CANCELLED", ""), "account_status_code"))),
    uncredited(extra("failed_for_no_known_reason", "9712000001", OPEN, |reply| ended(reply, "FAILED", "ACCOUNT_ON_HOLIDAY"))),
    uncredited(extra("valid_without_a_code", "9712000002", OPEN, |reply| without(reply, "account_status_code"))),
    uncredited(extra("valid_under_another_code", "9712000003", OPEN, |reply| set(reply, "account_status_code", "FAILED_AT_BANK".into()))),
    uncredited(extra("invalid_under_the_code_of_a_yes", "9712000004", OPEN, |reply| ended(reply, "INVALID", "ACCOUNT_IS_VALID"))),
    uncredited(extra("status_unheard_of", "9712000005", OPEN, |reply| set(reply, "account_status", "FINE".into()))),
];

/// The account number of a row, counted from 0.
pub(super) fn number_of(row: usize) -> String {
    format!("97000000{row:02}")
}

fn row_of(number: &str) -> Option<&'static Row> {
    keys::rows_of(Source::CASHFREE_ACCOUNT).enumerate().find(|(row, _)| number_of(*row) == number).map(|(_, row)| row)
}

/// `account_status` beside the code of a row.
fn status_of(row: &Row) -> &'static str {
    match row.meaning {
        Meaning::Verified => "VALID",
        Meaning::Negative(_) => "INVALID",
        Meaning::Operator => "REJECTED",
        Meaning::Pending(_) if row.key == "VALIDATION_IN_PROGRESS" => "RECEIVED",
        _ => "FAILED",
    }
}

/// One verification.
#[derive(Debug)]
pub(super) struct Verification {
    reference_id: u64,
    number: String,
    lookups: u32,
    is_paid: bool,
}

impl Verification {
    fn pending(&self) -> u32 {
        let of_row = row_of(&self.number).filter(|row| status_of(row) == "RECEIVED").map(|_| u32::MAX);
        of_row.or_else(|| extra_of(&self.number).map(|extra| extra.pending)).unwrap_or_default()
    }

    fn is_credited(&self) -> bool {
        let of_row = row_of(&self.number).map(|row| row.meaning == Meaning::Verified);
        of_row.or_else(|| extra_of(&self.number).map(|extra| extra.is_credited)).unwrap_or(true)
    }

    /// The account to credit, when the verification is over and nothing was paid yet.
    fn pay(&mut self) -> Option<String> {
        let is_due = self.is_credited() && self.lookups >= self.pending() && !self.is_paid;
        self.is_paid |= is_due;
        is_due.then(|| self.number.clone())
    }

    fn looked_up(&self) -> Value {
        if self.lookups < self.pending() {
            return self.received();
        }
        let found = json!({
            "reference_id": self.reference_id, "name_at_bank": "RAHUL SHARMA", "bank_name": "STATE BANK OF INDIA",
            "utr": digits(&self.reference_id.to_string(), "utr", 12), "city": "MUMBAI", "branch": "SANTACRUZ, MUMBAI", "micr": 400_532_038,
            "account_status": "VALID", "account_status_code": "ACCOUNT_IS_VALID",
        });
        match (row_of(&self.number), extra_of(&self.number)) {
            (Some(row), _) if row.meaning != Meaning::Verified => ended(found, status_of(row), row.key),
            (None, Some(extra)) => (extra.change)(found),
            _ => found,
        }
    }

    fn received(&self) -> Value {
        json!({ "reference_id": self.reference_id, "account_status": "RECEIVED", "account_status_code": "VALIDATION_IN_PROGRESS" })
    }
}

impl Verification {
    /// What it came to, whenever that is asked, and the account that is credited with it.
    fn ended(&mut self) -> (Value, Option<String>) {
        self.lookups = self.lookups.max(self.pending());
        (self.looked_up(), self.pay())
    }
}

/// The callback about the verification of a `user_id`.
pub(super) fn call_back(world: &mut World, id: &str, notice: &Notice<'_>) -> Option<Callback> {
    let (said, credited) = world.verifications.get_mut(id)?.ended();
    let is_yes = said.get("account_status").is_some_and(|status| status == "VALID");
    let said = match (notice.is_opposite, is_yes) {
        (false, _) => said,
        (true, true) => ended(said, "INVALID", "INVALID_BANK_ACCOUNT"),
        (true, false) => set(set(said, "account_status", "VALID".into()), "account_status_code", "ACCOUNT_IS_VALID".into()),
    };
    let end = if is_yes == notice.is_opposite { "FAILED" } else { "SUCCESS" };
    let event = notice.event.map_or_else(|| format!("{BANK_ACCOUNT}{end}"), str::to_owned);
    let mut body =
        json!({ "event_type": event, "event_time": rfc3339(notice.at), "version": "v2", "data": set(said, "user_id", id.into()) });
    if event.is_empty() {
        body = without(body, "event_type");
    }
    Some(Callback { operation: Operation::BankVerify, body, credited })
}

fn extra_of(number: &str) -> Option<&'static Extra> {
    EXTRAS.iter().find(|extra| extra.number == number)
}

/// `POST /bank-account/async`.
pub(super) fn post(world: &mut World, request: &Request, _now: Millis) -> Answer {
    let body = request.object().map(Value::Object).unwrap_or_default();
    let (number, ifsc, id) = (text(&body, "bank_account"), text(&body, "ifsc"), text(&body, "user_id"));
    let is_id = (1..=40).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let wrong = [
        (AccountNumber::parse(number).is_err(), "bank_account_value_invalid"),
        (!Ifsc::parse(ifsc).is_ok_and(|code| code.as_str() == ifsc), "ifsc_value_invalid"),
        (!is_id, "user_id_value_invalid"),
        (is_id && !world.take(id), "verification_id_already_exists"),
    ];
    if let Some((_, code)) = wrong.into_iter().find(|(is_wrong, _)| *is_wrong) {
        return refused(request, code);
    }
    let mut verification = Verification { reference_id: world.next_reference(), number: number.into(), lookups: 0, is_paid: false };
    let credited = verification.pay();
    let body = set(verification.received(), "user_id", id.into());
    world.verifications.insert(id.to_owned(), verification);
    Answer { credited, ..replied(request, 200, body) }
}

/// `GET /bank-account`, by `user_id`, or by their own `reference_id`.
pub(super) fn status(world: &mut World, request: &Request, now: Millis) -> Answer {
    let is_hidden = request.header("x-request-id").is_some_and(|reference| world.hides(reference, now));
    let by_theirs = |id: &str| world.verifications.iter().find(|(_, found)| found.reference_id.to_string() == id).map(|(id, _)| id.clone());
    let id = request.parameter("user_id").map(str::to_owned).or_else(|| request.parameter("reference_id").and_then(by_theirs));
    let found = id.and_then(|id| world.verifications.get_mut(&id)).filter(|_| !is_hidden);
    let Some(verification) = found else {
        let body = json!({ "type": "not_found_error", "code": "user_id_not_found", "message": "user_id does not exist." });
        return replied(request, 404, body);
    };
    let body = verification.looked_up();
    let credited = verification.pay();
    verification.lookups = verification.lookups.saturating_add(1);
    Answer { credited, ..replied(request, 200, body) }
}
