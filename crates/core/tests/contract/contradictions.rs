//! An answer that contradicts itself, its request or what was said before is looked up again or for manual review, never a yes that goes on. Asked of every
//! answer of the simulations that goes on: each of its fields that tells how something stands, or that a no of the same operation has, says no; it names another
//! reference, account or customer; and for money, every pair of POST and look-up speaks of two transactions.

use std::collections::BTreeSet;

use toran_core::keys::{Action, Outcome};
use toran_core::operations::{Class, Operation, VendorRef};
use toran_core::vendors::{CallKind, Reading};

use super::answers::{Answer, answers, is_verified, run};
use super::tree::{Tree, letters};
use super::{is_at_one_place, scalars, trees};

/// How a no is said, in the documents' words and in others.
const NOES: &[&str] = &[
    "FAILED",
    "Failed",
    "FAILURE",
    "REVERSED",
    "PENDING",
    "Pending",
    "INVALID",
    "Closed",
    "CANCELLED",
    "NO_MATCH",
    "N",
    "false",
    "E00001",
    "error_provider_error",
    "failure_account_closed",
    "Account is closed",
    "Zz_unknown_9",
];

/// What in a field's name says that it tells how something stands.
const STANDING: &[&str] = &["status", "result", "flag", "match", "valid", "reason", "responsekey", "responsecode", "statuscode"];

/// Fields that tell how something else stands than what was asked, and whoever reads the answer judges by them: cards and wallets of a customer, documents, a
/// branch, how a PAN is linked, how an account was verified; words that no program reads; and what a look-up says of itself.
const OF_SOMETHING_ELSE: &[(&str, Operation, &[&str])] = &[
    // `valid` is a field of verify-PAN-sync, `status` one of PAN Lite; each is asked for where it belongs.
    ("cashfree", Operation::PanVerify, &["aadhaarseedingstatus", "aadhaarseedingstatusdesc", "status", "valid"]),
    // Whether the rupee came back; and the vendor compares no names, for it gets none.
    ("cashfree", Operation::BankCollect, &["reversalstatus", "namematchresult", "namematchscore"]),
    ("decentro", Operation::PanVerify, &["data.aadhaarseedingstatus", "kycresult.aadhaarseedingstatus"]),
    ("decentro", Operation::BankVerify, &["validationtype", "data.validationtype", "status"]),
    ("decentro", Operation::MobileAccount, &["data.branchdetails.branchverificationresponsekey"]),
    ("decentro", Operation::CkycSearch, &["data.kycresult.identitydetails.identity.status"]),
    ("decentro", Operation::CkycDownload, &["data.maritalstatus", "data.residentialstatus"]),
    ("decentro", Operation::CkycUpload, &["data.maritalstatus", "data.residentialstatus"]),
    // Until when the link could be paid.
    ("setu", Operation::BankCollect, &["validupto"]),
    ("iserveu", Operation::DmtCustomer, &["statusdesc"]),
    (
        "wibmo",
        Operation::PrepaidCustomer,
        &[
            "cardlist.cardstatus",
            "cardlist.statusdescription",
            "cardlist.subwalletlistdetails.accountnumbervalidity",
            "cardlist.subwalletlistdetails.accountstatus",
            "cardlist.transactionprofiles.status",
            "cardstatus",
            "statusdescription",
            "migrateduserflag",
            "panvalid",
        ],
    ),
];

fn goes_on(reading: &Reading) -> bool {
    matches!(reading, Reading::Final(finding) if finding.outcome == Outcome::Verified && finding.action == Action::Proceed)
}

fn name_of(path: &str) -> &str {
    path.rsplit('.').next().unwrap()
}

fn tells_standing(name: &str) -> bool {
    STANDING.iter().any(|part| name.contains(part))
}

fn read(answer: &Answer, tree: &Tree) -> Reading {
    answer.read(answer.status, tree.text().as_bytes())
}

fn is_of_something_else(answer: &Answer, path: &str) -> bool {
    let is_row = |(vendor, operation, _): &&(&str, Operation, &[&str])| *vendor == answer.vendor() && *operation == answer.operation();
    OF_SOMETHING_ELSE.iter().filter(is_row).any(|(.., paths)| paths.contains(&path))
}

/// The answer with a field more below an object that it has; `None` where it has no such object, or the field already.
fn with_field(tree: &Tree, path: &str, value: &str) -> Option<Tree> {
    let (above, name) = path.rsplit_once('.').unwrap_or(("", path));
    let paths = tree.paths();
    let leaf = (name.to_owned(), Tree::Leaf(value.into()));
    if paths.iter().any(|own| own == path) {
        return None;
    }
    if above.is_empty() {
        let Tree::Object(fields) = tree else { return None };
        return Some(Tree::Object(fields.iter().cloned().chain([leaf]).collect()));
    }
    let place = paths.iter().position(|own| own == above)?;
    Some(tree.edited(place, |fields, index| match &mut fields[index].1 {
        Tree::Object(inner) => inner.push(leaf),
        Tree::List(items) => {
            if let Some(Tree::Object(inner)) = items.first_mut() {
                inner.push(leaf);
            }
        }
        Tree::Leaf(_) => {}
    }))
}

/// The noes that a field can say: the status of an envelope is one of three words, and beside `api_status` a word of another vocabulary is none of them.
fn noes(answer: &Answer, path: &str) -> Vec<&'static str> {
    let may_say: &[&str] = match name_of(path) {
        _ if path == "status" => &["FAILED", "FAILURE", "PENDING"],
        "namematch" | "dobmatch" if answer.vendor() == "cashfree" => &["N"],
        // Its no is a yes, and a word that nobody knows.
        "deathflag" => &["Y", "YES", "true", "1", "DECEASED", "FAILED"],
        "namematch" | "dobmatch" => &["false"],
        _ => NOES,
    };
    may_say.to_vec()
}

fn standings(tree: &Tree) -> BTreeSet<String> {
    scalars(tree).map(|(_, path)| path).filter(|path| tells_standing(name_of(path))).collect()
}

#[test]
fn no_answer_goes_on_in_which_a_status_says_no() {
    let mut ignored = BTreeSet::new();
    for (answer, tree) in trees().into_iter().filter(|(answer, _)| goes_on(&answer.reading())) {
        for (n, path) in scalars(&tree).filter(|(_, path)| tells_standing(name_of(path)) && !is_of_something_else(answer, path)) {
            for no in noes(answer, &path) {
                let changed = tree.edited(n, |fields, index| fields[index].1 = Tree::Leaf(no.into()));
                if goes_on(&read(answer, &changed)) {
                    ignored.insert(format!("{} {} {:?} {path}", answer.vendor(), answer.operation().row().name, answer.call.kind));
                }
            }
        }
    }
    assert_eq!(ignored, BTreeSet::new());
}

#[test]
fn no_answer_goes_on_that_also_says_what_a_no_of_its_operation_says() {
    let mut ignored = BTreeSet::new();
    for (answer, tree) in trees().into_iter().filter(|(answer, _)| goes_on(&answer.reading())) {
        let others = trees().into_iter().filter(|(other, _)| is_at_one_place(other, answer) && other.call.kind == answer.call.kind);
        let paths: BTreeSet<_> = others.flat_map(|(_, tree)| standings(&tree)).filter(|path| !is_of_something_else(answer, path)).collect();
        for (path, no) in paths.iter().flat_map(|path| noes(answer, path).into_iter().map(move |no| (path, no))) {
            if with_field(&tree, path, no).is_some_and(|more| goes_on(&read(answer, &more))) {
                ignored.insert(format!("{} {} {:?} {path}", answer.vendor(), answer.operation().row().name, answer.call.kind));
            }
        }
    }
    assert_eq!(ignored, BTreeSet::new());
}

/// A number that no identifier can be told by: it has lost its digits, or its zeros in front.
const INEXACT: &[&str] = &["1.23456789e13", "98765432101234567890123"];

/// Fields of quantities, for which such a number is one.
const QUANTITIES: &[&str] = &["payoutamount", "namematchscore", "totalincome", "availablebalance", "age", "riskscore"];

#[test]
fn no_identifier_is_told_by_a_number_that_is_not_exact() {
    for (answer, tree) in trees().into_iter().filter(|(answer, _)| is_verified(&answer.reading())) {
        for (n, path) in scalars(&tree).filter(|(_, path)| !QUANTITIES.contains(&name_of(path)) && !tells_standing(name_of(path))) {
            for number in INEXACT {
                let value = Tree::parse(number.as_bytes()).unwrap();
                let Reading::Final(finding) = read(answer, &tree.edited(n, |fields, index| fields[index].1 = value)) else { continue };
                let told = format!("{} {} {:?}", finding.data, finding.record, finding.vendor);
                assert!(!told.contains("1234567890000") && !told.contains("987654321012"), "{} {path} {number}: {told}", answer.id);
            }
        }
    }
}

#[test]
fn no_control_character_of_an_answer_leaves() {
    for (answer, tree) in trees() {
        for (n, _) in scalars(&tree) {
            for text in ["RAHUL\u{0}SHARMA", "\u{1b}[31mA", "A\r\nB", "A\u{85}", "\u{0}"] {
                let changed = tree.edited(n, |fields, index| fields[index].1 = Tree::Leaf(text.into()));
                let Reading::Final(finding) = read(answer, &changed) else { continue };
                let texts =
                    [finding.data.to_string(), finding.record.to_string(), format!("{:?}", finding.vendor), finding.message.to_string()];
                let is_clean = |text: &String| !["\\u00", "\\r", "\\n", "\\u{", "\\0", "\u{85}"].iter().any(|sign| text.contains(sign));
                assert!(texts.iter().all(is_clean), "{}: {texts:?}", answer.id);
            }
        }
    }
}

/// How vendors name the request that an answer is about.
const REFERENCES: &[(&str, &[&str])] = &[
    ("decentro", &["reference_id", "referenceId", "request_reference_id", "original_reference_id", "originalReferenceId"]),
    ("cashfree", &["user_id", "verification_id"]),
    ("wibmo", &["clientTxnId"]),
];

#[test]
fn no_answer_is_a_yes_that_names_another_reference() {
    for (answer, tree) in trees().into_iter().filter(|(answer, _)| is_verified(&answer.reading())) {
        let names = REFERENCES.iter().filter(|(vendor, _)| *vendor == answer.vendor()).flat_map(|(_, names)| *names);
        // Verify-PAN-sync is sent no reference; other vendors' answers have to name ours.
        let is_sent = answer.vendor() != "cashfree" || answer.operation() == Operation::BankVerify || standings(&tree).contains("status");
        let is_own = answer.vendor() == "decentro";
        let has = |name: &str| tree.paths().contains(&letters(name));
        for name in names.filter(|name| is_sent && (is_own || has(name))) {
            let saying = |reference: &str| {
                let others = tree.paths().iter().position(|path| *path == letters(name));
                match others {
                    Some(place) => tree.edited(place, |fields, index| fields[index].1 = Tree::Leaf(reference.into())),
                    None => with_field(&tree, name, reference).unwrap(),
                }
            };
            assert!(!is_verified(&read(answer, &saying("ANOTHER_0001"))), "{} {name}", answer.id);
            assert!(
                !is_own || is_verified(&read(answer, &saying(&answer.call.wire_reference))),
                "{} {name}: our own is no other",
                answer.id
            );
        }
    }
}

#[test]
fn a_look_up_that_speaks_of_another_transaction_than_the_post_did_is_not_believed() {
    let mut pairs = 0;
    for answer in answers().iter().filter(|answer| answer.call.kind == CallKind::Status && answer.request.class() == Class::Money) {
        let reading = answer.reading();
        let Reading::Final(finding) = &reading else { continue };
        let own = finding.vendor.transaction_id.clone().unwrap_or_else(|| panic!("{}: no transaction", answer.id));
        let ended = |posted: Option<String>| {
            let vendor = VendorRef { transaction_id: posted, ..VendorRef::default() };
            [Reading::Working(vendor.clone()), Reading::unknown(vendor)].map(|said| {
                let end = run(&answer.request, |call| if call.kind == CallKind::Post { said.clone() } else { reading.clone() });
                let (status, key, _) = end.told();
                (status, key)
            })
        };
        assert!(ended(Some("ANOTHER".into())).iter().all(|end| *end == (202, "pending_review".to_owned())), "{}", answer.id);
        for said in [Some(own.to_lowercase()), None] {
            assert!(ended(said).iter().all(|(status, _)| *status == 200), "{}", answer.id);
        }
        pairs += 1;
    }
    assert!(pairs >= 10, "{pairs}");
}

/// How vendors name an account.
const ACCOUNTS: &[(&str, &str, &str)] = &[
    ("decentro", "accountNumber", "9999999999"),
    ("decentro", "beneficiaryAccountNumber", "XXXXXX9999"),
    ("decentro", "ifsc", "HDFC0000001"),
    ("decentro", "beneficiaryIfsc", "HDFC0000001"),
    ("cashfree", "bank_account", "9999999999"),
    ("cashfree", "account_number", "XXXXXX9999"),
    ("cashfree", "ifsc", "HDFC0000001"),
];

#[test]
fn no_answer_about_an_account_goes_on_that_names_another_account() {
    for (answer, tree) in
        trees().into_iter().filter(|(answer, _)| answer.operation() == Operation::BankVerify && is_verified(&answer.reading()))
    {
        let meaning = answer.request.meaning();
        let asked = |field: &str| meaning["beneficiary_details"][field].as_str().unwrap();
        let number = asked("account_number");
        let masked: String = number.chars().enumerate().map(|(place, digit)| if place + 4 < number.len() { 'X' } else { digit }).collect();
        for (_, name, other) in ACCOUNTS.iter().filter(|(vendor, ..)| *vendor == answer.vendor()) {
            let is_ifsc = letters(name).contains("ifsc");
            let same = if is_ifsc { vec![asked("ifsc")] } else { vec![number, &masked] };
            for path in [(*name).to_owned(), format!("data.{name}")] {
                let is_said = path.starts_with("data") || tree.paths().iter().all(|own| own != "data");
                if let Some(more) = with_field(&tree, &path, other).filter(|_| is_said) {
                    assert!(!is_verified(&read(answer, &more)), "{}: {}", answer.id, more.text());
                }
                for more in same.iter().filter_map(|same| with_field(&tree, &path, same)) {
                    assert_eq!(read(answer, &more), answer.reading(), "{}: {}", answer.id, more.text());
                }
            }
        }
    }
}
