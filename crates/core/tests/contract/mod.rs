//! One contract for all vendors: the same questions to every operation, derived from the tables and from what the simulations really answer. Nothing
//! is verified without its explicit marks, a refusal of us is never retried and never shown, what is unknown is safe, money is sent once, and
//! every end is one of the contract's.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "tests")]

mod answers;
mod canaries;
mod contradictions;
mod faults;
mod marks;
mod mutations;
pub(crate) mod simulated;
mod told;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use answers::{Answer, Form, answers, is_verified, run};
use serde_json::{Value, json};
use toran_core::keys::{self, Outcome};
use toran_core::operations::{Class, OPERATIONS, Operation, VendorRef};
use toran_core::vendors::{CallKind, Reading};
use tree::Tree;

/// Vendor, operation and kind of call; required marks, and those that may be left out.
type Mark = (&'static str, Operation, CallKind, &'static [&'static str], &'static [&'static str]);

/// The marks of each operation's yes, as the documents have them: the fields without which there is none in one of the answers, and those that may be left out but
/// must not say otherwise. Whatever is not here may be missing and may say anything. Two dialects have two names for some of them.
#[rustfmt::skip]
static MARKS: &[Mark] = &[
    ("decentro", Operation::PanVerify, CallKind::Post, &["apistatus", "status", "namematch", "dobmatch"], &["responsecode", "responsekey", "kycstatus", "idnumber", "idstatus", "panstatus"]),
    ("decentro", Operation::BankVerify, CallKind::Post, &["apistatus", "status", "transactionstatus", "accountstatus"], &["beneficiaryname"]),
    ("decentro", Operation::BankVerify, CallKind::Status, &["transactionstatus"], &["beneficiaryname"]),
    ("decentro", Operation::MobileAccount, CallKind::Post, &["apistatus", "status", "responsekey"], &[]),
    ("decentro", Operation::MobileAccount, CallKind::Status, &["apistatus", "requestresponsekey"], &["responsekey"]),
    ("decentro", Operation::CustomerPrefill, CallKind::Post, &["apistatus", "status", "responsecode", "responsekey", "fullname"], &[]),
    ("decentro", Operation::CkycSearch, CallKind::Post, &["apistatus", "status", "ckycid"], &["responsecode", "responsekey", "kycstatus"]),
    ("decentro", Operation::CkycDownload, CallKind::Post, &["apistatus", "status", "ckycid", "ckycno"], &["responsecode", "responsekey", "kycstatus"]),
    ("decentro", Operation::CkycUpload, CallKind::Post, &["apistatus", "status", "ckycid"], &["responsecode"]),
    ("decentro", Operation::CkycUpload, CallKind::Status, &["status", "ckycid", "fullname", "dateofbirth", "kycdate"], &["number"]),
    ("wibmo", Operation::PrepaidCustomer, CallKind::Post, &["responsecode", "messagecode", "clienttxnid", "mobile"], &["customerid", "email", "urn"]),
    ("iserveu", Operation::DmtCustomer, CallKind::Post, &["status", "statuscode", "kyctypeflag"], &["mobilenumber"]),
    ("cashfree", Operation::PanVerify, CallKind::Post, &["valid", "status", "pan", "panstatus", "namematch", "dobmatch"], &["verificationid"]),
    ("cashfree", Operation::BankVerify, CallKind::Status, &["accountstatus", "accountstatuscode"], &["nameatbank"]),
    ("cashfree", Operation::BankCollect, CallKind::Status, &["status", "bankaccount"], &["verificationid", "nameatbank"]),
    ("setu", Operation::BankCollect, CallKind::Status, &["status", "id", "bankaccountnumber"], &["reference", "bankaccountname"]),
];

/// What a field may say that nobody knows.
fn unknown_values() -> Vec<Value> {
    vec![
        json!("Zz_unknown_9"),
        json!(""),
        json!(null),
        json!(0),
        json!(1),
        json!(false),
        json!(true),
        json!([]),
        json!({}),
        json!(1e300),
        json!([["x"]]),
    ]
}

fn read(answer: &Answer, tree: &Tree) -> Reading {
    answer.read(answer.status, tree.text().as_bytes())
}

/// Where the answer leads its check: what the other kind of call hears says nothing.
fn lead(answer: &Answer, reading: &Reading) -> answers::End {
    run(&answer.request, |call| match (call.kind == answer.call.kind, call.kind, answer.request.class()) {
        (true, ..) => reading.clone(),
        (false, CallKind::Post, Class::Write) => Reading::Landed(VendorRef::default()),
        (false, CallKind::Post, Class::Collect) => simulated::offered(),
        (false, ..) => Reading::unknown(VendorRef::default()),
    })
}

fn judged(answer: &Answer, status: u16, text: &[u8]) -> Reading {
    let reading = answer.read(status, text);
    let told = || format!("{}: {status} {}", answer.id, String::from_utf8_lossy(text));
    assert!(!is_verified(&reading) || marks::are_there(&answer.request, &answer.call, status, text), "{}", told());
    if answers::is_new(answer, &reading) {
        let end = lead(answer, &reading);
        assert!(end.outcome() != Some(Outcome::Verified) || is_verified(&reading), "{}", told());
    }
    reading
}

fn trees() -> Vec<(&'static Answer, Tree)> {
    let tree = |answer: &'static Answer| Tree::parse(answer.text.as_bytes()).map(|tree| (answer, tree));
    answers().iter().filter_map(tree).collect()
}

/// The fields of an answer, each path once.
fn fields(tree: &Tree) -> impl Iterator<Item = (usize, String)> {
    let mut seen = BTreeSet::new();
    tree.paths().into_iter().enumerate().filter(move |(_, path)| seen.insert(path.clone()))
}

/// Those that hold no other fields.
fn scalars(tree: &Tree) -> impl Iterator<Item = (usize, String)> {
    let all = tree.paths();
    fields(tree)
        .filter(move |(_, path)| !all.iter().any(|other| other.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('.'))))
}

#[test]
fn every_vendor_and_operation_has_a_yes_and_a_no_to_be_asked_about() {
    let all = answers();
    for (row, vendor) in OPERATIONS.iter().flat_map(|row| row.vendors.iter().map(move |vendor| (row, vendor))) {
        let of_both = || all.iter().filter(|answer| answer.operation() == row.operation && answer.vendor() == *vendor);
        assert!(of_both().any(|answer| is_verified(&answer.reading())), "{vendor} {}", row.name);
        assert!(of_both().count() >= 8 && of_both().any(|answer| !is_verified(&answer.reading())), "{vendor} {}", row.name);
    }
    for answer in all {
        judged(answer, answer.status, answer.text.as_bytes());
    }
}

#[test]
fn nothing_is_verified_without_its_explicit_marks() {
    let mut found: BTreeMap<String, [BTreeSet<String>; 2]> = BTreeMap::new();
    for (answer, tree) in trees().into_iter().filter(|(answer, _)| is_verified(&answer.reading())) {
        let of_row = found.entry(format!("{} {} {:?}", answer.vendor(), answer.operation().row().name, answer.call.kind)).or_default();
        for (n, path) in scalars(&tree) {
            let name = path.rsplit('.').next().unwrap().to_owned();
            let without = tree.edited(n, |fields, index| drop(fields.remove(index)));
            let changed = tree.edited(n, |fields, index| fields[index].1 = Tree::Leaf("Zz_unknown_9".into()));
            match [without, changed].map(|tree| is_verified(&judged(answer, answer.status, tree.text().as_bytes()))) {
                [false, _] => drop(of_row[0].insert(name)),
                [true, false] => drop(of_row[1].insert(name)),
                [true, true] => {}
            }
        }
    }
    for [required, optional] in found.values_mut() {
        optional.retain(|path| !required.contains(path));
    }
    let set = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<BTreeSet<_>>();
    let stated = MARKS.iter().map(|(vendor, operation, kind, required, optional)| {
        (format!("{vendor} {} {kind:?}", operation.row().name), [set(required), set(optional)])
    });
    assert_eq!(found, stated.collect());
}

#[test]
fn unknown_codes_keys_statuses_and_types_are_safe() {
    for (answer, tree) in trees() {
        for (n, _) in fields(&tree) {
            for value in unknown_values() {
                let value = Tree::parse(value.to_string().as_bytes()).unwrap();
                let changed = tree.edited(n, |fields, index| fields[index].1 = value);
                judged(answer, answer.status, changed.text().as_bytes());
            }
        }
    }
}

#[test]
fn a_yes_under_another_http_status_is_none() {
    for answer in answers().iter().filter(|answer| is_verified(&answer.reading())) {
        for status in (100..600).step_by(7).chain([201, 204, 301, 302, 400, 401, 403, 404, 422, 429, 500, 503]) {
            assert!(!is_verified(&judged(answer, status, answer.text.as_bytes())), "{}: {status}", answer.id);
        }
    }
}

#[test]
fn what_is_said_twice_must_be_said_alike() {
    for (answer, tree) in trees().into_iter().filter(|(answer, _)| is_verified(&answer.reading())) {
        for (n, _) in fields(&tree) {
            for place in [0, usize::MAX] {
                for cased in [str::to_owned, snake, camel] {
                    let twice = tree.edited(n, |fields, index| {
                        let name = cased(&fields[index].0);
                        fields.insert(place.min(fields.len()), (name, Tree::Leaf("Zz_unknown_9".into())));
                    });
                    judged(answer, answer.status, twice.text().as_bytes());
                }
            }
        }
    }
}

#[test]
fn unknown_fields_are_ignored_at_every_level() {
    let extra: Vec<_> = [json!("x"), json!(7), json!(null), json!(["x"]), json!({ "status": "FAILURE", "responseCode": "E00001" })]
        .into_iter()
        .enumerate()
        .collect();
    for (answer, tree) in trees() {
        for (n, value) in &extra {
            let value = Tree::parse(value.to_string().as_bytes()).unwrap();
            let more = tree.each_object(&|fields| fields.insert(0, (format!("zzUnknown{n}"), value.clone())));
            let (before, after) = (answer.reading(), read(answer, &more));
            // A block in which something is said is not empty, so the customer is not unknown.
            let hidden = answer.operation() == Operation::CustomerPrefill
                && matches!(&before, Reading::Final(finding) if finding.key == keys::RECORD_NOT_FOUND);
            assert!(after == before || hidden && !is_verified(&after), "{}: {}", answer.id, more.text());
        }
    }
}

#[test]
fn both_casings_read_the_same() {
    for (answer, tree) in trees() {
        for cased in [snake, camel] {
            let other = tree.each_object(&|fields| fields.iter_mut().for_each(|(name, _)| *name = cased(name)));
            assert_eq!(read(answer, &other), answer.reading(), "{}: {}", answer.id, other.text());
        }
    }
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

fn camel(name: &str) -> String {
    let mut letters = name.chars();
    let mut camel = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '_' if !camel.is_empty() => camel.extend(letters.next().map(|next| next.to_ascii_uppercase())),
            _ => camel.push(letter),
        }
    }
    camel
}

#[test]
fn a_refusal_of_us_is_never_retried_and_never_shown() {
    for answer in answers() {
        let texts = ["", "<html></html>", "{}", "[]", &answer.text];
        for (status, text) in [401, 403].into_iter().flat_map(|status| texts.map(|text| (status, text))) {
            let reading = judged(answer, status, text.as_bytes());
            let told = || format!("{}: {status} {text} {reading:?}", answer.id);
            let end = lead(answer, &reading);
            assert!(!matches!(end.outcome(), Some(Outcome::Verified | Outcome::Failed)), "{}", told());
            // Nobody speaks of the rupee but the vendor itself: its word that the account cannot be credited counts under any status.
            let is_told = text == answer.text && matches!(reading, Reading::Final(_));
            match (answer.request.class(), answer.call.kind) {
                (Class::Read, _) | (Class::Collect, CallKind::Post) => assert_refused(&end, &told),
                (Class::Money, CallKind::Post) if !is_told && text != answer.text => assert_refused(&end, &told),
                (Class::Money, CallKind::Post) => assert_eq!(end.posts().len(), 1, "{}", told()),
                (Class::Money | Class::Collect, CallKind::Status) | (Class::Write, _) => assert_eq!(end.told().0, 202, "{}", told()),
            }
        }
    }
}

fn assert_refused(end: &answers::End, told: &dyn Fn() -> String) {
    let (status, key, body) = end.told();
    assert_eq!((status, key.as_str(), end.calls.len(), end.alerts.len()), (502, keys::SERVICE_UNAVAILABLE, 1, 1), "{}", told());
    assert!(!body.contains(&end.alerts[0]), "the vendor's own word is the operator's: {body}");
}

#[test]
fn the_form_of_a_token_changes_nothing() {
    let sealed: Vec<_> = answers().iter().filter(|answer| matches!(answer.form, Form::Sealed) && answer.status == 200).collect();
    assert!(sealed.len() > 10);
    for answer in sealed {
        let opened = answers().iter().find(|other| other.id == answer.id && matches!(other.form, Form::Decrypted(_)));
        assert_eq!(Some(answer.reading()), opened.map(Answer::reading), "{}", answer.id);
    }
}

/// Whether two answers are of one vendor to one operation.
fn is_at_one_place(one: &Answer, other: &Answer) -> bool {
    one.operation() == other.operation() && one.vendor() == other.vendor()
}

#[test]
fn an_answer_to_another_operation_or_of_another_vendor_is_no_yes() {
    let mut of_each: Vec<&Answer> = Vec::new();
    for answer in answers().iter().filter(|answer| is_verified(&answer.reading())) {
        let is_new = |other: &&Answer| is_at_one_place(other, answer) && other.call.kind == answer.call.kind;
        if !of_each.iter().any(is_new) {
            of_each.push(answer);
        }
    }
    for answer in &of_each {
        for other in answers().iter().filter(|other| !is_at_one_place(other, answer)) {
            judged(answer, other.status, other.text.as_bytes());
        }
    }
    assert!(of_each.len() >= OPERATIONS.len());
}
