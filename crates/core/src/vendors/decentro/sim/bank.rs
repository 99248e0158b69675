//! Account validation and its status lookup (document 003 section 3): what becomes of each account.
//!
//! `96000000NN` reaches row NN of section 3.2's bands; [`EXTRAS`] lists what that table does not show, the vendor's own staging pairs among it. Any
//! other account is alive and held by whoever is named. A rupee moves when a penny drop or a hybrid ends in success, once; penniless never moves
//! one, and is no transfer that a lookup could find. The keys of bad input and what a lookup shows of a failure are assumptions.

use serde_json::{Map, Value, json};

use super::kyc::{failure, is_client, refusal};
use super::refusals::{Hit, too_often, unsanitized};
use super::shapes::{self, Shape, as_documented, set, with_data};
use super::{World, credentials, is_blank, text};
use crate::ids::{AccountNumber, Ifsc};
use crate::keys::{self, Source};
use crate::time::Millis;
use crate::vendors::sim::{Answer, Request, digits};

/// How the POST is answered.
#[derive(Clone, Copy, Debug)]
enum Told {
    /// With what became of it.
    Outcome,
    /// With a transfer that is pending.
    Pending,
    /// With a bare failure under this code.
    Code(&'static str),
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Script {
    told: Told,
    /// `status` of the envelope.
    status: &'static str,
    /// `data.transactionStatus`; an empty one is left out, like all of these.
    transaction: &'static str,
    /// `data.accountStatus`.
    account: &'static str,
    /// `data.nameMatchScore`.
    score: Option<u8>,
    /// `data.nameMatchResult`.
    result: &'static str,
    /// What the bank writes behind its customer's name.
    suffix: &'static str,
    /// `data.failureReason`.
    reason: &'static str,
    /// Whether the account is credited in the end, where the request is for a credit.
    credits: bool,
    /// How many lookups are answered "pending" before the truth shows.
    pub(super) pending: u32,
    /// How long after the POST the vendor calls back by itself.
    calls_back: Option<Millis>,
    /// In what clothes the answer to the POST comes.
    shape: Shape,
}

const FOUND: Script = Script {
    told: Told::Outcome,
    status: "SUCCESS",
    transaction: "Success",
    account: "Valid",
    score: Some(100),
    result: "FULL_MATCH",
    suffix: "",
    reason: "",
    credits: true,
    pending: 0,
    calls_back: None,
    shape: as_documented,
};
const INVALID: Script = Script {
    status: "FAILURE",
    transaction: "Failed",
    account: "Invalid",
    score: None,
    result: "",
    reason: "Account does not exist or is closed",
    credits: false,
    ..FOUND
};
/// A transfer that failed after all.
pub(super) const REVERSED: Script = Script { reason: "", ..INVALID };
const NO_MATCH: Script = Script { score: Some(10), result: "NO_MATCH", ..FOUND };
/// When a vendor calls back that does it soon.
const SOON: Millis = 300;
const WAITING: Script = Script { told: Told::Pending, pending: 1, ..FOUND };
/// The newer dialect, which decides by the account's status alone.
const NEWER: Script = Script { transaction: "", account: "VALID", shape: shapes::snake, ..FOUND };

/// One subject beyond the document's bands, and the gateway's key for it.
#[derive(Clone, Copy)]
pub(super) struct Extra {
    /// The scenario's name.
    pub(super) name: &'static str,
    /// The account number and the branch.
    pub(super) account: (&'static str, &'static str),
    /// What becomes of it.
    pub(super) script: Script,
    /// The key of the gateway's answer to a penny drop.
    pub(super) answers: &'static str,
    /// Whether only a lookup can tell.
    pub(super) later: bool,
}

impl Extra {
    /// The key or code that the answer to the POST carries.
    pub(super) fn vendor_key(&self) -> Option<String> {
        let (number, script) = (self.account.0.to_owned(), self.script);
        let transfer = Transfer { transaction: String::new(), number, holder: String::new(), script, lookups: 0, paid: false };
        transfer.posted(&json!({})).key().map(str::to_owned)
    }
}

/// A branch of the documents' samples.
pub(super) const BRANCH: &str = "SBIN0001077";

const fn extra(name: &'static str, number: &'static str, script: Script, answers: &'static str) -> Extra {
    Extra { name, account: (number, BRANCH), script, answers, later: false }
}

const fn later(name: &'static str, number: &'static str, script: Script, answers: &'static str) -> Extra {
    Extra { later: true, ..extra(name, number, script, answers) }
}

const fn at(ifsc: &'static str, extra: Extra) -> Extra {
    Extra { account: (extra.account.0, ifsc), ..extra }
}

const YES: &str = "success_bank_account";
const NO: &str = "failure_bank_account_invalid";
const CLOSED: &str = "failure_bank_account_closed";
const OTHER: &str = "failure_bank_account_no_match";
const UNKNOWN: &str = "failure_bank_account_unknown_status";
const FAILED: &str = "error_validation_failed";
/// A transfer that never ends.
const FOR_EVER: &str = "pending_vendor";

/// What the document's bands do not show.
#[rustfmt::skip]
pub(super) static EXTRAS: &[Extra] = &[
    // The vendor's own staging pairs.
    extra("staging_success", "123456789011", FOUND, YES),
    at("HDFC0001234", extra("staging_failure", "123456789013", INVALID, NO)),
    at("UTIB0001506", later("staging_pending", "123456789012", Script { pending: u32::MAX, ..WAITING }, FOR_EVER)),
    extra("staging_newer_valid", "121416119212", Script { transaction: "SUCCESS", ..NEWER }, YES),
    at("DBSS0IN0811", extra("staging_newer_invalid", "12321890150", Script { account: "INVALID", score: None, result: "", credits: false, ..NEWER }, NO)),
    extra("invalid", "9610000001", INVALID, NO),
    extra("closed_by_status", "9610000002", Script { account: "Closed", ..INVALID }, CLOSED),
    extra("closed_by_reason", "9610000003", Script { reason: "Account is closed", ..INVALID }, CLOSED),
    extra("invalid_without_a_reason", "9610000004", Script { reason: "", ..INVALID }, NO),
    extra("joint_account", "9610000005", Script { score: Some(0), ..NO_MATCH }, OTHER),
    extra("nre_full_match", "9610000006", Script { suffix: " NRE", score: Some(90), ..FOUND }, YES),
    extra("nro_partial_match", "9610000007", Script { suffix: " (NRO)", score: Some(50), result: "PARTIAL_MATCH", ..FOUND }, YES),
    extra("nre_no_match", "9610000008", Script { suffix: " NRE", ..NO_MATCH }, OTHER),
    extra("score_alone", "9610000009", Script { result: "", ..FOUND }, YES),
    extra("result_alone", "9610000010", Script { score: None, ..FOUND }, YES),
    extra("neither_score_nor_result", "9610000011", Script { score: None, result: "", ..FOUND }, YES),
    extra("score_and_result_disagree", "9610000012", Script { score: Some(10), ..FOUND }, YES),
    extra("result_unheard_of", "9610000013", Script { result: "VERY_GOOD_MATCH", ..FOUND }, YES),
    at("ANDB0001234", extra("merged_bank", "9610000014", FOUND, YES)),
    at("AIRP0000001", extra("payment_bank", "9610000015", FOUND, YES)),
    at("PYTM0123456", extra("payment_bank_invalid", "9610000016", INVALID, NO)),
    later("pending_then_success", "9611000001", WAITING, YES),
    later("pending_then_invalid", "9611000002", Script { told: Told::Pending, pending: 1, ..INVALID }, NO),
    later("pending_then_failure", "9611000003", Script { told: Told::Pending, pending: 1, reason: "", ..INVALID }, FAILED),
    later("pending_longer", "9611000004", Script { pending: 3, ..WAITING }, YES),
    later("told_by_a_callback", "9611000008", Script { pending: 3, calls_back: Some(SOON), ..WAITING }, YES),
    later("general_error_then_success", "9611000005", Script { told: Told::Code("E00001"), ..FOUND }, YES),
    later("general_error_then_failure", "9611000006", Script { told: Told::Code("E00001"), reason: "", ..INVALID }, FAILED),
    later("source_timeout_then_success", "9611000007", Script { told: Told::Code("E00003"), ..FOUND }, YES),
    extra("snake_case", "9612000001", Script { shape: shapes::snake, ..FOUND }, YES),
    extra("data_as_array", "9612000002", Script { shape: shapes::array, ..FOUND }, YES),
    extra("additional_fields", "9612000003", Script { shape: shapes::extended, ..FOUND }, YES),
    extra("flat", "9612000004", Script { shape: shapes::flat, ..FOUND }, YES),
    extra("score_as_text", "9612000005", Script { shape: |envelope| edited(envelope, "nameMatchScore", "100"), ..FOUND }, YES),
    later("newer_valid_without_a_transaction", "9612000006", NEWER, YES),
    extra("newer_nre", "9612000007", Script { account: "NRE", credits: false, ..NEWER }, UNKNOWN),
    later("newer_inconclusive", "9612000008", Script { account: "INCONCLUSIVE", ..NEWER }, YES),
    later("success_in_a_failure", "9613000001", Script { status: "FAILURE", ..FOUND }, YES),
    extra("success_of_an_invalid_account", "9613000002", Script { account: "Invalid", ..FOUND }, UNKNOWN),
    extra("success_of_an_account_unheard_of", "9613000003", Script { account: "Frozen", ..FOUND }, UNKNOWN),
    later("failure_of_a_valid_account", "9613000004", Script { account: "Valid", reason: "", ..INVALID }, FAILED),
    later("success_under_an_error_code", "9613000005", Script { shape: |envelope| set(envelope, "responseCode", "E00009".into()), ..FOUND }, YES),
    later("success_without_an_account_status", "9613000006", Script { account: "", ..FOUND }, YES),
];

fn edited(envelope: Value, field: &str, value: &str) -> Value {
    with_data(envelope, |data| set(data, field, value.into()))
}

/// What the numbers begin with of the accounts whose transfer no look-up sees ended: a callback tells of it. Two digits follow.
const AT_WORK: &str = "96900000";

/// The score of each band's subject.
const SCORES: &[u8] = &[95, 70, 35, 10];

/// The account number of a row of section 3.2's bands, counted from 0.
pub(super) fn number_of(row: usize) -> String {
    format!("96000000{row:02}")
}

fn script_of(number: &str) -> Script {
    if let Some(extra) = EXTRAS.iter().find(|extra| extra.account.0 == number) {
        return extra.script;
    }
    if number.strip_prefix(AT_WORK).is_some_and(|rest| rest.len() == 2) {
        return Script { pending: u32::MAX, ..WAITING };
    }
    let mut bands = keys::rows_of(Source::D003_NAME_MATCH).zip(SCORES).enumerate();
    let band = bands.find(|(index, _)| number_of(*index) == number);
    band.map_or(FOUND, |(_, (row, score))| Script { score: Some(*score), result: row.key, ..FOUND })
}

/// One transfer that the status lookup knows.
#[derive(Debug)]
pub(super) struct Transfer {
    transaction: String,
    number: String,
    holder: String,
    pub(super) script: Script,
    lookups: u32,
    paid: bool,
}

impl Transfer {
    /// The account to credit, when the transfer has ended in success and nothing was paid yet.
    fn pay(&mut self) -> Option<String> {
        let due = self.script.credits && self.lookups >= self.script.pending && !self.paid;
        self.paid |= due;
        due.then(|| self.number.clone())
    }
}

/// Who holds the account, so that the names are as alike as the result says: an initial, another surname, somebody else.
fn holder(named: &str, result: &str) -> String {
    let (first, rest) = named.split_once(' ').unwrap_or((named, "SANDBOX"));
    match result {
        "PARTIAL_MATCH" => format!("{} {rest}", first.chars().take(1).collect::<String>()),
        "POOR_PARTIAL_MATCH" => format!("{first} OTHERWISE"),
        "NO_MATCH" => "SOMEBODY ELSE".into(),
        _ => named.into(),
    }
}

/// `POST /core_banking/money_transfer/validate_account`.
pub(in crate::vendors::decentro) fn post(world: &mut World, request: &Request, now: Millis) -> Answer {
    let reference = request.reference();
    let transaction = world.next_transaction(reference.as_deref().unwrap_or_default());
    let fresh = reference.as_deref().is_some_and(|reference| world.burn(reference));
    let body = request.object().map(Value::Object);
    let refused = refusal(request, body.as_ref(), fresh, credentials::PAYMENTS_MODULE_SECRET, field_refusal);
    if let Some((status, code, key)) = refused {
        return Answer { status, body: failure(&transaction, code, Some(key)), wire_reference: reference, credited: None };
    }
    let body = body.unwrap_or_default();
    let said = |field: &str| body.get("beneficiary_details").and_then(|details| text(details, field)).unwrap_or_default();
    let is_penniless = text(&body, "validation_type") == Some("penniless");
    let hit = Hit::account(said("account_number"), said("ifsc"));
    if let Some((key, message)) = (!is_penniless).then(|| too_often(world, hit, now)).flatten() {
        let body = set(failure(&transaction, "E00005", Some(key)), "message", message.into());
        return Answer { status: 429, body, wire_reference: reference, credited: None };
    }
    let script = script_of(said("account_number"));
    let holder = format!("{}{}", holder(&said("name").to_uppercase(), script.result), script.suffix);
    let mut transfer = Transfer { transaction, number: said("account_number").into(), holder, script, lookups: 0, paid: false };
    let answer = transfer.posted(&body);
    if is_penniless {
        return Answer { wire_reference: reference, ..answer };
    }
    let credited = transfer.pay();
    world.transfers.extend(reference.clone().map(|reference| (reference, transfer)));
    Answer { credited, wire_reference: reference, ..answer }
}

/// The key of the first field that is wrong.
fn field_refusal(body: &Value) -> Option<&'static str> {
    let details = body.get("beneficiary_details").filter(|details| details.is_object());
    let Some(details) = details else { return Some("error_invalid_beneficiary_details") };
    let penniless = match text(body, "validation_type") {
        Some("penniless") => true,
        Some("pennydrop" | "hybrid") => false,
        _ => return Some("error_invalid_validation_type"),
    };
    let is_purpose = |purpose: &str| (5..=255).contains(&purpose.chars().count());
    let rules = [
        (text(body, "purpose_message").is_some_and(is_purpose), "error_invalid_purpose_message_length"),
        (text(details, "account_number").is_some_and(|number| AccountNumber::parse(number).is_ok()), "error_invalid_account_number"),
        (text(details, "ifsc").is_some_and(|code| Ifsc::parse(code).is_ok_and(|ifsc| ifsc.as_str() == code)), "error_invalid_ifsc"),
        (!is_blank(details, "name"), "error_invalid_name"),
        (penniless || body.get("transfer_amount") == Some(&json!(1)), "error_invalid_transfer_amount"),
        (body.get("perform_name_match").is_some_and(Value::is_boolean), "error_perform_name_match_type_not_boolean"),
        (!unsanitized(body, "reference_id") && !unsanitized(body, "purpose_message"), keys::UNSANITIZED_VALUES),
        (!unsanitized(details, "name"), keys::UNSANITIZED_VALUES),
    ];
    rules.into_iter().find(|(holds, _)| !holds).map(|(_, key)| key)
}

impl Transfer {
    fn posted(&self, body: &Value) -> Answer {
        let script = &self.script;
        let body = match script.told {
            Told::Code(code) => failure(&self.transaction, code, None),
            Told::Pending => (script.shape)(json!({
                "decentroTxnId": self.transaction, "status": "SUCCESS", "message": "Account validation is in progress",
                "data": { "transactionStatus": "Pending" },
            })),
            Told::Outcome => (script.shape)(self.outcome(body)),
        };
        Answer { status: 200, body, wire_reference: None, credited: None }
    }

    /// The document's answers of section 3.1.
    fn outcome(&self, body: &Value) -> Value {
        let script = &self.script;
        let succeeded = script.status == "SUCCESS";
        let mut envelope = json!({ "decentroTxnId": self.transaction, "status": script.status });
        if !succeeded {
            envelope = set(set(envelope, "responseCode", "E00001".into()), "message", "Account validation failed".into());
        }
        set(envelope, "data", Value::Object(self.data(body)))
    }

    fn data(&self, body: &Value) -> Map<String, Value> {
        let script = &self.script;
        let penniless = text(body, "validation_type") == Some("penniless");
        let compares = body.get("perform_name_match") == Some(&Value::Bool(true));
        let is_alive = script.reason.is_empty() && script.account.eq_ignore_ascii_case("valid");
        let credited = is_alive && !penniless;
        let utr = digits(&self.transaction, "utr", 12);
        let texts = [
            ("transactionStatus", script.transaction, true),
            ("accountStatus", script.account, true),
            ("beneficiaryName", &self.holder, is_alive),
            ("nameMatchResult", script.result, compares),
            ("validationType", if penniless { "Penniless" } else { "Penny Drop" }, is_alive),
            ("utr", &utr, credited),
            ("paymentMode", "IMPS", credited),
            ("failureReason", script.reason, true),
        ];
        let told = texts.into_iter().filter(|(_, text, told)| *told && !text.is_empty());
        let mut data: Map<_, _> = told.map(|(field, text, _)| (field.to_owned(), text.into())).collect();
        data.extend(script.score.filter(|_| compares).map(|score| ("nameMatchScore".to_owned(), score.into())));
        data
    }
}

impl Transfer {
    /// How long after its POST the vendor calls back by itself.
    pub(super) const fn calls_back(&self) -> Option<Millis> {
        self.script.calls_back
    }

    /// What a look-up would find in the end, and the account that is credited with it.
    pub(super) fn ended(&mut self) -> (Value, Option<String>) {
        self.lookups = self.lookups.max(self.script.pending);
        (self.looked_up(""), self.pay())
    }
}

/// `GET /core_banking/money_transfer/get_status`, by exactly one of `reference_id` and `decentro_txn_id`.
pub(in crate::vendors::decentro) fn status(world: &mut World, request: &Request, now: Millis) -> Answer {
    let by_transaction =
        |id: &str| world.transfers.iter().find(|(_, transfer)| transfer.transaction == id).map(|(reference, _)| reference.clone());
    let reference = match (request.parameter("reference_id"), request.parameter("decentro_txn_id")) {
        (Some(reference), None) => Some(reference.to_owned()),
        (None, Some(id)) => by_transaction(id),
        _ => None,
    };
    let lookup = world.next_transaction("lookup");
    let answer = |status, body, credited| Answer { status, body, wire_reference: reference.clone(), credited };
    if !is_client(request, credentials::PAYMENTS_MODULE_SECRET) {
        return answer(401, failure(&lookup, "E00008", Some("error_unauthorized_module")), None);
    }
    let hidden = reference.as_ref().is_some_and(|reference| world.hides(reference, now));
    let transfer = reference.as_ref().and_then(|reference| world.transfers.get_mut(reference)).filter(|_| !hidden);
    let Some(transfer) = transfer else {
        return answer(200, failure(&lookup, "E00021", Some("error_transaction_not_found")), None);
    };
    let body = transfer.looked_up(&lookup);
    let credited = transfer.pay();
    transfer.lookups = transfer.lookups.saturating_add(1);
    answer(200, body, credited)
}

impl Transfer {
    fn looked_up(&self, lookup: &str) -> Value {
        let found =
            json!({ "decentroTxnId": lookup, "originalDecentroTxnId": self.transaction, "status": "SUCCESS", "transferType": "IMPS" });
        if self.lookups < self.script.pending {
            return set(found, "transactionStatus", "Pending".into());
        }
        if !self.script.credits {
            let found = set(found, "transactionStatus", "Failure".into());
            return if self.script.reason.is_empty() { found } else { set(found, "providerResponse", self.script.reason.into()) };
        }
        let found = set(found, "transactionStatus", "Success".into());
        let found = set(found, "bankReferenceNumber", digits(&self.transaction, "utr", 12).into());
        set(found, "beneficiaryName", self.holder.as_str().into())
    }
}
