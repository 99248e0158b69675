//! The marks of a yes, a second time and from the documents alone: what an answer must say, operation by operation, before anything may be
//! called verified. Strict: what an answer says twice it must say alike. It never says that something *is* verified, only that it may be.
//! Sources: Cashfree's API reference; document 000 (response keys), 001 (response parameters, and the status lookup), 002 (response parameters), 003 sections 2.3, 2.5, 3.1,
//! 3.2, 4.1 to 4.3 and 6.6, 004 (response codes); contract section 2.2.

use serde_json::Value;
use toran_core::operations::{Operation, Request};
use toran_core::vendors::{Call, CallKind};

use super::tree::{Tree, letters};

type Fields = [(String, Tree)];

/// Whether an answer has every mark of a yes. `text` is the answer itself: of a token, what is in it.
pub(crate) fn are_there(request: &Request, call: &Call, status: u16, text: &[u8]) -> bool {
    let Some(fields) = fields(text) else { return false };
    let meaning = request.meaning();
    let customer = meaning["beneficiary_details"]["name"].as_str().unwrap_or_default();
    let asked = |name: &str| meaning.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if call.account.vendor() == "setu" {
        return status == 200 && call.kind == CallKind::Status && is_setus(&fields, call);
    }
    if call.account.vendor() == "cashfree" {
        return status == 200 && are_cashfrees(&fields, request.operation(), &asked);
    }
    let marked = match (request.operation(), call.kind) {
        (Operation::MobileAccount, CallKind::Post) => {
            succeeded(&fields) && says(&fields, "response_key", ACCOUNT) && names_an_account(&fields)
        }
        (Operation::MobileAccount, CallKind::Status) => {
            succeeded(&fields) && says(&fields, "request_response_key", ACCOUNT) && names_an_account(&fields)
        }
        (Operation::BankVerify, CallKind::Post) => {
            let said = data(&fields).filter(|data| !data.is_empty()).unwrap_or(&fields);
            succeeded(&fields)
                && is_coded(&fields)
                && says(said, "transaction_status", "success")
                && says(said, "account_status", "valid")
                && is_named(said, customer)
        }
        (Operation::BankVerify, CallKind::Status) => {
            let said = data(&fields).filter(|data| !data.is_empty()).unwrap_or(&fields);
            says(said, "transaction_status", "success") && may_say(said, "account_status", "valid") && is_named(said, customer)
        }
        (Operation::PanVerify, _) => {
            let is_compared =
                |data: &Fields| asked("document_type") != "PAN_COMPARE" || is_true(data, "name_match") && is_true(data, "dob_match");
            let is_good = |data: &Fields| may_say(data, "id_number", &asked("id_number")) && is_standing(data) && is_compared(data);
            succeeded(&fields) && is_coded(&fields) && data(&fields).is_some_and(is_good)
        }
        (Operation::BankCollect, _) => false,
        (Operation::CustomerPrefill, _) => {
            let is_coded = says(&fields, "response_key", "success_customer_data_pull") && says(&fields, "response_code", "S00000");
            succeeded(&fields) && is_coded && data(&fields).is_some_and(tells_of_a_customer)
        }
        (Operation::CkycSearch, _) => is_record(&fields, "success_ckyc_search", |kin| is_kin(kin) || is_masked_kin(kin)),
        (Operation::CkycDownload, _) => {
            let ending = |kin: &str| kin.trim_matches('$').chars().rev().take(4).collect::<String>();
            let asked = asked("ckyc_id");
            let fits = |kin: &str| if is_kin(&asked) { kin == asked } else { ending(kin) == ending(&asked) };
            is_record(&fields, "success_ckyc_download", |kin| is_kin(kin) && fits(kin))
        }
        // The registry's record of it is a download; a search is not the end.
        (Operation::CkycUpload, CallKind::Status) => call.clue.is_some() && is_record(&fields, "success_ckyc_download", is_kin),
        (Operation::CkycUpload, CallKind::Post) => {
            let keyed = all(&fields, "response_key", &|value| word(value).is_some_and(|key| key.starts_with("success_")));
            succeeded(&fields)
                && is_coded(&fields)
                && keyed
                && data(&fields).is_some_and(|data| has(data, "ckyc_id", &|value| word(value).is_some_and(|kin| is_kin(&kin))))
        }
        (Operation::PrepaidCustomer, _) => {
            let answers = says(&fields, "messageCode", "1931") && says(&fields, "clientTxnId", &call.wire_reference);
            let number = asked("mobile");
            let is_mobile = |value: &Tree| word(value).is_some_and(|said| said.ends_with(&number));
            says(&fields, "responseCode", "00") && answers && has(&fields, "mobile", &is_mobile)
        }
        (Operation::DmtCustomer, _) => {
            let number = asked("mobile_number");
            let is_number = |value: &Tree| word(value).is_some_and(|said| said.ends_with(&number));
            let is_state = says(&fields, "statusCode", "2") && says(&fields, "status", "SUCCESS") && is_true(&fields, "KYCTypeFlag");
            is_state && all(&fields, "mobileNumber", &is_number)
        }
    };
    status == 200 && marked
}

/// Those of Cashfree (its API reference): of a PAN the flag or word, the letter and both comparisons; of an account the status and its code.
fn are_cashfrees(fields: &Fields, operation: Operation, asked: &dyn Fn(&str) -> String) -> bool {
    let is_letter = |value: &Tree| ["VALID", "E", "EA"].iter().any(|good| is_word(good)(value));
    match (operation, asked("document_type").as_str()) {
        (Operation::PanVerify, document_type) => {
            let is_compared = document_type == "PAN_COMPARE"
                && says(fields, "status", "VALID")
                && ["name_match", "dob_match"].iter().all(|name| says(fields, name, "Y"));
            let is_alone = document_type == "PAN" && is_true(fields, "valid");
            (is_compared || is_alone) && has(fields, "pan_status", &is_letter) && may_say(fields, "pan", &asked("id_number"))
        }
        (Operation::BankCollect, _) => says(fields, "status", "SUCCESS") && has(fields, "bank_account", &is_number),
        (Operation::BankVerify, _) => says(fields, "account_status", "VALID") && says(fields, "account_status_code", "ACCOUNT_IS_VALID"),
        _ => false,
    }
}

/// That of Setu (its page "API Integration"): the state of a payment that arrived, of the request that was asked about, and the account that paid.
fn is_setus(fields: &Fields, call: &Call) -> bool {
    let id = call.clue.as_ref().map_or("", |clue| clue.0.as_str());
    says(fields, "status", "BAV_REVERSE_PENNY_DROP_PAYMENT_SUCCESSFUL")
        && says(fields, "id", id)
        && inside(fields, "data").is_some_and(|data| has(data, "bankAccountNumber", &is_number) && !says(data, "accountType", "PPI"))
}

/// An account number: letters and digits.
fn is_number(value: &Tree) -> bool {
    word(value).is_some_and(|number| (4..=40).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

const ACCOUNT: &str = "success_account_details_retrieved";

/// The fields of an answer; also those behind an object that was closed too early, as in document 002's sample, where they say something new.
fn fields(text: &[u8]) -> Option<Vec<(String, Tree)>> {
    let mut stream = serde_json::Deserializer::from_slice(text).into_iter::<Tree>();
    let Tree::Object(mut fields) = stream.next()?.ok()? else { return None };
    let rest = std::str::from_utf8(text.get(stream.byte_offset()..)?).ok()?.trim();
    if let Some(rest) = rest.strip_prefix(',') {
        let Tree::Object(more) = Tree::parse(format!("{{{rest}").as_bytes())? else { return None };
        let new: Vec<_> = more.into_iter().filter(|(name, _)| !fields.iter().any(|(known, _)| known == name)).collect();
        fields.extend(new);
        return Some(fields);
    }
    rest.is_empty().then_some(fields)
}

/// What is said under a name, in any casing; null and blank say nothing.
fn said<'a>(fields: &'a Fields, name: &str) -> impl Iterator<Item = &'a Tree> {
    let name = letters(name);
    fields.iter().filter(move |(other, value)| letters(other) == name && !is_blank(value)).map(|(_, value)| value)
}

fn is_blank(value: &Tree) -> bool {
    matches!(value, Tree::Leaf(Value::Null)) || matches!(value, Tree::Leaf(Value::String(text)) if text.trim().is_empty())
}

fn all(fields: &Fields, name: &str, is: &dyn Fn(&Tree) -> bool) -> bool {
    said(fields, name).all(is)
}

fn has(fields: &Fields, name: &str, is: &dyn Fn(&Tree) -> bool) -> bool {
    said(fields, name).next().is_some() && all(fields, name, is)
}

fn word(value: &Tree) -> Option<String> {
    match value {
        Tree::Leaf(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Tree::Leaf(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    }
}

fn is_word(wanted: &str) -> impl Fn(&Tree) -> bool {
    move |value| word(value).is_some_and(|said| said.eq_ignore_ascii_case(wanted))
}

fn says(fields: &Fields, name: &str, wanted: &str) -> bool {
    has(fields, name, &is_word(wanted))
}

/// Says it, or nothing at all.
fn may_say(fields: &Fields, name: &str, wanted: &str) -> bool {
    all(fields, name, &is_word(wanted))
}

fn is_true(fields: &Fields, name: &str) -> bool {
    has(fields, name, &|value| *value == Tree::Leaf(true.into()) || is_word("true")(value))
}

/// The status of the answer; in the newer dialect `api_status` is its name, and `status` something else.
fn succeeded(fields: &Fields) -> bool {
    let name = if said(fields, "api_status").next().is_some() { "api_status" } else { "status" };
    has(fields, name, &|value| word(value).as_deref() == Some("SUCCESS"))
}

fn is_coded(fields: &Fields) -> bool {
    may_say(fields, "response_code", "S00000")
}

fn object(value: &Tree) -> Option<&Fields> {
    match value {
        Tree::Object(fields) => Some(fields),
        Tree::List(items) if items.len() == 1 => items.first().filter(|item| matches!(item, Tree::Object(_))).and_then(object),
        _ => None,
    }
}

fn inside<'a>(fields: &'a Fields, name: &str) -> Option<&'a Fields> {
    let mut said = said(fields, name);
    said.next().filter(|_| said.next().is_none()).and_then(object)
}

fn data(fields: &Fields) -> Option<&Fields> {
    inside(fields, if said(fields, "data").next().is_some() { "data" } else { "kyc_result" })
}

fn names_an_account(fields: &Fields) -> bool {
    let names = |data: &Fields| ["account_number", "upi_vpa"].iter().any(|name| has(data, name, &|value| word(value).is_some()));
    data(fields).is_some_and(names)
}

/// Not what section 3.2 rejects. (A score and a band that contradict each other are for a person, and so is none.)
fn is_named(said: &Fields, customer: &str) -> bool {
    !says(said, "name_match_result", "NO_MATCH")
        // Of no name there is no match (contract section 5).
        || !has(said, "beneficiary_name", &|name| matches!(name, Tree::Leaf(Value::String(name)) if is_name(name)))
        // Beside a name that has a word of the customer's it is a contradiction, and manual review's to settle (contract section 5).
        || has(said, "beneficiary_name", &|name| word(name).is_some_and(|name| shares_a_word(&name, customer)))
        || self::said(said, "name_match_score").next().is_some_and(|score| {
            word(score)
                .and_then(|score| serde_json::from_str::<f64>(&score).ok())
                .is_none_or(|score| !(0.0..20.0).contains(&score) || score > 0.0 && score < 1.0)
        })
}

/// Whether it has a letter, and is none of the words that stand where no name is known.
fn is_name(name: &str) -> bool {
    let known = ["NA", "N/A", "NULL", "NIL", "NONE", "NOT AVAILABLE", "UNKNOWN", "UNREGISTERED", "N"];
    name.chars().any(char::is_alphabetic) && !known.iter().any(|word| word.eq_ignore_ascii_case(name))
}

fn shares_a_word(one: &str, other: &str) -> bool {
    one.split_whitespace().any(|word| other.split_whitespace().any(|same| same.eq_ignore_ascii_case(word)))
}

/// `valid`, alone or with one of the two flags of section 2.5 that are good.
fn is_standing(data: &Fields) -> bool {
    let words = ["status", "id_status"].map(|name| said(data, name).collect::<Vec<_>>()).concat();
    let flags: Vec<_> = said(data, "pan_status").collect();
    let is_good =
        |value: &&Tree| word(value).is_some_and(|said| said.eq_ignore_ascii_case("valid") || ["E", "EA"].contains(&said.as_str()));
    let is_flag = |value: &&Tree| word(value).is_some_and(|said| ["E", "EA"].contains(&said.as_str()));
    words.len() + flags.len() > 0 && words.iter().all(is_good) && flags.iter().all(is_flag)
}

/// Something but places in lists and the report's number.
fn tells_of_a_customer(data: &Fields) -> bool {
    let telling =
        |(name, value): &(String, Tree)| !["sequence", "seq", "reportordernumber"].contains(&letters(name).as_str()) && tells(value);
    data.iter().any(telling)
}

fn tells(value: &Tree) -> bool {
    match value {
        Tree::Leaf(_) => word(value).is_some(),
        Tree::List(items) => items.iter().any(tells),
        Tree::Object(fields) => tells_of_a_customer(fields),
    }
}

/// A record of the registry, in either dialect's envelope, with a KIN as it should be.
fn is_record(fields: &Fields, key: &str, is_good: impl Fn(&str) -> bool) -> bool {
    let Some(data) = data(fields) else { return false };
    let mut numbers = Vec::new();
    kins(data, &mut numbers);
    let numbered = numbers.iter().flatten().any(|kin| is_good(kin));
    succeeded(fields) && is_coded(fields) && may_say(fields, "response_key", key) && may_say(data, "kyc_status", "SUCCESS") && numbered
}

fn kins(fields: &Fields, found: &mut Vec<Option<String>>) {
    for name in ["ckyc_id", "ckyc_no"] {
        found.extend(said(fields, name).map(word));
    }
    for name in ["kyc_result", "personal_identifiable_data", "personal_details"] {
        said(fields, name).filter_map(object).for_each(|inner| kins(inner, found));
    }
}

fn is_kin(text: &str) -> bool {
    text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_masked_kin(text: &str) -> bool {
    text.strip_prefix("$XXXX")
        .and_then(|rest| rest.strip_suffix('$'))
        .is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}
