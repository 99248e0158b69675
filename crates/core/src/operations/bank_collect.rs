//! `bank.collect`: the bank account from which a customer pays one rupee by UPI, the reverse penny drop (document 003 section 3.5).
//!
//! The vendor makes a payment link, the customer pays, the vendor tells which account paid. Only the customer's name is asked for: it is compared with the bank's here, by the
//! decision of `bank.verify`. A payment from a prepaid wallet verifies no bank account. Nobody paid in time, or the payment failed: the customer pays again, or the account
//! is verified by a penny drop.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::bank_notes::{IFSC_NOT_LISTED, PAY_FROM_BANK_ACCOUNT, USE_PENNY_DROP};
use super::bank_verify::{self, Account, BankReport, Basis};
use super::fields::Fields;
use super::{Clue, Finding, VendorRef};
use crate::consent::CONSENT_RECORD;
use crate::ids::{AccountNumber, Ifsc, Kind, PersonName, Vpa};
use crate::json::Record;
use crate::keys::{Action, Outcome, Row};
use crate::pieces;
use crate::time::{Millis, rfc3339};

pub(super) const FIELDS: &[&str] = &["reference_id", "name", CONSENT_RECORD];

/// What the customer pays, in paise.
const AMOUNT: u32 = 100;
/// The same as a payment link writes it, in rupees.
const RUPEE: &[&str] = &["1", "1.0", "1.00"];
/// What every payment link begins with (NPCI's specification of links).
const LINK: &str = "upi://pay?";
/// The longest link, in characters.
const LONGEST_LINK: usize = 1_000;

/// A request of this operation.
pub struct BankCollect {
    /// The customer's name.
    pub name: PersonName,
}

/// Reads the fields.
pub(super) fn read(fields: &mut Fields<'_>) {
    fields.reference_id();
    fields.identifier("name", Kind::PersonName);
}

impl BankCollect {
    pub(super) fn of(meaning: &Record) -> Option<Self> {
        Some(Self { name: PersonName::parse(meaning.text("name")?).ok()? })
    }
}

// --- the link ---

/// What the customer is asked to pay, and to whom. It tells nothing of the customer: the payee is the vendor's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    vpa: String,
    upi_uri: String,
}

impl Payment {
    /// The payment of a UPI link. `None` for what is no such link, names no payee, or asks for anything but one rupee: nobody may be shown it.
    #[must_use]
    pub fn of_link(link: &str) -> Option<Self> {
        let asked = Some(link).filter(|link| link.len() <= LONGEST_LINK && pieces::all(link, u8::is_ascii_graphic))?.strip_prefix(LINK)?;
        let is_one = |name: &str, known: &[&str]| parameters(asked, name).all(|value| known.contains(&value));
        let mut payees = parameters(asked, "pa");
        let payee = payees.next().filter(|_| payees.next().is_none())?.replace("%40", "@");
        let is_asked = parameters(asked, "am").count() == 1;
        let is_rupee = is_asked && is_one("am", RUPEE) && is_one("mam", RUPEE) && is_one("cu", &["INR"]);
        let vpa = Vpa::parse(&payee).ok().filter(|_| is_rupee)?.expose().to_owned();
        Some(Self { vpa, upi_uri: link.to_owned() })
    }

    /// `data` of an answer while the customer may pay: amounts in paise.
    #[must_use]
    pub fn to_data(&self, expires_at: Millis) -> Value {
        let Self { vpa, upi_uri } = self;
        json!({ "payment": { "vpa": vpa, "upi_uri": upi_uri, "amount": AMOUNT, "expires_at": rfc3339(expires_at) } })
    }
}

/// The values of a link's parameter.
fn parameters<'a>(query: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    query.split('&').filter_map(move |pair| pair.split_once('=').filter(|(known, _)| *known == name).map(|(_, value)| value))
}

/// A payment link that a vendor made.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The vendor; its own id of the link is the transaction.
    pub vendor: VendorRef,
    /// What a look-up needs beside our reference.
    pub clue: Option<Clue>,
    /// What the customer is shown.
    pub payment: Payment,
    /// Until when it can be paid, where the vendor says so.
    pub expires_at: Option<Millis>,
    /// For how long at most, as the vendor documents it.
    pub valid_for: Millis,
}

// --- the answer ---

/// What a payment came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaidFrom {
    /// A bank account.
    BankAccount,
    /// An account at a branch that the vendor does not know.
    Unlisted,
    /// A prepaid wallet.
    Wallet,
}

/// What a vendor reports of a payment that arrived.
pub struct CollectReport {
    /// What it came from.
    pub from: PaidFrom,
    /// The fields of [`RESPONSE_FIELDS`], as far as the vendor gave them.
    pub fields: Map<String, Value>,
}

/// What a vendor tells of the account that paid.
pub static RESPONSE_FIELDS: &[&str] = &["beneficiary_name", "account_number", "ifsc", "utr", "upi_vpa", "account_type"];

/// How the account was verified, beside document 003's own words for it.
pub(super) const WAY: &str = "Reverse Penny Drop";

impl CollectReport {
    fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }

    /// Whether it names an account: without one nothing is verified.
    #[must_use]
    pub fn names_an_account(&self) -> bool {
        self.text("account_number").is_some_and(|number| AccountNumber::parse(number).is_ok())
    }
}

/// The answer to a payment that arrived.
#[must_use]
pub fn paid(request: &BankCollect, report: CollectReport, vendor: VendorRef) -> Finding {
    let ifsc = report.text("ifsc").and_then(|code| Ifsc::parse(code).ok());
    let from = if ifsc.is_none() && report.from == PaidFrom::BankAccount { PaidFrom::Unlisted } else { report.from };
    let known = |name: &str, word: &str| (name.to_owned(), Value::from(word));
    let mut fields = Map::from_iter([known("transaction_status", "Success"), known("payment_mode", "UPI")]);
    fields.extend(report.fields);
    let account = if from == PaidFrom::Wallet { Account::Unclear } else { Account::Valid };
    let basis = Basis { name: &request.name, ifsc: ifsc.as_ref(), way: Some(WAY), compares_names: true };
    let finding = bank_verify::decide_by(&basis, BankReport { account, fields }, vendor);
    match from {
        PaidFrom::BankAccount => finding,
        PaidFrom::Wallet => finding.with(PAY_FROM_BANK_ACCOUNT),
        PaidFrom::Unlisted if finding.outcome == Outcome::Verified => Finding { action: Action::Review, ..finding.with(IFSC_NOT_LISTED) },
        PaidFrom::Unlisted => finding.with(IFSC_NOT_LISTED),
    }
}

/// The answer when nothing was paid, by the vendor's row: `None` for one that does not say so.
#[must_use]
pub fn unpaid(row: &'static Row, vendor: VendorRef) -> Option<Finding> {
    let finding = Finding::of_row(row, vendor).filter(|finding| finding.outcome == Outcome::Negative)?;
    Some(finding.with(USE_PENNY_DROP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_shown_where_it_asks_one_rupee_of_one_payee() {
        let payee = |link: &str| Payment::of_link(link).map(|payment| payment.vpa);
        for link in [
            "upi://pay?pa=success@upi&pn=Cashfree&tn=BAV&am=1.00&cu=INR&tr=3905",
            "upi://pay?pa=success@upi&am=1",
            "upi://pay?am=1.0&pa=success%40upi&mam=1.00",
        ] {
            assert_eq!(payee(link).as_deref(), Some("success@upi"), "{link}");
        }
        for link in [
            "",
            "upi://pay?",
            "upi://pay?pa=success@upi",
            "upi://pay?pa=success@upi&am=10.00",
            "upi://pay?pa=success@upi&am=1.00&am=10.00",
            "upi://pay?pa=success@upi&am=1.00&mam=0.01",
            "upi://pay?pa=success@upi&am=1.00&cu=USD",
            "upi://pay?pa=success@upi&pa=other@upi&am=1.00",
            "upi://pay?pa=nobody&am=1.00",
            "upi://mandate?pa=success@upi&am=1.00",
            "https://example.com/?pa=success@upi&am=1.00",
            "upi://pay?pa=success@upi&am=1.00&pn=A B",
        ] {
            assert_eq!(payee(link), None, "{link}");
        }
    }
}
