//! One vocabulary, whatever the dialect (003 sections 2.3 and 3.1): of every answer of every simulation each status word is in the documents' first spelling, and
//! each date has the same date in ISO form beside it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use toran_core::operations::ckyc_record::{RECORD, Told};
use toran_core::operations::{Class, OPERATIONS};
use toran_core::vendors::Reading;

use super::answers::answers;
use super::simulated::{acted, first_call, heard, is_refused_by_us, next, parsed, scenarios, setting};

/// The words that are told of each field of a state; a number is the code of one. What is no word of the documents is the vendor's own, and listed as such.
#[rustfmt::skip]
const WORDS: &[(&str, &[&str])] = &[
    ("transaction_status", &["Success", "Failed", "Pending", "Unknown"]), ("bank_verify_status", &["Success", "Failed", "Pending", "Unknown"]),
    ("account_status", &["Valid", "Invalid", "Closed", "NRE", "NRO", "INCONCLUSIVE", "0"]),
    ("validation_type", &["Penny Drop", "Penniless", "Hybrid", "Reverse Penny Drop"]), ("payment_mode", &["IMPS", "UPI"]), ("bank_verify_payment_mode", &["IMPS", "UPI"]),
    ("category", &["individual", "company", "huf", "firm", "aop", "trust", "boi", "local authority", "artificial juridical person", "government"]),
    ("pan_verify_category", &["individual", "company", "huf", "firm", "aop", "trust", "boi", "local authority", "artificial juridical person", "government"]),
    ("aadhaar_seeding_status", &["Successful", "Unsuccessful", "Not Applicable"]), ("pan_aadhaar_seeding_status", &["Successful", "Unsuccessful", "Not Applicable"]),
    ("payout_status", &["SUCCESS", "FAILURE", "PENDING"]), ("account_type", &["SAVINGS", "CURRENT", "NRO", "NRE", "01"]),
    ("status", &["valid", "SUCCESS", "FAILED", "03"]),
];

fn fields<'a>(value: &'a Value, found: &mut Vec<(&'a str, &'a str, Option<&'a Value>)>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                fields(value, found);
                found.extend(value.as_str().map(|text| (name.as_str(), text, map.get(&format!("{name}_iso")))));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| fields(item, found)),
        _ => {}
    }
}

/// Day, month and year in one of the forms that the documents show.
fn looks_like_a_date(text: &str) -> bool {
    let parts: Vec<_> = text.split(['-', '/']).collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts[..], [first, middle, last] if is_number(&first) && is_number(&last) && first.len() + last.len() == 6 && (2..=3).contains(&middle.len()))
}

#[test]
fn every_status_word_is_the_documents_and_every_date_has_its_iso_form() {
    let (mut words, mut dates) = (0, 0);
    for answer in answers() {
        let Reading::Final(finding) = answer.reading() else { continue };
        let mut found = Vec::new();
        fields(&finding.data, &mut found);
        fields(&finding.record, &mut found);
        for (name, text, iso) in found {
            if let Some((_, known)) = WORDS.iter().find(|(field, _)| *field == name) {
                assert!(known.contains(&text), "{}: {name} {text}", answer.id);
                words += 1;
            }
            if looks_like_a_date(text) && !name.ends_with("_iso") {
                let iso = iso.and_then(Value::as_str).unwrap_or_else(|| panic!("{}: {name} {text}", answer.id));
                assert!(iso.len() == 10 && iso.as_bytes()[4] == b'-', "{iso}");
                dates += 1;
            } else if !name.ends_with("_iso") {
                assert_eq!(iso, None, "{}: {name} {text}", answer.id);
            }
        }
    }
    assert!(words > 200 && dates > 100, "{words} {dates}");
}

/// The response fields of the documents, in snake case.
#[rustfmt::skip]
const FIELDS: &[(&str, &[&str])] = &[
    ("customer.prefill", &[
        "report_order_number", "personal_info.full_name", "personal_info.dob", "personal_info.gender", "personal_info.total_income", "personal_info.occupation",
        "personal_info.age", "phone_info.sequence", "phone_info.reported_date", "phone_info.type_code", "phone_info.number", "email_info.sequence",
        "email_info.reported_date", "email_info.email_address", "address_info.sequence", "address_info.address", "address_info.state", "address_info.type",
        "address_info.postal", "address_info.reported_date", "identity_info.pan_number.id_number", "identity_info.pan_number.sequence",
        "identity_info.passport_number.id_number", "identity_info.passport_number.sequence", "identity_info.driving_license.id_number",
        "identity_info.voter_id.id_number", "identity_info.aadhaar_number.id_number", "identity_info.aadhaar_number.sequence",
        "identity_info.ration_card.id_number", "identity_info.other_id.id_number",
    ]),
    ("mobile.account", &[
        "upi_vpa", "name_as_per_bank", "account_number", "ifsc", "bank_reference_number", "payout_status", "payout_amount", "account_type",
        "branch_details.branch_verification_response_key",
    ]),
    ("prepaid.customer", &[
        "mobile", "email", "customer_id", "first_name", "last_name", "ovd_name", "dob", "created_on", "updated_on", "risk_category", "risk_score", "kyc_name",
        "profile_id", "re_kyc", "re_kyc_expiry", "form60", "form60_expiry", "pan_valid", "entity_name", "migrated_user_flag", "doc_list.doc_type",
        "doc_list.doc_number", "card_list.urn", "card_list.available_balance", "card_list.card_number", "card_list.card_status", "card_list.status_description",
        "card_list.last_four_digit", "card_list.product_profile", "card_list.created_on", "card_list.updated_on", "card_list.transaction_profiles.transaction_profile_id",
        "card_list.transaction_profiles.status", "card_list.transaction_profiles.transaction_type", "card_list.transaction_profiles.transaction_region_name",
        "card_list.subwallet_list_details.subwallet_id", "card_list.subwallet_list_details.subwallet_name", "card_list.subwallet_list_details.default_wallet",
        "card_list.subwallet_list_details.available_balance", "card_list.subwallet_list_details.account_number", "card_list.subwallet_list_details.account_status",
        "card_list.subwallet_list_details.account_number_validity",
    ]),
    ("pan.verify", &[
        "status", "id_number", "name", "category", "aadhaar_seeding_status", "last_updated_at", "father_name", "email", "mobile", "dob", "gender", "name_match", "dob_match",
    ]),
    ("bank.verify", &["transaction_status", "account_status", "beneficiary_name", "name_match_score", "name_match_result", "validation_type", "utr", "payment_mode"]),
    ("bank.collect", &[
        "transaction_status", "account_status", "beneficiary_name", "name_match_score", "name_match_result", "validation_type", "utr", "payment_mode", "account_number", "ifsc",
        "upi_vpa", "account_type",
    ]),
    ("ckyc.search", &[
        "ckyc_id", "ckyc_reference_id", "full_name", "kyc_date", "fathers_full_name", "photo", "identity_details.id_type", "identity_details.id_number",
        "identity_details.status", "age", "updated_date", "image_type",
    ]),
    ("ckyc.download", &["ckyc_id", "identity_documents.type", "identity_documents.number", "death_flag"]),
    ("ckyc.upload", &["ckyc_id"]),
    ("dmt.customer", &["status", "status_code", "status_desc", "name", "mobile_number", "kyc_type_flag"]),
];

fn paths(above: &str, value: &Value, found: &mut BTreeMap<String, Vec<Value>>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| paths(&format!("{above}.{name}"), value, found)),
        Value::Array(items) => items.iter().for_each(|item| paths(above, item, found)),
        other => found.entry(above.to_owned()).or_default().push(other.clone()),
    }
}

/// What every scenario that needs no fault ends with, by operation and field.
fn told_by_the_scenarios() -> BTreeMap<String, Vec<Value>> {
    let mut found = BTreeMap::new();
    for (vendor, scenario) in scenarios().filter(|(_, scenario)| scenario.setup.is_empty() && !is_refused_by_us(scenario)) {
        let (request, mut world) = (parsed(&scenario), vendor.simulation());
        let mut call = first_call(vendor);
        for attempt in 2..6 {
            let (_, reading) = heard(vendor, world.as_mut(), &request, &call, &setting);
            acted(world.as_mut(), &scenario, &call, &reading);
            if let Reading::Final(finding) = &reading {
                paths(scenario.operation.row().name, &finding.data, &mut found);
            }
            let Some(following) = next(&call, &reading, attempt, request.class() == Class::Write) else { break };
            call = following;
        }
    }
    found
}

#[test]
fn documents_000_to_004_every_response_field_arrives_and_a_scenario_shows_it() {
    let found = told_by_the_scenarios();
    let further = RECORD.iter().flat_map(|(name, told)| match told {
        Told::Text => vec![(*name).to_owned()],
        Told::Group(fields) | Told::List(fields, _) => fields.iter().map(|field| format!("{name}.{field}")).collect(),
        Told::Own => Vec::new(),
    });
    let of_documents = FIELDS.iter().flat_map(|(operation, fields)| fields.iter().map(move |field| format!("{operation}.{field}")));
    let all: Vec<_> = of_documents.chain(further.map(|field| format!("ckyc.download.{field}"))).collect();
    assert_eq!(FIELDS.len(), OPERATIONS.len());
    let is_told = |field: &&String| found.get(*field).is_some_and(|values| values.iter().any(|value| *value != json!("")));
    let missing: Vec<_> = all.iter().filter(|field| !is_told(field)).collect();
    assert!(all.len() > 180 && missing.is_empty(), "{} {missing:?}", all.len());
    assert!(found["mobile.account.payout_amount"].contains(&json!("0.01")), "001: a paisa drop");
    for field in ["customer.prefill.personal_info.total_income", "customer.prefill.personal_info.occupation", "prepaid.customer.ovd_name"] {
        assert!(found[field].contains(&json!("")), "{field}: what a document gives as an empty text arrives as one");
    }
}
