//! Mobile to Account and its status lookup (document 001): what becomes of each mobile number.
//!
//! `98000000NN` reaches row NN of document 001's table, so no row is without a subject; [`EXTRAS`] lists what the table does not show
//! (waiting, dialects, contradictions). Any other number is found. A rupee moves when a request ends in success, once.

use serde_json::{Map, Value, json};

use super::accounts::{account_number, bank, branch_details, vpa};
use super::refusals::{Hit, client_refusal, count, refusal, too_often};
use super::shapes::{self, Shape, as_documented, set, with_data};
use super::{World, name_of, text};
use crate::keys::{self, Meaning, Row, Source};
use crate::time::Millis;
use crate::vendors::sim::{Answer, Request, digits};

/// The key of a found account.
pub(super) const SUCCESS: &str = "success_account_details_retrieved";
/// The key of a lookup that found its request, whatever became of that.
pub(super) const LOOKUP_FOUND: &str = "success_transaction_found";
const CLOSED: &str = "failure_account_closed";

/// A key and its message; an empty message stands for the document's first one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub(super) key: &'static str,
    message: &'static str,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Script {
    /// `api_status` of the POST.
    api_status: &'static str,
    /// What the POST says; `None` for a bare `PENDING`.
    pub(super) post: Option<Said>,
    /// What really became of it; `None` when the request was rejected before anything happened.
    pub(super) truth: Option<Said>,
    /// How many lookups are answered "pending" before the truth shows.
    pub(super) pending: u32,
    /// How many lookups are answered with HTTP 404 first.
    missing: u32,
    /// The key inside `branch_details`.
    branch: &'static str,
    /// In what clothes the answers come.
    shape: Shape,
}

const fn say(key: &'static str) -> Said {
    Said { key, message: "" }
}

const FOUND: Script = Script {
    api_status: "SUCCESS",
    post: Some(say(SUCCESS)),
    truth: Some(say(SUCCESS)),
    pending: 0,
    missing: 0,
    branch: super::accounts::BRANCH_FOUND,
    shape: as_documented,
};
const WAITING: Script = Script { api_status: "PENDING", post: None, pending: 1, ..FOUND };

/// One subject beyond the document's rows.
pub(super) struct Extra {
    /// The scenario's name.
    pub(super) name: &'static str,
    /// The mobile number.
    pub(super) number: &'static str,
    /// What becomes of it.
    pub(super) script: Script,
}

const fn extra(name: &'static str, number: &'static str, script: Script) -> Extra {
    Extra { name, number, script }
}

/// What the document's table does not show.
#[rustfmt::skip]
pub(super) static EXTRAS: &[Extra] = &[
    extra("pending_then_success", "9811000001", WAITING),
    extra("pending_then_failure", "9811000002", Script { truth: Some(say(CLOSED)), ..WAITING }),
    extra("pending_for_ever", "9811000003", Script { pending: u32::MAX, ..WAITING }),
    extra("pending_longer", "9811000004", Script { pending: 3, ..WAITING }),
    extra("pending_with_an_unknown_key", "9811000005", Script { post: Some(say("pending_account_details")), ..WAITING }),
    extra("lookup_answers_404_first", "9811000006", Script { missing: 1, ..WAITING }),
    extra("camel_case", "9811000010", Script { shape: shapes::camel, ..FOUND }),
    extra("data_as_array", "9811000011", Script { shape: shapes::array, ..FOUND }),
    extra("additional_fields", "9811000012", Script { shape: shapes::extended, ..FOUND }),
    extra("amount_as_text", "9811000013", Script { shape: |envelope| edited(envelope, "payout_amount", "1.00"), ..FOUND }),
    extra("account_masked_by_the_vendor", "9811000014", Script { shape: |envelope| edited(envelope, "account_number", "XXXXXXXX4321"), ..FOUND }),
    extra("current_account", "9811000015", Script { shape: |envelope| edited(envelope, "account_type", "CURRENT"), ..FOUND }),
    extra("nro_account", "9811000016", Script { shape: |envelope| edited(envelope, "account_type", "NRO"), ..FOUND }),
    extra("paisa_drop", "9811000019", Script { shape: |envelope| edited(envelope, "payout_amount", "0.01"), ..FOUND }),
    extra("penny_drop_failed", "9811000017", Script { shape: |envelope| edited(envelope, "payout_status", "FAILED"), ..FOUND }),
    extra("name_not_available", "9811000018", Script { shape: |envelope| edited(envelope, "name_as_per_bank", "NOT AVAILABLE"), ..FOUND }),
    extra("success_key_in_a_failure", "9811000020", Script { api_status: "FAILURE", ..FOUND }),
    extra("success_with_an_unknown_key", "9811000021", Script { post: Some(say("success_of_another_kind")), ..FOUND }),
    extra("failure_with_an_unknown_key", "9811000022", Script { api_status: "FAILURE", post: Some(say("failure_of_another_kind")), ..FOUND }),
];

fn edited(envelope: Value, field: &str, value: &str) -> Value {
    with_data(envelope, |data| match data {
        Value::Object(ref map) if map.contains_key(field) => set(data, field, value.into()),
        other => other,
    })
}

/// The mobile number of a row of document 001's table.
pub(super) fn number_of(row: usize) -> String {
    format!("98000000{row:02}")
}

/// What becomes of a mobile number.
pub(super) fn script_of(number: &str) -> Script {
    if let Some(extra) = EXTRAS.iter().find(|extra| extra.number == number) {
        return extra.script;
    }
    let row = number.strip_prefix("98000000").and_then(|index| index.parse().ok());
    row.and_then(|index| keys::rows_of(Source::D001).nth(index)).map_or(FOUND, script_of_row)
}

fn script_of_row(row: &'static Row) -> Script {
    let said = Some(Said { key: row.key, message: row.message });
    let failed = Script { api_status: "FAILURE", post: said, truth: said, ..FOUND };
    match row.meaning {
        Meaning::Verified => FOUND,
        Meaning::Remark => Script { branch: row.key, ..FOUND },
        Meaning::Landed => Script { truth: FOUND.truth, ..failed },
        Meaning::Operator | Meaning::Input | Meaning::Velocity => Script { truth: None, ..failed },
        _ => failed,
    }
}

/// One request that the status lookup knows.
#[derive(Debug)]
pub(super) struct Verification {
    transaction: String,
    number: String,
    with_branch: bool,
    script: Script,
    lookups: u32,
    paid: bool,
}

impl Verification {
    /// The account to credit, when the request has ended in success and nothing was paid yet.
    fn pay(&mut self) -> Option<String> {
        let due = self.script.truth.is_some_and(|said| said.key == SUCCESS) && self.lookups >= self.script.pending && !self.paid;
        self.paid |= due;
        due.then(|| account_number(&self.number))
    }

    fn data(&self) -> Value {
        let mut data = json!({
            "upi_vpa": vpa(&self.number), "name_as_per_bank": name_of(&self.number), "account_number": account_number(&self.number),
            "ifsc": bank(&self.number).ifsc, "bank_reference_number": digits(&self.transaction, "bank reference", 12),
            "payout_status": "SUCCESS", "payout_amount": 1.0, "account_type": "SAVINGS",
        });
        if self.with_branch {
            data = set(data, "branch_details", branch_details(bank(&self.number), self.script.branch));
        }
        data
    }
}

/// `POST /v3/banking/mobile_to_account`.
pub(in crate::vendors::decentro) fn post(world: &mut World, request: &Request, now: Millis) -> Answer {
    let body = request.object().map(Value::Object);
    let reference = request.reference();
    let refused = refusal(world, request, body.as_ref());
    if let Some(reference) = &reference {
        world.burn(reference);
    }
    let transaction = world.next_transaction(reference.as_deref().unwrap_or_default());
    let number = body.as_ref().and_then(|body| text(body, "mobile_number")).unwrap_or_default().to_owned();
    let refused = refused.map(|key| (key, keys::message(key).to_owned())).or_else(|| too_often(world, Hit::Mobile(number.clone()), now));
    if let Some((key, message)) = refused {
        let body = envelope(&transaction, "FAILURE", Some(key), &message);
        return Answer { status: http_status(Some(key)), body, wire_reference: reference, credited: None };
    }
    let with_branch = body.as_ref().and_then(|body| body.get("fetch_branch_details")) == Some(&Value::Bool(true));
    let script = script_of(&number);
    let account = Hit::account(&account_number(&number), bank(&number).ifsc);
    let mut verification = Verification { transaction, number, with_branch, script, lookups: 0, paid: false };
    let answer = Answer { credited: verification.pay(), wire_reference: reference.clone(), ..verification.posted() };
    if let (Some(reference), Some(_)) = (reference, script.truth) {
        world.verifications.insert(reference, verification);
    }
    if answer.credited.is_some() {
        count(world, account, now);
    }
    answer
}

impl Verification {
    fn posted(&self) -> Answer {
        let key = self.script.post.map(|said| said.key);
        let message = self.script.post.map_or("The request is being processed.", Said::message);
        let mut body = envelope(&self.transaction, self.script.api_status, key, message);
        if self.script.api_status == "SUCCESS" {
            body = set(body, "data", self.data());
        }
        Answer { status: http_status(key), body: (self.script.shape)(body), wire_reference: None, credited: None }
    }

    fn looked_up(&self) -> Value {
        let settled = self.script.truth.filter(|_| self.lookups >= self.script.pending);
        let found = settled.is_some_and(|said| said.key == SUCCESS);
        json!({
            "request_decentro_txn_id": self.transaction,
            "request_response_key": settled.map(|said| said.key),
            "request_message": settled.map(Said::message),
            "data": if found { self.data() } else { json!({}) },
        })
    }
}

impl Verification {
    /// What it came to, whenever that is asked, and the account that is credited with it; `None` where it comes to nothing.
    pub(super) fn ended(&mut self) -> Option<(Value, Option<String>)> {
        let said = self.script.truth?;
        self.lookups = self.lookups.max(self.script.pending);
        let is_yes = said.key == SUCCESS;
        let body = envelope(&self.transaction, if is_yes { "SUCCESS" } else { "FAILURE" }, Some(said.key), said.message());
        Some((if is_yes { set(body, "data", self.data()) } else { body }, self.pay()))
    }
}

impl Said {
    fn message(self) -> &'static str {
        if self.message.is_empty() { keys::message(self.key) } else { self.message }
    }
}

/// `GET /v3/banking/account_validation/status`, by exactly one of `reference_id` and `decentro_txn_id`.
pub(in crate::vendors::decentro) fn status(world: &mut World, request: &Request, now: Millis) -> Answer {
    let reference = match (request.parameter("reference_id"), request.parameter("decentro_txn_id")) {
        (Some(reference), None) => Some(reference.to_owned()),
        (None, Some(id)) => {
            world.verifications.iter().find(|(_, verification)| verification.transaction == id).map(|(reference, _)| reference.clone())
        }
        _ => None,
    };
    let transaction = world.next_transaction("lookup");
    let answer = |status, body| Answer { status, body, wire_reference: reference.clone(), credited: None };
    if let Some(key) = client_refusal(request) {
        return answer(http_status(Some(key)), envelope(&transaction, "FAILURE", Some(key), keys::message(key)));
    }
    let not_found =
        || envelope(&transaction, "FAILURE", Some("error_transaction_not_found"), "No transaction found for the given details.");
    if reference.as_ref().is_some_and(|reference| world.hides(reference, now)) {
        return answer(200, not_found());
    }
    let Some(verification) = reference.as_ref().and_then(|reference| world.verifications.get_mut(reference)) else {
        return answer(200, not_found());
    };
    if verification.lookups < verification.script.missing {
        verification.lookups = verification.lookups.saturating_add(1);
        return answer(404, json!({ "message": "Not Found" }));
    }
    let account = Hit::account(&account_number(&verification.number), bank(&verification.number).ifsc);
    let answer = verification.answer_lookup(&transaction, answer);
    if answer.credited.is_some() {
        count(world, account, now);
    }
    answer
}

impl Verification {
    fn answer_lookup(&mut self, transaction: &str, answer: impl Fn(u16, Value) -> Answer) -> Answer {
        let mut body = envelope(transaction, "SUCCESS", Some(LOOKUP_FOUND), "Transaction details retrieved.");
        if let (Some(body), Value::Object(found)) = (body.as_object_mut(), self.looked_up()) {
            body.extend(found);
        }
        let credited = self.pay();
        self.lookups = self.lookups.saturating_add(1);
        Answer { credited, ..answer(200, (self.script.shape)(body)) }
    }
}

fn envelope(transaction: &str, api_status: &str, key: Option<&str>, message: &str) -> Value {
    let mut body = Map::from_iter([
        ("decentro_txn_id".to_owned(), Value::from(transaction)),
        ("api_status".to_owned(), api_status.into()),
        ("message".to_owned(), message.into()),
    ]);
    if let Some(key) = key {
        body.insert("response_key".to_owned(), key.into());
    }
    Value::Object(body)
}

/// The HTTP status of a key: an assumption, the document names none.
fn http_status(key: Option<&str>) -> u16 {
    match key.unwrap_or_default() {
        "error_unauthorized_module" | "error_empty_module_secret" | "error_company_disabled" => 403,
        "error_decentro_error" => 500,
        key => match keys::find(Source::D001, key, None).map(|row| row.meaning) {
            Some(Meaning::Input) => 400,
            Some(Meaning::Operator) => 401,
            Some(Meaning::Velocity) => 429,
            _ => 200,
        },
    }
}
