//! What every operation of the KYC module does with a request before it looks at its subject, and how a row of the tables answers.
//!
//! Credentials come first, then the reference, which any request burns, then the operation's own fields. The rows are the HTTP codes and
//! response codes of document 003 section 6.6, and the vendor's general response keys; which subjects reach them is the operation's. HTTP statuses
//! and codes of a rejected request are assumptions.
//! The payments module rejects in the same way.

use serde_json::{Value, json};

use super::shapes::set;
use super::{World, credentials, text};
use crate::keys::{self, Row, Source};
use crate::vendors::sim::{Answer, Request};

/// Judges an operation's own fields: the vendor's key for the first that is wrong.
pub(super) type Fields = fn(&Value) -> Option<&'static str>;
/// Answers a request that was let in, under a transaction: HTTP status and body.
pub(super) type Respond = fn(&mut World, &str, &Value) -> (u16, Value);

/// One request to the module.
pub(super) fn post(world: &mut World, request: &Request, fields: Fields, respond: Respond) -> Answer {
    let reference = request.reference();
    let transaction = world.next_transaction(reference.as_deref().unwrap_or_default());
    let fresh = reference.as_deref().is_some_and(|reference| world.burn(reference));
    let body = request.object().map(Value::Object);
    let (status, body) = match (refusal(request, body.as_ref(), fresh, credentials::KYC_MODULE_SECRET, fields), body) {
        (Some((status, code, key)), _) => (status, failure(&transaction, code, Some(key))),
        (None, Some(body)) => respond(world, &transaction, &body),
        (None, None) => (400, failure(&transaction, "E00002", Some(keys::MALFORMED_REQUEST))),
    };
    Answer { status, body, wire_reference: reference, credited: None }
}

/// HTTP status, response code and key of a request that is rejected before its subject is looked at.
pub(super) fn refusal(
    request: &Request,
    body: Option<&Value>,
    fresh: bool,
    module_secret: &str,
    fields: Fields,
) -> Option<(u16, &'static str, &'static str)> {
    if !is_client(request, module_secret) {
        return Some((401, "E00008", "error_unauthorized_module"));
    }
    let Some(body) = body else { return Some((400, "E00002", keys::MALFORMED_REQUEST)) };
    let key = match text(body, "reference_id") {
        None | Some("") => Some("error_empty_reference_id"),
        Some(reference) if !(2..=100).contains(&reference.chars().count()) => Some("error_invalid_reference_id_length"),
        Some(_) if !fresh => Some(keys::DUPLICATE_REFERENCE),
        Some(_) => fields(body),
    };
    key.map(|key| (400, "E00002", key))
}

/// Whether the credentials are ours, with this module's secret.
pub(super) fn is_client(request: &Request, module_secret: &str) -> bool {
    let ours = [("client_id", credentials::CLIENT_ID), ("client_secret", credentials::CLIENT_SECRET), ("module_secret", module_secret)];
    ours.iter().all(|(header, value)| request.header(header) == Some(*value))
}

/// The body of a failure.
pub(super) fn failure(transaction: &str, code: &str, key: Option<&str>) -> Value {
    let message = key.map(keys::message).filter(|message| !message.is_empty()).unwrap_or_else(|| keys::message(code));
    let body = json!({ "decentroTxnId": transaction, "status": "FAILURE", "responseCode": code, "message": message });
    key.map_or(body.clone(), |key| set(body, "responseKey", key.into()))
}

/// The tables of section 6.6 and that of the vendor's general response keys, with the letter that marks their subjects.
pub(super) static TABLES: &[(Source, char)] = &[(Source::D003_HTTP, 'H'), (Source::D003_CODE, 'C'), (Source::KYC, 'G')];

/// The row of these tables that a subject reaches; `subject_of` names the one of a mark and a row, counted from 0.
pub(super) fn row_of(tables: &[(Source, char)], subject: &str, subject_of: fn(char, usize) -> String) -> Option<&'static Row> {
    let mut rows = tables.iter().flat_map(|(source, mark)| keys::rows_of(*source).enumerate().map(|(index, row)| (*mark, index, row)));
    rows.find(|(mark, index, _)| subject_of(*mark, *index) == subject).map(|(.., row)| row)
}

/// How a row of these tables is answered; `None` for those that say only that there is an answer.
pub(super) fn row_answer(row: &Row, transaction: &str) -> Option<(u16, Value)> {
    match (row.source, row.key) {
        (_, "200" | "S00000") => None,
        (Source::D003_HTTP, status) => Some((status.parse().unwrap_or(500), json!({ "message": row.message }))),
        // A code that says nothing: the key decides.
        (Source::KYC, key) => Some((200, failure(transaction, "E00001", Some(key)))),
        (_, code) => Some((200, failure(transaction, code, None))),
    }
}
