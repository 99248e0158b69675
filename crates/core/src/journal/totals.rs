//! A day, added up: its entries by kind, operation, vendor account, outcome and key, with what they cost and the rupees that they tell of.
//!
//! A journal adds up what came since the last time and keeps the sum, so that a day of any size is read once. What is counted are entries: a check that waits for a person and
//! then ends has two, and one that ends twice, for its first answer did not stand, has two ends; its rupee and its cost count once.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Entry, EntryKind, day_text, paise};
use crate::account::Account;
use crate::keys::{self, Outcome};
use crate::operations::Operation;

/// Entries that are alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What became of the check.
    pub kind: EntryKind,
    /// The operation.
    pub operation: Operation,
    /// The vendor account of the attempt.
    pub account: Account,
    /// How it was answered.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// The key.
    pub key: String,
    /// [`Entry::moved`].
    #[serde(default)]
    pub moved: Option<u8>,
    /// Whether they have wire references, which reads have not.
    pub is_named: u8,
    /// How many there are.
    pub count: i64,
    /// What they cost together, in paise.
    pub cost: i64,
}

impl Group {
    /// The group of one entry.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        let Entry { kind, operation, account, outcome, key, moved, cost, wire_reference, .. } = entry.clone();
        let is_named = u8::from(wire_reference.is_some());
        Self { kind, operation, account, outcome, key, moved: moved.map(u8::from), is_named, count: 1, cost: cost.into() }
    }

    fn is_like(&self, other: &Self) -> bool {
        let of = |group: &Self| Self { count: 0, cost: 0, ..group.clone() };
        of(self) == of(other)
    }

    /// The rupees that they tell of, in paise.
    fn paise(&self) -> i64 {
        let one = paise(self.kind, self.operation, self.outcome, &self.key, self.moved.map(|moved| moved > 0));
        if self.is_named > 0 { one.saturating_mul(self.count) } else { 0 }
    }

    /// What they cost: an end says it, and what follows an end repeats it.
    const fn cost(&self) -> i64 {
        if matches!(self.kind, EntryKind::Finished) { self.cost } else { 0 }
    }

    const fn is_end(&self) -> bool {
        matches!(self.kind, EntryKind::Finished | EntryKind::Ended)
    }

    /// The KINs that they received: a record that was taken, or found with its number.
    fn kins(&self) -> i64 {
        if self.operation == Operation::CkycUpload && self.key == keys::SUCCESS_CKYC_UPLOAD { self.count } else { 0 }
    }
}

/// A day, as far as it is added up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// The number of the last entry that is in it.
    pub upto: u64,
    /// Whether no later one was there.
    pub is_whole: bool,
    /// What is alike, added up.
    pub groups: Vec<Group>,
}

impl Totals {
    /// Adds entries that follow.
    pub fn add(&mut self, groups: Vec<Group>, upto: u64) {
        for group in groups {
            match self.groups.iter_mut().find(|known| known.is_like(&group)) {
                Some(known) => {
                    known.count = known.count.saturating_add(group.count);
                    known.cost = known.cost.saturating_add(group.cost);
                }
                None => self.groups.push(group),
            }
        }
        self.upto = upto;
    }

    fn sum(&self, of: impl Fn(&Group) -> i64) -> i64 {
        self.groups.iter().map(of).fold(0, i64::saturating_add)
    }

    /// What the checks of one operation came to: how many ended, the rupees that moved, what they cost; in paise.
    #[must_use]
    pub fn of_operation(&self, operation: Operation) -> (i64, i64, i64) {
        let of = |value: fn(&Group) -> i64| self.sum(|group| if group.operation == operation { value(group) } else { 0 });
        (of(|group| if group.is_end() { group.count } else { 0 }), of(Group::paise), of(Group::cost))
    }

    /// How many KINs were received.
    #[must_use]
    pub fn kins(&self) -> i64 {
        self.sum(Group::kins)
    }

    /// The operations that it has, each once, by name.
    #[must_use]
    pub fn operations(&self) -> Vec<Operation> {
        let mut operations: Vec<_> = self.groups.iter().map(|group| group.operation).collect();
        operations.sort_by_key(|operation| operation.row().name);
        operations.dedup();
        operations
    }

    /// The body of `GET /v1/ops/totals`.
    #[must_use]
    pub fn to_json(&self, tenant: &str, day: i64) -> Value {
        let operation = |operation: Operation| {
            let (checks, paise, cost) = self.of_operation(operation);
            json!({ "operation": operation, "checks": checks, "paise": paise, "cost": cost })
        };
        let operations: Vec<_> = self.operations().into_iter().map(operation).collect();
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort_by(|one, other| (one.operation.row().name, &one.key).cmp(&(other.operation.row().name, &other.key)));
        let lines: Vec<_> = groups.into_iter().map(line).collect();
        json!({
            "tenant": tenant,
            "date": day_text(day),
            "complete": self.is_whole,
            "checks": self.sum(|group| if group.is_end() { group.count } else { 0 }),
            "paise": self.sum(Group::paise),
            "cost": self.sum(Group::cost),
            "kins": self.kins(),
            "waiting": self.sum(|group| if group.kind == EntryKind::Review { group.count } else { 0 }),
            "operations": operations,
            "lines": lines,
        })
    }
}

fn line(group: &Group) -> Value {
    json!({
        "kind": group.kind,
        "operation": group.operation,
        "vendor": group.account.vendor(),
        "account": group.account.name(),
        "outcome": group.outcome,
        "key": group.key,
        "count": group.count,
        "paise": group.paise(),
        "cost": group.cost(),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    fn entry(kind: &str, outcome: Option<&str>, key: &str, moved: Option<bool>) -> Entry {
        let entry = json!({
            "at": 1, "kind": kind, "check": "00112233445566778899aabbccddeeff", "version": 1, "operation": "bank.verify", "account": "decentro",
            "outcome": outcome, "key": key, "wire_reference": "00", "cost": 400, "began_at": 1, "moved": moved,
        });
        serde_json::from_value(entry).unwrap()
    }

    fn totals(entries: &[Entry]) -> Totals {
        let mut totals = Totals { is_whole: true, ..Totals::default() };
        for (number, entry) in (1..).zip(entries) {
            totals.add(vec![Group::of(entry)], number);
        }
        totals
    }

    #[test]
    fn a_day_is_added_up_by_what_is_alike() {
        let verified = entry("finished", Some("verified"), "success_bank_account", None);
        let another = entry("finished", Some("negative"), "failure_bank_account_no_match", None);
        let invalid = entry("finished", Some("negative"), "failure_bank_account_invalid", None);
        let sum = totals(&[verified.clone(), another, invalid, verified, entry("unsettled", None, "pending_unknown", None)])
            .to_json("dev", 20_788);
        assert_eq!(
            [&sum["checks"], &sum["paise"], &sum["cost"], &sum["date"]],
            [&json!(4), &json!(300), &json!(1600), &json!("2026-12-01")]
        );
        assert_eq!(sum["operations"], json!([{ "operation": "bank.verify", "checks": 4, "paise": 300, "cost": 1600 }]));
        assert_eq!(sum["lines"].as_array().unwrap().len(), 4);
    }

    #[test]
    fn a_read_of_a_money_operation_moves_nothing() {
        let penniless = Entry { wire_reference: None, ..entry("finished", Some("verified"), "success_bank_account", None) };
        assert_eq!(totals(std::slice::from_ref(&penniless)).to_json("dev", 1)["paise"], 0);
        assert_eq!(penniless.paise(), 0);
    }

    #[test]
    fn an_answer_that_did_not_stand_takes_its_rupee_back_and_costs_once() {
        let first = entry("finished", Some("verified"), "success_bank_account", None);
        let review = entry("review", None, "contradicted", Some(true));
        let decided = |outcome, key| Entry { cost: 0, ..entry("finished", Some(outcome), key, None) };
        let of = |end: Entry| {
            let sum = totals(&[first.clone(), review.clone(), end]).to_json("dev", 1);
            [sum["paise"].as_i64().unwrap(), sum["cost"].as_i64().unwrap(), sum["waiting"].as_i64().unwrap()]
        };
        assert_eq!(of(decided("failed", "failure_decided")), [0, 400, 1]);
        assert_eq!(of(decided("verified", "success_decided")), [100, 400, 1]);
    }
}
