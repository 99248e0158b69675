//! How the older interface (document 003) rejects a request before it does anything: credentials with a module's secret, references, input.
//!
//! Credentials come first, then the reference, then the operation's own fields. The statuses, the codes and most of the keys are assumptions:
//! the document names none for input.

use serde_json::{Value, json};

use super::shapes::set;
use super::{credentials, text};
use crate::keys;
use crate::vendors::sim::Request;

/// HTTP status, response code and key of a request that is rejected; `fields` judges what is the operation's own.
pub(super) fn refusal(
    request: &Request,
    body: Option<&Value>,
    fresh: bool,
    module_secret: &str,
    fields: fn(&Value) -> Option<&'static str>,
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

/// A failure under a response code, with a key where there is one.
pub(super) fn failure(transaction: &str, code: &str, key: Option<&str>) -> Value {
    let message = key.map(keys::message).filter(|message| !message.is_empty()).unwrap_or_else(|| keys::message(code));
    let body = json!({ "decentroTxnId": transaction, "status": "FAILURE", "responseCode": code, "message": message });
    key.map_or(body.clone(), |key| set(body, "responseKey", key.into()))
}
