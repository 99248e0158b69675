//! iServeU as document 004 describes it, for the sandbox.
//!
//! It checks credentials and input and remembers nothing: the interface has no references. The mobile number decides what is found:
//! `98400000NN` reaches row NN (from 00) of the document's table, [`EXTRAS`] what that does not show, any other number is a verified customer.
//! Refusals of credentials and of a body without its fields are assumptions (`docs/SANDBOX.md`); the rest is the document's, HTTP 200 and all.

use serde_json::{Value, json};

use crate::ids::MobileNumber;
use crate::keys::{self, Meaning, Outcome, Row, Source};
use crate::operations::Operation;
use crate::time::Millis;
use crate::vendors::sim::{Answer, Expect, FRESH, Kind, Request, Scenario, Simulation, choose, no_such_endpoint, numbered, read_faults};

/// The development values of `wrangler.toml`.
const CLIENT_ID: &str = "development_client";
const CLIENT_SECRET: &str = "development_client_secret";
const USERNAME: &str = "development_user";

/// The vendor, which remembers nothing.
#[derive(Debug, Default)]
pub struct World;

impl Simulation for World {
    fn operation(&self, method: &str, path: &str) -> Option<(Operation, Kind)> {
        ((method, path) == ("POST", super::GET_CUSTOMER)).then_some((Operation::DmtCustomer, Kind::Post))
    }

    fn answer(&mut self, request: &Request, _now: Millis) -> Answer {
        let wire_reference = self.reference(request);
        if self.operation(&request.method, &request.path).is_none() {
            return no_such_endpoint(wire_reference);
        }
        let (status, body) = get_customer(request);
        Answer { status, body, wire_reference, credited: None }
    }

    /// The interface has none; the gateway's comes as a header.
    fn reference(&self, request: &Request) -> Option<String> {
        request.header("x-request-id").map(str::to_owned)
    }
}

fn get_customer(request: &Request) -> (u16, Value) {
    if (request.header("client_id"), request.header("client_secret")) != (Some(CLIENT_ID), Some(CLIENT_SECRET)) {
        return (401, json!({ "status": "FAILED", "statusDesc": "Unauthorized" }));
    }
    let body = request.object().unwrap_or_default();
    let text = |field: &str| body.get(field).and_then(Value::as_str).map(str::trim).unwrap_or_default();
    if ["latlong", "publicIP"].iter().any(|field| text(field).is_empty()) {
        return (400, json!({ "status": "FAILED", "statusDesc": "Bad Request" }));
    }
    let number = text("mobileNumber");
    let reply = match text("username") {
        "" => refused(number, "Username Must not be Empty"),
        USERNAME if MobileNumber::parse(number).is_err() => refused(number, "Invalid mobile number"),
        USERNAME => customer(number),
        _ => refused(number, "User not onboarded"),
    };
    (200, reply)
}

fn refused(number: &str, description: &str) -> Value {
    json!({ "mobileNumber": number, "statusCode": "-1", "statusDesc": description, "KYCTypeFlag": false, "status": "FAILED" })
}

/// What is on record for a number.
fn customer(number: &str) -> Value {
    if let Some(extra) = EXTRAS.iter().find(|extra| extra.number == number) {
        return (extra.change)(verified(number));
    }
    let row = keys::rows_of(Source::D004).enumerate().find(|(index, _)| number_of(*index) == number).map(|(_, row)| row);
    row.map_or_else(|| verified(number), |row| of_row(number, row))
}

/// The sample of the document, with the `status` that it has lost. There is a name where there is a customer, and also in its sample for `0`.
fn of_row(number: &str, row: &'static Row) -> Value {
    let code = code_of(row);
    let is_state = matches!(code, "0" | "1" | "2" | "3");
    let reply = set(verified(number), "statusCode", code.into());
    let reply = set(set(reply, "statusDesc", row.message.into()), "KYCTypeFlag", (code == "2").into());
    if is_state { reply } else { without(set(reply, "status", "FAILED".into()), "name") }
}

fn verified(number: &str) -> Value {
    json!({
        "name": name_of(number), "mobileNumber": number, "statusCode": "2", "statusDesc": "Customer verified successfully",
        "KYCTypeFlag": true, "status": "SUCCESS",
    })
}

fn name_of(number: &str) -> &'static str {
    if number == "9876543210" {
        return "RAHUL SHARMA";
    }
    choose(&["ANANYA BHAT", "ARJUN DAS", "DEEPA IYER", "FARHAN KHAN", "GURPREET SINGH", "LAKSHMI NAIR"], number, "remitter")
}

fn code_of(row: &Row) -> &'static str {
    row.key.strip_prefix("iserveu_").unwrap_or_default()
}

fn set(mut object: Value, field: &str, value: Value) -> Value {
    if let Some(map) = object.as_object_mut() {
        map.insert(field.into(), value);
    }
    object
}

fn without(mut object: Value, field: &str) -> Value {
    if let Some(map) = object.as_object_mut() {
        map.shift_remove(field);
    }
    object
}

/// The number of a row, counted from 0.
fn number_of(row: usize) -> String {
    format!("98400000{row:02}")
}

/// One subject beyond the document's table: how its answer differs from a plain yes, and the key of the gateway's answer.
struct Extra {
    name: &'static str,
    number: &'static str,
    change: fn(Value) -> Value,
    answers: &'static str,
}

const fn extra(name: &'static str, number: &'static str, answers: &'static str, change: fn(Value) -> Value) -> Extra {
    Extra { name, number, change, answers }
}

const YES: &str = "iserveu_2";
const NONSENSE: &str = keys::UNEXPECTED_RESPONSE;
const NUMBER: &str = "iserveu_-1";

fn coded(reply: Value, code: &str, description: &str) -> Value {
    set(set(reply, "statusCode", code.into()), "statusDesc", description.into())
}

#[rustfmt::skip]
static EXTRAS: &[Extra] = &[
    extra("code_as_a_number", "9841000001", YES, |reply| set(reply, "statusCode", json!(2))),
    extra("flag_as_a_text", "9841000002", YES, |reply| set(reply, "KYCTypeFlag", "true".into())),
    extra("flag_in_another_casing", "9841000003", YES, |reply| set(without(reply, "KYCTypeFlag"), "kycTypeFlag", json!(true))),
    extra("additional_fields", "9841000004", YES, |reply| set(reply, "limits", json!({ "monthly": 25000 }))),
    extra("newer_words", "9841000005", YES, |reply| coded(reply, "2", "customer validated succesfully")),
    extra("number_with_country_code", "9841000006", YES, |reply| set(reply, "mobileNumber", "919841000006".into())),
    extra("not_on_board_in_newer_words", "9841000007", "iserveu_0", |reply| without(set(coded(reply, "0", "Customer not onboarded"), "KYCTypeFlag", json!(false)), "name")),
    extra("refused_number_in_other_words", "9841000008", NUMBER, |reply| coded(reply, "-1", "Mobile Number is invalid.")),
    extra("refused_for_an_unheard_of_reason", "9841000009", keys::SERVICE_UNAVAILABLE, |reply| coded(reply, "-1", "Wallet balance is low")),
    extra("refused_without_a_reason", "9841000010", keys::SERVICE_UNAVAILABLE, |reply| without(coded(reply, "-1", ""), "statusDesc")),
    extra("refused_for_the_username_in_other_words", "9841000011", keys::SERVICE_UNAVAILABLE, |reply| coded(reply, "-1", "invalid username for mobile channel")),
    extra("yes_without_the_flag", "9841000012", NONSENSE, |reply| set(reply, "KYCTypeFlag", json!(false))),
    extra("yes_in_a_failure", "9841000013", NONSENSE, |reply| set(reply, "status", "FAILED".into())),
    extra("yes_without_a_status", "9841000014", NONSENSE, |reply| without(reply, "status")),
    extra("yes_for_another_number", "9841000015", NONSENSE, |reply| set(reply, "mobileNumber", "9876543210".into())),
    extra("unheard_of_code", "9841000016", NONSENSE, |reply| coded(reply, "7", "Customer verified successfully")),
    extra("no_code", "9841000017", NONSENSE, |reply| without(reply, "statusCode")),
];

impl Extra {
    fn expect(&self) -> Expect {
        let rows = || keys::rows_of(Source::D004).filter(|row| row.key == self.answers);
        let outcome = rows().find_map(Row::outcome);
        let expect = outcome.map_or_else(|| Expect::problem(self.answers), |outcome| Expect::outcome(outcome, self.answers));
        let said = (self.change)(verified(self.number));
        let code = said.get("statusCode").and_then(Value::as_str);
        Expect { vendor_key: code.map(str::to_owned), ..expect }
    }
}

// --- scenarios ---

/// Every scenario of [`crate::vendors::Vendor::scenarios`].
#[must_use]
pub fn scenarios(seed: &str) -> Vec<Scenario> {
    let extras = EXTRAS.iter().map(|extra| scenario("case", extra.name, extra.number, extra.expect()));
    let yes = Expect::outcome(Outcome::Verified, YES).vendor("2");
    let faults =
        read_faults(Operation::DmtCustomer, &yes, |name, index, expect| scenario("fault", name, &format!("98420000{index:02}"), expect));
    numbered(rows().chain(extras).chain(faults).chain(inputs()), seed)
}

fn scenario(group: &str, name: &str, number: &str, expect: Expect) -> Scenario {
    let operation = Operation::DmtCustomer;
    let request = json!({ "reference_id": FRESH, "mobile_number": number, "latlong": "12.9716,77.5946", "public_ip": "203.0.113.7" });
    Scenario::new(format!("{}.{group}.{name}", operation.row().name), operation, request, expect)
}

fn rows() -> impl Iterator<Item = Scenario> {
    keys::rows_of(Source::D004).enumerate().map(|(index, row)| {
        let code = code_of(row);
        let name = if row.meaning == Meaning::Operator { format!("{index:02}_{code}_operator") } else { format!("{index:02}_{code}") };
        Scenario { covers: Some(row), ..scenario("row", &name, &number_of(index), Expect::of_row(row).vendor(code)) }
    })
}

/// The gateway refuses the input itself, before any vendor.
fn inputs() -> impl Iterator<Item = Scenario> {
    let refused = [
        ("mobile_number", json!("98400")),
        ("mobile_number", json!(9_840_000_000_u64)),
        ("latlong", json!("Bengaluru")),
        ("latlong", Value::Null),
        ("public_ip", json!("localhost")),
    ];
    let keys = [
        "error_mobile_number_length",
        "error_mobile_number_type",
        "error_latlong_format",
        "error_latlong_missing",
        "error_public_ip_format",
    ];
    refused.into_iter().zip(keys).map(|((field, value), key)| {
        let scenario = scenario("input", key, "9840000098", Expect::problem(key));
        Scenario { request: set(scenario.request, field, value), ..scenario }
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]
    use super::*;

    fn ask(headers: &[(&str, &str)], body: &Value) -> Answer {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request = Request {
            method: "POST".into(),
            path: super::super::GET_CUSTOMER.into(),
            headers,
            body: body.to_string().into(),
            ..Request::default()
        };
        World.answer(&request, 0)
    }

    const CLIENT: &[(&str, &str)] = &[("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET), ("x-request-id", "WIRE01")];

    fn body() -> Value {
        json!({ "mobileNumber": "9876543210", "username": USERNAME, "latlong": "12.9,77.5", "publicIP": "203.0.113.7" })
    }

    #[test]
    fn a_sound_request_gets_the_documents_fields_under_its_reference() {
        let answer = ask(CLIENT, &body());
        assert_eq!((answer.status, answer.key(), answer.wire_reference.as_deref()), (200, Some("2"), Some("WIRE01")));
        assert_eq!((&answer.body["name"], &answer.body["KYCTypeFlag"]), (&json!("RAHUL SHARMA"), &json!(true)));
    }

    #[test]
    fn a_request_that_lacks_something_is_refused_for_it() {
        let cases = [
            ("username", "", 200, "Username Must not be Empty"),
            ("username", "somebody", 200, "User not onboarded"),
            ("mobileNumber", "12345", 200, "Invalid mobile number"),
            ("latlong", "", 400, "Bad Request"),
            ("publicIP", "", 400, "Bad Request"),
        ];
        for (field, value, status, description) in cases {
            let answer = ask(CLIENT, &set(body(), field, value.into()));
            assert_eq!((answer.status, answer.body["statusDesc"].as_str()), (status, Some(description)), "{field}");
        }
        for headers in [&CLIENT[..1], &[]] {
            assert_eq!(ask(headers, &body()).status, 401);
        }
    }

    #[test]
    fn every_row_has_its_number_and_every_extra_its_own() {
        for (index, row) in keys::rows_of(Source::D004).enumerate() {
            let said = customer(&number_of(index));
            assert_eq!((said["statusCode"].as_str(), said["statusDesc"].as_str()), (Some(code_of(row)), Some(row.message)));
        }
        let numbers: std::collections::HashSet<_> = EXTRAS.iter().map(|extra| extra.number).collect();
        assert_eq!(numbers.len(), EXTRAS.len());
    }
}
