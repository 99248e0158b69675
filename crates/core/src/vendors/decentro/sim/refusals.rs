//! Why Mobile to Account rejects a request before it does anything: credentials, input, velocity (document 001).
//!
//! Input is judged in the order of the document's table and under its keys; credentials come before all else, as at a gateway. A
//! rejected request burns its reference all the same, but does not count against the limits of a number or an account. The keys for a
//! missing and for a foreign `consumer_urn` are assumptions: the document names none.

use serde_json::Value;

use super::{World, credentials, text};
use crate::banks::merged;
use crate::keys;
use crate::time::{DAY, HOUR, MINUTE, Millis};
use crate::vendors::sim::Request;

/// The vendor's limits per mobile number and per bank account: requests, window, the word for it.
const VELOCITY: &[(usize, Millis, &str)] = &[(3, MINUTE, "minute"), (4, HOUR, "hour"), (5, DAY, "day")];

/// The first key, in the order of document 001's table, that the request deserves; credentials before all else.
pub(super) fn refusal(world: &World, request: &Request, body: Option<&Value>) -> Option<&'static str> {
    let Some(body) = body else { return client_refusal(request).or(Some("error_malformed_request")) };
    client_refusal(request)
        .or_else(|| consumer_refusal(body))
        .or_else(|| mobile_refusal(body))
        .or_else(|| reference_refusal(world, body))
        .or_else(|| flag_refusal(body, "fetch_branch_details", "error_fetch_branch_details_type_not_boolean"))
        .or_else(|| flag_refusal(body, "is_consent_granted", "error_is_consent_granted_type_not_boolean"))
        .or_else(|| ["reference_id", "consumer_urn"].iter().any(|field| unsanitized(body, field)).then_some("error_unsanitized_values"))
}

/// What is wrong with the credentials.
pub(super) fn client_refusal(request: &Request) -> Option<&'static str> {
    match (request.header("client_id"), request.header("client_secret")) {
        (None | Some(""), _) => Some("error_missing_credentials"),
        (_, None | Some("")) => Some("error_empty_client_secret"),
        (id, secret) if (id, secret) != (Some(credentials::CLIENT_ID), Some(credentials::CLIENT_SECRET)) => {
            Some("error_invalid_client_credentials")
        }
        // This interface has no module secret, and the vendor rejects one.
        _ => request.header("module_secret").map(|_| "error_unauthorized_module"),
    }
}

fn consumer_refusal(body: &Value) -> Option<&'static str> {
    match text(body, "consumer_urn") {
        None => Some("error_malformed_request"),
        Some(credentials::CONSUMER_URN) => None,
        Some(_) => Some("error_invalid_credentials"),
    }
}

fn mobile_refusal(body: &Value) -> Option<&'static str> {
    match text(body, "mobile_number") {
        None => Some("error_mobile_number_type_not_string"),
        Some(number) if number.chars().count() != 10 => Some("error_mobile_number_incorrect_string_length"),
        Some(number) if !number.starts_with(['9', '8', '7', '6']) || !number.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some("error_mobile_number_invalid_mobile_format")
        }
        Some(_) => None,
    }
}

fn reference_refusal(world: &World, body: &Value) -> Option<&'static str> {
    let value = body.get("reference_id").filter(|value| !value.is_null());
    match (value, text(body, "reference_id")) {
        (None, _) => Some("error_reference_id_missing_or_null"),
        (_, None) => Some("error_invalid_reference_id"),
        (_, Some(reference)) if world.burned.contains(reference) => Some(keys::DUPLICATE_REFERENCE),
        (_, Some("")) => Some("error_empty_reference_id"),
        (_, Some(reference)) if !(2..=100).contains(&reference.chars().count()) => Some("error_invalid_reference_id_length"),
        _ => None,
    }
}

fn flag_refusal(body: &Value, field: &str, key: &'static str) -> Option<&'static str> {
    body.get(field).is_some_and(|value| !value.is_boolean()).then_some(key)
}

/// Whether a field holds one of the characters that the document's own message lists.
pub(super) fn unsanitized(body: &Value, field: &str) -> bool {
    let listed = keys::message(keys::UNSANITIZED_VALUES).split_once("such as ").map_or("", |(_, rest)| rest);
    let mut banned = listed.split(' ').take_while(|word| *word != "and");
    text(body, field).is_some_and(|text| banned.any(|character| text.contains(character)))
}

/// What the velocity controls count: a mobile number, or the account that is credited, however its branch or a merged bank is called.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Hit {
    Mobile(String),
    Account { bank: String, number: String },
}

impl Hit {
    pub(super) fn account(number: &str, ifsc: &str) -> Self {
        let letters = ifsc.get(..4).unwrap_or_default().to_ascii_uppercase();
        let successor = merged(&letters).map(|bank| bank.new_prefix).filter(|prefix| !prefix.is_empty());
        let bank = successor.unwrap_or(&letters).to_owned();
        Self::Account { bank, number: number.trim_start_matches('0').to_owned() }
    }

    /// The word in the message.
    const fn combination(&self) -> &'static str {
        match self {
            Self::Mobile(_) => "mobile_number",
            Self::Account { .. } => "account_number",
        }
    }
}

/// Counts a rupee that no limit stopped: the account behind a mobile number.
pub(super) fn count(world: &mut World, hit: Hit, now: Millis) {
    world.hits.entry(hit).or_default().push(now);
}

/// Counts the request against the limits, unless it breaks one.
pub(super) fn too_often(world: &mut World, hit: Hit, now: Millis) -> Option<(&'static str, String)> {
    let combination = hit.combination();
    let hits = world.hits.entry(hit).or_default();
    hits.retain(|hit| now.saturating_sub(*hit) < DAY);
    let within = |window: Millis| hits.iter().filter(|hit| now.saturating_sub(**hit) < window).count();
    let broken = VELOCITY.iter().find(|(limit, window, _)| within(*window) >= *limit);
    if broken.is_none() {
        hits.push(now);
    }
    let (limit, _, unit) = broken?;
    let message = keys::message(keys::VELOCITY).replace("Limit is hits per .", &format!("Limit is {limit} hits per {unit}."));
    Some((keys::VELOCITY, message.replace("mobile_number", combination)))
}
