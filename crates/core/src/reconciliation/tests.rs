//! What the two sides say, and what that comes to.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::json;

use super::*;

fn entry(kind: &str, outcome: Option<&str>, key: &str) -> Entry {
    let place = "00112233445566778899aabbccddeeff";
    let entry = json!({
        "at": 1_795_292_332_000_i64, "kind": kind, "check": place, "version": 1, "operation": "bank.verify", "account": "decentro",
        "outcome": outcome, "key": key, "wire_reference": format!("{place}{}01", "ab".repeat(16)), "cost": 400, "began_at": 1,
    });
    serde_json::from_value(entry).unwrap()
}

fn row(here: Here, there: There) -> Row {
    let row = Row::of(&entry("finished", Some("verified"), "success_bank_account")).unwrap();
    Row { here: Some(here), there: Some(there), ..row }
}

/// One that only a statement names.
fn stated(row: Row, paise: i64) -> Row {
    Row { operation: None, wire_reference: None, stated: Some(paise), ..row }
}

#[test]
fn an_entry_about_money_is_a_transfer_and_nothing_else_is() {
    let row = Row::of(&entry("finished", Some("verified"), "success_bank_account")).unwrap();
    assert_eq!((row.moved, row.check().as_deref()), (1, Some("chk_00112233445566778899aabbccddeeff")));
    let open = Row::of(&entry("unsettled", None, "pending_unknown")).unwrap();
    assert_eq!(open.moved, 0);
    let read = Entry { wire_reference: None, ..entry("finished", Some("verified"), "success_bank_account") };
    assert_eq!(Row::of(&read), None, "penniless");
    let upload = Entry { operation: Operation::CkycUpload, ..entry("finished", Some("verified"), "success_ckyc_upload") };
    assert_eq!(Row::of(&upload), None);
}

#[test]
fn what_both_say_is_matched_and_a_word_that_ended_what_was_open_is_told() {
    let judged = |here, there| row(here, there).judged();
    assert_eq!(judged(Here::Moved, There::Credited), (Status::Matched, Cause::Agreed));
    assert_eq!(judged(Here::NotMoved, There::NotCredited), (Status::Matched, Cause::Agreed));
    assert_eq!(judged(Here::NotMoved, There::NotFound), (Status::Matched, Cause::Agreed));
    let closed = Row { closed: 1, ..row(Here::Moved, There::Credited) };
    assert_eq!((closed.judged(), closed.paise()), ((Status::Matched, Cause::Closed), (100, 100)));
}

#[test]
fn each_difference_has_its_status_and_its_rupees() {
    for (row, status, cause, paise) in [
        (row(Here::Moved, There::NotCredited), Status::Mismatched, Cause::NotCreditedThere, (100, 0)),
        (row(Here::NotMoved, There::Credited), Status::Mismatched, Cause::CreditedThere, (0, 100)),
        (row(Here::Open, There::NotCredited), Status::Mismatched, Cause::InReview, (0, 0)),
        (row(Here::Open, There::Pending), Status::Mismatched, Cause::StillPending, (0, 0)),
        (row(Here::Moved, There::NotFound), Status::MissingThere, Cause::NotFoundThere, (100, 0)),
        (row(Here::Open, There::NotFound), Status::MissingThere, Cause::NotFoundThere, (0, 0)),
        (row(Here::Unknown, There::NotFound), Status::Mismatched, Cause::NotInRegister, (0, 0)),
        (row(Here::Moved, There::Unreachable), Status::Unchecked, Cause::Unreachable, (100, 0)),
        (stated(row(Here::Unknown, There::Stated), 100), Status::MissingHere, Cause::NotOurs, (0, 100)),
        (stated(row(Here::Moved, There::Credited), 100), Status::Matched, Cause::AnotherDay, (0, 0)),
        (Row { stated: Some(200), ..row(Here::Moved, There::Credited) }, Status::Mismatched, Cause::AmountDiffers, (100, 100)),
        (Row { stated: Some(100), ..row(Here::NotMoved, There::NotCredited) }, Status::Mismatched, Cause::StatedThere, (0, 0)),
        (Row { stated: Some(100), ..row(Here::Moved, There::NotFound) }, Status::Matched, Cause::Stated, (100, 100)),
        (Row { stated: Some(0), ..row(Here::Moved, There::Credited) }, Status::Mismatched, Cause::AmountDiffers, (100, 100)),
        (Row { stated: Some(50_000), ..row(Here::Moved, There::NotFound) }, Status::Mismatched, Cause::AmountDiffers, (100, 0)),
        (Row { stated: Some(100), closed: 1, ..row(Here::NotMoved, There::NotCredited) }, Status::Mismatched, Cause::StatedThere, (0, 0)),
        (stated(row(Here::Moved, There::Credited), 0), Status::Mismatched, Cause::AmountDiffers, (0, 0)),
    ] {
        assert_eq!((row.judged(), row.paise()), ((status, cause), paise));
    }
}

#[test]
fn every_cause_has_a_name_and_every_difference_a_next_action() {
    for (cause, name, next) in CAUSES {
        assert!(!name.is_empty() && (next.is_empty() == (*cause == Cause::Agreed)), "{name}");
        assert_eq!(serde_json::to_value(cause).unwrap(), json!(name));
    }
}

#[test]
fn a_vendor_that_does_not_answer_is_asked_a_few_times_and_no_sooner_than_it_takes_calls() {
    let row = row(Here::Moved, There::Unreachable);
    assert_eq!(row.again(None, 0), Some(SECOND));
    assert_eq!(Row { tries: 3, ..row.clone() }.again(None, 0), Some(8 * SECOND));
    assert_eq!(row.again(Some(30 * SECOND), 0), Some(30 * SECOND));
    assert_eq!(Row { tries: 4, ..row }.again(Some(1), 0), None);
    let not_found = self::row(Here::Moved, There::NotFound);
    assert_eq!([not_found.again(None, 0), Row { tries: 1, ..not_found }.again(None, 0)], [Some(SECOND), None]);
    assert_eq!(self::row(Here::Moved, There::Credited).again(None, 0), None);
}

#[test]
fn a_report_adds_up_and_its_csv_runs_no_formula() {
    let sum =
        |status, count, here, there| Sum { operation: Some(Operation::BankVerify), status, count, paise_here: here, paise_there: there };
    let rows = vec![Row { reference_id: Some("=1+1".into()), ..row(Here::Moved, There::NotFound) }];
    let sums = vec![sum(Some(Status::Matched), 2, 200, 200), sum(Some(Status::MissingThere), 1, 100, 0), sum(None, 1, 0, 0)];
    let report = Report { sums, rows, ..Report::default() };
    let response = report.to_json("dev", 20_788, None, 1_795_292_392_000);
    let totals = &response["totals"];
    assert_eq!(
        [&totals["checks"], &totals["matched"], &totals["unchecked"], &totals["paise_here"]],
        [&json!(4), &json!(2), &json!(1), &json!(300)]
    );
    assert_eq!(
        (&response["state"], &response["date"], &response["lines"][0]["age_s"]),
        (&json!("running"), &json!("2026-12-01"), &json!(60))
    );
    let csv = report.to_csv(1_795_292_392_000);
    let mut lines = csv.split("\r\n");
    assert!(lines.next().unwrap().starts_with("\"status\",\"operation\""));
    assert!(lines.next().unwrap().contains(",\"'=1+1\","), "{csv}");
}
