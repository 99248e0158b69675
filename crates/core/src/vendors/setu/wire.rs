//! Setu's JSON, and nothing else: what goes out, and how an answer is read. Nothing here decides. Source: the README.
//!
//! Nothing of the customer goes out: the request has our reference alone, which comes back in `additionalData`.

use serde_json::{Map, Value, json};

use crate::vendors::lenient::{self, flag, text, word};

/// The path of a request; a look-up has its id behind it.
pub(super) const REVERSE: &str = "/api/verify/ban/reverse";
/// The name of our reference in `additionalData`.
const REFERENCE: &str = "reference";
/// The longest id of a request, in characters: theirs is a UUID.
const LONGEST_ID: usize = 64;

/// What is said of a request.
#[derive(Default)]
pub(super) struct Reply {
    /// `id`: theirs.
    pub(super) id: Option<String>,
    /// `additionalData.reference`: ours.
    pub(super) reference: Option<String>,
    /// `status`; of a notification, the code of its error.
    pub(super) status: Option<String>,
    /// `success` of a notification.
    pub(super) is_success: Option<bool>,
    /// `upiLink`.
    pub(super) upi_link: Option<String>,
    /// `validUpto`.
    pub(super) valid_upto: Option<String>,
    /// `error.code` of an error response.
    pub(super) code: Option<String>,
    /// `data`: the account that paid.
    pub(super) account: Option<Account>,
}

/// The account that paid.
#[derive(Default)]
pub(super) struct Account {
    /// `accountType`: `BANK_ACCOUNT`, `PPI`, `UNKNOWN`.
    pub(super) kind: Option<String>,
    /// The fields of the answer.
    pub(super) fields: Map<String, Value>,
}

/// Reads an answer; what is no JSON object says nothing.
pub(super) fn reply(body: &[u8]) -> Reply {
    lenient::object(body).map(|map| reply_in(&map)).unwrap_or_default()
}

/// Reads the answer to a look-up, or what a notification says of a request.
pub(super) fn reply_in(map: &Map<String, Value>) -> Reply {
    let inner = |name: &str| lenient::field(map, name).and_then(Value::as_object);
    let account = inner("data");
    let additional = inner("additionalData").or_else(|| lenient::field(account?, "additionalData")?.as_object());
    Reply {
        id: text(map, "id").filter(|id| is_id(id)),
        reference: additional.and_then(|data| word(data, REFERENCE)),
        status: word(map, "status").or_else(|| word(inner("error")?, "code")),
        is_success: flag(map, "success"),
        upi_link: text(map, "upiLink"),
        valid_upto: text(map, "validUpto"),
        code: inner("error").and_then(|error| word(error, "code")),
        account: account.map(account_in),
    }
}

fn account_in(map: &Map<String, Value>) -> Account {
    let named = [
        ("beneficiary_name", "bankAccountName"),
        ("account_number", "bankAccountNumber"),
        ("ifsc", "bankAccountIfsc"),
        ("upi_vpa", "payerVpa"),
        ("account_type", "bankAccountType"),
    ];
    let fields = named.into_iter().filter_map(|(field, name)| Some((field.to_owned(), text(map, name)?.into())));
    Account { kind: word(map, "accountType"), fields: fields.collect() }
}

/// Whether a text is the id of a request, as it may stand in an address.
pub(super) fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The body of a request.
pub(super) fn body(wire_reference: &str) -> Value {
    json!({ "additionalData": { REFERENCE: wire_reference } })
}
