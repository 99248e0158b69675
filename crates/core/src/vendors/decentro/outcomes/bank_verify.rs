//! What Decentro's replies to an account validation and its status lookup mean (document 003 section 3). Penny drop and hybrid move money.
//!
//! A yes needs all of its marks: the status `SUCCESS` under HTTP 200, no code but the success code, `transactionStatus` Success and `accountStatus` Valid. Whether
//! a rupee moved is told by the transaction alone, so for money a reply without one is final only where the account cannot have been credited. What speaks of
//! another account proves nothing.
//! A lookup knows nothing of the account: there the transaction's own Success is the mark, for the account was credited.

use serde_json::{Map, Number, Value};

use super::{SUCCESS, coded_reading, finished, money, nobody, opened};
use crate::http::{Exchange, HttpResponse};
use crate::keys::{self, Action, Outcome};
use crate::names::is_no_name;
use crate::operations::bank_verify::{self, Account, BankReport, RESPONSE_FIELDS, RESULT, SCORE};
use crate::operations::{BankVerify, Finding, Operation};
use crate::vendors::decentro::wire::{self, Envelope, word};
use crate::vendors::{Reading, read};

/// What the vendor says of the transfer; penniless answers have one too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transaction {
    Success,
    Failed,
    Pending,
    /// `Unknown`, or a word that nobody knows.
    Unclear,
}

/// `transactionStatus`, in the words of the document, of the status lookup and of the newer dialect.
const TRANSACTIONS: &[(&str, Transaction)] = &[
    ("Success", Transaction::Success),
    ("Failed", Transaction::Failed),
    ("Failure", Transaction::Failed),
    ("Pending", Transaction::Pending),
];

/// `accountStatus`, in the words of the document and of the newer dialect. `NRE` does not say that a credit would be taken.
const ACCOUNTS: &[(&str, Account)] = &[
    ("Valid", Account::Valid),
    ("Invalid", Account::Invalid),
    ("Closed", Account::Closed),
    ("NRE", Account::NonResident),
    ("NRE_ACCOUNT", Account::NonResident),
    ("NRO", Account::NonResident),
    ("NRO_ACCOUNT", Account::NonResident),
];

/// The document's own reason of section 8.2, which leaves open which of the two it is.
const INVALID_OR_CLOSED: &str = "Account does not exist or is closed";
const FAILURE_REASON: &str = "failure_reason";
/// What says so unambiguously.
const CLOSED_REASONS: &[&str] = &["Account closed", "Account is closed", "Beneficiary account is closed", "The account is closed"];
/// Document 001's key for it, which all of Decentro's products share.
const CLOSED_KEY: &str = keys::FAILURE_ACCOUNT_CLOSED;

/// What a reply says, as far as it speaks of the transfer or the account at all.
enum Verdict {
    /// All there is to know.
    Final(Reading),
    /// Not enough, or contradictory.
    Doubt,
}

/// The reply to the POST.
pub(in crate::vendors::decentro) fn post(request: &BankVerify, exchange: &Exchange) -> Reading {
    let reading = if request.is_read() { penniless(request, exchange) } else { credited(request, exchange) };
    reading.recorded(|finding| bank_verify::without_report(request, finding))
}

fn credited(request: &BankVerify, exchange: &Exchange) -> Reading {
    money::post(Operation::BankVerify, exchange, |envelope, response| match verdict(request, envelope, response)? {
        Verdict::Final(reading) => Some(reading),
        Verdict::Doubt => Some(Reading::unknown(envelope.vendor())),
    })
}

fn penniless(request: &BankVerify, exchange: &Exchange) -> Reading {
    let (envelope, response) = match opened(Operation::BankVerify, exchange) {
        Ok(opened) => opened,
        Err(reading) => return *reading,
    };
    match verdict(request, &envelope, response) {
        Some(Verdict::Final(reading)) => reading,
        Some(Verdict::Doubt) => read::nonsense(),
        None => coded_reading(Operation::BankVerify, &envelope, response),
    }
}

fn verdict(request: &BankVerify, envelope: &Envelope, response: &HttpResponse) -> Option<Verdict> {
    let (transaction, account) = (transaction(envelope), account(envelope));
    if names_another(request, envelope.said()) {
        return Some(Verdict::Doubt);
    }
    let decided = |account| {
        let report = BankReport { account, fields: fields(envelope) };
        Some(Verdict::Final(finished(bank_verify::decide(request, report, envelope.vendor()))))
    };
    match (transaction, account) {
        (Some(Transaction::Pending), _) if !request.is_read() => Some(Verdict::Final(Reading::Working(envelope.vendor()))),
        (None | Some(Transaction::Failed), None) => None,
        (Some(Transaction::Success), Some(Account::Valid)) if explains_a_failure(envelope) => decided(Account::Unclear),
        (Some(Transaction::Success), Some(Account::Valid)) if is_success(envelope, response) => decided(Account::Valid),
        (None | Some(Transaction::Failed), Some(account @ (Account::Invalid | Account::Closed | Account::NonResident))) => decided(account),
        (None, Some(Account::Unclear)) if request.is_read() => decided(Account::Unclear),
        (None | Some(Transaction::Pending | Transaction::Unclear), _) | (_, None | Some(Account::Valid)) => Some(Verdict::Doubt),
        // Success with an account that is not valid, and Failed with one of which nobody knows: settled, but for a person.
        (Some(Transaction::Success | Transaction::Failed), Some(_)) => decided(Account::Unclear),
    }
}

fn is_success(envelope: &Envelope, response: &HttpResponse) -> bool {
    response.status == 200
        && envelope.succeeded()
        && envelope.code.as_deref().is_none_or(|code| code == "S00000")
        && envelope.has_good_key()
}

/// Whether it speaks of another account than the one asked about.
fn names_another(request: &BankVerify, said: &Map<String, Value>) -> bool {
    let named = |names: [&str; 2]| names.iter().find_map(|name| word(said, name));
    let number = named(["account_number", "beneficiary_account_number"]);
    request.beneficiary_details.is_another(number.as_deref(), named(["ifsc", "beneficiary_ifsc"]).as_deref())
}

/// The reply to a status lookup. `transactionStatus` decides, never the lookup's own status; "not found" says nothing.
pub(in crate::vendors::decentro) fn status(request: &BankVerify, exchange: &Exchange) -> Reading {
    let Exchange::Answered(response) = exchange else { return Reading::unknown(nobody()) };
    let found = wire::transfer(response.body.expose());
    let looked_up = (response.status == 200).then(|| confirmed(request, &found)).flatten();
    looked_up.unwrap_or_else(|| Reading::Unknown { vendor: nobody(), refused_us: money::lookup_refused(Operation::BankVerify, response) })
}

/// What a callback says of the transfer. Without the request, which is gone once the check is final, only whether the account was credited is told.
pub(in crate::vendors::decentro) fn delivered(request: Option<&BankVerify>, said: &Map<String, Value>) -> Reading {
    let found = wire::delivered(said);
    // A yes beside a status, code or key that is none says two things.
    let is_sound = found.status.as_deref().is_none_or(|status| status == SUCCESS)
        && found.code.as_deref().is_none_or(|code| code == "S00000")
        && found.has_good_key();
    if transaction(&found) == Some(Transaction::Success) && !is_sound {
        return Reading::unknown(found.vendor());
    }
    let reading = match request {
        Some(request) => confirmed(request, &found),
        None => credit(&found),
    };
    reading.unwrap_or_else(|| Reading::unknown(found.vendor()))
}

/// What a status look-up says of a transfer whose request is gone: whether the account was credited.
pub(in crate::vendors::decentro) fn settled(exchange: &Exchange) -> Reading {
    let Exchange::Answered(response) = exchange else { return Reading::unknown(nobody()) };
    let found = wire::transfer(response.body.expose());
    let is_pending = transaction(&found) == Some(Transaction::Pending);
    let word = || if is_pending { Some(Reading::Working(found.vendor())) } else { credit(&found) };
    let reading = (response.status == 200).then(word).flatten();
    reading.unwrap_or_else(|| Reading::Unknown { vendor: nobody(), refused_us: money::lookup_refused(Operation::BankVerify, response) })
}

fn credit(found: &Envelope) -> Option<Reading> {
    let (transaction, account) = (transaction(found)?, account(found));
    let (outcome, action, key) = match (transaction, account) {
        (Transaction::Success, None | Some(Account::Valid)) if !explains_a_failure(found) => {
            (Outcome::Verified, Action::Proceed, keys::SUCCESS_BANK_ACCOUNT)
        }
        (Transaction::Failed, _) => (Outcome::Negative, Action::Reject, keys::FAILURE_BANK_ACCOUNT_INVALID),
        _ => return None,
    };
    Some(finished(Finding::bare(outcome, action, key, found.vendor())))
}

fn confirmed(request: &BankVerify, found: &Envelope) -> Option<Reading> {
    let (transaction, account) = (transaction(found)?, account(found));
    if names_another(request, found.said()) {
        return None;
    }
    let report = |account| BankReport { account, fields: fields(found) };
    let decided = |account| Some(finished(bank_verify::decide(request, report(account), found.vendor())));
    match (transaction, account) {
        (Transaction::Pending, _) => Some(Reading::Working(found.vendor())),
        (Transaction::Success, None | Some(Account::Valid)) if explains_a_failure(found) => decided(Account::Unclear),
        (Transaction::Success, None | Some(Account::Valid)) => decided(Account::Valid),
        (Transaction::Success, Some(_)) => decided(Account::Unclear),
        (Transaction::Failed, None | Some(Account::Valid)) => {
            bank_verify::failed(request, report(Account::Unclear), found.vendor()).map(finished)
        }
        (Transaction::Failed, Some(account)) => decided(account),
        (Transaction::Unclear, _) => None,
    }
}

fn transaction(envelope: &Envelope) -> Option<Transaction> {
    let said = told(envelope, "transaction_status")?;
    Some(meaning(TRANSACTIONS, &said).unwrap_or(Transaction::Unclear))
}

/// What is said of the account: by its status, else by the reason why it was not credited, else by the key.
fn account(envelope: &Envelope) -> Option<Account> {
    let said = envelope.said();
    let stated = told(envelope, "account_status").map(|word| meaning(ACCOUNTS, &word).unwrap_or(Account::Unclear));
    let reason = reason(said).or_else(|| (envelope.key.as_deref() == Some(CLOSED_KEY)).then_some(Account::Closed));
    match (stated, reason) {
        (Some(Account::Invalid) | None, Some(reason)) => Some(reason),
        (stated, _) => stated,
    }
}

/// The word of a field where the answer is: what stands beside the `data` of something else says nothing, but two words are one that nobody knows.
fn told(envelope: &Envelope, name: &str) -> Option<String> {
    envelope.word(name).filter(|_| word(envelope.said(), name).is_some())
}

/// Whether it says why the account was not credited: beside a yes a contradiction, whatever the reason. `NA` and the like are none.
fn explains_a_failure(envelope: &Envelope) -> bool {
    let is_one = |text: String| !is_no_name(&text) && !text.eq_ignore_ascii_case(SUCCESS);
    word(envelope.said(), FAILURE_REASON).is_some_and(is_one) || reason(envelope.said()).is_some()
}

fn reason(said: &Map<String, Value>) -> Option<Account> {
    let reasons = [FAILURE_REASON, "validation_message", "provider_response"];
    let texts: Vec<_> = reasons.iter().filter_map(|field| wire::text(said, field)).collect();
    let says = |known: &str| texts.iter().any(|text| text.trim_end_matches('.').eq_ignore_ascii_case(known));
    if CLOSED_REASONS.iter().any(|known| says(known)) {
        return Some(Account::Closed);
    }
    says(INVALID_OR_CLOSED).then_some(Account::Invalid)
}

fn meaning<T: Copy>(words: &[(&str, T)], said: &str) -> Option<T> {
    words.iter().find(|(word, _)| word.eq_ignore_ascii_case(said)).map(|(_, meaning)| *meaning)
}

/// The document's response fields; a lookup calls three of them otherwise, the reason only of a failure.
fn fields(envelope: &Envelope) -> Map<String, Value> {
    let said = envelope.said();
    let mut fields = wire::texts(said, RESPONSE_FIELDS);
    fields.extend(envelope.word(RESULT).map(|result| (RESULT.to_owned(), result.into())));
    let reasons = [(FAILURE_REASON, "provider_response")];
    let is_failure = transaction(envelope) == Some(Transaction::Failed);
    for (field, other) in
        [("utr", "bank_reference_number"), ("payment_mode", "transfer_type")].into_iter().chain(reasons.into_iter().filter(|_| is_failure))
    {
        if let (None, Some(text)) = (fields.get(field), wire::text(said, other)) {
            fields.insert(field.into(), text.into());
        }
    }
    fields.extend(score(envelope).map(|score| (SCORE.to_owned(), score)));
    fields
}

/// A number, also where it comes as a text. What is neither stays a text: a score that nobody can read is not the same as none.
fn score(envelope: &Envelope) -> Option<Value> {
    let said = envelope.word(SCORE)?;
    Some(serde_json::from_str::<Number>(&said).map_or_else(|_| said.into(), Value::Number))
}
