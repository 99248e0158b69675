//! What Cashfree's replies to an asynchronous bank account verification and its look-up mean. It moves a rupee.
//!
//! A yes needs all of its marks: HTTP 200, `account_status` VALID and `account_status_code` `ACCOUNT_IS_VALID`. A failure is certain where both say so; "not found"
//! and whatever nobody knows prove nothing. The POST is answered before anything was done, so what an account is is told by a look-up or a callback.

use serde_json::{Map, Value};

use super::{http, nobody};
use crate::http::{Exchange, HttpResponse};
use crate::keys::{self, Action, Meaning, Outcome, Row, Source};
use crate::operations::bank_verify::{self, Account, BankReport};
use crate::operations::{BankVerify, Finding};
use crate::vendors::cashfree::wire::{self, Reply};
use crate::vendors::{Reading, read};

/// What `account_status` says of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// The account is alive.
    Valid,
    /// It is not, or takes no credit.
    Invalid,
    /// It was not carried out.
    Failed,
    /// A person at the client withdrew it.
    Withdrawn,
    /// It is under way.
    Working,
}

/// `account_status` ("BAV Response Description").
const STATUSES: &[(&str, Status)] = &[
    ("VALID", Status::Valid),
    ("INVALID", Status::Invalid),
    ("FAILED", Status::Failed),
    ("REJECTED", Status::Failed),
    ("CANCELLED", Status::Withdrawn),
    ("MANUALLY_REJECTED", Status::Withdrawn),
    ("RECEIVED", Status::Working),
    ("IN_PROCESS", Status::Working),
    ("PROCESSING", Status::Working),
    ("APPROVAL_PENDING", Status::Working),
    ("PARTIALLY_APPROVED", Status::Working),
];

/// The code of a verification under way.
const IN_PROGRESS: &str = "VALIDATION_IN_PROGRESS";
/// The codes of a non-resident's account.
const NON_RESIDENT: &[&str] = &["NRE_ACCOUNT_FAIL", "NRE_ACCOUNT"];
/// The key of an account that does not exist.
const INVALID: &str = keys::FAILURE_BANK_ACCOUNT_INVALID;
/// The `type` of an error response that refuses the request's own values, and what its codes are made of: the value, and what is wrong with it. What names our reference
/// is none of them: a request that came twice may be told so.
const VALIDATION: &str = "validation_error";
const VALUES: &[&str] = &["bank_account_", "ifsc_"];
const FAULTS: &[&str] = &["missing", "value_invalid", "length_short", "length_long"];
/// How the codes begin that refuse for there being too many requests, and end that say that a reference was used before.
const TOO_MANY: &str = "too_many_requests_";
const EXISTS: &str = "_already_exists";

/// The reply to the POST.
pub(in crate::vendors::cashfree) fn post(request: &BankVerify, reference: &str, exchange: &Exchange) -> Reading {
    let response = match exchange {
        Exchange::NotSent => return Reading::ended(read::source_unavailable(None)),
        Exchange::TimedOut | Exchange::Broken | Exchange::TooLarge => return Reading::unknown(nobody()),
        Exchange::Answered(response) => response,
    };
    let reply = wire::reply(response.body.expose()).unwrap_or_default();
    match response.status {
        200 => verification(request, reference, &reply).unwrap_or_else(|| Reading::unknown(reply.vendor())),
        _ => refusal(&reply, response),
    }
}

/// The reply to the look-up.
pub(in crate::vendors::cashfree) fn status(request: &BankVerify, reference: &str, exchange: &Exchange) -> Reading {
    let Exchange::Answered(response) = exchange else { return Reading::unknown(nobody()) };
    let reply = wire::reply(response.body.expose()).unwrap_or_default();
    let found = (response.status == 200).then(|| verification(request, reference, &reply)).flatten();
    let refused_us = || is_operators(reply.coded().or_else(|| http(response))).then(|| reply.named(response));
    found.unwrap_or_else(|| Reading::Unknown { vendor: nobody(), refused_us: refused_us() })
}

/// What a callback says of the verification. Without the request, which is gone once the check is final, only whether the account was credited is told. That it is about
/// ours was seen before.
pub(in crate::vendors::cashfree) fn delivered(request: Option<&BankVerify>, said: &Map<String, Value>) -> Reading {
    let reply = wire::reply_in(said);
    let reference = reply.our_reference.clone().unwrap_or_default();
    let reading = match request {
        Some(request) => verification(request, &reference, &reply),
        None => credit(&reply),
    };
    reading.unwrap_or_else(|| Reading::unknown(reply.vendor()))
}

/// What the look-up says of a verification whose request is gone: whether the account was credited.
pub(in crate::vendors::cashfree) fn settled(reference: &str, exchange: &Exchange) -> Reading {
    let Exchange::Answered(response) = exchange else { return Reading::unknown(nobody()) };
    let reply = wire::reply(response.body.expose()).unwrap_or_default();
    let is_ours = response.status == 200 && !reply.is_about_another(reference);
    let of_word = |word: &str| STATUSES.iter().find(|(known, _)| *known == word).map(|(_, status)| *status);
    let is_working = reply.account_status.as_deref().and_then(of_word) == Some(Status::Working);
    let word = || if is_working { Some(Reading::Working(reply.vendor())) } else { credit(&reply) };
    let refused_us = || is_operators(reply.coded().or_else(|| http(response))).then(|| reply.named(response));
    let reading = is_ours.then(word).flatten();
    reading.unwrap_or_else(|| Reading::Unknown { vendor: nobody(), refused_us: refused_us() })
}

fn credit(reply: &Reply) -> Option<Reading> {
    let (word, code) = (reply.account_status.as_deref()?, reply.account_status_code.as_deref()?);
    let status = STATUSES.iter().find(|(known, _)| *known == word).map(|(_, status)| *status)?;
    let row = keys::find(Source::CASHFREE_ACCOUNT, code, None)?;
    let (outcome, action, key) = match (status, row.meaning) {
        (Status::Valid, Meaning::Verified) => (Outcome::Verified, Action::Proceed, keys::SUCCESS_BANK_ACCOUNT),
        (Status::Invalid | Status::Failed, Meaning::Negative(_)) => (Outcome::Negative, Action::Reject, INVALID),
        _ => return None,
    };
    Some(read::finished(Some(Finding::bare(outcome, action, key, reply.vendor()))))
}

fn is_operators(row: Option<&'static Row>) -> bool {
    row.is_some_and(|row| row.meaning == Meaning::Operator)
}

/// What is said of our verification; `None` where that is nothing, or contradicts itself.
fn verification(request: &BankVerify, reference: &str, reply: &Reply) -> Option<Reading> {
    let is_anothers = request.beneficiary_details.is_another(reply.bank_account.as_deref(), reply.ifsc.as_deref());
    if is_anothers || reply.is_about_another(reference) {
        return None;
    }
    let word = reply.account_status.as_deref()?;
    let status = STATUSES.iter().find(|(known, _)| *known == word).map(|(_, status)| *status)?;
    let code = reply.account_status_code.as_deref();
    let row = code.and_then(|code| keys::find(Source::CASHFREE_ACCOUNT, code, None));
    let decided = |account| {
        let report = BankReport { account, fields: fields(reply, status) };
        Some(read::finished(Some(bank_verify::decide(request, report, reply.vendor()))))
    };
    match (status, row.map(|row| row.meaning)) {
        (Status::Valid, Some(Meaning::Verified)) => decided(Account::Valid),
        (Status::Invalid | Status::Failed, Some(Meaning::Negative(_))) => decided(account(row?)),
        // It is not alive, and nobody knows why.
        (Status::Invalid, None) => decided(Account::Unclear),
        (Status::Failed, Some(Meaning::Unsettled)) => not_carried_out(request, reply, status),
        (Status::Failed, Some(Meaning::Operator)) => Some(Reading::refused_us(row?.key)),
        (Status::Withdrawn, None) if code.is_none() => not_carried_out(request, reply, status),
        (Status::Working, _) if code.is_none_or(|code| code == IN_PROGRESS) => Some(Reading::Working(reply.vendor())),
        _ => None,
    }
}

fn not_carried_out(request: &BankVerify, reply: &Reply, status: Status) -> Option<Reading> {
    let report = BankReport { account: Account::Unclear, fields: fields(reply, status) };
    bank_verify::failed(request, report, reply.vendor()).map(|finding| read::finished(Some(finding)))
}

/// What a row says of the account.
fn account(row: &Row) -> Account {
    match row.key {
        code if NON_RESIDENT.contains(&code) => Account::NonResident,
        _ if row.answers_with == INVALID => Account::Invalid,
        _ => Account::Unclear,
    }
}

/// The document's response fields, in its words.
fn fields(reply: &Reply, status: Status) -> Map<String, Value> {
    let (transaction, account, kind) = match status {
        Status::Valid => (Some("Success"), Some("Valid"), Some("Penny Drop")),
        Status::Invalid => (Some("Failed"), Some("Invalid"), None),
        Status::Failed | Status::Withdrawn => (Some("Failed"), None, None),
        Status::Working => (None, None, None),
    };
    let texts = [
        ("transaction_status", transaction),
        ("account_status", account),
        ("beneficiary_name", reply.name_at_bank.as_deref()),
        ("validation_type", kind),
        ("utr", reply.utr.as_deref()),
    ];
    texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into()))).collect()
}

/// An error response to the POST. Certain is a known code under a status of the client's kind, and a bare 401, 403 and 429, as at every vendor.
fn refusal(reply: &Reply, response: &HttpResponse) -> Reading {
    let named = || reply.named(response);
    let unknown = |refused_us| Reading::Unknown { vendor: reply.vendor(), refused_us };
    let code = reply.code.as_deref().unwrap_or_default();
    if code.ends_with(EXISTS) {
        return Reading::Landed(reply.vendor());
    }
    let row = reply.coded().or_else(|| http(response));
    // What tells of an account is no refusal, whatever its status says.
    let is_certain = (400..500).contains(&response.status) && reply.account_status.is_none();
    match row.map(|row| row.meaning) {
        Some(Meaning::Operator) if is_certain => Reading::refused_us(named()),
        Some(Meaning::Input) if is_certain && blames_a_value(reply, response) => Reading::refused_us(named()),
        Some(Meaning::Trouble { .. }) if is_certain && response.status == 429 && (code.is_empty() || code.starts_with(TOO_MANY)) => {
            Reading::ended(read::source_unavailable(response.retry_after))
        }
        Some(Meaning::Landed) => Reading::Landed(reply.vendor()),
        // Our mistake most likely, and the operator's to see; but it proves nothing about the rupee.
        Some(Meaning::Operator | Meaning::Input) => unknown(Some(named())),
        _ => unknown(None),
    }
}

/// Whether it names one of the values of the request, and what is wrong with it.
fn blames_a_value(reply: &Reply, response: &HttpResponse) -> bool {
    let is_blame = |code: &str| VALUES.iter().filter_map(|value| code.strip_prefix(value)).any(|fault| FAULTS.contains(&fault));
    response.status == 400 && reply.error_type.as_deref() == Some(VALIDATION) && reply.code.as_deref().is_some_and(is_blame)
}
