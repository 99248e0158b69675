//! What a browser sees of an answer, whatever the vendor put into it: no name, PAN, mobile or Aadhaar number in any field where none belongs, nor in one that nobody knows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use toran_core::operations::{Answer, Audience};
use toran_core::vendors::Reading;

use super::answers::{self, answers};
use super::tree::Tree;
use super::trees;

/// Nobody's, and in no simulation.
const NAME: &str = "ZARINA QURESHIWALA";
const CANARIES: [&str; 6] = [NAME, "ZZQPZ7391Z", "9137042685", "823456789019", "8234-5678-9019", "+91 91370 42685"];
/// Texts about the branch of a bank: a name there looks like any other.
const BRANCH: &[&str] = &["bank", "branch", "centre", "city", "district", "state"];

/// The answer to a browser and to a server, where a reading has one.
fn rendered(answer: &answers::Answer, reading: Reading) -> Option<[String; 2]> {
    let Reading::Final(finding) = reading else { return None };
    let reference_id = answer.request.reference_id().to_owned();
    let answer = Answer { reference_id, operation: answer.operation(), finding: *finding, checked_at: 0, next_check_at: None, cost: 0 };
    Some([Audience::Browser, Audience::Server].map(|audience| answer.to_json("chk_00112233445566778899aabbccddeeff", audience)))
}

fn leaves(above: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| leaves(&format!("{above}.{name}"), value, found)),
        Value::Array(items) => items.iter().for_each(|item| leaves(above, item, found)),
        other => found.push((above.to_owned(), other.clone())),
    }
}

fn leaves_of(text: &str) -> Vec<(String, Value)> {
    let body: Value = serde_json::from_str(text).unwrap();
    let mut found = Vec::new();
    for part in ["data", "record", "vendor"] {
        leaves(part, &body[part], &mut found);
    }
    found
}

#[test]
fn no_canary_in_any_field_of_any_answer_reaches_a_browser() {
    let (mut planted, mut told) = (0, 0);
    for (answer, tree) in trees() {
        if !matches!(answer.reading(), Reading::Final(_)) {
            continue;
        }
        for canary in CANARIES {
            let number = canary.parse::<u64>().ok().map(Value::from);
            for value in std::iter::once(json!(canary)).chain(number) {
                for n in 0..tree.count() {
                    let name = tree.field(n).unwrap().0.clone();
                    let planted_there = tree.edited(n, |fields, index| fields[index].1 = Tree::Leaf(value.clone()));
                    let beside = tree.edited(n, |fields, _| fields.push(("another_field".into(), Tree::Leaf(value.clone()))));
                    for changed in [planted_there, beside] {
                        planted += 1;
                        let Some([browser, server]) = rendered(answer, answer.read(answer.status, changed.text().as_bytes())) else {
                            continue;
                        };
                        told += usize::from(server.contains(canary));
                        let is_branch = canary == NAME && BRANCH.contains(&name.to_ascii_lowercase().as_str());
                        assert!(is_branch || !browser.contains(canary), "{}: {name} shows {canary}: {browser}", answer.id);
                    }
                }
            }
        }
    }
    assert!(planted > 10_000 && told > 500, "{planted} planted, {told} told to servers");
}

#[test]
fn a_browser_sees_what_belongs_to_a_field_and_nothing_else_is_hidden() {
    let mut seen: BTreeMap<String, [BTreeSet<String>; 2]> = BTreeMap::new();
    for answer in answers() {
        let Some([browser, server]) = rendered(answer, answer.reading()) else { continue };
        for ((name, shown), (_, whole)) in leaves_of(&browser).into_iter().zip(leaves_of(&server)) {
            let is_hidden = shown == json!("XXXXXX") && whole != shown;
            // A date in ISO form is hidden where the date is.
            let name = name.trim_end_matches("_iso").to_owned();
            seen.entry(name).or_default()[usize::from(is_hidden)].insert(whole.to_string());
        }
    }
    let hidden: Vec<_> = seen.iter().filter(|(_, [_, hidden])| !hidden.is_empty()).map(|(name, _)| name.as_str()).collect();
    let stated: Vec<&str> = HIDDEN.to_vec();
    let samples: Vec<_> = seen.iter().filter(|(name, [_, hidden])| !hidden.is_empty() && !stated.contains(&name.as_str())).collect();
    assert_eq!(hidden, stated, "{samples:?}");
}

/// The fields of which a browser sees nothing.
const HIDDEN: &[&str] = &[
    "data.address_info.address",
    "data.address_info.postal",
    "data.address_info.reported_date",
    "data.address_info.sequence",
    "data.address_info.state",
    "data.address_info.type",
    "data.age",
    "data.branch_details.address",
    "data.card_list.available_balance",
    "data.card_list.product_profile",
    "data.card_list.subwallet_list_details.available_balance",
    "data.card_list.subwallet_list_details.subwallet_name",
    "data.citizenship",
    "data.correspondence_address.address_type",
    "data.correspondence_address.city",
    "data.correspondence_address.country",
    "data.correspondence_address.district",
    "data.correspondence_address.line1",
    "data.correspondence_address.line2",
    "data.correspondence_address.line3",
    "data.correspondence_address.pincode",
    "data.correspondence_address.proof_of_address",
    "data.correspondence_address.proof_of_address_others",
    "data.correspondence_address.state",
    "data.country_of_birth",
    "data.country_of_residence",
    "data.current_address.address_type",
    "data.current_address.city",
    "data.current_address.country",
    "data.current_address.district",
    "data.current_address.line1",
    "data.current_address.line2",
    "data.current_address.line3",
    "data.current_address.pincode",
    "data.current_address.proof_of_address",
    "data.current_address.proof_of_address_others",
    "data.current_address.state",
    "data.date_of_birth",
    "data.date_of_death",
    "data.declaration_place",
    "data.disability_info.is_disabled",
    "data.disability_info.percentage",
    "data.disability_info.type",
    "data.dob",
    "data.entity_name",
    "data.fathers_prefix",
    "data.gender",
    "data.images.data",
    "data.images.format",
    "data.images.sequence",
    "data.images.type",
    "data.kyc_verification_details.verification_date",
    "data.kyc_verification_details.verification_place",
    "data.kyc_verification_details.verification_type",
    "data.kyc_verified_by",
    "data.maiden_prefix",
    "data.marital_status",
    "data.mobile_code",
    "data.mothers_prefix",
    "data.nationality",
    "data.occupation",
    "data.permanent_address.address_type",
    "data.permanent_address.city",
    "data.permanent_address.country",
    "data.permanent_address.district",
    "data.permanent_address.line1",
    "data.permanent_address.line2",
    "data.permanent_address.line3",
    "data.permanent_address.pincode",
    "data.permanent_address.proof_of_address",
    "data.permanent_address.proof_of_address_others",
    "data.permanent_address.state",
    "data.personal_info.age",
    "data.personal_info.dob",
    "data.personal_info.gender",
    "data.personal_info.occupation",
    "data.personal_info.total_income",
    "data.photo",
    "data.place_of_birth",
    "data.prefix",
    "data.related_persons.ckyc_id",
    "data.related_persons.name",
    "data.related_persons.relation",
    "data.remarks",
    "data.residential_status",
    "data.risk_category",
    "data.risk_score",
    "data.same_as_permanent",
    "data.signature",
    "data.spouse_prefix",
    "data.verifier.branch",
    "data.verifier.date",
    "data.verifier.designation",
    "data.verifier.employee_code",
    "data.verifier.institution_code",
    "data.verifier.institution_name",
    "data.verifier.name",
    "data.verifier.place",
];

/// Fields of other issuers' numbers, one in ten of which has an Aadhaar's check digit, and pictures: twelve digits in one piece stay.
const OTHERS: &[&str] = &["account_number", "bank_reference_number", "bank_verify_utr", "customer_id", "photo", "signature", "utr"];

/// A full Aadhaar number among the leaves of an answer, where none belongs.
fn told_in(leaves: &[(String, Value)], number: &str) -> Option<String> {
    let is_others = |path: &str| OTHERS.contains(&path.rsplit('.').next().unwrap()) || path.ends_with("images.data");
    let digits = |value: &Value| value.to_string().replace([' ', '-'], "");
    leaves.iter().find(|(path, value)| digits(value).contains(number) && !is_others(path)).map(|(path, _)| path.clone())
}

#[test]
fn a_full_aadhaar_number_is_never_told_or_kept_whatever_field_of_an_answer_has_it() {
    const NUMBER: &str = "999941057058";
    let mut told = 0;
    for (answer, tree) in trees() {
        for value in [json!(NUMBER), json!("9999 4105 7058"), json!("UID 9999-4105-7058."), json!(999_941_057_058_u64)] {
            for n in 0..tree.count() {
                let changed = tree.edited(n, |fields, index| fields[index].1 = Tree::Leaf(value.clone()));
                let reading = answer.read(answer.status, changed.text().as_bytes());
                let end = answers::run(&answer.request, |_| reading.clone());
                let (_, _, body) = end.told();
                let Ok(body) = serde_json::from_str::<Value>(&body) else { continue };
                let mut found = Vec::new();
                leaves("", &body, &mut found);
                assert_eq!(told_in(&found, NUMBER), None, "{}: {body}", answer.id);
                assert!(!end.alerts.iter().any(|alert| alert.contains(NUMBER)), "{}: {:?}", answer.id, end.alerts);
                told += usize::from(body.to_string().contains("XXXX XXXX 7058"));
            }
        }
    }
    assert!(told > 500, "{told} were told masked");
}
